"""Items on their way from the nodes to the writer."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

from flopcrawl.distributed.keys import KEPT_SECONDS, connect, run_prefix
from flopcrawl.vocabulary import SourceState

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def items_key(prefix: str) -> str:
    """The list of items that wait for the writer."""
    return f"{prefix}:items"


class SendPipeline:
    """Puts every item into Redis; a request counts as finished only after its items are there."""

    def __init__(self, crawler: Crawler) -> None:
        self.redis = connect(crawler.settings)
        self.key = items_key(run_prefix(crawler.settings))
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SendPipeline:
        """Made by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Send."""
        with self.redis.pipeline() as pipe:
            pipe.rpush(self.key, pickle.dumps(item, protocol=pickle.HIGHEST_PROTOCOL))
            pipe.expire(self.key, KEPT_SECONDS)
            pipe.execute()
        return item

    def close_spider(self) -> None:
        """A node has done its share; whether that was enough, only the writer can know."""
        assert self.stats is not None
        self.stats.set_value("flopcrawl/source_state", str(SourceState.LIVE))
