"""The database: schema, migrations, views and every write (sqlite-utils). No other module writes to it.

One process writes at a time: writers hold :func:`writer_lock`, a file beside the database that names its owner.
Every group of writes runs in one transaction, so a crash leaves the database as it was before the group.
Nothing that was stored is deleted: claims are superseded, keys are redirected, changes are appended.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import filelock
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from flopcrawl.backup import before_migration
from flopcrawl.clock import now, present
from flopcrawl.items import Claim, PageItem, RatingItem, ReferenceItem, RejectedItem
from flopcrawl.vocabulary import SourceState

LOCK_TIMEOUT_SECONDS = 600.0
"""How long a writer waits for another one before it gives up and says who holds the lock."""

migrations = Migrations("flopcrawl")


class DatabaseBusyError(RuntimeError):
    """Another process has been writing for longer than :data:`LOCK_TIMEOUT_SECONDS`. The message names it."""


SCHEMA = """
CREATE TABLE claims (
    claim_id TEXT PRIMARY KEY, subject TEXT NOT NULL, organization TEXT NOT NULL, model_key TEXT,
    field TEXT NOT NULL, value TEXT NOT NULL, number REAL, number_high REAL, unit TEXT NOT NULL,
    qualifier TEXT NOT NULL, scope TEXT NOT NULL, quote TEXT, source TEXT NOT NULL, url TEXT NOT NULL,
    page_sha256 TEXT NOT NULL, fetched_at TEXT NOT NULL, reader_version TEXT NOT NULL,
    first_run_id TEXT NOT NULL, last_run_id TEXT NOT NULL, origin TEXT NOT NULL, status TEXT NOT NULL,
    used INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX claims_by_model ON claims (model_key, field);
CREATE INDEX claims_by_page ON claims (source, url);
CREATE INDEX claims_by_subject ON claims (subject, organization);

CREATE TABLE models (
    model_key TEXT PRIMARY KEY, name TEXT NOT NULL, organization TEXT, country TEXT, domain TEXT, release_date TEXT,
    accessibility TEXT, license TEXT, architecture TEXT, parameters_total REAL, parameters_active REAL,
    tokens_trained REAL, base_model_key TEXT, training_flop REAL, own_flop REAL, training_flop_low REAL,
    training_flop_high REAL, estimation_method TEXT, confidence TEXT, probability_over_1e25 REAL,
    classification TEXT NOT NULL, listed INTEGER NOT NULL, reason TEXT NOT NULL, review TEXT NOT NULL,
    origin TEXT NOT NULL,
    stale INTEGER NOT NULL, source_url TEXT, n_sources INTEGER NOT NULL, first_seen TEXT, last_seen TEXT,
    last_changed TEXT
);
CREATE INDEX models_by_compute ON models (training_flop);
CREATE INDEX models_by_date ON models (release_date);
CREATE INDEX models_by_organization ON models (organization);
CREATE INDEX models_by_listed ON models (listed, classification);
CREATE INDEX models_by_base ON models (base_model_key);

CREATE TABLE key_redirects (old TEXT PRIMARY KEY, new TEXT NOT NULL);

CREATE TABLE classifications (
    model_key TEXT NOT NULL, threshold REAL NOT NULL, probability REAL, classification TEXT NOT NULL,
    basis TEXT NOT NULL, PRIMARY KEY (model_key, threshold)
);
CREATE INDEX classifications_by_threshold ON classifications (threshold, classification);

CREATE TABLE estimates (
    model_key TEXT NOT NULL, method TEXT NOT NULL, flop REAL, flop_low REAL, flop_high REAL, sigma REAL,
    formula TEXT NOT NULL, inputs TEXT NOT NULL, chosen INTEGER NOT NULL, PRIMARY KEY (model_key, method)
);

CREATE TABLE overrides (
    file TEXT NOT NULL, line INTEGER NOT NULL, model_key TEXT, field TEXT NOT NULL, value TEXT, scraped_value TEXT,
    reason TEXT, source_url TEXT, editor TEXT, date TEXT, status TEXT NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (file, line, field)
);
CREATE INDEX overrides_by_model ON overrides (model_key);

CREATE TABLE changes (
    changed_at TEXT NOT NULL, run_id TEXT NOT NULL, model_key TEXT NOT NULL, field TEXT NOT NULL, old TEXT, new TEXT,
    cause TEXT NOT NULL
);
CREATE INDEX changes_by_model ON changes (model_key, changed_at);
CREATE INDEX changes_by_time ON changes (changed_at);

CREATE TABLE runs (
    run_id TEXT NOT NULL, spider TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT, finish_reason TEXT,
    requests INTEGER, bytes INTEGER, revalidated INTEGER, served_stale INTEGER, items INTEGER, rejected INTEGER,
    errors INTEGER, source_state TEXT, PRIMARY KEY (run_id, spider)
);

CREATE TABLE pages (
    url TEXT NOT NULL, source TEXT NOT NULL, fetched_at TEXT NOT NULL, status INTEGER NOT NULL, sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL, etag TEXT NOT NULL, source_state TEXT NOT NULL, PRIMARY KEY (url, source, sha256)
);

CREATE TABLE rejected (
    run_id TEXT NOT NULL, source TEXT NOT NULL, url TEXT NOT NULL, reason TEXT NOT NULL, item TEXT NOT NULL,
    PRIMARY KEY (source, url, reason, item)
);

CREATE TABLE arena_ratings (
    name TEXT NOT NULL, board TEXT NOT NULL, published TEXT NOT NULL, model_key TEXT, organization TEXT NOT NULL,
    rating REAL NOT NULL, rating_lower REAL, rating_upper REAL, votes INTEGER, rank INTEGER, license TEXT NOT NULL,
    source TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (name, board, published)
);
CREATE INDEX arena_ratings_by_model ON arena_ratings (model_key);

CREATE TABLE calibrations (
    date TEXT NOT NULL, method TEXT NOT NULL, coefficients TEXT NOT NULL, spread REAL NOT NULL,
    models_used TEXT NOT NULL, PRIMARY KEY (date, method)
);

CREATE TABLE reference_epoch (
    model TEXT NOT NULL, vintage TEXT NOT NULL, model_key TEXT, organization TEXT, release_date TEXT,
    training_flop REAL, confidence TEXT, row TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (model, vintage)
);

CREATE TABLE information (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


LIST_COLUMNS = (
    "model_key, name, organization, country, release_date, domain, training_flop, training_flop_low, "
    "training_flop_high, confidence, estimation_method, probability_over_1e25, reason, parameters_total, "
    "parameters_active, tokens_trained, accessibility, origin, stale, n_sources, source_url"
)
"""The columns of the list, in their order. Exports promise them: a renamed one keeps its old name for one release."""

ONTO_LIST = "CASE field WHEN 'listed' THEN new = '1' WHEN 'model' THEN json_extract(new, '$.listed') = 1 END"
"""True of the changes that put a model on the list. The index of them makes a past day's list cheap."""

VIEWS = {
    "models_over_1e25": f"SELECT {LIST_COLUMNS} FROM models WHERE listed = 1 ORDER BY training_flop DESC, name",
    "derivatives": (
        f"SELECT {LIST_COLUMNS}, base_model_key, own_flop FROM models "
        "WHERE listed = 0 AND base_model_key IS NOT NULL AND classification IN ('over', 'uncertain') "
        "AND probability_over_1e25 >= 0.5 ORDER BY training_flop DESC, name"
    ),
    "review_queue": (
        f"SELECT {LIST_COLUMNS}, classification, base_model_key, review FROM models "
        "WHERE classification = 'uncertain' OR review <> '' "
        "ORDER BY classification <> 'uncertain', abs(probability_over_1e25 - 0.5), training_flop DESC, name"
    ),
    "epoch_gap": (
        "SELECT r.model, r.organization, r.release_date, r.training_flop AS epoch_flop, r.confidence AS "
        "epoch_confidence, r.vintage, m.model_key, m.name, m.training_flop, m.classification, "
        "m.probability_over_1e25, m.listed, m.training_flop / r.training_flop AS ratio FROM reference_epoch r "
        "LEFT JOIN models m ON m.model_key = r.model_key WHERE r.training_flop >= 1e25 ORDER BY r.training_flop DESC"
    ),
    "epoch_accuracy": (
        "SELECT m.estimation_method, count(*) AS models, "
        "avg(CASE WHEN m.training_flop / r.training_flop BETWEEN 0.5 AND 2 THEN 1.0 ELSE 0 END) AS within_2x, "
        "avg(CASE WHEN m.training_flop / r.training_flop BETWEEN 1.0/3 AND 3 THEN 1.0 ELSE 0 END) AS within_3x "
        "FROM reference_epoch r JOIN models m ON m.model_key = r.model_key "
        "WHERE r.training_flop IS NOT NULL AND m.training_flop IS NOT NULL "
        "AND m.estimation_method <> 'manual' GROUP BY m.estimation_method"
    ),
    "compute_by_year": (
        "SELECT substr(release_date, 1, 4) AS year, count(*) AS models, max(training_flop) AS largest_flop, "
        "sum(listed) AS over_1e25 FROM models WHERE training_flop IS NOT NULL AND release_date IS NOT NULL "
        "GROUP BY year ORDER BY year"
    ),
    "organizations": (
        "SELECT organization, country, count(*) AS models, sum(listed) AS over_1e25, max(training_flop) AS "
        "largest_flop, min(release_date) AS first_release, max(release_date) AS last_release FROM models "
        "WHERE organization IS NOT NULL GROUP BY organization ORDER BY over_1e25 DESC, largest_flop DESC"
    ),
    "manual_edits": (
        "SELECT o.file, o.line, o.model_key, m.name, o.field, o.scraped_value, o.value, o.reason, o.source_url, "
        "o.editor, o.date, o.status, o.message FROM overrides o LEFT JOIN models m ON m.model_key = o.model_key "
        "ORDER BY o.file, o.line"
    ),
    "performance": (
        "SELECT r.spider AS source, r.run_id, r.started_at, s.value AS seconds, r.requests, r.bytes, r.items, "
        "r.revalidated, r.served_stale, r.source_state FROM runs r LEFT JOIN run_statistics s "
        "ON s.run_id = r.run_id AND s.spider = r.spider AND s.name = 'seconds' ORDER BY r.started_at DESC, r.spider"
    ),
    "source_health": (
        "SELECT spider AS source, max(started_at) AS last_run, source_state, finish_reason, requests, bytes, items, "
        "rejected, errors, served_stale, revalidated FROM runs GROUP BY spider ORDER BY spider"
    ),
}
"""The published views. They are made anew whenever a writer opens the database, so that code and views agree."""


@migrations()
def m001_first(db: Database) -> None:
    """Every table of the first release."""
    for statement in SCHEMA.split(";"):
        if statement.strip():
            db.execute(statement)


@migrations()
def m002_validations(db: Database) -> None:
    """What each validation found, so that coverage and accuracy can be seen over time."""
    db.execute(
        "CREATE TABLE validations (date TEXT NOT NULL, reference TEXT NOT NULL, threshold REAL NOT NULL, "
        "measure TEXT NOT NULL, cell TEXT NOT NULL, value REAL, low REAL, high REAL, n INTEGER NOT NULL, "
        "PRIMARY KEY (date, reference, threshold, measure, cell))"
    )


@migrations()
def m003_operation(db: Database) -> None:
    """What every run counted, and what the checks after it have seen."""
    db.execute(
        "CREATE TABLE run_statistics (run_id TEXT NOT NULL, spider TEXT NOT NULL, name TEXT NOT NULL, "
        "value REAL NOT NULL, PRIMARY KEY (run_id, spider, name))"
    )
    db.execute(
        "CREATE TABLE findings (run_id TEXT NOT NULL, found_at TEXT NOT NULL, severity TEXT NOT NULL, "
        "source TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, message TEXT NOT NULL, "
        "remedy TEXT NOT NULL, PRIMARY KEY (run_id, source, kind, subject))"
    )


@migrations()
def m004_onto_list(db: Database) -> None:
    """An index of the changes that put a model on the list."""
    db.execute(f"CREATE INDEX changes_onto_list ON changes (model_key) WHERE {ONTO_LIST}")


@contextmanager
def owned_lock(path: Path, what: str, timeout: float) -> Iterator[None]:
    """Hold the lock ``path.lock``; wait at most ``timeout`` seconds for it. ``path.owner`` says whose it is.

    The operating system frees the lock of a process that dies, so no lock outlives its owner.

    Raises:
        DatabaseBusyError: another process kept the lock for too long. The message says ``what`` is held, by which
            process, and for how long.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    owner = path.with_name(path.name + ".owner")
    lock = filelock.FileLock(path.with_name(path.name + ".lock"))
    try:
        lock.acquire(timeout=timeout)
    except filelock.Timeout:
        raise DatabaseBusyError(f"{what} by {_holder(owner)}: wait for it to end, or end it if it hangs") from None
    try:
        owner.write_text(f"process {os.getpid()} since {now()}")
        yield
    finally:
        lock.release()


def _holder(owner: Path) -> str:
    """The process that a lock's file of owners names, and the age of its lock."""
    holder = owner.read_text() if owner.exists() else ""
    try:
        age = present() - datetime.fromisoformat(holder.rpartition(" since ")[2])
    except ValueError:
        return holder or "an unknown process"
    return f"{holder} ({age // timedelta(minutes=1)} minutes ago)"


@contextmanager
def writer_lock(path: Path, timeout: float = LOCK_TIMEOUT_SECONDS) -> Iterator[None]:
    """Hold the right to write to the database at ``path``; wait at most ``timeout`` seconds for it.

    Raises:
        DatabaseBusyError: as :func:`owned_lock`.
    """
    with owned_lock(path, f"{path} is being written", timeout):
        yield


def open_for_writing(path: Path) -> Database:
    """Open the database at ``path``, made and migrated as needed. The caller holds :func:`writer_lock`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=60)
    db = Database(connection)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    if migrations.applied(db) and (pending := migrations.pending(db)):
        before_migration(connection, path, pending[0].name)
    prepare(db)
    return db


def prepare(db: Database) -> None:
    """Bring schema and views up to date; a database that is up to date is not written to."""
    migrations.apply(db)
    for name, select in VIEWS.items():
        db.create_view(name, select, replace=True)


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open the database at ``path`` read-only; rows can be read by column name.

    Raises:
        FileNotFoundError: there is no file at ``path``.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=60)
    connection.row_factory = sqlite3.Row
    return connection


CLAIM_COLUMNS = (
    "claim_id", "subject", "organization", "field", "value", "number", "number_high", "unit", "qualifier", "scope",
    "quote", "source", "url", "page_sha256", "fetched_at", "reader_version", "first_run_id", "last_run_id", "origin",
    "status",
)  # fmt: skip

STORE_CLAIM = f"""
INSERT INTO claims ({", ".join(CLAIM_COLUMNS)}) VALUES ({", ".join("?" * len(CLAIM_COLUMNS))})
ON CONFLICT (claim_id) DO UPDATE SET
    organization = excluded.organization, number_high = excluded.number_high, scope = excluded.scope,
    page_sha256 = excluded.page_sha256, fetched_at = excluded.fetched_at, origin = excluded.origin,
    reader_version = excluded.reader_version, last_run_id = excluded.last_run_id,
    status = CASE status WHEN 'superseded' THEN 'current' ELSE status END
"""


def store_claims(db: Database, claims: Iterable[Claim], run_id: str) -> None:
    """Write claims: new ones are added, known ones are seen again (a rejected one stays rejected)."""
    db.conn.executemany(
        STORE_CLAIM,
        (
            (
                c.claim_id, c.subject, c.organization, c.field, c.value, c.number, c.number_high, c.unit, c.qualifier,
                c.scope, c.quote, c.source, c.url, c.page_sha256, c.fetched_at, c.reader_version, run_id, run_id,
                c.origin, c.status,
            )
            for c in claims
        ),
    )  # fmt: skip


def supersede(db: Database, pages: Iterable[tuple[str, str]], run_id: str) -> set[tuple[str, str]]:
    """Mark what pages no longer say, and return the (subject, organization) of the claims that it concerns.

    ``pages`` are the (source, url) that run ``run_id`` has read to their end.
    """
    concerned: set[tuple[str, str]] = set()
    for source, url in pages:
        concerned.update(
            db.conn.execute(
                "UPDATE claims SET status = 'superseded' WHERE source = ? AND url = ? AND last_run_id <> ? "
                "AND status IN ('current', 'implausible') RETURNING subject, organization",
                (source, url, run_id),
            )
        )
    return concerned


def store_pages(db: Database, pages: Iterable[PageItem]) -> None:
    """Write which pages were read; a version that was seen before gets its newest date and state."""
    db.conn.executemany(
        "INSERT INTO pages (url, source, fetched_at, status, sha256, bytes, etag, source_state) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url, source, sha256) DO UPDATE SET "
        "fetched_at = max(fetched_at, excluded.fetched_at), status = excluded.status, etag = excluded.etag, "
        "source_state = excluded.source_state",
        ((p.url, p.source, p.fetched_at, p.status, p.sha256, p.bytes, p.etag, p.source_state) for p in pages),
    )


def store_ratings(db: Database, ratings: Iterable[RatingItem]) -> None:
    """Write leaderboard rows; a day's row that was seen before is corrected."""
    db.conn.executemany(
        "INSERT INTO arena_ratings (name, board, published, organization, rating, rating_lower, rating_upper, votes, "
        "rank, license, source, url) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (name, board, published) DO UPDATE SET organization = excluded.organization, "
        "rating = excluded.rating, rating_lower = excluded.rating_lower, rating_upper = excluded.rating_upper, "
        "votes = excluded.votes, rank = excluded.rank, license = excluded.license, source = excluded.source, "
        "url = excluded.url",
        (
            (
                r.name, r.board, r.published, r.organization, r.rating, r.rating_lower, r.rating_upper, r.votes,
                r.rank, r.license, r.source, r.url,
            )
            for r in ratings
        ),
    )  # fmt: skip


def store_reference(db: Database, items: Iterable[ReferenceItem]) -> None:
    """Write reference rows (for validation only). Every vintage is kept."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO reference_epoch (model, vintage, organization, release_date, training_flop, "
        "confidence, row, url) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                i.model, i.vintage, i.row.get("Organization"), i.row.get("Publication date"),
                _number(i.row.get("Training compute (FLOP)")), i.row.get("Confidence"),
                json.dumps(i.row, ensure_ascii=False), i.url,
            )
            for i in items
        ),
    )  # fmt: skip


def _number(text: str | None) -> float | None:
    """A reference cell as a number; None where it has none."""
    try:
        return float(text) if text else None
    except ValueError:
        return None


def store_rejected(db: Database, items: Iterable[RejectedItem], run_id: str) -> None:
    """Write what could not be used, with the reason; the same rejection is kept once, with its last run."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO rejected (run_id, source, url, reason, item) VALUES (?, ?, ?, ?, ?)",
        (
            (run_id, i.source, i.url, i.reason, json.dumps(i.item, ensure_ascii=False, default=str, sort_keys=True))
            for i in items
        ),
    )


RUN_COLUMNS = (
    "run_id", "spider", "started_at", "finished_at", "finish_reason", "requests", "bytes", "revalidated",
    "served_stale", "items", "rejected", "errors", "source_state",
)  # fmt: skip


def store_run(db: Database, run: Mapping[str, Any]) -> None:
    """Write one spider's part of a run; columns that ``run`` lacks are NULL."""
    db.conn.execute(
        f"INSERT OR REPLACE INTO runs ({', '.join(RUN_COLUMNS)}) VALUES ({', '.join('?' * len(RUN_COLUMNS))})",
        [run.get(column) for column in RUN_COLUMNS],
    )


def store_statistics(db: Database, run_id: str, spider: str, values: Mapping[str, float]) -> None:
    """Write what one spider counted in a run."""
    _insert(db, "run_statistics", ((run_id, spider, name, value) for name, value in values.items()))


def statistics_of(db: sqlite3.Connection, spider: str, runs: int) -> list[dict[str, float]]:
    """What a spider counted in its last ``runs`` runs that ended well, newest first."""
    found = []
    for (run_id,) in db.execute(
        "SELECT run_id FROM runs WHERE spider = ? AND finish_reason = 'finished' AND source_state <> 'failed' "
        "ORDER BY finished_at DESC, run_id DESC LIMIT ?",
        (spider, runs),
    ).fetchall():
        rows = db.execute("SELECT name, value FROM run_statistics WHERE run_id = ? AND spider = ?", (run_id, spider))
        found.append(dict(rows.fetchall()))
    return found


def pages_read(db: sqlite3.Connection, source: str) -> dict[str, tuple[str, str]]:
    """When each page of a source was last read, and the SHA-256 of what it was: by address."""
    rows = db.execute("SELECT url, max(fetched_at), sha256 FROM pages WHERE source = ? GROUP BY url", (source,))
    return {url: (fetched_at, sha256) for url, fetched_at, sha256 in rows}


def last_run_was_stale(db: sqlite3.Connection, spider: str) -> bool:
    """Whether copies stood in for pages in the last run of a spider that has ended."""
    row = db.execute(
        "SELECT served_stale FROM runs WHERE spider = ? AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1",
        (spider,),
    ).fetchone()
    return bool(row and row[0])


def store_findings(db: Database, run_id: str, rows: Iterable[tuple[str, str, str, str, str, str]]) -> None:
    """Write what checks have seen in a run, given as (severity, source, kind, subject, message, remedy)."""
    moment = now()
    _insert(db, "findings", ((run_id, moment, *row) for row in rows))


def set_information(db: Database, key: str, value: str) -> None:
    """Write one fact about the database itself (its origin, when it was last derived)."""
    db.conn.execute("INSERT OR REPLACE INTO information (key, value) VALUES (?, ?)", (key, value))


def calibrations(db: Database) -> list[dict[str, Any]]:
    """Every calibration ever stored, as rows of the table."""
    return list(
        db.query("SELECT date, method, coefficients, spread, models_used FROM calibrations ORDER BY date, method")
    )


def store_calibration(db: Database, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep one calibration, given as rows of the table; earlier ones stay."""
    with db.atomic():
        _insert(
            db,
            "calibrations",
            ((r["date"], r["method"], r["coefficients"], r["spread"], r["models_used"]) for r in rows),
        )


def store_validation(db: Database, rows: Iterable[tuple[Any, ...]]) -> None:
    """Keep what one validation found, given as rows of the table ``validations``."""
    with db.atomic():
        _insert(db, "validations", rows)


def stale_pages(db: Database) -> set[tuple[str, str]]:
    """The (source, url) of pages whose newest reading was of a last good copy."""
    rows = db.conn.execute("SELECT source, url, source_state, max(fetched_at) FROM pages GROUP BY source, url")
    return {(source, url) for source, url, state, _ in rows if state == SourceState.STALE}


MODEL_DATES = ("first_seen", "last_seen")


def write_models(
    db: Database,
    models: Iterable[tuple[str, Mapping[str, Any], str, str]],
    *,
    gone: Iterable[str],
    moment: str,
    changed: set[str],
) -> None:
    """Write rows of ``models`` given as (key, row, first seen, last seen), and take away those that are ``gone``.

    ``last_changed`` becomes ``moment`` for the keys in ``changed``. What went away stays in ``changes``, as JSON.
    """
    for key, row, first_seen, last_seen in models:
        columns = ["model_key", *row, *MODEL_DATES, "last_changed"]
        updates = ", ".join(f"{c} = excluded.{c}" for c in columns[1:-1])
        db.conn.execute(
            f"INSERT INTO models ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT (model_key) DO UPDATE SET {updates}, "
            "last_changed = CASE WHEN ? THEN excluded.last_changed ELSE last_changed END",
            (key, *row.values(), first_seen, last_seen, moment, key in changed),
        )
    db.conn.executemany("DELETE FROM models WHERE model_key = ?", ((key,) for key in gone))


def columns_of(db: Database, table: str) -> list[str]:
    """The names of a table's columns, in their order."""
    return [row[1] for row in db.conn.execute(f"PRAGMA table_info({table})")]


def rows_by_key(db: Database, table: str, keys: Sequence[str]) -> dict[str, set[tuple[Any, ...]]]:
    """The rows of a table that belong to each of ``keys``, in the order of its columns."""
    columns = columns_of(db, table)
    at = columns.index("model_key")
    found: dict[str, set[tuple[Any, ...]]] = {}
    for row in db.conn.execute(
        f"SELECT {', '.join(columns)} FROM {table} WHERE model_key IN (SELECT value FROM json_each(?))",
        (json.dumps(list(keys)),),
    ):
        found.setdefault(row[at], set()).add(tuple(row))
    return found


def replace_rows(db: Database, table: str, keys: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Make ``rows`` (in the order of the columns) what a table holds for ``keys``; equal rows are not written."""
    stored = rows_by_key(db, table, keys)
    at = columns_of(db, table).index("model_key")
    wanted: dict[str, set[tuple[Any, ...]]] = {}
    for row in rows:
        wanted.setdefault(row[at], set()).add(row)
    differing = [key for key in keys if stored.get(key) != wanted.get(key)]
    gone = [(key,) for key in differing if key in stored]
    db.conn.executemany(f"DELETE FROM {table} WHERE model_key = ?", gone)
    _insert(db, table, [row for key in differing for row in sorted(wanted.get(key, ()), key=repr)])


def replace_rejected_overrides(db: Database, rows: Iterable[tuple[Any, ...]]) -> None:
    """Make ``rows`` the hand-edited rows that belong to no model because they could not be used."""
    db.conn.execute("DELETE FROM overrides WHERE model_key IS NULL")
    _insert(db, "overrides", rows)


def _insert(db: Database, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Add rows that have every column of ``table``, in its order; a row with the same key is replaced."""
    marks = ", ".join("?" * len(columns_of(db, table)))
    db.conn.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", rows)


def update_claims(db: Database, updates: Iterable[tuple[int, str, str]]) -> None:
    """Write (used, status) of claims given as (used, status, claim id)."""
    db.conn.executemany("UPDATE claims SET used = ?, status = ? WHERE claim_id = ?", updates)


def append_changes(db: Database, rows: Iterable[tuple[Any, ...]]) -> None:
    """Append to ``changes``, whose rows are never altered."""
    _insert(db, "changes", rows)
