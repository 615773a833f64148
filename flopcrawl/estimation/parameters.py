"""``parameters``: a line in log10 N_active and release date, where nothing is known of tokens or hardware."""

from __future__ import annotations

import math

from flopcrawl.estimation import words
from flopcrawl.estimation.active import Active, active_parameters
from flopcrawl.estimation.calibration import YEAR_ZERO, Calibration, Spread
from flopcrawl.estimation.regressions import is_language_model, years_since_zero
from flopcrawl.estimation.types import Estimate, ModelFacts
from flopcrawl.vocabulary import Field, Method


def features(active: Active, years: float) -> dict[str, float]:
    """Features of the line: decades of active parameters, years since 2023."""
    return {"log_active": math.log10(active.count), "years": years}


def estimate(facts: ModelFacts, calibration: Calibration) -> Estimate | None:
    """Training compute (FLOP, everything included) usual for a language model of this size (count) at its release."""
    fit = calibration.regressions.get(Method.PARAMETERS)
    active, years = active_parameters(facts), years_since_zero(facts, YEAR_ZERO)
    if fit is None or active is None or years is None or facts.base is not None or not is_language_model(facts):
        return None
    flop = 10 ** fit.predict(features(active, years))
    return Estimate(
        Method.PARAMETERS,
        flop,
        math.hypot(fit.spread, calibration.spreads[Spread.OPERATIONS_ACTIVE_IMPUTED] if active.imputed else 0.0),
        f"usual for {active.words} released {facts.release_date}: {words.flop(flop)} FLOP",
        facts.cite(*active.fields, Field.RELEASE_DATE),
    )
