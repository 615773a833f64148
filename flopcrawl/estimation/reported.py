"""``reported``: the developer states the training compute."""

from __future__ import annotations

import math

from flopcrawl.estimation import words
from flopcrawl.estimation.calibration import Calibration, Spread
from flopcrawl.estimation.tokens import ends
from flopcrawl.estimation.types import Estimate, ModelFacts
from flopcrawl.vocabulary import Field, Method, Qualifier

ABOUT = 0.05
"""Spread (decades) that "about" adds: a number rounded to one digit is off by up to 12 % either way."""


def estimate(facts: ModelFacts, calibration: Calibration) -> Estimate | None:
    """Training compute in FLOP as stated. "More than" and "less than" are bounds and not taken here.

    Where a base model is known and the statement is below the base's compute, it can only mean the model's own part.
    """
    stated = facts.inputs.get(Field.FLOP_REPORTED)
    if stated is None or stated.qualifier in (Qualifier.MORE, Qualifier.LESS):
        return None
    low, high = ends(stated)
    flop = math.sqrt(low * high)
    spread = math.hypot(
        calibration.spreads[Spread.REPORTED],
        ABOUT if stated.qualifier == Qualifier.ABOUT else 0.0,
        math.log10(high / low) / 2,
    )
    formula = f"{'about ' if stated.qualifier == Qualifier.ABOUT else ''}{words.flop(flop)} FLOP stated"
    cited = facts.cite(Field.FLOP_REPORTED)
    base = facts.base.flop if facts.base is not None else None
    if base is None:
        return Estimate(Method.REPORTED, flop, spread, formula, cited, own_flop=flop)
    if flop >= base:
        return Estimate(Method.REPORTED, flop, spread, formula, cited, own_flop=flop - base)
    return Estimate(
        Method.REPORTED, flop + base, max(spread, facts.base.sigma if facts.base else 0.0),
        f"{formula} for its own training + {words.flop(base)} of the base model = {words.flop(flop + base)} FLOP",
        cited, own_flop=flop, note="the stated compute is below the base model's and is taken as the part on top of it",
    )  # fmt: skip
