"""Hand-edited rows against the database: what is known without them, what they would change, what has gone stale."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flopcrawl.clock import now
from flopcrawl.derive import ROW, Change, derive_all
from flopcrawl.overrides.checks import Known
from flopcrawl.vocabulary import FIELDS, Cause, Field, Kind, Method

SHOWN = (
    "name", "organization", "country", "domain", "release_date", "accessibility", "license", "architecture",
    "parameters_total", "parameters_active", "tokens_trained", "base_model_key", "training_flop",
    "training_flop_low", "training_flop_high", "estimation_method", "confidence", "probability_over_1e25",
    "classification", "listed", "origin",
)  # fmt: skip
"""The columns of a model whose change a person wants to see, in this order."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that would change; ``old`` or ``new`` is None where the model is new, gone, or had no value."""

    model_key: str
    name: str
    field: str
    old: str | None
    new: str | None


BY_HAND = frozenset({Cause.MANUAL, Cause.OVERRIDE_REMOVED, Cause.DECISION, Cause.ALIAS})
"""Causes of a change that lie in the hand-edited files."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What applying the files as they are would change. ``moves`` are the models that change their classification.

    ``others`` counts the models that a rebuild would change for another reason: the program is newer than the
    database, or what they are compared with changes.
    """

    differences: tuple[Difference, ...]
    moves: tuple[Difference, ...]
    others: int = 0


def known(db: sqlite3.Connection) -> Known:
    """What the database knows without hand-edited values. A model that only a person knows has a name and no more."""
    found = Known(
        names=dict(db.execute("SELECT model_key, name FROM models").fetchall()),
        claims=frozenset(claim for (claim,) in db.execute("SELECT claim_id FROM claims")),
    )
    numbers = db.execute(
        "SELECT model_key, field, number FROM claims WHERE number IS NOT NULL AND scope = 'model' "
        "AND status = 'current' AND qualifier IN ('=', '~') AND field <> ? ORDER BY used, claim_id",
        (Field.FLOP_REPORTED,),
    )
    for key, field, number in numbers:  # the deciding claim comes last, and stays
        if FIELDS[Field(field)].kind is Kind.NUMBER:
            found.numbers.setdefault(key, {})[Field(field)] = number
    rank = {method: at for at, method in enumerate(Method)}
    rows = db.execute(
        "SELECT model_key, method, flop FROM estimates WHERE flop IS NOT NULL AND method <> ? AND inputs NOT LIKE ?",
        (Method.MANUAL, '%"origin": "manual"%'),
    )
    for key, _, flop in sorted(map(tuple, rows), key=lambda row: -rank[Method(row[1])]):
        found.flop[key] = flop  # the method of highest precedence comes last, and stays
    return found


def preview(database: Path, overrides: Path) -> Preview:
    """What deriving with the files as they are would change, worked out on a copy in memory: nothing is stored."""
    summary = derive_all(database, overrides, run_id=now(), dry_run=True)
    names: dict[str, str] = {}
    if database.exists():
        with sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True) as db:
            names = dict(db.execute("SELECT model_key, name FROM models").fetchall())
    by_hand = [change for change in summary.changes if change.cause in BY_HAND]
    others = {change.model_key for change in summary.changes} - {change.model_key for change in by_hand}
    differences = [each for change in by_hand for each in _differences(change, names)]
    order = {column: at for at, column in enumerate(SHOWN)}
    differences.sort(key=lambda each: (each.name.casefold(), each.model_key, order[each.field]))
    moves = tuple(each for each in differences if each.field == "classification")
    return Preview(tuple(differences), moves, len(others))


def _differences(change: Change, names: dict[str, str]) -> list[Difference]:
    """A change as the columns that a person wants to see; a model that comes or goes is one for each filled column."""
    if change.field != ROW:
        name = names.get(change.model_key, change.model_key)
        same_number = _brief(change.old) == _brief(change.new)
        if change.field not in SHOWN or same_number:
            return []
        return [Difference(change.model_key, name, change.field, _brief(change.old), _brief(change.new))]
    old, new = (json.loads(text) if text else {} for text in (change.old, change.new))
    name = str((new or old).get("name", change.model_key))
    pairs = ((column, _brief(old.get(column)), _brief(new.get(column))) for column in SHOWN)
    return [Difference(change.model_key, name, column, a, b) for column, a, b in pairs if a != b]


def _brief(value: object) -> str | None:
    """A value for people: four digits of a number are enough."""
    if value is None or value == "":
        return None
    try:
        return f"{float(str(value)):.4g}" if not str(value).isdigit() or len(str(value)) > 6 else str(value)
    except ValueError:
        return str(value)


@dataclass(frozen=True, slots=True)
class Stale:
    """A hand-edited value that the sources have caught up with, or left behind. It is flagged, never dropped."""

    file: str
    line: int
    model_key: str
    field: str
    value: str
    scraped_value: str
    why: str


def stale(db: sqlite3.Connection) -> list[Stale]:
    """The applied rows that should be looked at again, as of the last derive."""
    rows: Sequence[sqlite3.Row] = db.execute(
        "SELECT o.file, o.line, o.model_key, o.field, o.value, o.scraped_value, o.status, o.date, "
        "(SELECT max(substr(c.first_run_id, 1, 10)) FROM claims c WHERE c.model_key = o.model_key "
        "AND c.field = o.field AND c.status = 'current' AND c.value = o.scraped_value) AS moved "
        "FROM overrides o WHERE o.scraped_value IS NOT NULL AND o.status <> 'rejected' ORDER BY o.file, o.line"
    ).fetchall()
    found = []
    for file, line, key, field, value, scraped, status, date, moved in map(tuple, rows):
        why = ""
        if status == "redundant":
            why = "the sources now say the same: the row can go"
        elif status == "conflict":
            why = (
                "the developer's own page says otherwise and decides: correct it in corrections.csv, or remove the row"
            )
        elif date and moved and moved > date:
            why = f"the sources have changed since ({moved}): is the row still right?"
        if why:
            found.append(Stale(file, line, key, field, value, scraped, why))
    return found
