"""Whose number it is, whether it is that model's own total, and how well the page says so."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import NamedTuple

from flopcrawl.extraction.accelerators import accelerators
from flopcrawl.extraction.announcements import is_card
from flopcrawl.extraction.columns import ColumnValue
from flopcrawl.extraction.context import Page, Place
from flopcrawl.extraction.labels import label_measure
from flopcrawl.extraction.measuring import Reckoned, from_columns, measured
from flopcrawl.extraction.names import SIZE, TIERS, Mention, parts, size_value
from flopcrawl.extraction.numbers import Number
from flopcrawl.extraction.subjects import (
    FOR_SIZE,
    OWN_WORDS,
    SIZE_SUBJECT,
    SIZES_TOGETHER,
    Owner,
    Subjects,
    member_of,
    owner_in_words,
    sized,
)  # fmt: skip
from flopcrawl.extraction.surroundings import NOTHING, around
from flopcrawl.extraction.traps import Around, trapped
from flopcrawl.extraction.units import UTILIZATION, Measure, Quantity
from flopcrawl.vocabulary import FIELDS, Field, Scope

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
    r"\b(?:pre-?|re|co-?)?train|consum|ingest|trillions? of tokens|took|in total|训练|訓練|学習|학습|"
    r"\b(?:the|our) (?:\w+ )?run\b",
    re.IGNORECASE,
)
SEEN = re.compile(r"\b(?:saw|seen|exposed to|learn(?:s|ed|t) from)\b", re.IGNORECASE)
"""What a model does with tokens, besides being trained on them."""
LIMIT = re.compile(r"\bAI Act\b|\bthreshold|\bpresum|\bsystemic risk|\bexecutive order\b|\bregulat", re.IGNORECASE)
ROUND_LIMITS = (1e23, 1e24, 1e25, 1e26)
"""FLOP that laws and lists draw their lines at."""


ENERGY = re.compile(r"\bcarbon\b|CO2|CO₂|\b[MGk]Wh\b")
"""A paragraph on energy and emissions is about the training run, also where it does not say so."""


DURATION = re.compile(
    r"\d\s?(?:days?|weeks?|months?)\b|\b(?:two|three|four|six|several) (?:weeks|months)", re.IGNORECASE
)


TRAINING_TIME = re.compile(
    r"\b(?:pre-?)?train|\b(?:run|process|job)\s(?:\w+\s){0,2}(?:last(?:s|ed)|took|takes|ran)\b|训练", re.IGNORECASE
)


DIRECT = re.compile(
    r"(?:train|learn|consum)\w*(?:\s+\w+){0,3}?\s+(?:on|with|over|for|using|through)?\s*(?:\w+\s){0,3}\W{0,3}$|"
    r"\btotal(?:ing|s)?\b[^.;,]{0,24}$|训练[^。，]{0,14}$",
    re.IGNORECASE,
)


TRAINED_ON = re.compile(
    r"(?:train\w*|consum\w*|ingest\w*|saw|seen|learn\w*)\b[^.;]{0,90}?$|"
    r"训练[^。；]{0,40}$|预训练",
    re.IGNORECASE,
)


CORPUS = re.compile(
    r"(?:\bdata ?sets?|\bcorpus|\bcorpora|\bpile)\b[^.;,]{0,40}(?:\bof\b|\bwith\b|contain\w*|compris\w*|consist\w*|"
    r"total\w*|\bhas\b|\bhave\b)[^.;,]{0,30}$|"
    r"\bunique\s*$|\bconverted into\b[^.;,]{0,20}$|"
    r"\bcollect\w*\b[^.;,]{0,30}$|语料[^。]{0,20}$",
    re.IGNORECASE,
)


TOTAL_AFTER = re.compile(r"\W{0,2}(?:in |of )?total\b|[）)]?(?:上|中)?(?:进行)?(?:了)?(?:预)?训练", re.IGNORECASE)


CORPUS_AFTER = re.compile(r"[- ]?(?:[a-z]+ ){0,2}(?:corpus|corpora|data ?set)\b", re.IGNORECASE)


EPOCHS_OVER = re.compile(r"\b(?:[2-9]|\d\d|two|three|four|five|several|multiple) epochs\b", re.IGNORECASE)


CONTAINS = re.compile(
    r"\b(?:data ?set|corpus|corpora|Pile)\b[^.;]{0,60}\b(?:which|that)\s(?:contains?|has|have|compris\w+|totals?|"
    r"includes?)\b[^.;]{0,24}$",
    re.IGNORECASE,
)


UNIQUE = re.compile(r"\bunique\b", re.IGNORECASE)


WE_USED = re.compile(r"\b(?:used|using|utili[sz]\w+|employ\w*|leverag\w+|on)\b[^.;]{0,40}$", re.IGNORECASE)


HARDWARE_HEADING = re.compile(r"\b(?:pre-?)?train|hardware|comput|infrastructure|\bspeeds,? sizes|训练", re.IGNORECASE)


HARDWARE_LABEL = re.compile(
    r"(?:^|[;\n|])\W*(?:(?:training|pre-?training|total) )?(?:hardware|gpus?|accelerators?|compute|cluster|chips|"
    r"infrastructure|machines?)(?: (?:used|type))?\W{0,3}[:：][^;\n|]{0,40}$",
    re.IGNORECASE,
)
"""On a card: the label of the machines that trained it."""


SIZES_LISTED = re.compile(r"\b(?:models?|LLMs?|VLMs?)\s\([\d.,BM /and]*$")
"""Sizes in brackets after what they are sizes of: ``a reasoning LLM (20B, 120B)``."""
LABEL_OF_CHIPS = re.compile(
    r"\b(?:hardware|gpus?|accelerators?)(?: (?:used|type))?\s?[:：]\s?(?:\d+\s?[x×*]\s?)?$", re.IGNORECASE
)
"""The same anywhere in a line, as where a list was flattened."""


DATA_HEADING = re.compile(r"\b(?:data|data ?sets?|corpus|corpora)\b", re.IGNORECASE)
"""A section on the making of the data, whose amounts are of sources and steps unless it speaks of training."""


RANGING = re.compile(r"\b(?:rang\w+(?: in size)?(?: from)?|from|between)\s$", re.IGNORECASE)


SIZES_WORD = re.compile(
    r"\b(?:series|sizes?|famil(?:y|ies)|variants?|versions?|configurations?|ranging|collection|models)\b|系列|版本|规模",
    re.IGNORECASE,
)


FAMILY_WORD = re.compile(
    r"\b(?:series|famil(?:y|ies)|sizes|configurations|collection|(?:available|offered) in|comes? in|models)\b|系列",
    re.IGNORECASE,
)


IS_A = re.compile(
    r"(?:\b(?:is|are|as|was|called|named|release|releasing|introduce|introducing|present|presenting|announce|"
    r"announcing|new|our|the|of)\b|[,:–—(-])\s?(?:\w+[ -]){0,3}$",
    re.IGNORECASE,
)


STAGE = re.compile(r"\b(?:stage|phase|step|annealing|pre-?train\w*|cool-?down)\b|阶段", re.IGNORECASE)


SIZES = (Measure.PARAMETERS, Measure.ACTIVE)


NO_MODEL, NO_TRAINING, NOT_NAMED, MANY_RUNS = UNTIED = (
    "the paragraph speaks of no model", "no word of training", "no model is named beside it",
    "a paper speaks of many runs, and nothing ties this to the model",
)  # fmt: skip
"""Reasons why nothing ties a number to the model's run; another number of that run can."""


