"""Every number of a page with what it counts: by its unit, its label, its table, its column, or the series it is in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flopcrawl.extraction.aligned import aligned
from flopcrawl.extraction.columns import ColumnValue, columns
from flopcrawl.extraction.context import Page, Place
from flopcrawl.extraction.labels import counts_per_node, label_before, label_measure, label_scale, label_unit
from flopcrawl.extraction.numbers import MOST_NUMBERS, Number, join_ranges, numbers, scale_of
from flopcrawl.extraction.subjects import FOR_SIZE, Subjects
from flopcrawl.extraction.units import MOST_IN_A_NODE, Measure, Quantity, measure

SIZES_AFTER = re.compile(r"\s(?:sizes|models|param|versions|variants)")


SERIES_JOIN = re.compile(r"\s?(?:,|/|、|和|与|及|\band\b|\bor\b|&)\s?(?:and\s|or\s)?(?:the\s|a\s|our\s)?")


PAIR_OF_MOE = re.compile(r"mixture|\bMoE\b|activ|混合专家", re.IGNORECASE)


SERIES_OF = (Measure.PARAMETERS, Measure.ACTIVE, Measure.TOKENS)
"""What series count."""


COUNTS = (Measure.CHIPS, Measure.CHIP_HOURS, Measure.DAYS)
"""What is counted in series too, where the sentence says whose each is."""
RESPECTIVELY = re.compile(r"[^.;]{0,120}\brespectively\b|[^。；]{0,60}分别")


LONG_TABLE = 5_000
"""Rows of a table that are read. A longer one is a catalogue or raw data, and no page discloses a run so far down."""


@dataclass(slots=True)
class Reckoned:
    """A number with what it counts, its table cell, and the series (``3B, 8B and 14B``) that it is a member of."""

    number: Number
    quantity: Quantity | None
    place: Place | None
    series: tuple[int, ...] = ()
    column: ColumnValue | None = None
    unread: str = ""
    """Why it was not looked at: it is beyond a limit."""


def join_series(page: Page, found: list[Reckoned]) -> None:
    """Give every member of a series the measure of its last one, and note the series (indexes into ``found``)."""
    text = page.text
    index = len(found) - 1
    while index > 0:
        last = found[index]
        if last.quantity is None or last.quantity.measure not in SERIES_OF or not last.number.magnitude:
            index -= 1
            continue
        first = index
        while first > 0:
            before, after, said = found[first - 1].number, found[first].number, found[first - 1].quantity
            gap = text[before.end : after.start]
            short = (
                not before.magnitude
                and before.value < 1000
                and re.fullmatch(r",? (?:and|or) |/| & ", gap)
                and found[first - 1].quantity is None
            )
            if short and SIZES_AFTER.match(text, last.number.end):
                found[first - 1].number = replace(
                    before,
                    value=before.value * last.number.value / last.number.plain,
                    magnitude=True,
                    letters=last.number.letters,
                )
                first -= 1
                continue
            if (
                not before.magnitude
                or (before.letters[:1].lower() == "t") != (last.number.letters[:1].lower() == "t")
                or len(gap) > 12
                or not SERIES_JOIN.fullmatch(gap)
                or (said is not None and said.measure is not last.quantity.measure)
            ):
                break
            first -= 1
        if first < index:
            members = tuple(range(first, index + 1))
            pair = len(members) == 2 and text[found[first].number.end : found[index].number.start].strip() == "/"
            moe = (
                pair
                and last.quantity.measure is Measure.PARAMETERS
                and found[first].number.value * 3 <= last.number.value
                and PAIR_OF_MOE.search(text, last.number.start, last.number.end + 60)
            )
            for member in members:
                item = found[member]
                what = Measure.ACTIVE if moe and member == first else last.quantity.measure
                item.quantity = Quantity(
                    what,
                    item.number.value,
                    item.number.start,
                    item.quantity.end if item.quantity else item.number.end,
                    item.number,
                    series=not moe,
                )
                item.series = () if moe else members
        index = first - 1 if first < index else index - 1


def join_counts(page: Page, found: list[Reckoned]) -> None:
    """Give ``64 and`` the measure of what follows in ``64 and 128 GPUs, respectively``."""
    text = page.text
    for index in range(len(found) - 1, 0, -1):
        last = found[index].quantity
        if last is None or last.measure not in COUNTS or not RESPECTIVELY.match(text, last.end):
            continue
        first = index
        while first and found[first - 1].quantity is None:
            gap = text[found[first - 1].number.end : found[first].number.start]
            if len(gap) > 12 or not SERIES_JOIN.fullmatch(gap):
                break
            first -= 1
        members = tuple(range(first, index + 1)) if first < index else ()
        for item in (found[member] for member in members):
            number, factor = item.number, last.value / last.number.value
            item.quantity = Quantity(last.measure, number.value * factor, number.start, number.end, number, series=True)
            item.series = members


INHERITS_BEFORE = re.compile(
    r"(?:\bof which (?:we|it|the model) (?:used|saw)|\b[Ii]n total,?|\b[Aa] total of|\btotall?ing)\s(?:about\s|~|≈)?$"
)
INHERITS_AFTER = re.compile(r"\s(?:in total|altogether|overall)\b|" + FOR_SIZE)
COUNTS_OTHERS = re.compile(
    r"\s(?:[\w-]+\s)?(?:steps|iterations|updates|samples|characters|examples|images|batches|sequences|documents|languages|layers|"
    r"experts|times|epochs|words|pairs)\b"
)
"""After a number that has a unit of its own, which is none of ours: ``in total 139,200 steps``."""
LEAST = {Measure.TOKENS: 1e9, Measure.CHIP_HOURS: 1e3, Measure.CHIPS: 2}
REACH = 200
"""Characters back to the number whose measure a bare one has."""


def inherit(page: Page, found: list[Reckoned]) -> None:
    """Give a bare number the measure that was spoken of: ``10T tokens, in total 12T``; ``5K hours, 2.8M in total``."""
    text = page.text
    last: Quantity | None = None
    for item in found:
        number = item.number
        if item.quantity is not None:
            last = item.quantity if item.quantity.measure in LEAST else last
            continue
        if last is None or item.place or item.unread or number.start - last.end > REACH:
            continue
        if COUNTS_OTHERS.match(text, number.end):
            continue
        told = INHERITS_BEFORE.search(text, max(0, number.start - 40), number.start) or INHERITS_AFTER.match(
            text, number.end
        )
        alike = number.magnitude is not (last.measure is Measure.CHIPS) and number.value >= LEAST[last.measure]
        if told and alike and "\n\n" not in text[last.end : number.start]:
            item.quantity = Quantity(last.measure, number.value, number.start, number.end, number)


def join_nodes(page: Page, found: list[Reckoned]) -> None:
    """Make chips of labelled nodes and of labelled chips per node: ``Nodes: 16``, ``GPUs per node: 8``."""
    nodes: Reckoned | None = None
    for item in found:
        if item.quantity is not None and item.quantity.measure is Measure.NODES:
            nodes = item if item.quantity.labelled else nodes
            continue
        number = item.number
        label = item.place.row or item.place.column if item.place else label_before(page.text, number.start)
        if nodes is None or not counts_per_node(label) or not 1 <= number.value <= MOST_IN_A_NODE * 2:
            continue
        if number.start - nodes.number.end <= REACH * 2:
            total = number.value * nodes.number.value
            item.quantity = Quantity(Measure.CHIPS, total, nodes.number.start, number.end, number, labelled=True)


def join_following(page: Page, found: list[Reckoned]) -> None:
    """Give the numbers that follow in a series the measure of its first: ``in three sizes: 3B, 8B and 14B``."""
    text = page.text
    for index, first in enumerate(found):
        said = first.quantity
        if said is None or first.series or first.place or said.end != first.number.end or said.measure not in SERIES_OF:
            continue
        last = index
        while last + 1 < len(found) and found[last + 1].quantity is None and found[last + 1].number.magnitude:
            gap = text[found[last].number.end : found[last + 1].number.start]
            if len(gap) > 12 or not SERIES_JOIN.fullmatch(gap):
                break
            last += 1
        members = tuple(range(index, last + 1))
        if len(members) > 1:
            for item in (found[member] for member in members):
                number = item.number
                item.quantity = Quantity(said.measure, number.value, number.start, number.end, number, series=True)
                item.series = members


def measured(page: Page) -> list[Reckoned]:
    """Every number of the page with what it counts: by its unit, by the label of its line, or by its table's labels."""
    text = page.body  # what the page says about itself outside its text is no running text
    found: list[Reckoned] = []
    read = [*join_ranges(text, list(numbers(text))), *in_title(page)]
    text = page.text
    barrier = "\n\n" if page.wrapped else "\n"
    tables = bool(page.document.tables)
    for number in read:
        place = page.place(number.start) if tables else None
        if place is not None and place.row_index >= LONG_TABLE:
            found.append(Reckoned(number, None, place, unread=f"not read: below row {LONG_TABLE:,} of a table"))
            continue
        quantity = measure(page.flow, number)
        if quantity is not None and barrier in text[number.end : quantity.end]:
            quantity = None  # the words of the next line (in wrapped text: paragraph) are not about this number
        if place is not None and (quantity is None or quantity.measure in (Measure.DAYS, Measure.PERCENT)):
            quantity = by_table(number, place) or quantity
        elif quantity is None:
            quantity = by_label(text, number)
        elif quantity.measure is Measure.CHIPS and CHIPS_LINE.search(text, max(0, number.start - 40), number.start):
            quantity = replace(quantity, labelled=True)
        elif said := label_measure(label_before(text, number.start)):
            if said is quantity.measure:
                quantity = replace(quantity, labelled=True)
            elif said is Measure.CHIP_HOURS and quantity.measure is Measure.DAYS:  # "GPU time: 9,000 hours"
                quantity = replace(quantity, measure=said, value=quantity.value * 24, labelled=True)
        found.append(Reckoned(number, quantity, place))
    if len(read) >= MOST_NUMBERS:
        last = f"not read, nor what follows: of a page the first {MOST_NUMBERS:,} numbers are"
        found.append(Reckoned(found.pop().number, None, None, unread=last))
    join_series(page, found)
    join_counts(page, found)
    join_following(page, found)
    inherit(page, found)
    join_nodes(page, found)
    return found


