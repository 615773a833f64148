"""``manual``: a value that a person entered, as sure as that person says."""

from __future__ import annotations

from flopcrawl.estimation import words
from flopcrawl.estimation.distribution import sigma_within
from flopcrawl.estimation.types import Estimate, Input, ModelFacts, Refused, describe
from flopcrawl.vocabulary import Field, Method


def estimate(facts: ModelFacts) -> Estimate | Refused | None:
    """Training compute in FLOP, as entered in corrections.csv, else in models.csv.

    The spread is log10(within_factor) / 2.132 decades: the person is 90 % sure to be within that factor.
    Refused where the factor is missing or 1.
    """
    entered = facts.correction or facts.manual
    if entered is None:
        return None
    if entered.within_factor is None or not entered.within_factor > 1:
        return Refused(Method.MANUAL, f"{entered.claim_id}: a compute value needs a within_factor above 1")
    return Estimate(
        Method.MANUAL,
        entered.number,
        sigma_within(entered.within_factor),
        f"{words.flop(entered.number)} FLOP, entered by hand, within a factor of {entered.within_factor:g}",
        {str(Field.FLOP_REPORTED): describe(entered)},
        own_flop=own_part(entered, facts),
    )


def own_part(entered: Input, facts: ModelFacts) -> float:
    """The entered total without the base model's compute (FLOP), never below 0."""
    base = facts.base.flop if facts.base is not None else None
    return entered.number if base is None else max(entered.number - base, 0.0)
