"""The files of the overrides folder: what columns each has, and what makes a row of it good."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TypedDict, TypeVar

from flopcrawl.clock import present
from flopcrawl.estimation import accelerators
from flopcrawl.identity import slug as make_slug
from flopcrawl.items import BadValueError, check_value
from flopcrawl.overrides import cells
from flopcrawl.overrides.cells import CellError
from flopcrawl.overrides.grounds import cites_reference, is_address
from flopcrawl.overrides.rows import (
    AliasRow,
    DecisionRow,
    ExcludeRow,
    OverrideRow,
    Overrides,
    PairRow,
    Problem,
    Row,
)
from flopcrawl.overrides.tables import MAX_ROWS, Line, nearest, read
from flopcrawl.vocabulary import FIELDS, Accessibility, Architecture, Decision, Domain, Field, Kind

CLOSING = ("reason", "source_url", "editor", "date")
"""The columns that every file ends with."""

CLAIM_ID = re.compile(r"[0-9a-f]{16}")
"""How a claim is named: see :attr:`flopcrawl.items.Claim.claim_id`."""

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

slug = lru_cache(maxsize=2 * MAX_ROWS)(make_slug)
"""A model's name as a key; the same names come again and again."""

MAX_FACTOR = 1_000.0
HOW_SURE = "Write 3 for '90 % sure that it is within 3 times'."


def load(folder: Path, today: dt.date | None = None) -> Overrides:
    """Read every hand-edited file of ``folder``. A missing file is an empty one; bad rows are in ``problems``.

    ``today`` (the present day, if not given) is what a date in the future is later than.
    """
    found = Overrides()
    # somewhere on earth it is already tomorrow
    present_day = today or max(present(), dt.datetime.now(dt.UTC)).date()  # a moment that is set may lie in the past
    latest = (present_day + dt.timedelta(days=1)).isoformat()
    for file, take in TAKERS.items():
        for line in read(folder / file, COLUMNS[file], REQUIRED[file], found.problems):
            row = _Row(file, line, latest)
            take(found, row)
            found.problems += row.problems
    _contradictions(found)
    found.problems.sort(key=lambda problem: (problem.file, problem.line))
    return found


class _Closing(TypedDict):
    """The columns that every file ends with, and where the row stands."""

    file: str
    line: int
    reason: str
    source_url: str
    editor: str
    date: str


class _Row:
    """A row that is being read: gives its cells their meaning, and keeps everything that is wrong with them."""

    def __init__(self, file: str, line: Line, latest: str) -> None:
        self.file = file
        self.line = line
        self.latest = latest
        self.problems: list[Problem] = []

    def refuse(self, column: str, message: str, remedy: str) -> None:
        """Say what is wrong with a cell, and what to write instead."""
        self.problems.append(Problem(self.file, self.line.number, column, message, remedy, self.line.cells))

    def text(self, column: str) -> str:
        """A cell as one line of text ("" where there is none)."""
        cell = self.line.cells.get(column)
        return cells.text(cell) if cell else ""

    def name(self, column: str) -> str:
        """A model's name."""
        name = self.text(column)
        if not any(char.isalnum() for char in name):
            self.refuse(column, "the name is missing.", "Write the model's name as its developer does.")
        return name

    def word(self, column: str, words: Sequence[str]) -> str:
        """One of ``words``; "" where it is none of them."""
        word = self.text(column).lower().replace(" ", "_")
        if word in words:
            return word
        self.refuse(column, f"no {column} is called {word!r}." if word else "the cell is empty.", nearest(word, words))
        return ""

    def closing(self, *, needs_ground: bool, gives_value: bool = False) -> _Closing:
        """Reason, source, editor and date. A value must not rest on the reference that it is checked against."""
        values = _Closing(
            file=self.file,
            line=self.line.number,
            reason=self.text("reason"),
            source_url=self.text("source_url"),
            editor=self.text("editor"),
            date=self.date("date"),
        )
        reason, url = values["reason"], values["source_url"]
        if needs_ground and not reason:
            self.refuse("reason", "the reason is missing.", "Write in a few words why this row is right.")
        paste = "Paste the address of the page that says so, beginning with https://."
        if url and not is_address(url):
            self.refuse("source_url", f"{url!r} is no web address.", paste)
        elif needs_ground and not url:
            self.refuse("source_url", "the source is missing.", paste)
        for column, words in (("source_url", url), ("reason", reason)):
            if gives_value and cites_reference(words):
                self.refuse(
                    column, "a value cannot rest on Epoch's data: it is what this list is checked against.",
                    "Name the source that Epoch's note points to, or leave the value out.",
                )  # fmt: skip
        return values

    def date(self, column: str) -> str:
        """A day that is not in the future; "" where the cell is empty or wrong."""
        if not (cell := self.text(column)):
            return ""
        try:
            day = cells.date(cell)
        except CellError as error:
            self.refuse(column, error.message, error.remedy)
            return ""
        if day > self.latest:
            self.refuse(column, f"{day} is in the future.", "Write the day on which it was.")
        return day

    def value(self, field: Field, column: str) -> str:
        """A cell as the value of ``field`` that is stored; "" where it cannot be one."""
        spec, cell = FIELDS[field], self.text(column)
        if not cell:
            self.refuse(column, "the value is missing.", f"Write {spec.meaning}.")
            return ""
        if spec.kind is Kind.DATE:
            return self.date(column)
        try:
            value = cells.number(cell) if spec.kind is Kind.NUMBER else _word(field, cell)
            return check_value(field, value)[0]
        except CellError as error:
            self.refuse(column, error.message, error.remedy)
        except BadValueError as error:
            what = f"A {field} is {spec.meaning}" + (f", in {spec.unit}." if spec.unit else ".")
            self.refuse(column, f"{error}.", what)
        return ""

    def factor(self, *, needed: bool) -> float | None:
        """The row's ``within_factor``; None where there is none or it is wrong."""
        if not (cell := self.text("within_factor")):
            if needed:
                self.refuse("within_factor", "a compute needs to say how sure it is.", HOW_SURE)
            return None
        try:
            factor = cells.number(cell)
        except CellError as error:
            self.refuse("within_factor", error.message, error.remedy)
            return None
        if not 1.0 < factor <= MAX_FACTOR:
            self.refuse("within_factor", f"{factor:g} is no factor between 1 and {MAX_FACTOR:g}.", HOW_SURE)
            return None
        return factor

    def confirmed(self) -> bool:
        """Is the row confirmed?"""
        try:
            return cells.yes(self.text("confirmed"))
        except CellError as error:
            self.refuse("confirmed", error.message, error.remedy)
            return False


