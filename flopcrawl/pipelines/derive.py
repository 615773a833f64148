"""Derive: when a crawl closes, the models that it touched are derived again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flopcrawl.derive import derive_touched
from flopcrawl.pipelines.store import StorePipeline
from flopcrawl.vocabulary import Cause

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class DerivePipeline:
    """Derive the touched models once, at the close of the crawl, after everything was stored."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DerivePipeline:
        """Made by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Pass everything on."""
        return item

    def close_spider(self) -> None:
        """Derive, unless the refresh that runs this crawl does it once at its end.

        Scrapy closes pipelines in reverse order, so the store writes its last batch when it is asked to here.
        """
        settings = self.crawler.settings
        if not settings.getbool("FLOPCRAWL_DERIVE_AT_CLOSE"):
            return
        store = self.crawler.get_item_pipeline(StorePipeline)
        assert store is not None, "the derive pipeline needs the store pipeline"
        store.finish()
        derive_touched(
            Path(settings["FLOPCRAWL_DB"]),
            Path(settings["FLOPCRAWL_OVERRIDES"]),
            store.touched,
            run_id=store.run_id,
            cause=Cause(str(settings["FLOPCRAWL_CAUSE"] or Cause.SCRAPED)),
        )
