"""All methods on one model, the one that is chosen, and what follows from it: the order of precedence is here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flopcrawl.estimation import (
    base,
    bound,
    breakeven,
    hardware,
    leaderboard,
    manual,
    operations,
    parameters,
    reported,
    undisclosed,
    words,
)
from flopcrawl.estimation.calibration import Calibration, Spread
from flopcrawl.estimation.dates import year
from flopcrawl.estimation.distribution import confidence, interval
from flopcrawl.estimation.thresholds import MAIN, classify, thresholds
from flopcrawl.estimation.types import Assessment, Estimate, ModelFacts, Peer, Refused, Statement
from flopcrawl.vocabulary import Classification, Confidence, Field, Method

PRECEDENCE: tuple[Method, ...] = (
    Method.REPORTED, Method.OPERATIONS_HARDWARE, Method.OPERATIONS, Method.HARDWARE, Method.MANUAL, Method.BASE,
    Method.LEADERBOARD, Method.UNDISCLOSED, Method.PARAMETERS,
)  # fmt: skip
"""The first of these with a value is chosen. A value of corrections.csv comes before all of them; one of models.csv
stands where ``manual`` stands here, below everything that the developer discloses. A bound never is a value."""

DISCLOSED: frozenset[Method] = frozenset({
    Method.REPORTED, Method.OPERATIONS_HARDWARE, Method.OPERATIONS, Method.HARDWARE,
})  # fmt: skip
"""Methods that rest on what a developer says of its run: these make a model a peer, and count for a calibration."""

AGREE_WITHIN = 3.0
"""Operations and hardware further apart than this factor are in conflict."""

OPERATIONS_WEIGHT = 0.7
"""Weight of operations beside hardware, in log space (the project's specification)."""

TOKENS_SEEN_SINCE = 2023.0
"""Year from which a stated token count is what was seen in training, as LLaMA's (arXiv 2302.13971) and those after it.
Before, reports gave the corpus that was passed over many times (BERT: 40 epochs, arXiv 1810.04805; XLM-R, T5)."""

DISAGREE_FROM = 2.0
"""Two values of different origin further apart than this factor go to review."""

WHY: dict[Method, str] = {
    Method.MANUAL: "A person entered the compute, with a source",
    Method.REPORTED: "The developer states the training compute",
    Method.OPERATIONS_HARDWARE: "Stated size and tokens agree with the stated hardware and time",
    Method.OPERATIONS: "The developer states how many tokens the model was trained on",
    Method.HARDWARE: "The developer states the hardware and the time of the training run",
    Method.BASE: "The model continues a known one, and what it adds is unknown and taken as small",
    Method.BOUND: "Only a bound is stated",
    Method.LEADERBOARD: "Nothing is stated of tokens or hardware; size and leaderboard rating are known",
    Method.UNDISCLOSED: "The developer states nothing of the training; its rating is compared with known models'",
    Method.PARAMETERS: "Only the model's size and date are known",
}
"""Why a method was used, as the opening of the reason."""


def operations_hardware(
    by_operations: Estimate | None,
    by_hardware: Estimate | None,
    calibration: Calibration,
    released: float | None = None,
) -> Estimate | None:
    """Both methods as one (FLOP): a weighted mean of log10 where they agree within 3×.

    In conflict, operations stands with a wide spread and a note. Hardware stands instead where the active parameters
    were imputed, and where it says more and the model was ``released`` (year) before token counts meant tokens seen.
    None where one of the two has no value.
    """
    if by_operations is None or by_operations.flop is None or by_hardware is None or by_hardware.flop is None:
        return None
    imputed = by_operations.active_imputed
    ratio = by_operations.flop / by_hardware.flop
    if not 1 / AGREE_WITHIN <= ratio <= AGREE_WITHIN:
        corpus_only = released is not None and released < TOKENS_SEEN_SINCE and ratio < 1
        kept = by_hardware if imputed or corpus_only else by_operations
        return replace(
            kept,
            sigma=max(kept.sigma, calibration.spreads[Spread.CONFLICT]),
            note=f"operations ({words.flop(by_operations.flop)} FLOP) and hardware "
            f"({words.flop(by_hardware.flop)} FLOP) are {words.factor(ratio)} apart",
        )
    weight = OPERATIONS_WEIGHT
    spread = calibration.spreads[Spread.OPERATIONS_HARDWARE]
    if imputed:  # the better known of the two weighs more
        weight = by_hardware.sigma**2 / (by_operations.sigma**2 + by_hardware.sigma**2)
        spread = by_operations.sigma * by_hardware.sigma / math.hypot(by_operations.sigma, by_hardware.sigma)

    def mean(first: float, second: float) -> float:
        return float(10 ** (weight * math.log10(first) + (1 - weight) * math.log10(second)))

    flop = mean(by_operations.flop, by_hardware.flop)
    own = None
    if by_operations.own_flop and by_hardware.own_flop:
        own = mean(by_operations.own_flop, by_hardware.own_flop)
    return Estimate(
        Method.OPERATIONS_HARDWARE,
        flop,
        spread,
        f"{by_operations.formula}; {by_hardware.formula}; weighed {weight:.2g} to {1 - weight:.2g} = "
        f"{words.flop(flop)} FLOP",
        {**by_hardware.inputs, **by_operations.inputs},
        own_flop=own,
        note="; ".join(note for note in (by_operations.note, by_hardware.note) if note),
    )


@dataclass(frozen=True, slots=True)
class Run:
    """Every method that could run on a model, and what could not and why.

    ``pair`` is the method that speaks for operations and hardware where both have a value.
    """

    estimates: tuple[Estimate, ...]
    refused: tuple[Refused, ...]
    pair: Method | None = None

    @property
    def by_method(self) -> dict[Method, Estimate]:
        """The estimates by their method."""
        return {each.method: each for each in self.estimates}


def run_all(facts: ModelFacts, calibration: Calibration, peers: Sequence[Peer] = ()) -> Run:
    """Every method on one model. Where operations and hardware conflict, the one that stands has its spread widened."""
    results: list[Estimate | Refused | None] = [
        manual.estimate(facts), reported.estimate(facts, calibration), operations.estimate(facts, calibration),
        hardware.estimate(facts, calibration), base.estimate(facts, calibration), bound.estimate(facts),
        leaderboard.estimate(facts, calibration), undisclosed.estimate(facts, calibration, peers),
        parameters.estimate(facts, calibration),
    ]  # fmt: skip
    found = {result.method: result for result in results if isinstance(result, Estimate)}
    pair = operations_hardware(
        found.get(Method.OPERATIONS), found.get(Method.HARDWARE), calibration, year(facts.release_date)
    )
    if pair is not None:
        found[pair.method] = pair
    return Run(
        tuple(sorted(found.values(), key=lambda each: list(Method).index(each.method))),
        tuple(result for result in results if isinstance(result, Refused)),
        None if pair is None else pair.method,
    )


def choose(facts: ModelFacts, run: Run) -> Estimate | None:
    """The estimate that decides the row: the first by :data:`PRECEDENCE`, a bound where nothing has a value."""
    valued = {method: each for method, each in run.by_method.items() if each.flop is not None}
    if facts.correction is not None and Method.MANUAL in valued:
        return valued[Method.MANUAL]
    if run.pair is not None:
        for method in {Method.OPERATIONS, Method.HARDWARE} - {run.pair}:
            valued.pop(method, None)
    for method in PRECEDENCE:
        if method in valued:
            return valued[method]
    return next((each for each in run.estimates if each.at_least is not None or each.at_most is not None), None)


def statements(chosen: Estimate | None, run: Run) -> tuple[Statement, ...]:
    """The chosen estimate against every threshold, with every bound taken into account."""
    if chosen is None:
        return tuple(Statement(each.flop, None, Classification.UNKNOWN, each.basis) for each in thresholds())
    at_least, at_most = bound.limits(run.estimates)
    found = []
    for each in thresholds():
        probability = bound.probability(each.flop, chosen, at_least, at_most)
        found.append(Statement(each.flop, probability, classify(probability), each.basis))
    return tuple(found)


def disagreements(run: Run) -> list[str]:
    """Values of different origin that are more than 2× apart: what is stated, entered, and computed from the run."""
    values = [
        (method, each.flop)
        for method in (Method.MANUAL, Method.REPORTED, run.pair or Method.OPERATIONS, Method.HARDWARE)
        if (each := run.by_method.get(method)) is not None and each.flop is not None
    ]
    return [
        f"{first} ({words.flop(a)}) and {second} ({words.flop(b)} FLOP) are {words.factor(a / b)} apart"
        for index, (first, a) in enumerate(values)
        for second, b in values[index + 1 :]
        if not 1 / DISAGREE_FROM <= a / b <= DISAGREE_FROM and {first, second} & {Method.MANUAL, Method.REPORTED}
    ]


def reason(chosen: Estimate | None, main: Statement) -> str:
    """Why the row says what it says, in one sentence."""
    if chosen is None:
        return "Nothing is known that training compute could be estimated from."
    said = f"{WHY[chosen.method]}: {chosen.formula}"
    if chosen.flop is not None:
        low, high = interval(chosen.flop, chosen.sigma)
        said += f" (90 % between {words.flop(low)} and {words.flop(high)})"
    if main.probability is None:
        return f"{said}, which does not decide whether it is over {words.flop(main.threshold)}."
    return f"{said}, so the chance of being over {words.flop(main.threshold)} is {words.percent(main.probability)}."


def review(facts: ModelFacts, run: Run, main: Statement, peers: Sequence[Peer]) -> str:
    """What a person should look at: conflicts, what was refused, notes, and what would settle an open case."""
    parts = [*disagreements(run), *(f"{each.method}: {each.reason}" for each in run.refused)]
    parts += [each.note for each in run.estimates if each.note and each.note not in parts]
    if main.classification is Classification.UNCERTAIN:
        parts.append(breakeven.sentence(facts, main.threshold))
    if not run.estimates and (open_case := undisclosed.contender(facts, peers)):
        parts.append(open_case)
    return "; ".join(dict.fromkeys(parts))


def assess(facts: ModelFacts, calibration: Calibration, peers: Sequence[Peer] = ()) -> Assessment:
    """All that can be said of one model. Pure: the same facts, calibration and peers give the same, in any order.

    ``peers`` are models whose compute is disclosed (see :func:`as_peer`); without them ``undisclosed`` says nothing.
    """
    run = run_all(facts, calibration, peers)
    chosen = choose(facts, run)
    said = statements(chosen, run)
    main = next(each for each in said if each.threshold == MAIN)
    word = Confidence.UNKNOWN if chosen is None or chosen.flop is None else confidence(chosen.sigma)
    return Assessment(run.estimates, chosen, word, said, reason(chosen, main), review(facts, run, main, peers))


def as_peer(facts: ModelFacts, assessment: Assessment) -> Peer | None:
    """The model as a peer of undisclosed ones; None unless its compute rests on what its developer discloses."""
    chosen = assessment.chosen
    if chosen is None or chosen.flop is None or chosen.method not in DISCLOSED:
        return None
    return Peer(
        facts.model_key, facts.organization, facts.release_date, chosen.flop, facts.ratings,
        open_weights=undisclosed.has_open_weights(facts.text(Field.ACCESSIBILITY), facts.text(Field.LICENSE)),
    )  # fmt: skip
