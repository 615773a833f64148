"""The archive as the storage of Scrapy's HTTP cache."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings

from flopcrawl.archive.fingerprint import asked_url, page_key
from flopcrawl.archive.store import Archive, Copy
from flopcrawl.clock import now

logger = logging.getLogger(__name__)

NOT_KEPT = {b"set-cookie", b"content-encoding", b"content-length", b"transfer-encoding", b"connection", b"keep-alive"}
"""Response headers that speak of the transfer, or that hold a session: of no use later, or secret."""

COPY_KEY = "flopcrawl_copy"
"""Request meta: the copy under which the answer was kept."""


def archive_path(settings: BaseSettings) -> Path:
    """The archive's file, absolute."""
    return Path(settings["FLOPCRAWL_ARCHIVE"]).absolute()


def archive_of(crawler: Crawler) -> Archive | None:
    """The archive of a running crawl; None in a replay, and where the archive is off."""
    if crawler.settings.get("FLOPCRAWL_REPLAY") or not crawler.settings.getbool("HTTPCACHE_ENABLED"):
        return None
    return Archive.opened(archive_path(crawler.settings))


def as_response(archive: Archive, copy: Copy) -> Response:
    """A kept copy as the response that it was."""
    headers = Headers(copy.headers)
    body = archive.body(copy)
    cls = responsetypes.from_args(headers=headers, url=copy.final_url, body=body)
    return cls(url=copy.final_url, status=copy.status, headers=headers, body=body)


class ArchiveStorage:
    """What Scrapy's cache calls. Only good copies are given back: an unusable one is never revalidated."""

    def __init__(self, settings: BaseSettings) -> None:
        self.path = archive_path(settings)
        self._archive: Archive | None = None

    @property
    def archive(self) -> Archive:
        """The open archive (between :meth:`open_spider` and :meth:`close_spider`)."""
        assert self._archive is not None
        return self._archive

    def open_spider(self, spider: Spider) -> None:
        """Open the archive, or share the one that another spider of this process has open."""
        self._archive = Archive.shared(self.path)

    def close_spider(self, spider: Spider) -> None:
        """Give the archive back."""
        self.archive.release()
        self._archive = None

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:
        """Return the newest good copy of the page, or None. Its copy is put into ``request.meta``."""
        copy = self.archive.newest_good([page_key(spider.name, request)])
        if copy is None:
            return None
        request.meta[COPY_KEY] = copy
        return as_response(self.archive, copy)

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        """Keep an answer, not yet as a good one. A disk that takes no more is reported, and the crawl goes on."""
        headers = {
            name.decode("latin-1"): [value.decode("latin-1") for value in response.headers.getlist(name)]
            for name in response.headers
            if name.lower() not in NOT_KEPT
        }
        try:
            request.meta[COPY_KEY] = self.archive.keep(
                page_key=page_key(spider.name, request), source=spider.name, url=asked_url(request),
                final_url=response.url, status=response.status, headers=headers, body=response.body, at=now(),
            )  # fmt: skip
        except sqlite3.OperationalError as error:
            request.meta.pop(COPY_KEY, None)
            spider.crawler.stats.inc_value("flopcrawl/archive/not_kept")
            logger.error(
                "%s: the page %s could not be kept (%s). Free space on the disk of %s, or make it writable, and run "
                "`scrapy crawl %s` again.", spider.name, response.url, error, self.path, spider.name,
            )  # fmt: skip
