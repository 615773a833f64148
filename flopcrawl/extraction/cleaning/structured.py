"""JSON: catalogues, hub answers, parsed feeds. A list of things with titles is a listing, read entry by entry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from flopcrawl.extraction.cleaning import html
from flopcrawl.extraction.cleaning.dates import iso_day
from flopcrawl.extraction.cleaning.limits import MAX_DEPTH, MAX_ENTRIES, MAX_PAIRS, MAX_TEXT
from flopcrawl.extraction.cleaning.scripts import strings
from flopcrawl.extraction.cleaning.typography import tidy
from flopcrawl.extraction.document import Document, Entry, UnreadableError

TITLE_KEYS = ("title", "name", "id", "modelId")
DATE_KEYS = (
    "published_date", "published", "publishedAt", "pubDate", "datePublished", "date", "createdAt", "created_at",
)  # fmt: skip
BODY_KEYS = (
    "description", "summary", "content", "content_html", "content_text", "content_brief", "introduction", "body",
)  # fmt: skip
LISTING_KEYS = frozenset({"items", "entries", "results", "data", "models", "articles", "posts", "news", "list"})
LISTING_DEPTH = 4
MAX_VALUE = 300
"""Characters of a value that is shown with its key; a longer one is words."""


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
    """The entries of a listing: a list of objects with titles, at the top or under a key; [] where it is none.

    An object with a title of its own is a thing rather than a listing, unless its list is called one.
    """
    level: list[Any] = [data]
    for _ in range(LISTING_DEPTH):
        below: list[Any] = []
        for value in level:
            if _is_listing(value):
                return list(value)
            if isinstance(value, dict):
                titled = any(isinstance(value.get(key), str) for key in TITLE_KEYS)
                below += [child for key, child in value.items() if not titled or key in LISTING_KEYS]
        level = below
    return []


def _is_listing(value: Any) -> bool:
    """Is a value a list of objects with titles?"""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, dict) and any(item.get(key) for key in TITLE_KEYS) for item in value)
    )


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
    title = " ".join(tidy(title).split())
    words = html.clean(body, whole_page=False) if "<" in body or "&" in body else Document(tidy(body).strip())
    words = replace(words, title=title, kind=kind, published=published)
    return words if not title or words.text.startswith(title) else words.below(title)


def _entry(item: Mapping[str, Any]) -> Document:
    """One object as a document: its title, its longest words, then its other values as ``key: value`` lines."""
    title = next((str(item[key]) for key in TITLE_KEYS if item.get(key)), "")
    body = max((value for key in BODY_KEYS if isinstance(value := item.get(key), str)), key=len, default="")
    published = next((day for key in DATE_KEYS if (day := iso_day(item.get(key)))), "")
    document = entry(title, body, published, "json")
    rest = {key: value for key, value in item.items() if value != body and not (key in TITLE_KEYS and value == title)}
    lines = tidy("\n".join(islice(pairs(rest), MAX_PAIRS)))[:MAX_TEXT].strip()
    return replace(document, text=f"{document.text}\n\n{lines}".strip()) if lines else document


def pairs(data: Mapping[str, Any]) -> Iterator[str]:
    """Every value in an object, in order, as a line with the keys that lead to it; addresses are left out.

    What is nested beyond :data:`~flopcrawl.extraction.cleaning.limits.MAX_DEPTH` is left out too.
    """
    stack: list[tuple[str, Any, int]] = [("", data, 0)]
    while stack:
        path, value, depth = stack.pop()
        if isinstance(value, dict) and depth < MAX_DEPTH:
            prefix = f"{path}." if path else ""
            stack.extend((f"{prefix}{key}"[-MAX_VALUE:], child, depth + 1) for key, child in reversed(value.items()))
        elif isinstance(value, list) and value and all(isinstance(item, str | int | float) for item in value):
            shown = ", ".join(map(str, value[:MAX_VALUE]))
            stack.append((path, shown, depth))
        elif isinstance(value, list) and depth < MAX_DEPTH:
            stack.extend((path, child, depth + 1) for child in reversed(value))
        elif isinstance(value, str) and value.strip() and not value.startswith(("http://", "https://", "/")):
            words = html.clean(value, whole_page=False).text if "</" in value else value.strip()
            yield f"{path}: {words}" if len(words) <= MAX_VALUE else f"\n{words}\n"
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{path}: {value}"
