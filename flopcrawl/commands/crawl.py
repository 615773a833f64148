"""``scrapy crawl NAME``: one source, through the pipelines; the exit code says whether the source was read."""

from __future__ import annotations

import argparse

from scrapy.commands import crawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from flopcrawl.vocabulary import SourceState


class Command(crawl.Command):
    """Scrapy's own ``crawl``, which exits 0 whatever the spider met; here a failed source exits 1."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run one spider."""
        if len(args) != 1:
            raise UsageError("name one source; 'scrapy list' shows them")
        assert self.crawler_process
        crawler: Crawler = self.crawler_process.create_crawler(args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        state = crawler.stats.get_value("flopcrawl/source_state") if crawler.stats else None
        if self.crawler_process.bootstrap_failed or state in (None, SourceState.FAILED):
            self.exitcode = 1
