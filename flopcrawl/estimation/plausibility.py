"""Facts that cannot all be true: what one of them implies is two orders of magnitude from what the others imply.

Such a claim is kept, marked and sent to review, and the model is estimated without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flopcrawl.estimation import words
from flopcrawl.estimation.types import Estimate, ModelFacts
from flopcrawl.vocabulary import FAR_APART, MORE_ACTIVE, Field, Method

IMPLAUSIBLE_FACTOR = FAR_APART
"""Two methods that differ by more than this factor cannot both rest on facts that were read right."""

SUSPECTS: Mapping[Method, tuple[Field, ...]] = {
    Method.HARDWARE: (Field.GPU_HOURS, Field.TRAINING_DAYS, Field.GPU_COUNT),
    Method.REPORTED: (Field.FLOP_REPORTED,),
    Method.OPERATIONS: (Field.TOKENS_TRAINED, Field.DATASET_TOKENS),
}
"""The inputs that a misreading of each method rests on, least trusted method first: chip-hours are read wrong more
often (rates, parts of a run) than a stated total, and that more often than size and tokens."""


def implausible(facts: ModelFacts, estimates: Iterable[Estimate]) -> dict[str, str]:
    """Claim ids that the model's other facts contradict, each with the reason.

    More active parameters than in all are doubted, and compute that is more than 100× from what other methods say:
    with three methods the one that stands alone, with two the less trusted one.
    """
    return more_active(facts) | far_apart(estimates)


def more_active(facts: ModelFacts) -> dict[str, str]:
    """The claim of active parameters, where it says more of them than the model has."""
    total, active = facts.number(Field.PARAMETERS_TOTAL), facts.number(Field.PARAMETERS_ACTIVE)
    if not total or not active or active <= MORE_ACTIVE * total:
        return {}
    why = f"{Field.PARAMETERS_ACTIVE} {words.short(active)} of {words.short(total)} in all"
    return {facts.inputs[Field.PARAMETERS_ACTIVE].claim_id: why}


def far_apart(estimates: Iterable[Estimate]) -> dict[str, str]:
    """The claims of the one method that differs from all others by more than :data:`IMPLAUSIBLE_FACTOR`."""
    values = {e.method: e for e in estimates if e.method in SUSPECTS and e.flop}

    def apart(first: Method, second: Method) -> bool:
        a, b = values[first].flop or 1.0, values[second].flop or 1.0
        return max(a, b) > IMPLAUSIBLE_FACTOR * min(a, b)

    for method, suspects in SUSPECTS.items():
        others = [other for other in SUSPECTS if other in values and other is not method]
        if method not in values or not others or not all(apart(method, other) for other in others):
            continue
        doubted, other = values[method], values[others[-1]]
        why = (
            f"implies {words.flop(doubted.flop or 0.0)} FLOP, against {words.flop(other.flop or 0.0)} by {other.method}"
        )
        return {
            claim: f"{name} {why}"
            for name in suspects
            if (claim := str(doubted.inputs.get(str(name), {}).get("claim", "")))
        }
    return {}
