"""Small things that tests of the database and of derive are built from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flopcrawl import database
from flopcrawl.items import Claim
from flopcrawl.vocabulary import Field

FETCHED = "2026-01-01T00:00:00Z"


def claim(subject: str, field: Field, value: object, **more: Any) -> Claim:
    """A claim of a lab's own page."""
    details: dict[str, Any] = {
        "organization": "Meta AI",
        "source": "meta",
        "url": "https://ai.meta.com/blog/x",
        "fetched_at": FETCHED,
        "quote": f"{field} {value}",
        **more,
    }
    return Claim(subject=subject, field=field, value=str(value), **details)


def store(path: Path, claims: Iterable[Claim], run_id: str = "run-1") -> None:
    """Write claims, with the claim of each developer that they name."""
    claims = list(claims)
    makers = {(c.subject, c.organization, c.source, c.url) for c in claims if c.organization}
    claims += [
        claim(subject, Field.ORGANIZATION, organization, organization=organization, source=source, url=url)
        for subject, organization, source, url in sorted(makers)
    ]
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        with db.atomic():
            database.store_claims(db, claims, run_id)
        db.close()


def rows(path: Path, sql: str, *parameters: object) -> list[dict[str, Any]]:
    """The rows of a query."""
    with database.open_for_reading(path) as db:
        return [dict(row) for row in db.execute(sql, parameters)]


def one(path: Path, key: str) -> dict[str, Any]:
    """A model's row."""
    (row,) = rows(path, "SELECT * FROM models WHERE model_key = ?", key)
    return row


def dump(path: Path) -> list[str]:
    """The whole database as SQL, without what names the moment of a derive."""
    with database.open_for_reading(path) as db:
        return list(db.iterdump())