class Decision(NamedTuple):
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


MOST_STAGES = 50
"""Rows of a table of stages. With more it is something else, and not every total is held against all of them."""


NAMELESS_TABLE = "the table names no model"


def owner_in_table(page: Page, subjects: Subjects, quantity: Quantity, place: Place) -> Owner:
    """Whose the number in a table cell is: its row's, its column's, whom the cell names, or the page's own model.

    The page's own only where the table has one row of values or is a list of labels and values.
    """
    table = place.table
    single = len(table.rows) - table.header_rows == 1
    if place.column_index == 0 and not single and SIZE.fullmatch(place.cell.text.strip()):
        return member_of(subjects, place.cell.text) or Owner(None, False, "the row names no model")
    for label in (place.row, place.column):
        owner = member_of(subjects, label)
        if owner is not None and not (single and label is place.row and SIZE.fullmatch(label.strip())):
            return owner
    if quantity.start > place.cell.start + 3:
        owner = member_of(subjects, page.text[place.cell.start : quantity.start])
        if owner is not None:
            return owner
    values = {cell.text.strip() for cell in table.rows[place.row_index][1:]} - {""}
    listed = (
        single or len(table.rows[place.row_index]) <= 2 or (label_measure(place.row) is not None and len(values) == 1)
    )
    total = place.row.strip().lower() in ("total", "sum", "all", "overall", "合计")
    if total:
        stages = [row[0].text for row in table.rows[table.header_rows :] if row and row[0].text != place.row]
        if 1 < len(stages) <= MOST_STAGES and all(STAGE.search(label) for label in stages):
            return Owner(subjects.primary, subjects.primary is not None, "the total of its stages")
    if listed and not total:
        return Owner(subjects.primary, subjects.primary is not None, NAMELESS_TABLE)
    return Owner(None, False, "the row names no model")


def find_owner(page: Page, subjects: Subjects, quantity: Quantity, place: Place | None) -> Owner:
    """Whose number it is."""
    if place is not None:
        return owner_in_table(page, subjects, quantity, place)
    start, end = page.sentence(quantity.start)
    heading = page.heading(quantity.start).rsplit(" > ", 1)[-1]
    above = member_of(subjects, heading) if heading else None
    above = replace(above, reason=f"heading {heading!r}") if above else None
    owner = owner_in_words(subjects, page.flow, start, quantity.start, end, above.name if above and above.own else None)
    if owner is None:
        owner = above
        if owner is not None and not owner.own and owner.name and len(heading.split()) > 6:
            owner = None
    return owner or Owner(subjects.primary, subjects.primary is not None, "nobody else is named")


