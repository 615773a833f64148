"""The thresholds that compute is compared with: data (``thresholds.csv``), and the words for a probability."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from flopcrawl.estimation.data import read_table
from flopcrawl.vocabulary import Classification

MAIN = 1e25
"""The threshold of the list (FLOP)."""

OVER_FROM = 0.9
UNDER_BELOW = 0.1
"""Probabilities from which a model is *over*, and below which it is *under*. Between them it is *uncertain*."""

LISTED_FROM = 0.5
"""Probability from which a model is on the list. Precision and recall use the same line."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One threshold (FLOP), the rule that draws it, and where that is written."""

    flop: float
    basis: str
    source: str


@cache
def thresholds() -> tuple[Threshold, ...]:
    """Every threshold, lowest first."""
    rows = (Threshold(float(row["threshold"]), row["basis"], row["source"]) for row in read_table("thresholds.csv"))
    return tuple(sorted(rows, key=lambda row: row.flop))


def classify(probability: float | None) -> Classification:
    """The word for a probability of being over a threshold; None is *unknown*."""
    if probability is None:
        return Classification.UNKNOWN
    if probability >= OVER_FROM:
        return Classification.OVER
    return Classification.UNDER if probability < UNDER_BELOW else Classification.UNCERTAIN
