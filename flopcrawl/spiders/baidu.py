"""Baidu's ERNIE blog, by the links of its page.

Fallback: its feed; ERNIE's open models come through the hub and GitHub.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed, Links
from flopcrawl.base_spiders.news import NewsSpider


class BaiduSpider(NewsSpider):
    """See the module."""

    name = "baidu"
    title = "ERNIE blog"
    organization = "Baidu"
    home = "https://ernie.baidu.com/blog/"
    listings = (
        Links(
            "https://ernie.baidu.com/blog/", (Feed("https://ernie.baidu.com/blog/index.xml"),), css="a[href*='/blog/']"
        ),
    )
    article = r"^https://ernie\.baidu\.com/blog/(?:posts/)?[^/]+/?$"
