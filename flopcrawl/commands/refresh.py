"""``scrapy refresh``: every source side by side in one process, then derive and exports, and a summary."""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flopcrawl.commands.base import CommandError, FlopcrawlCommand

if TYPE_CHECKING:
    from rich.console import Console
    from scrapy.crawler import Crawler

    from flopcrawl.operation.findings import Finding

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 0.5
"""How often the progress on a terminal is renewed."""


@dataclass(slots=True)
class Outcome:
    """How one source went."""

    source: str
    state: str
    pages: int = 0
    items: int = 0
    rejected: int = 0
    seconds: float = 0.0
    message: str = ""


class Command(FlopcrawlCommand):
    """Refresh the database from every source."""

    requires_crawler_process = True
    quiet_level = "CRITICAL"  # what failed is in the closing table; --loglevel INFO shows how

    def syntax(self) -> str:
        """How it is called."""
        return "[--only A,B] [--replay DIR]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Read every source, derive the models, write the exports, and say how it went"

    def long_desc(self) -> str:
        """More words for ``--help``."""
        return (
            "Run every enabled source side by side, then derive the models that they touched and write the exports. "
            "Ends with a table of the sources; exits 1 when an enabled source failed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--only", metavar="A,B", help="only these sources ('scrapy list' shows their names)")
        parser.add_argument("--replay", metavar="DIR", help="answers from a replay folder; no socket is opened")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Refresh; 1 where an enabled source failed, or where the disk or the database did (which is told)."""
        import sqlite3

        from flopcrawl.database import DatabaseBusyError
        from flopcrawl.operation.conclude import tell_of_death
        from flopcrawl.operation.remedies import remedy_for

        if args:
            raise CommandError(f"refresh takes no argument, only options: did you mean --only {','.join(args)}?")
        if opts.replay:
            self.use_replay(Path(opts.replay))
        try:
            return self.refresh_alone(opts.only.split(",") if opts.only else None)
        except BrokenPipeError:
            raise
        except (OSError, sqlite3.DatabaseError, DatabaseBusyError) as error:
            logger.error("the refresh ended early", exc_info=True)
            if opts.replay:
                raise CommandError(f"the refresh ended early: {error} — {remedy_for(error)}") from error
            finding, unsent = tell_of_death(self.database_path, error)
            raise CommandError("\n".join([str(finding), *unsent])) from error

    def refresh_alone(self, only: list[str] | None) -> int:
        """Refresh while no other refresh of the same database runs.

        Raises:
            CommandError: another one runs.
        """
        from flopcrawl.database import DatabaseBusyError, owned_lock

        path = self.database_path
        with ExitStack() as held:
            try:
                lock = owned_lock(path.with_name(path.name + ".refresh"), f"{path} is being refreshed", timeout=0)
                held.enter_context(lock)
            except DatabaseBusyError as error:
                raise CommandError(str(error)) from None
            return self.refresh(only)

    def use_replay(self, folder: Path) -> None:
        """Take every answer from a replay folder; what the folder calls a sample stays one everywhere."""
        from flopcrawl.archive import Replay, ReplayError
        from flopcrawl.vocabulary import Cause, Origin

        try:
            rows = Replay.load(folder).rows.values()
        except ReplayError as error:
            raise CommandError(str(error)) from None
        sample = any(row.origin == Origin.SAMPLE for row in rows)
        assert self.settings is not None
        self.settings.set("FLOPCRAWL_REPLAY", str(folder.resolve()), priority="cmdline")
        self.settings.set("FLOPCRAWL_CAUSE", str(Cause.SAMPLE if sample else Cause.REPLAY), priority="cmdline")

    def refresh(self, only: list[str] | None) -> int:
        """Crawl, derive, export, summarize."""
        from rich.text import Text

        from flopcrawl import database
        from flopcrawl.clock import now
        from flopcrawl.derive import derive_touched
        from flopcrawl.operation.conclude import REFRESH, conclude
        from flopcrawl.operation.findings import Severity
        from flopcrawl.overrides import load
        from flopcrawl.reports.exports import export_all
        from flopcrawl.vocabulary import Cause, SourceState

        assert self.settings is not None
        run_id = str(self.settings["FLOPCRAWL_RUN_ID"]) or now()
        self.settings.set("FLOPCRAWL_RUN_ID", run_id, priority="cmdline")
        for bad_row in load(self.overrides_folder).problems:
            self.console.print(Text(f"hand-edited: {bad_row}", "yellow"), soft_wrap=True)
        outcomes, touched = crawl_all(self, only)
        cause = Cause(str(self.settings["FLOPCRAWL_CAUSE"]))
        with self.console.status("deriving the models"):
            with database.writer_lock(self.database_path):
                db = database.open_for_writing(self.database_path)
                with db.atomic():
                    database.set_information(db, "origin", str(cause))
                    database.set_information(db, "refreshed_at", now())
                db.close()
            summary = derive_touched(self.database_path, self.overrides_folder, touched, run_id=run_id, cause=cause)
            with database.open_for_reading(self.database_path) as reader:
                export_all(reader, self.exports_folder)
        trouble = self.validate()
        findings, unsent = conclude(
            self.database_path, self.exports_folder, run_id, [REFRESH, *(o.source for o in outcomes)],
            tell=not self.settings["FLOPCRAWL_REPLAY"], also=trouble,
            failed={o.source: o.message for o in outcomes if o.state == SourceState.FAILED},
        )  # fmt: skip
        show(self.output, outcomes)
        for finding in findings:
            if finding.severity is not Severity.INFO:
                self.console.print(Text(str(finding)), soft_wrap=True)
        for problem in unsent:
            self.console.print(Text(problem, "red"), soft_wrap=True)
        words = ", ".join(f"{count} {word}" for word, count in sorted(summary.classifications.items()))
        self.output.print(
            f"{sum(summary.classifications.values())} models ({words or 'none'}); {summary.listed} on the list; "
            f"{summary.n_changes} changes; {summary.problems} hand-edited rows rejected"
        )
        failed = [outcome for outcome in outcomes if outcome.state == SourceState.FAILED]
        for outcome in failed:
            self.console.print(
                f"[red]{outcome.source} failed[/]: {outcome.message or 'see the log above'}", soft_wrap=True
            )
        return 1 if failed else 0

    def validate(self) -> list[Finding]:
        """Compare with the reference, where one is stored, so that its history fills; what goes wrong is a finding."""
        import sqlite3

        from flopcrawl import database
        from flopcrawl.clock import now
        from flopcrawl.operation.findings import Finding, Severity

        with database.open_for_reading(self.database_path) as db:
            if db.execute("SELECT 1 FROM reference_epoch LIMIT 1").fetchone() is None:
                return []
        # pandas and the drawing of charts are not loaded where there is nothing to compare
        from flopcrawl.reports import validating
        from flopcrawl.reports.audit import BadSheetError
        from flopcrawl.reports.validation_reference import BadReferenceError

        try:
            with self.console.status("comparing with the reference"):
                validating.run(self.database_path, self.overrides_folder, self.exports_folder, now())
        except (BadReferenceError, BadSheetError, OSError, sqlite3.DatabaseError) as error:
            message, remedy = f"the validation could not be made: {error}", "run `scrapy validate` to see why"
            return [Finding(Severity.WARNING, "models", "unvalidated", message, remedy)]
        return []


def crawl_all(command: FlopcrawlCommand, only: Iterable[str] | None) -> tuple[list[Outcome], set[tuple[str, str]]]:
    """Run the sources side by side; return how each went and the (name, organization) of the models they touched.

    Raises:
        CommandError: ``only`` names a source that there is not.
    """
    from flopcrawl.base_spiders.source import SourceSpider
    from flopcrawl.pipelines.store import StorePipeline
    from flopcrawl.vocabulary import SourceState

    process, settings = command.crawler_process, command.settings
    assert process is not None
    assert settings is not None
    names = process.spider_loader.list()
    wanted = set(names) if only is None else set(only)
    if unknown := sorted(wanted - set(names)):
        raise CommandError(f"no source is called {', '.join(unknown)}; there are {', '.join(names)}")
    settings.set("FLOPCRAWL_DERIVE_AT_CLOSE", False, priority="cmdline")
    process.settings = settings
    outcomes: dict[str, Outcome] = {}
    crawlers: dict[str, Crawler] = {}
    for name in sorted(wanted):
        spider = process.spider_loader.load(name)
        reason = spider.why_off(settings) if issubclass(spider, SourceSpider) else ""
        if settings["FLOPCRAWL_REPLAY"]:
            reason = ""  # no site is asked
        if reason and only is None:
            outcomes[name] = Outcome(name, SourceState.OFF, message=reason)
            continue
        crawlers[name] = process.create_crawler(spider)
        process.crawl(crawlers[name])
    started = time.monotonic()
    with Watch(command.console, crawlers, started) as watch:
        process.start()
    touched: set[tuple[str, str]] = set()
    for name, crawler in crawlers.items():
        stats = crawler.stats.get_stats() if crawler.stats else {}
        store = crawler.get_item_pipeline(StorePipeline) if crawler.engine else None
        touched |= store.touched if store else set()
        outcomes[name] = Outcome(
            source=name,
            state=str(stats.get("flopcrawl/source_state", SourceState.FAILED)),
            pages=stats.get("flopcrawl/stored/PageItem", 0),
            items=stats.get("item_scraped_count", 0),
            rejected=stats.get("flopcrawl/rejected", 0),
            seconds=stats.get("elapsed_time_seconds", watch.elapsed),
            message=str(stats.get("flopcrawl/problem", "")),
        )
    return [outcomes[name] for name in sorted(outcomes)], touched


class Watch:
    """Progress on a terminal while the reactor runs: sources done, requests, items. Silent where output is piped."""

    def __init__(self, console: Console, crawlers: dict[str, Crawler], started: float) -> None:
        self.console = console
        self.crawlers = crawlers
        self.started = started
        self.status: Any = None
        self.loop: Any = None

    @property
    def elapsed(self) -> float:
        """Seconds since the crawl began."""
        return time.monotonic() - self.started

    def __enter__(self) -> Watch:
        if self.console.is_terminal:
            from twisted.internet.task import LoopingCall

            self.status = self.console.status("starting")
            self.status.start()
            self.loop = LoopingCall(self.renew)
            self.loop.start(PROGRESS_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        if self.status is not None:
            self.status.stop()
            if self.loop.running:
                self.loop.stop()

    def renew(self) -> None:
        """Write the present figures."""
        stats = [crawler.stats.get_stats() for crawler in self.crawlers.values() if crawler.stats]
        done = sum("finish_time" in each for each in stats)
        busy = [name for name, c in self.crawlers.items() if c.stats and "finish_time" not in c.stats.get_stats()]
        requests = sum(each.get("downloader/request_count", 0) for each in stats)
        items = sum(each.get("item_scraped_count", 0) for each in stats)
        self.status.update(
            f"{done} of {len(stats)} sources done, {requests} requests, {items} items, {self.elapsed:.0f} s"
            + (f" — waiting for {', '.join(busy[:4])}" if busy else "")
        )


def show(console: Console, outcomes: list[Outcome]) -> None:
    """The closing table."""
    from rich.table import Table
    from rich.text import Text

    table = Table("source", "state", title="refresh", title_justify="left")
    for heading in ("pages", "items", "rejected", "seconds"):
        table.add_column(heading, justify="right")
    table.add_column("remark")
    for o in outcomes:
        table.add_row(
            o.source, o.state, str(o.pages), str(o.items), str(o.rejected), f"{o.seconds:.1f}", Text(o.message[:120])
        )
    console.print(table)
