"""From a cleaned document to quoted facts: every number is measured, checked for traps, given an owner.

The order of work is the order of the functions: :func:`candidates` asks of each number what it counts and whose it is;
:func:`choose` keeps one value for each model and field; :func:`read_document` adds what is no number (names, dates,
licences, base models). :attr:`Reading.decisions` says of every number why it was taken or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from flopcrawl.extraction.accelerators import accelerators
from flopcrawl.extraction.announcements import announced, foreign, name_facts
from flopcrawl.extraction.columns import columns
from flopcrawl.extraction.context import Page, Place
from flopcrawl.extraction.document import Document
from flopcrawl.extraction.fields import text_facts
from flopcrawl.extraction.labels import label_before, label_measure, label_scale
from flopcrawl.extraction.names import ACTIVE_SIZE, narrower, parts, squeezed
from flopcrawl.extraction.numbers import Number, join_ranges, numbers, qualifier_before
from flopcrawl.extraction.plausibility import Doubt, doubts
from flopcrawl.extraction.subjects import (
    SIZE_SUBJECT,
    Owner,
    Subjects,
    find_subjects,
    member_of,
    owner_in_words,
    sized,
)  # fmt: skip
from flopcrawl.extraction.traps import Around, Trap, trapped
from flopcrawl.extraction.units import Measure, Quantity, measure
from flopcrawl.items import BadValueError, Fact
from flopcrawl.vocabulary import Field, Qualifier, Scope

FIELD_OF: dict[Measure, Field] = {
    Measure.PARAMETERS: Field.PARAMETERS_TOTAL,
    Measure.ACTIVE: Field.PARAMETERS_ACTIVE,
    Measure.TOKENS: Field.TOKENS_TRAINED,
    Measure.CHIP_HOURS: Field.GPU_HOURS,
    Measure.FLOP: Field.FLOP_REPORTED,
    Measure.DAYS: Field.TRAINING_DAYS,
    Measure.CHIPS: Field.GPU_COUNT,
    Measure.MFU: Field.MFU,
    Measure.EPOCHS: Field.EPOCHS,
    Measure.USD: Field.TRAINING_COST_USD,
}
SMALLEST: dict[Measure, float] = {
    Measure.TOKENS: 1e9,
    Measure.FLOP: 1e15,
    Measure.PARAMETERS: 1e6,
    Measure.ACTIVE: 1e6,
    Measure.CHIP_HOURS: 20,
    Measure.CHIPS: 2,
    Measure.DAYS: 0.5,
}
"""Below this a number of the measure is not about a training run worth recording (a batch, a context, a layer)."""

TRAINING = re.compile(
    r"\b(?:pre-?|re|co-?)?train|consum|ingest|trillions? of tokens|took|in total|训练|訓練", re.IGNORECASE
)
TRAINED_WITH = re.compile(r"\btrain\w*,? (?:with|on|using|across)\b[^.;]{0,50}$", re.IGNORECASE)
DURATION = re.compile(
    r"\d\s?(?:days?|weeks?|months?)\b|\b(?:two|three|four|six|several) (?:weeks|months)", re.IGNORECASE
)
TRAINING_TIME = re.compile(r"\b(?:pre-?)?train|训练", re.IGNORECASE)
DIRECT = re.compile(
    r"(?:train|learn|consum)\w*(?:\s+\w+){0,3}?\s+(?:on|with|over|for|using|through)?\s*(?:\w+\s){0,3}\W{0,3}$|"
    r"\btotal(?:ing|s)?\b[^.;,]{0,24}$|训练[^。，]{0,14}$",
    re.IGNORECASE,
)
TRAINED_ON = re.compile(
    r"(?:train\w*|consum\w*|ingest\w*|saw|seen|learn\w*)\b(?:(?!\bdata ?set of\b)[^.;]){0,90}?$|"
    r"训练[^。；]{0,40}$|预训练",
    re.IGNORECASE,
)
CORPUS = re.compile(
    r"(?:\bdata ?sets?|\bcorpus|\bcorpora|\bpile)\b[^.;,]{0,40}(?:\bof\b|\bwith\b|contain\w*|compris\w*|consist\w*|"
    r"total\w*|\bhas\b|\bhave\b)[^.;,]{0,30}$|\bunique\s*$|\bconverted into\b[^.;,]{0,20}$|"
    r"\bcollect\w*\b[^.;,]{0,30}$|语料[^。]{0,20}$",
    re.IGNORECASE,
)
CONTAINS = re.compile(
    r"\b(?:data ?set|corpus|corpora|Pile)\b[^.;]{0,60}\b(?:which|that)\s(?:contains?|has|have|compris\w+|totals?|"
    r"includes?)\b[^.;]{0,24}$",
    re.IGNORECASE,
)
UNIQUE = re.compile(r"^[^.;,]{0,20}\bunique\b|\bunique tokens", re.IGNORECASE)
HARDWARE_HEADING = re.compile(r"\b(?:pre-?)?train|hardware|comput|infrastructure|训练", re.IGNORECASE)


HARDWARE_COLUMN = re.compile(r"\b(?:gpu|tpu|hardware|accelerator|chip)s?\b", re.IGNORECASE)
RANGING = re.compile(r"\b(?:rang\w+(?: in size)?(?: from)?|from|between)\s$", re.IGNORECASE)
SIZES_WORD = re.compile(
    r"\b(?:series|sizes?|famil(?:y|ies)|variants?|versions?|ranging|collection|models)\b|系列|版本|规模", re.IGNORECASE
)
FAMILY_WORD = re.compile(
    r"\b(?:series|famil(?:y|ies)|sizes|collection|available in|comes? in|models)\b|系列", re.IGNORECASE
)
IS_A = re.compile(
    r"(?:\b(?:is|are|as|was|called|named|release|releasing|introduce|introducing|present|presenting|announce|"
    r"announcing|new|our|the|of)\b|[,:–—(-])\s?(?:\w+[ -]){0,3}$",
    re.IGNORECASE,
)
SUMS = (Field.TOKENS_TRAINED, Field.TRAINING_DAYS, Field.GPU_HOURS, Field.FLOP_REPORTED, Field.GPU_COUNT)
"""Fields whose parts are smaller than the whole: between equals the larger value is the whole."""
SIZES = (Measure.PARAMETERS, Measure.ACTIVE)


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a number at ``start:end`` of the text, and why."""

    start: int
    end: int
    text: str
    taken: bool
    reason: str