def in_title(page: Page) -> Iterator[Number]:
    """The numbers of a title that stands outside the text, in the front matter."""
    title, (start, end) = page.document.title, page.document.about
    at = page.text.find(title, start, end) if title and end and title not in page.body else -1
    if at >= 0:
        for number in join_ranges(title, list(numbers(title))):
            yield replace(number, start=number.start + at, end=number.end + at)


def by_label(text: str, number: Number) -> Quantity | None:
    """What the label on the same line says: ``- Pretraining tokens: 1T``."""
    label = label_before(text, number.start) if not COUNTS_OTHERS.match(text, number.end) else ""
    what = label_measure(label) if label else None
    if what is Measure.CHIPS and GOES_ON.match(text, number.end):
        return None  # "32 x 8 x A100": the last number has them all
    return labelled(number, what, label) if what else None


GOES_ON = re.compile(r"\s?[x×*]\s?\d")


SIZES_HEAD = re.compile(r"\W*(?:our )?(?:models?|variants?|versions?|model size|sizes?)\W*", re.IGNORECASE)
"""The head of a column whose cells, where they are sizes, name the members of a series."""
CHIPS_LINE = re.compile(r"\n[ \t]*(?:training )?(?:hardware|accelerators?|gpus?)[ \t]+$", re.IGNORECASE)
"""The label of a line of settings in a paper, without a colon: ``Training Hardware   8x H100``."""
NOMINAL = re.compile(r"\W{0,3}[\d.,]+\s?(?P<letter>[BMTK])?\s?\($")
"""A rounded value before the exact one in brackets: ``90B (88.8)``."""


