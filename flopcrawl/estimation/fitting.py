"""Fitting a calibration on models whose own claims give their compute, and judging it on models released later.

Robust throughout: regressions by Huber's M-estimator (statsmodels); their spread as the scale of a Student-t with 4
degrees of freedom by maximum likelihood (scipy); the spread of stated evidence by its median error. Nothing here reads
a reference data set: a :class:`Known` model is made of the project's own claims only, without what a person entered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import statsmodels.api as sm
from scipy.stats import t as student

from flopcrawl.estimation import leaderboard, parameters, undisclosed
from flopcrawl.estimation.active import active_parameters
from flopcrawl.estimation.calibration import (
    STARTING,
    STARTING_REGRESSION_SPREAD,
    YEAR_ZERO,
    Calibration,
    Regression,
    Spread,
)
from flopcrawl.estimation.combine import AGREE_WITHIN
from flopcrawl.estimation.dates import year
from flopcrawl.estimation.distribution import DEGREES_OF_FREEDOM, half_width
from flopcrawl.estimation.regressions import is_language_model, rating_at_release
from flopcrawl.estimation.types import ModelFacts, Peer
from flopcrawl.vocabulary import Method

PRIOR_MODELS = 5
"""A fitted spread weighs as much as its models, the starting one as much as so many: few models move it little."""

MODELS_PER_COEFFICIENT = 3
"""A regression is fitted on at least so many models per coefficient, the constant included."""

MIN_PAIRS = 5
"""A spread of stated evidence is fitted on at least so many pairs of values that agree within 3×; others are conflicts,
which go to review and have a spread of their own."""

FIRST_ORIGIN = 0.5
ORIGINS = 6
"""Rolling origin: the first fit sees this share of the models in order of release, then so many equal steps follow."""

SMALLEST_SPREAD = 0.03
"""Decades below which no spread falls: stated numbers are rounded to two digits."""


@dataclass(frozen=True, slots=True)
class Known:
    """A model whose compute its developer's facts give: ``flop`` by method (FLOP), ``chosen`` the best of them.

    ``mfu_stated`` tells which kind of hardware estimate it is; ``imputed`` that its active parameters were.
    """

    facts: ModelFacts
    chosen: float
    flop: Mapping[Method, float]
    mfu_stated: bool = False
    imputed: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of a regression's data: the model, its release (years), features, and log10 FLOP."""

    model_key: str
    released: float
    features: Mapping[str, float]
    target: float


@dataclass(frozen=True, slots=True)
class Tried:
    """A prediction (log10 FLOP) for a model released after all that the fit saw, beside what is known of it."""

    model_key: str
    predicted: float
    target: float

    @property
    def error(self) -> float:
        """How far the prediction is off, in decades."""
        return self.predicted - self.target


@dataclass(frozen=True, slots=True)
class Fitted:
    """A calibration and, for each regression, how it did on later models."""

    calibration: Calibration
    tried: Mapping[Method, tuple[Tried, ...]] = field(default_factory=dict)


def scale(errors: Sequence[float]) -> float:
    """Spread (decades) of errors around zero: scale of the t distribution that estimates are stated in."""
    _, _, found = student.fit(np.asarray(errors, dtype=float), fdf=DEGREES_OF_FREEDOM, floc=0.0)
    return float(found)


def core(errors: Sequence[float]) -> float:
    """Spread (decades) from the median error alone, for pairs of claims: one misread page in three does not move it."""
    return float(np.median(np.abs(errors)) / half_width(0.5))


def shrunk(spread: float, n: int, start: float) -> float:
    """The spread of ``n`` errors, drawn towards ``start`` as far as there are few of them (both in decades)."""
    weighed = n * math.log(max(spread, SMALLEST_SPREAD)) + PRIOR_MODELS * math.log(start)
    return math.exp(weighed / (n + PRIOR_MODELS))


def fit_line(samples: Sequence[Sample]) -> dict[str, float] | None:
    """Coefficients of log10 FLOP on the samples' features, by Huber's estimator; None where there are too few models.

    A feature that does not vary among the samples is left out: nothing can be learnt of it.
    """
    if not samples:
        return None
    names = [name for name in samples[0].features if len({round(sample.features[name], 9) for sample in samples}) > 1]
    if len(samples) < MODELS_PER_COEFFICIENT * (len(names) + 1):
        return None
    design = np.array([[1.0, *(sample.features[name] for name in names)] for sample in samples])
    target = np.array([sample.target for sample in samples])
    found = sm.RLM(target, design, M=sm.robust.norms.HuberT()).fit()
    return dict(zip(("const", *names), (float(value) for value in found.params), strict=True))


