"""OpenRouter's catalogue of models: names, makers, the day on which each was listed.

A public API without a key, renewed continuously. Discovery only: nothing in it tells of training. Fallback: the last
good copy; the other catalogues list the same models.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flopcrawl.base_spiders.catalogue import CatalogueSpider, Listed, day_of


class OpenRouterSpider(CatalogueSpider):
    """See the module."""

    name = "openrouter"
    title = "OpenRouter catalogue"
    home = "https://openrouter.ai/models"
    licence = "Names and dates of models are facts; no text is kept"
    terms = "Public API, no key needed."
    expected = (100, 5_000)
    address = ("https://openrouter.ai/api/v1/models",)
    routes = {r"openrouter\.ai/api/v1/models": "catalogue"}  # noqa: RUF012 (ClassVar in the base)

    def models(self, answer: Any) -> Iterator[Listed]:
        """``name`` is "Maker: Model", ``id`` "maker/model"; open weights have a hub id."""
        for row in answer["data"]:
            maker, _, slug = str(row["id"]).partition("/")
            name = str(row.get("name") or slug).partition(": ")[2] or slug
            outputs = (row.get("architecture") or {}).get("output_modalities") or ["text"]
            yield Listed(
                name=name.removesuffix(" (free)"),
                maker=maker.lstrip("~"),
                listed=day_of(row.get("created")),
                open_weights=bool(row.get("hugging_face_id")),
                outputs_text="text" in outputs,
            )
