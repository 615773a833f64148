"""A source's bounds that Scrapy does not have: bytes. (Time and pages are Scrapy's CLOSESPIDER settings.)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

REASON = "flopcrawl_max_bytes"


class ByteLimit:
    """Ends a crawl that has received more than ``FLOPCRAWL_MAX_BYTES``. What it has read is stored."""

    def __init__(self, crawler: Crawler, most: int) -> None:
        self.crawler = crawler
        self.most = most
        self.received = 0
        self.ending: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ByteLimit:
        """Made by Scrapy; off where the setting is 0, and in a replay."""
        most = crawler.settings.getint("FLOPCRAWL_MAX_BYTES")
        if not most or crawler.settings["FLOPCRAWL_REPLAY"]:
            raise NotConfigured
        extension = cls(crawler, most)
        crawler.signals.connect(extension.response_downloaded, signal=signals.response_downloaded)
        return extension

    def response_downloaded(self, response: Response) -> None:
        """Count a body, and end the crawl at the limit."""
        before, self.received = self.received, self.received + len(response.body)
        if before < self.most <= self.received and self.crawler.engine:
            # a signal's receiver cannot wait; the crawl ends when what is under way has come
            self.ending = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=REASON))