@dataclass(slots=True)
class Candidate:
    """A measured number on its way to a fact."""

    quantity: Quantity
    owner: Owner
    field: Field
    value: float
    score: float
    scope: Scope = Scope.MODEL
    reason: str = ""
    start: int = 0
    end: int = 0
    in_table: int = 0
    """Where the candidate's table row begins (0: not in a table)."""


@dataclass(slots=True)
class Reading:
    """What was read from one text."""

    document: Document
    facts: list[Fact] = field(default_factory=list)
    subjects: Subjects = field(default_factory=Subjects)
    decisions: list[Decision] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


STRONG_BREAK = re.compile(
    r"[;；]|,?\s+(?:while|whereas|but|then|followed by|before|and (?:further|then|later|subsequently|finally))\b|，"
)
LENGTH_LIMIT = 5e10
"""A token count above this is never a context, a batch, a price unit or a vocabulary."""


def around(page: Page, quantity: Quantity, place: Place | None) -> Around:
    """Cut the words around a quantity."""
    text = page.text
    heading = page.heading(quantity.start).rsplit(" > ", 1)[-1]
    if place is not None:
        label = f"{place.row} {place.column}"
        cell = place.cell.text[:300]
        return Around(
            f"{cell} {label}",
            f"{cell} {label}",
            label[-60:],
            text[quantity.end : place.cell.end],
            heading,
            f"{cell} {label}",
        )
    start, end = page.sentence(quantity.start)
    low, high = max(start, quantity.start - 130), min(end, quantity.end + 60)
    for match in STRONG_BREAK.finditer(text, low, high):
        if match.start() < quantity.start:
            low = match.start()
        elif match.start() >= quantity.end:
            high = match.start()
            break
    right = re.split(r"[,.()（），]|\band\b", text[quantity.end : high], maxsplit=1)[0]
    clause = text[low : quantity.end] + right
    short = clause if quantity.value < LENGTH_LIMIT else ""
    return Around(
        text[start:end],
        clause,
        text[max(start, quantity.start - 60) : quantity.start],
        text[quantity.end : min(end, quantity.end + 60)],
        heading,
        short,
        text[low_of(text, start, quantity.start) : quantity.start],
        text[quantity.start : quantity.end],
        from_to(text, start, quantity, end),
    )


