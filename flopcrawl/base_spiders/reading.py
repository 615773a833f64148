"""From what was read of a page to what is said of each model."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from flopcrawl.extraction import Reading
from flopcrawl.items import Fact
from flopcrawl.vocabulary import Field, Qualifier, Scope

WORD = re.compile(r"[^\W\d_]{3,}")
COMMON = frozenset("base chat instruct mini lite large small medium pro flash model models the and for new".split())
"""Words that names of unrelated models share."""


def items_of(reading: Reading, default: str = "") -> Iterator[tuple[str, list[Fact]]]:
    """Each model that a page is about, with its facts.

    A fact that names no model belongs to ``default`` (the model whose page it is); without one it is left out, unless
    the page is about a single model. Facts of other scopes (families, rates) go with the model beside which they stand.
    """
    named = list(dict.fromkeys(fact.model for fact in reading.facts if fact.model and fact.scope is Scope.MODEL))
    fallback = default or (named[0] if len(named) == 1 else "")
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in reading.facts:
        if model := fact.model or fallback:
            found[model].append(fact)
    for model, facts in found.items():
        if not any(fact.field is Field.RELEASE_DATE for fact in facts):
            facts.extend(family_date(model, found))
    yield from found.items()


def family_date(model: str, found: Mapping[str, list[Fact]]) -> list[Fact]:
    """The release date that a page states for the family of a sized model, as about the member's.

    "Llama 3.1" is the family of "Llama 3.1 405B": what a member's name adds to its family's is a size.
    """
    families = [name for name in found if re.fullmatch(rf"{re.escape(name)}[ -]\d[\w.-]*", model, re.IGNORECASE)]
    if not families:
        return []
    dates = [fact for fact in found[max(families, key=len)] if fact.field is Field.RELEASE_DATE]
    return [replace(fact, model=model, qualifier=Qualifier.ABOUT) for fact in dates[:1]]


def announced(reading: Reading, page: str = "") -> Iterator[tuple[str, list[Fact]]]:
    """The models that a page announces, and those of their families, with their facts.

    Rivals that it compares itself with are not for its author to state facts of; a page that announces nothing gives
    nothing. ``page`` is the page's own name, where that tells what it is about (a repository's).
    """
    names = [str(fact.value) for fact in reading.facts if fact.field is Field.NAME]
    own = family_words([*names, page]) if names else set()
    for model, facts in items_of(reading):
        if model in names or own & family_words([model]):
            yield model, facts


def family_words(names: Iterable[str]) -> set[str]:
    """The words by which members of a family know each other: the first two of each name that are not common ones."""
    return {word for name in names for word in [w.lower() for w in WORD.findall(name) if w.lower() not in COMMON][:2]}


def owner_of(facts: Iterable[Fact]) -> str:
    """The developer that a page names for a model; "" where it names none."""
    return next((str(fact.value) for fact in facts if fact.field is Field.ORGANIZATION), "")
