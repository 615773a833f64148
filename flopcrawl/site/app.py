"""The site as an application: Datasette over the database, read-only and limited, with this project's plugin.

``Live`` shows a site at once and lets it change over: the real database where there is one, else the sample's, while a
refresh from the real sources runs behind it.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from flopcrawl import database
from flopcrawl.site import plugin
from flopcrawl.site.data import DATABASE

logger = logging.getLogger(__name__)

SETTINGS = {
    "suggest_facets": False,  # suggesting them costs more than the page
    "sql_time_limit_ms": 2_000,
    "max_returned_rows": 2_000,
    "default_page_size": 100,
    "facet_time_limit_ms": 500,
    "max_csv_mb": 50,
    "allow_download": False,
    "num_sql_threads": 4,
}


def build(path: Path, metadata: Path) -> Datasette:
    """The application over the database at ``path``, served under the name ``flopcrawl``."""
    if not pm.is_registered(plugin):
        pm.register(plugin, name="flopcrawl")
    application = Datasette(
        files=[],
        metadata=json.loads(metadata.read_text(encoding="utf-8")),
        template_dir=str(plugin.TEMPLATES),
        static_mounts=[("assets", str(plugin.STATIC))],
        settings=SETTINGS,
    )
    serve(application, path)
    return application


def serve(application: Datasette, path: Path) -> None:
    """Let the application serve the database at ``path`` from the next request on."""
    served = Database(application, path=str(path), is_mutable=True)
    served.name = DATABASE
    if DATABASE in application.databases:
        application.remove_database(DATABASE)
    application.add_database(served, name=DATABASE)


def has_models(path: Path) -> bool:
    """Is there a database with models at ``path``?"""
    if not path.exists():
        return False
    try:
        with database.open_for_reading(path) as db:
            return bool(db.execute("SELECT EXISTS (SELECT 1 FROM models)").fetchone()[0])
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

        def work() -> None:
            code = run_refresh([], dict(os.environ))
            if has_models(self.real):
                serve(application, self.real)
                print(f"the site now shows {self.real} (the refresh ended with code {code})", file=sys.stderr)  # noqa: T201
            else:
                print("the sources could not be read: the site keeps showing sample data", file=sys.stderr)  # noqa: T201

        thread = threading.Thread(target=work, name="refresh", daemon=True)
        thread.start()
        return thread


def run_refresh(arguments: list[str], environment: dict[str, str]) -> int:
    """Run ``scrapy refresh`` in a process of its own and return its exit code; its output goes to the log."""
    command = [sys.executable, "-m", "scrapy", "refresh", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    logger.info("%s ended with %s\n%s\n%s", " ".join(command), done.returncode, done.stdout, done.stderr)
    return done.returncode