def _word(field: Field, cell: str) -> str:
    """A text as it is stored: the allowed words of a field in their own spelling, a known accelerator.

    Raises:
        CellError: it is none of the allowed words.
    """
    if field in WORDS:
        known = {word.lower(): word for word in WORDS[field]}
        parts = [part.strip() for part in cell.split(",") if part.strip()]
        for part in parts:
            if part.lower() not in known:
                raise CellError(f"{part!r} is no {field}.", nearest(part, WORDS[field]))
        return ",".join(known[part.lower()] for part in parts)
    if field is Field.GPU_TYPE:
        for part in accelerators.split(cell):
            try:
                accelerators.find(part)
            except accelerators.UnknownAcceleratorError:
                names = accelerators.names()
                raise CellError(f"{part!r} is no accelerator that we know.", nearest(part, names)) from None
    return cell


def _model(found: Overrides, row: _Row) -> None:
    """A row of models.csv: one value for each filled cell."""
    name, closing = row.name("name"), row.closing(needs_ground=True, gives_value=True)
    filled = [field for field in VALUE_FIELDS if row.text(field)]
    values = {field: row.value(field, field) for field in filled}
    factor, confirmed = row.factor(needed=Field.FLOP_REPORTED in values), row.confirmed()
    if not filled:
        row.refuse("name", "the row says nothing of its model.", "Fill in at least one value, or remove the row.")
    if row.problems:
        return
    found.models += [
        OverrideRow(model=name, field=field, value=value, within_factor=factor, confirmed=confirmed, **closing)
        for field, value in values.items()
    ]


def _correction(found: Overrides, row: _Row) -> None:
    """A row of corrections.csv."""
    name, closing = row.name("model"), row.closing(needs_ground=True, gives_value=True)
    word = row.word("field", tuple(Field))
    factor, confirmed = row.factor(needed=word == Field.FLOP_REPORTED), row.confirmed()
    value = row.value(Field(word), "value") if word else ""
    if row.problems:
        return
    found.corrections.append(
        OverrideRow(model=name, field=Field(word), value=value, within_factor=factor, confirmed=confirmed, **closing)
    )


def _alias(found: Overrides, row: _Row) -> None:
    """A row of aliases.csv."""
    alias, model, closing = row.name("alias"), row.name("model"), row.closing(needs_ground=True)
    if alias and alias.casefold() == model.casefold():
        row.refuse("alias", "both names are the same.", "Write two names that mean one model.")
    if not row.problems:
        found.aliases.append(AliasRow(alias=alias, model=model, **closing))


def _pair(found: Overrides, row: _Row) -> None:
    """A row of not_same.csv."""
    a, b, closing = row.name("a"), row.name("b"), row.closing(needs_ground=True)
    if a and a.casefold() == b.casefold():
        row.refuse("b", "both names are the same.", "Write two names that look alike and are two models.")
    if not row.problems:
        found.not_same.append(PairRow(a=a, b=b, **closing))


def _exclude(found: Overrides, row: _Row) -> None:
    """A row of exclude.csv."""
    model, closing = row.name("model"), row.closing(needs_ground=True)
    if not row.problems:
        found.exclude.append(ExcludeRow(model=model, **closing))


def _decision(found: Overrides, row: _Row) -> None:
    """A row of decisions.csv. The claim itself is the ground, so no address is asked for."""
    claim_id, closing = row.text("claim_id").lower().lstrip("'"), row.closing(needs_ground=False, gives_value=True)
    if not CLAIM_ID.fullmatch(claim_id):
        message = f"{claim_id!r} is no claim." if claim_id else "the claim is missing."
        row.refuse("claim_id", message, "Copy the row that the site shows beside the claim, as text (an ' in front).")
    word = row.word("decision", tuple(Decision))
    if not row.problems:
        found.decisions.append(DecisionRow(claim_id=claim_id, decision=Decision(word), **closing))


