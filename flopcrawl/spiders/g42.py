"""G42's newsroom, by the links of its page. Fallback: its sitemap; Jais and K2 come through the hub."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Links, Sitemap
from flopcrawl.base_spiders.news import NewsSpider


class G42Spider(NewsSpider):
    """See the module."""

    name = "g42"
    title = "G42 newsroom"
    organization = "G42"
    home = "https://www.g42.ai/resources/news"
    listings = (
        Links(
            "https://www.g42.ai/resources/news", (Sitemap("https://www.g42.ai/sitemap.xml"),), css="a[href*='/news/']"
        ),
    )
    article = r"^https://www\.g42\.ai/(?:resources/)?news/[^/]+/?$"
