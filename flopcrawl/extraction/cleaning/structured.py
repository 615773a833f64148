"""JSON: catalogues, hub answers, parsed feeds. A list of things with titles is a listing, read entry by entry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flopcrawl.extraction.cleaning.dates import iso_day
from flopcrawl.extraction.cleaning.limits import MAX_DEPTH, MAX_ENTRIES, MAX_TEXT
from flopcrawl.extraction.cleaning.typography import tidy
from flopcrawl.extraction.document import Document, Entry, UnreadableError

TITLE_KEYS = ("title", "name", "id", "modelId")
DATE_KEYS = (
    "published_date",
    "published",
    "publishedAt",
    "pubDate",
    "datePublished",
    "date",
    "createdAt",
    "created_at",
)
BODY_KEYS = (
    "description",
    "summary",
    "content",
    "content_html",
    "content_text",
    "content_brief",
    "introduction",
    "body",
)


def clean(text: str) -> Document:
    """Clean a JSON page.

    Raises:
        UnreadableError: it is no JSON, or is nested beyond reason.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"no JSON: {error}") from None
    items = listing(data)
    if items:
        return joined([_entry(item) for item in items[:MAX_ENTRIES]], "json")
    if isinstance(data, dict):
        return _entry(data)
    return Document("\n".join(map(tidy, strings(data)))[:MAX_TEXT], kind="json")


def listing(data: Any) -> list[Mapping[str, Any]]:
    """The entries of a listing: a list of objects with titles, at the top or under one key; [] where it is none."""
    candidates = [data] if isinstance(data, list) else list(data.values()) if isinstance(data, dict) else []
    for candidate in candidates:
        if (
            isinstance(candidate, list)
            and candidate
            and all(isinstance(item, dict) and any(key in item for key in TITLE_KEYS) for item in candidate)
        ):
            return candidate
    return []


def joined(documents: list[Document], kind: str, title: str = "") -> Document:
    """Several documents as one whose entries they are."""
    entries: list[Entry] = []
    texts: list[str] = []
    start = 0
    for document in documents:
        if not document.text or start > MAX_TEXT:
            continue
        entries.append(Entry(start, document))
        texts.append(document.text)
        start += len(document.text) + 2
    return Document("\n\n".join(texts), title=title, kind=kind, entries=tuple(entries))


def entry(title: str, body: str, published: str, kind: str) -> Document:
    """One entry of a feed or listing: its title, then its words, which may be HTML."""
    from dataclasses import replace

    from flopcrawl.extraction.cleaning import html
    from flopcrawl.extraction.document import Cell, Section, Table

    title = " ".join(tidy(title).split())
    words = html.clean(body, whole_page=False) if "<" in body or "&" in body else Document(tidy(body).strip())
    if not title or words.text.startswith(title):
        return replace(words, title=title, kind=kind, published=published)
    shift = len(title) + 2

    def moved(table: Table) -> Table:
        rows = tuple(tuple(Cell(c.start + shift, c.end + shift, c.text) for c in row) for row in table.rows)
        return Table(table.start + shift, table.end + shift, rows, table.header_rows)

    return Document(
        f"{title}\n\n{words.text}".rstrip(), title, kind, published,
        sections=(Section(1, title, 0, len(title)),
                  *(Section(s.level, s.title, s.start + shift, s.end + shift) for s in words.sections)),
        tables=tuple(moved(table) for table in words.tables),
        code=tuple((start + shift, end + shift) for start, end in words.code),
    )  # fmt: skip


def _entry(item: Mapping[str, Any]) -> Document:
    """One object as a document: its title, its words, then its other short values as ``key: value`` lines."""
    title = next((str(item[key]) for key in TITLE_KEYS if item.get(key)), "")
    body = next((str(item[key]) for key in BODY_KEYS if isinstance(item.get(key), str) and item[key]), "")
    published = next((day for key in DATE_KEYS if (day := iso_day(item.get(key)))), "")
    if not body:
        pairs = (f"{key}: {value}" for key, value in item.items() if isinstance(value, str | int | float))
        body = "\n".join(
            [*pairs, *(text for value in item.values() if isinstance(value, dict | list) for text in strings(value))]
        )
        document = entry(title, "", published, "json")
        text = f"{document.text}\n\n{tidy(body)}"[:MAX_TEXT].strip()
        return Document(text, title, "json", published, sections=document.sections)
    return entry(title, body, published, "json")


def strings(data: Any) -> Iterator[str]:
    """Every text in a JSON value, in order; what is nested beyond :data:`MAX_DEPTH` is left out."""
    stack: list[tuple[Any, int]] = [(data, 0)]
    while stack:
        value, depth = stack.pop()
        if isinstance(value, str):
            yield value
        elif depth < MAX_DEPTH and isinstance(value, dict):
            stack.extend((child, depth + 1) for child in reversed(value.values()))
        elif depth < MAX_DEPTH and isinstance(value, list):
            stack.extend((child, depth + 1) for child in reversed(value))
