"""Answers that say 200 and are not the page: another type than asked for, cut off, or a wall that asks for a human."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from scrapy.http import Response

WALL_TITLE = re.compile(
    rb"<title[^>]*>[^<]{0,80}?(?:just a moment|attention required|access denied|are you (?:a )?(?:human|robot)|"
    rb"robot check|security check|verif(?:y|ying) (?:that )?you are human|checking your browser|captcha|"
    rb"pardon our interruption|unusual traffic)",
    re.IGNORECASE,
)
WALL_MARKUP = re.compile(
    rb"challenge-platform|cf-chl-|id=[\"'](?:challenge-form|px-captcha|captcha-container)|geo\.captcha-delivery\.com|"
    rb"_incapsula_resource",
    re.IGNORECASE,
)
WALL_WORDS = re.compile(
    rb"captcha|unusual traffic|are you human|not a robot|enable javascript and cookies to continue", re.IGNORECASE
)
MARKUP = re.compile(rb"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)

LONGEST_WALL_BYTES = 200_000
"""A challenge page is a shell; a longer page is an article, which may speak of captchas."""

LONGEST_WALL_WORDS = 150
"""Words that a challenge page shows at most. A page with more has a content of its own."""


def wall(response: Response) -> str:
    """Return why ``response`` is a page that asks for a human (a captcha or a challenge), or an empty string."""
    if response.headers.get(b"cf-mitigated") == b"challenge":
        return "a challenge page (cf-mitigated)"
    body = response.body
    if len(body) > LONGEST_WALL_BYTES or not _is_html(body):
        return ""
    words = MARKUP.sub(b" ", body).split()
    if len(words) > LONGEST_WALL_WORDS:
        return ""
    if WALL_TITLE.search(body) or WALL_MARKUP.search(body) or WALL_WORDS.search(b" ".join(words)):
        return "a page that asks for a human (captcha)"
    return ""


def _is_html(body: bytes) -> bool:
    """Whether a body starts as an HTML page does."""
    return (
        re.match(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", body, re.I | re.S)
        is not None
    )


def _json(body: bytes) -> str:
    try:
        json.loads(body)
    except ValueError as error:
        return f"no whole JSON ({error})"
    return ""


def _html(body: bytes) -> str:
    return "" if b"<" in body else "no HTML"


def _xml(body: bytes) -> str:
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "no XML"
    # the last tag of a document is that of its root; a document that was cut off ends in the middle
    return "" if body.rstrip().endswith(b">") else "XML that was cut off"


def _text(body: bytes) -> str:
    return "not text" if b"\0" in body[:4096] else ""


def _parquet(body: bytes) -> str:
    return "" if len(body) > 8 and body[:4] == body[-4:] == b"PAR1" else "no whole parquet file"


def _pdf(body: bytes) -> str:
    return "" if b"%PDF-" in body[:1024] and b"%%EOF" in body[-2048:] else "no whole PDF"


CHECKS: Final[dict[str, Callable[[bytes], str]]] = {
    "json": _json, "html": _html, "xml": _xml, "text": _text, "csv": _text, "parquet": _parquet, "pdf": _pdf,
}  # fmt: skip
"""What ``request.meta["expect"]`` can be."""


def defect(response: Response, expected: str = "") -> str:
    """Return why ``response`` cannot be the page that was asked for, or an empty string.

    ``expected`` is a key of :data:`CHECKS`, or empty for "anything but a captcha".
    """
    if response.status != 200:
        return ""
    if found := wall(response):
        return found
    if not expected:
        return ""
    if not response.body.strip():
        return "an empty body"
    if expected not in {"html", "xml"} and _is_html(response.body):
        content_type = (response.headers.get(b"Content-Type") or b"").decode("latin-1") or "no content type"
        return f"an HTML page ({content_type}) where {expected} was expected"
    return CHECKS[expected](response.body)
