"""The Falcon team's blog, from its feed. Fallback: the links of its page; Falcon's cards come through the hub."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed, Links
from flopcrawl.base_spiders.news import NewsSpider


class TiiSpider(NewsSpider):
    """See the module."""

    name = "tii"
    title = "Falcon blog"
    organization = "Technology Innovation Institute"
    home = "https://falcon-lm.github.io/blog/"
    listings = (
        Feed(
            "https://falcon-lm.github.io/blog/index.xml",
            (Links("https://falcon-lm.github.io/blog/", css="a[href*='/blog/']"),),
        ),
    )
    article = r"^https://falcon-lm\.github\.io/blog/[^/]+/?$"
    minimum_articles = 1
    expected = (1, 1_000)
