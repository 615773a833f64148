"""GitHub: READMEs and model cards in the newest repositories of the labs' organizations.

Listings come from the API (60 calls an hour without a token; ``GITHUB_TOKEN`` raises it), files from the raw host.
Each README has its repository's licence; facts and short quotes are kept. What was read last stands in when it is down.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from scrapy import Request

from flopcrawl.base_spiders.code_host import CodeHostSpider
from flopcrawl.identity.organizations import organizations


class GitHubSpider(CodeHostSpider):
    """See the module."""

    name = "github"
    title = "GitHub repositories of labs"
    home = "https://github.com"
    licence = "READMEs under their repositories' licences; facts and short quotes are kept"
    terms = "Documented API: 60 calls an hour without a token."
    cadence = "daily"
    expected = (20, 20_000)
    api = "https://api.github.com"
    raw = "https://raw.githubusercontent.com"
    anonymous_calls = 55
    """Calls of one run without a token: below the 60 that an hour allows."""

    custom_settings = {"DOWNLOAD_DELAY": 0.5}  # noqa: RUF012 (Scrapy's own attribute)

    def listing(self) -> Iterable[Request]:
        """The newest repositories of every organization that we know, as many as the limit allows."""
        accounts = [account for organization in organizations() for account in organization.github]
        for account in accounts if os.environ.get("GITHUB_TOKEN") else accounts[: self.anonymous_calls]:
            yield self.ask(self.listing_address(account), expect="json", optional=True)

    def ask(self, *addresses: str, expect: str = "", **meta: Any) -> Request:
        """A request, with the token where there is one."""
        request = super().ask(*addresses, expect=expect, **meta)
        token = os.environ.get("GITHUB_TOKEN")
        if token and addresses[0].startswith(self.api):
            request.headers["Authorization"] = f"Bearer {token}"
        return request
