"""The writer: a spider whose source is Redis, so that its items go through the project's own pipelines."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from scrapy import Spider

from flopcrawl.clock import now
from flopcrawl.distributed.items import items_key
from flopcrawl.distributed.keys import connect, run_prefix
from flopcrawl.items import ModelItem, PageItem, RatingItem, ReferenceItem, RejectedItem
from flopcrawl.vocabulary import SourceState

WAIT_SECONDS = 0.2
BATCH = 200


@dataclass(slots=True)
class Received:
    """What the nodes have sent of one source: models or rows that it met, items, items refused, pages, their bytes."""

    started_at: str
    found: set[str] = field(default_factory=set)
    items: int = 0
    rejected: int = 0
    pages: int = 0
    bytes: int = 0

    def count(self, item: Any) -> None:
        """Count an item."""
        self.items += 1
        if isinstance(item, (ModelItem, RatingItem)):
            self.found.add(item.name)
        elif isinstance(item, ReferenceItem):
            self.found.add(item.model)
        elif isinstance(item, RejectedItem):
            self.rejected += 1
        elif isinstance(item, PageItem):
            self.pages += 1
            self.bytes += item.bytes or 0

    def run(self, run_id: str, source: str, least: int) -> dict[str, Any]:
        """The row of ``runs``; fewer than ``least`` models fail the source."""
        return {
            "run_id": run_id, "spider": source, "started_at": self.started_at, "finished_at": now(),
            "finish_reason": "finished", "requests": self.pages, "bytes": self.bytes, "items": self.items,
            "rejected": self.rejected, "errors": 0, "revalidated": 0, "served_stale": 0,
            "source_state": str(SourceState.LIVE if len(self.found) >= least else SourceState.FAILED),
        }  # fmt: skip


class WriterSpider(Spider):
    """Stores what the nodes send, until every source of the run is finished and nothing is left.

    Items stay in Redis until they are stored: a writer that was killed begins with them again.
    """

    name = "writer"
    # the run log and the monitors are about sources; theirs are written from what :attr:`received` has
    custom_settings = {  # noqa: RUF012 (Scrapy's own attribute)
        "EXTENSIONS": {"flopcrawl.extensions.jsonlog.JsonLog": 900}, "SPIDERMON_ENABLED": False,
    }  # fmt: skip

    def __init__(self, sources: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.received = {source: Received(now()) for source in sources.split(",") if source}

    async def start(self) -> AsyncIterator[Any]:
        """The items, as they come."""
        redis, prefix = connect(self.settings), run_prefix(self.settings)
        key, done = items_key(prefix), 0
        while True:
            # looked at before the list: what comes later than the end cannot be missed
            finished = all(redis.exists(f"{prefix}:{source}:finished") for source in self.received)
            batch: list[bytes] = redis.lrange(key, done, done + BATCH - 1)  # type: ignore[assignment]
            for data in batch:
                item = pickle.loads(data)  # noqa: S301
                if item.source in self.received:
                    self.received[item.source].count(item)
                yield item
            done += len(batch)
            if not batch:
                if finished:
                    return
                await asyncio.sleep(WAIT_SECONDS)
