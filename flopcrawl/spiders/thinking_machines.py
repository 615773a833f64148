"""Thinking Machines Lab's blog, by the links of its page. Fallback: its feed."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed, Links
from flopcrawl.base_spiders.news import NewsSpider


class ThinkingMachinesSpider(NewsSpider):
    """See the module."""

    name = "thinking_machines"
    title = "Thinking Machines blog"
    organization = "Thinking Machines Lab"
    home = "https://thinkingmachines.ai/blog/"
    listings = (
        Links(
            "https://thinkingmachines.ai/blog/",
            (Feed("https://thinkingmachines.ai/blog/index.xml"),),
            css="a[href*='/blog/']",
        ),
    )
    article = r"^https://thinkingmachines\.ai/(?:blog|news)/[^/]+/?$"