def by_table(number: Number, place: Place) -> Quantity | None:
    """What the row's or the column's label says of the number that a table cell begins with, or gives in brackets."""
    before = place.cell.text[: max(0, number.start - place.cell.start)]
    nominal = NOMINAL.fullmatch(before)
    if len(before) > 3 and nominal is None:
        return None
    if place.column_index == 0 and SIZES_HEAD.fullmatch(place.column) and number.letters in ("B", "M"):
        alone = number.end - number.start == len(place.cell.text.strip())
        return Quantity(Measure.PARAMETERS, number.value, number.start, number.end, number) if alone else None
    for label in (place.column, place.row):
        what = label_measure(label)
        if what is not None:
            letter = nominal["letter"] if nominal else None
            return labelled(number, what, label, scale_of(letter) if letter else None)
    return None


def labelled(number: Number, what: Measure, label: str, scale: float | None = None) -> Quantity | None:
    """A quantity from a label, None where it is no such amount; a bare number takes ``scale``, or the label's."""
    factor = label_unit(label)
    if not number.magnitude:
        factor *= scale if scale is not None else label_scale(label)
    if what is Measure.MFU:
        factor = 0.01 if number.value > 1 else 1.0
    if what is Measure.CHIPS and number.magnitude:
        return None
    high = number.high * factor if number.high is not None else None
    return Quantity(what, number.value * factor, number.start, number.end, number, high, labelled=True)


def from_columns(page: Page, subjects: Subjects, items: list[Reckoned]) -> Iterator[Reckoned]:
    """The same numbers, those of flattened and of aligned tables with the measure and the owner that the table gives.

    Lazy, because whose a column of sizes is can be told only when the sizes in the page's sentences are known.
    """
    found = columns(page.text, subjects) | aligned(page.text, subjects) if page.wrapped else {}
    for item in items:
        if said := found.get(item.number.start):
            item.quantity, item.column = labelled(item.number, said.measure, said.label), said
        yield item
