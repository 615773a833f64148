"""``scrapy report``: what changed in a week or a day, and what needs a person."""

from __future__ import annotations

import argparse

from flopcrawl.commands.base import CommandError, FlopcrawlCommand


class Command(FlopcrawlCommand):
    """Write exports/weekly.md and .html, or exports/daily.md and .html."""

    def syntax(self) -> str:
        """How it is called."""
        return "[--week YYYY-Www | --day YYYY-MM-DD]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Write what changed this week (or in any past week or day) and what needs a person"

    def long_desc(self) -> str:
        """More words for ``--help``."""
        return (
            "Writes exports/weekly.md and weekly.html (with --day: daily.md and daily.html): new models, changed "
            "estimates with their cause, crossings of the threshold, what needs a person in order of value, and how "
            "the sources did. A past week gives the same report whenever it is asked for."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--week", metavar="YYYY-Www", help="an ISO week (default: the present one)")
        group.add_argument("--day", metavar="YYYY-MM-DD", help="a day instead of a week")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Write the report."""
        from flopcrawl import database
        from flopcrawl.clock import present
        from flopcrawl.reports import change_pages, changes

        if args:
            raise CommandError("report takes no argument, only options: --week 2026-W05 or --day 2026-01-31")
        year, number, _ = present().isocalendar()
        try:
            period = (
                changes.Period.day(opts.day) if opts.day else changes.Period.week(opts.week or f"{year}-W{number:02}")
            )
        except ValueError:
            raise CommandError(
                f"{opts.day or opts.week!r} is no period: write a week as 2026-W05, a day as 2026-01-31"
            ) from None
        with database.open_for_reading(self.existing_database()) as db:
            report = changes.report(db, period)
        for path in change_pages.write(report, self.exports_folder, "daily" if opts.day else "weekly"):
            self.output.print(str(path), soft_wrap=True, highlight=False)
        self.output.print(
            f"{period.name}: {len(report.listed)} new on the list, {len(report.new)} new models, {len(report.moved)} "
            f"changed estimates; {len(report.arisen)} things came up that need a person, about {report.minutes} "
            f"minutes ({len(report.tasks)} are open, about {report.open_minutes})",
            highlight=False,
        )
        return 0
