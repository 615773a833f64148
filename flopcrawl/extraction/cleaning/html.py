"""HTML: the main content as text, with headings, tables, code and powers kept.

The tree is walked once, without recursion; text is collected in pieces with its offset, so that every heading, cell and
code block knows where it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from flopcrawl.extraction.cleaning.dates import iso_day
from flopcrawl.extraction.cleaning.limits import MAX_CELLS, MAX_SPAN, MAX_TEXT
from flopcrawl.extraction.cleaning.plain import first_line
from flopcrawl.extraction.cleaning.typography import plain_latex, tidy
from flopcrawl.extraction.document import Cell, Document, Section, Table

SKIPPED = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "audio", "video", "select", "head",
})  # fmt: skip
FURNITURE = frozenset({"nav", "footer", "aside", "form", "button"})
"""What stands around an article; dropped from a whole page, kept in a piece of one."""

PARAGRAPHS = frozenset({
    "p", "div", "section", "article", "main", "header", "blockquote", "ul", "ol", "dl", "figure", "figcaption",
    "details", "summary", "table", "pre", "hr", "address", "fieldset", "caption", "body", "html", "center",
})  # fmt: skip
LINES = frozenset({"li", "tr", "br", "dt", "dd"})
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BOLD_LINE_LEVEL = 6
"""A paragraph that is one bold line is a heading of the lowest level."""

BLANKS = re.compile(r"[ \t\n\r\f\v]+")
COMMENT_VALUE = re.compile(r'\b(title|pubDate|link)="([^"]{0,500})"')
POWER = re.compile(r"[-+−–]?\d{1,3}")
PRICE_OF_TEN = re.compile(r"(?:^|[^\d.,])10$")
MIN_TEXT = 200
"""A page with less text than this may keep its words in a script (a page that is drawn by JavaScript)."""
MIN_SENTENCE = 40


def clean(text: str, *, whole_page: bool = True) -> Document:
    """Clean an HTML page, or (``whole_page`` False) a piece of one that has no furniture."""
    root = _parse(text)
    if root is None:
        return Document("", kind="html")
    comment = dict(COMMENT_VALUE.findall(text[:3_000].split("-->")[0])) if text.lstrip().startswith("<!--") else {}
    body = _main_content(root) if whole_page else root
    walker = _Walker(FURNITURE if whole_page else frozenset())
    walker.walk(body)
    cleaned = walker.document()
    if whole_page and len(cleaned.text) < MIN_TEXT:
        hidden = "\n\n".join(dict.fromkeys(_sentences_in_scripts(root)))
        if len(hidden) > len(cleaned.text):
            cleaned = Document(hidden[:MAX_TEXT])
    title = comment.get("title") or _meta(root, "og:title") or _title(root) or _first_heading(cleaned)
    published = iso_day(comment.get("pubDate")) or _published(root)
    return Document(
        cleaned.text, tidy(_unescape(title)).strip() or first_line(cleaned.text), "html", published,
        sections=cleaned.sections, tables=cleaned.tables, code=cleaned.code,
    )  # fmt: skip


def _parse(text: str) -> Any:
    """The tree of a page; None where there is nothing to parse."""
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _unescape(text: str) -> str:
    """A title that was escaped twice, read once more."""
    from html import unescape

    return unescape(text)


def _main_content(root: Any) -> Any:
    """The element that holds the article: the largest ``main`` or ``article`` with most of the text, else the body."""
    body = root.find("body") if root.find("body") is not None else root
    total = len(" ".join(body.itertext("p", "li", "td", "h1", "h2", "h3"))) or 1
    best, size = body, 0
    for element in root.iter("main", "article"):
        length = sum(len(piece) for piece in element.itertext())
        if length > size:
            best, size = element, length
    return best if size >= total / 2 else body


def _meta(root: Any, name: str) -> str:
    """The content of a meta tag, by property or name; "" where there is none."""
    for element in root.iter("meta"):
        if name in (element.get("property"), element.get("name"), element.get("itemprop")):
            return str(element.get("content") or "")
    return ""


def _title(root: Any) -> str:
    """The page's own title."""
    element = root.find(".//title")
    return BLANKS.sub(" ", element.text or "").strip() if element is not None else ""


def _first_heading(document: Document) -> str:
    """The first heading's words; "" where there is no heading."""
    return document.sections[0].title if document.sections else ""


def _published(root: Any) -> str:
    """The day that the page says it was published: meta tags, JSON-LD, a ``time`` element."""
    for name in ("article:published_time", "datePublished", "citation_date", "citation_online_date", "date", "pubdate"):
        if day := iso_day(_meta(root, name).replace("/", "-")):
            return day
    for script in root.iter("script"):
        if script.get("type") == "application/ld+json":
            match = re.search(r'"datePublished"\s*:\s*"([^"]{4,40})"', script.text or "")
            if match and (day := iso_day(match[1])):
                return day
    for element in root.iter("time"):
        if day := iso_day(element.get("datetime")):
            return day
    return ""


def _sentences_in_scripts(root: Any) -> Iterator[str]:
    """Sentences in the JSON that a page hands to its own JavaScript."""
    from flopcrawl.extraction.cleaning.structured import strings

    for script in root.iter("script"):
        source = script.text or ""
        start = source.find("{")
        if start < 0 or not (script.get("type") or "").endswith("json"):
            continue
        try:
            data, _ = json.JSONDecoder().raw_decode(source[start:])
        except (ValueError, RecursionError):
            continue
        for text in strings(data):
            if len(text) >= MIN_SENTENCE and " " in text:
                yield clean(text, whole_page=False).text if "<" in text else tidy(text)


