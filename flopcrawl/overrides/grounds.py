"""What a hand-made value may rest on: a page that can be opened, and never the reference that the list is judged by."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

REFERENCE = re.compile(r"\bEpoch(?:'s)?\b(?!\s*\d)|\b(?i:epoch\s?ai|epoch\.ai)\b")
"""The reference's name in a sentence, and its hosts. An epoch of training is written small, or with a number."""


def cites_reference(text: str) -> bool:
    """Whether a reason or an address names the reference."""
    return bool(REFERENCE.search(text))


def is_address(url: str) -> bool:
    """Is this the address of a public web page?"""
    if any(char.isspace() for char in url):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and "." in host.strip(".")
        and parts.username is None
        and parts.password is None
    )
