"""Microsoft Research's blog and the company's news on AI, each from its feed. Either shows a release."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed
from flopcrawl.base_spiders.news import NewsSpider


class MicrosoftSpider(NewsSpider):
    """See the module."""

    name = "microsoft"
    title = "Microsoft research and AI news"
    organization = "Microsoft"
    home = "https://www.microsoft.com/en-us/research/blog/"
    listings = (
        Feed("https://www.microsoft.com/en-us/research/feed/"),
        Feed("https://news.microsoft.com/source/topics/ai/feed/"),
    )
