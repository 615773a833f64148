"""Structured logs: every record as one line of JSON, for machines, beside the log that people read."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import NotConfigured

from flopcrawl.extensions.monitors import run_id_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class JsonFormatter(logging.Formatter):
    """Time, level, logger, source, message, and a traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        spider = getattr(record, "spider", None)
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "source": getattr(spider, "name", ""),
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class JsonLog:
    """Appends to the file ``FLOPCRAWL_LOG_JSON`` while a crawl runs; its last line holds the crawl's stats.

    The spiders of a refresh share one handler, so that no record is written twice.
    """

    users = 0
    handler: logging.Handler | None = None

    def __init__(self, crawler: Crawler, path: Path) -> None:
        self.crawler = crawler
        self.path = path

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> JsonLog:
        """Made by Scrapy; off without ``FLOPCRAWL_LOG_JSON``."""
        path = crawler.settings["FLOPCRAWL_LOG_JSON"]
        if not path:
            raise NotConfigured
        extension = cls(crawler, Path(path))
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        """Begin to write."""
        kind = type(self)
        kind.users += 1
        if kind.handler is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            kind.handler = logging.FileHandler(self.path, encoding="utf-8")
            kind.handler.setFormatter(JsonFormatter())
            logging.getLogger().addHandler(kind.handler)

    def spider_closed(self) -> None:
        """Write the stats; the last crawl of the process closes the file."""
        kind = type(self)
        stats = self.crawler.stats.get_stats() if self.crawler.stats else {}
        plain = {name: value for name, value in sorted(stats.items()) if isinstance(value, (int, float, str))}
        values = {
            "name": __name__, "levelno": logging.INFO, "levelname": "INFO", "spider": self.crawler.spider,
            "msg": json.dumps({"run_id": run_id_of(self.crawler), "stats": plain}, ensure_ascii=False),
        }  # fmt: skip
        if kind.handler is not None:
            # not through the logger, whose level may be too high for it
            kind.handler.handle(logging.makeLogRecord(values))
        kind.users -= 1
        if kind.users == 0 and kind.handler is not None:
            logging.getLogger().removeHandler(kind.handler)
            kind.handler.close()
            kind.handler = None
