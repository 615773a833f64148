"""The end of a run: every check, kept in the database; the alerts; the metrics."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from pathlib import Path

from flopcrawl import database
from flopcrawl.operation import alerts, metrics
from flopcrawl.operation.findings import Finding, Severity
from flopcrawl.operation.models import check_models, overdue

MEMORY = "alerts.json"


def findings_of(db: sqlite3.Connection, run_id: str) -> list[Finding]:
    """What was found in a run, as it was kept."""
    rows = db.execute(
        "SELECT severity, source, kind, message, remedy, subject FROM findings WHERE run_id = ? "
        "ORDER BY severity = 'info', severity = 'warning', source, kind, subject",
        (run_id,),
    )
    return [Finding(Severity(severity), *rest) for severity, *rest in rows]


def conclude(
    path: Path, exports: Path, run_id: str, sources: Collection[str], *, digest: bool = False, tell: bool = True
) -> tuple[list[Finding], list[str]]:
    """Check what run ``run_id`` of ``sources`` did to the database at ``path``, keep it, tell it, measure it.

    Without ``tell`` no alert is sent: a replay is no news of the sources.

    Returns every finding of the run (worst first), and one line for every channel over which it could not be told.
    """
    with database.open_for_reading(path) as db:
        found = [*check_models(db, run_id), *(overdue(db) if tell else ())]
    with database.writer_lock(path):
        writer = database.open_for_writing(path)
        with writer.atomic():
            database.store_findings(
                writer, run_id, ((f.severity, f.source, f.check, f.subject, f.message, f.remedy) for f in found)
            )
        writer.close()
    with database.open_for_reading(path) as db:
        every = findings_of(db, run_id)
        metrics.write(db, exports / "metrics.prom")
    if not tell:
        return every, []
    looked_at = {*sources, "models", *(f.source for f in every), *OVERRIDE_FILES}
    problems = alerts.deliver(
        every, alerts.Channels.from_environment(), alerts.Memory.load(path.with_name(MEMORY)),
        checked=looked_at, digest=digest,
    )  # fmt: skip
    return every, problems


OVERRIDE_FILES = ("models.csv", "corrections.csv", "aliases.csv", "not_same.csv", "exclude.csv", "decisions.csv")
"""Hand-edited files, which every derive reads."""
