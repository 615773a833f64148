"""HTML: the main content as text, with headings, tables, code and powers kept.

The tree is walked once, without recursion; text is collected in pieces with its offset, so that every heading, cell and
code block knows where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import islice
from typing import Any

from lxml import etree

from flopcrawl.extraction.cleaning.dates import iso_day
from flopcrawl.extraction.cleaning.formulas import formula
from flopcrawl.extraction.cleaning.limits import MAX_CELL_TEXT, MAX_CELLS, MAX_ELEMENTS, MAX_HEADING, MAX_SPAN, MAX_TEXT
from flopcrawl.extraction.cleaning.plain import first_line
from flopcrawl.extraction.cleaning.scripts import hidden_words
from flopcrawl.extraction.cleaning.typography import plain_latex, tidy
from flopcrawl.extraction.document import Cell, Document, Section, Table

SKIPPED = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "audio", "video", "select", "head",
})  # fmt: skip
FURNITURE = frozenset({"nav", "footer", "aside", "button"})
"""What stands around an article; dropped from a whole page, kept in a piece of one."""
SHOWN_TWICE = frozenset({"katex-html", "MathJax_Preview", "headerlink", "anchor-link"})
"""Classes of what repeats something for the eye: formulas beside their MathML, marks that link to a heading."""

PARAGRAPHS = frozenset({
    "p", "div", "section", "article", "main", "header", "blockquote", "ul", "ol", "dl", "figure", "figcaption",
    "details", "summary", "table", "pre", "hr", "address", "fieldset", "caption", "body", "html", "center",
})  # fmt: skip
LINES = frozenset({"li", "tr", "br", "dt", "dd"})
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BOLD_LINE_LEVEL = 6
"""A paragraph that is one bold line is a heading of the lowest level."""

DATE_TAGS = ("article:published_time", "datePublished", "citation_date", "citation_online_date", "date", "pubdate")
PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
GAPS = {"": 0, " ": 1, "\n": 2, "\n\n": 3}
"""What may stand between words, and which is the stronger."""
BLANKS = re.compile(r"[ \t\n\r\f\v]+")
COMMENT_VALUE = re.compile(r'\b(title|pubDate|link)="([^"]{0,500})"')
POWER = re.compile(r"[-+−–]?\d{1,3}")
TEN = re.compile(r"(?:^|[^\d.,])(?:10|2)$")
TEN_APART = re.compile(r"[×x*·⋅]\s?10$")
UNIT = re.compile(r"(?:^|[^A-Za-z\d])(?:[a-z]|[kcmn]m|ft|sec)$")
"""What a 2 or 3 above the line is a power of; above a longer word it is a footnote."""
NOTE = re.compile(r"\[?\(?[\d,*†‡§¶]{1,7}\)?\]?")
MIN_TEXT = 200
"""A page with less text than this may keep its words in a script (a page that is drawn by JavaScript)."""


def clean(text: str, *, whole_page: bool = True) -> Document:
    """Clean an HTML page, or (``whole_page`` False) a piece of one that has no furniture."""
    root = _parse(text)
    if root is None:
        return Document("", kind="html")
    if not whole_page:
        return _walked(root, frozenset())
    comment = dict(COMMENT_VALUE.findall(text[:3_000].split("-->")[0])) if text.lstrip().startswith("<!--") else {}
    body = _main_content(root)
    cleaned = _walked(body, FURNITURE)
    if len(cleaned.text) < MIN_TEXT:
        # a page that is drawn by its script, or one big form or menu
        fuller = max(_walked(body, frozenset()), _from_scripts(root), key=lambda found: len(found.text))
        if len(fuller.text) > 2 * len(cleaned.text):
            cleaned = fuller
    metas = _metas(root)
    title = tidy(unescape(comment.get("title") or metas.get("og:title") or _title(root))).strip() or _first_heading(
        cleaned
    )
    written = f"pubDate: {comment['pubDate']}" if iso_day(comment.get("pubDate")) else _date_written(root, metas)
    site = tidy(unescape(metas.get("og:site_name", ""))).strip()
    cleaned = replace(
        cleaned,
        kind="html",
        title=title or first_line(cleaned.text),
        published=iso_day(written.partition(": ")[2]),
        site=site,
    )
    return cleaned.with_about("\n".join(filter(None, (tidy(written), site and f"og:site_name: {site}"))))


def _walked(root: Any, furniture: frozenset[str]) -> Document:
    """The text of a tree without its furniture."""
    walker = _Walker(furniture)
    walker.walk(root)
    return walker.document()


def _from_scripts(root: Any) -> Document:
    """The words in the data of a page's scripts."""
    words = (clean(text, whole_page=False).text if "<" in text else tidy(text) for text in hidden_words(root))
    return Document("\n\n".join(dict.fromkeys(words))[:MAX_TEXT])


