"""A host that keeps failing is left alone for a while, so that a dead source costs seconds and not an hour."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

logger = logging.getLogger(__name__)


class CircuitOpenError(IgnoreRequest):
    """The host has failed too often in a row; it is not asked now."""


class CircuitBreakerMiddleware:
    """Counts failures in a row by host, each after its own retries.

    After ``FLOPCRAWL_BREAKER_FAILURES`` of them the host gets no request for ``FLOPCRAWL_BREAKER_SECONDS``; the
    requests go to their fallbacks and copies at once. Then one request is let through: if it succeeds, all is well.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.limit = crawler.settings.getint("FLOPCRAWL_BREAKER_FAILURES", 5)
        self.pause = crawler.settings.getfloat("FLOPCRAWL_BREAKER_SECONDS", 300.0)
        self.failures: dict[str, int] = {}
        self.closed_until: dict[str, float] = {}
        self.monotonic: Callable[[], float] = time.monotonic

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy; off where ``FLOPCRAWL_BREAKER_FAILURES`` is 0, and in a replay."""
        if crawler.settings.get("FLOPCRAWL_REPLAY") or not crawler.settings.getint("FLOPCRAWL_BREAKER_FAILURES", 5):
            raise NotConfigured
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse a request to a host that is left alone.

        Raises:
            CircuitOpenError: it is.
        """
        host = urlparse_cached(request).netloc
        if self.monotonic() < self.closed_until.get(host, 0.0):
            self.crawler.stats.inc_value("flopcrawl/archive/breaker_refused")
            raise CircuitOpenError(f"{host} failed {self.failures[host]} times in a row and is left alone for now")

    def process_response(self, request: Request, response: Response) -> Response:
        """Count a server's failure; any other answer shows that the host is there."""
        host = urlparse_cached(request).netloc
        if response.status >= 500 or response.status == 429:
            self._failed(host)
        else:
            self.failures.pop(host, None)
            self.closed_until.pop(host, None)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count a connection that failed; a request that was never sent is not one."""
        if not isinstance(exception, IgnoreRequest):
            self._failed(urlparse_cached(request).netloc)

    def _failed(self, host: str) -> None:
        """One more failure in a row; at the limit, and at every one after it, the pause begins."""
        self.failures[host] = self.failures.get(host, 0) + 1
        if self.failures[host] >= self.limit:
            self.closed_until[host] = self.monotonic() + self.pause
            self.crawler.stats.inc_value("flopcrawl/archive/breaker_opened")
            logger.warning(
                "%s failed %d times in a row; it gets no request for %.0f s. Fallbacks and good copies stand in.",
                host, self.failures[host], self.pause,
            )  # fmt: skip
