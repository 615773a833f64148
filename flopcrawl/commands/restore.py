"""``scrapy restore``: back to a backup, after checking it, and after backing up what is there."""

from __future__ import annotations

import argparse
from pathlib import Path

from flopcrawl.commands.base import CommandError, FlopcrawlCommand


class Command(FlopcrawlCommand):
    """Verify a backup and put it in place."""

    def syntax(self) -> str:
        """How it is called."""
        return "[FILE] [--overrides] [--list]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Verify a backup (the newest, if none is named) and put it in place"

    def long_desc(self) -> str:
        """More words for ``--help``."""
        return (
            "Check every hash, every page and every row count of a backup, back up what is there now, and put the "
            "backup in place in one transaction. Hand-edited files are put back only with --overrides, or where there "
            "are none."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--overrides", action="store_true", help="put the hand-edited files back as well")
        parser.add_argument("--list", action="store_true", dest="listing", help="show the backups, newest first")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Restore."""
        from flopcrawl import backup, database

        folder = Path(self._setting("FLOPCRAWL_BACKUPS"))
        found = backup.existing(folder)
        if opts.listing:
            for path in found:
                self.output.print(str(path), soft_wrap=True, highlight=False)
            return 0
        if len(args) > 1:
            raise CommandError("name one backup, or none for the newest")
        if not args and not found:
            raise CommandError(f"there is no backup in {folder}: name a file")
        path = Path(args[0]) if args else found[0]
        try:
            with database.writer_lock(self.database_path), self.console.status("verifying, restoring"):
                kept = self.keep_present(folder)
                manifest = backup.restore(path, self.places(), overrides=opts.overrides)
        except (backup.BackupError, database.DatabaseBusyError) as error:
            raise CommandError(str(error)) from None
        rows = manifest["rows"][backup.DATABASE]
        self.output.print(
            f"restored {path} of {manifest['made_at']}: {rows.get('claims', 0)} claims, {rows.get('models', 0)} models",
            soft_wrap=True,
            highlight=False,
        )
        if kept:
            self.output.print(f"what was there before is in {kept}", soft_wrap=True, highlight=False)
        return 0

    def keep_present(self, folder: Path) -> Path | None:
        """Back up what is there; None where there is nothing, or nothing that can be read."""
        from flopcrawl import backup

        if not self.database_path.exists():
            return None
        try:
            return backup.make(self.places(), folder, "before-restore")
        except backup.BackupError as error:
            self.console.print(f"[yellow]what is there now could not be backed up[/]: {error}", soft_wrap=True)
            return None
