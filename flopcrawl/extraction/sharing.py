"""What a page says once of a whole series, as one fact for each member: its tokens, its chips, its maker.

``All models were trained on 2T tokens`` on a page of a 7B and a 70B model is a fact of both. Members are told by the
sizes that the page gives; a figure that a member has of its own stays the member's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from flopcrawl.extraction.accelerators import accelerators
from flopcrawl.extraction.context import Page
from flopcrawl.extraction.names import FORMS, TIERS, parts
from flopcrawl.extraction.subjects import Subjects
from flopcrawl.items import Fact
from flopcrawl.vocabulary import Field, Scope

OF_EVERY_MEMBER = frozenset({Field.ORGANIZATION, Field.LICENSE})
"""Fields that no page gives for one member alone, unless it names that one."""
SHARED = frozenset({Field.TOKENS_TRAINED, Field.EPOCHS, Field.GPU_TYPE, Field.MFU})
"""Fields that are every member's where the sentence says so. Hours, days and FLOP are summed over a series instead."""
EVERY = re.compile(
    r"\b(?:all|each|every)\b(?: of)?(?: (?:the|our|these|those|its|two|three|four|five|six|seven|eight|nine|ten|\d+))*"
    r"(?: [\w.-]+){0,3} (?:models?|LLMs|sizes|variants|versions|networks)\b|\ball of them\b|"
    r"\b(?:these|those|both|our|the) (?:two |three |four |five )?models\b|\bmodels of all sizes\b|"
    r"(?:所有|全部|每个)[^，。]{0,8}模型|均(?:在|使用|采用|基于)",
    re.IGNORECASE,
)
"""Words for every member of a series, before the number that is all theirs."""


def shared(page: Page, subjects: Subjects, facts: list[Fact]) -> Iterator[Fact]:
    """The facts of members that the page gives for all of them at once."""
    own = [fact for fact in facts if fact.scope is Scope.MODEL]
    members = {
        parts(fact.model): fact.model
        for fact in own
        if fact.model and is_member(fact.model, subjects) and of_one_kind(fact.model, subjects)
    }
    if not members:
        return
    have = {(parts(fact.model or ""), fact.field) for fact in own}
    for fact in own:
        if fact.model is None or not (fact.model == subjects.primary or is_member(fact.model, subjects)):
            continue
        if not (fact.field in OF_EVERY_MEMBER or (fact.field in SHARED and says_every(page, fact))):
            continue
        for member, name in members.items():
            if (member, fact.field) not in have:
                have.add((member, fact.field))
                yield replace(fact, model=name)


def is_member(name: str, subjects: Subjects) -> bool:
    """Whether a name is a sized member of the line that the page is about, of whatever kind (``X-Coder-7B``)."""
    member, line = parts(name), parts(subjects.primary or "")
    return bool(member.sizes) and member.stem == line.stem and member.versions == line.versions


def of_one_kind(name: str, subjects: Subjects) -> bool:
    """Whether a member is of the kind that the page is about: what is said of all of ``X`` is not of ``X-Coder``."""
    return not (parts(name).words ^ parts(subjects.primary or "").words) - FORMS - TIERS


def says_every(page: Page, fact: Fact) -> bool:
    """Whether the words of the sentence before a fact speak of every model."""
    if fact.start is None:
        return False
    start, end = page.sentence(fact.start)
    if fact.field is Field.GPU_TYPE and len({chip.name for chip in accelerators(page.flow[start:end])}) > 1:
        return False  # some of them on one kind of chip, some on another
    return EVERY.search(page.flow, start, fact.start) is not None
