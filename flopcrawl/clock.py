"""The one way in which a moment is known and written: ISO 8601, UTC, whole seconds (``2026-01-31T08:00:00Z``).

``SOURCE_DATE_EPOCH`` (seconds since 1970) sets the present moment, as it does for other tools whose output must be the
same every time: samples, screenshots, a year of runs in an hour.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def present() -> datetime:
    """The present moment."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed else datetime.now(UTC)


def now() -> str:
    """The present moment, as it is stored."""
    return present().strftime(FORMAT)


def normalized(text: str) -> str:
    """A moment that someone else wrote in ISO 8601, as it is stored; a time without a zone is taken as UTC.

    Raises:
        ValueError: ``text`` is no ISO 8601 date or time.
    """
    moment = datetime.fromisoformat(text.strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).strftime(FORMAT)
