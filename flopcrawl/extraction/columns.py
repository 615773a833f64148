"""Tables that a PDF's text layer wrote column by column: a label, then the column's values, one on a line.

``# of Params`` / ``1.8B`` / ``7B`` / ``14B`` and, further down, ``Training tokens`` / ``2.2T`` / ``2.4T`` / ``3.0T``.
A column is a run of lines that are nothing but a value; its label is the line above, or, where several labels stand
above several columns, the one of the same rank. Columns of equal length belong to one table: one names the
models.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from flopcrawl.extraction.labels import label_measure
from flopcrawl.extraction.subjects import Owner, Subjects, member_of
from flopcrawl.extraction.units import Measure

VALUE = re.compile(
    r"[~≈<>]?\s?\d[\d,]*(?:\.\d+)?(?:\s?[×x]\s?10\s?\^?\s?\d{1,2}|e\+?\d{1,2})?\s?(?:[KMBTkm]|billion|million|"
    r"trillion|%)?(?:\s?(?:tokens|parameters|params|days|hours))?\+?"
)
NAME_LINE = re.compile(r"[A-Za-z][\w.+/ ()-]{0,40}\d?[\w.+/ ()-]*|\d+(?:\.\d+)?\s?[BM]")
NOBODY = Owner(None, False, "the column names no model, or one of two variants")
OURS = re.compile(r"ours?\b(?:-(?P<variant>[\w-]{1,20}))?[^(]*\((?P<name>[^()]+)\)", re.IGNORECASE)
"""``Ours-A (X-L)``: the model is in brackets."""
DIGIT = re.compile(r"\d")
SIZE_LINE = re.compile(r"\d+(?:\.\d+)?\s?[BM]")
REACH = 10
"""How many blocks away a column of the same table may stand."""
LABEL_LINES, LABEL_LENGTH = 3, 40
"""How many lines a narrow column's label may be broken into, and characters that it is shorter than."""
MEASURES = (Measure.PARAMETERS, Measure.ACTIVE, Measure.TOKENS, Measure.FLOP, Measure.CHIP_HOURS, Measure.CHIPS)


