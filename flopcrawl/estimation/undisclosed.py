"""``undisclosed``: for labs that state nothing.

Two ways. Where the developer's scale is known and recent, the model is taken to be of that scale, moved by its lead in
rating over the model that shows the scale, by the time between the two, and by its tier; a model with open weights is
taken to be of the scale of the developer's other open ones, as closed flagships say nothing of it. Else its rating at
release is compared with that of the lowest-rated model known to be over 1e25 at that time, both as on the board of one
day; release date and the developer's known scale come in beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from statistics import median

from flopcrawl.estimation import words
from flopcrawl.estimation.calibration import BY_SCALE, YEAR_ZERO, Calibration
from flopcrawl.estimation.dates import year
from flopcrawl.estimation.regressions import POINTS, is_language_model, rating_at_release, years_since_zero
from flopcrawl.estimation.thresholds import MAIN
from flopcrawl.estimation.types import Estimate, ModelFacts, Peer, Rating
from flopcrawl.vocabulary import Accessibility, Field, Method

SCALE_YEARS = 2.0
"""A developer's scale tells of models released at most so many years later; training runs outgrow older ones.

A scale over 1e25 FLOP goes on to tell: no developer is known to have gone back below what it trained before. Growth is
carried on for so many years at most.
"""

STEPS_DOWN: Mapping[str, float] = {
    **dict.fromkeys("mini small flash fast haiku air instant".split(), 1.0),
    **dict.fromkeys("nano micro tiny lite".split(), 2.0),
    "medium": 0.5,
}
"""Words by which developers name the smaller models of a family, and how many steps each stands below the largest."""


OPEN = frozenset({
    Accessibility.OPEN_UNRESTRICTED, Accessibility.OPEN_RESTRICTED, Accessibility.OPEN_NON_COMMERCIAL,
})  # fmt: skip


_CLOSED = re.compile(r"proprietary|closed|commercial api|^\W*$", re.IGNORECASE)


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
        if peer.disclosed and peer.flop >= MAIN and peer.model_key != facts.model_key and peer.release_date
        if (value := rating_on(peer, rating.published)) is not None
    ]
    by_then = [value for released, value in over if released <= facts.release_date]
    return min(by_then) if by_then else min(over, default=(None, None))[1]


def contender(facts: ModelFacts, peers: Sequence[Peer]) -> str:
    """Why a model that nothing could be estimated from may be over 1e25 all the same, and what would settle it.

    Its latest rating is compared with that of the lowest-rated model known to be over 1e25, entered by hand or not, on
    the same day: a rating alone gives no number, as old and new models share the board, but it is no reason to stay
    silent either. "" where the model is no language model, or rated lower. For an unrated one see :func:`newcomer`.
    """
    if not is_language_model(facts):
        return ""
    if not facts.ratings:
        return newcomer(facts, peers)
    rating = max(facts.ratings, key=lambda each: (each.published, each.value))
    over = [
        value
        for peer in peers
        if peer.flop >= MAIN and peer.model_key != facts.model_key
        if (value := rating_on(peer, rating.published)) is not None
    ]
    if not over or rating.value < min(over):
        return ""
    settles = "" if facts.release_date else "its release date, or "
    settles += "its active parameters and tokens, or its chips and hours"
    return (
        f"no estimate, but rated {rating.value:.0f} on {rating.published}, {rating.value - min(over):.0f} points above "
        f"the lowest-rated model known to be over {words.flop(MAIN)}: {settles} would settle it"
    )


def newcomer(facts: ModelFacts, peers: Sequence[Peer]) -> str:
    """Why a model that no leaderboard rates yet may be over 1e25: it is newer than its developer's last one that is.

    "" where it is undated, or its developer has no such model, or a later one.
    """
    over = [
        peer
        for peer in peers
        if peer.organization == facts.organization and peer.flop >= MAIN and peer.model_key != facts.model_key
    ]
    last = max(over, key=lambda peer: peer.release_date, default=None)
    if last is None or not last.release_date or facts.release_date <= last.release_date:
        return ""
    return (
        f"no estimate and no rating yet, but newer than {last.model_key}, its developer's last model known to be over "
        f"{words.flop(MAIN)}: a rating, or its active parameters and tokens, or its chips and hours would settle it"
    )


def has_open_weights(accessibility: str, licence: str) -> bool:
    """Can everybody have a model's weights? Where nothing says how it can be used, a licence says so.

    Leaderboards and catalogues give closed models the licence *Proprietary*.
    """
    return accessibility in OPEN if accessibility else bool(licence) and not _CLOSED.search(licence)


def largest_before(facts: ModelFacts, peers: Sequence[Peer]) -> Peer | None:
    """The developer's largest known model released before this one, None where none is known."""
    earlier = [
        peer
        for peer in peers
        if peer.organization
        and peer.organization == facts.organization
        and peer.model_key != facts.model_key
        and peer.release_date
        and peer.release_date < facts.release_date
    ]
    return max(earlier, key=lambda peer: (peer.flop, peer.model_key), default=None)


