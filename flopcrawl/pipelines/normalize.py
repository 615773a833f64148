"""Normalize: names and texts get one spelling before anything is compared or stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flopcrawl.items import ModelItem, RatingItem
from flopcrawl.loaders import WORDS, clean_text

MAX_NAME = 200
"""Longest model name that is kept whole, in characters; no real one comes near it."""


class NormalizePipeline:
    """Give names, organizations and words of a fixed vocabulary one spelling. Values in doubt stay as they are."""

    def process_item(self, item: Any) -> Any:
        """Normalize a model item or a leaderboard row; pass everything else on."""
        if isinstance(item, (ModelItem, RatingItem)):
            item.name = clean_text(item.name)
            item.organization = clean_text(item.organization)
        if isinstance(item, ModelItem):
            item.facts = [
                replace(fact, value=words.get(str(fact.value).lower(), fact.value))
                if (words := WORDS.get(fact.field))
                else fact
                for fact in item.facts
            ]
        return item
