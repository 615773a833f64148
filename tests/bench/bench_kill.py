"""Kill −9 at random points of refresh, rebuild, export, backup, restore and migration; what was lost, what broke.

    python tests/bench/bench_kill.py [NUMBER [SECONDS]]

Ends after NUMBER kills (default 20) or SECONDS (default 600), whichever comes first; prints a line for every kill and
the sums at the end. After every tenth kill the next refresh must complete. Exits 1 where anything was lost.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.faults.killing import claims, run
from tests.standin import StandIn
from tests.standin.server import arguments_for
from tests.standin.sites import arena_rows, put_arena

MODELS = 320
"""On the stand-in's leaderboard, so in the export as well."""

WRITES = 2 * 4
"""Points of an export: before the sync and before the renaming of each of its four files."""


def sound(path: Path) -> bool:
    """The database opens and every page of it is whole."""
    with sqlite3.connect(path) as db:
        return db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def whole(exports: Path) -> bool:
    """Every model is in the exported file, the old one or the new one."""
    return (exports / "models.csv").read_text(encoding="utf-8").count("\n") == MODELS + 1


def unmigrate(path: Path) -> None:
    """As a release without the newest tables left it."""
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm003_operation'")
        db.execute("DROP TABLE IF EXISTS run_statistics")
        db.execute("DROP TABLE IF EXISTS findings")


def die_while_writing(point: int) -> None:
    """In the child: kill it as it is about to make its ``point``-th sync or renaming of a file."""
    count = 0

    def counted(function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal count
            count += 1
            if count == point:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **kwargs)

        return call

    os.fsync, os.replace = counted(os.fsync), counted(os.replace)


def main(number: int, seconds: float) -> int:
    """Kill, check, go on."""
    chance = random.Random(1)
    lost = broken = incomplete = 0
    kills: Counter[str] = Counter()
    started = time.monotonic()
    with StandIn() as web, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        put_arena(web)
        names = ("DB", "ARCHIVE", "EXPORTS", "OVERRIDES", "BACKUPS")
        paths = {f"FLOPCRAWL_{each}": folder / each.lower() for each in names}
        arguments = arguments_for(web, **paths)
        database = folder / "db"
        assert run(["refresh", "--only", "arena", *arguments]).exit_code == 0
        assert run(["backup", *arguments]).exit_code == 0
        [good] = (folder / "backups").glob("*.tar.zst")
        commands = {
            "refresh": ["refresh", "--only", "arena"], "rebuild": ["rebuild"], "export": ["rebuild"],
            "backup": ["backup", "--keep-all"], "restore": ["restore", str(good)], "migration": ["rebuild"],
        }  # fmt: skip
        kinds = list(commands)
        lengths = {"export": WRITES}
        lengths |= {kind: run([*commands[kind], *arguments]).statements for kind in kinds if kind != "export"}
        turn = 0
        while kills.total() < number and time.monotonic() - started < seconds:
            kind = kinds[turn % len(kinds)]
            turn += 1
            put_arena(web, arena_rows(published=f"2026-02-{turn % 28 + 1:02}", first=1510.0 + turn))
            if kind == "migration":
                unmigrate(database)
            before = set() if kind == "restore" else claims(database)
            point = chance.randint(1, max(1, lengths[kind] if kind == "export" else int(0.9 * lengths[kind])))
            in_files = kind == "export"
            ended = run(
                [*commands[kind], *arguments],
                0 if in_files else point,
                partial(die_while_writing, point) if in_files else None,
            )
            if ended.exit_code is not None:
                lengths[kind] = point
                print(f"{kind}: over before point {point} (exit {ended.exit_code})", flush=True)
                continue
            kills[kind] += 1
            gone = len(before - claims(database))
            fine = sound(database) and sound(folder / "archive") and whole(folder / "exports")
            lost, broken = lost + gone, broken + (not fine)
            print(
                f"{kills.total():4} {time.monotonic() - started:5.0f} s {kind} at {point} of {lengths[kind]}: "
                f"{gone} claims lost, {'sound' if fine else 'BROKEN'}", flush=True,
            )  # fmt: skip
            if kills.total() % 10 == 0:
                incomplete += run(["refresh", "--only", "arena", *arguments]).exit_code != 0
    each = ", ".join(f"{kind} {count}" for kind, count in kills.items())
    print(
        f"{kills.total()} kills ({each}): {lost} claims lost, {broken} times broken, {incomplete} next runs incomplete"
    )
    return 1 if lost or broken or incomplete else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, float(sys.argv[2]) if len(sys.argv) > 2 else 600.0))
