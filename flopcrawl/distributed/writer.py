"""The writer: a spider whose source is Redis, so that its items go through the project's own pipelines."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Spider

from flopcrawl.distributed.items import items_key
from flopcrawl.distributed.keys import connect, run_prefix

WAIT_SECONDS = 0.2
BATCH = 200


class WriterSpider(Spider):
    """Stores what the nodes send, until every source of the run is finished and nothing is left.

    Items stay in Redis until they are stored: a writer that was killed begins with them again.
    """

    name = "writer"

    def __init__(self, sources: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sources = [source for source in sources.split(",") if source]

    async def start(self) -> AsyncIterator[Any]:
        """The items, as they come."""
        redis, prefix = connect(self.settings), run_prefix(self.settings)
        key, done = items_key(prefix), 0
        while True:
            # looked at before the list: what comes later than the end cannot be missed
            finished = all(redis.exists(f"{prefix}:{source}:finished") for source in self.sources)
            batch: list[bytes] = redis.lrange(key, done, done + BATCH - 1)  # type: ignore[assignment]
            for data in batch:
                yield pickle.loads(data)  # noqa: S301
            done += len(batch)
            if not batch:
                if finished:
                    return
                await asyncio.sleep(WAIT_SECONDS)
