"""From a cleaned document to quoted facts: every number is measured, checked for traps, given an owner.

The order of work is the order of the functions: :func:`candidates` asks of each number what it counts and whose it is;
:func:`choose` keeps one value for each model and field; :func:`read_document` adds what is no number (names, dates,
licences, base models). :attr:`Reading.decisions` says of every number why it was taken or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from flopcrawl.extraction.accelerators import accelerators
from flopcrawl.extraction.announcements import announced, foreign, name_facts
from flopcrawl.extraction.choosing import (
    BETTER,
    REPEATED,
    choose,
    members_before_names,
    members_of_tables,
    with_base_size,
)
from flopcrawl.extraction.context import Page
from flopcrawl.extraction.document import Document
from flopcrawl.extraction.fields import text_facts
from flopcrawl.extraction.labels import label_before, label_measure
from flopcrawl.extraction.named_sizes import sizes_of_names
from flopcrawl.extraction.numbers import Number, qualifier_before
from flopcrawl.extraction.plausibility import Doubt, doubts
from flopcrawl.extraction.products import confirm
from flopcrawl.extraction.sharing import shared
from flopcrawl.extraction.subjects import (
    Owner,
    Subjects,
    find_subjects,
)  # fmt: skip
from flopcrawl.extraction.surroundings import around
from flopcrawl.extraction.traps import trapped
from flopcrawl.extraction.units import Measure, Quantity
from flopcrawl.extraction.weighing import (
    HARDWARE_HEADING,
    TRAINING,
    Candidate,
    Decision,
    candidates,
    find_owner,
)
from flopcrawl.items import BadValueError, Fact
from flopcrawl.vocabulary import Field, Qualifier, Scope

TRAINED_WITH = re.compile(r"\btrain\w*,? (?:with|on|using|across)\b[^.;]{0,50}$", re.IGNORECASE)


ALTERNATIVES = re.compile(r"\beither\b[^.;]*\bor\b|\bsupports?\b[^.;]*\btraining with\b", re.IGNORECASE)


SAYS_TRAINED = re.compile(r"hours|hardware of type|GPUs\s?:|\bwork was (?:performed|done|carried out)\b")
"""What says of a chip, without the word, that it was trained on."""
HARDWARE_COLUMN = re.compile(r"\b(?:gpu|tpu|hardware|accelerator|chip)s?\b", re.IGNORECASE)


@dataclass(slots=True)
class Reading:
    """What was read from one text."""

    document: Document
    facts: list[Fact] = field(default_factory=list)
    subjects: Subjects = field(default_factory=Subjects)
    decisions: list[Decision] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def add(self, part: Reading, start: int) -> None:
        """Take over what was read from a part of the page whose text begins at ``start`` of the whole."""
        for fact in part.facts:
            moved = fact.start is not None and fact.end is not None
            self.facts.append(replace(fact, start=fact.start + start, end=fact.end + start) if moved else fact)  # type: ignore[operator]
        self.decisions += [d._replace(start=d.start + start, end=d.end + start) for d in part.decisions]
        self.doubts += part.doubts


def written(value: float) -> float:
    """A value as it is written: 0.415, where 41.5 hundredths make 0.41500000000000004."""
    return float(f"{value:.12g}")


def fact_of(candidate: Candidate, text: str) -> Fact | None:
    """The fact of a candidate, or None where its value is out of physical bounds."""
    number = candidate.quantity.number
    qualifier = number.qualifier
    if qualifier is Qualifier.EXACT:
        qualifier = qualifier_before(text, number.start)
    if qualifier is Qualifier.EXACT and text[number.end : number.end + 1] == "+":
        qualifier = Qualifier.MORE
    try:
        high = candidate.quantity.high
        return Fact(
            candidate.field, written(candidate.value), candidate.owner.name, None if high is None else written(high),
            qualifier, candidate.scope, text[candidate.start : candidate.end], candidate.start, candidate.end,
        )  # fmt: skip
    except BadValueError:
        return None


def hardware(page: Page, subjects: Subjects, chosen: list[Candidate]) -> list[Fact]:
    """The accelerators that the page says a model was trained on.

    A paper that trains on several by turns tells of its experiments: there, those of a named model count.
    """
    found = list(counted(page, chosen))
    have = {(fact.model, fact.value) for fact, _ in found}
    others = (
        [
            (c.start, c.end)
            for c in chosen
            if c.field is Field.GPU_COUNT and c.scope is not Scope.MODEL and c.reason not in (BETTER, REPEATED)
        ]
        if not page.paper
        else []
    )
    found += [
        (fact, owner)
        for fact, owner in trained_on(page, subjects)
        if (fact.model, fact.value) not in have and not any(a <= (fact.start or 0) < b for a, b in others)
    ]
    named = {fact.model for fact, owner in found if not owner.reason.startswith("says")}
    kinds = {fact.value for fact, _ in found}
    if not page.paper or len(kinds) < 2:
        return [fact for fact, _ in found]
    return [fact for fact, owner in found if not named or not owner.reason.startswith("says")]


def counted(page: Page, chosen: list[Candidate]) -> Iterator[tuple[Fact, Owner]]:
    """The accelerators that a model's own chips or chip-hours name: ``3,000 H200s``."""
    for candidate in chosen:
        if candidate.scope is Scope.MODEL and candidate.field in (Field.GPU_COUNT, Field.GPU_HOURS):
            for chip in accelerators(page.text[candidate.start : candidate.end]):
                start, end = candidate.start + chip.start, candidate.start + chip.end
                quote = page.text[start:end]
                yield (
                    Fact(Field.GPU_TYPE, chip.name, candidate.owner.name, quote=quote, start=start, end=end),
                    candidate.owner,
                )


