"""Dates that stand in a place made for them (front matter, feeds, meta tags), as ISO days or months."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from dateutil import parser

EARLIEST, LATEST = 1990, 2100
MAX_LENGTH = 60
COMPACT = re.compile(r"(?:19|20)\d{6}")
EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
"""Seconds or milliseconds since 1970, from 2001 on."""


def iso_day(value: object) -> str:
    """The day of a date or time, in its own time zone; the month or year where it says no more; "" where it is none."""
    if isinstance(value, dt.date):
        return value.strftime("%Y-%m-%d") if EARLIEST <= value.year <= LATEST else ""
    if not isinstance(value, str | int | float):
        return ""
    text = str(value).split("(")[0].strip()
    if not any(char.isdigit() for char in text) or len(text) > MAX_LENGTH:
        return ""
    if text.isdigit():
        return _from_digits(text)
    try:
        moment: dt.datetime = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return _parsed(text)
    return moment.strftime("%Y-%m-%d") if EARLIEST <= moment.year <= LATEST else ""


def _from_digits(text: str) -> str:
    """A date of nothing but digits: a year, a day, or time since 1970."""
    if EPOCH.fullmatch(text):
        return dt.datetime.fromtimestamp(int(text[:10]), dt.UTC).strftime("%Y-%m-%d")
    if COMPACT.fullmatch(text):
        return _parsed(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    return text if len(text) == 4 and EARLIEST <= int(text) <= LATEST else ""


def _parsed(text: str) -> str:
    """A date in any usual notation. Read with two defaults: what differs was not said."""
    try:
        one = parser.parse(text, default=dt.datetime(1, 1, 1), ignoretz=True)
        other = parser.parse(text, default=dt.datetime(2, 2, 2), ignoretz=True)
    except (ValueError, OverflowError, TypeError, AttributeError):
        return ""
    if one.year != other.year or not EARLIEST <= one.year <= LATEST:
        return ""
    form = "%Y-%m-%d" if one.day == other.day else "%Y-%m"
    return one.strftime(form if one.month == other.month else "%Y")
