"""models.dev: a community database of models by provider, with release dates and whether the weights are open.

One JSON file under the MIT licence, renewed daily. Only providers that make their models are read: the others resell.
Fallback: the last good copy; the other catalogues list the same models.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flopcrawl.base_spiders.catalogue import CatalogueSpider, Listed


class ModelsDevSpider(CatalogueSpider):
    """See the module."""

    name = "models_dev"
    title = "models.dev"
    home = "https://models.dev"
    licence = "MIT"
    terms = "Open data, published to be read by programs."
    expected = (100, 20_000)
    address = ("https://models.dev/api.json",)
    routes = {r"models\.dev/api\.json": "catalogue"}  # noqa: RUF012 (ClassVar in the base)

    def models(self, answer: Any) -> Iterator[Listed]:
        """``{provider: {models: {id: {name, release_date, open_weights, modalities}}}}``."""
        for provider, entry in answer.items():
            for identifier, row in entry["models"].items():
                maker, _, slug = str(identifier).rpartition("/")
                outputs = (row.get("modalities") or {}).get("output") or ["text"]
                yield Listed(
                    name=str(row.get("name") or slug),
                    maker=maker or str(provider),
                    released=str(row.get("release_date") or ""),
                    open_weights=row.get("open_weights"),
                    outputs_text="text" in outputs,
                )
