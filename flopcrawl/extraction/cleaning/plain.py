"""Plain text: what pdftotext and copy-and-paste leave. Line ends stay, for tables that are flattened into lines."""

from __future__ import annotations

import re
from collections import Counter

from flopcrawl.extraction.cleaning.headings import headings
from flopcrawl.extraction.cleaning.limits import MAX_PAGES, MAX_TEXT
from flopcrawl.extraction.cleaning.typography import join_hyphenated, join_small_caps, tidy
from flopcrawl.extraction.document import Document

BLANKS = re.compile(r"  +")
MANY_LINE_ENDS = re.compile(r"\n\n\n+")
WORD = re.compile(r"[^\W\d_]{2}")
PAGE_NUMBER = re.compile(r"(?:page )?\d{1,4}(?: (?:of|/) \d{1,4})?", re.IGNORECASE)
DIGITS = re.compile(r"\d+")
TITLE_LENGTH = 200
FURNITURE_PAGES = 3
"""A line at the edge of at least so many pages, and of a third of them, is a running head or foot."""
FURNITURE_LENGTH = 120


def clean(text: str, kind: str = "txt") -> Document:
    """Clean a plain text; its first line of words is its title."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    if 0 < text.count("\f") <= MAX_PAGES:
        text = "\n\n".join(without_furniture(text.split("\f")))
    text = text.replace("\f", "\n\n")
    text = join_small_caps(join_hyphenated(tidy(text)))
    text = BLANKS.sub(" ", text.replace("\t", " ")).replace(" \n", "\n")
    text = MANY_LINE_ENDS.sub("\n\n", text)[:MAX_TEXT].strip()
    return Document(text, title=first_line(text), kind=kind, sections=headings(text))


def without_furniture(pages: list[str]) -> list[str]:
    """Pages without their numbers and their running heads and feet."""
    lines = [page.strip().split("\n") for page in pages]
    edges = Counter(edge for page in lines for edge in {_form(page[0]), _form(page[-1])} if edge)
    least = max(FURNITURE_PAGES, len(pages) / 3)
    running = {edge for edge, count in edges.items() if count >= least}
    for page in lines:
        for end in (-1, 0):
            while page and (PAGE_NUMBER.fullmatch(page[end].strip()) or _form(page[end]) in running):
                page.pop(end)
    return ["\n".join(page) for page in lines]


def _form(line: str) -> str:
    """A line with its numbers left out; "" for one that is too long, or all number, to be a running head."""
    line = line.strip()
    form = DIGITS.sub("#", line)
    return form if len(line) <= FURNITURE_LENGTH and WORD.search(form) else ""


def first_line(text: str) -> str:
    """The first line that has a word in it, as a title."""
    for line in text[:2_000].split("\n"):
        if WORD.search(line):
            return line.strip()[:TITLE_LENGTH].strip()
    return ""
