"""``scrapy monitor``: what the last run's checks have found, told again to whom it concerns."""

from __future__ import annotations

import argparse

from flopcrawl.commands.base import CommandError, FlopcrawlCommand


class Command(FlopcrawlCommand):
    """Check the last run again, send what is due, show the findings."""

    def syntax(self) -> str:
        """How it is called."""
        return "[--digest]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Check the last run, send alerts that are due, show what was found"

    def long_desc(self) -> str:
        """More words for ``--help``."""
        return (
            "For a timer of its own: it notices that the refresh has stopped running. With --digest everything that "
            "waits is sent in one message. Exits 1 where there is an error."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--digest", action="store_true", help="send what waits (warnings and news) in one message")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Check and tell."""
        from rich.table import Table
        from rich.text import Text

        from flopcrawl.database import open_for_reading
        from flopcrawl.operation.conclude import conclude
        from flopcrawl.operation.findings import Severity

        if args:
            raise CommandError("monitor takes no argument, only options")
        with open_for_reading(self.existing_database()) as db:
            newest = db.execute("SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 1").fetchone()
            if newest is None:
                raise CommandError("there was no run yet: 'scrapy refresh' makes one")
            sources = [row[0] for row in db.execute("SELECT spider FROM runs WHERE run_id = ?", tuple(newest))]
        found, problems = conclude(self.database_path, self.exports_folder, newest[0], sources, digest=opts.digest)
        table = Table("severity", "source", "what", "what to do", title=f"run {newest[0]}", title_justify="left")
        for finding in found:
            table.add_row(finding.severity, finding.source, Text(finding.message), Text(finding.remedy))
        self.output.print(table if found else f"run {newest[0]}: nothing found")
        for problem in problems:
            self.console.print(Text(problem, "red"), soft_wrap=True)
        return 1 if problems or any(finding.severity is Severity.ERROR for finding in found) else 0
