"""One cell of a spreadsheet: a number, a date or a word, understood surely or refused with both readings.

Spreadsheets write numbers by the habits of their owner's country: ``25.000`` is twenty-five in one and twenty-five
thousand in another. Where the writing leaves no doubt (``2,000,000``, ``3,8e25``, ``1E+25``) it is read; else refused.
"""

from __future__ import annotations

import datetime as dt
import math
import re

from dateutil import parser

from flopcrawl.items import ISO_DATE


class CellError(ValueError):
    """A cell that cannot be understood surely. ``args`` are what is wrong and what to write instead."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy


MAX_CELL = 2_000
"""Characters of one cell; nothing that a person types is longer. :mod:`flopcrawl.overrides.tables` keeps to it."""

POWERS = {
    "": 0, "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "billion": 9, "t": 12, "tn": 12,
    "trillion": 12,
}  # fmt: skip
"""What may stand behind a number, as the power of ten that it means."""

NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d[\d.,' ]*|[.,]\d+)(?:\s*(?:[eE]|[x×*·]\s*10\s*\^)\s*(?P<power>[+-]?\d{1,3}))?"
    r"\s*(?P<word>[a-zA-Z]*)"
)
GROUPED = re.compile(r"\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})+(?:[.,]\d+)?")
HEDGED = re.compile(r"^\s*(?:[~≈<>≤≥±]|about|over|under|up to|more than|less than|roughly|ca\.?\s)", re.IGNORECASE)
RANGE = re.compile(r"\d\s*[a-zA-Z]*\s*(?:-|to)\s*\d")
MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)
QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "−": "-", "–": "-", "\u00a0": " ", "\u202f": " "}
)
FIRST_DAY, LAST_DAY = 36_000, 60_000
"""Between these (1998 and 2064) a bare number in a column of dates is a spreadsheet's own count of days."""
EPOCH_1900, EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
"""Day 0 of the two counts that spreadsheets use."""


def text(cell: str) -> str:
    """A cell as one line of plain text; smart quotes are plain ones, a protecting apostrophe in front is gone."""
    if not cell:
        return ""
    words = " ".join((cell if cell.isascii() else cell.translate(QUOTES)).split())
    return words[1:] if words[:2] in ("'=", "'+", "'-", "'@") else words


def number(cell: str) -> float:
    """The number in a cell.

    Raises:
        CellError: it is none, or can be read in two ways; the message has both.
    """
    written = text(cell)
    if HEDGED.match(written) or RANGE.search(re.sub(r"[eE]-", "", written)):
        raise CellError(
            f"{written!r} is not one number.",
            "Write the likeliest value, and how sure it is in reason or within_factor.",
        )
    match = NUMBER.fullmatch(written.rstrip("%")) if written else None
    if match is None or (written.endswith("%") and match["word"]):
        raise CellError(f"{written!r} is not a number.", "Write it with digits, like 405000000000 or 3.8e25.")
    word = match["word"].lower()
    if word not in POWERS:
        raise CellError(f"{match['word']!r} behind a number is not understood.", "Write 405000000000, 405e9 or 405B.")
    power = int(match["power"] or 0) + POWERS[word] - (2 if written.endswith("%") else 0)
    plain = _plain(match["digits"].strip(), written, match["power"] is not None)
    value = float(f"{match['sign']}{plain}e{power}")
    if not math.isfinite(value):
        raise CellError(f"{written!r} is too large to be a number.", "Check the exponent.")
    return value


