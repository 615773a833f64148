"""Runs a ``scrapy`` command in a child and kills it (SIGKILL) as it is about to run its n-th SQL statement.

Points between statements cover everything that can be half done: in a batch, between a transaction and the next, in
the derive, in a migration, between the database and the exports. They repeat exactly, which points in time do not.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from scrapy.utils.project import get_project_settings  # noqa: F401

# what every child would import again
import flopcrawl.archive
import flopcrawl.derive
import flopcrawl.extensions.monitors
import flopcrawl.operation.conclude
import flopcrawl.reports.exports
import flopcrawl.spiders.arena  # noqa: F401

ROOT = Path(__file__).parents[2]
SERVER = multiprocessing.get_context("forkserver")
"""Children come from a process that has imported everything and has no threads: a fork of the test's own process, in
which the stand-in web runs, could inherit a lock that nobody will ever free."""
SERVER.set_forkserver_preload(["tests.faults.killing"])


@dataclass
class Outcome:
    """How a child ended: its exit code (None where it was killed), and the statements that it ran."""

    exit_code: int | None
    statements: int


def run(
    arguments: list[str], kill_at: int = 0, first: Callable[[], None] | None = None, output: str = os.devnull
) -> Outcome:
    """Run ``scrapy`` with ``arguments``, after ``first`` in the child; kill it at statement ``kill_at`` (0: never).

    What it prints goes into the file ``output``.
    """
    reading, writing = SERVER.Pipe(duplex=False)
    child = SERVER.Process(target=_child, args=(arguments, kill_at, first, output, writing, dict(os.environ)))
    child.start()
    writing.close()
    try:
        counted = reading.recv()
    except EOFError:
        counted = kill_at
    child.join()
    return Outcome(None if child.exitcode == -signal.SIGKILL else child.exitcode, counted)


def _child(
    arguments: list[str],
    kill_at: int,
    first: Callable[[], None] | None,
    output: str,
    pipe: Connection,
    environment: dict[str, str],
) -> None:
    """Never returns."""
    os.environ.update(environment)
    if first:
        first()
    code = 1
    count = 0

    def trace(_: str) -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    connect = sqlite3.connect

    def traced(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = connect(*args, **kwargs)
        connection.set_trace_callback(trace)
        return connection

    sqlite3.connect = traced
    try:
        os.chdir(ROOT)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), 1)
        if not os.environ.get("KILLING_SHOWS_ERRORS"):
            os.dup2(null, 2)
        from scrapy.cmdline import execute

        execute(["scrapy", *arguments])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        pipe.send(count)
        sys.stdout.flush()
        os._exit(code)


def check(path: Path) -> None:
    """The database opens and every page of it is sound."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def claims(path: Path) -> set[str]:
    """The claims that are stored, superseded or not."""
    with closing(sqlite3.connect(path)) as db:
        return {row[0] for row in db.execute("SELECT claim_id FROM claims")}


def points(statements: int, number: int) -> list[int]:
    """``number`` statements spread over a run; none in its last twentieth, since a run is never quite as long again."""
    return [max(1, int(0.95 * statements) * n // number) for n in range(1, number + 1)]
