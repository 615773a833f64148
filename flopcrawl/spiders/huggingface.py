"""The Hugging Face hub: repositories of every lab, the most downloaded large models, their cards and configs.

Uses the public API and the public files; a token (``HF_TOKEN``) is optional and only raises the rate limit. Cards of
gated repositories are not read: their listing is. Files are asked for only when the listing says that they changed.
Each card has its own licence; facts and short quotes are kept. What was read last stands in when the hub is down, and
READMEs come through GitHub.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from scrapy import Request

from flopcrawl.base_spiders.model_hub import ModelHubSpider
from flopcrawl.identity.organizations import organizations

LARGE = "min:30B"
"""Size from which the most downloaded models are listed whoever made them."""


class HuggingFaceSpider(ModelHubSpider):
    """See the module."""

    name = "huggingface"
    title = "Hugging Face hub"
    home = "https://huggingface.co/models"
    licence = "Cards under their own licences; facts and short quotes are kept"
    terms = "Public API, rate limited (500 calls, 3,000 files in 5 minutes without a token)."
    cadence = "daily"
    expected = (200, 50_000)
    hub = "https://huggingface.co"
    custom_settings = {  # noqa: RUF012 (Scrapy's own attribute)
        # 3,000 files in 300 s are allowed: one in a quarter of a second stays well below
        "DOWNLOAD_DELAY": 0.25,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
        "AUTOTHROTTLE_ENABLED": False,
    }

    def listing(self) -> Iterable[Request]:
        """The newest repositories of every organization that we know, then large ones of all: most used, newest."""
        for organization in organizations():
            for account in organization.hub:
                yield self.ask(self.listing_address(author=account, sort="createdAt"), expect="json", optional=True)
        for order in ("downloads", "createdAt"):
            yield self.ask(self.listing_address(sort=order, num_parameters=LARGE), expect="json")

    def ask(self, *addresses: str, expect: str = "", **meta: Any) -> Request:
        """A request, with the token where there is one."""
        request = super().ask(*addresses, expect=expect, **meta)
        token = os.environ.get("HF_TOKEN")
        if token and addresses[0].startswith(self.hub):
            request.headers["Authorization"] = f"Bearer {token}"
        return request
