"""Code hosts: the READMEs and model cards in the repositories of organizations, in the shape of GitHub's API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy.http import Response

from flopcrawl.base_spiders.model_hub import seconds_since
from flopcrawl.base_spiders.reading import announced, items_of
from flopcrawl.base_spiders.source import ShortfallError, SourceSpider
from flopcrawl.extraction import UnreadableError, read
from flopcrawl.identity.organizations import organizations

TOOLS = re.compile(
    r"(?i)sdk|api|cookbook|docs?$|demo|client|agent|benchmark|eval|plugin|extension|cli$|ui$|website|dataset|tutorial|"
    r"\.github|action|template|infra|kernel"
)
"""Words in the names of repositories that hold software around models, and no model."""


class CodeHostSpider(SourceSpider):
    """A code host.

    ``files`` are asked for in each repository; most have only the first. ``newest`` is how many of an organization's
    newest repositories are looked at.
    """

    api: ClassVar[str] = ""
    raw: ClassVar[str] = ""
    files: ClassVar[tuple[str, ...]] = ("README.md", "MODEL_CARD.md")
    newest: ClassVar[int] = 30
    minimum_stars: ClassVar[int] = 20
    routes: ClassVar[dict[str, str]] = {
        r"/orgs/[^/]+/repos": "repositories",
        # an index.md, in whatever language, is a post of a blog that is kept there
        r"raw\.githubusercontent\.com/(?:.*/)?(?!index\b)[^/]+\.(?:md|mdx)$": "card",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.developers = {account.lower(): each.name for each in organizations() for account in each.github}

    def is_listing(self, url: str) -> bool:
        """Listings lead to cards; in a replay cards are read whether or not a listing leads to them."""
        return "/repos" in url

    def listing_address(self, account: str) -> str:
        """The newest repositories of an organization."""
        return f"{self.api}/orgs/{account}/repos?sort=created&per_page={self.newest}"

    def repositories(self, response: Response) -> Iterator[Any]:
        """A listing: the cards of repositories that may hold a model."""
        try:
            rows = json.loads(response.body)
        except ValueError as error:
            raise ShortfallError(f"no JSON ({error})") from None
        if not isinstance(rows, list):
            raise ShortfallError("not a list of repositories")
        if not rows:
            self.emptied(response, "repository")
        for row in rows:
            name = str(row.get("full_name") or "")
            if name.count("/") != 1:
                yield self.rejected(response, "a repository without owner and name", **row)
                continue
            if row.get("fork") or row.get("archived") or TOOLS.search(name.split("/")[1]):
                continue
            if int(row.get("stargazers_count") or 0) < self.minimum_stars:
                continue
            changed = str(row.get("pushed_at") or "")
            fresh_for = seconds_since(changed)
            for file in self.files:
                meta: dict[str, Any] = {"optional": True}
                if fresh_for is not None:
                    meta["fresh_for"] = fresh_for
                address = f"{self.raw}/{name}/HEAD/{file}"
                if not self.is_known_to_lack(address, changed):
                    yield self.ask(address, expect="text", **meta)

    def card(self, response: Response) -> Iterator[Any]:
        """A README or a model card: each fact under the model it is about."""
        owner, repository = urlsplit(response.url).path.strip("/").split("/")[:2]
        try:
            reading = read(response.body, kind="md", name=f"{owner}__{repository}.md", url=response.url)
        except UnreadableError as error:
            yield self.rejected(response, f"the page cannot be read: {error}")
            return
        organization = self.developers.get(owner.lower(), "")
        # a README that presents a model speaks for it, not for the rivals in its tables
        for model, facts in list(announced(reading, repository)) or items_of(reading):
            yield self.model(response, model, facts, organization or owner)
