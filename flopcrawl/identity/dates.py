"""The dates that builds carry in their names: ``2024-05-13``, ``20240229``, ``0613``, ``2507``, ``(Mar 2023)``."""

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
            "sep sept september", "oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

FIRST_YEAR, LAST_YEAR = 2019, 2039
"""Years that a build's date may have: large models begin in 2019; wider, and sizes or versions are read as dates."""


@dataclass(frozen=True, slots=True)
class Build:
    """The date of a build as far as its name gives it; 0 stands for what is not given."""

    month: int
    year: int = 0
    day: int = 0

    def agrees(self, other: Build) -> bool:
        """Whether both can be the same build: nothing that both give differs (a month alone names a build)."""
        return (
            self.month == other.month
            and (not self.year or not other.year or self.year == other.year)
            and (not self.day or not other.day or self.day == other.day)
        )

    @property
    def order(self) -> tuple[int, int, int]:
        """For sorting: year, month, day."""
        return self.year, self.month, self.day

    def __str__(self) -> str:
        """``2024-05``, or ``05-13`` where the name gives no year."""
        return f"{self.year}-{self.month:02d}" if self.year else f"{self.month:02d}{self.day:02d}"


def _day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _year(year: str) -> bool:
    return FIRST_YEAR <= int(year) <= LAST_YEAR


def read_build(tokens: list[str], at: int) -> tuple[Build, int] | None:
    """The date that begins at ``tokens[at]`` and how many words it takes, or None.

    A month and a day without a year must both have two digits, so that ``4-1`` stays a version.
    """
    token = tokens[at]
    if len(token) == 5 and token[0] == "v":
        token = token[1:]
    rest = tokens[at + 1 : at + 3]
    if token in MONTHS:
        return _named_month(MONTHS[token], rest)
    if not token.isascii() or not token.isdigit():
        return None
    following = [word if word.isascii() and word.isdigit() else "" for word in rest] + ["", ""]
    second, third = following[0], following[1]
    match len(token):
        case 8 if _year(token[:4]) and _day(token[4:6], token[6:]):
            return Build(int(token[4:6]), int(token[:4]), int(token[6:])), 1
        case 6 if _year(token[:4]) and _day(token[4:], "1"):
            return Build(int(token[4:]), int(token[:4])), 1
        case 4 if _year(token):
            if len(second) == 2 and len(third) == 2 and _day(second, third):
                return Build(int(second), int(token), int(third)), 3
            if len(second) == 2 and _day(second, "1"):
                return Build(int(second), int(token)), 2
        case 4 if _day(token[:2], token[2:]):
            return Build(int(token[:2]), 0, int(token[2:])), 1
        case 4 if _year("20" + token[:2]) and _day(token[2:], "1"):
            return Build(int(token[2:]), int("20" + token[:2])), 1
        case 2 if len(second) == 4 and _year(second) and _day(token, "1"):
            return Build(int(token), int(second)), 2
        case 2 if len(second) == 2 and len(third) == 2 and _year("20" + token) and _day(second, third):
            return Build(int(second), int("20" + token), int(third)), 3
        case 2 if len(second) == 2 and _day(token, second):
            return Build(int(token), 0, int(second)), 2
    return None


def _named_month(month: int, rest: list[str]) -> tuple[Build, int] | None:
    for place, word in enumerate(rest):
        if re.fullmatch(r"20\d\d", word):
            return Build(month, int(word), int(rest[0]) if place else 0), place + 2
        if not re.fullmatch(r"\d{1,2}", word):
            return None
    if rest and len(rest[0]) == 2 and _year("20" + rest[0]):
        return Build(month, int("20" + rest[0])), 2
    return None
