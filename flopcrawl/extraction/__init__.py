"""Text in, quoted facts out. Knows nothing of Scrapy.

``read`` cleans a page, finds the models it is about, and gives back every fact with the words it was read from.
"""

from __future__ import annotations

from flopcrawl.extraction.cleaning import clean
from flopcrawl.extraction.document import Document, UnreadableError
from flopcrawl.extraction.plausibility import Doubt
from flopcrawl.extraction.reader import Reading, read_document
from flopcrawl.extraction.weighing import Decision

READER_VERSION = "5"
"""Changes whenever the same page may read differently, so that kept pages can be read again."""

__all__ = ["READER_VERSION", "Decision", "Document", "Doubt", "Reading", "UnreadableError", "read", "read_document"]


def read(data: bytes | str, *, kind: str = "", name: str = "", url: str = "", model: str | None = None) -> Reading:
    """Read the facts of a page.

    ``kind`` is html, md, txt, pdf, json or atom; where it is empty, the name and the content tell. ``name`` and ``url``
    are where the page was saved or found: they may say which model it is about. ``model`` says so for certain.

    Raises:
        UnreadableError: the page is binary, encrypted, too large or broken beyond reading.
    """
    document = clean(data, kind=kind, name=name, url=url)
    if not document.entries:
        return read_document(document, name=name, url=url, model=model)
    whole = Reading(document)
    for entry in document.entries:
        whole.add(read_document(entry.document, model=model), entry.start)
    return whole
