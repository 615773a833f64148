"""Tables that plain text keeps in lines: lists of settings, and a model's row under a line of labels.

``Training tokens 15.0T`` between lines of the same kind is a setting; under ``Model Type #Chips Tokens`` a line of as
many words, ``27B TPUv5p 6144 14T``, is a model's row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, pairwise

from flopcrawl.extraction.columns import VALUE, ColumnValue, first_digit
from flopcrawl.extraction.labels import label_measure
from flopcrawl.extraction.subjects import Owner, Subjects, member_of

SETTING = re.compile(r" ?(?P<label>[A-Za-z#][^\d\n.,;:]{2,40}?) (?P<value>\S{1,16}|" + VALUE.pattern + ")")
NAME_AND_VALUES = re.compile(
    r" ?(?P<name>[A-Za-z][\w.+-]*(?: (?!\d[\d.,]*(?: |$))[\w.+-]+){0,3}|\d+(?:\.\d+)?[BM]) "
    r"(?P<values>(?:[A-Z]\w+ )?\d\S*(?: \S+){0,10})"
)
LABEL_WORD = re.compile(r"token|param|hours|days|chips|gpus|tpus|flop|epoch|mfu|compute", re.IGNORECASE)
LEAST_SETTINGS, LEAST_ROWS = 3, 2
"""Lines in a row that make a list of settings, and rows that make a table: a line of prose can look like one."""
LONGEST, MOST_CELLS, MOST_WORDS_OF_A_NAME, MOST_TABLES = 100, 12, 3, 500

Line = tuple[int, str]
"""A line and its place in the text."""


def aligned(text: str, subjects: Subjects) -> dict[int, ColumnValue]:
    """What such tables say, by the place of each number."""
    found: dict[int, ColumnValue] = {}
    tables = 0
    for block in _blocks(text):
        for start, match in _settings(block):
            label, value = match["label"], match["value"]
            what = label_measure(label)
            if what is not None and VALUE.fullmatch(value):
                place = start + match.start("value")
                found[place + first_digit(value)] = ColumnValue(place, what, label, None)
        for index, (_, line) in enumerate(block[:-LEAST_ROWS]):
            if tables < MOST_TABLES and len(line.split()) <= MOST_CELLS and LABEL_WORD.search(line):
                tables += 1
                found.update(_rows(block[index + 1 :], line.split(), subjects))
    return found


def _blocks(text: str) -> Iterator[list[Line]]:
    """The short lines of a text, in runs without a blank or a long line between them."""
    at = 0
    block: list[Line] = []
    for line in text.split("\n"):
        if line and len(line) <= LONGEST:
            block.append((at, line))
        elif block:
            yield block
            block = []
        at += len(line) + 1
    if block:
        yield block


def _settings(block: list[Line]) -> list[tuple[int, re.Match[str]]]:
    """The lines of a block that stand among others of a label and a value, each with its place, taken apart."""
    run: list[tuple[int, re.Match[str]]] = []
    found: list[tuple[int, re.Match[str]]] = []
    for start, line in [*block, (0, "")]:
        if match := SETTING.fullmatch(line):
            run.append((start, match))
            continue
        if len(run) >= LEAST_SETTINGS:
            found += run
        run = []
    return found


def _rows(lines: list[Line], head: list[str], subjects: Subjects) -> Iterator[tuple[int, ColumnValue]]:
    """The values of the rows under a line of labels: lines that begin with a name and have equally many values."""
    rows: list[tuple[int, Owner, list[str]]] = []
    for start, line in lines:
        match = NAME_AND_VALUES.fullmatch(line)
        owner = member_of(subjects, match["name"]) if match else None
        if match is None or owner is None or owner.name is None:
            break
        values = match["values"].split(" ")
        if rows and len(values) != len(rows[0][2]):
            break
        rows.append((start + match.start("values"), owner, values))
    if len(rows) < LEAST_ROWS:
        return
    labels = labels_of(tuple(head), len(rows[0][2]))
    for at, owner, values in rows:
        place = at
        for value, label in zip(values, labels, strict=True):
            what = label_measure(label) if label else None
            if what is not None and VALUE.fullmatch(value):
                yield place + first_digit(value), ColumnValue(place, what, label, owner)
            place += len(value) + 1


@lru_cache(maxsize=256)
def labels_of(head: tuple[str, ...], columns: int) -> tuple[str, ...]:
    """The words of a table's head dealt out to its columns, those of names left out; "" where a label counts nothing.

    The way with the most labels that count something, and with the most words in these; none at all where there are
    two such ways.
    """
    nothing = ("",) * columns
    best: dict[tuple[str, ...], tuple[int, int]] = {nothing: (0, 0)}
    for names in range(min(MOST_WORDS_OF_A_NAME, len(head) - columns) + 1):
        words = head[names:]
        for cuts in combinations(range(1, len(words)), columns - 1):
            cells = [words[low:high] for low, high in pairwise((0, *cuts, len(words)))]
            known = tuple(" ".join(cell) if counts(cell) else "" for cell in cells)
            best[known] = (sum(map(bool, known)), sum(len(label.split()) for label in known))
    most = max(best.values())
    ways = [known for known, score in best.items() if score == most]
    return ways[0] if len(ways) == 1 else nothing


def counts(words: tuple[str, ...]) -> bool:
    """Whether a label counts something, and needs all its words for it (``GPU hours``, not ``Layers tokens``)."""
    what = label_measure(" ".join(words))
    shorter = [part for part in (words[1:], words[:-1]) if part]
    return what is not None and all(label_measure(" ".join(part)) is not what for part in shorter)
