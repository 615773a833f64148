"""One source on the stand-in web, with a database and an archive of its own."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.standin import StandIn, settings_for
from tests.standin.crawl import crawl, project_spider
from tests.standin.server import arguments_for

ROOT = Path(__file__).parents[2]


class Source:
    """One source on the stand-in web, and its database."""

    def __init__(self, web: StandIn, folder: Path) -> None:
        self.web, self.folder = web, folder
        self.paths = {
            "FLOPCRAWL_DB": str(folder / "f.db"), "FLOPCRAWL_ARCHIVE": str(folder / "a.db"),
            "FLOPCRAWL_EXPORTS": str(folder), "FLOPCRAWL_OVERRIDES": str(folder / "overrides"),
        }  # fmt: skip
        self.run = 0

    def crawl(self, name: str, **settings: Any) -> dict[str, Any]:
        """Crawl in this process; return the stats."""
        self.run += 1
        quick = {"FLOPCRAWL_RUN_ID": f"run {self.run}", "DOWNLOAD_TIMEOUT": 5, "CONCURRENT_REQUESTS_PER_DOMAIN": 8}
        crawler = crawl(project_spider(name), settings_for(self.web, **self.paths, **quick, **settings))
        return crawler.stats.get_stats()

    def command(self, name: str) -> subprocess.CompletedProcess[str]:
        """``scrapy crawl NAME``, as a person runs it."""
        arguments = arguments_for(self.web, LOG_LEVEL="WARNING", **self.paths)
        return subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", name, *arguments],
            cwd=ROOT, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.folder / "f.db") as db:
            return db.execute(sql).fetchall()

    def state(self) -> str:
        return self.query("SELECT source_state FROM runs ORDER BY rowid DESC LIMIT 1")[0][0]

    def claims(self) -> int:
        return self.query("SELECT count(*) FROM claims WHERE status = 'current'")[0][0]