SIZES_AFTER = re.compile(r"\s(?:sizes|models|param|versions|variants)")
SERIES_JOIN = re.compile(r"\s?(?:,|/|、|和|与|及|\band\b|\bor\b|&)\s?(?:and\s|or\s)?(?:the\s|a\s|our\s)?")
PAIR_OF_MOE = re.compile(r"mixture|\bMoE\b|activ|混合专家", re.IGNORECASE)


@dataclass(slots=True)
class Reckoned:
    """A number with what it counts, its table cell, and the series (``3B, 8B and 14B``) that it is a member of."""

    number: Number
    quantity: Quantity | None
    place: Place | None
    series: tuple[int, ...] = ()
    column_owner: Owner | None = None


def join_series(page: Page, found: list[Reckoned]) -> None:
    """Give every member of a series the measure of its last one, and note the series (indexes into ``found``)."""
    text = page.text
    index = len(found) - 1
    while index > 0:
        last = found[index]
        if (
            last.quantity is None
            or last.quantity.measure not in (Measure.PARAMETERS, Measure.ACTIVE, Measure.TOKENS)
            or not last.number.magnitude
        ):
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


def from_to(text: str, start: int, quantity: Quantity, end: int) -> str:
    """The words before a number that "from … to …" leaves behind; empty where no "to" with a number follows."""
    follow = re.match(
        r"[^.;]{0,44}?\bto (?:about |over |around |nearly )?\d", text[quantity.end : min(end, quantity.end + 60)]
    )
    if not follow or quantity.high is not None:
        return ""
    before = text[max(start, quantity.start - 44) : quantity.start]
    inside = re.search(r"\bfrom [\d.,]+\s?\w* (?:\w+ )?\($", before)  # from 355B parameters (32B active) to
    return before[: inside.start() + 5] if inside else before


def low_of(text: str, start: int, at: int) -> int:
    """Where the part of the sentence that leads to ``at`` begins: at its start, or after the last "we" or "our"."""
    last = start
    for match in re.finditer(r"\b(?:[Ww]e|[Oo]ur|[Ii]n contrast)\b", text[start:at]):
        last = start + match.start()
    return last


def measured(page: Page) -> list[Reckoned]:
    """Every number of the page with what it counts: by its unit, by the label of its line, or by its table's labels."""
    text = page.text
    found: list[Reckoned] = []
    for number in join_ranges(text, list(numbers(text))):
        quantity = measure(text, number)
        if quantity is not None and not page.wrapped and "\n" in text[number.end : quantity.end]:
            quantity = None  # the words of the next line are not about this number
        place = page.place(number.start)
        if place is not None and (quantity is None or quantity.measure in (Measure.DAYS, Measure.PERCENT)):
            quantity = by_table(number, place) or quantity
        elif quantity is None:
            quantity = by_label(text, number)
        elif (label := label_before(text, number.start)) and label_measure(label) is quantity.measure:
            quantity = replace(quantity, labelled=True)
        found.append(Reckoned(number, quantity, place))
    join_series(page, found)
    return found


def by_label(text: str, number: Number) -> Quantity | None:
    """What the label on the same line says: ``- Pretraining tokens: 1T``."""
    label = label_before(text, number.start)
    what = label_measure(label) if label else None
    return labelled(number, what, label_scale(label)) if what else None


def by_table(number: Number, place: Place) -> Quantity | None:
    """What the row's or the column's label says of a number in a table cell."""
    if (
        not re.match(r"\W{0,4}" + re.escape(place.cell.text[:1]), place.cell.text)
        or number.start - place.cell.start > 3
    ):
        return None
    for label in (place.column, place.row):
        what = label_measure(label)
        if what is not None:
            return labelled(number, what, label_scale(label))
    return None


def labelled(number: Number, what: Measure, scale: float) -> Quantity | None:
    """A quantity from a label; a bare number takes the label's scale, and is refused where it is no such amount."""
    factor = 1.0 if number.magnitude else scale
    if what is Measure.MFU:
        factor = 0.01 if number.value > 1 else 1.0
    if what is Measure.CHIPS and number.magnitude:
        return None
    high = number.high * factor if number.high is not None else None
    return Quantity(what, number.value * factor, number.start, number.end, number, high, labelled=True)


