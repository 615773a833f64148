"""LG AI Research's blog, by the links of its page (posts are numbered).

Fallback: its feed; EXAONE comes through the hub.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed, Links
from flopcrawl.base_spiders.news import NewsSpider


class LGSpider(NewsSpider):
    """See the module."""

    name = "lg"
    title = "LG AI Research blog"
    organization = "LG AI Research"
    home = "https://www.lgresearch.ai/blog"
    listings = (
        Links(
            "https://www.lgresearch.ai/blog",
            (Feed("https://www.lgresearch.ai/blog/rss.xml"),),
            css="a[href*='view?seq=']",
        ),
    )
    article = r"^https://www\.lgresearch\.ai/(?:blog|news)/view\?seq=\d+"
