"""``scrapy editoverrides``: a local form for those who prefer forms to spreadsheets."""

from __future__ import annotations

import argparse

from flopcrawl.commands.base import CommandError, FlopcrawlCommand

ADDRESS = "127.0.0.1"
PORT = 8002


class Command(FlopcrawlCommand):
    """Serve the form on this machine only, until Ctrl+C."""

    def syntax(self) -> str:
        """How it is called."""
        return "[--port PORT]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Edit the hand-edited files in a local form, with the same checks"

    def long_desc(self) -> str:
        """More words for ``--help``."""
        return (
            "A page for this machine only, apart from the public site. It changes the same CSV files: one row at a "
            "time, after the same checks, every other byte as it was; the file before the change stays beside it as "
            ".bak."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--port", type=int, default=PORT, help=f"where to listen (default {PORT})")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Serve until interrupted."""
        from aiohttp import web

        from flopcrawl.desk.app import Desk, make

        folder = self.overrides_folder
        if not folder.is_dir():
            raise CommandError(f"there is no folder {folder}: set FLOPCRAWL_OVERRIDES to the one that you mean")
        desk = Desk(folder, self.database_path, opts.port)
        self.console.print(f"Open http://{ADDRESS}:{opts.port}/ in your browser; Ctrl+C ends it.", highlight=False)
        try:
            web.run_app(make(desk), host=ADDRESS, port=opts.port, print=None)
        except OSError as error:
            raise CommandError(
                f"port {opts.port} cannot be used ({error.strerror}): name another with --port"
            ) from None
        return 0