def _parse(text: str) -> Any:
    """The tree of a page; None where there is nothing to parse."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _main_content(root: Any) -> Any:
    """The element that holds the article: the largest ``main`` or ``article`` with most of the text, else the body."""
    body = root.find("body") if root.find("body") is not None else root
    total = sum(len(piece) for piece in body.itertext("p", "li", "td", "h1", "h2", "h3")) or 1
    best, size = body, 0
    for element in root.iter("main", "article"):
        if next(element.iterancestors("main", "article"), None) is not None:
            continue  # its parent is larger
        length = sum(len(piece) for piece in element.itertext())
        if length > size:
            best, size = element, length
    return best if size >= total / 2 else body


def _metas(root: Any) -> dict[str, str]:
    """The page's meta tags, by property, name or item; the first of each counts."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            if name := element.get(attribute):
                found.setdefault(name, element.get("content") or "")
    return found


def _title(root: Any) -> str:
    """The page's own title."""
    element = root.find(".//title")
    return BLANKS.sub(" ", element.text or "").strip() if element is not None else ""


def _first_heading(document: Document) -> str:
    """The first heading's words; "" where there is no heading."""
    return document.sections[0].title if document.sections else ""


def _date_written(root: Any, metas: Mapping[str, str]) -> str:
    """Where and how the page says when it was published (``name: date``): meta tags, JSON-LD, a ``time`` element."""
    for name in DATE_TAGS:
        written = metas.get(name, "")
        if iso_day(written.replace("/", "-")):
            return f"{name}: {written.replace('/', '-')}"
    for script in root.iter("script"):
        if script.get("type") == "application/ld+json":
            match = PUBLISHED.search(script.text or "")
            if match and iso_day(match[1]):
                return f"datePublished: {match[1]}"
    for element in root.iter("time"):
        if iso_day(element.get("datetime")):
            return f"time: {element.get('datetime')}"
    return ""


@dataclass(slots=True)
class _OpenTable:
    """A table that is being read."""

    start: int
    rows: list[list[Cell]] = field(default_factory=list)
    header_rows: int = 0
    row_is_header: bool = True
    is_data: bool = True
    spans: dict[int, tuple[Cell, int]] = field(default_factory=dict)
    cell_start: int = -1
    cell_span: tuple[int, int] = (1, 1)