TAKERS: dict[str, Callable[[Overrides, _Row], None]] = {
    MODELS: _model, CORRECTIONS: _correction, ALIASES: _alias, NOT_SAME: _pair, EXCLUDE: _exclude, DECISIONS: _decision,
}  # fmt: skip


def _contradictions(found: Overrides) -> None:
    """Rows that cannot both be meant: the later one is taken out and reported."""
    same = "Keep the row that is right and remove the other."
    _unique(found, found.models, lambda row: slug(row.model), "name", by_row=True)
    _unique(found, found.corrections, lambda row: (slug(row.model), row.field), "model")
    _unique(found, found.aliases, lambda row: row.alias.casefold(), "alias")
    _unique(found, found.not_same, lambda row: frozenset((row.a.casefold(), row.b.casefold())), "a")
    _unique(found, found.exclude, lambda row: slug(row.model), "model")
    _unique(found, found.decisions, lambda row: row.claim_id, "claim_id")
    pairs = {frozenset((row.a.casefold(), row.b.casefold())): row for row in found.not_same}
    targets = {row.alias.casefold(): row.model.casefold() for row in found.aliases}
    for alias in list(found.aliases):
        names = (alias.alias.casefold(), alias.model.casefold())
        if pair := pairs.get(frozenset(names)):
            message = f"{pair.file}, line {pair.line} says that the two differ."
        elif _circle(targets, names[0]):
            message = "the aliases lead in a circle."
        else:
            continue
        targets.pop(names[0], None)
        found.aliases.remove(alias)
        found.problems.append(Problem(alias.file, alias.line, "alias", message, same))
    for pair in list(found.not_same):
        if _target(targets, pair.a) == _target(targets, pair.b):
            message = f"{ALIASES} makes both names the one model {_target(targets, pair.a)!r}."
            found.not_same.remove(pair)
            found.problems.append(Problem(pair.file, pair.line, "a", message, same))
    excluded = {slug(row.model): row for row in found.exclude}
    for line in sorted({row.line for row in found.models if slug(row.model) in excluded}):
        rows = [row for row in found.models if row.line == line]
        other = excluded[slug(rows[0].model)]
        found.models = [row for row in found.models if row.line != line]
        message = f"{other.file}, line {other.line} takes this model off the list."
        found.problems.append(Problem(MODELS, line, "name", message, same))
    _more_active_than_all(found)


def _circle(targets: dict[str, str], start: str) -> bool:
    """Do the aliases that begin at ``start`` come back to it?"""
    name, seen = targets.get(start), {start}
    while name is not None and name not in seen:
        seen.add(name)
        name = targets.get(name)
    return name == start


def _target(targets: dict[str, str], name: str) -> str:
    """The name that aliases lead to from ``name``, in small letters. The aliases lead in no circle."""
    name = name.casefold()
    while name in targets:
        name = targets[name]
    return name


def _more_active_than_all(found: Overrides) -> None:
    """Take out the rows that give a model more active parameters than it has, whichever files say so."""
    stated: dict[str, dict[Field, OverrideRow]] = {}
    for row in chain(found.models, found.corrections):  # a correction replaces what models.csv says
        if row.field in (Field.PARAMETERS_ACTIVE, Field.PARAMETERS_TOTAL):
            stated.setdefault(slug(row.model), {})[row.field] = row
    for rows in stated.values():
        active, total = rows.get(Field.PARAMETERS_ACTIVE), rows.get(Field.PARAMETERS_TOTAL)
        if active is None or total is None or float(active.value) <= float(total.value):
            continue
        message = f"{float(active.value):g} active parameters are more than all {float(total.value):g}."
        for place in dict.fromkeys(((active.file, active.line), (total.file, total.line))):
            found.problems.append(Problem(*place, "parameters_active", message, "Are the two swapped?"))
            found.models = [row for row in found.models if (row.file, row.line) != place]
            found.corrections = [row for row in found.corrections if (row.file, row.line) != place]


R = TypeVar("R", bound=Row)


def _unique(
    found: Overrides, rows: list[R], key: Callable[[R], Hashable], column: str, *, by_row: bool = False
) -> None:
    """Keep the first row of each key; a later one is a problem that names the first.

    ``by_row``: several entries of ``rows`` are one row of the file.
    """
    first: dict[Hashable, R] = {}
    kept: list[R] = []
    told: set[int] = set()
    for row in rows:
        earlier = first.setdefault(key(row), row)
        if earlier is row or (by_row and earlier.line == row.line):
            kept.append(row)
        elif row.line not in told:
            told.add(row.line)
            found.problems.append(
                Problem(
                    row.file,
                    row.line,
                    column,
                    f"line {earlier.line} of this file is about the same.",
                    "Keep the row that is right and remove the other.",
                )
            )
    rows[:] = kept
