"""``scrapy writer``: the one process of a distributed run that writes the database."""

from __future__ import annotations

import argparse
from typing import Any, ClassVar

from flopcrawl.commands.base import CommandError, FlopcrawlCommand


class Command(FlopcrawlCommand):
    """Store what the nodes of a run send, then derive."""

    requires_crawler_process = True
    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "INFO"}

    def syntax(self) -> str:
        """How it is called."""
        return "SOURCE[,SOURCE…]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Store what the nodes of a distributed run send (see docs/scale.md)"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Write until every source of the run is finished."""
        import os

        from scrapy.utils.misc import load_object

        if len(args) != 1:
            raise CommandError("name the sources of the run, separated by commas: scrapy writer arena,huggingface")
        assert self.settings is not None
        assert self.crawler_process is not None
        for name, default in (("REDIS_URL", "redis://127.0.0.1:6379/0"), ("FLOPCRAWL_RUN_ID", "")):
            if not self.settings[name]:
                self.settings.set(name, os.environ.get(name, default), priority="cmdline")
        if not self.settings["FLOPCRAWL_RUN_ID"]:
            raise CommandError("FLOPCRAWL_RUN_ID is not set: the writer needs the same one as the nodes")
        self.crawler_process.settings = self.settings
        crawler = self.crawler_process.create_crawler(load_object("flopcrawl.distributed.writer.WriterSpider"))
        self.crawler_process.crawl(crawler, sources=args[0])
        self.crawler_process.start()
        reason = crawler.stats.get_value("finish_reason") if crawler.stats else None
        return 0 if reason == "finished" else 1
