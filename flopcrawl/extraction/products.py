"""Figures of one run that confirm each other: chips times hours make the chip-hours that stand beside them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from flopcrawl.extraction.weighing import UNTIED, Candidate
from flopcrawl.vocabulary import Field, Scope

NEAR = 300
"""Characters within which the three stand."""
ROUNDING = 0.05
"""How far the product may be from what is stated, both being rounded."""
CONFIRMED = 2.0
"""What being confirmed adds to a score."""
MANY = 40
"""A page with more figures of a kind is no account of one run."""


def confirm(found: Sequence[Candidate]) -> None:
    """Tie figures to the run that their product ties them to.

    Where a number of chips, a duration and chip-hours agree and one of them is the model's, the others are its as well,
    unless something speaks against them.
    """
    kinds = [
        [each for each in found if each.field is field and (each.scope is Scope.MODEL or each.reason in UNTIED)]
        for field in (Field.GPU_COUNT, Field.TRAINING_DAYS, Field.GPU_HOURS)
    ]
    if not all(kinds) or max(map(len, kinds)) > MANY:
        return
    for three in product(*kinds):
        chips, days, hours = three
        near = max(each.start for each in three) - min(each.start for each in three) <= NEAR
        if not near or abs(chips.value * days.value * 24 - hours.value) > ROUNDING * hours.value:
            continue
        tied = [each for each in three if each.scope is Scope.MODEL]
        if tied and len({each.owner.name for each in tied}) == 1:
            for each in three:
                each.owner, each.scope, each.reason = tied[0].owner, Scope.MODEL, ""
                each.score += CONFIRMED
