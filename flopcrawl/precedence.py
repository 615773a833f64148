"""Which of several claims about one field decides: one readable table, applied to every field alike.

A claim is ranked by who says it (:data:`RANKS`), then by how exactly it is said (:data:`EXACTNESS`), then by how many
other claims agree with it. What is left is decided by the field's own rule (:data:`PREFER`), and at last by the
claim's id, so that the choice never depends on the order in which sources ran.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from flopcrawl.vocabulary import FIELDS, Field, Kind, Qualifier


class Rank(IntEnum):
    """Who says it, most telling first."""

    CORRECTION = 0
    ACCEPTED = 1
    DEVELOPER = 2
    PASTED = 3
    REUPLOAD = 4
    MODELS_CSV = 5
    CATALOGUE = 6
    RIVAL = 7


RANKS = {
    Rank.CORRECTION: "a row of corrections.csv",
    Rank.ACCEPTED: "a claim that a person accepted in decisions.csv",
    Rank.DEVELOPER: "the developer's own page: site, model card, repository, paper",
    Rank.PASTED: "a page that a person pasted",
    Rank.REUPLOAD: "somebody else's copy of a model card",
    Rank.MODELS_CSV: "a row of models.csv",
    Rank.CATALOGUE: "a leaderboard or a catalogue",
    Rank.RIVAL: "another developer's page, which names the model beside its own",
}

CATALOGUES = frozenset({"arena", "models_dev", "openrouter", "litellm", "open_leaderboard", "huggingface_papers"})
"""Sources that tell of other people's models."""

EXACTNESS = (Qualifier.EXACT, Qualifier.ABOUT, Qualifier.RANGE, Qualifier.MORE, Qualifier.LESS)
"""How exactly a value is said, best first."""

PREFER = {
    Field.RELEASE_DATE: min,
    Field.NAME: min,
    Field.PARAMETERS_ACTIVE: min,
}
"""Which value wins among equals: the largest, but for these. A model's first announcement is its release; the shortest
spelling is its name; an active count above another one usually counts the embeddings as well."""

AGREEMENT = 0.05
"""Two numbers agree when they differ by at most this share of the larger one."""

DISAGREEMENT = 2.0
"""Current claims of one rank that differ by more than this factor go to review (ESTIMATION: within 2× is agreement)."""


class Candidate(NamedTuple):
    """One claim, or one hand-edited cell, that could decide a field."""

    claim_id: str
    value: str
    number: float | None
    number_high: float | None
    qualifier: Qualifier
    rank: Rank
    source: str
    url: str
    origin: str


def agree(a: Candidate, b: Candidate) -> bool:
    """Do two candidates say the same, up to rounding and case?"""
    if a.number is None or b.number is None:
        return a.value.casefold() == b.value.casefold()
    return abs(a.number - b.number) <= AGREEMENT * max(abs(a.number), abs(b.number))


def choose(field: Field, candidates: Sequence[Candidate]) -> Candidate:
    """The candidate that decides ``field``. Raises ValueError where there is none."""
    rank = min(candidate.rank for candidate in candidates)
    exactness = min(EXACTNESS.index(candidate.qualifier) for candidate in candidates if candidate.rank is rank)
    best = [c for c in candidates if c.rank is rank and EXACTNESS.index(c.qualifier) == exactness]
    if len(best) == 1:
        return best[0]
    # each source counts once: a page that repeats itself is not a second witness
    support = {c.claim_id: len({other.source for other in candidates if agree(c, other)}) for c in best}
    most = max(support.values())
    best = [c for c in best if support[c.claim_id] == most]
    if field == Field.NAME:
        return min(best, key=lambda c: (len(c.value), c.value, c.claim_id))
    if FIELDS[field].kind is Kind.NUMBER:
        extreme = PREFER.get(field, max)(c.number or 0.0 for c in best)
        best = [c for c in best if (c.number or 0.0) == extreme]
    elif field in PREFER:
        extreme_text = PREFER[field](c.value for c in best)
        best = [c for c in best if c.value == extreme_text]
    return min(best, key=lambda c: (c.value, c.claim_id))


def disagreement(candidates: Iterable[Candidate]) -> tuple[Candidate, Candidate] | None:
    """The two candidates of the deciding rank that differ most, if by more than :data:`DISAGREEMENT`."""
    stated = [c for c in candidates if c.number is not None and c.qualifier in (Qualifier.EXACT, Qualifier.ABOUT)]
    if not stated:
        return None
    rank = min(c.rank for c in stated)
    peers = sorted((c for c in stated if c.rank is rank), key=lambda c: (c.number or 0.0, c.claim_id))
    low, high = peers[0], peers[-1]
    if (high.number or 0.0) > DISAGREEMENT * (low.number or 0.0):
        return low, high
    return None