def find_owner(page: Page, subjects: Subjects, quantity: Quantity, place: Place | None) -> Owner:
    """Whose number it is."""
    if place is not None:
        labels = [member_of(subjects, label) for label in (place.row, place.column)]
        named = [owner for owner in labels if owner is not None]
        if len(named) == 2 and parts(named[0].name or "").words and not parts(named[1].name or "").words:
            return named[0]
        if named:
            return named[0]
        cell = (
            member_of(subjects, page.text[place.cell.start : quantity.start])
            if quantity.start > place.cell.start + 3
            else None
        )
        if cell is not None:
            return cell
        table = place.table
        alone = (
            len(table.rows) - table.header_rows == 1
            or len(table.rows[place.row_index]) <= 2
            or label_measure(place.row) is not None
        )
        if alone and place.row.strip().lower() not in ("total", "sum", "all", "overall", "合计"):
            return Owner(subjects.primary, subjects.primary is not None, "the table names no model")
        return Owner(None, False, "the row names no model")
    start, end = page.sentence(quantity.start)
    heading = page.heading(quantity.start).rsplit(" > ", 1)[-1]
    above = member_of(subjects, heading) if heading else None
    above = replace(above, reason=f"heading {heading!r}") if above else None
    owner = owner_in_words(subjects, page.text, start, quantity.start, end, above.name if above and above.own else None)
    if owner is None:
        owner = above
        if owner is not None and not owner.own and owner.name and len(heading.split()) > 6:
            owner = None
    return owner or Owner(subjects.primary, subjects.primary is not None, "nobody else is named")


def candidates(page: Page, subjects: Subjects) -> tuple[list[Candidate], list[Decision]]:
    """Every number of the page that could be a fact, and a decision on those that cannot."""
    found: list[Candidate] = []
    decisions: list[Decision] = []
    text = page.text
    reckoned = measured(page)
    sizes = [item for item in reckoned if item.quantity is not None and item.quantity.measure in SIZES]
    others = [item for item in reckoned if item.quantity is None or item.quantity.measure not in SIZES]
    for item in chain(sizes, from_columns(page, subjects, others)):
        number, quantity, place = item.number, item.quantity, item.place
        reason = ""
        if quantity is None:
            reason = "counts nothing that is recorded"
        elif quantity.measure not in FIELD_OF:
            reason = f"is {quantity.measure.value}"
        elif page.in_code(quantity.start):
            reason = "in a code block"
        elif quantity.value < SMALLEST.get(quantity.measure, 0.0):
            reason = f"too small for {quantity.measure.value}"
        if reason or quantity is None:
            decisions.append(Decision(number.start, number.end, text[number.start : number.end], False, reason))
            continue
        candidate = weigh(page, subjects, quantity, place, item.column_owner)
        if item.series and candidate.scope is Scope.MODEL:
            candidate = member_of_series(page, reckoned, item, candidate)
        if candidate.field is Field.PARAMETERS_TOTAL and candidate.scope is Scope.MODEL and candidate.owner.explicit:
            subjects.own_sizes.add(candidate.value)
        found.append(candidate)
    return found, decisions


def member_of_series(page: Page, reckoned: list[Reckoned], item: Reckoned, candidate: Candidate) -> Candidate:
    """Give a member of a series to the member of the family that it belongs to.

    Parameters name their member themselves (``3B, 8B and 14B parameters``); active parameters and tokens belong to the
    sizes that are listed before them in the sentence, in the same order.
    """
    rank, count = item.series.index(reckoned.index(item)), len(item.series)
    if candidate.field is Field.PARAMETERS_TOTAL:
        candidate.owner = sized(candidate.owner, size_text(item.number))
        return candidate
    start, _ = page.sentence(item.number.start)
    for other in reversed(reckoned[: item.series[0]]):
        if other.number.start < start - REACH_BACK:
            break
        if len(other.series) == count and other.quantity is not None and other.quantity.measure is Measure.PARAMETERS:
            candidate.owner = sized(candidate.owner, size_text(reckoned[other.series[rank]].number))
            return candidate
    candidate.scope, candidate.reason = Scope.OTHER, "one of several values, and nothing says whose"
    return candidate


REACH_BACK = 200
"""Characters before a sentence in which the sizes are looked for that its values belong to."""


