"""The files of the overrides folder: what columns each has, and what makes a row of it good."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from flopcrawl.items import BadValueError, check_value
from flopcrawl.overrides import cells
from flopcrawl.overrides.cells import CellError
from flopcrawl.overrides.rows import (
    AliasRow,
    DecisionRow,
    ExcludeRow,
    OverrideRow,
    Overrides,
    PairRow,
    Problem,
)
from flopcrawl.overrides.tables import Line, nearest, read
from flopcrawl.vocabulary import FIELDS, Accessibility, Architecture, Decision, Domain, Field, Kind

CLOSING = ("reason", "source_url", "editor", "date")
"""The columns that every file ends with."""

MODELS, CORRECTIONS, ALIASES = "models.csv", "corrections.csv", "aliases.csv"
NOT_SAME, EXCLUDE, DECISIONS = "not_same.csv", "exclude.csv", "decisions.csv"

VALUE_FIELDS = tuple(field for field in Field if field is not Field.NAME)
COLUMNS: dict[str, tuple[str, ...]] = {
    MODELS: ("name", *map(str, VALUE_FIELDS), "within_factor", "confirmed", *CLOSING),
    CORRECTIONS: ("model", "field", "value", "within_factor", "confirmed", *CLOSING),
    ALIASES: ("alias", "model", *CLOSING),
    NOT_SAME: ("a", "b", *CLOSING),
    EXCLUDE: ("model", *CLOSING),
    DECISIONS: ("claim_id", "decision", *CLOSING),
}
REQUIRED: dict[str, tuple[str, ...]] = {
    MODELS: ("name",),
    CORRECTIONS: ("model", "field", "value"),
    ALIASES: ("alias", "model"),
    NOT_SAME: ("a", "b"),
    EXCLUDE: ("model",),
    DECISIONS: ("claim_id", "decision"),
}
WORDS: dict[Field, tuple[str, ...]] = {
    Field.DOMAIN: tuple(Domain),
    Field.ACCESSIBILITY: tuple(Accessibility),
    Field.ARCHITECTURE: tuple(Architecture),
}
"""Fields whose words are fixed."""

MAX_FACTOR = 1_000.0
EPOCH_HOSTS = ("epoch.ai", "epochai.org")
"""The reference that this project is checked against: never the ground of a value."""


def load(folder: Path) -> Overrides:
    """Read every hand-edited file of ``folder``. A missing file is an empty one; bad rows are in ``problems``."""
    found = Overrides()
    for file, take in (
        (MODELS, _model), (CORRECTIONS, _correction), (ALIASES, _alias), (NOT_SAME, _pair), (EXCLUDE, _exclude),
        (DECISIONS, _decision),
    ):  # fmt: skip
        for line in read(folder / file, COLUMNS[file], REQUIRED[file], found.problems):
            report = partial(_report, found.problems, file, line)
            take(found, file, line, report)
    _contradictions(found)
    return found


Report = Callable[[str, str, str], None]


def _report(problems: list[Problem], file: str, line: Line, column: str, message: str, remedy: str) -> None:
    problems.append(Problem(file, line.number, column, message, remedy, line.cells))


def _closing(line: Line, report: Report) -> dict[str, str] | None:
    """Reason, source, editor and date of a row; None where one that must be there is not, or is wrong."""
    values: dict[str, str] = {}
    good = True
    for column in CLOSING:
        try:
            cell = cells.text(line.cells.get(column, ""))
            values[column] = cells.date(cell) if column == "date" and cell else cell
        except CellError as error:
            report(column, error.message, error.remedy)
            good = False
    if not values.get("reason"):
        report("reason", "the reason is missing.", "Write in a few words why this row is right.")
        good = False
    url = values.get("source_url", "")
    parts = urlsplit(url) if url else None
    if parts is None or parts.scheme not in ("http", "https") or "." not in (parts.hostname or ""):
        message = "the source is missing." if not url else f"{url!r} is no web address."
        report("source_url", message, "Paste the address of the page that says so, beginning with https://.")
        good = False
    return values if good else None


def _value(field: Field, cell: str) -> str:
    """A cell as the value that is stored.

    Raises:
        CellError: it cannot be one.
    """
    spec = FIELDS[field]
    if spec.kind is Kind.NUMBER:
        value: str | float = cells.number(cell)
    elif spec.kind is Kind.DATE:
        value = cells.date(cell)
    else:
        value = cells.text(cell)
    if field in WORDS:
        known = {word.lower(): word for word in WORDS[field]}
        parts = [part.strip() for part in str(value).split(",")]
        unknown = [part for part in parts if part.lower() not in known]
        if unknown:
            raise CellError(f"{unknown[0]!r} is no {field}.", nearest(unknown[0], WORDS[field]))
        value = ",".join(known[part.lower()] for part in parts)
    try:
        return check_value(field, value)[0]
    except BadValueError as error:
        raise CellError(
            f"{error}.", f"A {field} is {spec.meaning}" + (f", in {spec.unit}." if spec.unit else ".")
        ) from None


def _factor(line: Line, report: Report) -> float | None:
    """The row's ``within_factor``; None where there is none or it is wrong (which is reported)."""
    cell = cells.text(line.cells.get("within_factor", ""))
    if not cell:
        return None
    try:
        factor = cells.number(cell)
    except CellError as error:
        report("within_factor", error.message, error.remedy)
        return None
    if not 1.0 < factor <= MAX_FACTOR:
        report("within_factor", f"{factor:g} is no factor.", "Write 3 for '90 % sure that it is within 3 times'.")
        return None
    return factor


