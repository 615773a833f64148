"""One value for each model and field: the best supported, exact before rounded, the whole before its parts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace

from flopcrawl.extraction.names import narrower, parts, squeezed
from flopcrawl.extraction.subjects import (
    Owner,
    Subjects,
    sized,
)  # fmt: skip
from flopcrawl.extraction.weighing import Candidate, size_text
from flopcrawl.items import Fact
from flopcrawl.vocabulary import Field, Scope

SUMS = (
    Field.PARAMETERS_TOTAL,
    Field.TOKENS_TRAINED,
    Field.TRAINING_DAYS,
    Field.GPU_HOURS,
    Field.FLOP_REPORTED,
    Field.GPU_COUNT,
)
"""Fields whose parts are smaller than the whole: between equals the larger value is the whole."""


BETTER, REPEATED, ROUNDED = "another value is better supported", "said before", "an exact value is given too"


MANY = 200
"""A page with more values or models than this is a catalogue, in which not every one is held against all others."""


def digits_of(candidate: Candidate) -> int:
    """How many significant digits a number is written with."""
    return len(f"{candidate.quantity.number.plain:.12g}".replace(".", "").strip("0"))


Written = dict[tuple[Field, str | None], dict[float, int]]
"""For each field and owner the values given, and with how many digits the most exact spelling of each is written."""


def written(groups: dict[tuple[object, Field], list[Candidate]]) -> Written:
    """What is given for each owner; at most :data:`MANY` values of each, so that no table makes the choice slow."""
    result: Written = {}
    for group in groups.values():
        for candidate in group:
            values = result.setdefault((candidate.field, candidate.owner.name), {})
            if candidate.value in values or len(values) < MANY:
                values[candidate.value] = max(digits_of(candidate), values.get(candidate.value, 0))
    return result


def is_nominal(nominal: Candidate, exact: Candidate) -> bool:
    """Whether a size is the round one that the exact one follows in brackets: ``1B (1.23B)``."""
    near = 0 < exact.start - nominal.end <= 2 and digits_of(exact) > digits_of(nominal)
    return near and 0.7 < exact.value / nominal.value < 1.45


def without_rounded(group: list[Candidate], given: Written) -> tuple[list[Candidate], list[Candidate]]:
    """The values of a group, and those that only round another: an exact one (``8.3T``) within 10 %, or a member's.

    What is said for a rounded value speaks for the exact one too: that is not scored lower.
    """
    owners = [name for which, name in given if which is Field.TOKENS_TRAINED]

    def finer(rounded: Candidate) -> bool:
        if rounded.field is Field.PARAMETERS_TOTAL and any(is_nominal(rounded, other) for other in group):
            return True
        names = {rounded.owner.name}
        if rounded.field is Field.TOKENS_TRAINED and len(owners) <= MANY:
            names.update(name for name in owners if narrower(name or "", rounded.owner.name or ""))
        digits = digits_of(rounded)
        return any(
            value != rounded.value and more > digits and abs(value - rounded.value) <= 0.1 * rounded.value
            for name in names
            for value, more in given.get((rounded.field, name), {}).items()
        )

    exact: list[Candidate] = []
    rounded: list[Candidate] = []
    said: dict[tuple[float, int], float] = {}
    for candidate in group:
        if not finer(candidate):
            exact.append(candidate)
            continue
        rounded.append(candidate)
        spelling = (candidate.value, digits_of(candidate))
        said[spelling] = max(candidate.score, said.get(spelling, candidate.score))
    spellings = list(said.items())[:MANY]
    for candidate in exact if spellings else ():
        digits = digits_of(candidate)
        for (value, fewer), score in spellings:
            if digits > fewer and abs(candidate.value - value) <= 0.1 * value:
                candidate.score = max(candidate.score, score)
    return exact, rounded


def members(candidate: Candidate, own: list[str]) -> int:
    """How many sized members of the family that a candidate's owner names are among ``own``, the names with a size."""
    name = candidate.owner.name or ""
    return 0 if parts(name).sizes else sum(narrower(other, name) for other in own)


