"""The Allen Institute for AI's blog, by the links of its page.

Fallback: its feed; OLMo comes through the hub and GitHub.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed, Links
from flopcrawl.base_spiders.news import NewsSpider


class Ai2Spider(NewsSpider):
    """See the module."""

    name = "ai2"
    title = "Ai2 blog"
    organization = "Allen Institute for AI"
    home = "https://allenai.org/blog"
    listings = (Links("https://allenai.org/blog", (Feed("https://allenai.org/rss.xml"),), css="a[href*='/blog/']"),)
    article = r"^https://allenai\.org/blog/[^/]+/?$"
