"""Mistral AI's news: the links of the news page, and the changelog that its documentation keeps in a public repository.

Either shows a release; when one fails the other still does.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed, Folder, Links
from flopcrawl.base_spiders.news import NewsSpider


class MistralSpider(NewsSpider):
    """See the module."""

    name = "mistral"
    title = "Mistral AI news"
    organization = "Mistral AI"
    home = "https://mistral.ai/news"
    listings = (
        Links(
            "https://mistral.ai/news", (Feed("https://mistral.ai/news/rss"),), css="article a[href], a[href*='/news/']"
        ),
        Folder("https://api.github.com/repos/mistralai/platform-docs-public/contents/changelog/en"),
    )
    article = r"^https://mistral\.ai/news/[^/]+$|/platform-docs-public/.+\.mdx?$"
