"""Feeds (Atom, RSS, arXiv's answers): each entry is a document of its own."""

from __future__ import annotations

import io
import re

import feedparser

from flopcrawl.extraction.cleaning.dates import iso_day
from flopcrawl.extraction.cleaning.limits import MAX_ENTRIES
from flopcrawl.extraction.cleaning.structured import entry, joined
from flopcrawl.extraction.cleaning.typography import tidy
from flopcrawl.extraction.document import Document, UnreadableError

ROOT = re.compile(r"<[A-Za-z]")
DECLARATION = re.compile(r"<\?xml[^>]{0,200}\?>", re.IGNORECASE)


def clean(text: str) -> Document:
    """Clean a feed. What stands above its root element (where entities are declared) is cut off, so that none expands.

    Raises:
        UnreadableError: there is no feed in it.
    """
    root = ROOT.search(text)
    feed = feedparser.parse(
        io.BytesIO(text[root.start() if root else 0 :].encode("utf-8", "replace")), sanitize_html=False
    )
    if not feed.entries and not feed.feed.get("title"):
        raise UnreadableError("no feed: neither a title nor an entry")
    documents = []
    for item in feed.entries[:MAX_ENTRIES]:
        bodies = [part.get("value") or "" for part in item.get("content", ())] + [item.get("summary") or ""]
        written = str(item.get("published") or item.get("updated") or "")
        document = entry(str(item.get("title") or ""), max(bodies, key=len), iso_day(written), "atom")
        documents.append(document.with_about(f"published: {tidy(written).strip()}" if written else ""))
    return joined(documents, "atom", title=tidy(str(feed.feed.get("title") or "")).strip())
