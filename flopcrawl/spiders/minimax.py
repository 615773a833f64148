"""MiniMax's blog by its links, and the release notes of its platform. Either shows a release."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Entries, Links
from flopcrawl.base_spiders.news import NewsSpider


class MiniMaxSpider(NewsSpider):
    """See the module."""

    name = "minimax"
    title = "MiniMax news and release notes"
    organization = "MiniMax"
    home = "https://www.minimax.io/news"
    listings = (
        Links("https://www.minimax.io/blog", css="a[href*='/blog/'], a[href*='/news/']"),
        Entries(
            "https://platform.minimax.io/docs/release-notes/models",
            css=".update-container, [data-component-name='update-container']",
            title="h1, h2, h3",
        ),
    )
    article = r"^https://www\.minimax\.io/(?:blog|news)/[^/]+/?$"
