"""When a kept page may be used without asking, and which answers are kept."""

from __future__ import annotations

from datetime import datetime

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from flopcrawl import clock
from flopcrawl.archive.storage import COPY_KEY

KEPT_STATUSES = frozenset({200, 203})
"""Answers that can be a page. An error page is not one, whatever its caching headers say."""


class ArchivePolicy:
    """Ask every time, and let the server say that nothing changed (ETag, Last-Modified).

    An archive is no cache: ``Cache-Control`` neither lets a page go unchecked for a year nor keeps it from being kept.
    Only ``request.meta["fresh_for"]`` (seconds) saves a request. Scrapy's own policy would serve a copy for the first
    5xx, before any retry, and overwrite a good page with a 404 that carries ``max-age``.
    """

    def __init__(self, settings: BaseSettings) -> None:
        self.settings = settings

    def should_cache_request(self, request: Request) -> bool:
        """Whole pages over HTTP; never robots.txt, which must be today's."""
        url = urlparse_cached(request)
        whole = request.method == "GET" and b"Range" not in request.headers
        return whole and url.scheme in {"http", "https"} and url.path != "/robots.txt"

    def should_cache_response(self, response: Response, request: Request) -> bool:
        """Whether the answer is a page."""
        return response.status in KEPT_STATUSES

    def is_cached_response_fresh(self, cached: Response, request: Request) -> bool:
        """Whether the copy is used unasked; if not, the request is made conditional on it."""
        fresh_for = request.meta.get("fresh_for")
        if fresh_for is not None:
            checked = datetime.fromisoformat(request.meta[COPY_KEY].checked_at)
            if 0 <= (clock.present() - checked).total_seconds() < float(fresh_for):
                return True
        for validator, condition in ((b"ETag", b"If-None-Match"), (b"Last-Modified", b"If-Modified-Since")):
            if validator in cached.headers:
                request.headers[condition] = cached.headers[validator]
        return False

    def is_cached_response_valid(self, cached: Response, response: Response, request: Request) -> bool:
        """Only the server can say that the copy still holds. What failed is for the retries, then the fallbacks."""
        return response.status == 304
