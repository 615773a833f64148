"""A cleaned page: one text, and where its headings, tables and code stand in it.

Every offset counts characters of ``Document.text``, so that ``text[start:end]`` is what was written there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    time zone, "" where the page states none in a place made for it; ``site`` is the name of the site that it says it is
    of, or "". ``front_matter`` is what stood above the text of a Markdown file. ``code`` are the spans of code blocks.
    ``about`` is the span at the end of the text of what a page says about itself outside its text (front matter, meta
    tags), kept so that it can be quoted. ``entries`` are the parts of a feed or listing, each to be read by itself.
    """

    text: str
    title: str = ""
    kind: str = ""
    published: str = ""
    site: str = ""
    front_matter: Mapping[str, Any] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    code: tuple[tuple[int, int], ...] = ()
    about: tuple[int, int] = (0, 0)
    entries: tuple[Entry, ...] = ()

    def below(self, heading: str) -> Document:
        """The document with a heading above it, everything moved down."""
        by = len(heading) + 2
        return replace(
            self,
            text=f"{heading}\n\n{self.text}".rstrip(),
            sections=(
                Section(1, heading, 0, len(heading)),
                *(_moved_section(section, by) for section in self.sections),
            ),
            tables=tuple(_moved_table(table, by) for table in self.tables),
            code=tuple((start + by, end + by) for start, end in self.code),
            about=(self.about[0] + by, self.about[1] + by) if self.about[1] else (0, 0),
        )

    def with_about(self, words: str) -> Document:
        """The document with what it says about itself at its end."""
        if not words:
            return self
        start = len(self.text) + 2 if self.text else 0
        return replace(self, text=f"{self.text}\n\n{words}" if self.text else words, about=(start, start + len(words)))


def _moved_section(section: Section, by: int) -> Section:
    return replace(section, start=section.start + by, end=section.end + by)


def _moved_table(table: Table, by: int) -> Table:
    rows = tuple(tuple(Cell(cell.start + by, cell.end + by, cell.text) for cell in row) for row in table.rows)
    return replace(table, start=table.start + by, end=table.end + by, rows=rows)
