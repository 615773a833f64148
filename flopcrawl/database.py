"""The database: schema, migrations, views and every write (sqlite-utils). No other module writes to it.

One process writes at a time: writers hold :func:`writer_lock`, a file beside the database that names its owner.
Every group of writes runs in one transaction, so a crash leaves the database as it was before the group.
Nothing that was stored is deleted: claims are superseded, keys are redirected, changes are appended.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from flopcrawl.items import Claim, PageItem, RatingItem, ReferenceItem, RejectedItem
from flopcrawl.vocabulary import Status

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
    classification TEXT NOT NULL, listed INTEGER NOT NULL, reason TEXT NOT NULL, origin TEXT NOT NULL,
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

VIEWS = {
    "models_over_1e25": f"SELECT {LIST_COLUMNS} FROM models WHERE listed = 1 ORDER BY training_flop DESC",
}


@migrations()
def m001_first(db: Database) -> None:
    """Every table of the first release."""
    db.executescript(SCHEMA)


def now() -> str:
    """The present moment as it is stored: ISO 8601, UTC, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
