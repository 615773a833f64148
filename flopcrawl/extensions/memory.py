"""What a source has read before: when each of its pages was last read *and stored*, from the database.

Spiders that list more than they must fetch ask for new and changed pages only. The rows of ``pages`` are written in one
transaction with what the pages said, so a crash leaves no page that counts as read and whose facts are lost.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals

from flopcrawl import database
from flopcrawl.base_spiders.source import SourceSpider

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler


class Memory:
    """Fills ``read_before`` of a source when it opens. A replay is another web, of which nothing was read before."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Memory:
        """Made by Scrapy."""
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        """Look up what the source has read; before its first request."""
        path = Path(self.crawler.settings["FLOPCRAWL_DB"])
        if not isinstance(spider, SourceSpider) or self.crawler.settings["FLOPCRAWL_REPLAY"] or not path.exists():
            return
        reader = database.open_for_reading(path)
        spider.read_before = database.pages_read(reader, spider.name)
        reader.close()
