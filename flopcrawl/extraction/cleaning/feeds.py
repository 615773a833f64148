"""Feeds (Atom, RSS, arXiv's answers): each entry is a document of its own."""

from __future__ import annotations

import io
import re

import feedparser

from flopcrawl.extraction.cleaning.dates import iso_day
from flopcrawl.extraction.cleaning.limits import MAX_ENTRIES
from flopcrawl.extraction.cleaning.structured import entry, joined
from flopcrawl.extraction.document import Document, UnreadableError

DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)[^>\[]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)


def clean(text: str) -> Document:
    """Clean a feed. Document types and entities are cut off first, so that none can be expanded.

    Raises:
        UnreadableError: there is no feed in it.
    """
    feed = feedparser.parse(io.BytesIO(DOCTYPE.sub("", text).encode()), sanitize_html=False)
    if not feed.entries and not feed.feed.get("title"):
        raise UnreadableError("no feed: neither a title nor an entry")
    documents = []
    for item in feed.entries[:MAX_ENTRIES]:
        bodies = [part.get("value", "") for part in item.get("content", ())] + [item.get("summary", "")]
        published = iso_day(item.get("published")) or iso_day(item.get("updated"))
        documents.append(entry(item.get("title", ""), max(bodies, key=len), published, "atom"))
    return joined(documents, "atom", title=feed.feed.get("title", ""))
