"""Samsung Research's blog, by the links of its page.

Fallback: its technology blog's feed; papers come through arXiv.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed, Links
from flopcrawl.base_spiders.news import NewsSpider


class SamsungSpider(NewsSpider):
    """See the module."""

    name = "samsung"
    title = "Samsung Research blog"
    organization = "Samsung"
    home = "https://research.samsung.com/blog"
    listings = (
        Links(
            "https://research.samsung.com/blog", (Feed("https://techblog.samsung.com/rss"),), css="a[href*='/blog/']"
        ),
    )
    article = r"^https://(?:research\.samsung\.com|techblog\.samsung\.com)/blog/[^/]+"
