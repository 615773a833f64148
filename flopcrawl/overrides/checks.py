"""Checks that need what is known already: does a name mean a model, is a value far from the others?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from rapidfuzz import process

from flopcrawl.identity import Registry
from flopcrawl.overrides.files import CORRECTIONS, EXCLUDE
from flopcrawl.overrides.rows import OverrideRow, Overrides, Problem
from flopcrawl.overrides.tables import ALIKE
from flopcrawl.vocabulary import FAR_APART, FIELDS, Field, Kind

FAR = FAR_APART
"""A value that differs by more than this factor from what else is known must be confirmed in its row."""

CONFIRM = "Check the unit and the zeros; if it is right, write yes in the column confirmed."


@dataclass(slots=True)
class Known:
    """What is known of the models without the hand-edited values.

    ``names`` maps a model's key to its name, ``numbers`` a key to the deciding scraped number of each field, ``flop``
    a key to the estimate (FLOP) that no hand-edited compute went into. ``claims`` are the ids of all claims.
    """

    names: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, dict[Field, float]] = field(default_factory=dict)
    flop: dict[str, float] = field(default_factory=dict)
    claims: frozenset[str] = frozenset()


def registry_of(found: Overrides) -> Registry:
    """Which names are one model, with the rows of aliases.csv and not_same.csv."""
    return Registry.load(
        aliases=[(row.alias, row.model) for row in found.aliases], not_same=[(row.a, row.b) for row in found.not_same]
    )


def far_from(row: OverrideRow, other: float | None) -> str:
    """What to say of a number that is far from ``other``, the value known otherwise; "" where there is nothing."""
    if row.confirmed or other is None or other <= 0 or FIELDS[row.field].kind is not Kind.NUMBER:
        return ""
    factor = max(float(row.value) / other, other / max(float(row.value), 1e-300))
    return f"{float(row.value):g} is {factor:.0f} times away from {other:g}, which is known so far." * (factor > FAR)


def check(found: Overrides, known: Known) -> list[Problem]:
    """Everything that is wrong with the good rows of the files in the light of ``known``, by file and line."""
    registry = registry_of(found)
    keys: dict[str, str] = {}

    def key_of(name: str) -> str:
        if name not in keys:
            keys[name] = registry.resolve(name).model_key
        return keys[name]

    problems = [*_unknown(found, known, registry, key_of), *_far(found, known, key_of)]
    return sorted(problems, key=lambda problem: (problem.file, problem.line))


def _unknown(found: Overrides, known: Known, registry: Registry, key_of: Callable[[str], str]) -> Iterator[Problem]:
    """Rows about a model or a claim that there is not."""
    present = known.names.keys() | {key_of(row.model) for row in found.models}
    choices = {**known.names, **{key_of(row.model): row.model for row in found.models}}
    for file, rows in ((CORRECTIONS, found.corrections), (EXCLUDE, found.exclude)):
        for row in rows:
            if key_of(row.model) not in present:
                remedy = did_you_mean(row.model, choices) or "Add it to models.csv, or see 'scrapy identify'."
                yield Problem(file, row.line, "model", f"no model is known as {row.model!r}.", remedy)
    for alias in found.aliases:
        if key_of(alias.model) not in present and registry.resolve(alias.model).model is None:
            remedy = did_you_mean(alias.model, choices) or "Write the name that the site shows."
            yield Problem(alias.file, alias.line, "model", f"no model is known as {alias.model!r}.", remedy)
    for decision in found.decisions:
        if decision.claim_id not in known.claims:
            yield Problem(
                decision.file, decision.line, "claim_id", f"there is no claim {decision.claim_id!r}.",
                "Copy the row that the site shows beside the claim.",
            )  # fmt: skip


def did_you_mean(name: str, choices: Mapping[str, str]) -> str:
    """The nearest known names as a remedy; "" where none is near."""
    near = process.extract(name, choices, processor=str.casefold, score_cutoff=ALIKE, limit=3)
    return f"Did you mean {' or '.join(repr(match) for match, _, _ in near)}?" if near else ""


def _far(found: Overrides, known: Known, key_of: Callable[[str], str]) -> Iterator[Problem]:
    """Numbers that are far from what is known, and are not confirmed."""
    for row in (*found.models, *found.corrections):
        key = key_of(row.model)
        is_flop = row.field is Field.FLOP_REPORTED
        other = known.flop.get(key) if is_flop else known.numbers.get(key, {}).get(row.field)
        if message := far_from(row, other):
            yield Problem(row.file, row.line, "value" if row.file == CORRECTIONS else row.field, message, CONFIRM)