MOST_CANDIDATES = 5_000
"""Figures of a page that are weighed, which takes longest; a report of 300 pages has a quarter of them."""


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
            reason = item.unread or "counts nothing that is recorded"
        elif quantity.measure not in FIELD_OF:
            reason = f"is {quantity.measure.value}"
        elif page.in_code(quantity.start):
            reason = "in a code block"
        elif quantity.value < SMALLEST.get(quantity.measure, 0.0) and not trained_on_one(page, quantity):
            reason = f"too small for {quantity.measure.value}"
        elif len(found) >= MOST_CANDIDATES:
            reason = f"not read: of a page the first {MOST_CANDIDATES:,} figures are"
        if reason or quantity is None:
            decisions.append(Decision(number.start, number.end, text[number.start : number.end], False, reason))
            continue
        candidate = weigh(page, subjects, quantity, place, item.column)
        if item.series and candidate.scope is Scope.MODEL:
            candidate = member_of_series(page, subjects, reckoned, item, candidate)
        if (
            candidate.field is Field.PARAMETERS_TOTAL
            and candidate.scope is Scope.MODEL
            and (candidate.owner.explicit or item.series)
        ):
            subjects.own_sizes.add(candidate.value)
            if quantity.high is not None:  # "from 7B to 65B": both ends are own
                subjects.own_sizes.add(quantity.value)
        sharing = sizes_sharing(page, candidate) if place is None and candidate.scope is Scope.MODEL else []
        found += [replace(candidate, owner=sized(candidate.owner, size)) for size in sharing] or [candidate]
    return found, decisions


TRAINED_ON_ONE = re.compile(
    r"(?<!fine-)(?<!post-)\btrain(?:ed|ing)\b(?:(?!\b(?:inference|fine-?tun|baseline|compar|than))[^.;\n]){0,90}"
    r"\b(?:on|using|with)\s(?:(?:a|just|only|exactly)\s)*$",
    re.IGNORECASE,
)


def trained_on_one(page: Page, quantity: Quantity) -> bool:
    """Whether a count of one chip is of a run's (``trained on a single H100``), and not of what inference takes."""
    if quantity.measure is not Measure.CHIPS or quantity.value != 1.0:
        return False
    start, _ = page.sentence(quantity.start)
    return TRAINED_ON_ONE.search(page.flow[start : quantity.start]) is not None


def named_in_order(page: Page, subjects: Subjects, start: int, at: int, count: int, end: int) -> list[str]:
    """The own models that a sentence lists before a series of as many values, "respectively"; or none."""
    if "respectively" not in page.flow[at:end]:
        return []
    if start > 1 and THEY.match(page.flow, start):
        start, _ = page.sentence(start - 2)
    named = subjects.mentions(page.flow[start:at])
    found = with_tiers(named, page.flow[start:at])[-count:]
    joined = all(JOINED.fullmatch(page.flow, start + one.end, start + other.start) for one, other in pairwise(found))
    own = all(subjects.is_ours(m.name) for m in found if m in named)
    return [mention.name for mention in found] if len(found) == count and joined and own else []


THEY = re.compile(r"\W*(?:They|These(?: \w+)? models|Both(?: models)?|The two(?: models)?)\b")
"""How a sentence begins that speaks of those whom the one before names."""
TIER_AFTER = re.compile(r"(?:,|,? and|,? &) (?P<tier>[A-Z][a-z]+)(?![\w-])")


def with_tiers(found: list[Mention], text: str) -> list[Mention]:
    """The models named in a text, with those of which only the tier is: ``X Edge and Flash`` names ``X Flash`` too."""
    result: list[Mention] = []
    for mention in found:
        result.append(mention)
        line, _, last = mention.name.rpartition(" ")
        at = mention.end
        while (
            line and last.lower() in TIERS and (match := TIER_AFTER.match(text, at)) and match["tier"].lower() in TIERS
        ):
            at = match.end()
            result.append(Mention(f"{line} {match['tier']}", match.start("tier"), at))
    return result


JOINED = re.compile(r",?\s?(?:and|&)?\s?")


def member_of_series(
    page: Page, subjects: Subjects, reckoned: list[Reckoned], item: Reckoned, candidate: Candidate
) -> Candidate:
    """Give a member of a series to the member of the family that it belongs to.

    Parameters name their member themselves (``3B, 8B and 14B parameters``); active parameters and tokens belong to the
    sizes that are listed before them in the sentence, in the same order.
    """
    rank, count = item.series.index(reckoned.index(item)), len(item.series)
    start, end = page.sentence(item.number.start)
    if named := named_in_order(page, subjects, start, reckoned[item.series[0]].number.start, count, end):
        candidate.owner = subjects.canonical(Owner(named[rank], True, f"named in the sentence: {named[rank]}", True))
        return candidate
    if candidate.field is Field.PARAMETERS_TOTAL:
        candidate.owner = sized(candidate.owner, size_text(item.number))
        return candidate
    for other in reversed(reckoned[: item.series[0]]):
        if other.number.start < start - REACH_BACK:
            break
        if len(other.series) == count and other.quantity is not None and other.quantity.measure is Measure.PARAMETERS:
            candidate.owner = sized(candidate.owner, size_text(reckoned[other.series[rank]].number))
            return candidate
    listed = SIZE_LISTED.findall(page.flow, start, reckoned[item.series[0]].number.start)
    if len(listed) == count and candidate.owner.own:
        candidate.owner = sized(candidate.owner, listed[rank])
        return candidate
    candidate.scope, candidate.reason = Scope.OTHER, "one of several values, and nothing says whose"
    return candidate