def trained_on(page: Page, subjects: Subjects) -> Iterator[tuple[Fact, Owner]]:
    """The accelerators beside words of training, with whose each is."""
    seen: set[tuple[str | None, str]] = set()
    for chip in accelerators(page.body):
        if page.in_code(chip.start):
            continue
        number = Number(1.0, chip.start, chip.end)
        quantity = Quantity(Measure.CHIPS, 1.0, chip.start, chip.end, number)
        place = page.place(chip.start)
        words = around(page, quantity, place)
        trained = bool(
            TRAINING.search(words.sentence)
            or (not page.paper and HARDWARE_HEADING.search(words.heading))
            or (
                place is not None
                and (HARDWARE_COLUMN.search(place.column) or label_measure(place.row) is Measure.CHIPS)
            )
        )
        count = re.search(r"\d[\d,]*\s?[x×*]?\s?$", page.text[max(0, chip.start - 12) : chip.start])
        label = label_before(page.text, chip.start - (len(count[0]) if count else 0))
        trained = trained or (bool(label) and label_measure(label) is Measure.CHIPS)
        if (
            subjects.foreign
            or page.text[max(0, chip.start - 4) : chip.start].endswith(" or ")
            or ALTERNATIVES.search(words.sentence)
            or (not trained and not SAYS_TRAINED.search(words.sentence))
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
        quote = page.text[chip.start : chip.end]
        yield Fact(Field.GPU_TYPE, chip.name, owner.name, quote=quote, start=chip.start, end=chip.end), owner


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
    confirm(found)
    members_of_tables(found)
    members_before_names(found, page.flow, subjects.names)
    chosen = choose(found)
    facts_of_text = text_facts(page, subjects)
    chosen = with_base_size(chosen, subjects, facts_of_text)
    facts = [fact for candidate in chosen if (fact := fact_of(candidate, page.text))]
    facts += sizes_of_names(subjects, page, facts)
    facts += hardware(page, subjects, chosen)
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
    facts += list(shared(page, subjects, facts))
    facts += name_facts(page, subjects)
    decisions.sort(key=lambda decision: decision.start)
    return Reading(document, facts, subjects, decisions, doubts(facts))
