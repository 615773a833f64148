"""Retries that wait as long as the server asks, for the whole host, within bounds."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Headers, Response
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.response import response_status_message

from flopcrawl.archive.quality import defect, wall

logger = logging.getLogger(__name__)

RATE_LIMIT = re.compile(r";\s*r=(\d+)\s*;\s*t=(\d+)")
"""The hub's ``RateLimit: "api";r=<requests left>;t=<seconds until the window ends>``."""

LIMITED = frozenset({403, 429, 503})
"""Statuses with which servers say "later". A 403 does so only beside ``X-RateLimit-Remaining: 0`` (GitHub)."""


def asked_wait(headers: Headers, status: int, clock: Callable[[], float] = time.time) -> float | None:
    """Return for how many seconds the server asks to be left alone, or None where it does not.

    Read are ``Retry-After`` (seconds or a date, on 429 and 503), ``RateLimit`` with no request left (on any answer),
    and ``X-RateLimit-Remaining: 0`` with ``X-RateLimit-Reset`` (seconds since 1970).
    """
    waits: list[float] = []
    if status in LIMITED and (wait := _retry_after(_text(headers, "Retry-After"), clock)) is not None:
        waits.append(wait)
    if (window := RATE_LIMIT.search(_text(headers, "RateLimit"))) and window[1] == "0":
        waits.append(float(window[2]) + 1.0)  # the window ends within that second
    reset = _text(headers, "X-RateLimit-Reset")
    if _text(headers, "X-RateLimit-Remaining") == "0" and reset.isdecimal():
        waits.append(float(reset) - clock())
    return max(0.0, *waits) if waits else None


def _text(headers: Headers, name: str) -> str:
    """A header's value, stripped; empty where there is none."""
    return (headers.get(name) or b"").decode("latin-1").strip()


def _retry_after(value: str, clock: Callable[[], float]) -> float | None:
    """``Retry-After`` in seconds from now; None where it is neither a number nor a date."""
    if re.fullmatch(r"\d+(?:\.\d+)?", value):
        return float(value)
    try:
        return parsedate_to_datetime(value).timestamp() - clock()
    except (TypeError, ValueError):
        return None


class PatientRetryMiddleware(RetryMiddleware):
    """Scrapy's retries with three additions.

    * A host that asks for time gets it, from all requests, not only from the one that was refused. One that asks for
      more than ``RETRY_AFTER_MAX`` seconds is not waited for: the fallbacks are next.
    * Without such a request the wait doubles from ``RETRY_BACKOFF`` seconds with every retry.
    * An answer that says 200 and was cut off or is of another type (``request.meta["expect"]``) is retried as well. A
      captcha is not: asking again does not help.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.longest_wait = settings.getfloat("RETRY_AFTER_MAX", 300.0)
        self.backoff = settings.getfloat("RETRY_BACKOFF", 2.0)
        self.resume_at: dict[str, float] = {}
        self.sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep
        self.monotonic: Callable[[], float] = time.monotonic

    async def process_request(self, request: Request) -> None:
        """Hold the request back while its host asks for time, and until a retry's own wait is over."""
        host = urlparse_cached(request).netloc
        wait = max(request.meta.pop("retry_wait", 0.0), self.resume_at.get(host, 0.0) - self.monotonic())
        if wait > 0:
            await self.sleep(wait)

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Retry what may get better, after the wait that the server asks for."""
        if "stale" in response.flags:
            return response
        wait = self._heed(request, response)
        if request.meta.get("dont_retry") or wait > self.longest_wait:
            return response
        if response.status in self.retry_http_codes or (response.status in LIMITED and wait > 0):
            reason = response_status_message(response.status)
        elif (reason := defect(response, request.meta.get("expect", ""))) and not wall(response):
            self.crawler.stats.inc_value("flopcrawl/archive/unusable")
        else:
            return response
        return self._retry(request, reason) or response

    def _heed(self, request: Request, response: Response) -> float:
        """Note for how long the host wants to be left alone; return that, in seconds."""
        wait = asked_wait(response.headers, response.status)
        if wait is None:
            return 0.0
        host = urlparse_cached(request).netloc
        if wait > self.longest_wait:
            logger.warning(
                "%s asks for %.0f s without requests, more than RETRY_AFTER_MAX (%.0f s): %s is not retried.",
                host, wait, self.longest_wait, request.url,
            )  # fmt: skip
            return wait
        self.resume_at[host] = max(self.resume_at.get(host, 0.0), self.monotonic() + wait)
        self.crawler.stats.inc_value("flopcrawl/archive/waits")
        return wait

    def _retry(self, request: Request, reason: str | Exception | type[Exception]) -> Request | None:
        """Return Scrapy's retry with its wait, or None where the retries are used up."""
        retry = super()._retry(request, reason)
        if retry is not None and self.backoff > 0:
            retry.meta["retry_wait"] = min(self.backoff * 2 ** (retry.meta["retry_times"] - 1), self.longest_wait)
        return retry
