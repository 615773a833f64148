"""Reading the served database: rows, a stamp that changes with it, and things computed once per state of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

DATABASE = "flopcrawl"
KEPT = 64
"""Computed things that are kept at most; the least recently used one goes first."""

_computed: OrderedDict[tuple[object, ...], Any] = OrderedDict()


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


async def rows_of(datasette: Any, sql: str, parameters: Any = ()) -> list[dict[str, Any]]:
    """The rows of one of our own queries, as dictionaries. The limits on visitors' queries do not apply to it."""

    def read(connection: Any) -> list[dict[str, Any]]:
        cursor = connection.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    result: list[dict[str, Any]] = await datasette.get_database(DATABASE).execute_fn(read)
    return result


async def once(
    datasette: Any, name: object, sql: str, make: Callable[[list[dict[str, Any]]], Any], parameters: Any = ()
) -> Any:
    """What ``make`` makes of a query's rows, computed once for each state of the database."""
    key = (stamp(datasette), name)
    if key not in _computed:
        _computed[key] = make(await rows_of(datasette, sql, parameters))
        while len(_computed) > KEPT:
            _computed.popitem(last=False)
    _computed.move_to_end(key)
    return _computed[key]


async def information(datasette: Any) -> dict[str, str]:
    """What the database says of itself: its origin, when it was refreshed, and what kinds of data are in it."""

    def make(rows: list[dict[str, Any]]) -> dict[str, str]:
        return {row["key"]: row["value"] for row in rows}

    sql = (
        "SELECT key, value FROM information UNION ALL SELECT 'stale_models', count(*) FROM models WHERE stale = 1 "
        "UNION ALL SELECT 'sample_models', count(*) FROM models WHERE origin = 'sample'"
    )
    known: dict[str, str] = await once(datasette, "information", sql, make)
    return known
