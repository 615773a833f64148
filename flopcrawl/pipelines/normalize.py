"""Normalize: names and texts get one spelling before anything is compared or stored."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

from flopcrawl.items import ModelItem, RatingItem
from flopcrawl.vocabulary import Accessibility, Domain, Field

MAX_NAME = 200
"""Longest model name that is kept whole, in characters; no real one comes near it."""

WORDS = {
    Field.DOMAIN: {word.lower(): word.value for word in Domain},
    Field.ACCESSIBILITY: {word.lower(): word.value for word in Accessibility},
}
"""The fixed vocabularies, matched without regard to case."""


def clean_text(text: str) -> str:
    """One line of text: Unicode composed (NFC), control and format characters gone, blanks single."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if unicodedata.category(char) == "Cc" else char for char in composed)
    return " ".join("".join(char for char in kept if unicodedata.category(char) not in ("Cf", "Cs", "Co")).split())


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
