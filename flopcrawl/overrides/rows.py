"""What the hand-edited files hold, once understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flopcrawl.vocabulary import Decision, Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every hand-edited row ends with: who says it, why, on what ground, and when. ``line`` counts from 1."""

    file: str
    line: int
    reason: str = ""
    source_url: str = ""
    editor: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideRow(Row):
    """One value for one field of one model: a row of corrections.csv, or one filled cell of models.csv.

    ``value`` is the value as it is stored (a plain number in the field's unit, an ISO date or a text).
    ``within_factor`` is "90 % sure within this factor"; ``confirmed`` that a value far from the others is meant.
    """

    model: str
    field: Field
    value: str
    within_factor: float | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRow(Row):
    """``alias`` is another name of ``model``."""

    alias: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow(Row):
    """``a`` and ``b`` look alike and are two models."""

    a: str
    b: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludeRow(Row):
    """``model`` does not belong on the list."""

    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow(Row):
    """A person's word on a claim."""

    claim_id: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Problem:
    """A row, cell or file that cannot be used: what is wrong, and what to write instead. Line 0 is the whole file."""

    file: str
    line: int
    column: str
    message: str
    remedy: str
    row: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        place = ", ".join(
            filter(
                None,
                (self.file, f"line {self.line}" if self.line else "", f"column {self.column}" if self.column else ""),
            )
        )
        return f"{place}: {self.message} {self.remedy}".strip()


@dataclass(slots=True)
class Overrides:
    """Everything that people have written, and what of it cannot be used."""

    models: list[OverrideRow] = field(default_factory=list)
    corrections: list[OverrideRow] = field(default_factory=list)
    aliases: list[AliasRow] = field(default_factory=list)
    not_same: list[PairRow] = field(default_factory=list)
    exclude: list[ExcludeRow] = field(default_factory=list)
    decisions: list[DecisionRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
