"""Spidermon's monitors of every run: each check of :mod:`flopcrawl.operation.sources`, with what it finds kept.

A finding that is an error makes the source's state ``failed`` in the run log, and so the exit code of ``crawl`` and
``refresh`` 1.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import signals
from spidermon import Monitor, MonitorSuite
from spidermon.contrib.scrapy.extensions import Spidermon
from spidermon.contrib.scrapy.runners import SpiderMonitorResult, SpiderMonitorRunner

from flopcrawl import database
from flopcrawl.base_spiders.source import SourceSpider
from flopcrawl.items import ModelItem
from flopcrawl.operation import sources
from flopcrawl.operation.findings import FINDINGS, Finding, Severity
from flopcrawl.pipelines.store import StorePipeline
from flopcrawl.vocabulary import SourceState

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

LEVELS = {Severity.INFO: logging.INFO, Severity.WARNING: logging.WARNING, Severity.ERROR: logging.ERROR}
SILENT_STATES = frozenset({SourceState.ABSENT, SourceState.OFF})
"""States of a source that was not asked: nothing is expected of it."""


def run_id_of(crawler: Crawler) -> str:
    """The run that a crawl belongs to."""
    store = crawler.get_item_pipeline(StorePipeline)
    return store.run_id if store else str(crawler.settings["FLOPCRAWL_RUN_ID"])


class Statistics:
    """Counts which fields the items have, and keeps what the run counted, to compare the next runs with."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Statistics:
        """Made by Scrapy."""
        extension = cls(crawler)
        crawler.signals.connect(extension.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def item_scraped(self, item: Any) -> None:
        """Count the fields of a model item, each once."""
        if isinstance(item, ModelItem):
            for name in {fact.field for fact in item.facts}:
                self.crawler.stats.inc_value(f"flopcrawl/field/{name}")

    def spider_closed(self, spider: Spider) -> None:
        """Keep the figures; after the monitors, which must not compare a run with itself."""
        stats = self.crawler.stats
        assert stats is not None
        path = Path(self.crawler.settings["FLOPCRAWL_DB"])
        findings: list[Finding] = stats.get_value(FINDINGS, [])
        with database.writer_lock(path):
            db = database.open_for_writing(path)
            with db.atomic():
                database.store_statistics(
                    db, run_id_of(self.crawler), spider.name, figures(stats.get_stats(), items_of(self.crawler))
                )
                database.store_findings(
                    db,
                    run_id_of(self.crawler),
                    ((f.severity, f.source, f.check, f.subject, f.message, f.remedy) for f in findings),
                )
            db.close()


def items_of(crawler: Crawler) -> int:
    """How many different models a crawl has read."""
    found = getattr(crawler.spider, "found", None)
    assert crawler.stats is not None
    return int(crawler.stats.get_value("item_scraped_count", 0)) if found is None else len(found)


def figures(stats: dict[str, Any], items: int) -> dict[str, float]:
    """The numbers of a run that are kept: models, seconds, pages by state, answers by status, items with each field."""
    kept: dict[str, float] = {"items": float(items)}
    started = stats.get("start_time")
    if isinstance(started, datetime):
        kept["seconds"] = round((datetime.now(UTC) - started).total_seconds(), 3)
    for name, value in stats.items():
        if isinstance(value, (int, float)) and name.startswith(
            ("flopcrawl/field/", "flopcrawl/archive/", "downloader/", "retry/count", "memusage/max")
        ):
            kept[name.removeprefix("flopcrawl/")] = float(value)
    return kept


class Result(SpiderMonitorResult):  # type: ignore[misc]
    """Spidermon's account of a suite, for whoever debugs; it logs through ``Spider.log``, which is deprecated."""

    def log(self, msg: object, level: int = logging.DEBUG) -> None:
        """Log at the lowest level: the findings have been logged."""
        self.spider.logger.debug("%s", msg)


class Runner(SpiderMonitorRunner):  # type: ignore[misc]
    """Spidermon's runner with that account."""

    def create_result(self) -> Result:
        """Made for every suite."""
        return Result(self.spider)


class Monitors(Spidermon):  # type: ignore[misc]
    """Spidermon's extension with that runner."""

    def _run_suites(self, spider: Spider, suites: list[MonitorSuite]) -> None:
        data = self._generate_data_for_spider(spider)
        for suite in suites:
            Runner(spider=spider).run(suite, **data)


class SourceMonitor(Monitor):  # type: ignore[misc]
    """One check: its findings go into the stats; Spidermon sees those that are more than news as failures."""

    of_replays: ClassVar[bool] = False
    """Whether a replay is checked as well: it holds a part of the web, and its figures are no news of the source."""

    def findings(self, run: sources.SourceRun) -> Iterator[Finding]:
        """What the check sees."""
        raise NotImplementedError

    def test_source(self) -> None:
        """Run the check."""
        stats, spider = self.data.crawler.stats, self.data.spider
        if isinstance(spider, SourceSpider) and spider.verdict()[0] in SILENT_STATES:
            return
        if spider.settings["FLOPCRAWL_REPLAY"] and not self.of_replays:
            return
        found = list(self.findings(source_run(self.data.crawler)))
        stats.set_value(FINDINGS, [*stats.get_value(FINDINGS, []), *found])
        for finding in found:
            spider.logger.log(LEVELS[finding.severity], "%s", finding)
        serious = [str(finding) for finding in found if finding.severity is not Severity.INFO]
        assert not serious, "\n".join(serious)


def source_run(crawler: Crawler) -> sources.SourceRun:
    """A crawl that ends, as the checks want it."""
    assert crawler.stats is not None
    assert crawler.spider is not None
    path = Path(crawler.settings["FLOPCRAWL_DB"])
    history: list[dict[str, float]] = []
    stale_before = False
    if path.exists():
        reader = database.open_for_reading(path)
        history = database.statistics_of(reader, crawler.spider.name, sources.HISTORY)
        stale_before = database.last_run_was_stale(reader, crawler.spider.name)
        reader.close()
    spider = crawler.spider
    least, most = getattr(spider, "expected", (1, None))
    return sources.SourceRun(
        source=spider.name,
        stats=crawler.stats.get_stats(),
        items=items_of(crawler),
        finish_reason=str(crawler.stats.get_value("finish_reason", "finished")),
        minimum=least,
        maximum=most,
        history=history,
        stale_before=stale_before,
    )


class Ended(SourceMonitor):
    """The run came to its end."""

    of_replays = True

    def findings(self, run: sources.SourceRun) -> Iterator[Finding]:
        """See the check."""
        return sources.ended(run)


class NumberOfItems(SourceMonitor):
    """As many items as usual."""

    def findings(self, run: sources.SourceRun) -> Iterator[Finding]:
        """See the check."""
        return sources.number_of_items(run)


class Shares(SourceMonitor):
    """Pages answered, and items were accepted."""

    def findings(self, run: sources.SourceRun) -> Iterator[Finding]:
        """See the check."""
        return sources.shares(run)


class Shape(SourceMonitor):
    """The items have their usual fields."""

    def findings(self, run: sources.SourceRun) -> Iterator[Finding]:
        """See the check."""
        return sources.shape(run)


class SourceSuite(MonitorSuite):  # type: ignore[misc]
    """Every monitor of a source."""

    monitors: ClassVar[list[type[Monitor]]] = [Ended, NumberOfItems, Shares, Shape]
