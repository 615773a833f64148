"""Where in a page a number stands: its sentence and clause, its heading, its table cell with row and column labels."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from flopcrawl.extraction.document import Cell, Document, Table

SENTENCE_END = re.compile(
    r"(?<!al)(?<!e\.g)(?<!i\.e)(?<!vs)(?<!approx)(?<!Fig)(?<!\bca)(?:(?<! [A-Z])[.!?]|"
    r"(?<= [A-Z])\.(?=\n))(?:[)\"”’\]]{0,2})\s+(?=[^a-z\s])|;\s|[。！？；]|(?<=\n)\d+(?:\.\d+)*\.? [A-Z][^\n.]{2,70}\n|"
    r"\n\s*\n|\n\s{0,4}(?=[-*•●▪◦]\s)|\n(?=\d{1,2}[.)]\s)"
)
ABSTRACT_HEADING = re.compile(r"\W*(?:\d\W+)?(?:abstract|摘要)\W*", re.IGNORECASE)
FIRST_SECTIONS = 6
"""How many headings may stand above a paper's abstract, and be it."""
LINE_END = re.compile(r"\n")
CLAUSE = re.compile(
    r"[;；]|,\s+(?:while|whereas|but|although|compared|which is|unlike|versus)\b|\bwhereas\b|\bcompared (?:to|with)\b|"
    r"，而|，但|，相比"
)
NAMES = re.compile(r"\W*(?:(?:base |our )?models?|(?:model )?names?|checkpoints?|模型(?:名称)?|名称)\W*", re.IGNORECASE)
"""The head of the column that says what a row is about, where that is not the first."""
CONTINUED = 6
"""How many rows below its label a row with an empty first cell may stand."""
REACH = 420
"""Characters searched to either side for the end of a sentence; a longer sentence is cut there."""


@dataclass(frozen=True, slots=True)
class Place:
    """A table cell with its labels: ``row`` and ``column`` are the texts of its header cells, joined."""

    table: Table
    row_index: int
    column_index: int
    row: str
    column: str
    cell: Cell


def label_column(table: Table) -> int:
    """The column that names a table's rows: one headed ``Model`` or the like, else the first."""
    heads = table.rows[table.header_rows - 1] if table.header_rows else ()
    return next((at for at, cell in enumerate(heads) if NAMES.fullmatch(cell.text)), 0)


@dataclass(slots=True)
class Page:
    """A document with indexes, so that asking for the surroundings of a place costs no scan of the page."""

    document: Document
    wrapped: bool = field(init=False)
    """Whether a single line end is but a space, as in PDF and plain text."""
    paper: bool = field(init=False)
    """Whether the page is a paper, in whatever format: it has an abstract under that heading, or it is wrapped."""
    flow: str = field(init=False)
    """The text with its line ends as spaces where a line end means no more than that (PDF, plain text)."""
    _headings: list[int] = field(init=False)
    _tables: list[int] = field(init=False)
    _cells: dict[int, tuple[list[int], list[tuple[int, int, Cell]], int]] = field(init=False, default_factory=dict)
    """For each table: where its cells start, the cells with row and column, and the column that names the rows."""
    _code: list[tuple[int, int]] = field(init=False)
    _last: tuple[int, int] = field(init=False, default=(-1, -1))

    def __post_init__(self) -> None:
        """Index headings, tables and code."""
        self.wrapped = self.document.kind in ("pdf", "txt")
        self.paper = self.wrapped or any(
            ABSTRACT_HEADING.fullmatch(s.title) for s in self.document.sections[:FIRST_SECTIONS]
        )
        text = self.document.text
        self.flow = re.sub(r"\n(?<!\n\n)(?!\n)", " ", text) if self.wrapped else text
        self._headings = [section.start for section in self.document.sections]
        self._tables = [table.start for table in self.document.tables]
        self._code = sorted(self.document.code)

    @property
    def text(self) -> str:
        """The cleaned text."""
        return self.document.text

    @property
    def body(self) -> str:
        """The cleaned text without what the page says about itself outside its text; offsets are the same."""
        start, end = self.document.about
        return self.document.text[:start] if end else self.document.text

    def in_code(self, at: int) -> bool:
        """Whether the place is inside a code block."""
        index = bisect_right(self._code, (at, len(self.text) + 1)) - 1
        return index >= 0 and self._code[index][1] > at

    def sentence(self, at: int) -> tuple[int, int]:
        """Start and end of the sentence around a place. In wrapped text (PDF, plain) a single line end is a space."""
        if self._last[0] <= at < self._last[1]:
            return self._last
        text = self.text
        low, high = max(0, at - REACH), min(len(text), at + REACH)
        start, end = low, high
        for pattern in (SENTENCE_END,) if self.wrapped else (SENTENCE_END, LINE_END):
            for match in pattern.finditer(text, low, at):
                start = max(start, match.end())
            if following := pattern.search(text, at, end):
                end = following.start() + 1
        self._last = (start, max(end, at + 1))
        return self._last

    def heading(self, at: int) -> str:
        """The headings above a place, outermost first, joined with `` > ``."""
        index = bisect_right(self._headings, at) - 1
        titles: list[str] = []
        level = 99
        steps = 0
        while index >= 0 and level > 1 and steps < 60:
            section = self.document.sections[index]
            if section.level < level:
                titles.append(section.title)
                level = section.level
            index -= 1
            steps += 1
        return " > ".join(reversed(titles))

    def table(self, at: int) -> Table | None:
        """The table around a place."""
        index = bisect_right(self._tables, at) - 1
        if index >= 0 and self.document.tables[index].end > at:
            return self.document.tables[index]
        return None

    @staticmethod
    def _row_label(table: Table, row_index: int) -> str:
        """A row's first cell; where that is empty, the one above it that it continues."""
        above = 0 if row_index < table.header_rows else max(table.header_rows, row_index - CONTINUED)
        for row in reversed(table.rows[above : row_index + 1]):
            if row and row[0].text.strip():
                return row[0].text
        return ""

    def place(self, at: int) -> Place | None:
        """The table cell around a place, with its labels."""
        table = self.table(at)
        if table is None:
            return None
        if table.start not in self._cells:
            flat = sorted(
                ((cell.start, r, c, cell) for r, row in enumerate(table.rows) for c, cell in enumerate(row)),
                key=lambda item: (item[0], -item[1], -item[2]),
            )
            numbered = [(r, c, cell) for _, r, c, cell in flat]
            self._cells[table.start] = ([item[0] for item in flat], numbered, label_column(table))
        starts, cells, named = self._cells[table.start]
        index = bisect_right(starts, at) - 1
        if index < 0 or cells[index][2].end <= at:
            return None
        row_index, column_index, cell = cells[index]
        header = table.rows[: table.header_rows]
        column = " ".join(dict.fromkeys(row[column_index].text for row in header if column_index < len(row)))
        if named == column_index:
            label = ""
        elif named and named < len(table.rows[row_index]):
            label = table.rows[row_index][named].text
        else:
            label = self._row_label(table, row_index) if column_index > 0 else ""
        return Place(table, row_index, column_index, label, column, cell)
