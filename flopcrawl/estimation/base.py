"""``base``: what a model inherits. Compute is cumulative, and a base counts once.

A chain of models is estimated from its root up, so that the base's chosen estimate, everything it inherited included,
is there before its descendants are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from flopcrawl.estimation import words
from flopcrawl.estimation.active import OPERATIONS, active_parameters
from flopcrawl.estimation.calibration import Calibration, Spread
from flopcrawl.estimation.types import Estimate, ModelFacts
from flopcrawl.vocabulary import Method

DERIVATIVE_SHARE = 1 / 3
"""A model by another developer that adds less than this share of its base's compute is a derivative.

The share from which the EU counts a modifier as provider of a new model (European Commission, guidelines for
general-purpose AI models, July 2025: more than a third of the original model's training compute).
"""


def estimate(facts: ModelFacts, calibration: Calibration) -> Estimate | None:
    """The base's compute (FLOP) alone, for a model whose own compute is unknown and taken to be small."""
    if facts.base is None or facts.base.flop is None:
        return None
    return Estimate(
        Method.BASE,
        facts.base.flop,
        math.hypot(facts.base.sigma, calibration.spreads[Spread.BASE]),
        f"{words.flop(facts.base.flop)} FLOP of its base model {facts.base_model_key}, its own compute being unknown",
        {"base_model": {"model_key": facts.base_model_key, "value": facts.base.flop, "method": str(facts.base.method)}},
    )


TOKENS_OF_A_WHOLE_RUN = 20.0
"""Tokens per active parameter from which a run is a whole pre-training and no addition to one (compute-optimal training
has about so many: Hoffmann et al. 2022, arXiv 2203.15556)."""


def is_whole_run(own_flop: float, facts: ModelFacts) -> bool:
    """Whether a model's own compute (FLOP) is that of a whole pre-training: 6 · N · 20 N or more."""
    active = active_parameters(facts)
    return active is not None and own_flop >= OPERATIONS * TOKENS_OF_A_WHOLE_RUN * active.count**2


def with_base(own: Estimate, facts: ModelFacts, calibration: Calibration) -> Estimate:
    """``own`` (the model's own compute, FLOP) with its base's compute added once.

    The spread (decades) weighs both parts by their share of the sum. Where the base's compute is unknown, the own part
    is a lower bound of the total; it stands for the total, with a wide spread, only where it is a whole run by itself.
    """
    if own.flop is None or not facts.base_model_key:
        return replace(own, own_flop=own.flop)
    if facts.base is None or facts.base.flop is None:
        whole = is_whole_run(own.flop, facts)
        return replace(
            own, flop=own.flop if whole else None, own_flop=own.flop, at_least=own.flop,
            sigma=max(own.sigma, calibration.spreads[Spread.CONFLICT]),
            formula=f"{own.formula}, on top of {facts.base_model_key}, whose compute is unknown",
            note=_join(own.note, f"the compute of its base model {facts.base_model_key} is unknown"),
        )  # fmt: skip
    total = own.flop + facts.base.flop
    return replace(
        own,
        flop=total,
        own_flop=own.flop,
        sigma=math.hypot(own.sigma * own.flop / total, facts.base.sigma * facts.base.flop / total),
        formula=f"{own.formula}; + {words.flop(facts.base.flop)} of its base {facts.base_model_key} "
        f"= {words.flop(total)} FLOP",
        inputs={**own.inputs, "base_model": {"model_key": facts.base_model_key, "value": facts.base.flop}},
    )


def _join(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def is_derivative(
    own_flop: float | None, base_flop: float | None, *, same_developer: bool, same_shape: bool = True
) -> bool:
    """Whether a model is a derivative: another developer's, of the base's architecture and size, with little added.

    ``own_flop`` and ``base_flop`` in FLOP; an unknown own compute of a fine-tune counts as little. A model whose base's
    compute is unknown is a derivative too, unless its own is known.
    """
    if same_developer or not same_shape:
        return False
    if own_flop is None:
        return True
    return base_flop is not None and own_flop < DERIVATIVE_SHARE * base_flop


@dataclass(frozen=True, slots=True)
class Order:
    """Models with every base before its descendants, and the models whose bases form a circle and are refused."""

    keys: tuple[str, ...]
    cyclic: frozenset[str]


def derivation_order(base_of: Mapping[str, str]) -> Order:
    """The order in which models can be estimated; ``base_of`` maps a model's key to its base's key ("" for none).

    A link on a circle is dropped for every model of the circle: none of them is anybody's base by it. The order does
    not depend on the mapping's.
    """
    links = {key: base for key, base in sorted(base_of.items()) if base}
    cyclic: set[str] = set()
    while True:
        sorter = TopologicalSorter({key: [base] for key, base in links.items()})
        for key in sorted(base_of):
            sorter.add(key)
        try:
            return Order(tuple(sorter.static_order()), frozenset(cyclic))
        except CycleError as error:
            circle = set(error.args[1])
            cyclic |= circle
            links = {key: base for key, base in links.items() if key not in circle}
