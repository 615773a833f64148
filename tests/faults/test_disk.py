"""A disk that takes no more: nothing is half written, and the next run completes."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from tests.faults.killing import check, claims, run
from tests.standin import StandIn
from tests.standin.server import arguments_for
from tests.standin.sites import arena_rows, put_arena


def full_disk() -> None:
    """From here on no file of this process can grow beyond what the database of the test has already."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))


@pytest.mark.slow
def test_a_full_disk_loses_nothing_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alerts = tmp_path / "alerts.txt"
    monkeypatch.setenv("FLOPCRAWL_ALERT_FILE", str(alerts))
    with StandIn() as web:
        put_arena(web)
        names = ("DB", "ARCHIVE", "EXPORTS", "OVERRIDES", "BACKUPS")
        arguments = arguments_for(web, **{f"FLOPCRAWL_{name}": tmp_path / name.lower() for name in names})
        refresh = ["refresh", "--only", "arena", *arguments]
        assert run(refresh).exit_code == 0
        stored, exported = claims(tmp_path / "db"), (tmp_path / "exports" / "models.csv").read_text()
        put_arena(web, arena_rows(published="2026-02-01", first=1510.0))
        assert run(refresh, first=full_disk).exit_code == 1
        assert "error: arena: " in alerts.read_text()
        assert "make room on the disk" in alerts.read_text()
        check(tmp_path / "db")
        check(tmp_path / "archive")
        assert stored <= claims(tmp_path / "db")
        assert (tmp_path / "exports" / "models.csv").read_text() == exported
        assert run(["backup", *arguments], first=full_disk).exit_code == 1
        assert [p for p in (tmp_path / "backups").glob("*") if not p.name.startswith(".")] == []
        assert run(refresh).exit_code == 0
        assert len(claims(tmp_path / "db")) > len(stored)
        assert "over: arena/failed" in alerts.read_text()
