"""The end of a run: what moved in the database is seen, kept, told and measured."""

from __future__ import annotations

import errno
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from flopcrawl import database
from flopcrawl.operation.conclude import conclude, tell_of_death
from flopcrawl.operation.findings import Severity
from flopcrawl.operation.models import check_models, overdue

RUN = "2026-01-05T03:15:00Z"


def add_model(db: Any, key: str, flop: float | None, probability: float | None, listed: int = 0) -> None:
    db.conn.execute(
        "INSERT INTO models (model_key, name, training_flop, probability_over_1e25, classification, listed, reason, "
        "review, origin, stale, n_sources) VALUES (?, ?, ?, ?, 'unknown', ?, '', '', 'scraped', 0, 1)",
        (key, key.upper(), flop, probability, listed),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database after a run in which several things happened."""
    path = tmp_path / "f.db"
    db = database.open_for_writing(path)
    for key, flop, probability, listed in (
        ("drifted", 9e24, 0.3, 0), ("steady", 1.1e24, 0.01, 0), ("edited", 9e24, 0.3, 0), ("crossed", 2e25, 0.9, 1),
        ("near", 8e24, 0.3, 0), ("far", 1e22, 0.0, 0), ("left", 1e24, 0.0, 0), ("new", 3e25, 0.9, 1),
    ):  # fmt: skip
        add_model(db, key, flop, probability, listed)
    changes = [
        ("drifted", "training_flop", "3e+24", "9e+24", "scraped"), ("crossed", "listed", "0", "1", "scraped"),
        ("steady", "training_flop", "1e+24", "1.1e+24", "scraped"), ("left", "listed", "1", "0", "alias"),
        ("edited", "training_flop", "3e+24", "9e+24", "manual"),
        ("near", "model", None, json.dumps({"listed": 0}), "scraped"),
        ("far", "model", None, json.dumps({"listed": 0}), "scraped"),
        ("new", "model", None, json.dumps({"listed": 1}), "scraped"),
    ]  # fmt: skip
    database.append_changes(db, [("2026-01-05T03:20:00Z", RUN, *change) for change in changes])
    database.append_changes(
        db, [("2026-01-01T00:00:00Z", "earlier", "steady", "training_flop", "1e+20", "1e+24", "scraped")]
    )
    db.conn.execute(
        "INSERT INTO overrides (file, line, field, status, message) VALUES ('models.csv', 7, 'date', 'rejected', "
        "'7/9/2025 is 7 September or 9 July')"
    )
    for date, value in (("2025-12-01", 0.9), ("2026-01-01", 0.8)):
        database.store_validation(db, [(date, "epoch", 1e25, "coverage: listed", "all", value, None, None, 24)])
    database.store_run(db, {
        "run_id": RUN, "spider": "arena", "started_at": RUN, "finished_at": "2026-01-05T03:20:00Z", "items": 400,
        "source_state": "live", "finish_reason": "finished", "requests": 9, "bytes": 1000, "errors": 0, "rejected": 1,
        "served_stale": 0, "revalidated": 4,
    })  # fmt: skip
    db.conn.commit()
    db.close()
    return path


def test_what_moved_is_seen(path: Path) -> None:
    with database.open_for_reading(path) as db:
        found = {finding.key: finding for finding in check_models(db, RUN)}
    assert set(found) == {
        "models/drift/drifted", "models/listed/crossed", "models/listed/new", "models/unlisted/left",
        "models/near/near",
        "models.csv/override-rejected/7", "models/validation/coverage: listed all 1e+25",
    }  # fmt: skip
    assert found["models/drift/drifted"].severity is Severity.WARNING
    assert "3.0e+24 became 9.0e+24 FLOP (scraped)" in found["models/drift/drifted"].message
    assert "7 September or 9 July" in found["models.csv/override-rejected/7"].message


@pytest.mark.parametrize(("day", "late"), [(10, False), (16, True)])
def test_a_timer_that_stopped_is_noticed(path: Path, day: int, late: bool) -> None:
    with database.open_for_reading(path) as db:
        found = list(overdue(db, datetime(2026, 1, day, tzinfo=UTC)))
    assert bool(found) == late
    assert all("systemctl" in finding.remedy for finding in found)


def test_a_run_in_the_future_does_not_hide_that_nothing_runs(path: Path) -> None:
    db = database.open_for_writing(path)
    database.store_run(db, {
        "run_id": "ahead", "spider": "arena", "started_at": "2027-01-01T00:00:00Z",
        "finished_at": "2027-01-01T00:10:00Z", "source_state": "live",
    })  # fmt: skip
    db.conn.commit()
    db.close()
    with database.open_for_reading(path) as reader:
        assert [f.message for f in overdue(reader, datetime(2026, 1, 20, tzinfo=UTC))] == [
            "no run has ended for 14 days"
        ]
        assert list(overdue(reader, datetime(2026, 1, 8, tzinfo=UTC))) == []


def test_it_is_kept_told_and_measured(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2026, 1, 5, 4, tzinfo=UTC).timestamp())))
    monkeypatch.setenv("FLOPCRAWL_ALERT_FILE", str(tmp_path / "alerts.txt"))
    found, problems = conclude(path, tmp_path, RUN, ["arena"], digest=True)
    assert problems == []
    assert [finding.severity for finding in found] == sorted(
        (finding.severity for finding in found), key=list(reversed(Severity)).index
    )
    assert "DRIFTED: 3.0e+24" in (tmp_path / "alerts.txt").read_text()
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM findings WHERE run_id = ?", (RUN,)).fetchone() == (len(found),)
    families = text_string_to_metric_families((tmp_path / "metrics.prom").read_text())
    metrics = {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}
    assert metrics["flopcrawl_models_listed",] == 2
    assert metrics["flopcrawl_source_items", "arena"] == 400
    assert metrics["flopcrawl_source_state", "arena", "live"] == 1
    assert metrics["flopcrawl_findings", "warning"] == 3


def test_a_replay_is_told_to_nobody(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOPCRAWL_ALERT_FILE", str(tmp_path / "alerts.txt"))
    found, _ = conclude(path, tmp_path, RUN, ["arena"], tell=False)
    assert found
    assert not (tmp_path / "alerts.txt").exists()


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "make room on the disk"),
        (OSError(errno.EROFS, "Read-only file system"), "writable"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "writable"),
        (sqlite3.OperationalError("database or disk is full"), "make room on the disk"),
        (sqlite3.DatabaseError("database disk image is malformed"), "scrapy restore"),
    ],
)
def test_a_refresh_that_dies_is_told(
    error: Exception, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOPCRAWL_ALERT_FILE", str(tmp_path / "alerts.txt"))
    finding, unsent = tell_of_death(tmp_path / "f.db", error)
    assert unsent == []
    assert remedy in finding.remedy
    assert str(finding) in (tmp_path / "alerts.txt").read_text()
