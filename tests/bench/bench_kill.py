"""Kill −9 at random points of refresh, rebuild, backup, restore and migration; prints what was lost and what broke.

python tests/bench/bench_kill.py [NUMBER]      (default 20; the record in docs/operations.md is of 100)
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.faults.killing import claims, run
from tests.standin import StandIn
from tests.standin.server import arguments_for
from tests.standin.sites import arena_rows, put_arena


def sound(path: Path) -> bool:
    with sqlite3.connect(path) as db:
        return db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def unmigrate(path: Path) -> None:
    """As a release without the newest tables left it."""
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm003_operation'")
        db.execute("DROP TABLE IF EXISTS run_statistics")
        db.execute("DROP TABLE IF EXISTS findings")


def main(number: int) -> int:
    """Kill, check, go on; every tenth time the next run must complete."""
    chance = random.Random(1)
    lost = broken = incomplete = kills = 0
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
            "refresh": ["refresh", "--only", "arena"], "rebuild": ["rebuild"], "backup": ["backup", "--keep-all"],
            "restore": ["restore", str(good)], "migration": ["rebuild"],
        }  # fmt: skip
        lengths = {kind: run([*command, *arguments]).statements for kind, command in commands.items()}
        while kills < number:
            kind = list(commands)[kills % len(commands)]
            put_arena(web, arena_rows(published=f"2026-02-{kills % 28 + 1:02}", first=1510.0 + kills))
            if kind == "migration":
                unmigrate(database)
            before = set() if kind == "restore" else claims(database)
            point = chance.randint(1, max(1, int(0.9 * lengths[kind])))
            if run([*commands[kind], *arguments], point).exit_code is not None:
                lengths[kind] = point
                continue
            kills += 1
            broken += not (sound(database) and sound(folder / "archive"))
            lost += len(before - claims(database))
            if kills % 10 == 0:
                incomplete += run(["refresh", "--only", "arena", *arguments]).exit_code != 0
    print(f"{kills} kills: {lost} claims lost, {broken} databases broken, {incomplete} next runs incomplete")
    return 1 if lost or broken or incomplete else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
