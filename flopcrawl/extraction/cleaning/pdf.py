"""PDF: the text of its pages. Superscripts come without their height, as from every text extraction."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2

from flopcrawl.extraction.cleaning import plain
from flopcrawl.extraction.cleaning.limits import MAX_PDF_PAGES, MAX_TEXT
from flopcrawl.extraction.document import Document, UnreadableError


def clean(data: bytes) -> Document:
    """Clean a PDF; at most :data:`~flopcrawl.extraction.cleaning.limits.MAX_PDF_PAGES` pages are read.

    Raises:
        UnreadableError: it is encrypted or broken.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reason = "it is protected by a password" if "password" in str(error).lower() else "it is broken"
        raise UnreadableError(f"a PDF that cannot be opened: {reason} ({error})") from None
    try:
        pages: list[str] = []
        for index in range(min(len(document), MAX_PDF_PAGES)):
            page = document[index]
            pages.append(page.get_textpage().get_text_bounded().replace("\ufffe", "-\n").replace("\x02", "-\n"))
            if sum(map(len, pages)) > MAX_TEXT:
                break
        title = str(document.get_metadata_dict().get("Title") or "").strip()
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(f"a PDF with a page that cannot be read ({error})") from None
    finally:
        document.close()
    cleaned = plain.clean("\n\n".join(pages), kind="pdf")
    return replace(cleaned, title=title) if title else cleaned