SIZE_LISTED = re.compile(r"(?<![\w.])\d+(?:\.\d+)?[BM](?![A-Za-z0-9])")
REACH_BACK = 200
"""Characters before a sentence in which the sizes are looked for that its values belong to."""


def size_text(number: Number) -> str:
    """A size as names write it: ``8B``, ``1.5B``, ``800M``."""
    if number.letters.upper() in ("B", "M") and number.plain < 1:
        return f"{number.plain:g}{number.letters.upper()}"  # as written: 0.5B
    for letter, scale in (("T", 1e12), ("B", 1e9), ("M", 1e6)):
        if number.value >= scale:
            return f"{number.value / scale:.4g}{letter}"
    return f"{number.value:.0f}"


ENOUGH = 2.0
"""The score that a figure in a paper needs: papers speak of pilots, ablations, rivals and classifiers too."""
RUN = (Measure.CHIPS, Measure.DAYS, Measure.EPOCHS)
OF_A_RUN = (*RUN, Measure.MFU)
EPOCHS_AFTER = re.compile(r"[^.;]{0,24}\d epochs\b|[^.;]{0,24}\d\.\d+ epochs\b")
TRAINED = re.compile(r"\b(?:pre-?)?train(?:ed|ing)?\b[^.;]{0,50}$|训练[^。]{0,30}$", re.IGNORECASE)
MACHINES_FOR = re.compile(
    r"(?:[AHBV]\d00|GPU|TPU|NPU|chip|processor)\S*"
    r"(?:\b[^.;]{0,40}\b(?:for|over|during)\b[^.;]{0,40}|\s?[,·|/]\s~?(?:about\s)?(?:\d+|[a-z]{3,5})\s)"
    r"\b(?:day|week|month)s?\b"
)
"""``512 GPUs for three weeks``: a run, whatever else the sentence says."""
TOOK = re.compile(
    r"\b(?:took|takes?|last(?:s|ed)?|ran|run|runs|complet\w+|finish\w*|spent|requir\w+)\b[^.;]{0,30}$", re.IGNORECASE
)
DAYS_ON = re.compile(
    r"\b(?:day|week|month|hour)s?\s(?:of\s\w+\s)?(?:on|with|using)\s(?:an?\s\w+\sof\s)?$", re.IGNORECASE
)
RARE = (Measure.FLOP, Measure.CHIP_HOURS, Measure.MFU)
"""Measures that a paper gives of its own main run, if at all: half as much will do."""


def weigh(
    page: Page, subjects: Subjects, quantity: Quantity, place: Place | None, column: ColumnValue | None = None
) -> Candidate:
    """Give a quantity its owner, its field, its scope and a score."""
    words = around(page, quantity, place) if column is None or column.owner is None else NOTHING
    if column is not None:  # the lines around are other cells
        words = replace(NOTHING, heading=words.heading)
    owner = subjects.canonical((column and column.owner) or find_owner(page, subjects, quantity, place))
    if place is None and owner.own and quantity.measure not in SIZES:
        owner = owner_by_size(page, subjects, quantity, words, owner, wide=column is None)
    if quantity.measure is Measure.PARAMETERS and owner.own and of_sibling(page, subjects, owner, quantity, place):
        owner = sized(owner, size_text(quantity.number))
    candidate = Candidate(quantity, owner, FIELD_OF[quantity.measure], quantity.value, 0.0)
    if (
        quantity.measure is Measure.PARAMETERS
        and owner.own
        and place is None
        and (tier := TIER_BEFORE.search(words.left))
    ):
        owner = candidate.owner = in_tier(owner, tier["tier"])
    candidate.start, candidate.end = quantity.start, quantity.end
    if place is not None:
        candidate.in_table = place.table.rows[place.row_index][0].start + 1
    if quantity.measure is Measure.PARAMETERS and quantity.high is not None and owner.own:  # the largest of a range
        candidate.value = quantity.high
        candidate.owner = sized(owner, size_text(replace(quantity.number, value=quantity.high)))
    sources = place is not None and owner.reason == NAMELESS_TABLE and counts_sources(place)
    if quantity.measure is Measure.TOKENS and (sources or is_corpus(page, quantity, words, place)):
        candidate.field = Field.DATASET_TOKENS
    bounds = FIELDS[candidate.field]
    refusal = refuse(page, subjects, candidate, words, place)
    if not bounds.low <= candidate.value <= bounds.high:
        candidate.scope, candidate.reason = Scope.OTHER, f"no {candidate.field} can be so small or so large"
    elif refusal is not None:
        candidate.scope, candidate.reason = refusal
    candidate.score = score_of(page, candidate, place)
    needed = ENOUGH / 2 if quantity.measure in RARE else ENOUGH
    if page.paper and candidate.scope is Scope.MODEL and candidate.score < needed and column is None:
        candidate.scope, candidate.reason = Scope.OTHER, MANY_RUNS
    return candidate


