"""Release dates as numbers. A date may be a day, a month or a year only: the middle of what it names is taken."""

from __future__ import annotations

from datetime import date

DAYS_A_YEAR = 365.25


def year(text: str) -> float | None:
    """``2024-07-23`` as 2024.56 (years). None for an empty text; raises ValueError for one that is no ISO date."""
    if not text:
        return None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return parts[0] + 0.5
    day = date(parts[0], parts[1], parts[2] if len(parts) > 2 else 15)
    return day.year + (day.timetuple().tm_yday - 1) / DAYS_A_YEAR
