"""What machines do: a disk that is read-only or really full, a clock that jumps, two runs at once, a killed export."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flopcrawl import database
from tests.bench.bench_kill import die_while_writing, unmigrate
from tests.faults.killing import ROOT, check, claims, run
from tests.standin import StandIn
from tests.standin.server import arguments_for
from tests.standin.sites import arena_rows, put_arena

pytestmark = pytest.mark.slow
NAMES = ("DB", "ARCHIVE", "EXPORTS", "OVERRIDES", "BACKUPS")


@pytest.fixture
def web() -> Iterator[StandIn]:
    with StandIn() as standin:
        put_arena(standin)
        yield standin


def arguments_in(web: StandIn, folder: Path) -> list[str]:
    """Everything in one folder."""
    return arguments_for(web, **{f"FLOPCRAWL_{name}": folder / name.lower() for name in NAMES})


def mount(folder: Path, options: str) -> bool:
    """Mount a file system in memory; whether this process may."""
    command = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 8 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount(folder, "size=8m"):
        pytest.skip("only the administrator of a machine may mount a disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def alerts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of alerts, on another disk."""
    monkeypatch.setenv("FLOPCRAWL_ALERT_FILE", str(tmp_path / "alerts.txt"))
    return tmp_path / "alerts.txt"


def fill(path: Path) -> None:
    """Write until the disk takes no more."""
    with path.open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))


def read_only(folder: Path) -> Callable[[], None]:
    """Make everything in ``folder`` read-only, as far as this process is concerned; returns what undoes it."""
    if os.geteuid() == 0:
        # permissions mean nothing to root
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        return lambda: subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True) and None
    every = [folder, *folder.rglob("*")]
    modes = [(path, path.stat().st_mode) for path in every]
    for path, mode in modes:
        path.chmod(mode & ~0o222)
    return lambda: [path.chmod(mode) for path, mode in modes] and None


def said(command: str, *arguments: str) -> str:
    """What a command that must fail says on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", command, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    return done.stderr


def test_a_read_only_disk_is_told_and_changes_nothing(web: StandIn, alerts: Path, request: Any, tmp_path: Path) -> None:
    folder = request.getfixturevalue("disk") if os.geteuid() == 0 else tmp_path / "disk"
    arguments = arguments_in(web, folder)
    assert run(["refresh", "--only", "arena", *arguments]).exit_code == 0
    stored = claims(folder / "db")
    undo = read_only(folder)
    try:
        for command in ("refresh", "rebuild", "monitor", "report", "backup"):
            words = said(command, *(["--only", "arena"] if command == "refresh" else []), *arguments)
            assert "Traceback" not in words, command
            assert "writable" in words or "Free space, or name another folder" in words, command
        assert alerts.read_text().count("error: refresh: the refresh ended early") == 1
    finally:
        undo()
    assert claims(folder / "db") == stored
    put_arena(web, arena_rows(published="2026-02-01", first=1510.0))
    assert run(["refresh", "--only", "arena", *arguments]).exit_code == 0
    assert claims(folder / "db") > stored


def test_a_disk_without_a_free_byte_loses_nothing(web: StandIn, disk: Path, alerts: Path) -> None:
    arguments = arguments_in(web, disk)
    refresh = ["refresh", "--only", "arena", *arguments]
    assert run(refresh).exit_code == 0
    stored, exported = claims(disk / "db"), (disk / "exports" / "models.csv").read_text()
    put_arena(web, arena_rows(published="2026-02-01", first=1510.0))
    with pytest.raises(OSError, match="No space left"):
        fill(disk / "filler")
    assert run(refresh).exit_code == 1
    assert "make room on the disk" in alerts.read_text()
    assert (disk / "exports" / "models.csv").read_text() == exported
    # even a reader of SQLite wants a few bytes beside the database
    (disk / "filler").unlink()
    check(disk / "db")
    check(disk / "archive")
    assert stored <= claims(disk / "db")
    assert run(refresh).exit_code == 0
    assert claims(disk / "db") > stored


def test_a_clock_that_jumps_ahead_and_back(web: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = arguments_in(web, tmp_path)
    week, year = 7 * 24 * 3600, 365 * 24 * 3600
    stored: set[str] = set()
    for number, moment in enumerate((0, 2 * year, -year, week)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_767_500_000 + moment))
        put_arena(web, arena_rows(published=f"2026-01-{number + 1:02}", first=1500.0 + number))
        assert run(["refresh", "--only", "arena", *arguments]).exit_code == 0
        assert run(["backup", *arguments]).exit_code == 0
        check(tmp_path / "db")
        assert stored <= claims(tmp_path / "db")
        stored = claims(tmp_path / "db")
        # what decides is what was read last, whatever the clock said
        with closing(sqlite3.connect(tmp_path / "db")) as db:
            newest = db.execute(
                "SELECT number FROM claims WHERE subject = 'standin-000' AND field = 'arena_rating' "
                "AND status = 'current'"
            ).fetchall()
        assert newest == [(1500.0 + number,)]
    assert run(["monitor", *arguments]).exit_code == 0
    # the newest backup is the last one, not that of the future
    assert run(["restore", *arguments]).exit_code == 0
    assert claims(tmp_path / "db") == stored


def test_an_export_that_is_killed_leaves_the_old_file_or_the_new_one(web: StandIn, tmp_path: Path) -> None:
    arguments = arguments_in(web, tmp_path)
    assert run(["refresh", "--only", "arena", *arguments]).exit_code == 0
    exports = tmp_path / "exports"
    files = {path.name: path.read_bytes() for path in exports.glob("[a-z]*.csv")}
    for point in (1, 4, 7):
        assert run(["rebuild", *arguments], first=partial(die_while_writing, point)).exit_code is None
        assert {path.name: path.read_bytes() for path in exports.glob("[a-z]*.csv")} == files
    left = list(exports.glob(".*.csv.*"))
    assert left != []
    for path in left:
        os.utime(path, (0, 0))
    assert run(["rebuild", *arguments]).exit_code == 0
    assert list(exports.glob(".*.csv.*")) == []


def test_a_migration_that_is_killed_is_made_by_the_next_run(web: StandIn, tmp_path: Path) -> None:
    arguments = arguments_in(web, tmp_path)
    assert run(["refresh", "--only", "arena", *arguments]).exit_code == 0
    stored = claims(tmp_path / "db")
    for point in (2, 5, 9, 14, 20):
        unmigrate(tmp_path / "db")
        assert run(["rebuild", *arguments], point).exit_code is None
        check(tmp_path / "db")
        assert claims(tmp_path / "db") == stored
    assert run(["rebuild", *arguments]).exit_code == 0
    with closing(sqlite3.connect(tmp_path / "db")) as db:
        assert db.execute("SELECT count(*) FROM findings").fetchone() is not None
        assert ("m003_operation",) in db.execute("SELECT name FROM _sqlite_migrations").fetchall()


def test_a_second_refresh_is_told_who_runs_and_since_when(web: StandIn, tmp_path: Path) -> None:
    arguments = arguments_in(web, tmp_path)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.owned_lock(tmp_path / "db.refresh", "", 0):
            held.set()
            done.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    try:
        words = said("refresh", "--only", "arena", *arguments)
    finally:
        done.set()
        holder.join()
    assert f"is being refreshed by process {os.getpid()} since 20" in words
    assert "minutes ago): wait for it to end" in words
    assert web.requests == []