ALSO_IN = re.compile(
    r"\balso (?:comes?|(?:be |is |are )?(?:available|released?|offered|published)|exists?|releas\w+) (?:in |as )?"
    r"(?:an? |the |our )?(?:smaller |larger )?$"
)
"""Before a size that a card gives of its model's sibling: ``This model also comes in a 7B version``."""


def of_sibling(page: Page, subjects: Subjects, owner: Owner, quantity: Quantity, place: Place | None) -> bool:
    """Whether a size that is not the one in the model's name is another member's of its line: the page says "also".

    In a table, the row names the line alone, and the size is in a column of its own.
    """
    if not size_mismatch(owner.name or "", quantity.measure, quantity.value):
        return False
    if place is None:
        return ALSO_IN.search(page.flow, max(0, quantity.start - 60), quantity.start) is not None
    row = parts(place.row)
    return bool(row.stem) and not row.sizes and row.stem == parts(subjects.primary or "").stem


TIER_BEFORE = re.compile(r"\b(?P<tier>base|tiny|small|medium|large|huge|mini|nano|micro|xl|xxl)\W{0,3}\s?\($")
"""Before a size in brackets: ``a base (139M params) and large (395M params) model``."""


def in_tier(owner: Owner, tier: str) -> Owner:
    """The same owner's member of a tier; a name that has one stays."""
    named = parts(owner.name or "")
    if owner.name is None or named.sizes or named.words & (TIERS | {"base"}):
        return owner
    return replace(owner, name=f"{owner.name}-{tier}", explicit=True)


FOR_TIER = re.compile(
    r"(?:\s[a-z-]+){0,2}?\sfor (?:the |our )?(?P<tier>[A-Z][a-z]+|XX?L)(?=[,.;)]|\s(?:and|models?|variants?)\b|$)"
)


def tier_after(page: Page, quantity: Quantity, words: Around, owner: Owner) -> Owner | None:
    """The member whose tier stands after the value, where several do: ``2.5 days for Base, 3.7 days for Large``."""
    match = FOR_TIER.match(page.flow, quantity.end)
    if match is None or not owner.name or parts(owner.name).words & TIERS:
        return None
    tiers = {found["tier"] for found in FOR_TIER.finditer(words.sentence) if found["tier"].lower() in TIERS | {"base"}}
    if match["tier"] not in tiers or len(tiers) < 2:
        return None
    return Owner(f"{owner.name} {match['tier']}", owner.own, f"{owner.reason}, for {match['tier']}", True)


def owner_by_size(
    page: Page, subjects: Subjects, quantity: Quantity, words: Around, owner: Owner, *, wide: bool
) -> Owner:
    """The owner where the sentence says "the 8B model": that member, or nobody where the page has no such.

    With ``wide``, a paper's sentence before is searched too for the figures of a whole run.
    """
    if after := FOR_ONE.match(page.flow, quantity.end) or FOR_ONE.match(page.flow, quantity.number.end):
        return sized(owner, after["size"])
    if tier := tier_after(page, quantity, words, owner):
        return tier
    sizes = list(SIZE_SUBJECT.finditer(words.sentence))
    begin = page.sentence(quantity.start)[0]
    if not sizes and wide and page.paper and quantity.measure in (Measure.CHIP_HOURS, Measure.FLOP):
        begin = 0
        sizes = list(SIZE_SUBJECT.finditer(page.flow, max(0, quantity.start - 220), quantity.start))[-1:]
    if not sizes:
        return owner
    ahead = [match for match in sizes if begin + match.start() < quantity.start]
    if not owner.explicit and sizes and INDEFINITE.search(page.flow, begin, begin + sizes[0].start()):
        return Owner(None, False, "any model of a size")
    if not ahead and owner.explicit and not owner.reason.startswith("says"):
        return owner
    size = next(group for group in (ahead[-1] if ahead else sizes[0]).groups() if group)
    value = size_value(size) or 0.0
    stated = {known for name in subjects.sizes if (known := size_value(name))} | subjects.own_sizes
    if stated and not any(0.85 < value / other < 1.18 for other in stated):
        chosen = ahead[-1] if ahead else sizes[0]
        kin = any(_stated(other, stated) for other in sizes)
        if (
            (kin or not page.paper)
            and owner.name
            and OUR_OTHER.search(page.flow, begin, begin + chosen.start(chosen.lastindex or 0))
        ):
            return sized(owner, size)
        return Owner(None, False, f"another size: {size}")
    if stated and ahead and quantity.measure is Measure.CHIPS:
        owner = replace(owner, explicit=True)  # "the 8B model" names one of the page's models
    named = parts(owner.name or "").sizes
    later = ahead and begin + ahead[-1].start() > page.flow.rfind(owner.name or "", begin, quantity.start)
    if len(stated) != 1 and (not named or (later and size.lower() not in named and stated)):
        return sized(owner, size)
    return owner


