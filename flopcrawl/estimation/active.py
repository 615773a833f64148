"""Parameters used for one token: stated, or read from the model's name, or imputed. A total is never used as active.

``N_active`` is what 6 · N · D counts. For a dense model it is the total.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flopcrawl.estimation import words
from flopcrawl.estimation.dates import year
from flopcrawl.estimation.types import ModelFacts
from flopcrawl.vocabulary import Architecture, Field

OPERATIONS = 6.0
"""FLOP per active parameter and token: two for the forward pass and four for the backward pass (Kaplan et al. 2020,
arXiv 2001.08361, section 2.1; Hoffmann et al. 2022, arXiv 2203.15556, appendix F)."""

IMPUTED_SHARE = 0.09
"""Share of a mixture's parameters that is active, where nothing says it (the project's specification)."""

TOP_TWO_FACTOR = 1.78
"""Active parameters of an ``8x7B`` in units of the 7B: two experts and what they share.

Mixtral 8x7B uses 12.9B (arXiv 2401.04088), 1.78 times the 7.24B of Mistral 7B; Mixtral 8x22B 39B of 22B, 1.77 times.
"""

LARGEST_DENSE = 4.06e11
LARGEST_DENSE_YEAR = 2024.0
"""Since this year no dense model above Llama 3.1 405B (arXiv 2407.21783) has been published: a larger one of unknown
architecture is taken as a mixture of experts. Before, dense models of 530B (MT-NLG) and 540B (PaLM) existed."""

UNITS: Mapping[str, float] = {"t": 1e12, "b": 1e9, "m": 1e6}

_SIZE = r"(\d{1,4}(?:\.\d{1,3})?)\s?([TBM])"
_ACTIVE = re.compile(rf"(?<![A-Za-z0-9])A{_SIZE}(?![A-Za-z0-9])", re.IGNORECASE)
_BY_EXPERTS = re.compile(rf"(?<![A-Za-z0-9.]){_SIZE}-(\d{{1,4}})E(?![A-Za-z0-9])", re.IGNORECASE)
_EXPERTS_OF = re.compile(rf"(?<![A-Za-z0-9.])(\d{{1,4}})\s?[x×]\s?{_SIZE}(?![A-Za-z0-9])", re.IGNORECASE)
_PLAIN = re.compile(rf"(?<![A-Za-z0-9.]){_SIZE}(?![A-Za-z0-9])", re.IGNORECASE)
_MIXTURE = re.compile(r"(?<![A-Za-z])MoE(?![a-z])|mixture[ -]of[ -]experts", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Active:
    """Active parameters, how they are known (words for a formula), the fields they rest on, and whether imputed."""

    count: float
    words: str
    fields: tuple[Field, ...] = ()
    imputed: bool = False


def _size(number: str, unit: str) -> float:
    return float(number) * UNITS[unit.lower()]


def active_from_name(name: str) -> Active | None:
    """What a name says of active parameters: ``235B-A22B``, ``17B-128E``, ``8x7B``. None where it says nothing."""
    if match := _ACTIVE.search(name):
        count = _size(match[1], match[2])
        return Active(count, f"{words.short(count)} active parameters (from the name)")
    if match := _BY_EXPERTS.search(name):
        count = _size(match[1], match[2])
        return Active(count, f"{words.short(count)} active parameters (from the name)")
    if (match := _EXPERTS_OF.search(name)) and int(match[1]) > 1:
        count = TOP_TWO_FACTOR * _size(match[2], match[3])
        return Active(count, f"{words.short(count)} active parameters (two of {match[1]} experts, from the name)")
    return None


def total_from_name(name: str) -> float | None:
    """The parameter count that a name states as its size (``Qwen2.5-72B``), None where it states none or several."""
    rest = _ACTIVE.sub(" ", name)
    if _BY_EXPERTS.search(rest) or _EXPERTS_OF.search(rest):
        return None
    sizes = {_size(match[1], match[2]) for match in _PLAIN.finditer(rest)}
    return sizes.pop() if len(sizes) == 1 else None


def is_mixture(facts: ModelFacts, total: float) -> bool:
    """Whether a model of ``total`` parameters (count) is known, or by its size must be taken, to use a part of them."""
    architecture = facts.text(Field.ARCHITECTURE).lower()
    if Architecture.MIXTURE_OF_EXPERTS in architecture or _MIXTURE.search(architecture) or _MIXTURE.search(facts.name):
        return True
    if Architecture.DENSE in architecture:
        return False
    released = year(facts.release_date)
    return total > LARGEST_DENSE and (released is None or released >= LARGEST_DENSE_YEAR)


def active_parameters(facts: ModelFacts) -> Active | None:
    """Active parameters of a model (count): stated, else from the name, else a dense total, else a share of a total.

    None where neither a claim nor the name says how large the model is.
    """
    if (stated := facts.number(Field.PARAMETERS_ACTIVE)) is not None:
        return Active(stated, f"{words.short(stated)} active parameters", (Field.PARAMETERS_ACTIVE,))
    if (named := active_from_name(facts.name)) is not None:
        return named
    total = facts.number(Field.PARAMETERS_TOTAL)
    fields: tuple[Field, ...] = (Field.PARAMETERS_TOTAL,)
    origin = ""
    if total is None:
        total, fields, origin = total_from_name(facts.name), (), " (from the name)"
    if total is None:
        return None
    if not is_mixture(facts, total):
        return Active(total, f"{words.short(total)} parameters{origin}", fields)
    return Active(
        IMPUTED_SHARE * total,
        f"{words.short(IMPUTED_SHARE * total)} active parameters ({IMPUTED_SHARE:g} of {words.short(total)}{origin}, "
        "as the active number is not stated)",
        fields,
        imputed=True,
    )