def size_text(number: Number) -> str:
    """A size as names write it: ``8B``, ``1.5B``, ``800M``."""
    for letter, scale in (("T", 1e12), ("B", 1e9), ("M", 1e6)):
        if number.value >= scale:
            return f"{number.value / scale:.4g}{letter}"
    return f"{number.value:.0f}"


def from_columns(page: Page, subjects: Subjects, items: list[Reckoned]) -> list[Reckoned]:
    """The same numbers, those in a column of a flattened table with the measure and the owner that the column gives."""
    found = columns(page.text, subjects) if page.wrapped else {}
    for item in items:
        if said := found.get(item.number.start):
            item.quantity, item.column_owner = labelled(item.number, said.measure, said.scale), said.owner
    return items


NOTHING = Around("", "", "", "", "")


def weigh(
    page: Page, subjects: Subjects, quantity: Quantity, place: Place | None, column: Owner | None = None
) -> Candidate:
    """Give a quantity its owner, its scope and a score."""
    text, words = page.text, around(page, quantity, place) if column is None else NOTHING
    what = quantity.measure
    owner = subjects.canonical(column or find_owner(page, subjects, quantity, place))
    trap: Trap | None = trapped(what, words)
    candidate = Candidate(quantity, owner, FIELD_OF[what], quantity.value, 0.0, start=quantity.start, end=quantity.end)
    if place is not None:
        candidate.in_table = place.table.rows[place.row_index][0].start + 1
    evidence = quantity.labelled or place is not None
    training = (
        evidence or TRAINING.search(f"{words.sentence} {words.heading}") is not None or nearby(page, quantity.start)
    )
    if what is Measure.DAYS and not evidence:
        training = TRAINING_TIME.search(words.sentence) is not None or (
            nearby(page, quantity.start) and next(accelerators(words.sentence), None) is not None
        )
    if what is Measure.CHIPS:
        training = (
            quantity.labelled
            or TRAINING.search(words.sentence if place is None else f"{words.heading} {place.row} {place.column}")
            is not None
        )
        training = training or (
            not page.wrapped
            and (
                HARDWARE_HEADING.search(words.heading) is not None
                or (DURATION.search(words.sentence) is not None and nearby(page, quantity.start))
            )
        )
    if what not in (Measure.PARAMETERS, Measure.ACTIVE) and owner.own:
        sizes = list(SIZE_SUBJECT.finditer(words.sentence))
        if not sizes and page.wrapped and what in (Measure.CHIP_HOURS, Measure.FLOP) and column is None:
            sizes = list(SIZE_SUBJECT.finditer(text, max(0, quantity.start - 220), quantity.start))[-1:]
        if sizes and place is None:
            begin = page.sentence(quantity.start)[0]
            ahead = [m for m in sizes if m.string is text or begin + m.start() < quantity.start]
            nearest = ahead[-1] if ahead else sizes[0]
            size = next(group for group in nearest.groups() if group)
            value = size_value(size) or 0.0
            stated = {v for name in subjects.sizes if (v := size_value(name))} | subjects.own_sizes
            if stated and not any(0.85 < value / other < 1.18 for other in stated):
                owner = Owner(None, False, f"another size: {size}")
            elif (
                len(stated) != 1
                and size.lower() not in (owner.name or "").lower()
                and not parts(owner.name or "").sizes
            ):
                owner = sized(owner, size)
            candidate.owner = owner
    if subjects.foreign:
        candidate.scope, candidate.reason = Scope.OTHER, subjects.foreign
    elif trap is not None:
        candidate.scope, candidate.reason = trap.scope, trap.name
    elif not owner.own:
        candidate.scope, candidate.reason = Scope.OTHER, f"of another model ({owner.reason})"
    elif what is Measure.TOKENS:
        left = (
            words.left
            if place is not None
            else words.sentence[: max(0, quantity.start - page.sentence(quantity.start)[0])]
        )
        if UNIQUE.search(words.right) or CONTAINS.search(left) or (CORPUS.search(left) and not TRAINED_ON.search(left)):
            candidate.field = Field.DATASET_TOKENS
        elif not training:
            candidate.scope, candidate.reason = Scope.OTHER, "nothing says that it was trained on them"
    elif what in (Measure.CHIPS, Measure.DAYS, Measure.EPOCHS) and not training:
        candidate.scope, candidate.reason = Scope.OTHER, "no word of training"
    elif what is Measure.USD and not re.search(r"train", words.sentence, re.IGNORECASE):
        candidate.scope, candidate.reason = Scope.OTHER, "no cost of training"
    if (
        what is Measure.PARAMETERS and quantity.high is not None and candidate.scope is Scope.MODEL
    ):  # the largest of a range
        candidate.value, candidate.owner = (
            quantity.high,
            sized(owner, size_text(replace(quantity.number, value=quantity.high))),
        )
        owner = candidate.owner
    if what in (Measure.PARAMETERS, Measure.ACTIVE) and owner.own and owner.name and candidate.scope is Scope.MODEL:
        mismatch = size_mismatch(owner.name, what, candidate.value)
        if mismatch:
            candidate.scope, candidate.reason = Scope.OTHER, mismatch
    score = 2.0 * owner.explicit + 1.5 * evidence
    score += 1.0 if quantity.start < 0.15 * len(text) or quantity.start < 4000 else 0.0
    score += 1.0 if re.search(r"\btotal\b|总", text[quantity.start - 25 : quantity.end + 12]) else 0.0
    if what is Measure.TOKENS:
        score += 1.5 * (DIRECT.search(text[max(0, quantity.start - 60) : quantity.start]) is not None)
    if (
        what is Measure.PARAMETERS
        and not evidence
        and candidate.scope is Scope.MODEL
        and (why := unsupported_size(page, quantity, owner, words))
    ):
        candidate.scope, candidate.reason = Scope.OTHER, why
    if (
        what in (Measure.MFU, Measure.FLOP, Measure.CHIP_HOURS)
        and page.wrapped
        and not evidence
        and not owner.explicit
        and candidate.scope is Scope.MODEL
        and not TRAINING.search(words.sentence)
    ):
        candidate.scope, candidate.reason = Scope.OTHER, "no model is named beside it"
    if quantity.high is not None:
        score -= 3.0
    candidate.score = score
    return candidate


