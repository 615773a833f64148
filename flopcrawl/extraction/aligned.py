"""Tables that plain text keeps in lines: lists of settings, and a model's row under a line of labels.

``Training tokens 15.0T`` between lines of the same kind is a setting; under ``Model Type #Chips Tokens`` a line of as
many words, ``27B TPUv5p 6144 14T``, is a model's row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flopcrawl.extraction.columns import VALUE, ColumnValue
from flopcrawl.extraction.labels import label_measure
from flopcrawl.extraction.subjects import Owner, Subjects, member_of

SETTING = re.compile(r"(?P<label>[A-Za-z#][^\d\n.,;:]{2,40}?) (?P<value>\S{1,16}|" + VALUE.pattern + ")")
DIGIT = re.compile(r"\d")
LEAST_SETTINGS, LEAST_ROWS = 3, 2
"""Lines in a row that make a list of settings, and rows that make a table: a line of prose can look like one."""
LONGEST, MOST_CELLS, MOST_WORDS_OF_A_NAME = 100, 12, 3

Line = tuple[int, str]
"""A line and its place in the text."""


def aligned(text: str, subjects: Subjects) -> dict[int, ColumnValue]:
    """What such tables say, by the place of each number."""
    found: dict[int, ColumnValue] = {}
    for block in _blocks(text):
        for start, line in _settings(block):
            match = SETTING.fullmatch(line)
            what = label_measure(match["label"]) if match else None
            if match and what is not None and VALUE.fullmatch(match["value"]):
                found.update([_value(start + match.start("value"), match["value"], match["label"], None)])
        for index, (_, line) in enumerate(block):
            heads = line.split(" ")
            if 3 <= len(heads) <= MOST_CELLS and sum(label_measure(head) is not None for head in heads) >= 2:
                found.update(_rows(block[index + 1 :], heads, subjects))
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


def _settings(block: list[Line]) -> list[Line]:
    """The lines of a block that stand among others of a label and a value."""
    run: list[Line] = []
    found: list[Line] = []
    for start, line in [*block, (0, "")]:
        if line and SETTING.fullmatch(line):
            run.append((start, line))
            continue
        if len(run) >= LEAST_SETTINGS:
            found += run
        run = []
    return found


def _rows(lines: list[Line], heads: list[str], subjects: Subjects) -> Iterator[tuple[int, ColumnValue]]:
    """The values of the rows under a line of labels."""
    rows: list[tuple[Line, Owner, list[str]]] = []
    for start, line in lines:
        cells = line.split(" ")
        extra = len(cells) - len(heads)  # words of the name in the first cell
        if not 0 <= extra < MOST_WORDS_OF_A_NAME:
            break
        owner = member_of(subjects, " ".join(cells[: extra + 1]))
        if owner is None or owner.name is None:
            break
        rows.append(((start, line), owner, cells[extra + 1 :]))
    for (start, line), owner, cells in rows if len(rows) >= LEAST_ROWS else ():
        at = start + len(line) - len(" ".join(cells))
        for cell, label in zip(cells, heads[1:], strict=True):
            if label_measure(label) is not None and VALUE.fullmatch(cell):
                yield _value(at, cell, label, owner)
            at += len(cell) + 1


def _value(at: int, written: str, label: str, owner: Owner | None) -> tuple[int, ColumnValue]:
    what, digit = label_measure(label), DIGIT.search(written)
    assert what is not None
    assert digit is not None
    return at + digit.start(), ColumnValue(at, what, label, owner)
