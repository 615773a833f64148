"""Manners towards a host, whoever asks: one request after the other, none sooner than the host's delay.

Scrapy's own delays hold within one spider. The spiders of a refresh run side by side in one process, and several of
them ask the same host (the model hub, the raw files of a code host): here each host has one pace for all of them.
The delay is the spider's ``DOWNLOAD_DELAY`` (or that of ``DOWNLOAD_SLOTS`` for the host), or the ``Crawl-delay`` of
the host's robots.txt where that is longer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import signals
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

LONGEST_CRAWL_DELAY = 60.0
"""Seconds; a host that asks for more between two requests is asked as rarely as this."""


class PaceMiddleware:
    """Holds a request back until its host's turn. Next to the downloader: what needs no request does not wait."""

    free_at: ClassVar[dict[str, float]] = {}
    """When each host may be asked again, for all spiders of the process (monotonic seconds)."""

    asked: ClassVar[dict[str, float]] = {}
    """The delays that hosts ask for in their robots.txt, in seconds."""

    def __init__(self, crawler: Crawler) -> None:
        self.user_agent = crawler.settings["USER_AGENT"]
        self.delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self.slots: dict[str, Any] = crawler.settings.getdict("DOWNLOAD_SLOTS")
        self.sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep
        self.monotonic: Callable[[], float] = time.monotonic

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.robots_parsed, signal=signals.robots_parsed)
        return middleware

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Note how long a host wants between two requests."""
        wanted = robotparser.crawl_delay(self.user_agent)
        if wanted:
            self.asked[urlparse_cached(request).netloc] = min(float(wanted), LONGEST_CRAWL_DELAY)

    def delay_of(self, host: str) -> float:
        """Seconds between two requests to a host."""
        own = float(self.slots.get(host.partition(":")[0], {}).get("delay", self.delay))
        return max(own, self.asked.get(host, 0.0))

    async def process_request(self, request: Request) -> None:
        """Wait for the host's turn."""
        host = urlparse_cached(request).netloc
        delay = self.delay_of(host)
        if not delay:
            return
        # asked again after each wait: where the process was busy for long, all who waited wake up at once
        while (wait := self.free_at.get(host, 0.0) - self.monotonic()) > 0:
            await self.sleep(wait)
        self.free_at[host] = self.monotonic() + delay