FOR_ONE = re.compile(FOR_SIZE)
INDEFINITE = re.compile(r"\b(?:an?|any)\s$", re.IGNORECASE)
OUR_OTHER = re.compile(r"\b(?:the|our|and|while)\s$|^$", re.IGNORECASE)
"""Words before a size that make it a sibling on a card (``the 27B model …, the 9B model …``), not a rival."""


def _stated(match: re.Match[str], stated: set[float]) -> bool:
    value = size_value(next(group for group in match.groups() if group)) or 0.0
    return any(0.85 < value / other < 1.18 for other in stated)


def sizes_sharing(page: Page, candidate: Candidate) -> list[str]:
    """The sizes that share one amount of data: ``the 2B and 8B models were trained on 12T tokens``; or none."""
    quantity = candidate.quantity
    if quantity.measure not in (Measure.TOKENS, Measure.EPOCHS) or quantity.series or not candidate.owner.own:
        return []
    start, end = page.sentence(quantity.start)
    together = list(SIZES_TOGETHER.finditer(page.flow, start, quantity.start))
    if not together or "respectively" in page.flow[quantity.end : end]:
        return []
    between = page.flow[together[-1].end() : quantity.start]
    if SIZE_SUBJECT.search(between) or re.search(r"\d[BM]\b|[;.]", between):
        return []
    return [together[-1][1], *re.findall(r"\d+(?:\.\d+)?[BM]", together[-1][2])]


DATA_ROW = re.compile(r"\b(?:pile|corpus|corpora|wiki\w*|c4|\w*crawl|data ?sets?|books?)\b", re.IGNORECASE)
"""The label of a table's row that counts the tokens of a source."""


def counts_sources(place: Place) -> bool:
    """Whether a table's column of tokens lists, row by row, what comes from languages or sources."""
    if label_measure(place.column) is not Measure.TOKENS or label_measure(place.row) is not None:
        return False
    rows = place.table.rows[place.table.header_rows :]
    return sum(bool(AMOUNT.match(row[place.column_index].text)) for row in rows if len(row) > place.column_index) > 2


AMOUNT = re.compile(r"\W{0,2}\d")


def is_corpus(page: Page, quantity: Quantity, words: Around, place: Place | None) -> bool:
    """Whether a token count is the size of a data set, not what the model has seen of it."""
    left = words.left
    if place is not None and DATA_ROW.search(place.row):
        return True
    if place is None:
        left = words.sentence[: max(0, quantity.start - page.sentence(quantity.start)[0])]
    if TOTAL_AFTER.match(words.right):
        return False
    if UNIQUE.search(words.words) or CONTAINS.search(left):
        return True
    if CORPUS_AFTER.match(words.right) and EPOCHS_OVER.search(words.sentence):
        return True
    return CORPUS.search(left) is not None and (TRAINED_ON.search(left) is None or EPOCHS_OVER.search(left) is not None)


def refuse(
    page: Page, subjects: Subjects, candidate: Candidate, words: Around, place: Place | None
) -> tuple[Scope, str] | None:
    """The scope and the reason of a number that is not its owner's own total; None where it may be."""
    quantity, owner = candidate.quantity, candidate.owner
    what = quantity.measure
    if subjects.foreign:
        return Scope.OTHER, subjects.foreign
    if place is not None and what in SIZES and PART_LABEL.search(place.row):
        return Scope.OTHER, "part of a model"
    trap = trapped(what, words)
    if trap is not None and trap.name == "inference hardware" and TRAINED_ON_THEM.search(words.left):
        trap = None
    if trap is not None and trap.where == "heading" and owner.explicit and SOFT_HEADING.search(words.heading):
        trap = None if OUR_RUN.search(words.left) else trap
    one = trap is not None and trap.scope is Scope.FAMILY and only_one(page, subjects, words, quantity)
    if trap is not None and not one:
        return trap.scope, trap.name
    if not owner.own:
        return Scope.OTHER, f"of another model ({owner.reason})"
    if what is Measure.FLOP and quantity.value in ROUND_LIMITS and LIMIT.search(words.sentence):
        return Scope.OTHER, "a legal threshold"
    if what is Measure.USD:
        return None if re.search(r"train", words.sentence, re.IGNORECASE) else (Scope.OTHER, "no cost of training")
    evidence = quantity.labelled or place is not None or LABEL_OF_CHIPS.search(words.left) is not None
    if what in OF_A_RUN and not evidence and not spoken_of(page, subjects, owner, words, quantity.start):
        return Scope.OTHER, NO_MODEL
    if what is Measure.EPOCHS and LATER_STAGE.search(page.text, paragraph_start(page, quantity.start), quantity.start):
        return Scope.OTHER, "the paragraph is on a later stage"
    if what in (Measure.TOKENS, Measure.CHIPS, Measure.DAYS, Measure.EPOCHS):
        if candidate.field is not Field.DATASET_TOKENS and not speaks_of_training(page, quantity, words, place):
            return Scope.OTHER, NO_TRAINING
    elif what in SIZES:
        series = quantity.series and FAMILY_WORD.search(words.sentence) is not None
        this = THIS_IS.search(words.left) is not None or words.left.endswith(
            (f"{owner.name} is a ", f"{owner.name} has ")
        )
        mismatch = "" if series or this else size_mismatch(owner.name or "", what, candidate.value)
        if not mismatch and what is Measure.PARAMETERS and not evidence:
            mismatch = unsupported_size(page, quantity, owner, words)
        if mismatch:
            return Scope.OTHER, mismatch
    elif page.paper and not evidence and not owner.explicit and not of_main_run(page, quantity, words):
        return Scope.OTHER, NOT_NAMED
    return None


