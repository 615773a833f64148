"""``operations``: six operations per active parameter and token."""

from __future__ import annotations

import math

from flopcrawl.estimation import words
from flopcrawl.estimation.active import OPERATIONS, active_parameters
from flopcrawl.estimation.base import with_base
from flopcrawl.estimation.calibration import Calibration, Spread
from flopcrawl.estimation.tokens import tokens_seen
from flopcrawl.estimation.types import Estimate, ModelFacts, Refused
from flopcrawl.vocabulary import Method

ONE_EPOCH_ASSUMED = 0.15
"""Spread (decades) that an unstated number of epochs adds: most runs see their data once, some up to four times."""


def estimate(facts: ModelFacts, calibration: Calibration) -> Estimate | Refused | None:
    """Training compute in FLOP: 6 · active parameters (count) · tokens seen (count), plus the base model's compute.

    Refused where tokens are stated and nothing says how large the model is. A vague range of tokens is a bound.
    """
    tokens = tokens_seen(facts)
    if tokens is None or tokens.is_vague:
        return None
    active = active_parameters(facts)
    if active is None:
        return Refused(Method.OPERATIONS, f"{tokens.words} are stated, the number of parameters is not")
    flop = OPERATIONS * active.count * tokens.count
    kind = Spread.OPERATIONS_ACTIVE_IMPUTED if active.imputed else Spread.OPERATIONS
    note = "; ".join(part for part in (tokens.note, "active parameters are imputed" if active.imputed else "") if part)
    own = Estimate(
        Method.OPERATIONS,
        flop,
        math.hypot(calibration.spreads[kind], tokens.sigma, ONE_EPOCH_ASSUMED if tokens.note else 0.0),
        f"6 × {active.words} × {tokens.words} = {words.flop(flop)} FLOP",
        facts.cite(*active.fields, *tokens.fields),
        note=note,
        active_imputed=active.imputed,
    )
    return with_base(own, facts, calibration)
