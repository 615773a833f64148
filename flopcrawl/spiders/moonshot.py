"""Moonshot's research posts and its platform's blog, by the links of their pages. Either shows a release."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Links
from flopcrawl.base_spiders.news import NewsSpider


class MoonshotSpider(NewsSpider):
    """See the module."""

    name = "moonshot"
    title = "Kimi research and Moonshot blog"
    organization = "Moonshot"
    home = "https://www.kimi.com/blog/"
    listings = (
        Links("https://www.kimi.com/blog/", css="a[href*='/blog/']"),
        Links("https://platform.moonshot.ai/blog", css="a[href*='/blog/posts/']"),
    )
    article = r"^https://(?:www\.kimi\.com/blog|platform\.moonshot\.ai/blog/posts)/[^/]+/?$"