def developer_scale(facts: ModelFacts, peers: Sequence[Peer]) -> float | None:
    """The largest known compute (FLOP) of the developer's models released before this one, None where none is known."""
    largest = largest_before(facts, peers)
    return None if largest is None else largest.flop


def anchor(facts: ModelFacts, peers: Sequence[Peer]) -> Peer | None:
    """The model that shows the developer's present scale; None where none is known that is recent enough.

    For a model with open weights only others with open weights count.
    """
    if has_open_weights(facts.text(Field.ACCESSIBILITY), facts.text(Field.LICENSE)):
        peers = [peer for peer in peers if peer.open_weights]
    largest, released = largest_before(facts, peers), years_since_zero(facts, YEAR_ZERO)
    if largest is None or released is None:
        return None
    then = year(largest.release_date)
    if then is None:
        return None
    return largest if largest.flop >= MAIN or released - (then - YEAR_ZERO) <= SCALE_YEARS else None


def steps_down(name: str) -> float:
    """How many steps below the largest of its family a name puts a model: 0 where it says nothing, 2 for the least."""
    return max((STEPS_DOWN.get(word, 0.0) for word in re.findall(r"[a-z]+", name.lower())), default=0.0)


def features_by_scale(facts: ModelFacts, peers: Sequence[Peer]) -> dict[str, float] | None:
    """Features of the regression on the developer's scale, None where that is unknown or the model is undated.

    ``lead``: rating above that of the anchor, in hundreds of points, 0 where one of them is unrated. ``gap``: years
    since the anchor's release, :data:`SCALE_YEARS` at most. ``small``: steps by which its name puts it below the
    largest of its family.
    """
    shown, released = anchor(facts, peers), years_since_zero(facts, YEAR_ZERO)
    if shown is None or released is None:
        return None
    rating = rating_at_release(facts)
    theirs = rating_on(shown, rating.published) if rating else None
    then = year(shown.release_date)
    assert then is not None  # anchor() needs it
    return {
        "lead": (rating.value - theirs) / POINTS if rating and theirs is not None else 0.0,
        "gap": min(released - (then - YEAR_ZERO), SCALE_YEARS),
        "small": steps_down(facts.name),
    }


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
        "scale": 0.0 if scale is None else math.log10(scale / median(peer.flop for peer in peers if peer.disclosed)),
    }


def estimate(facts: ModelFacts, calibration: Calibration, peers: Sequence[Peer]) -> Estimate | None:
    """Training compute (FLOP, everything included) of a language model whose developer states nothing about it."""
    if not is_language_model(facts):
        return None
    return by_scale(facts, calibration, peers) or by_margin(facts, calibration, peers)


def by_scale(facts: ModelFacts, calibration: Calibration, peers: Sequence[Peer]) -> Estimate | None:
    """The estimate (FLOP) from the developer's known scale, for a rated model."""
    fit = calibration.regressions.get(BY_SCALE)
    found, shown = features_by_scale(facts, peers), anchor(facts, peers)
    if fit is None or found is None or shown is None or rating_at_release(facts) is None:
        return None
    flop = shown.flop * 10 ** fit.predict(found)
    later = "or more " if found["gap"] == SCALE_YEARS else ""
    tier = ", a smaller tier of its family" if found["small"] else ""
    return Estimate(
        Method.UNDISCLOSED,
        flop,
        fit.spread,
        f"its developer's largest earlier model known, {shown.model_key}, has {words.flop(shown.flop)} FLOP; this one "
        f"was released {found['gap']:.1f} {later}years later and is rated {POINTS * found['lead']:+.0f} points against "
        f"it{tier}: {words.flop(flop)} FLOP",
        {"developer_scale": {"model_key": shown.model_key, "value": shown.flop}}
        | {name: {"value": value} for name, value in found.items()},
    )


def by_margin(facts: ModelFacts, calibration: Calibration, peers: Sequence[Peer]) -> Estimate | None:
    """The estimate (FLOP) from the rating against the lowest-rated model known to be over 1e25."""
    fit = calibration.regressions.get(Method.UNDISCLOSED)
    found = features(facts, peers) if fit is not None else None
    if fit is None or found is None:
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
