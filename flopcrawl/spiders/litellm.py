"""LiteLLM's table of model prices: the names under which providers serve models. Names only, no dates.

One JSON file in a public repository (MIT), renewed daily. Only providers that make their models are read.
Fallback: the last good copy; the other catalogues list the same models.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flopcrawl.base_spiders.catalogue import CatalogueSpider, Listed

TEXT_MODES = ("chat", "completion", "responses")


class LiteLLMSpider(CatalogueSpider):
    """See the module."""

    name = "litellm"
    title = "LiteLLM price table"
    home = "https://github.com/BerriAI/litellm"
    licence = "MIT"
    terms = "A file of a public repository."
    expected = (50, 20_000)
    address = ("https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",)
    routes = {r"model_prices_and_context_window\.json": "catalogue"}  # noqa: RUF012 (ClassVar in the base)

    def models(self, answer: Any) -> Iterator[Listed]:
        """``{key: {litellm_provider, mode}}``; a key may begin with its provider."""
        for key, row in answer.items():
            provider = str(row.get("litellm_provider") or "")
            if key == "sample_spec" or row.get("mode") not in TEXT_MODES:
                continue
            yield Listed(name=str(key).rpartition("/")[2], maker=provider)