@dataclass(slots=True)
class Block:
    """Lines without a blank line between them: their places in the text, and whether all are values."""

    lines: list[tuple[int, int, str]]
    label: str = ""
    values: bool = False
    owners: list[Owner | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """What a column says of the number that begins at ``start``: its measure, the label, and whose it is."""

    start: int
    measure: Measure
    label: str
    owner: Owner | None


def blocks_of(text: str) -> list[Block]:
    """The blocks of a text. A label at the head of a run of values becomes the block's label."""
    result: list[Block] = []
    at = 0
    lines: list[tuple[int, int, str]] = []
    for raw in [*text.split("\n"), ""]:
        line = raw.strip()
        if line and len(lines) < 40:
            start = at + raw.find(line)
            lines.append((start, start + len(line), line))
        elif lines:
            result += _split(lines)
            lines = []
        at += len(raw) + 1
    return result


def _split(lines: list[tuple[int, int, str]]) -> list[Block]:
    """A run of lines as blocks: each label with the values that follow it, and what is neither by itself."""
    result: list[Block] = []
    words: list[tuple[int, int, str]] = []
    at = 0
    while at < len(lines):
        stop = at
        while stop < len(lines) and VALUE.fullmatch(lines[stop][2]):
            stop += 1
        if stop - at >= 2:
            label = " ".join(line[2] for line in words[-2:])
            if len(words) > 2 or len(label) >= 60:
                label = words[-1][2] if words and len(words[-1][2]) < 60 else ""
            if words and not label:
                result.append(Block(words))
            result.append(Block(lines[at:stop], label=label, values=True))
            words = []
            at = stop
        else:
            words.append(lines[at])
            at += 1
    if words:
        result.append(Block(words))
    return result


def first_digit(cell: str) -> int:
    """Where the number of a cell begins: ``~15T`` at 1."""
    digit = DIGIT.search(cell)
    return digit.start() if digit else 0


def columns(text: str, subjects: Subjects) -> dict[int, ColumnValue]:
    """What columns say, by the place of each number. Empty where no column has a label that counts something."""
    blocks = blocks_of(text)
    labelled = [
        index
        for index, block in enumerate(blocks)
        if block.values and (block.label or _label_above(blocks, index) or _label_of_rank(blocks, index))
    ]
    found: dict[int, ColumnValue] = {}
    for index in labelled:
        block = blocks[index]
        label = block.label or _label_of_rank(blocks, index) or _label_above(blocks, index)
        what = label_measure(label)
        if what not in MEASURES:
            continue
        owners = _owners(blocks, index, what, subjects)
        if owners is None:
            continue
        for (start, _, line), owner in zip(block.lines, owners, strict=True):
            found[start + first_digit(line)] = ColumnValue(start, what, label, owner)
    return rows(text, subjects) | by_rows(blocks, subjects) | by_cells(blocks, subjects) | found


def by_rows(blocks: list[Block], subjects: Subjects) -> dict[int, ColumnValue]:
    """Tables written row by row: a block of labels, then for each model a block of its name and its values."""
    found: dict[int, ColumnValue] = {}
    heads: dict[int, list[str]] = {}
    for block in blocks:
        if not block.values:
            labels = [line[2] for line in block.lines]
            if 3 <= len(labels) <= 8 and all(len(label) < 30 for label in labels) and any(map(label_measure, labels)):
                heads = {len(labels): labels}
            continue
        labels = heads.get(len(block.lines) + 1, [])
        owner = member_of(subjects, block.label) if labels and block.label else None
        for (start, _, line), label in zip(block.lines if owner else [], labels[1:], strict=bool(owner)):
            what = label_measure(label)
            if what in MEASURES:
                found[start + first_digit(line)] = ColumnValue(start, what, label, owner)
    return found


def by_cells(blocks: list[Block], subjects: Subjects) -> dict[int, ColumnValue]:
    """A row whose cells are blocks of their own, under as many blocks that each name a model."""
    found: dict[int, ColumnValue] = {}
    for index, block in enumerate(blocks):
        label = block.lines[0][2]
        what = (
            label_measure(label) if len(block.lines) == 1 and len(label) < 40 and DIGIT.match(label) is None else None
        )
        if what not in MEASURES:
            continue
        stop = index + 1
        while stop < len(blocks) and len(blocks[stop].lines) == 1 and VALUE.fullmatch(blocks[stop].lines[0][2]):
            stop += 1
        cells = [cell.lines[0] for cell in blocks[index + 1 : stop]]
        owners = _heads(blocks, index, len(cells), subjects) if len(cells) > 1 else []
        for (start, _, line), owner in zip(cells if owners else [], owners, strict=True):
            found[start + first_digit(line)] = ColumnValue(start, what, label, owner)
    return found


def _heads(blocks: list[Block], index: int, count: int, subjects: Subjects) -> list[Owner]:
    """The models that ``count`` blocks in a row above ``index`` name, where most of them do; the fullest such row."""
    best: list[Owner] = []
    most = count / 2
    for first in range(index - count, max(-1, index - REACH * 4), -1):
        row = blocks[first : first + count]
        heads = [" ".join(line[2] for line in block.lines[-2:]) for block in row]
        if any(len(head) > 48 for head in heads) or any(len(block.lines) > LABEL_LINES for block in row[1:]):
            continue
        named = [match["name"] if (match := OURS.match(head)) else head for head in heads]
        owners = [member_of(subjects, name) for name in named]
        times = Counter(owner.name for owner in owners if owner)
        if times.total() > most:
            most = times.total()
            best = [
                owner if owner and times[owner.name] == 1 else variant(owner, head)
                for owner, head in zip(owners, heads, strict=True)
            ]
    return best


def variant(owner: Owner | None, head: str) -> Owner:
    """Whose a column is whose model heads another one too: ``Ours-Web (X-L)`` is ``X-L (Web)``'s, others nobody's."""
    match = OURS.match(head)
    if owner is None or match is None or not match["variant"]:
        return NOBODY
    return replace(owner, name=f"{owner.name} ({match['variant']})")


ROW = re.compile(
    r"(?P<label>[A-Za-z#][^\d\n]{2,40}?)\s+(?P<values>" + VALUE.pattern + r"(?:\s+" + VALUE.pattern + r"){1,7})"
)


def rows(text: str, subjects: Subjects) -> dict[int, ColumnValue]:
    """What rows on one line say: ``Training tokens 1.1T 3.3T 6.6T``, under a line that names as many models."""
    found: dict[int, ColumnValue] = {}
    heads: dict[int, tuple[int, list[Owner]]] = {}
    at = 0
    for number, line in enumerate(text.split("\n")):
        if 6 < len(line) < 160 and DIGIT.search(line):
            match = ROW.fullmatch(line.strip())
            what = label_measure(match["label"]) if match else None
            if match and what in MEASURES:
                shift = at + line.find(match["values"])
                values = [m.start() + shift for m in re.finditer(r"\S*\d\S*(?: (?=[KMBT]\b)\S)?", match["values"])]
                head = heads.get(len(values))
                if head and number - head[0] <= REACH * 2:
                    for start, owner in zip(values, head[1], strict=True):
                        found[start] = ColumnValue(start, what, match["label"], owner)
            elif len(SIZE_LINE.findall(line)) > 1 and (owners := _named(line, subjects)):
                heads[len(owners)] = (number, owners)
        at += len(line) + 1
    return found


def _named(line: str, subjects: Subjects) -> list[Owner]:
    """The models that a table's head names on one line, by name or by the sizes of the page's own."""
    names = [mention.name for mention in subjects.mentions(line)]
    if len(names) < 2:
        names = SIZE_LINE.findall(line)
        if len(names) < 2 or len("".join(names)) < 0.3 * len(line.replace(" ", "")) or not _known(names, subjects):
            return []
    owners = [member_of(subjects, name) for name in names]
    named = [owner for owner in owners if owner is not None]
    return named if len(named) == len(names) and len({owner.name for owner in named}) == len(names) else []


def _label_above(blocks: list[Block], index: int) -> str:
    """The label of a run of values: with several labels above several runs, the one of the same rank from the end."""
    first = index
    while first > max(0, index - REACH) and blocks[first - 1].values and not blocks[first - 1].label:
        first -= 1
    last = index
    while last + 1 < min(len(blocks), index + REACH) and blocks[last + 1].values and not blocks[last + 1].label:
        last += 1
    labels: list[str] = []
    at = first - 1
    while at >= 0 and not blocks[at].values and len(labels) < last - first + 1:
        words = " ".join(line[2] for line in blocks[at].lines)
        if len(words) > 60:
            break
        labels.insert(0, words)
        at -= 1
    if not labels:
        return ""
    rank = index - first + len(labels) - (last - first + 1)
    if len(labels) < last - first + 1:
        rank = index - first
    return labels[rank] if 0 <= rank < len(labels) else ""


def _label_of_rank(blocks: list[Block], index: int) -> str:
    """The label of the same rank, where labels, each a block of its own, stand above as many columns of equal length.

    A column of words (``TPUv4``) counts as a column too.
    """
    length = len(blocks[index].lines)
    first = index
    while first > max(0, index - REACH) and len(blocks[first - 1].lines) == length:
        first -= 1
    last = index
    while last + 1 < min(len(blocks), index + REACH) and len(blocks[last + 1].lines) == length:
        last += 1
    count = last - first + 1
    heads = [block for block in blocks[max(0, first - count) : first] if not block.values]
    if length < 2 or len(heads) != count:
        return ""
    labels = [" ".join(line[2] for line in block.lines[-LABEL_LINES:]) for block in heads]
    if len(labels[0]) >= LABEL_LENGTH:
        labels[0] = heads[0].lines[-1][2]  # the table's caption stands above it
    short = all(len(block.lines) <= LABEL_LINES for block in heads[1:]) and max(map(len, labels)) < LABEL_LENGTH
    return labels[index - first] if short else ""


def _owners(blocks: list[Block], index: int, what: Measure, subjects: Subjects) -> list[Owner | None] | None:
    """The owners of a column's values: from a column of names or of sizes of the same length nearby, or its own."""
    length = len(blocks[index].lines)
    nearby = sorted(range(max(0, index - REACH), min(len(blocks), index + REACH)), key=lambda at: abs(at - index))
    for at in nearby:
        block = blocks[at]
        names = [line[2] for line in block.lines]
        if at == index and what not in (Measure.PARAMETERS,):
            continue
        if len(names) != length:
            names = names[-length:] if not block.values and len(names) > length else []
        if not names or not all(NAME_LINE.fullmatch(name) for name in names):
            continue
        owners = [member_of(subjects, name) for name in names]
        distinct = None not in owners and len({owner.name for owner in owners if owner}) == length
        if distinct and (not all(SIZE_LINE.fullmatch(name) for name in names) or _known(names, subjects)):
            return owners
    return None


def _known(sizes: list[str], subjects: Subjects) -> bool:
    """Whether sizes that stand alone are the page's own: its text gives two of them to its models."""
    values = [
        float(re.sub(r"[^\d.]", "", size)) * (1e9 if size.strip().upper().endswith("B") else 1e6) for size in sizes
    ]
    own = subjects.own_sizes | {float(s[:-1]) * 1e9 for s in subjects.sizes if re.fullmatch(r"\d+(?:\.\d+)?b", s)}
    known = sum(any(abs(value - other) <= 0.1 * other for other in own) for value in values)
    return known >= min(2, len(values))
