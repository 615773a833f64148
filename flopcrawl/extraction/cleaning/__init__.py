"""Cleaning: any page in, a :class:`~flopcrawl.extraction.document.Document` out. One module per kind of page."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

from flopcrawl.extraction.cleaning import feeds, html, markdown, pdf, plain, structured
from flopcrawl.extraction.cleaning.limits import MAX_BYTES
from flopcrawl.extraction.cleaning.typography import mended
from flopcrawl.extraction.document import Document, UnreadableError

KINDS = ("html", "md", "txt", "pdf", "json", "atom")

SUFFIXES = {
    "html": "html", "htm": "html", "xhtml": "html", "md": "md", "mdx": "md", "markdown": "md", "txt": "txt",
    "pdf": "pdf", "json": "json", "xml": "atom", "atom": "atom", "rss": "atom",
}  # fmt: skip
"""File name suffix to kind of page."""

BINARY = {
    b"PK\x03\x04": "a zip archive (or an office document)", b"\x1f\x8b": "a gzip archive", b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"\x7fELF": "a program", b"SQLite format 3": "a database",
    b"\x28\xb5\x2f\xfd": "a zstandard archive", b"BZh": "a bzip2 archive", b"\xfd7zXZ": "an xz archive",
}  # fmt: skip
"""What a file that begins so is. Archives are never opened, so that none can blow up."""

SNIFFED = 2_000
"""Characters (or bytes) of a page from which its kind or encoding is guessed."""

CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
MAX_NOT_TEXT = 0.05
"""A text with a larger share of control characters is no text."""

JUDGED = 100_000
"""Characters or bytes by which text is told from what is none, and one encoding from another."""


def clean(data: bytes | str, *, kind: str = "", name: str = "", url: str = "") -> Document:
    """Clean a page. ``kind`` is one of :data:`KINDS`; where it is empty, name, address and content tell.

    Raises:
        UnreadableError: the page is too large, binary, encrypted or broken beyond reading.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"larger than {MAX_BYTES // 1_000_000} MB")
    kind = kind or guess_kind(data, name or url)
    if kind not in KINDS:
        raise UnreadableError(f"{kind!r} is no kind of page; there are {', '.join(KINDS)}")
    if kind == "pdf":
        if isinstance(data, str):
            raise UnreadableError("a PDF is bytes, not text")
        return pdf.clean(data)
    text = mended(data if isinstance(data, str) else decode(data))
    match kind:
        case "html":
            return html.clean(text)
        case "md":
            return markdown.clean(text)
        case "json":
            return structured.clean(text)
        case "atom":
            return feeds.clean(text)
    return plain.clean(text)


def guess_kind(data: bytes | str, name: str) -> str:
    """The kind of a page from what it begins with, else from its name, else from what it looks like."""
    if isinstance(data, bytes) and data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    head = data[:SNIFFED] if isinstance(data, str) else data[:SNIFFED].decode("utf-8", "replace")
    head = head.lstrip("\ufeff \t\r\n").lower()
    suffix = SUFFIXES.get(name.split("?")[0].rsplit("/", 1)[-1].rsplit(".", 1)[-1].lower(), "")
    if suffix:
        # a saved page is often called .txt
        return "html" if suffix == "txt" and head.startswith(("<!doctype html", "<html")) else suffix
    if head.startswith(("{", "[")):
        return "json"
    if re.match(r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:rdf)\b", head, re.DOTALL):
        return "atom"
    if re.search(r"<(?:!doctype html|html|head|body|div|p|table|article|h[1-6])\b", head):
        return "html"
    if re.search(r"^(?:---$|#{1,6} |[-*] |\|.*\|$|```)", head, re.MULTILINE):
        return "md"
    return "txt"


def decode(data: bytes) -> str:
    """The text of a page: by its mark, its own word, UTF-8, else by what fits best.

    Raises:
        UnreadableError: the bytes are no text.
    """
    for start, what in BINARY.items():
        if data.startswith(start):
            raise UnreadableError(f"{what}, not a page")
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _checked(data.decode(encoding, "replace"))
    try:
        return _checked(data.decode(_wide(data) or "utf-8"))
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    if len(data) - len(text) > 4 * wrong:
        return _checked(text)  # UTF-8 with some broken bytes: most of what is beyond ASCII is right
    stated = CHARSET.search(data[:SNIFFED])
    if stated:
        try:
            return _checked(data.decode(stated[1].decode("ascii")))
        except (LookupError, UnicodeDecodeError):
            pass  # the page is wrong about itself
    best = from_bytes(data[:JUDGED]).best()
    return _checked(data.decode(best.encoding if best else "utf-8", "replace"))


def _wide(data: bytes) -> str:
    """UTF-16 without its mark, told by the zeros in every other byte; "" for anything else."""
    head = data[:SNIFFED]
    for first, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        if head[first::2].count(0) > len(head) * 0.4 and head[1 - first :: 2].count(0) == 0:
            return encoding
    return ""


def _checked(text: str) -> str:
    """``text``, if it is one: a binary file decodes to control characters.

    Raises:
        UnreadableError: it is not.
    """
    sample = text[:JUDGED]
    if len(NOT_TEXT.findall(sample)) > MAX_NOT_TEXT * len(sample) + 1:
        raise UnreadableError("binary, not a page")
    return text
