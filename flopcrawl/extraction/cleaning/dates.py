"""Dates that stand in a place made for them (front matter, feeds, meta tags), as ISO days."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime

from dateutil import parser

EARLIEST, LATEST = 1990, 2100


def iso_day(value: object) -> str:
    """The day of a date or time, in its own time zone; "" where ``value`` is none."""
    if isinstance(value, dt.date):
        return value.strftime("%Y-%m-%d")
    text = str(value or "").split("(")[0].strip()
    if not any(char.isdigit() for char in text) or len(text) > 60 or text.isdigit():
        return ""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        try:
            moment = parser.parse(text, default=dt.datetime(1, 1, 1))
        except (ValueError, OverflowError, TypeError):
            return ""
    return moment.strftime("%Y-%m-%d") if EARLIEST <= moment.year <= LATEST else ""
