"""``scrapy rebuild``: every model again from claims and hand-edited files, without a request."""

from __future__ import annotations

import argparse

from flopcrawl.commands.base import CommandError, FlopcrawlCommand


class Command(FlopcrawlCommand):
    """Derive everything again; with --from-archive every kept page is read again first."""

    requires_crawler_process = True
    quiet_level = "CRITICAL"  # what failed is in the closing table; --loglevel INFO shows how

    def syntax(self) -> str:
        """How it is called."""
        return "[--from-archive]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Derive every model again from its claims and the hand-edited files; no request is made"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument(
            "--from-archive",
            action="store_true",
            help="first read every kept page again (after the readers have changed)",
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Rebuild, and say how many models stand where."""
        from flopcrawl.clock import now
        from flopcrawl.database import open_for_reading
        from flopcrawl.derive import derive_all
        from flopcrawl.reports.exports import export_all
        from flopcrawl.vocabulary import Cause

        if opts.from_archive:
            if not self.archive_path.exists():
                raise CommandError(f"there is no archive at {self.archive_path}: only a refresh fills one")
            from flopcrawl.commands.refresh import crawl_all

            assert self.settings is not None
            self.settings.set("FLOPCRAWL_REPLAY", str(self.archive_path), priority="cmdline")
            self.settings.set("FLOPCRAWL_CAUSE", str(Cause.CODE), priority="cmdline")
            crawl_all(self, None)
        with self.console.status("deriving every model"):
            summary = derive_all(self.existing_database(), self.overrides_folder, run_id=now(), cause=Cause.CODE)
            with open_for_reading(self.database_path) as db:
                export_all(db, self.exports_folder)
        self.output.print(
            f"{summary.models} models, {summary.n_changes} changes, {summary.listed} on the list, "
            f"{summary.problems} hand-edited rows rejected"
        )
        return 0
