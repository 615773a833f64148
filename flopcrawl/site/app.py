"""The site as an application: Datasette over the database, read-only and limited, with this project's plugin.

``Live`` shows a site at once and lets it change over: the real database where there is one, else the sample's, while a
refresh from the real sources runs behind it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from uvicorn.supervisors import Multiprocess

from flopcrawl import database
from flopcrawl.site import plugin
from flopcrawl.site.data import DATABASE, served_path, stamp

logger = logging.getLogger(__name__)

SETTINGS = {
    "suggest_facets": False,  # suggesting them costs more than the page
    "sql_time_limit_ms": 2_000,
    "max_returned_rows": 2_000,
    "default_page_size": 50,  # rows of a table; drawing them is most of the time of its page
    "facet_time_limit_ms": 500,
    "max_csv_mb": 50,
    "allow_download": False,
    "num_sql_threads": 4,
}

ANY_ESTIMATE = "SELECT EXISTS (SELECT 1 FROM models WHERE listed = 1 OR training_flop IS NOT NULL)"


def build(path: Path, metadata: Path, *, immutable: bool = False) -> Datasette:
    """The application over the database at ``path``, served under the name ``flopcrawl``, ready for its first request.

    ``immutable`` promises that nothing writes to the file: its tables get addresses with a hash of it, which browsers
    and proxies may keep for a year, and rows are counted once.
    """
    application = assembled(path, metadata, immutable=immutable)
    asyncio.run(application.invoke_startup())  # a plugin's wrapper wants it before the first request
    return application


def assembled(path: Path, metadata: Path, *, immutable: bool) -> Datasette:
    """The application, its plugins not yet started."""
    if not pm.is_registered(plugin):
        pm.register(plugin, name="flopcrawl")
    application = Datasette(
        files=[],
        metadata=json.loads(metadata.read_text(encoding="utf-8")),
        template_dir=str(plugin.TEMPLATES),
        static_mounts=[("assets", str(plugin.STATIC))],
        settings=SETTINGS,
    )
    serve(application, path, immutable=immutable)
    return application


class Served(Database):  # type: ignore[misc]
    """A database whose connections are its own, one for each thread that reads it.

    Datasette keeps them under the database's *name*: after a change-over its threads would go on reading the old file.
    """

    def __init__(self, application: Datasette, path: Path, immutable: bool) -> None:
        super().__init__(application, path=str(path), is_mutable=not immutable)
        self.name = self.route = DATABASE
        self.connections = threading.local()

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """What ``fn`` gives for a connection, in one of the application's threads."""

        def in_thread() -> Any:
            if not hasattr(self.connections, "mine"):
                connection = self.connect()
                self.ds._prepare_connection(connection, self.name)
                self.connections.mine = connection
            return fn(self.connections.mine)

        return await asyncio.get_running_loop().run_in_executor(self.ds.executor, in_thread)


def serve(application: Datasette, path: Path, *, immutable: bool = False) -> None:
    """Let the application serve the database at ``path`` from the next request on."""
    served = Served(application, path, immutable)
    application.databases = {**application.databases, DATABASE: served}  # no moment without one


OPENED_MOST = (
    "/", "/?threshold=1e23", "/?threshold=1e26", "/?colour=developer", "/trends", "/developers", "/review", "/accuracy",
    "/changes", "/changes.atom", "/as-of", "/sources", "/method", "/queries", f"/{DATABASE}/models",
)  # fmt: skip
"""Pages whose first making takes longest, or that most visitors open."""

LOOK_SECONDS = 2.0
"""How often the server looks whether the data have changed."""


async def keep_ready(application: Datasette, served: Any) -> None:
    """Ask ``served`` for those pages now, and again when the data have changed and then stood still.

    So no visitor waits for charts and lists to be computed. While a refresh writes, pages are made when asked for.
    """
    ready = seen = ""
    transport = httpx.ASGITransport(app=served, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=600) as client:
        while True:
            now = stamp(application)
            if now != ready and (now == seen or not ready):
                for address in OPENED_MOST:
                    await client.get(address)
                ready = now
            seen = now
            await asyncio.sleep(LOOK_SECONDS)


class Site:
    """The application as a server runs it (ASGI): its pages are made before they are asked for."""

    def __init__(self, application: Datasette) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request; at the server's start, start the plugins and begin to make pages."""
        if scope["type"] == "lifespan":
            await self.application.invoke_startup()
            self.served = self.application.app()
            self.making_ready = asyncio.create_task(keep_ready(self.application, self.served))
        await self.served(scope, receive, send)