TRAINED_ON_THEM = re.compile(r"\b(?:pre-?)?trained (?:on|with|using)\s(?:\w+\s){0,2}$", re.IGNORECASE)
"""Before a number of chips, whatever else the sentence says of inference."""
PART_LABEL = re.compile(
    r"\b(?:(?:vision|visual|audio|text|image|speech|video) (?:encoder|decoder|tower)|adapter|projector|draft model|"
    r"tokenizer|ViT|\w*VAE)\b",
    re.IGNORECASE,
)
"""The label of a table's row on a part: ``Parameters of Vision Encoder``."""
SOFT_HEADING = re.compile(r"evaluat|benchmark|related work|limitation|preliminar", re.IGNORECASE)
"""A section that is not on training, where a sentence may be nevertheless."""
OUR_RUN = re.compile(r"\bwe (?:pre-?)?trained (?:(?!a |an |\d)[\w.-]+ ){1,3}(?:on|for|with|over) (?:\w+ ){0,3}~?$")
THIS_IS = re.compile(r"^\W*(?:This|It) is an? $")
"""Before a size that is the page's model's, whatever its name says."""
LATER_STAGE = re.compile(r"\bfine-?tun|\bSFT\b|\bpost-?train|\binstruction[- ]tun|微调", re.IGNORECASE)


def paragraph_start(page: Page, at: int) -> int:
    """Where the paragraph around a place begins, at most 600 characters before it."""
    low = max(0, at - 600)
    return max(low, page.text.rfind("\n\n", low, at) + 1)


def only_one(page: Page, subjects: Subjects, words: Around, quantity: Quantity) -> bool:
    """Whether the page is about a model of one size, so that what is cumulative is that model's."""
    single = len(subjects.sizes) == 1 and len(subjects.own_sizes) <= 1 and bool(parts(subjects.primary or "").sizes)
    single = single or (quantity.labelled and not subjects.sizes and len(subjects.own_sizes) <= 1)
    return single and not SEVERAL.search(words.sentence) and SIZES_TOGETHER.search(page.flow) is None


SEVERAL = re.compile(r"\bmodels\b|\bfamily\b|\bseries\b", re.IGNORECASE)
COMPUTATION = re.compile(r"\b(?:total|overall) (?:\w+ ){0,2}comput|\bcomput(?:e|ation) (?:budget|cost)", re.IGNORECASE)


def of_main_run(page: Page, quantity: Quantity, words: Around) -> bool:
    """Whether a paper's sentence, or the section it stands in, is about the training run."""
    if TRAINING.search(words.sentence) or COMPUTATION.search(words.sentence):
        return True
    return HARDWARE_HEADING.search(page.heading(quantity.start)) is not None


def spoken_of(page: Page, subjects: Subjects, owner: Owner, words: Around, at: int) -> bool:
    """Whether an article's paragraph names an own model or says "we" at all; a card is about its model throughout."""
    if owner.explicit or page.paper or is_card(page):
        return True
    start = page.text.rfind("\n\n", 0, at) + 1
    paragraph = page.text[start:at]
    return (
        any(name in f"{words.heading} {paragraph}" for name in subjects.names)
        or OWN_WORDS.search(paragraph) is not None
    )


def speaks_of_training(page: Page, quantity: Quantity, words: Around, place: Place | None) -> bool:
    """Whether the words around say that the number is of a training run; chips and days need it nearer."""
    if quantity.labelled:
        return True
    near = nearby(page, quantity.start)
    if quantity.measure in (Measure.CHIPS, Measure.DAYS) and MACHINES_FOR.search(words.sentence):
        return True
    if quantity.measure in (Measure.TOKENS, Measure.EPOCHS) and SEEN.search(words.sentence):
        return True
    if quantity.measure is Measure.CHIPS:
        if TRAINING.search(words.above) or LABEL_OF_CHIPS.search(words.left):
            return True
        where = words.sentence if place is None else f"{words.heading} {place.row} {place.column}"
        if TRAINING.search(where) or UTILIZATION.search(where):
            return True
        if near and WE_USED.search(words.left) and not page.paper:
            return True
        if is_card(page) and HARDWARE_LABEL.search(page.text, max(0, quantity.start - 80), quantity.start):
            return True
        if DURATION.search(words.sentence) and near:
            return True
        return HARDWARE_HEADING.search(words.heading) is not None and (near or not page.paper)
    if place is not None:
        return True
    if quantity.measure is Measure.DAYS:
        chips_too = near and next(accelerators(words.sentence), None) is not None
        return (
            chips_too
            or (near and TOOK.search(words.left) is not None)
            or TRAINING_TIME.search(words.sentence) is not None
        )
    if page.paper and quantity.measure is Measure.TOKENS and DATA_HEADING.search(page.heading(quantity.start)):
        return TRAINING_TIME.search(words.sentence) is not None
    if quantity.measure is Measure.TOKENS and stands_in_title(page, quantity):
        return True  # "X: … with 1 Trillion Tokens"
    if quantity.measure is Measure.TOKENS and is_card(page) and quantity.value >= TOKENS_OF_A_RUN:
        return True  # in a line of figures; nothing else on a card counts so many
    return near or TRAINING.search(f"{words.sentence} {words.heading}") is not None