def _confirmed(line: Line, report: Report) -> bool:
    """Whether the row is confirmed; a wrong cell is reported and counts as no."""
    try:
        return cells.yes(line.cells.get("confirmed", ""))
    except CellError as error:
        report("confirmed", error.message, error.remedy)
        return False


def _name(line: Line, column: str, report: Report) -> str:
    """A model's name; "" where it is missing, which is reported."""
    try:
        name = cells.text(line.cells.get(column, ""))
    except CellError as error:
        report(column, error.message, error.remedy)
        return ""
    if not any(char.isalnum() for char in name):
        report(column, "the name is missing.", "Write the model's name as its developer does.")
        return ""
    return name


def _grounded(url: str, report: Report) -> bool:
    """Is a value's source one that a value may rest on?"""
    host = urlsplit(url).hostname or ""
    if any(host == epoch or host.endswith(f".{epoch}") for epoch in EPOCH_HOSTS):
        report(
            "source_url", "a value cannot rest on Epoch's data: it is what this list is checked against.",
            "Name the source that Epoch's note points to, or leave the value out.",
        )  # fmt: skip
        return False
    return True


def _model(found: Overrides, file: str, line: Line, report: Report) -> None:
    """A row of models.csv: one value for each filled cell."""
    name, closing = _name(line, "name", report), _closing(line, report)
    if not name or closing is None or not _grounded(closing["source_url"], report):
        return
    factor, confirmed = _factor(line, report), _confirmed(line, report)
    rows = []
    for field in VALUE_FIELDS:
        if not line.cells.get(field, "").strip():
            continue
        try:
            value = _value(field, line.cells[field])
        except CellError as error:
            report(field, error.message, error.remedy)
            continue
        if field is Field.FLOP_REPORTED and factor is None:
            report("within_factor", "a compute needs to say how sure it is.", "Write 3 for '90 % sure within 3 times'.")
            continue
        rows.append(
            OverrideRow(
                file=file,
                line=line.number,
                model=name,
                field=field,
                value=value,
                within_factor=factor,
                confirmed=confirmed,
                **closing,
            )
        )
    by_field = {row.field: float(row.value) for row in rows if FIELDS[row.field].kind is Kind.NUMBER}
    active, total = by_field.get(Field.PARAMETERS_ACTIVE), by_field.get(Field.PARAMETERS_TOTAL)
    if active and total and active > total:
        report("parameters_active", f"{active:g} active parameters are more than all {total:g}.", "Are they swapped?")
        return
    found.models.extend(rows)


