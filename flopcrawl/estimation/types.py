"""What estimation takes and gives: inputs with their claims, a model's facts, estimates on log10, an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flopcrawl.vocabulary import Classification, Confidence, Field, Method, Origin, Qualifier


@dataclass(frozen=True, slots=True)
class Input:
    """One value that an estimate may use, with the claim or hand-edited row it came from.

    ``value`` is in the field's unit (:data:`flopcrawl.vocabulary.FIELDS`). ``claim_id`` is a claim's id, or
    ``file:line`` of a hand-edited row. ``within_factor`` is a person's statement "90 % sure within this factor".
    """

    value: float | str
    claim_id: str = ""
    qualifier: Qualifier = Qualifier.EXACT
    number_high: float | None = None
    origin: Origin = Origin.SCRAPED
    within_factor: float | None = None

    @property
    def number(self) -> float:
        """The value as a number. Raises TypeError for a text."""
        if isinstance(self.value, str):
            raise TypeError(f"{self.value!r} is a text")
        return self.value


@dataclass(frozen=True, slots=True)
class Estimate:
    """Training compute by one method: a distribution on log10 FLOP (Student-t, 4 degrees of freedom).

    ``flop`` is the median in FLOP, ``own_flop`` the part without the base model. ``sigma`` is the spread in decades.
    ``flop`` is None for a one-sided bound, which then is in ``at_least`` or ``at_most`` (FLOP). ``formula`` is
    readable, with the numbers filled in; ``inputs`` maps a field's name to its claim id and value.
    ``note`` says what a person should look at ("" where nothing). ``active_imputed`` is set where the number of active
    parameters was not stated anywhere.
    """

    method: Method
    flop: float | None
    sigma: float
    formula: str
    inputs: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    own_flop: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""
    active_imputed: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A method that had something to work with and could not use it, and why, for the review queue."""

    method: Method
    reason: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A model's raw leaderboard rating on one day (ISO date)."""

    published: str
    value: float


@dataclass(frozen=True, slots=True)
class Peer:
    """Another model of known compute, to compare an undisclosed one with.

    ``flop`` is its total in FLOP; ``ratings`` its whole rating history. ``disclosed`` tells a compute that follows from
    its developer's facts from one that a person entered: the latter tells of a developer's scale, and of nothing else.
    ``open_weights`` tells whether everybody can have its weights.
    """

    model_key: str
    organization: str
    release_date: str
    flop: float
    ratings: tuple[Rating, ...] = ()
    disclosed: bool = True
    open_weights: bool = False


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Everything about one model that estimation may look at. Reference values are not among it.

    ``inputs`` has the deciding value of each field. ``bounds`` are statements of "more than / less than X FLOP".
    ``correction`` is a value of corrections.csv, ``manual`` one of models.csv (both ``flop_reported``).
    ``base`` is the chosen estimate of the base model, None where there is none or it is unknown.
    ``ratings`` is the model's history on the text leaderboard, raw (not style-controlled).
    """

    model_key: str
    name: str
    organization: str = ""
    release_date: str = ""
    domain: str = ""
    inputs: Mapping[Field, Input] = field(default_factory=dict)
    bounds: tuple[Input, ...] = ()
    correction: Input | None = None
    manual: Input | None = None
    base_model_key: str = ""
    base: Estimate | None = None
    ratings: tuple[Rating, ...] = ()

    def number(self, name: Field) -> float | None:
        """The deciding number of a field, None where nothing is known of it."""
        found = self.inputs.get(name)
        return None if found is None else found.number

    def text(self, name: Field) -> str:
        """The deciding text of a field, "" where nothing is known of it."""
        found = self.inputs.get(name)
        return "" if found is None else str(found.value)

    def cite(self, *names: Field) -> dict[str, dict[str, object]]:
        """The inputs of an estimate as they are kept: field to claim id, value and qualifier."""
        return {str(name): describe(self.inputs[name]) for name in names if name in self.inputs}


def describe(value: Input) -> dict[str, object]:
    """One input as it is kept with an estimate, in JSON types."""
    described: dict[str, object] = {
        "claim": value.claim_id, "value": value.value, "qualifier": str(value.qualifier), "origin": str(value.origin),
    }  # fmt: skip
    if value.number_high is not None:
        described["high"] = value.number_high
    return described


@dataclass(frozen=True, slots=True)
class Statement:
    """Where a model stands against one threshold (FLOP)."""

    threshold: float
    probability: float | None
    classification: Classification
    basis: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that is said of one model: every estimate, the chosen one, the statements, and why in one sentence.

    ``review`` names what a person should look at, and what would settle it ("" where nothing).
    """

    estimates: tuple[Estimate, ...]
    chosen: Estimate | None
    confidence: Confidence
    statements: tuple[Statement, ...]
    reason: str
    review: str = ""
