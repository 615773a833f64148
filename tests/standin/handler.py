"""The download handler that carries requests for any host to the stand-in web, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from tests.standin.server import local_url

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class StandInHandler:
    """Scrapy's own handler, on the local port; the answer gets back the address that was asked for."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        # the crawls of a `scrapy` command run on Twisted's reactor; those of one test process cannot share one
        twisted = crawler.settings.getbool("TWISTED_REACTOR_ENABLED")
        self.inner = (HTTP11DownloadHandler if twisted else AiohttpDownloadHandler)(crawler)
        self.crawler = crawler
        self.address = crawler.settings["STANDIN"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StandInHandler:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        local = request.replace(url=local_url(self.address, request.url))
        if self.crawler.spider:
            # which source asks, which a real site does not learn
            local.headers["X-Standin-Source"] = self.crawler.spider.name
        response = await self.inner.download_request(local)
        return response.replace(url=request.url)

    async def close(self) -> None:
        await self.inner.close()
