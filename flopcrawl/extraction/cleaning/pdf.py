"""PDF: the text of its pages. Powers of ten are told from the height of their digits."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from typing import Any

import pypdfium2

from flopcrawl.extraction.cleaning import plain
from flopcrawl.extraction.cleaning.limits import MAX_PDF_PAGES, MAX_PDF_UNPACKED, MAX_TEXT
from flopcrawl.extraction.cleaning.typography import tidy
from flopcrawl.extraction.document import Document, UnreadableError

SOFT_HYPHENS = str.maketrans({"\ufffe": "-\n", "\x02": "-\n"})
"""What pdfium writes for a hyphen at the end of a line."""

TEN = re.compile(r"(?<![\d.,])10(?=[-−–]?\d{1,2}(?!\d))")
RAISED = 0.2
"""A digit that begins higher than this share of its neighbour's height is a superscript."""

STREAM = re.compile(rb"(?<!end)stream\r?\n(?=[\x08-\x78])")
"""Where a packed part begins (the byte after it could be zlib's first)."""
PIECE_IN, PIECE_OUT = 1 << 14, 1 << 20
TWICE_PACKED = re.compile(rb"/Fl(?:ateDecode)?\s{0,9}/Fl")


def clean(data: bytes) -> Document:
    """Clean a PDF; at most :data:`~flopcrawl.extraction.cleaning.limits.MAX_PDF_PAGES` pages are read.

    Raises:
        UnreadableError: it is encrypted, broken, or unpacks to more than a paper would.
    """
    _refuse_bomb(data)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reason = "it is protected by a password" if "password" in str(error).lower() else "it is broken"
        raise UnreadableError(f"a PDF that cannot be opened: {reason} ({error})") from None
    try:
        pages: list[str] = []
        length = 0
        for index in range(min(len(document), MAX_PDF_PAGES)):
            text = _page_text(document[index])
            pages.append(text.translate(SOFT_HYPHENS))
            length += len(text)
            if length > MAX_TEXT:
                break
        title = tidy(str(document.get_metadata_dict().get("Title") or "")).strip()
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(f"a PDF with a page that cannot be read ({error})") from None
    finally:
        document.close()
    cleaned = plain.clean("\f".join(pages), kind="pdf")
    return replace(cleaned, title=title) if plain.WORD.search(title) else cleaned


def _page_text(page: Any) -> str:
    """The text of a page, with ``^`` before the raised digits after a 10."""
    shown = page.get_textpage()
    text: str = shown.get_text_range()
    count = shown.count_chars()
    pieces: list[str] = []
    done = 0
    for match in TEN.finditer(text):
        # pdfium counts UTF-16 units
        at = match.end() + sum(char > "\uffff" for char in text[: match.end()])
        if at >= count:
            break
        _, base, _, top = shown.get_charbox(at - 1)
        _, bottom, _, _ = shown.get_charbox(at)
        if bottom - base > RAISED * (top - base) > 0:
            pieces += [text[done : match.end()], "^"]
            done = match.end()
    return "".join([*pieces, text[done:]])


def _refuse_bomb(data: bytes) -> None:
    """Unpack the compressed parts of a PDF one after the other, keeping nothing, and count.

    Raises:
        UnreadableError: they are too large.
    """
    if TWICE_PACKED.search(data):
        raise UnreadableError("a PDF with parts that are packed twice")
    left = MAX_PDF_UNPACKED
    view = memoryview(data)
    for match in STREAM.finditer(data):
        unpacker = zlib.decompressobj()
        at = match.end()
        packed: bytes | memoryview = view[at : at + PIECE_IN]
        while packed and not unpacker.eof:
            try:
                unpacked = unpacker.decompress(packed, PIECE_OUT)
            except zlib.error:
                break  # not packed, or not so
            left -= len(unpacked) + len(packed) - len(unpacker.unconsumed_tail)
            if left < 0:
                raise UnreadableError(f"a PDF that unpacks to more than {MAX_PDF_UNPACKED // 1_000_000} MB")
            packed = unpacker.unconsumed_tail
            if not packed:
                at += PIECE_IN
                packed = view[at : at + PIECE_IN]
