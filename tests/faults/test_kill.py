"""Kill −9 in the middle of a refresh, a rebuild, a backup, a restore: nothing is lost, the next run completes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.faults.killing import check, claims, points, run
from tests.standin import StandIn
from tests.standin.server import arguments_for
from tests.standin.sites import arena_rows, put_arena


@pytest.fixture
def web():
    with StandIn() as standin:
        put_arena(standin)
        yield standin


@pytest.fixture
def arguments(web: StandIn, tmp_path: Path) -> list[str]:
    paths = {
        "FLOPCRAWL_DB": tmp_path / "f.db", "FLOPCRAWL_ARCHIVE": tmp_path / "a.db",
        "FLOPCRAWL_EXPORTS": tmp_path / "exports", "FLOPCRAWL_OVERRIDES": tmp_path / "overrides",
        "FLOPCRAWL_BACKUPS": tmp_path / "backups",
    }  # fmt: skip
    return arguments_for(web, **paths)


@pytest.mark.slow
def test_a_refresh_that_is_killed_ten_times_loses_nothing(web: StandIn, arguments: list[str], tmp_path: Path) -> None:
    refresh = ["refresh", "--only", "arena", *arguments]
    assert run(refresh).exit_code == 0
    put_arena(web, arena_rows(published="2026-01-31", first=1505.0))
    whole = run(refresh)
    assert whole.exit_code == 0
    stored = claims(tmp_path / "f.db")
    exported = (tmp_path / "exports" / "models.csv").read_text()
    for number, point in enumerate(points(whole.statements, 10)):
        # every week the board moves: other ratings, so other claims, supersede the last ones
        put_arena(web, arena_rows(published=f"2026-02-{number + 1:02}", first=1510.0 + number))
        assert run(refresh, point).exit_code is None
        check(tmp_path / "f.db")
        check(tmp_path / "a.db")
        assert stored <= claims(tmp_path / "f.db")
        stored = claims(tmp_path / "f.db")
        assert (tmp_path / "exports" / "models.csv").read_text().count("\n") == exported.count("\n")
    assert run(refresh).exit_code == 0
    assert stored <= claims(tmp_path / "f.db")
    with sqlite3.connect(tmp_path / "f.db") as db:
        assert db.execute(
            "SELECT count(*) FROM claims WHERE field = 'arena_rating' AND status = 'current'"
        ).fetchone() == (320,)
        assert db.execute("SELECT count(*) FROM models").fetchone() == (320,)


@pytest.mark.slow
def test_backup_and_restore_that_are_killed_leave_what_was_there(arguments: list[str], tmp_path: Path) -> None:
    assert run(["refresh", "--only", "arena", *arguments]).exit_code == 0
    before = claims(tmp_path / "f.db")
    whole = run(["backup", *arguments])
    assert whole.exit_code == 0
    [good] = (tmp_path / "backups").glob("*.tar.zst")
    for point in points(whole.statements, 4):
        assert run(["backup", *arguments], point).exit_code is None
        assert claims(tmp_path / "f.db") == before
    restore = ["restore", str(good), *arguments]
    whole = run(restore)
    assert whole.exit_code == 0
    for point in points(whole.statements, 6):
        assert run(restore, point).exit_code is None
        check(tmp_path / "f.db")
        assert claims(tmp_path / "f.db") == before
    assert run(restore).exit_code == 0
    assert claims(tmp_path / "f.db") == before
    assert run(["rebuild", *arguments]).exit_code == 0
