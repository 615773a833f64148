"""From what was read of a page to what is said of each model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from flopcrawl.extraction import Reading
from flopcrawl.items import Fact
from flopcrawl.vocabulary import Scope


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
    yield from found.items()