def unsupported_size(page: Page, quantity: Quantity, owner: Owner, words: Around) -> str:
    """Why a size in a sentence cannot be taken for the owner's, or nothing: papers and articles name many sizes."""
    early = quantity.start < max(3000, 0.12 * len(page.text))
    pronoun = owner.reason.startswith("says 'w") or owner.reason.startswith("says 'o")
    if quantity.high is not None and not RANGING.search(words.left):
        return "a range of sizes"
    if quantity.series:
        return (
            ""
            if (SIZES_WORD.search(words.sentence) and owner.explicit) or (early and FAMILY_WORD.search(words.sentence))
            else "sizes, and nothing says whose"
        )
    if quantity.loose and not (owner.explicit and IS_A.search(words.left)):
        return "a size in passing"
    if not owner.explicit and page.wrapped:
        return "no model is named beside it"
    if pronoun and page.wrapped and not early:
        return "one of several models of the authors"
    return ""


def nearby(page: Page, at: int) -> bool:
    """Whether the sentences around speak of training (in the same paragraph)."""
    text = page.text
    low, high = max(0, at - 260), min(len(text), at + 160)
    low = max(low, text.rfind("\n\n", low, at) + 1)
    cut = text.find("\n\n", at, high)
    return TRAINING.search(text, low, cut if cut > 0 else high) is not None


def size_value(size: str) -> float | None:
    """The number of weights that a size in a name says (``7B``); None for a product (``8x7B``)."""
    match = re.fullmatch(r"a?(\d+(?:\.\d+)?)([bmt])", size.lower())
    return float(match[1]) * {"m": 1e6, "b": 1e9, "t": 1e12}[match[2]] if match else None


def size_mismatch(name: str, what: Measure, value: float) -> str:
    """Why a parameter count cannot be the named model's, or nothing."""
    for size in parts(name).sizes:
        active = size.startswith("a")
        if active != (what is Measure.ACTIVE):
            continue
        stated = size_value(size)
        if stated and not 0.7 < value / stated < 1.45:
            return f"the name says {size.upper()}"
    return ""


def fact_of(candidate: Candidate, text: str) -> Fact | None:
    """The fact of a candidate, or None where its value is out of physical bounds."""
    number = candidate.quantity.number
    qualifier = number.qualifier
    if qualifier is Qualifier.EXACT:
        qualifier = qualifier_before(text, number.start)
    if qualifier is Qualifier.EXACT and text[number.end : number.end + 1] == "+":
        qualifier = Qualifier.MORE
    try:
        return Fact(
            candidate.field, candidate.value, candidate.owner.name, candidate.quantity.high, qualifier, candidate.scope,
            text[candidate.start : candidate.end], candidate.start, candidate.end,
        )  # fmt: skip
    except BadValueError:
        return None


