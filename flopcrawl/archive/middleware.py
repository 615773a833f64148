"""Scrapy's HTTP cache as the archive's front: keeps, revalidates, records; never serves a copy for a failure."""

from __future__ import annotations

import hashlib

from scrapy import Request
from scrapy.downloadermiddlewares.httpcache import HttpCacheMiddleware
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.statscollectors import StatsCollector

from flopcrawl.archive.fingerprint import asked_url
from flopcrawl.archive.policy import KEPT_STATUSES
from flopcrawl.archive.provenance import META_KEY, Provenance, record
from flopcrawl.archive.storage import COPY_KEY
from flopcrawl.archive.store import Copy
from flopcrawl.clock import now
from flopcrawl.vocabulary import SourceState


class ArchiveMiddleware(HttpCacheMiddleware):
    """Stands above HttpCompression and Redirect, so that bodies are kept decoded and under the address asked for."""

    def __init__(self, settings: Settings, stats: StatsCollector) -> None:
        """A replay neither reads nor fills the archive.

        Raises:
            NotConfigured: this is one, or the cache is off.
        """
        if settings.get("FLOPCRAWL_REPLAY"):
            raise NotConfigured
        super().__init__(settings, stats)

    def process_request(self, request: Request) -> Request | Response | None:  # type: ignore[override]
        """Make the request conditional on the newest good copy; answer it where that copy is fresh enough."""
        for key in (META_KEY, COPY_KEY):
            request.meta.pop(key, None)
        for condition in (b"If-None-Match", b"If-Modified-Since"):
            # left by the request that this one retries or was redirected from
            request.headers.pop(condition, None)
        return super().process_request(request)

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Keep what came, and record where it came from."""
        if "stale" in response.flags:
            # put in by FallbackMiddleware: keeping it would make it look confirmed
            return response
        unchanged = response.status == 304
        answer = super().process_response(request, response)
        copy = request.meta.pop(COPY_KEY, None)
        if isinstance(answer, Response) and answer.status in KEPT_STATUSES and not request.meta.get("dont_cache"):
            if unchanged:
                self.stats.inc_value("flopcrawl/archive/revalidated")
            kept = copy if isinstance(copy, Copy) else None
            record(
                request,
                Provenance(
                    state=SourceState.FALLBACK if "fallback_for" in request.meta else SourceState.LIVE,
                    fetched_at=kept.checked_at if kept else now(),
                    sha256=kept.sha256 if kept else hashlib.sha256(answer.body).hexdigest(),
                    etag=(answer.headers.get(b"ETag") or b"").decode("latin-1"),
                    revalidated=unchanged,
                    url=asked_url(request),
                    copy_id=kept.copy_id if kept else None,
                    reason=str(request.meta.get("fallback_reason", "")),
                ),
            )
        return answer

    def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:  # type: ignore[override]
        """A failed connection is for the retries, then the fallbacks (Scrapy's cache would serve the copy at once)."""
        for key in ("cached_response", COPY_KEY):
            request.meta.pop(key, None)
        return None