def server(application: Datasette) -> uvicorn.Server:
    """A server of this process. ``run`` takes the sockets to listen on."""
    return uvicorn.Server(uvicorn.Config(Site(application), log_level="warning", access_log=False))


class SharedPort(socket.socket):
    """A bound socket that a worker, which gets it pickled, opens anew on the same port.

    So the kernel deals connections out to the workers. Of one socket that all inherit, the first worker to wake accepts
    every connection that waits.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return shared_port, self.getsockname()[:2]


def shared_port(host: str, port: int) -> SharedPort:
    """A socket bound to a port that other processes of this user may bind, too.

    Raises:
        OSError: somebody listens there who does not share.
    """
    bound = SharedPort(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((host, port))
    return bound


PATIENCE = 30
"""Seconds after which a worker that answers no ping is started anew. While it imports, it answers none."""


def run_workers(count: int, path: Path, metadata: Path, bound: SharedPort, *, immutable: bool) -> None:
    """Serve the database from ``count`` processes until interrupted; one that dies is started anew."""
    config = uvicorn.Config(
        partial(worker, path, metadata, immutable), factory=True, workers=count, log_level="warning", access_log=False,
        timeout_worker_healthcheck=PATIENCE,
    )  # fmt: skip
    Multiprocess(config, sockets=[bound]).run()


def worker(path: Path, metadata: Path, immutable: bool) -> Site:
    """What one of several processes serves."""
    return Site(assembled(path, metadata, immutable=immutable))


def has_models(path: Path) -> bool:
    """Is there a database at ``path`` worth showing: with a model that is listed, or has an estimate?

    A refresh without a network still leaves a database, and hand-made rows may put bare names into it.
    """
    if not path.exists():
        return False
    try:
        with database.open_for_reading(path) as db:
            return bool(db.execute(ANY_ESTIMATE).fetchone()[0])
    except sqlite3.DatabaseError:
        return False


class Live:
    """The real database where there is one, else the sample's; and a refresh behind it."""

    def __init__(self, real: Path, exports: Path, sample_pages: Path, metadata: Path) -> None:
        self.real = real
        self.exports = exports
        self.sample_pages = sample_pages
        self.sample = exports / "sample" / "flopcrawl.db"
        self.metadata = metadata

    def application(self) -> Datasette:
        """The application, over what there is; the sample is made first where there is nothing."""
        if has_models(self.real):
            return build(self.real, self.metadata)
        if not has_models(self.sample):
            self.make_sample()
        return build(self.sample, self.metadata)

    def make_sample(self) -> None:
        """Make the sample's database from its pages: a few seconds, no request."""
        environment = {
            **os.environ,
            "FLOPCRAWL_DB": str(self.sample),
            "FLOPCRAWL_EXPORTS": str(self.sample.parent),
            "FLOPCRAWL_ARCHIVE": str(self.sample.with_name("archive.db")),
        }
        run_refresh(["--replay", str(self.sample_pages)], environment)

    def refresh_behind(self, application: Any) -> threading.Thread:
        """Refresh from the real sources in a process of its own, and change over when it has models."""
        thread = threading.Thread(target=self.refresh_and_change_over, args=(application,), name="refresh", daemon=True)
        thread.start()
        return thread

    def refresh_and_change_over(self, application: Any) -> None:
        """Refresh, then let the application serve the real database where it has models; one line says which."""
        code = run_refresh([], dict(os.environ))
        if not has_models(self.real):
            say("the sources could not be read: the site keeps showing sample data")
        elif served_path(application) == self.real:
            say(f"the refresh ended with code {code}: the site shows what it found")
        else:
            serve(application, self.real)
            say(f"the site now shows {self.real} (the refresh ended with code {code})")


def say(line: str) -> None:
    """Tell the person at the terminal, beside what the site prints."""
    print(line, file=sys.stderr)  # noqa: T201 (a terminal is where this is read)


def run_refresh(arguments: list[str], environment: dict[str, str]) -> int:
    """Run ``scrapy refresh`` in a process of its own and return its exit code; its output goes to the log."""
    command = [sys.executable, "-m", "scrapy", "refresh", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    logger.info("%s ended with %s\n%s\n%s", " ".join(command), done.returncode, done.stdout, done.stderr)
    return done.returncode
