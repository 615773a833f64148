"""The state of the database as Prometheus reads it: a text file for the node exporter's textfile collector."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

RUN_FIGURES = {
    "requests": "Requests of the last run", "bytes": "Bytes received in the last run", "items": "Items of the last run",
    "rejected": "Items refused in the last run", "errors": "Errors logged in the last run",
    "served_stale": "Last good copies that stood in", "revalidated": "Pages confirmed by the server (304)",
}  # fmt: skip


def registry(db: sqlite3.Connection) -> CollectorRegistry:
    """Every figure, from the database."""
    found = CollectorRegistry()
    models = Gauge("flopcrawl_models", "Models by classification at 1e25 FLOP", ["classification"], registry=found)
    for word, count in db.execute("SELECT classification, count(*) FROM models GROUP BY classification"):
        models.labels(word).set(count)
    for table in ("claims", "changes", "overrides"):
        gauge = Gauge(f"flopcrawl_{table}", f"Rows of the table {table}", registry=found)
        gauge.set(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
    listed = Gauge("flopcrawl_models_listed", "Models on the list", registry=found)
    listed.set(db.execute("SELECT count(*) FROM models WHERE listed = 1").fetchone()[0])
    findings = Gauge("flopcrawl_findings", "Findings of the last run by severity", ["severity"], registry=found)
    for severity in ("info", "warning", "error"):
        findings.labels(severity).set(0)
    for severity, count in db.execute(
        "SELECT severity, count(*) FROM findings WHERE run_id = (SELECT max(run_id) FROM runs) GROUP BY severity"
    ):
        findings.labels(severity).set(count)
    state = Gauge("flopcrawl_source_state", "1 for the state of the last run", ["source", "state"], registry=found)
    ended = Gauge("flopcrawl_source_ended_seconds", "When the last run ended", ["source"], registry=found)
    gauges = {
        name: Gauge(f"flopcrawl_source_{name}", text, ["source"], registry=found) for name, text in RUN_FIGURES.items()
    }
    rows = db.execute(
        f"SELECT spider, max(started_at), finished_at, source_state, {', '.join(gauges)} FROM runs GROUP BY spider"  # noqa: S608
    )
    for spider, _, finished_at, source_state, *figures in rows:
        state.labels(spider, source_state or "running").set(1)
        if finished_at:
            ended.labels(spider).set(datetime.fromisoformat(finished_at).timestamp())
        for gauge, value in zip(gauges.values(), figures, strict=True):
            gauge.labels(spider).set(value or 0)
    return found


def write(db: sqlite3.Connection, path: Path) -> None:
    """Write the file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(path), registry(db))
