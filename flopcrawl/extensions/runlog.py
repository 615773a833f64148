"""The run log: one row of ``runs`` per spider and run, written when it opens and again when it closes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals

from flopcrawl import database
from flopcrawl.base_spiders.source import SourceSpider
from flopcrawl.clock import now
from flopcrawl.operation.findings import FINDINGS, Severity
from flopcrawl.pipelines.store import StorePipeline
from flopcrawl.vocabulary import SourceState

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response

STATE, PROBLEM = "flopcrawl/source_state", "flopcrawl/problem"
"""The stats that say how a source stands (a word of SourceState), and what a person should know of it."""


class RunLog:
    """Keep what each spider did, also where it fails or is ended."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.started_at = now()
        self.bytes = 0
        """What came over the network: Scrapy's own figure counts the pages of the archive as well."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunLog:
        """Made by Scrapy."""
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.response_downloaded, signal=signals.response_downloaded)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        """Write that the run has begun: a run that is killed stays visible as one without an end."""
        self.started_at = now()
        self.write(spider, {})

    def response_downloaded(self, response: Response) -> None:
        """Count an answer as it came, compressed, with its headers."""
        headers = (len(name) + sum(map(len, values)) for name, values in response.headers.items())
        self.bytes += len(response.body) + sum(headers)

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Write how the run went."""
        run = self.figures(reason, spider)
        self.write(spider, run)

    def figures(self, reason: str, spider: Spider) -> dict[str, Any]:
        """The run in figures, from the crawl's stats and the spider's own verdict."""
        stats = self.crawler.stats
        assert stats is not None
        state, problem = spider.verdict() if isinstance(spider, SourceSpider) else (SourceState.LIVE, "")
        if reason != "finished":
            state, problem = SourceState.FAILED, problem or f"ended early: {reason}"
        elif stats.get_value("spider_exceptions/count", 0):
            state, problem = SourceState.FAILED, problem or "a method failed on a page: the log has the traceback"
        store = self.crawler.get_item_pipeline(StorePipeline)
        if store and store.problem:
            state, problem = SourceState.FAILED, store.problem
        errors = [found for found in stats.get_value(FINDINGS, []) if found.severity is Severity.ERROR]
        if errors and state not in (SourceState.FAILED, SourceState.STALE):
            state, problem = SourceState.FAILED, problem or f"{errors[0].message}: {errors[0].remedy}"
        stats.set_value(STATE, str(state))
        stats.set_value(PROBLEM, problem)
        return {
            "finished_at": now(),
            "finish_reason": reason,
            "requests": stats.get_value("downloader/request_count", 0),
            "bytes": self.bytes,
            "revalidated": stats.get_value("flopcrawl/archive/revalidated", 0),
            "served_stale": stats.get_value("flopcrawl/archive/stale", 0),
            "items": stats.get_value("item_scraped_count", 0),
            "rejected": stats.get_value("flopcrawl/rejected", 0),
            "errors": stats.get_value("log_count/ERROR", 0),
            "source_state": str(state),
        }

    def write(self, spider: Spider, run: dict[str, Any]) -> None:
        """Write the row."""
        path = Path(self.crawler.settings["FLOPCRAWL_DB"])
        store = self.crawler.get_item_pipeline(StorePipeline)
        run_id = store.run_id if store else str(self.crawler.settings["FLOPCRAWL_RUN_ID"])
        with database.writer_lock(path):
            db = database.open_for_writing(path)
            with db.atomic():
                database.store_run(db, {"run_id": run_id, "spider": spider.name, "started_at": self.started_at, **run})
            db.close()
