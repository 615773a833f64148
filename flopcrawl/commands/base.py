"""What the project's commands have in common: paths from the settings, one console, errors in one line."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from scrapy.commands import ScrapyCommand

if TYPE_CHECKING:
    from rich.console import Console

    from flopcrawl.backup import Places


class CommandError(Exception):
    """A command cannot do what it was asked to. The message says why, and what to do instead."""


class FlopcrawlCommand(ScrapyCommand):
    """A Scrapy command that knows where the project's files are.

    Subclasses implement :meth:`execute`; a :class:`CommandError` raised there becomes one line on standard error and
    exit code 1. Results go to standard output; progress and messages go to standard error, progress only on a terminal.
    """

    requires_project = True
    requires_crawler_process = False
    quiet_level: ClassVar[str] = "WARNING"
    """What reaches standard error unless --loglevel or FLOPCRAWL_LOG_LEVEL asks for more."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Take Scrapy's options; be quiet where nobody asks for a log."""
        super().process_options(args, opts)
        assert self.settings is not None
        if not (opts.loglevel or opts.logfile or "FLOPCRAWL_LOG_LEVEL" in os.environ):
            self.settings.set("LOG_LEVEL", self.quiet_level, priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run :meth:`execute`, and turn its exceptions of the expected kind into one line and an exit code.

        Expected are what a command says itself, a database that another process writes, and a disk or a database that
        fails; all else is a mistake in the code, and shows where.
        """
        from flopcrawl.database import DatabaseBusyError
        from flopcrawl.operation.remedies import remedy_for_machine

        try:
            self.exitcode = self.execute(args, opts)
        except (CommandError, DatabaseBusyError) as error:
            sys.stderr.write(f"{error}\n")
            self.exitcode = 1
        except BrokenPipeError:
            # the reader of our output (head, less) has gone: nothing is wrong
            sys.stderr.close()
        except (OSError, sqlite3.DatabaseError) as error:
            remedy = remedy_for_machine(error)
            if not remedy:
                raise
            sys.stderr.write(f"{error} — {remedy}\n")
            self.exitcode = 1

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Do the work and return the exit code."""
        raise NotImplementedError

    def _setting(self, name: str) -> str:
        assert self.settings is not None
        return str(self.settings[name])

    @property
    def database_path(self) -> Path:
        """The database (``FLOPCRAWL_DB``)."""
        return Path(self._setting("FLOPCRAWL_DB"))

    @property
    def overrides_folder(self) -> Path:
        """The folder of the hand-edited files (``FLOPCRAWL_OVERRIDES``)."""
        return Path(self._setting("FLOPCRAWL_OVERRIDES"))

    @property
    def exports_folder(self) -> Path:
        """The folder that generated files go to (``FLOPCRAWL_EXPORTS``)."""
        return Path(self._setting("FLOPCRAWL_EXPORTS"))

    @property
    def archive_path(self) -> Path:
        """The page archive (``FLOPCRAWL_ARCHIVE``)."""
        return Path(self._setting("FLOPCRAWL_ARCHIVE"))

    def places(self) -> Places:
        """What a backup keeps."""
        from flopcrawl.backup import Places

        return Places(self.database_path, self.archive_path, self.overrides_folder)

    def existing_database(self) -> Path:
        """The database, if there is one.

        Raises:
            CommandError: there is none; the message says how to make one.
        """
        if not self.database_path.exists():
            raise CommandError(
                f"there is no database at {self.database_path}: run 'scrapy refresh' "
                "('scrapy refresh --replay sample' for sample data), or set FLOPCRAWL_DB to the one that you mean"
            )
        return self.database_path

    @property
    def console(self) -> Console:
        """The terminal for messages and progress (standard error)."""
        from rich.console import Console

        return Console(stderr=True)

    @property
    def output(self) -> Console:
        """The terminal for results (standard output)."""
        from rich.console import Console

        return Console()


FlopcrawlCommand.__module__ = "flopcrawl.commands"  # else Scrapy would list it: every command class of a module is one
