"""The one way in which a moment is written: ISO 8601, UTC, whole seconds (``2026-01-31T08:00:00Z``)."""

from __future__ import annotations

from datetime import UTC, datetime

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def now() -> str:
    """The present moment."""
    return datetime.now(UTC).strftime(FORMAT)


def normalized(text: str) -> str:
    """A moment that someone else wrote in ISO 8601, as it is stored; a time without a zone is taken as UTC.

    Raises:
        ValueError: ``text`` is no ISO 8601 date or time.
    """
    moment = datetime.fromisoformat(text.strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).strftime(FORMAT)
