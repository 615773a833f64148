"""What happens when an address has failed: its fallbacks in order, then the newest good copy, then an error.

Stands above Retry (order 545 against 550), so that an address has had all its retries, with their waits, before
anything else is tried. robots.txt has neither fallbacks nor copies.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from flopcrawl.archive.fingerprint import asked_url, page_key
from flopcrawl.archive.provenance import META_KEY, Provenance, record
from flopcrawl.archive.quality import defect
from flopcrawl.archive.storage import archive_of, as_response
from flopcrawl.archive.store import ArchiveError
from flopcrawl.vocabulary import SourceState

logger = logging.getLogger(__name__)

DOWNLOAD_FAILURES = (
    CannotResolveHostError, DownloadCancelledError, DownloadConnectionRefusedError, DownloadFailedError,
    DownloadTimeoutError, ResponseDataLossError, UnsupportedURLSchemeError, ConnectionDone, ConnectError,
    ConnectionLost, OSError, IgnoreRequest,
)  # fmt: skip
"""Every way in which an address can fail without an answer; refused by robots.txt (IgnoreRequest) is one."""

TRANSIENT_META = (
    "retry_times", "retry_wait", "redirect_times", "redirect_ttl", "redirect_urls", "redirect_reasons",
    "download_slot", "download_latency", "download_timeout", "cached_response", "unusable", META_KEY,
)  # fmt: skip
"""What an address leaves in ``request.meta`` that must not follow to the next address."""

ABSENT = frozenset({"HTTP 401", "HTTP 404", "HTTP 410"})
"""How a server says that it has no such page; the model hub answers 401 for what a stranger may not even know of."""

REASONS = "flopcrawl/archive/reasons"
"""The stat with why addresses failed, and how often each: a Counter."""

LONGEST_REASON = 160

PRIVATE_HEADERS = ("Authorization", "Cookie", "If-None-Match", "If-Modified-Since")
"""Headers meant for one server only."""


class UnusablePageError(IgnoreRequest):
    """An answer came, but it is not the page, and neither a fallback nor a good copy is left."""


def unusable(response: Response, reason: str) -> Request:
    """Return the request to yield when a spider cannot use ``response``: it brings the next best answer.

    That is a fallback's, else the newest good copy, given to the same callback; where there is none, the errback gets
    an :class:`UnusablePageError`. ``reason`` is for people ("0 of at least 300 rows"). A copy that is itself
    unusable ends there, so a callback may call this whenever it is not satisfied.
    """
    request = response.request
    assert request is not None
    return request.replace(dont_filter=True, meta={**request.meta, "unusable": reason})


class FallbackMiddleware:
    """See the module. ``request.meta``: ``fallbacks`` in; ``fallback_for`` and ``tried`` while it is at work."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> Request | Response | None:
        """Go on to the next best answer at once where the spider could not use the last one."""
        reason = request.meta.pop("unusable", None)
        if reason is None:
            return None
        self._count("unusable")
        state = _state(request)
        if state is not None:
            self._count(state, -1)  # it was counted as a page when it came
        answer = None if state is SourceState.STALE else self._next(request, reason)
        if answer is None:
            self._give_up(request, reason)
            raise UnusablePageError(f"{asked_url(request)}: {reason}; no fallback and no good copy is left")
        return answer

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Let a page pass; look further for anything else."""
        if "stale" in response.flags:
            return response
        if response.status in request.meta.get("handle_httpstatus_list", ()) or not _has_alternatives(request):
            return response
        if response.status >= 400:
            reason = f"HTTP {response.status}"
        elif not (reason := defect(response, request.meta.get("expect", ""))):
            self._count((_state(request) or SourceState.LIVE).value)
            return response
        else:
            self._count("unusable")
        if answer := self._next(request, reason):
            return answer
        self._give_up(request, reason)
        if response.status < 400:
            raise UnusablePageError(f"{asked_url(request)}: {reason}; no fallback and no good copy is left")
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:
        """Look further when no answer came."""
        if isinstance(exception, UnusablePageError):
            return None  # our own last word
        if not isinstance(exception, DOWNLOAD_FAILURES) or not _has_alternatives(request):
            return None
        reason = str(exception) or type(exception).__name__
        answer = self._next(request, reason)
        if answer is None:
            self._give_up(request, reason)
        return answer

    def _next(self, request: Request, reason: str) -> Request | Response | None:
        """Return the request to the next fallback, else the newest good copy, else None. ``reason`` is for people."""
        failed = asked_url(request)
        tried = [*request.meta.get("tried", ()), failed]
        fallbacks = [url for url in request.meta.get("fallbacks", ()) if url not in tried]
        if not self._is_expected(request, reason):
            why: Counter[str] = self.crawler.stats.get_value(REASONS) or Counter()
            self.crawler.stats.set_value(REASONS, why + Counter([reason[:LONGEST_REASON]]))
        if fallbacks:
            logger.info("%s failed (%s); next is %s", failed, reason, fallbacks[0])
            return _request_to(request, fallbacks[0], fallbacks[1:], tried, reason)
        return self._newest_good_copy(request, tried, reason)

    def _newest_good_copy(self, request: Request, tried: list[str], reason: str) -> Response | None:
        """Return the copy that stands in, marked as such, or None."""
        archive = archive_of(self.crawler)
        if archive is None or self.crawler.spider is None:
            return None
        plain = request.replace(meta={k: v for k, v in request.meta.items() if k == "playwright"})
        copy = archive.newest_good([page_key(self.crawler.spider.name, plain.replace(url=url)) for url in tried])
        if copy is None:
            return None
        try:
            response = as_response(archive, copy)
        except ArchiveError as error:
            logger.error("%s", error)
            return None
        archive.mark_standing_in(copy.copy_id)
        record(
            request,
            Provenance(
                SourceState.STALE, copy.checked_at, copy.sha256, copy.etag, url=copy.url, copy_id=copy.copy_id,
                reason=reason,
            ),
        )  # fmt: skip
        response.flags.append("stale")
        self._count(SourceState.STALE)
        logger.warning(
            "%s: %s failed (%s); the good copy of %s stands in. It is used until the source answers again.",
            self.crawler.spider.name, ", ".join(tried), reason, copy.checked_at,
        )  # fmt: skip
        return response

    def _give_up(self, request: Request, reason: str) -> None:
        """Count and report an address for which nothing is left."""
        if self._is_expected(request, reason):
            self._count(SourceState.ABSENT)
            return
        replay = self.crawler.settings.get("FLOPCRAWL_REPLAY")
        self._count(SourceState.FAILED)
        name = self.crawler.spider.name if self.crawler.spider else "?"
        tried = [*request.meta.get("tried", ()), asked_url(request)]
        logger.log(
            logging.WARNING if replay else logging.ERROR,
            "%s: nothing answers for %s (%s; tried: %s; no good copy). %s",
            name, tried[0], reason, ", ".join(tried),
            "Add it to the replay's index." if replay else
            "Open the address in a browser: if it moved, change it in flopcrawl/spiders/; if it is only down, the next "
            "run tries again.",
        )  # fmt: skip

    def _is_expected(self, request: Request, reason: str) -> bool:
        """Is a failure no more than a page that need not exist?"""
        replay = self.crawler.settings.get("FLOPCRAWL_REPLAY")
        return bool(request.meta.get("optional")) and bool(replay or reason in ABSENT)

    def _count(self, what: str, number: int = 1) -> None:
        """Count in the stats, where the run log and the monitors read it."""
        self.crawler.stats.inc_value(f"flopcrawl/archive/{what}", number)


def _state(request: Request) -> SourceState | None:
    """The state of the answer as far as it is known."""
    found = request.meta.get(META_KEY)
    return found.state if isinstance(found, Provenance) else None


def _has_alternatives(request: Request) -> bool:
    """Whether the request is for a page, not for robots.txt or part of one."""
    return request.method == "GET" and urlparse_cached(request).path != "/robots.txt"


def _request_to(request: Request, url: str, rest: list[str], tried: list[str], reason: str) -> Request:
    """The same request to a fallback, without what belongs to the address that failed."""
    meta: dict[str, Any] = {k: v for k, v in request.meta.items() if k not in TRANSIENT_META}
    meta |= {"fallbacks": rest, "tried": tried, "fallback_for": tried[0], "fallback_reason": reason}
    # a fallback has its own shape, which the callback checks; the type that was expected is the primary's
    meta.pop("expect", None)
    headers = request.headers.copy()
    for name in PRIVATE_HEADERS:
        headers.pop(name, None)
    return request.replace(url=url, headers=headers, meta=meta, dont_filter=True)
