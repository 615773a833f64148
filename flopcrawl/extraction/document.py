"""A cleaned page: one text, and where its headings, tables and code stand in it.

Every offset counts characters of ``Document.text``, so that ``text[start:end]`` is what was written there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class UnreadableError(ValueError):
    """A page that cannot be read. The message says what it is, and why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell. A cell that spans rows or columns stands in each of them, with the same offsets."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its rows of cells, of which the first ``header_rows`` are its heading."""

    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """A heading: its level (1 is the highest), its words, and where they stand."""

    level: int
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed or a listing: a document of its own, whose text begins at ``start`` of the whole."""

    start: int
    document: Document


@dataclass(frozen=True, slots=True)
class Document:
    """A cleaned page.

    ``kind`` is ``html``, ``md``, ``txt``, ``pdf``, ``json`` or ``atom``. ``published`` is an ISO day, in the page's own
    time zone, "" where the page states none in a place made for it. ``front_matter`` is what stood above the text of a
    Markdown file. ``code`` are the spans of code blocks. ``entries`` are the parts of a feed or listing, each to be
    read by itself.
    """

    text: str
    title: str = ""
    kind: str = ""
    published: str = ""
    front_matter: Mapping[str, Any] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    code: tuple[tuple[int, int], ...] = ()
    entries: tuple[Entry, ...] = ()