def roll(samples: Sequence[Sample]) -> tuple[Tried, ...]:
    """Predictions for later models by fits on earlier ones, origin after origin."""
    ordered = sorted(samples, key=lambda sample: (sample.released, sample.model_key))
    cuts = np.linspace(FIRST_ORIGIN * len(ordered), len(ordered), ORIGINS + 1).round().astype(int)
    tried: list[Tried] = []
    for start, stop in pairwise(cuts):
        line = fit_line(ordered[:start])
        if line is None:
            continue
        regression = Regression(line, 0.0)
        tried += [
            Tried(sample.model_key, regression.predict(sample.features), sample.target)
            for sample in ordered[start:stop]
        ]
    return tuple(tried)


def fit_regression(method: Method, samples: Sequence[Sample]) -> tuple[Regression, tuple[Tried, ...]] | None:
    """A regression on all samples; its spread is that of its errors on later models, where there are such."""
    line = fit_line(samples)
    if line is None:
        return None
    tried = roll(samples)
    regression = Regression(line, 0.0)
    errors = [each.error for each in tried] or [
        regression.predict(sample.features) - sample.target for sample in samples
    ]
    spread = shrunk(scale(errors), len(errors), STARTING_REGRESSION_SPREAD[method])
    return Regression(line, spread, tuple(sorted(sample.model_key for sample in samples))), tried


def samples_for(method: Method, known: Sequence[Known], peers: Sequence[Peer]) -> list[Sample]:
    """The data of one regression: language models with all its features, in the order of their keys."""
    features = FEATURES[method]
    found = []
    for each in sorted(known, key=lambda model: model.facts.model_key):
        released = year(each.facts.release_date)
        if released is None or each.imputed or not is_language_model(each.facts):
            continue
        values = features(each.facts, peers)
        if values is not None:
            found.append(Sample(each.facts.model_key, released, values, math.log10(each.chosen)))
    return found


def _by_parameters(facts: ModelFacts, _: Sequence[Peer]) -> dict[str, float] | None:
    active, released = active_parameters(facts), year(facts.release_date)
    if active is None or released is None or facts.base_model_key:
        return None
    return parameters.features(active, released - YEAR_ZERO)


def _by_leaderboard(facts: ModelFacts, _: Sequence[Peer]) -> dict[str, float] | None:
    active, released, rating = active_parameters(facts), year(facts.release_date), rating_at_release(facts)
    if active is None or released is None or rating is None:
        return None
    return leaderboard.features(active, released - YEAR_ZERO, rating)


FEATURES: Mapping[Method, Callable[[ModelFacts, Sequence[Peer]], dict[str, float] | None]] = {
    Method.PARAMETERS: _by_parameters,
    Method.LEADERBOARD: _by_leaderboard,
    Method.UNDISCLOSED: undisclosed.features,
}


def errors_by_spread(known: Sequence[Known]) -> dict[Spread, dict[str, float]]:
    """Errors (decades) of each kind of evidence by model: against what is reported; hardware against operations too."""
    errors: dict[Spread, dict[str, float]] = {spread: {} for spread in Spread}
    for each in known:
        key, flop = each.facts.model_key, each.flop
        reported, by_operations = flop.get(Method.REPORTED), flop.get(Method.OPERATIONS)
        by_hardware = flop.get(Method.HARDWARE)
        if reported and by_operations:
            kind = Spread.OPERATIONS_ACTIVE_IMPUTED if each.imputed else Spread.OPERATIONS
            errors[kind][key] = math.log10(by_operations / reported)
        if reported and (both := flop.get(Method.OPERATIONS_HARDWARE)):
            errors[Spread.OPERATIONS_HARDWARE][key] = math.log10(both / reported)
        against = reported or (None if each.imputed else by_operations)
        if by_hardware and against:
            kind = Spread.HARDWARE_STATED_MFU if each.mfu_stated else Spread.HARDWARE_DEFAULT_MFU
            errors[kind][key] = math.log10(by_hardware / against)
    return errors


def fit(known: Sequence[Known], date: str) -> Fitted:
    """Everything that can be fitted on the known models; ``date`` (ISO) is kept with it."""
    spreads = dict(STARTING)
    fitted_on: dict[Spread, tuple[str, ...]] = {}
    for spread, every in errors_by_spread(known).items():
        errors = {key: error for key, error in every.items() if abs(error) <= math.log10(AGREE_WITHIN)}
        if len(errors) >= MIN_PAIRS:
            spreads[spread] = shrunk(core(list(errors.values())), len(errors), STARTING[spread])
            fitted_on[spread] = tuple(sorted(errors))
    regressions = dict(Calibration.provisional().regressions)
    tried: dict[Method, tuple[Tried, ...]] = {}
    peers = [
        Peer(each.facts.model_key, each.facts.organization, each.facts.release_date, each.chosen, each.facts.ratings)
        for each in known
        if each.facts.release_date and not each.facts.base_model_key
    ]
    for method in FEATURES:
        found = fit_regression(method, samples_for(method, known, peers))
        if found is not None:
            regressions[method], tried[method] = found
    return Fitted(Calibration(date, spreads, regressions, fitted_on), tried)
