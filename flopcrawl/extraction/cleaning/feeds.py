"""Feeds (Atom, RSS, arXiv's answers): each entry is a document of its own."""

from __future__ import annotations

import io
import re
from typing import Any

import feedparser
from lxml import etree

from flopcrawl.extraction.cleaning.dates import iso_day
from flopcrawl.extraction.cleaning.limits import MAX_ENTRIES
from flopcrawl.extraction.cleaning.structured import entry, joined
from flopcrawl.extraction.cleaning.typography import tidy
from flopcrawl.extraction.document import Document, UnreadableError

ROOT = re.compile(r"<[A-Za-z]")
HTML_SPACE = re.compile("&nbsp;")
"""An entity of HTML that careless feeds use; XML has none of that name."""
ENTRY_TAGS = ("{*}entry", "{*}item")


def clean(text: str) -> Document:
    """Clean a feed.

    Raises:
        UnreadableError: there is no feed in it.
    """
    feed = parse(text)
    documents = []
    for item in feed.entries:
        bodies = [part.get("value") or "" for part in item.get("content", ())] + [item.get("summary") or ""]
        written = str(item.get("published") or item.get("updated") or "")
        document = entry(str(item.get("title") or ""), max(bodies, key=len), iso_day(written), "atom")
        documents.append(document.with_about(f"published: {tidy(written).strip()}" if written else ""))
    return joined(documents, "atom", title=tidy(str(feed.feed.get("title") or "")).strip())


def parse(text: str) -> Any:
    """What feedparser makes of a feed, within our limits.

    Raises:
        UnreadableError: it is none.
    """
    feed = feedparser.parse(io.BytesIO(_bounded(text)), sanitize_html=False)
    if not feed.entries and not feed.version:
        raise UnreadableError("no feed: neither RSS nor Atom")
    return feed


def _bounded(text: str) -> bytes:
    """A feed as well-formed XML, no deeper than lxml lets it be, with at most so many entries.

    What stands above the root element (where entities are declared) is cut off, so that none expands.

    Raises:
        UnreadableError: there is no element in it.
    """
    start = ROOT.search(text)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, remove_pis=True)
    source = text[start.start() :] if start else ""
    try:
        root = etree.fromstring(HTML_SPACE.sub("\u00a0", source).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"no feed: {error}") from None
    if root is None:
        raise UnreadableError("no feed: no element in it")
    for item in list(root.iter(*ENTRY_TAGS))[MAX_ENTRIES:]:
        item.getparent().remove(item)
    return bytes(etree.tostring(root, encoding="utf-8"))
