"""Anthropic's news: articles found through the sitemap, whose dates are edits and never taken for publication.

There is no feed. Fallback: the links of the news page.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Links, Sitemap
from flopcrawl.base_spiders.news import NewsSpider


class AnthropicSpider(NewsSpider):
    """See the module."""

    name = "anthropic"
    title = "Anthropic news"
    organization = "Anthropic"
    home = "https://www.anthropic.com/news"
    listings = (
        Sitemap(
            "https://www.anthropic.com/sitemap.xml", (Links("https://www.anthropic.com/news", css='a[href*="/news/"]'),)
        ),
    )
    article = r"^https://www\.anthropic\.com/news/[^/]+$"
