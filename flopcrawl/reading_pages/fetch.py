"""Fetching pages that ``scrapy extract`` is given by address: by Scrapy, as robots.txt allows, nothing kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from flopcrawl.extraction.cleaning.limits import MAX_BYTES
from flopcrawl.reading_pages.pages import Page

KINDS = {
    "text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf", "application/json": "json",
    "application/atom+xml": "atom", "application/rss+xml": "atom", "text/markdown": "md",
}  # fmt: skip
"""Content type to kind of page; of any other type the content itself tells."""


class PageSpider(Spider):
    """Fetches given addresses and keeps what comes."""

    name = "extract"

    def __init__(self, urls: Sequence[str], found: dict[str, Page | str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls = urls
        self.found = found

    async def start(self) -> AsyncIterator[Request]:
        """Ask for every address."""
        for url in self.urls:
            yield Request(url, self.keep, errback=self.note, dont_filter=True, cb_kwargs={"label": url})

    def keep(self, response: Response, label: str) -> None:
        """A page came."""
        media = (response.headers.get("Content-Type") or b"").decode("latin-1").split(";")[0].strip().lower()
        self.found[label] = Page(label, response.body, KINDS.get(media, ""), response.url)

    def note(self, failure: Failure) -> None:
        """No page came."""
        error = failure.value
        label = failure.request.cb_kwargs["label"]  # type: ignore[attr-defined]  # Scrapy puts it there
        if isinstance(error, HttpError):
            self.found[label] = f"answered with status {error.response.status}"
        elif isinstance(error, IgnoreRequest):
            self.found[label] = "the site's robots.txt forbids reading it"
        else:
            self.found[label] = f"could not be fetched ({str(error) or type(error).__name__})"


def fetch(urls: Sequence[str], settings: Settings) -> dict[str, Page | str]:
    """Fetch addresses. Each gives a page, or the reason why there is none."""
    found: dict[str, Page | str] = {url: "no address of a web page" for url in urls if not urlsplit(url).hostname}
    ours = settings.copy()
    ours.setdict(
        {
            "ITEM_PIPELINES": {}, "EXTENSIONS": {}, "DOWNLOADER_MIDDLEWARES": {}, "HTTPCACHE_ENABLED": False,
            "LOG_LEVEL": "CRITICAL", "DOWNLOAD_MAXSIZE": MAX_BYTES,
        },
        priority="cmdline",
    )  # fmt: skip
    process = AsyncCrawlerProcess(ours)
    process.crawl(PageSpider, urls=[url for url in urls if url not in found], found=found)
    process.start()
    return {url: found.get(url, "could not be fetched") for url in urls}
