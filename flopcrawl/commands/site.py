"""``scrapy site``: the database as a site, on this machine."""

from __future__ import annotations

import argparse
import contextlib
import socket
from pathlib import Path

from flopcrawl.commands.base import CommandError, FlopcrawlCommand


class Command(FlopcrawlCommand):
    """Serve the site."""

    def syntax(self) -> str:
        """How it is called."""
        return "[--port 8001] [--host 127.0.0.1] [--workers 1] [--live] [--immutable] [--export DIR] [--get PATH]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Serve the database as a site, read-only"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--port", type=int, default=8001)
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument(
            "--workers", type=int, default=1, metavar="N", help="processes that answer; as many as there are processors"
        )
        parser.add_argument(
            "--live", action="store_true", help="sample data where there is no database yet; refresh behind the site"
        )
        parser.add_argument(
            "--immutable", action="store_true",
            help="nothing writes to the database: its tables get addresses with a hash, which browsers may keep",
        )  # fmt: skip
        parser.add_argument("--export", metavar="DIR", help="write every page to files that any web server can serve")
        parser.add_argument("--get", metavar="PATH", help="print one page and end: exit 1 where it is not found")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Serve until interrupted."""
        from flopcrawl.settings import METADATA, ROOT
        from flopcrawl.site.app import Live, build, run_workers, server, shared_port

        if opts.workers < 1 or (opts.workers > 1 and (opts.live or opts.export or opts.get)):
            raise CommandError("--workers takes a number from 1 on; more than one serve neither --live nor one answer")
        if opts.immutable:
            self.check_immutable(opts.live)
        if opts.workers > 1:
            path = self.existing_database()
            self.listening(opts).close()  # nobody else may listen there, not even who would share
            with shared_port(opts.host, opts.port) as bound:
                run_workers(opts.workers, path, METADATA, bound, immutable=opts.immutable)
            return 0
        if opts.live:
            live = Live(self.database_path, self.exports_folder, ROOT / "sample", METADATA)
            with self.console.status("preparing the site"):
                application = live.application()
        else:
            application = build(self.existing_database(), METADATA, immutable=opts.immutable)
        if opts.export:
            return self.export_pages(application, Path(opts.export))
        if opts.get:
            return self.print_page(application, opts.get)
        with self.listening(opts) as listening, contextlib.suppress(KeyboardInterrupt):
            if opts.live:
                live.refresh_behind(application)
            server(application).run(sockets=[listening])
        return 0

    def listening(self, opts: argparse.Namespace) -> socket.socket:
        """A socket that listens where the options say.

        Raises:
            CommandError: the port cannot be used.
        """
        try:
            listening = socket.create_server((opts.host, opts.port))
        except OSError as error:
            raise CommandError(
                f"port {opts.port} cannot be used ({error.strerror}): choose another with --port"
            ) from None
        self.console.print(f"flopcrawl is at http://{opts.host}:{opts.port}/ (Ctrl-C ends it)")
        return listening

    def check_immutable(self, live: bool) -> None:
        """Refuse to promise that a database stays as it is where something may still write to it.

        Raises:
            CommandError: a refresh would run behind the site, or the write-ahead log holds what the file lacks.
        """
        if live:
            raise CommandError("--live refreshes the database behind the site: leave --immutable out")
        log = self.database_path.with_name(self.database_path.name + "-wal")
        if log.exists() and log.stat().st_size:
            raise CommandError(
                f"{log} holds what is not in the database yet: let its writer end, or serve a copy from a backup"
            )

    def export_pages(self, application: object, folder: Path) -> int:
        """Write the whole site to a folder."""
        import asyncio

        from flopcrawl.site.static_export import export

        with self.console.status(f"writing the site to {folder}"):
            written, failed = asyncio.run(export(application, folder))
        self.console.print(f"{written} files in {folder}", highlight=False)
        for address in failed:
            self.console.print(f"not written: {address[:200]}", highlight=False, markup=False)
        return 1 if failed else 0

    @staticmethod
    def print_page(application: object, path: str) -> int:
        """Print one page as a visitor's browser would get it."""
        import asyncio

        response = asyncio.run(application.client.get(path))  # type: ignore[attr-defined]
        print(response.text)
        return 0 if response.status_code == 200 else 1