class _Walker:
    """Collects the text of a tree, and where its parts stand."""

    def __init__(self, furniture: frozenset[str]) -> None:
        self.skipped = SKIPPED | furniture
        self.pieces: list[str] = []
        self.length = 0
        self.pending = ""  # the gap before the next words, one of GAPS
        self.last = ""
        self.sections: list[Section] = []
        self.tables: list[Table] = []
        self.code: list[tuple[int, int]] = []
        self.open_tables: list[_OpenTable] = []
        self.starts: dict[Any, int] = {}
        self.preformatted = 0
        self.n_cells = 0

    # --- text ------------------------------------------------------------------------------------------------------

    def gap(self, gap: str) -> None:
        """Ask for a gap before the next words; the strongest of several asked for wins."""
        if GAPS[gap] > GAPS[self.pending]:
            self.pending = gap

    def put(self, text: str) -> None:
        """Add words exactly as they are, after the gap that is due."""
        if self.length + len(text) > MAX_TEXT:
            return
        if self.pending and self.pieces:
            self.pieces.append(self.pending)
            self.length += len(self.pending)
        self.pending = ""
        self.pieces.append(text)
        self.length += len(text)
        self.last = text

    def say(self, text: str | None) -> None:
        """Add a text of the tree: blanks single (but in preformatted text), characters tidy."""
        if not text:
            return
        if text.isspace() and not self.preformatted:
            self.gap(" ")
            return
        if self.preformatted:
            self.put(tidy(text))
            return
        words = plain_latex(BLANKS.sub(" ", tidy(text)))
        if words[:1] == " ":
            self.gap(" ")
        stripped = words.strip(" ")
        if stripped:
            self.put(stripped)
            if words[-1] == " ":
                self.gap(" ")

    @property
    def here(self) -> int:
        """Where the next words will stand."""
        return self.length + (len(self.pending) if self.pieces else 0)

    # --- the walk --------------------------------------------------------------------------------------------------

    def walk(self, root: Any) -> None:
        """Walk a tree in document order."""
        skipping: Any = None
        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in islice(steps, 2 * MAX_ELEMENTS):
            tag = element.tag
            if skipping is not None:
                if event == "end" and element is skipping:
                    skipping = None
                    self.say(element.tail)
                continue
            if event == "start":
                if tag in self.skipped or element.get("hidden") is not None or _is_shown_twice(element):
                    skipping = element
                elif tag in ("math", "sup", "sub", "img"):
                    self.special(tag, element)
                    skipping = element
                else:
                    self.enter(tag, element)
                    self.say(element.text)
            else:
                self.leave(tag, element)
                if element is not root:
                    self.say(element.tail)

    def special(self, tag: str, element: Any) -> None:
        """Say what stands above, below or in place of a line."""
        if tag == "math":
            self.say(formula(element))
        elif tag == "img":
            alternative = element.get("alt") or ""
            if 0 < len(alternative) <= 200 and not self.open_tables:
                self.say(f" {alternative} ")
        else:
            text = BLANKS.sub(" ", tidy("".join(element.itertext()))).strip()
            if tag == "sub":
                self.say(text)
            elif POWER.fullmatch(text) and self.is_base(text):
                self.pending = ""
                self.put("^" + text.replace("−", "-").replace("–", "-"))
            elif text and not NOTE.fullmatch(text):
                self.say(plain_latex(f"^{{{text}}}") if self.last[-1:].isdigit() else text)

    def is_base(self, power: str) -> bool:
        """Would the last words have a power? After a "10" or a unit it is one; after anything else a footnote."""
        before = "".join(self.pieces[-3:])[-12:]
        if self.pending:
            return self.pending == " " and TEN_APART.search(before) is not None
        return TEN.search(before) is not None or (power.lstrip("-−–") in ("2", "3") and UNIT.search(before) is not None)

    def enter(self, tag: str, element: Any) -> None:
        """An element begins."""
        if tag in HEADINGS:
            self.gap(" " if self.in_cell else "\n\n")
            self.starts[element] = self.here
        elif tag == "tr" and self.open_tables:
            self.gap("\n")
            self.open_row()
        elif tag in LINES:
            self.gap(" " if self.in_cell else "\n")
        elif tag in ("td", "th"):
            self.open_cell(tag, element)
        elif tag in PARAGRAPHS:
            if tag == "table" and self.in_cell:
                self.open_tables[-1].is_data = False  # a table of tables lays out a page
            self.gap(" " if self.in_cell and tag != "table" else "\n\n")
            self.starts[element] = self.here
            if tag == "table":
                self.open_tables.append(_OpenTable(self.here))
            elif tag == "pre":
                self.preformatted += 1

    def leave(self, tag: str, element: Any) -> None:
        """An element ends."""
        start = self.starts.pop(element, None)
        if tag in ("td", "th"):
            self.close_cell()
        elif tag == "tr":
            self.close_row()
            self.gap("\n")
        elif tag == "thead":
            self.close_head()
        elif tag in LINES:
            self.gap(" " if self.in_cell else "\n")
        elif tag in HEADINGS or tag in PARAGRAPHS:
            if tag == "table" and self.open_tables:
                self.close_table()
            elif tag == "pre":
                self.preformatted -= 1
                if start is not None and self.length > start:
                    self.code.append((start, self.length))
            elif start is not None and 0 < self.length - start <= MAX_HEADING and not self.in_cell:
                if tag in HEADINGS:
                    self.sections.append(Section(HEADINGS[tag], self.text_from(start), start, self.length))
                elif tag == "p" and _is_bold_line(element):
                    self.sections.append(Section(BOLD_LINE_LEVEL, self.text_from(start), start, self.length))
            self.gap(" " if self.in_cell else "\n\n")

    @property
    def in_cell(self) -> bool:
        """Is a table cell open? Then nothing breaks the line: a row is one."""
        return bool(self.open_tables) and self.open_tables[-1].cell_start >= 0

    def text_from(self, start: int) -> str:
        """The text since an offset."""
        position, found = self.length, []
        for piece in reversed(self.pieces):
            position -= len(piece)
            found.append(piece)
            if position <= start:
                break
        return "".join(reversed(found))[start - position :]

    # --- tables ----------------------------------------------------------------------------------------------------

    def open_row(self) -> None:
        """A row begins: cells that span down from above come first."""
        table = self.open_tables[-1]
        table.rows.append([])
        table.row_is_header = True
        self.fill_spans(table)

    def fill_spans(self, table: _OpenTable) -> None:
        """Repeat cells of the rows above that reach into this row, at the columns where it is their turn."""
        row = table.rows[-1]
        while (spanning := table.spans.get(len(row))) is not None:
            cell, left = spanning
            if left <= 1:
                del table.spans[len(row)]
            else:
                table.spans[len(row)] = (cell, left - 1)
            row.append(cell)

    def open_cell(self, tag: str, element: Any) -> None:
        """A cell begins."""
        if not self.open_tables:
            self.gap(" ")
            return
        table = self.open_tables[-1]
        if not table.rows:
            self.open_row()
        self.fill_spans(table)
        if table.rows[-1] and self.pieces:
            # the bar is written at once, so that an empty cell still separates its neighbours
            self.pieces.append(" | ")
            self.length += 3
            self.pending = ""
        table.cell_start = self.here
        table.cell_span = (_span(element, "rowspan"), _span(element, "colspan"))
        table.row_is_header = table.row_is_header and tag == "th"

    def close_cell(self) -> None:
        """A cell ends."""
        if not self.in_cell:
            return
        table = self.open_tables[-1]
        start = min(table.cell_start, self.length)
        table.cell_start = -1
        self.pending = ""
        if self.length - start > MAX_CELL_TEXT:
            table.is_data = False
            return
        cell = Cell(start, self.length, self.text_from(start) if self.length > start else "")
        rows, columns = table.cell_span
        for _ in range(columns):
            if self.n_cells >= MAX_CELLS:
                return
            self.n_cells += 1
            if rows > 1:
                table.spans[len(table.rows[-1])] = (cell, rows - 1)
            table.rows[-1].append(cell)

    def close_row(self) -> None:
        """A row ends."""
        if not self.open_tables or not self.open_tables[-1].rows:
            return
        table = self.open_tables[-1]
        self.fill_spans(table)
        if table.row_is_header and table.header_rows == len(table.rows) - 1:
            table.header_rows += 1

    def close_head(self) -> None:
        """The rows so far are the heading, whatever their cells are."""
        if self.open_tables:
            self.open_tables[-1].header_rows = len(self.open_tables[-1].rows)

    def close_table(self) -> None:
        """A table ends. One without a heading of its own has its first row as heading."""
        table = self.open_tables.pop()
        rows = tuple(tuple(row) for row in table.rows if row)
        if table.is_data and (len(rows) > 1 or (rows and len(rows[0]) > 1)):
            header = min(table.header_rows or (1 if len(rows) > 1 else 0), len(rows) - 1)
            self.tables.append(Table(table.start, self.length, rows, header))

    def document(self) -> Document:
        """What was collected; a table that the limit on elements cut off ends there."""
        while self.open_tables:
            self.close_table()
        return Document(
            "".join(self.pieces), kind="html", sections=tuple(self.sections),
            tables=tuple(sorted(self.tables, key=lambda table: table.start)), code=tuple(self.code),
        )  # fmt: skip


def _is_shown_twice(element: Any) -> bool:
    """Does an element repeat for the eye what stands elsewhere?"""
    names = element.get("class")
    return names is not None and not SHOWN_TWICE.isdisjoint(names.split())


def _span(element: Any, name: str) -> int:
    """How many rows or columns a cell spans, within limits."""
    value = element.get(name)
    if value is None:
        return 1
    return max(1, min(int(value), MAX_SPAN)) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def _is_bold_line(paragraph: Any) -> bool:
    """Is a paragraph nothing but one bold phrase?"""
    children = list(paragraph)
    return (
        len(children) == 1
        and children[0].tag in ("strong", "b")
        and not (paragraph.text or "").strip()
        and not (children[0].tail or "").strip()
    )
