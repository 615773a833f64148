"""``bound``: statements that the compute is more or less than X FLOP. They decide a probability; no value is invented.

Two kinds: what a developer or regulator states ("trained with more than 1e25 FLOP"), and what a vague amount implies
("tens of trillions of tokens" at known active parameters). Compute inherited from a base whose own is unknown is a
third: the model's own part is a lower bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flopcrawl.estimation import words
from flopcrawl.estimation.active import OPERATIONS, active_parameters
from flopcrawl.estimation.distribution import probability_over
from flopcrawl.estimation.tokens import tokens_seen
from flopcrawl.estimation.types import Estimate, Input, ModelFacts, describe
from flopcrawl.vocabulary import Field, Method, Qualifier

TRUST = 0.95
"""Share of such statements that are taken as right. With one alone a model is *over* (P ≥ .9), never certain."""


def stated(facts: ModelFacts) -> list[Input]:
    """The statements of being over or under an amount of FLOP, in an order that does not depend on their arrival."""
    reported = facts.inputs.get(Field.FLOP_REPORTED)
    every = [*facts.bounds, *([reported] if reported is not None else [])]
    unique = {(value.claim_id, value.number, value.qualifier): value for value in every if _is_bound(value)}
    return [unique[key] for key in sorted(unique)]


def _is_bound(value: Input) -> bool:
    return value.qualifier in (Qualifier.MORE, Qualifier.LESS)


def estimate(facts: ModelFacts) -> Estimate | None:
    """The tightest bounds (FLOP) that are stated, else what a vague number of tokens implies; None where neither is."""
    found = stated(facts)
    if found:
        lower = max((value.number for value in found if value.qualifier == Qualifier.MORE), default=None)
        upper = min((value.number for value in found if value.qualifier == Qualifier.LESS), default=None)
        note = ""
        if lower is not None and upper is not None and lower > upper:
            note = f"statements contradict each other: more than {words.flop(lower)} and less than {words.flop(upper)}"
            lower = upper = None
        cited = {f"{Field.FLOP_REPORTED} {number}": describe(value) for number, value in enumerate(found, start=1)}
        return Estimate(
            Method.BOUND, None, 0.0, f"stated: {_range(lower, upper)}", cited, at_least=lower, at_most=upper, note=note
        )
    tokens, active = tokens_seen(facts), active_parameters(facts)
    if tokens is None or not tokens.is_vague or active is None or active.imputed or facts.base_model_key:
        return None
    lower, upper = (OPERATIONS * active.count * end for end in (tokens.low, tokens.high))
    return Estimate(
        Method.BOUND,
        None,
        0.0,
        f"6 × {active.words} × {tokens.words}: {_range(lower, upper)}",
        facts.cite(*active.fields, *tokens.fields),
        at_least=lower,
        at_most=upper,
        note="only the order of magnitude of the tokens is stated",
    )


def _range(lower: float | None, upper: float | None) -> str:
    parts = []
    if lower is not None:
        parts.append(f"more than {words.flop(lower)} FLOP")
    if upper is not None:
        parts.append(f"less than {words.flop(upper)} FLOP")
    return " and ".join(parts) or "contradictory bounds"


def limits(estimates: Iterable[Estimate]) -> tuple[float | None, float | None]:
    """The tightest (at_least, at_most) of several estimates (FLOP); None where there is none."""
    every: Sequence[Estimate] = list(estimates)
    lower = max((each.at_least for each in every if each.at_least is not None), default=None)
    upper = min((each.at_most for each in every if each.at_most is not None), default=None)
    return lower, upper


def probability(
    threshold: float, value: Estimate | None, at_least: float | None, at_most: float | None
) -> float | None:
    """P(compute > threshold) from an estimate with a value, from bounds (FLOP), or both; None where they do not say.

    With both, the estimate is cut at the bounds and weighed by :data:`TRUST` against the uncut one. Bounds alone
    decide the thresholds that they exclude, and no other.
    """
    if value is None or value.flop is None:
        if at_least is not None and threshold <= at_least:
            return TRUST
        if at_most is not None and threshold >= at_most:
            return 1 - TRUST
        return None
    plain = probability_over(threshold, value.flop, value.sigma)
    if at_least is None and at_most is None:
        return plain
    above_lower = 1.0 if at_least is None else probability_over(at_least, value.flop, value.sigma)
    above_upper = 0.0 if at_most is None else probability_over(at_most, value.flop, value.sigma)
    if at_least is not None and threshold <= at_least:
        cut = 1.0
    elif (at_most is not None and threshold >= at_most) or above_lower <= above_upper:
        cut = 0.0
    else:
        cut = (plain - above_upper) / (above_lower - above_upper)
    return TRUST * min(max(cut, 0.0), 1.0) + (1 - TRUST) * plain
