"""What is checked of the whole database after a derive: what moved, what crossed a line, what a person must decide."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from flopcrawl import clock, drops
from flopcrawl.operation.findings import Finding, Severity

DRIFT = 2.0
"""Times by which a model's compute may move before a person should look."""

NEAR = 0.1
"""Probability of being over the threshold from which a new model is news."""

NEW_ROW = "model"
"""The field under which ``changes`` keeps a model that is new or gone, as JSON."""

OVERDUE_DAYS = 9
"""A week, and two days for a machine that was off."""


def check_models(db: sqlite3.Connection, run_id: str) -> list[Finding]:
    """Return what the run ``run_id`` has changed that a person should know."""
    return [finding for check in (drift, crossings, overrides) for finding in check(db, run_id)] + [*validation(db)]


def drift(db: sqlite3.Connection, run_id: str) -> Iterator[Finding]:
    """Models whose compute moved by more than :data:`DRIFT`, other than by hand."""
    rows = db.execute(
        "SELECT c.model_key, m.name, c.old, c.new, c.cause FROM changes c JOIN models m USING (model_key) "
        "WHERE c.run_id = ? AND c.field = 'training_flop' AND c.old IS NOT NULL AND c.new IS NOT NULL "
        "AND c.cause NOT IN ('manual', 'override_removed', 'decision')",
        (run_id,),
    )
    for key, name, old, new, cause in rows:
        before, after = float(old), float(new)
        if max(before, after) > DRIFT * min(before, after):
            yield Finding(
                Severity.WARNING, "models", "drift",
                f"{name}: {before:.1e} became {after:.1e} FLOP ({cause})",
                f"look at its evidence (/flopcrawl/models/{key}); a misread page is corrected in corrections.csv",
                subject=key,
            )  # fmt: skip


def crossings(db: sqlite3.Connection, run_id: str) -> Iterator[Finding]:
    """Models that came onto the list, left it, or are new and near the threshold."""
    rows = db.execute(
        "SELECT c.model_key, c.field, c.old, c.new, m.name, m.training_flop, m.probability_over_1e25, m.listed "
        "FROM changes c JOIN models m USING (model_key) WHERE c.run_id = ? AND c.field IN ('listed', ?)",
        (run_id, NEW_ROW),
    )
    for key, field, old, new, name, flop, probability, listed in rows:
        if field == "listed":
            was, now_listed = old == "1", new == "1"
        elif old is None and new is not None:
            was, now_listed = False, bool(json.loads(new).get("listed"))
        else:
            continue
        estimate = f"{flop:.1e} FLOP" if flop else "no estimate"
        if was != now_listed:
            yield Finding(
                Severity.INFO, "models", "listed" if listed else "unlisted",
                f"{name} {'is new on the list' if listed else 'is no longer on the list'} ({estimate})",
                f"see /flopcrawl/models/{key}", subject=key,
            )  # fmt: skip
        elif field != "listed" and (probability or 0) >= NEAR:
            yield Finding(
                Severity.INFO, "models", "near",
                f"{name} is new and near the threshold ({estimate}, {probability:.0%})",
                f"see /flopcrawl/models/{key}: a disclosed number in models.csv settles it", subject=key,
            )  # fmt: skip


def overrides(db: sqlite3.Connection, run_id: str) -> Iterator[Finding]:
    """Hand-edited rows that could not be used, or that the source contradicts."""
    rows = db.execute(
        "SELECT file, line, status, message FROM overrides WHERE status IN ('rejected', 'conflict') ORDER BY file, line"
    )
    for file, line, status, message in rows:
        yield Finding(
            Severity.WARNING, file, f"override-{status}", f"line {line}: {message}",
            "correct the row and run `scrapy checkoverrides`", subject=str(line),
        )  # fmt: skip


def validation(db: sqlite3.Connection) -> Iterator[Finding]:
    """Whether the newest validation is worse than the one before."""
    newest = db.execute("SELECT date, reference FROM validations ORDER BY date DESC, reference DESC LIMIT 1").fetchone()
    if newest is None:
        return
    for drop in drops.drops(drops.shares(db, *newest), drops.before(db, *newest)):
        yield Finding(
            Severity.WARNING, "models", "validation", str(drop), "exports/validation.md names the models",
            subject=f"{drop.measure} {drop.cell} {drop.threshold:.0e}",
        )  # fmt: skip


def overdue(db: sqlite3.Connection, moment: datetime | None = None) -> Iterator[Finding]:
    """Sources that have not ended a run for too long: a timer that stopped says nothing by itself."""
    present = moment or clock.present()
    # a run that ended in the future (the clock jumped, and back) would keep this silent until then
    rows = db.execute(
        "SELECT spider, max(CASE WHEN finished_at <= ? THEN finished_at END) FROM runs "
        "WHERE source_state NOT IN ('off', 'absent') GROUP BY spider",
        ((present + timedelta(days=1)).strftime(clock.FORMAT),),
    )
    for spider, finished_at in rows:
        days = (present - datetime.fromisoformat(finished_at)).days if finished_at else None
        if days is None or days > OVERDUE_DAYS:
            yield Finding(
                Severity.ERROR, spider, "overdue",
                f"no run has ended for {days} days" if days is not None else "no run has ended so far",
                "see whether the timer runs (`systemctl list-timers`, `crontab -l`) and start `scrapy refresh` by hand",
            )  # fmt: skip
