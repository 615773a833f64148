"""Claims that cannot all be true: a stated compute against what the same page's other numbers imply.

A model's FLOP, chip-hours and tokens imply each other roughly: 6 operations per active parameter and token, and some
1e14 to 1e15 FLOP/s per chip. A claim two orders of magnitude off is a misread unit or a mistake in the page.
This is said to who reads one page. What is stored is held against all pages of the model, by the same bounds, in
:mod:`flopcrawl.estimation.plausibility`, which alone marks claims.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from flopcrawl.items import Fact
from flopcrawl.vocabulary import FAR_APART, MORE_ACTIVE, Field, Scope

OPERATIONS_PER_TOKEN = 6.0
"""Forward and backward pass of one parameter and one token (Kaplan et al., 2020)."""
CHIP_FLOP_PER_SECOND = 1.5e14
"""What a training chip of 2020–2025 really delivers: 0.3–0.5 of a dense 16-bit peak of 3e14 to 1e15 FLOP/s."""
TOLERANCE = FAR_APART
"""Factor beyond which a claim is held back for review."""
OLD_CHIP_SLACK = 10.0
"""Chips before 2020 are up to ten times slower than :data:`CHIP_FLOP_PER_SECOND`: so much more room for chip-hours."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A fact that its page's other facts contradict, and why. It is kept, sent to review, and not used in silence."""

    fact: Fact
    reason: str


def doubts(facts: Iterable[Fact]) -> list[Doubt]:
    """The facts whose implied compute is off by more than :data:`TOLERANCE` from what the model's other facts imply."""
    by_model: dict[str, dict[Field, Fact]] = defaultdict(dict)
    for fact in facts:
        if fact.scope is Scope.MODEL and fact.model and isinstance(fact.value, float):
            by_model[fact.model].setdefault(fact.field, fact)
    found: list[Doubt] = []
    for stated in by_model.values():
        found += _doubts_of(stated)
    return found


def implied(stated: dict[Field, Fact]) -> dict[Field, float]:
    """The compute (FLOP) that each fact implies: as stated, 6·N·D by its tokens, its chip-hours."""
    number = {field: float(fact.value) for field, fact in stated.items() if isinstance(fact.value, float)}
    flop: dict[Field, float] = {}
    if Field.FLOP_REPORTED in number:
        flop[Field.FLOP_REPORTED] = number[Field.FLOP_REPORTED]
    parameters = number.get(Field.PARAMETERS_ACTIVE, number.get(Field.PARAMETERS_TOTAL))
    if parameters and Field.TOKENS_TRAINED in number:
        flop[Field.TOKENS_TRAINED] = OPERATIONS_PER_TOKEN * parameters * number[Field.TOKENS_TRAINED]
    if Field.GPU_HOURS in number:
        flop[Field.GPU_HOURS] = number[Field.GPU_HOURS] * 3600.0 * CHIP_FLOP_PER_SECOND
    return flop


def _doubts_of(stated: dict[Field, Fact]) -> list[Doubt]:
    found: list[Doubt] = []
    number = {field: float(fact.value) for field, fact in stated.items() if isinstance(fact.value, float)}
    total, active = number.get(Field.PARAMETERS_TOTAL), number.get(Field.PARAMETERS_ACTIVE)
    if total and active and active > MORE_ACTIVE * total:
        found.append(
            Doubt(stated[Field.PARAMETERS_ACTIVE], f"more active parameters ({active:.3g}) than in all ({total:.3g})")
        )
    flop = implied(stated)
    for field, value in flop.items():
        others = [other for name, other in flop.items() if name is not field]
        limit = TOLERANCE * (OLD_CHIP_SLACK if Field.GPU_HOURS in flop else 1.0)
        if others and all(abs(math.log10(value / other)) > math.log10(limit) for other in others):
            found.append(Doubt(stated[field], f"implies {value:.2g} FLOP, the page's other figures {others[0]:.2g}"))
    return found
