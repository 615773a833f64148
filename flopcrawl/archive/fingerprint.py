"""What makes two requests the same page. A page that a browser rendered is not the page that the server sent."""

from __future__ import annotations

import hashlib

from scrapy import Request
from scrapy.utils.request import RequestFingerprinter


class Fingerprinter(RequestFingerprinter):
    """Scrapy's fingerprint (method, canonical URL, body), and whether a browser renders the page."""

    def fingerprint(self, request: Request) -> bytes:
        """Return the fingerprint, 20 bytes."""
        plain = super().fingerprint(request)
        return hashlib.sha1(plain + b"rendered", usedforsecurity=False).digest() if is_rendered(request) else plain


def is_rendered(request: Request) -> bool:
    """Whether a browser renders this page (scrapy-playwright)."""
    return bool(request.meta.get("playwright"))


def asked_url(request: Request) -> str:
    """The address that was asked for first: what a redirect leads to may be another address every time."""
    redirects = request.meta.get("redirect_urls")
    return str(redirects[0]) if redirects else request.url


def page_key(source: str, request: Request) -> str:
    """The archive's key of the page: one per source, because what is good for one may not be enough for another."""
    asked = asked_url(request)
    if asked != request.url:
        request = request.replace(url=asked)
    return f"{source}:{Fingerprinter().fingerprint(request).hex()}"
