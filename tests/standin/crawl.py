"""Crawls inside the test's own process, one after the other, with no reactor."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler


def project_settings(**settings: Any) -> Settings:
    """The project's settings, these on top. Without ``FLOPCRAWL_DB`` nothing is stored, derived or checked."""
    base = get_project_settings()
    quiet: dict[str, Any] = {"LOG_ENABLED": False, "TWISTED_REACTOR_ENABLED": False}
    if "FLOPCRAWL_DB" not in settings:
        quiet |= {"ITEM_PIPELINES": {}, "EXTENSIONS": {}}
    for name, value in {**quiet, **settings}.items():
        base.set(name, value, priority="cmdline")
    return base


def project_spider(name: str) -> type[Spider]:
    """A spider of the project, by its name."""
    return SpiderLoader.from_settings(get_project_settings()).load(name)


def crawl(spider: type[Spider], settings: dict[str, Any], **arguments: Any) -> Crawler:
    """Run ``spider`` to its end and return its crawler (``crawler.stats``, ``crawler.spider``)."""

    async def run() -> Crawler:
        runner = AsyncCrawlerRunner(project_settings(**settings))
        crawler = runner.create_crawler(spider)
        await runner.crawl(crawler, **arguments)
        return crawler

    return asyncio.run(run())


def crawl_together(spiders: list[type[Spider]], settings: dict[str, Any]) -> list[Crawler]:
    """Run several spiders side by side in one process."""

    async def run() -> list[Crawler]:
        runner = AsyncCrawlerRunner(project_settings(**settings))
        crawlers = [runner.create_crawler(spider) for spider in spiders]
        await asyncio.gather(*(runner.crawl(crawler) for crawler in crawlers))
        return crawlers

    return asyncio.run(run())