def digits_of(candidate: Candidate) -> int:
    """How many significant digits a number is written with."""
    return len(f"{candidate.quantity.number.plain:.12g}".replace(".", "").strip("0"))


def without_rounded(group: list[Candidate], groups: dict[tuple[object, Field], list[Candidate]]) -> list[Candidate]:
    """Drop rounded values: an exact one (``8.3T``, ``1.23B``) within 10 % beats it, also one given for a member."""

    def finer(rounded: Candidate) -> bool:
        for others in groups.values():
            for other in others:
                if (
                    other.field is not rounded.field
                    or other.value == rounded.value
                    or digits_of(other) <= digits_of(rounded)
                ):
                    continue
                same = other.owner.name == rounded.owner.name or (
                    other.field is Field.TOKENS_TRAINED and narrower(other.owner.name or "", rounded.owner.name or "")
                )
                if same and abs(other.value - rounded.value) <= 0.1 * rounded.value:
                    return True
        return False

    return [candidate for candidate in group if not finer(candidate)]


def members_of_tables(found: list[Candidate]) -> None:
    """Where tables give one name several sizes, each row is a member of the family: name it by its size."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in found:
        if (
            candidate.field is Field.PARAMETERS_TOTAL
            and candidate.scope is Scope.MODEL
            and candidate.in_table
            and candidate.owner.name
        ):
            groups.setdefault(candidate.owner.name, []).append(candidate)
    for name, group in groups.items():
        if len({candidate.value for candidate in group}) > 1 and not parts(name).sizes:
            rows: dict[int, Candidate] = {}
            for candidate in group:
                nominal = rows.setdefault(candidate.in_table, candidate)
                candidate.owner = sized(candidate.owner, size_text(nominal.quantity.number))


def choose(found: Iterable[Candidate]) -> list[Candidate]:
    """Keep one value for each model and field as the model's own; the others become scope ``other``."""
    groups: dict[tuple[object, Field], list[Candidate]] = {}
    result: list[Candidate] = []
    for candidate in found:
        if candidate.scope is Scope.MODEL:
            named = parts(candidate.owner.name or "")
            groups.setdefault(((named.words, named.versions, named.sizes), candidate.field), []).append(candidate)
        else:
            result.append(candidate)
    for (name, which), group in groups.items():
        group[:] = without_rounded(group, groups)
        if which is Field.PARAMETERS_TOTAL:  # "a 17B parameter model with 16 experts" says the active ones
            active = {c.value for c in groups.get((name, Field.PARAMETERS_ACTIVE), [])}
            if active and any(c.value not in active for c in group):
                group[:] = [c for c in group if c.value not in active]
    for group in groups.values():
        if not group:
            continue
        support = {c.value: sum(0.5 for d in group if abs(d.value - c.value) <= 0.02 * c.value) for c in group}
        top = max(candidate.value for candidate in group)
        best = max(
            group,
            key=lambda c: (
                c.score + min(2.0, support[c.value]) + (0.5 if c.value == top and c.field in SUMS else 0.0),
                -c.start,
            ),
        )
        for candidate in group:
            if candidate is best:
                result.append(candidate)
            elif abs(candidate.value - best.value) > 1e-9 * best.value:
                result.append(replace(candidate, scope=Scope.OTHER, reason="another value is better supported"))
            else:
                result.append(replace(candidate, scope=Scope.OTHER, reason="said before"))
    return result


def with_base_size(chosen: list[Candidate], subjects: Subjects, texts: list[Fact]) -> list[Candidate]:
    """Training on does not change a model's size: where only the base's is given, the page's model has it."""
    bases = [str(fact.value) for fact in texts if fact.field is Field.BASE_MODEL]
    if not bases or subjects.primary is None or subjects.foreign:
        return chosen
    result = list(chosen)
    for which in (Field.PARAMETERS_TOTAL, Field.PARAMETERS_ACTIVE):
        own = any(c.field is which and c.scope is Scope.MODEL for c in chosen)
        of_base = [
            c
            for c in chosen
            if c.field is which
            and c.owner.name
            and any(squeezed(c.owner.name) in squeezed(base) for base in bases)
            and c.reason.startswith("of another")
        ]
        if not own and of_base:
            owner = Owner(subjects.primary, True, f"the size of its base, {of_base[0].owner.name}")
            result.append(replace(of_base[0], owner=owner, scope=Scope.MODEL, reason=""))
    return result


