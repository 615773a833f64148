"""``undisclosed``: for labs that state nothing.

The rating at release is compared with that of the lowest-rated model known to be over 1e25 at that time, both as on
the board of one day; release date and the developer's known scale come in beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from flopcrawl.estimation import words
from flopcrawl.estimation.calibration import YEAR_ZERO, Calibration
from flopcrawl.estimation.regressions import POINTS, is_language_model, rating_at_release, years_since_zero
from flopcrawl.estimation.thresholds import MAIN
from flopcrawl.estimation.types import Estimate, ModelFacts, Peer, Rating
from flopcrawl.vocabulary import Method


def rating_on(peer: Peer, day: str) -> float | None:
    """A peer's latest rating on or before ``day`` (ISO), None where it was not rated yet."""
    before = [rating for rating in peer.ratings if rating.published <= day]
    return max(before, key=lambda rating: rating.published).value if before else None


def floor(facts: ModelFacts, rating: Rating, peers: Sequence[Peer]) -> float | None:
    """Rating, on the day of the model's own ``rating``, of the lowest-rated peer over 1e25 FLOP at the model's release.

    Where none was released by then, that of the first one released after it. None where no such peer is rated.
    """
    over = [
        (peer.release_date, value)
        for peer in peers
        if peer.flop >= MAIN and peer.model_key != facts.model_key and peer.release_date
        if (value := rating_on(peer, rating.published)) is not None
    ]
    by_then = [value for released, value in over if released <= facts.release_date]
    return min(by_then) if by_then else min(over, default=(None, None))[1]


def developer_scale(facts: ModelFacts, peers: Sequence[Peer]) -> float | None:
    """The largest known compute (FLOP) of the developer's models released before this one, None where none is known."""
    earlier = (
        peer.flop
        for peer in peers
        if peer.organization
        and peer.organization == facts.organization
        and peer.model_key != facts.model_key
        and peer.release_date
        and peer.release_date < facts.release_date
    )
    return max(earlier, default=None)


def features(facts: ModelFacts, peers: Sequence[Peer]) -> dict[str, float] | None:
    """Features of the regression, None where the model is unrated or undated, or no rated peer is over 1e25.

    ``margin``: rating above that of the lowest-rated peer over 1e25, in hundreds of points. ``years`` since 2023.
    ``scale``: decades of the developer's known scale above the peers' median, 0 where it is unknown.
    """
    rating, years = rating_at_release(facts), years_since_zero(facts, YEAR_ZERO)
    if rating is None or years is None:
        return None
    lowest = floor(facts, rating, peers)
    if lowest is None:
        return None
    scale = developer_scale(facts, peers)
    return {
        "margin": (rating.value - lowest) / POINTS,
        "years": years,
        "scale": 0.0 if scale is None else math.log10(scale / median(peer.flop for peer in peers)),
    }


def estimate(facts: ModelFacts, calibration: Calibration, peers: Sequence[Peer]) -> Estimate | None:
    """Training compute (FLOP, everything included) of a language model whose developer states nothing about it."""
    fit = calibration.regressions.get(Method.UNDISCLOSED)
    if fit is None or not is_language_model(facts):
        return None
    found = features(facts, peers)
    if found is None:
        return None
    rating = rating_at_release(facts)
    assert rating is not None  # features() needs it
    flop = 10 ** fit.predict(found)
    side = "above" if found["margin"] >= 0 else "below"
    known = developer_scale(facts, peers)
    scale = "of unknown scale" if known is None else f"known for up to {words.flop(known)} FLOP"
    return Estimate(
        Method.UNDISCLOSED,
        flop,
        fit.spread,
        f"rated {rating.value:.0f}, {abs(POINTS * found['margin']):.0f} points {side} the lowest-rated model known to "
        f"be over {words.flop(MAIN)}, released {facts.release_date}, by a developer {scale}: {words.flop(flop)} FLOP",
        {"rating_at_release": {"value": rating.value, "date": rating.published}}
        | {name: {"value": value} for name, value in found.items()},
    )
