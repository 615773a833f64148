"""``scrapy writer``: the one process of a distributed run that writes the database."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, ClassVar

from flopcrawl.commands.base import CommandError, FlopcrawlCommand

if TYPE_CHECKING:
    from flopcrawl.distributed.writer import WriterSpider


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

        from flopcrawl.base_spiders.source import SourceSpider
        from flopcrawl.distributed.writer import WriterSpider

        if len(args) != 1:
            raise CommandError("name the sources of the run, separated by commas: scrapy writer arena,huggingface")
        assert self.settings is not None
        assert self.crawler_process is not None
        for name, default in (("REDIS_URL", "redis://127.0.0.1:6379/0"), ("FLOPCRAWL_RUN_ID", "")):
            if not self.settings[name]:
                self.settings.set(name, os.environ.get(name, default), priority="cmdline")
        if not self.settings["FLOPCRAWL_RUN_ID"]:
            raise CommandError("FLOPCRAWL_RUN_ID is not set: the writer needs the same one as the nodes")
        names = args[0].split(",")
        if unknown := sorted(set(names) - set(self.crawler_process.spider_loader.list())):
            raise CommandError(f"no source is called {', '.join(unknown)}: 'scrapy list' shows them")
        self.crawler_process.settings = self.settings
        crawler = self.crawler_process.create_crawler(WriterSpider)
        self.crawler_process.crawl(crawler, sources=args[0])
        self.crawler_process.start()
        if not crawler.stats or crawler.stats.get_value("finish_reason") != "finished":
            return 1
        assert isinstance(crawler.spider, WriterSpider)
        classes = {name: self.crawler_process.spider_loader.load(name) for name in names}
        least = {name: made.expected[0] for name, made in classes.items() if issubclass(made, SourceSpider)}
        return self.conclude(crawler.spider, least)

    def conclude(self, spider: WriterSpider, least: dict[str, int]) -> int:
        """Write the run log, the exports and the alerts, as a refresh does; ``least`` models are expected of each."""
        from rich.text import Text

        from flopcrawl import database
        from flopcrawl.operation.conclude import conclude
        from flopcrawl.operation.findings import Severity
        from flopcrawl.reports.exports import export_all
        from flopcrawl.vocabulary import SourceState

        run_id = self._setting("FLOPCRAWL_RUN_ID")
        runs = [received.run(run_id, name, least[name]) for name, received in spider.received.items()]
        with database.writer_lock(self.database_path):
            db = database.open_for_writing(self.database_path)
            with db.atomic():
                for run in runs:
                    database.store_run(db, run)
            db.close()
        with database.open_for_reading(self.database_path) as reader:
            export_all(reader, self.exports_folder)
        failed = {
            run["spider"]: f"{len(spider.received[run['spider']].found)} models, {least[run['spider']]} are expected"
            for run in runs
            if run["source_state"] == SourceState.FAILED
        }
        findings, unsent = conclude(self.database_path, self.exports_folder, run_id, least, failed=failed)
        for finding in findings:
            if finding.severity is not Severity.INFO:
                self.console.print(Text(str(finding)), soft_wrap=True)
        for problem in unsent:
            self.console.print(Text(problem, "red"), soft_wrap=True)
        for run in runs:
            self.output.print(
                f"{run['spider']}: {run['source_state']}, {run['items']} items of {run['requests']} pages",
                highlight=False,
            )
        return 1 if failed else 0