def from_names(subjects: Subjects, page: Page) -> Iterator[Fact]:
    """Parameters that an own name states: ``X-30B-A3B``."""
    for name in subjects.names:
        at = page.text.find(name)
        for size in parts(name).sizes:
            value = size_value(size)
            if value is None:
                continue
            which = Field.PARAMETERS_ACTIVE if ACTIVE_SIZE.fullmatch(size) else Field.PARAMETERS_TOTAL
            if at < 0:
                yield Fact(which, value, name)
            else:
                yield Fact(which, value, name, quote=name, start=at, end=at + len(name))


def hardware(page: Page, subjects: Subjects) -> Iterator[Fact]:
    """The accelerators that the page says a model was trained on."""
    seen: set[tuple[str | None, str]] = set()
    for chip in accelerators(page.text):
        if page.in_code(chip.start):
            continue
        number = Number(1.0, chip.start, chip.end)
        quantity = Quantity(Measure.CHIPS, 1.0, chip.start, chip.end, number)
        place = page.place(chip.start)
        words = around(page, quantity, place)
        trained = bool(
            TRAINING.search(words.sentence)
            or (not page.wrapped and HARDWARE_HEADING.search(words.heading))
            or (place is not None and HARDWARE_COLUMN.search(place.column))
        )
        count = re.search(r"\d[\d,]*\s?[x×*]?\s?$", page.text[max(0, chip.start - 12) : chip.start])
        label = label_before(page.text, chip.start - (len(count[0]) if count else 0))
        trained = trained or (bool(label) and label_measure(label) is Measure.CHIPS)
        if (
            subjects.foreign
            or page.text[max(0, chip.start - 4) : chip.start].endswith(" or ")
            or (not trained and not re.search(r"hours|hardware of type|GPUs\s?:", words.sentence))
        ):
            continue
        trap = trapped(Measure.CHIPS, words)
        if trap is not None and not (trap.name == "inference hardware" and TRAINED_WITH.search(words.left)):
            continue
        owner = subjects.canonical(find_owner(page, subjects, quantity, place))
        if place is None and any(not subjects.is_own(mention.name) for mention in subjects.mentions(words.sentence)):
            continue
        if not owner.own or (owner.name, chip.name) in seen:
            continue
        seen.add((owner.name, chip.name))
        yield Fact(
            Field.GPU_TYPE,
            chip.name,
            owner.name,
            quote=page.text[chip.start : chip.end],
            start=chip.start,
            end=chip.end,
        )


def read_document(document: Document, *, name: str = "", url: str = "", model: str | None = None) -> Reading:
    """Read the facts of a cleaned document."""
    page = Page(document)
    subjects = find_subjects(page, name, url, model)
    subjects.announced = announced(page, subjects)
    for own in subjects.announced:
        if own not in subjects.names:
            subjects.names.append(own)
    subjects.foreign = foreign(page, subjects)
    found, decisions = candidates(page, subjects)
    members_of_tables(found)
    chosen = choose(found)
    facts_of_text = text_facts(page, subjects)
    chosen = with_base_size(chosen, subjects, facts_of_text)
    facts = [fact for candidate in chosen if (fact := fact_of(candidate, page.text))]
    have = {(f.model, f.field) for f in facts if f.scope is Scope.MODEL}
    facts += [fact for fact in from_names(subjects, page) if (fact.model, fact.field) not in have]
    facts += hardware(page, subjects)
    for candidate in chosen:
        q = candidate.quantity
        decisions.append(
            Decision(
                q.start,
                q.end,
                page.text[q.start : q.end],
                candidate.scope is Scope.MODEL,
                f"{candidate.field.value} of {candidate.owner.name}: {candidate.reason or candidate.owner.reason}",
            )
        )
    facts += facts_of_text
    facts += name_facts(page, subjects)
    decisions.sort(key=lambda decision: decision.start)
    return Reading(document, facts, subjects, decisions, doubts(facts))
