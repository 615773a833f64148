"""What the regressions have in common: features of a model, and who may be estimated by one."""

from __future__ import annotations

from flopcrawl.estimation.dates import year
from flopcrawl.estimation.types import ModelFacts, Rating
from flopcrawl.vocabulary import Domain, Field

POINTS = 100.0
"""Ratings enter regressions in hundreds of points."""

LANGUAGE_DOMAINS = frozenset({Domain.LANGUAGE, Domain.MULTIMODAL})


def is_language_model(facts: ModelFacts) -> bool:
    """Whether the domain is language, or several with language among them, or not stated, or the text board rates it.

    Everything that is fitted is fitted on language models; for the others only facts of the run count.
    """
    named = {part.strip().lower() for part in facts.domain.split(",") if part.strip()}
    return bool(facts.ratings) or not named or any(domain.lower() in named for domain in LANGUAGE_DOMAINS)


def rating_at_release(facts: ModelFacts) -> Rating | None:
    """The model's first rating; ratings drift as the board is re-anchored, so later ones are not comparable."""
    if facts.ratings:
        return min(facts.ratings, key=lambda rating: (rating.published, rating.value))
    stated = facts.number(Field.ARENA_RATING)
    return None if stated is None else Rating(facts.release_date, stated)


def years_since_zero(facts: ModelFacts, zero: float) -> float | None:
    """Years from ``zero`` to the release; None where the release is unknown."""
    released = year(facts.release_date)
    return None if released is None else released - zero
