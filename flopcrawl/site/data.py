"""Reading the served database: rows, a stamp that changes with it, and things computed once per state of it."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flopcrawl.site.shared import Shared

DATABASE = "flopcrawl"
KEPT = 64
"""Computed things that are kept at most; the least recently used one goes first."""

Rows = list[dict[str, Any]]

_computed: OrderedDict[tuple[object, ...], Any] = OrderedDict()
_shared = Shared()


def served_path(datasette: Any) -> Path:
    """The file that is served now."""
    return Path(datasette.get_database(DATABASE).path)


def stamp(datasette: Any) -> str:
    """A text that differs whenever the served data may: the file, and when it and its write-ahead log were written."""
    path = served_path(datasette)
    parts = [str(path)]
    for file in (path, path.with_name(path.name + "-wal")):
        if file.exists():
            status = file.stat()
            parts.append(f"{status.st_mtime_ns}.{status.st_size}")
    return "|".join(parts)


def _read(connection: sqlite3.Connection, sql: str, parameters: Any) -> Rows:
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


async def rows_of(datasette: Any, sql: str, parameters: Any = ()) -> Rows:
    """The rows of one of our own queries, as dictionaries. The limits on visitors' queries do not apply to it."""
    result: Rows = await datasette.get_database(DATABASE).execute_fn(lambda db: _read(db, sql, parameters))
    return result


async def rows_of_each(datasette: Any, queries: Mapping[str, str], parameters: Any = ()) -> dict[str, Rows]:
    """The rows of several queries with the same parameters, by their names: one way to the thread and back."""

    def read(connection: sqlite3.Connection) -> dict[str, Rows]:
        return {name: _read(connection, sql, parameters) for name, sql in queries.items()}

    result: dict[str, Rows] = await datasette.get_database(DATABASE).execute_fn(read)
    return result


async def once(datasette: Any, name: object, sql: str, make: Callable[[Rows], Any], parameters: Any = ()) -> Any:
    """What ``make`` makes of a query's rows (in the reading thread), computed once for each state of the database."""
    key = (stamp(datasette), name)

    async def compute() -> Any:
        made = await datasette.get_database(DATABASE).execute_fn(lambda db: make(_read(db, sql, parameters)))
        _computed[key] = made
        while len(_computed) > KEPT:
            _computed.popitem(last=False)
        return made

    if key not in _computed:
        return await _shared.run(key, compute)
    _computed.move_to_end(key)
    return _computed[key]


async def information(datasette: Any) -> dict[str, str]:
    """What the database says of itself: its origin, when it was refreshed, and what kinds of data are in it."""

    def make(rows: Rows) -> dict[str, str]:
        return {row["key"]: row["value"] for row in rows}

    sql = (
        "SELECT key, value FROM information UNION ALL SELECT 'stale_models', count(*) FROM models WHERE stale = 1 "
        "UNION ALL SELECT 'sample_models', count(*) FROM models WHERE origin = 'sample'"
    )
    known: dict[str, str] = await once(datasette, "information", sql, make)
    return known
