"""Dates as people write them, to ISO 8601: ``April, 24th 2024``, ``2024.6.3``, ``5 Apr 2022``, ``2024年6月3日``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = r"(?P<month{0}>" + "|".join(sorted((n.capitalize() for n in MONTHS), key=len, reverse=True)) + r")\.?(?![a-z])"
DATE = re.compile(
    r"(?<![\d.\-/v])(?P<y1>(?:19|20)\d\d)(?P<sep>[-./])(?P<m1>0?[1-9]|1[0-2])(?:(?P=sep)(?P<d1>0?[1-9]|[12]\d|"
    r"3[01])(?!\d))?(?![\d]|[-./]\d)"
    r"|(?P<y2>(?:19|20)\d\d)\s?年\s?(?P<m2>1[0-2]|0?[1-9])\s?月(?:\s?(?P<d2>[12]\d|3[01]|0?[1-9])\s?[日号])?"
    r"|(?<![A-Za-z])"
    + _MONTH.format(1)
    + r",?\s+(?P<d3>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?,?\s+(?P<y3>(?:19|20)\d\d)(?!\d)"
    r"|(?<![\d.])(?P<d4>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?:\s+of)?\s+"
    + _MONTH.format(2)
    + r",?\s+(?P<y4>(?:19|20)\d\d)(?!\d)"
    r"|(?<![A-Za-z])" + _MONTH.format(3) + r",?\s+(?P<y5>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)


YEAR, REACH = re.compile(r"(?:19|20)\d\d"), 24
"""Every date has a year, which is found at once, and no more than so many characters of the date on either side."""


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date at ``text[start:end]``; ``iso`` is a day, or a month where no day is written."""

    iso: str
    start: int
    end: int


SLASHED = re.compile(r"(?<![\d/])(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>(?:20)?\d\d)(?![\d/])")
"""A day whose order differs between countries: ``8/21/2023``, ``21/08/23``."""


def day_comes_first(text: str) -> bool | None:
    """Whether the days with slashes of a text write the day before the month; None where none of them tells."""
    for match in SLASHED.finditer(text):
        if int(match["first"]) > 12 >= int(match["second"]):
            return True
        if int(match["second"]) > 12 >= int(match["first"]):
            return False
    return None


def slashed(text: str, at: int, *, day_first: bool) -> WrittenDate | None:
    """The day with slashes that stands at a place, or None where there is none, or no such day."""
    match = SLASHED.match(text, at)
    if match is None:
        return None
    month, day = (int(match[key]) for key in (("second", "first") if day_first else ("first", "second")))
    year = int(match["year"]) % 100 + 2000
    try:
        return WrittenDate(date(year, month, day).isoformat(), match.start(), match.end())
    except ValueError:
        return None


def dates(text: str, start: int = 0, end: int | None = None) -> Iterator[WrittenDate]:
    """Every date in ``text[start:end]``."""
    stop, at = len(text) if end is None else end, start
    for year_at in YEAR.finditer(text, start, stop):
        match = DATE.search(text, max(at, year_at.start() - REACH), min(stop, year_at.end() + REACH))
        if match is None or not match.start() <= year_at.start() < match.end():
            continue  # a year of no date, or one that is part of the date before
        at = match.end()
        group = match.groupdict()
        year = group["y1"] or group["y2"] or group["y3"] or group["y4"] or group["y5"]
        name = group["month1"] or group["month2"] or group["month3"]
        month = int(group["m1"] or group["m2"] or 0) or MONTHS[(name or "").lower()]
        day = group["d1"] or group["d2"] or group["d3"] or group["d4"]
        iso = f"{year}-{month:02d}" + (f"-{int(day):02d}" if day else "")
        yield WrittenDate(iso, match.start(), match.end())