TOKENS_OF_A_RUN = 1e12


def stands_in_title(page: Page, quantity: Quantity) -> bool:
    """Whether a number stands in the page's title."""
    titles = [page.document.title] + [section.title for section in page.document.sections[:1] if section.level == 1]
    places = [(page.text.find(title), len(title)) for title in titles if title]
    return any(0 <= at <= quantity.start < at + length for at, length in places)


def strength(owner: Owner) -> float:
    """How firmly a number is its owner's: named in the sentence or a label, "we", or by default."""
    if not owner.explicit:
        return 0.0
    return 1.5 if owner.reason.startswith("says") else 2.5


def score_of(page: Page, candidate: Candidate, place: Place | None) -> float:
    """How well the page says it: a named owner, a label, an early place, "total", "trained on"; a range badly."""
    quantity, text = candidate.quantity, page.flow
    score = strength(candidate.owner) + 1.5 * (quantity.labelled or place is not None)
    if quantity.start < max(4000, 0.15 * len(text)):
        score += 1.0
    if quantity.series and candidate.owner.reason.startswith("named in the sentence before"):
        score += 1.0  # the family is named, then its sizes are listed
    if re.search(r"\btotal\b|总", text[max(0, quantity.start - 25) : quantity.end + 12]):
        score += 1.0
    if quantity.measure is Measure.TOKENS and EPOCHS_AFTER.search(text, quantity.end, quantity.end + 40):
        score += 1.0  # what was seen, not what the corpus holds
    if page.paper and quantity.measure in (*RUN, *RARE) and HARDWARE_HEADING.search(page.heading(quantity.start)):
        score += 0.5
    if quantity.measure is Measure.TOKENS and DIRECT.search(text[max(0, quantity.start - 60) : quantity.start]):
        score += 1.5
    if quantity.measure is Measure.DAYS and TOOK.search(text[max(0, quantity.start - 40) : quantity.start]):
        score += 1.0
    if quantity.measure in (Measure.DAYS, Measure.CHIPS) and MACHINES_FOR.search(
        text, max(0, quantity.start - 60), quantity.end + 60
    ):
        score += 1.0
    if quantity.measure is Measure.CHIPS and DAYS_ON.search(text[max(0, quantity.start - 40) : quantity.start]):
        score += 1.0
    if quantity.measure in RUN and TRAINED.search(text[max(0, quantity.start - 60) : quantity.start]):
        score += 1.0
    return score - (3.0 if quantity.high is not None else 0.0)


def unsupported_size(page: Page, quantity: Quantity, owner: Owner, words: Around) -> str:
    """Why a size in a sentence cannot be taken for the owner's, or nothing: papers and articles name many sizes."""
    early = quantity.start < max(3000, 0.12 * len(page.text))
    pronoun = owner.reason.startswith("says 'w") or owner.reason.startswith("says 'o")
    if quantity.high is not None and not (RANGING.search(words.left) and owner.explicit):
        return "a range of sizes"
    if quantity.series:
        return (
            ""
            if (owner.explicit and (SIZES_WORD.search(words.sentence) or SIZES_LISTED.search(words.left)))
            or (early and FAMILY_WORD.search(words.sentence))
            else "sizes, and nothing says whose"
        )
    if quantity.loose and not (owner.explicit and IS_A.search(words.left)):
        return "a size in passing"
    if not owner.explicit and page.paper:
        return "no model is named beside it"
    if pronoun and page.paper and not early:
        return "one of several models of the authors"
    return ""


def nearby(page: Page, at: int) -> bool:
    """Whether the sentences around speak of training (in the same paragraph)."""
    text = page.text
    low, high = max(0, at - 260), min(len(text), at + 160)
    low = max(low, text.rfind("\n\n", low, at) + 1)
    cut = text.find("\n\n", at, high)
    high = cut if cut > 0 else high
    return TRAINING.search(text, low, high) is not None or ENERGY.search(text, low, high) is not None


def size_mismatch(name: str, what: Measure, value: float) -> str:
    """Why a parameter count cannot be the named model's, or nothing."""
    sizes = sorted(size for size in parts(name).sizes if size.startswith("a") == (what is Measure.ACTIVE))
    stated = [number for size in sizes if (number := size_value(size))]
    if not stated or any(0.7 < value / number < 1.45 for number in stated):  # "X-1B-7B" gives both
        return ""
    return f"the name says {sizes[0].upper()}"
