"""IBM Research's blog, by the links of its page. Fallback: its feed; Granite comes through the hub and GitHub."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed, Links
from flopcrawl.base_spiders.news import NewsSpider


class IbmSpider(NewsSpider):
    """See the module."""

    name = "ibm"
    title = "IBM Research blog"
    organization = "IBM"
    home = "https://research.ibm.com/blog"
    listings = (
        Links("https://research.ibm.com/blog", (Feed("https://research.ibm.com/rss"),), css="a[href*='/blog/']"),
    )
    article = r"^https://research\.ibm\.com/blog/[^/]+/?$"