def members_of_tables(found: list[Candidate]) -> None:
    """Where tables give one name several sizes, each row is a member of the family: name it by its size."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in found:
        if (
            candidate.field is Field.PARAMETERS_TOTAL
            and candidate.scope is Scope.MODEL
            and candidate.in_table
            and candidate.owner.name
        ):
            groups.setdefault(candidate.owner.name, []).append(candidate)
    for name, group in groups.items():
        if len({candidate.value for candidate in group}) > 1 and not parts(name).sizes:
            rows: dict[int, Candidate] = {}
            for candidate in group:
                nominal = rows.setdefault(candidate.in_table, candidate)
                candidate.owner = sized(candidate.owner, size_text(nominal.quantity.number))


def members_before_names(found: list[Candidate], text: str, names: list[str]) -> None:
    """Where several sizes stand right before one name (``the 7B X``, ``the 70B X``), each is a member's."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in found:
        name = candidate.owner.name
        if candidate.field is Field.PARAMETERS_TOTAL and candidate.scope is Scope.MODEL and name in names:
            after = text[candidate.quantity.end : candidate.quantity.end + len(name) + 2].lstrip()
            if not parts(name).sizes and not candidate.in_table and after.startswith(name):
                groups.setdefault(name, []).append(candidate)
    for group in groups.values():
        if len({candidate.value for candidate in group}) > 1:
            for candidate in group:
                candidate.owner = sized(candidate.owner, size_text(candidate.quantity.number))


def choose(found: Iterable[Candidate]) -> list[Candidate]:
    """Keep one value for each model and field as the model's own; the others become scope ``other``."""
    groups: dict[tuple[object, Field], list[Candidate]] = {}
    result: list[Candidate] = []
    for candidate in found:
        if candidate.scope is Scope.MODEL:
            named = parts(candidate.owner.name or "")
            groups.setdefault(((named.words, named.versions, named.sizes), candidate.field), []).append(candidate)
        else:
            result.append(candidate)
    given = written(groups)
    for (name, which), group in groups.items():
        group[:], rounded = without_rounded(group, given)
        result += [replace(candidate, scope=Scope.OTHER, reason=ROUNDED) for candidate in rounded]
        if which is Field.PARAMETERS_TOTAL:  # "a 17B parameter model with 16 experts" says the active ones
            active = {c.value for c in groups.get((name, Field.PARAMETERS_ACTIVE), [])}
            if active and any(c.value not in active for c in group):
                group[:] = [c for c in group if c.value not in active]
    firsts = [group[0].owner.name for (_, which), group in groups.items() if which is Field.PARAMETERS_TOTAL and group]
    sized_names = [first for first in firsts if first and parts(first).sizes][:MANY]
    for (_, which), group in groups.items():
        if which is Field.PARAMETERS_TOTAL and group and members(group[0], sized_names) > 1:
            result += [replace(c, scope=Scope.FAMILY, reason="the family has several sizes") for c in group]
            group.clear()
    for group in groups.values():
        if not group:
            continue
        values = sorted(candidate.value for candidate in group)
        support = {
            value: 0.5 * (bisect_right(values, 1.02 * value) - bisect_left(values, 0.98 * value))
            for value in set(values)
        }
        top = max(candidate.value for candidate in group)
        best = max(
            group,
            key=lambda c: (
                c.score + min(2.0, support[c.value]) + (0.5 if c.value == top and c.field in SUMS else 0.0),
                -c.start,
            ),
        )
        for candidate in group:
            if candidate is best:
                result.append(candidate)
            elif abs(candidate.value - best.value) > 1e-9 * best.value:
                result.append(replace(candidate, scope=Scope.OTHER, reason=BETTER))
            else:
                result.append(replace(candidate, scope=Scope.OTHER, reason=REPEATED))
    return result


def with_base_size(chosen: list[Candidate], subjects: Subjects, texts: list[Fact]) -> list[Candidate]:
    """Training on does not change a model's size: where only the base's is given, the page's model has it."""
    bases = [str(fact.value) for fact in texts if fact.field is Field.BASE_MODEL]
    if not bases or subjects.primary is None or subjects.foreign:
        return chosen
    result = list(chosen)
    for which in (Field.PARAMETERS_TOTAL, Field.PARAMETERS_ACTIVE):
        own = any(c.field is which and c.scope is Scope.MODEL for c in chosen)
        of_base = [
            c
            for c in chosen
            if c.field is which
            and c.owner.name
            and any(squeezed(c.owner.name) in squeezed(base) for base in bases)
            and c.reason.startswith("of another")
        ]
        if not own and of_base:
            owner = Owner(subjects.primary, True, f"the size of its base, {of_base[0].owner.name}")
            result.append(replace(of_base[0], owner=owner, scope=Scope.MODEL, reason=""))
    return result
