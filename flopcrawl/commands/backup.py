"""``scrapy backup``: a verified copy of the database, the archive and the hand-edited files."""

from __future__ import annotations

import argparse
from pathlib import Path

from flopcrawl.commands.base import CommandError, FlopcrawlCommand


class Command(FlopcrawlCommand):
    """Make a backup, verify it, drop old ones."""

    def syntax(self) -> str:
        """How it is called."""
        return "[--to DIR] [--keep-all]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Copy database, page archive and hand-edited files into one verified file"

    def long_desc(self) -> str:
        """More words for ``--help``."""
        return (
            "Write one compressed, checksummed and verified file while everything goes on running, then drop old ones: "
            "the newest of each of 7 days, 8 weeks and 12 months stays."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--to", metavar="DIR", help="the folder for backups (default: FLOPCRAWL_BACKUPS)")
        parser.add_argument("--keep-all", action="store_true", help="drop no old backup")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Back up."""
        from flopcrawl import backup

        if args:
            raise CommandError("backup takes no argument, only options")
        folder = Path(opts.to) if opts.to else Path(self._setting("FLOPCRAWL_BACKUPS"))
        try:
            with self.console.status("copying, compressing, verifying"):
                path = backup.make(self.places(), folder)
        except backup.BackupError as error:
            raise CommandError(str(error)) from None
        dropped = [] if opts.keep_all else backup.rotate(folder)
        self.output.print(f"{path} ({path.stat().st_size / 1e6:.1f} MB, verified)", soft_wrap=True, highlight=False)
        if dropped:
            self.output.print(f"{len(dropped)} old backups dropped", highlight=False)
        return 0
