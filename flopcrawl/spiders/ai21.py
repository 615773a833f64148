"""AI21 Labs' blog, by the links of its page. Fallback: its sitemap; Jamba's cards come through the hub."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Links, Sitemap
from flopcrawl.base_spiders.news import NewsSpider


class AI21Spider(NewsSpider):
    """See the module."""

    name = "ai21"
    title = "AI21 Labs blog"
    organization = "AI21 Labs"
    home = "https://www.ai21.com/blog"
    listings = (
        Links("https://www.ai21.com/blog", (Sitemap("https://www.ai21.com/sitemap.xml"),), css="a[href*='/blog/']"),
    )
    article = r"^https://www\.ai21\.com/blog/[^/]+/?$"
