"""The end of a run: every check, kept in the database; the alerts; the metrics."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from pathlib import Path

from flopcrawl import database
from flopcrawl.operation import alerts, metrics
from flopcrawl.operation.findings import Finding, Severity
from flopcrawl.operation.models import check_models, overdue
from flopcrawl.operation.remedies import remedy_for

MEMORY = "alerts.json"

REFRESH = "refresh"
"""The source of findings about a refresh as a whole."""


def findings_of(db: sqlite3.Connection, run_id: str) -> list[Finding]:
    """What was found in a run, as it was kept."""
    rows = db.execute(
        "SELECT severity, source, kind, message, remedy, subject FROM findings WHERE run_id = ? "
        "ORDER BY severity = 'info', severity = 'warning', source, kind, subject",
        (run_id,),
    )
    return [Finding(Severity(severity), *rest) for severity, *rest in rows]


def conclude(
    path: Path,
    exports: Path,
    run_id: str,
    sources: Collection[str],
    *,
    digest: bool = False,
    tell: bool = True,
    also: Collection[Finding] = (),
    failed: Mapping[str, str] | None = None,
) -> tuple[list[Finding], list[str]]:
    """Check what run ``run_id`` of ``sources`` did to the database at ``path``, keep it, tell it, measure it.

    Without ``tell`` no alert is sent: a replay is no news of the sources. ``also`` is what the run itself has found,
    ``failed`` its failed sources with why: one that died before its checks (a full disk) is an error all the same.

    Returns every finding of the run (worst first), and one line for every channel over which it could not be told.
    """
    with database.open_for_reading(path) as db:
        said = {f.source for f in findings_of(db, run_id) if f.severity is Severity.ERROR}
        died = [
            Finding(Severity.ERROR, source, "failed", why or "the run failed", remedy_for(why))
            for source, why in (failed or {}).items()
            if source not in said
        ]
        found = [*also, *died, *check_models(db, run_id), *(overdue(db) if tell else ())]
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


def tell_of_death(path: Path, error: Exception) -> tuple[Finding, list[str]]:
    """Tell that a refresh of the database at ``path`` died of ``error`` before it could :func:`conclude`.

    The finding is told and not stored: the database, or the disk below it, may be what is broken.

    Returns the finding, and one line for every channel over which it could not be told.
    """
    remedy = remedy_for(error)
    finding = Finding(Severity.ERROR, REFRESH, "died", f"the refresh ended early: {error}", remedy)
    memory = alerts.Memory.load(path.with_name(MEMORY))
    return finding, alerts.deliver([finding], alerts.Channels.from_environment(), memory, checked=[REFRESH])


OVERRIDE_FILES = ("models.csv", "corrections.csv", "aliases.csv", "not_same.csv", "exclude.csv", "decisions.csv")
"""Hand-edited files, which every derive reads."""
