"""Headings of a paper's plain text: a short line by itself, numbered in order or with a name that papers use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flopcrawl.extraction.document import Section

NUMBERED = re.compile(
    r"(?<=\n\n)(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?(?:\s|\n\n)(?P<title>(?!Figure|Table)[A-Z][^\n.?!]{2,70})(?=\n)"
)
"""``4.2 Training Setup``, also with its number on a line of its own."""
NAMED = re.compile(
    r"(?<=\n)(?P<title>Abstract|Introduction|Background|Related Works?|"
    r"Experiments?|Experimental Setup|Evaluations?|Results|Discussion|Limitations|Conclusions?|"
    r"Acknowledge?ments?|References|Appendix|Broader Impacts?|Contributions)(?=\n)"
)
WORDS = re.compile(r"[A-Za-z]{3}")


def headings(text: str) -> tuple[Section, ...]:
    """The headings of a paper, in order. A number out of order (a table's, a page's) makes no heading."""
    found = [*_numbered(text), *(Section(1, match["title"], *match.span("title")) for match in NAMED.finditer(text))]
    unique = {section.start: section for section in sorted(found, key=lambda section: -section.level)}
    return tuple(unique[start] for start in sorted(unique))


def _numbered(text: str) -> Iterator[Section]:
    last: tuple[int, ...] = (0,)
    for match in NUMBERED.finditer(text):
        number = tuple(int(part) for part in match["number"].split("."))
        if not WORDS.search(match["title"]) or not _follows(number, last):
            continue
        last = number
        yield Section(len(number), match["title"].strip(), *match.span("title"))


def _follows(number: tuple[int, ...], last: tuple[int, ...]) -> bool:
    """Whether a section number can come after another: the next one on its level, or the first of a lower one."""
    level = len(number)
    if level > len(last):
        return number[: len(last)] == last and all(part <= 3 for part in number[len(last) :])
    return number[: level - 1] == last[: level - 1] and last[level - 1] < number[level - 1] <= last[level - 1] + 2
