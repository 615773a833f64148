"""Validate: what cannot be used goes to ``rejected`` with its reason, and never further."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from flopcrawl.items import ModelItem, RatingItem, RejectedItem, as_row
from flopcrawl.pipelines.normalize import MAX_NAME
from flopcrawl.vocabulary import FIELDS, Field

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from flopcrawl.pipelines.store import StorePipeline


def problem(item: Any) -> str:
    """Why an item cannot be stored; empty where it can."""
    if isinstance(item, (ModelItem, RatingItem)):
        if not item.name:
            return "no model name"
        if len(item.name) > MAX_NAME:
            return f"a model name of {len(item.name)} characters (at most {MAX_NAME})"
        if not any(char.isalnum() for char in item.name):
            return f"a model name without a letter or digit: {item.name!r}"
    if isinstance(item, RatingItem):
        spec = FIELDS[Field.ARENA_RATING]
        if not math.isfinite(item.rating) or not spec.low <= item.rating <= spec.high:
            return f"a rating of {item.rating}: outside {spec.low:g} to {spec.high:g}"
    return ""


class ValidatePipeline:
    """Stop what cannot be stored, and keep it with its reason."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ValidatePipeline:
        """Made by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Pass a good item on; hand a bad one to the store as rejected.

        Raises:
            DropItem: the item cannot be stored; the reason is in ``rejected``.
        """
        reason = problem(item)
        if not reason:
            return item
        from flopcrawl.pipelines.store import StorePipeline

        store: StorePipeline | None = self.crawler.get_item_pipeline(StorePipeline)
        if store is not None:
            store.process_item(RejectedItem(item.source, item.url, reason, as_row(item)))
        raise DropItem(reason, log_level="DEBUG")
