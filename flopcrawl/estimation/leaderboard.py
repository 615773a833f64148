"""``leaderboard``: a regression on the rating at release, release date and N_active."""

from __future__ import annotations

import math

from flopcrawl.estimation import words
from flopcrawl.estimation.active import Active, active_parameters
from flopcrawl.estimation.calibration import YEAR_ZERO, Calibration, Spread
from flopcrawl.estimation.regressions import POINTS, is_language_model, rating_at_release, years_since_zero
from flopcrawl.estimation.types import Estimate, ModelFacts, Rating
from flopcrawl.vocabulary import Field, Method


def features(active: Active, years: float, rating: Rating) -> dict[str, float]:
    """Features of the regression: decades of active parameters, years since 2023, hundreds of rating points."""
    return {"log_active": math.log10(active.count), "years": years, "rating": rating.value / POINTS}


def estimate(facts: ModelFacts, calibration: Calibration) -> Estimate | None:
    """Training compute (FLOP, everything included) usual for a language model of this size, rating and release date."""
    fit = calibration.regressions.get(Method.LEADERBOARD)
    active, years, rating = active_parameters(facts), years_since_zero(facts, YEAR_ZERO), rating_at_release(facts)
    if fit is None or active is None or years is None or rating is None or not is_language_model(facts):
        return None
    flop = 10 ** fit.predict(features(active, years, rating))
    return Estimate(
        Method.LEADERBOARD,
        flop,
        math.hypot(fit.spread, calibration.spreads[Spread.OPERATIONS_ACTIVE_IMPUTED] if active.imputed else 0.0),
        f"usual for {active.words} rated {rating.value:.0f} and released {facts.release_date}: {words.flop(flop)} FLOP",
        facts.cite(*active.fields, Field.ARENA_RATING, Field.RELEASE_DATE)
        | {"rating_at_release": {"value": rating.value, "date": rating.published}},
    )