@dataclass(slots=True)
class _OpenTable:
    """A table that is being read."""

    start: int
    rows: list[list[Cell]] = field(default_factory=list)
    header_rows: int = 0
    row_is_header: bool = True
    spans: dict[int, tuple[Cell, int]] = field(default_factory=dict)
    cell_start: int = -1
    cell_span: tuple[int, int] = (1, 1)


class _Walker:
    """Collects the text of a tree, and where its parts stand."""

    def __init__(self, furniture: frozenset[str]) -> None:
        self.skipped = SKIPPED | furniture
        self.pieces: list[str] = []
        self.length = 0
        self.pending = ""  # the gap before the next words: "", " ", " | ", "\n" or "\n\n"
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
        if ("", " ", " | ", "\n", "\n\n").index(gap) > ("", " ", " | ", "\n", "\n\n").index(self.pending):
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
        if self.preformatted:
            self.put(tidy(text.replace("\r", "")))
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
        for event, element in etree.iterwalk(root, events=("start", "end")):
            tag = element.tag
            if skipping is not None:
                if event == "end" and element is skipping:
                    skipping = None
                    self.say(element.tail)
                continue
            if event == "start":
                if tag in self.skipped or element.get("hidden") is not None:
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
            tex = element.get("alttext") or _annotation(element) or "".join(element.itertext())
            self.say(plain_latex(f"${tex}$") if "\\" in tex or "^" in tex else tex)
        elif tag == "img":
            alternative = element.get("alt") or ""
            if 0 < len(alternative) <= 200 and not self.open_tables:
                self.say(f" {alternative} ")
        else:
            text = BLANKS.sub(" ", tidy("".join(element.itertext()))).strip()
            if tag == "sub":
                self.say(text)
            elif POWER.fullmatch(text):
                # a number above a "10" (or a unit) is a power; above anything else it is a footnote
                if not self.pending and (
                    PRICE_OF_TEN.search(self.last) or (self.last[-1:].isalpha() and len(text) == 1)
                ):
                    self.put("^" + text.replace("−", "-").replace("–", "-"))
            elif text and not self.last[-1:].isdigit():
                self.say(text)

    def enter(self, tag: str, element: Any) -> None:
        """An element begins."""
        if tag in HEADINGS:
            self.gap("\n\n")
            self.starts[element] = self.here
        elif tag in LINES:
            self.gap("\n")
            if tag == "tr" and self.open_tables:
                self.open_row()
        elif tag in ("td", "th"):
            self.open_cell(tag, element)
        elif tag in PARAGRAPHS:
            # inside a cell a paragraph does not break the row
            in_cell = bool(self.open_tables) and self.open_tables[-1].cell_start >= 0 and tag != "table"
            self.gap(" " if in_cell else "\n\n")
            self.starts[element] = self.here
            if tag == "table":
                self.open_tables.append(_OpenTable(self.here))
            elif tag == "pre":
                self.preformatted += 1

    def leave(self, tag: str, element: Any) -> None:
        """An element ends."""
        start = self.starts.pop(element, None)
        if tag in HEADINGS:
            if start is not None and self.length > start:
                self.sections.append(Section(HEADINGS[tag], self.text_from(start), start, self.length))
            self.gap("\n\n")
        elif tag in ("td", "th"):
            self.close_cell(tag)
        elif tag == "tr":
            self.close_row()
            self.gap("\n")
        elif tag in LINES:
            self.gap("\n")
        elif tag in PARAGRAPHS:
            in_cell = bool(self.open_tables) and self.open_tables[-1].cell_start >= 0 and tag != "table"
            if tag == "table" and self.open_tables:
                self.close_table()
            elif tag == "pre":
                self.preformatted -= 1
                if start is not None and self.length > start:
                    self.code.append((start, self.length))
            elif tag == "p" and start is not None and _is_bold_line(element) and self.length > start:
                self.sections.append(Section(BOLD_LINE_LEVEL, self.text_from(start), start, self.length))
            self.gap(" " if in_cell else "\n\n")

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

    def close_cell(self, tag: str) -> None:
        """A cell ends."""
        if not self.open_tables or self.open_tables[-1].cell_start < 0:
            return
        table = self.open_tables[-1]
        start = min(table.cell_start, self.length)
        cell = Cell(start, self.length, self.text_from(start) if self.length > start else "")
        table.cell_start = -1
        self.pending = ""
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

    def close_table(self) -> None:
        """A table ends. One without a heading of its own has its first row as heading."""
        table = self.open_tables.pop()
        rows = tuple(tuple(row) for row in table.rows if row)
        if len(rows) > 1 or (rows and len(rows[0]) > 1):
            header = min(table.header_rows or (1 if len(rows) > 1 else 0), len(rows) - 1)
            self.tables.append(Table(table.start, self.length, rows, header))

    def document(self) -> Document:
        """What was collected."""
        return Document(
            "".join(self.pieces), kind="html", sections=tuple(self.sections),
            tables=tuple(sorted(self.tables, key=lambda table: table.start)), code=tuple(self.code),
        )  # fmt: skip


def _annotation(math: Any) -> str:
    """The TeX that a MathML formula carries beside itself."""
    for element in math.iter():
        if str(element.tag).endswith("annotation") and "tex" in (element.get("encoding") or ""):
            return element.text or ""
    return ""


def _span(element: Any, name: str) -> int:
    """How many rows or columns a cell spans, within limits."""
    value = element.get(name) or "1"
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