def _correction(found: Overrides, file: str, line: Line, report: Report) -> None:
    """A row of corrections.csv."""
    name, closing = _name(line, "model", report), _closing(line, report)
    word = cells.text(line.cells.get("field", "")).lower().replace(" ", "_")
    if word not in tuple(Field):
        report(
            "field", f"no field is called {word!r}." if word else "the field is missing.", nearest(word, tuple(Field))
        )
        return
    if not name or closing is None or not _grounded(closing["source_url"], report):
        return
    field = Field(word)
    try:
        value = _value(field, line.cells.get("value", ""))
    except CellError as error:
        report("value", error.message, error.remedy)
        return
    factor = _factor(line, report)
    if field is Field.FLOP_REPORTED and factor is None:
        report("within_factor", "a compute needs to say how sure it is.", "Write 3 for '90 % sure within 3 times'.")
        return
    found.corrections.append(
        OverrideRow(
            file=file,
            line=line.number,
            model=name,
            field=field,
            value=value,
            within_factor=factor,
            confirmed=_confirmed(line, report),
            **closing,
        )
    )


def _alias(found: Overrides, file: str, line: Line, report: Report) -> None:
    """A row of aliases.csv."""
    alias, model, closing = _name(line, "alias", report), _name(line, "model", report), _closing(line, report)
    if alias and model and closing is not None:
        found.aliases.append(AliasRow(file=file, line=line.number, alias=alias, model=model, **closing))


def _pair(found: Overrides, file: str, line: Line, report: Report) -> None:
    """A row of not_same.csv."""
    a, b, closing = _name(line, "a", report), _name(line, "b", report), _closing(line, report)
    if a and b and closing is not None:
        if a.casefold() == b.casefold():
            report("b", "both names are the same.", "Write two names that look alike and are two models.")
            return
        found.not_same.append(PairRow(file=file, line=line.number, a=a, b=b, **closing))


def _exclude(found: Overrides, file: str, line: Line, report: Report) -> None:
    """A row of exclude.csv."""
    model, closing = _name(line, "model", report), _closing(line, report)
    if model and closing is not None:
        found.exclude.append(ExcludeRow(file=file, line=line.number, model=model, **closing))


def _decision(found: Overrides, file: str, line: Line, report: Report) -> None:
    """A row of decisions.csv. The claim itself is the source, so no address is asked for."""
    claim_id = cells.text(line.cells.get("claim_id", ""))
    word = cells.text(line.cells.get("decision", "")).lower()
    if not claim_id:
        report("claim_id", "the claim is missing.", "Copy the row that the site shows beside the claim.")
        return
    if word not in tuple(Decision):
        report("decision", f"{word!r} is no decision.", nearest(word, tuple(Decision)))
        return
    values = {column: cells.text(line.cells.get(column, "")) for column in CLOSING}
    found.decisions.append(
        DecisionRow(file=file, line=line.number, claim_id=claim_id, decision=Decision(word), **values)
    )


def _contradictions(found: Overrides) -> None:
    """Two rows that cannot both be meant: the later one is taken out and reported."""
    pairs = {frozenset((row.a.casefold(), row.b.casefold())): row for row in found.not_same}
    for row in list(found.aliases):
        other = pairs.get(frozenset((row.alias.casefold(), row.model.casefold())))
        if other is not None:
            found.aliases.remove(row)
            _twice(found, row.file, row.line, "alias", f"{other.file}, line {other.line} says that the two differ.")
    _unique(found, found.corrections, lambda row: (row.model.casefold(), row.field), "model")
    _unique(found, found.models, lambda row: (row.model.casefold(), row.field), "name")
    _unique(found, found.aliases, lambda row: row.alias.casefold(), "alias")
    _unique(found, found.decisions, lambda row: row.claim_id, "claim_id")


R = TypeVar("R", OverrideRow, AliasRow, DecisionRow)


def _unique(found: Overrides, rows: list[R], key: Callable[[R], object], column: str) -> None:
    """Keep the first row of each key; a later one is a problem that names the first."""
    first: dict[object, R] = {}
    for row in list(rows):
        earlier = first.setdefault(key(row), row)
        if earlier is not row:
            rows.remove(row)
            _twice(found, row.file, row.line, column, f"line {earlier.line} of {earlier.file} already says this.")


def _twice(found: Overrides, file: str, line: int, column: str, message: str) -> None:
    found.problems.append(Problem(file, line, column, message, "Keep the row that is right and remove the other."))
