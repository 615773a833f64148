"""Plain text: what pdftotext and copy-and-paste leave. Line ends stay, for tables that are flattened into lines."""

from __future__ import annotations

import re

from flopcrawl.extraction.cleaning.limits import MAX_TEXT
from flopcrawl.extraction.cleaning.typography import join_hyphenated, tidy
from flopcrawl.extraction.document import Document

BLANKS = re.compile(r"[ \t]{2,}|\t")
TRAILING = re.compile(r"[ \t]+(?=\n)")
PAGE_NUMBER = re.compile(r"(?m)^\s*\d{1,4}\s*\f")
MANY_LINE_ENDS = re.compile(r"\n{3,}")
TITLE_LENGTH = 200


def clean(text: str, kind: str = "txt") -> Document:
    """Clean a plain text; its first line of words is its title."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = PAGE_NUMBER.sub("\n", text).replace("\f", "\n\n")
    text = join_hyphenated(tidy(text))
    text = MANY_LINE_ENDS.sub("\n\n", TRAILING.sub("", BLANKS.sub(" ", text)))[:MAX_TEXT].strip()
    return Document(text, title=first_line(text), kind=kind)


def first_line(text: str) -> str:
    """The first line that has a word in it, as a title."""
    for line in text[:2_000].split("\n"):
        if re.search(r"[^\W\d_]{2}", line):
            return line.strip()[:TITLE_LENGTH]
    return ""