def _plain(digits: str, written: str, scientific: bool) -> str:
    """Digits with separators as digits with at most one point.

    Raises:
        CellError: the separator could be either.
    """
    marks = [char for char in digits if char in ".,' "]
    if not marks:
        return digits
    if GROUPED.fullmatch(digits):
        whole = digits.replace(marks[0], "")
        return whole.replace(",", ".")
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1 and marks[-1] in ".,":
        # "1,234.5": what stands last and once is the decimal mark
        whole, _, fraction = digits.rpartition(marks[-1])
        if fraction and re.fullmatch(rf"\d{{1,3}}(?:{re.escape(marks[0])}\d{{3}})+", whole):
            return f"{whole.replace(marks[0], '')}.{fraction}"
    if len(marks) == 1:
        mark = marks[0]
        whole, _, fraction = digits.partition(mark)
        if mark in "' ":
            if len(fraction) == 3 and 1 <= len(whole) <= 3:
                return whole + fraction
        elif fraction and (
            len(fraction) != 3
            or not whole.strip("0")
            or len(whole) > 3
            # the mantissa of scientific notation has one digit before its decimal mark
            or (scientific and len(whole) == 1)
        ):
            return f"{whole or '0'}.{fraction}"
        elif fraction:
            rest = written.partition(digits)[2]
            one = f"{whole}.{fraction}".rstrip("0").rstrip(".") + rest
            other = f"{whole}{fraction}{rest}"
            raise CellError(
                f"{written!r} could be {one} or {other}.", f"Write {one} or {other}, without a separator for thousands."
            )
    raise CellError(f"{written!r} is not a number that can be read surely.", "Write it without separators.")


def date(cell: str) -> str:
    """The day (or month, or year) in a cell, as ISO 8601.

    Raises:
        CellError: it is none, or can be read in two ways; the message has both.
    """
    written = text(cell)
    if ISO_DATE.fullmatch(written):
        if len(written) == len("2025-07-09"):
            _day(*_whole(written.split("-")), written)
        return written
    if match := re.fullmatch(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})", written):
        return _day(int(match[1]), int(match[2]), int(match[3]), written)
    if match := re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?", written):
        return date(match[1])
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-]((?:20)?\d\d)(?: 0?0:00(?::00)?)?", written):
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        return _either(int(match[1]), int(match[2]), year, written)
    if re.fullmatch(r"\d{5}", written) and FIRST_DAY <= int(written) <= LAST_DAY:
        one, other = (day + dt.timedelta(days=int(written)) for day in (EPOCH_1900, EPOCH_1904))
        raise CellError(
            f"{written!r} is a spreadsheet's own count of days and could be {one} or {other}.",
            f"Write {one} or {other}.",
        )
    if MONTH.search(written) and re.search(r"\b(?:19|20)\d\d\b", written) and len(written) < 40:
        try:
            probe = [parser.parse(written, default=dt.datetime(2000, 1, day)) for day in (1, 2)]
        except (ValueError, OverflowError):
            probe = []
        if probe:
            return probe[0].strftime("%Y-%m-%d" if probe[0] == probe[1] else "%Y-%m")
    raise CellError(f"{written!r} is not a date that can be read surely.", "Write it as 2025-07-09 (year-month-day).")


def _either(first: int, second: int, year: int, written: str) -> str:
    """Two numbers and a year: the day where only one of them can be the month.

    Raises:
        CellError: both could be, or there is no such day.
    """
    if first > 12:
        return _day(year, second, first, written)
    if second > 12 or first == second:
        return _day(year, first, second, written)
    one, other = _day(year, first, second, written), _day(year, second, first, written)
    raise CellError(f"{written!r} could be {one} or {other}.", f"Write {one} or {other}.")


def _whole(parts: list[str]) -> tuple[int, int, int]:
    """Year, month and day as numbers."""
    year, month, day = map(int, parts)
    return year, month, day


def _day(year: int, month: int, day: int, written: str) -> str:
    """An ISO day.

    Raises:
        CellError: there is no such day.
    """
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        raise CellError(f"there is no day {written!r}.", "Write it as 2025-07-09 (year-month-day).") from None


def yes(cell: str) -> bool:
    """Is a cell ticked?

    Raises:
        CellError: it is neither a yes nor a no.
    """
    written = text(cell).lower()
    if written in ("", "no", "n", "false", "0"):
        return False
    if written in ("yes", "y", "true", "1", "x", "ok", "confirmed"):
        return True
    raise CellError(f"{text(cell)!r} is neither yes nor no.", "Write yes, or leave the cell empty.")
