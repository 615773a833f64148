"""Google Research's blog, from its feed. Fallback: the last good copy; papers come through arXiv."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed
from flopcrawl.base_spiders.news import NewsSpider


class GoogleResearchSpider(NewsSpider):
    """See the module."""

    name = "google_research"
    title = "Google Research blog"
    organization = "Google Research"
    home = "https://research.google/blog/"
    listings = (Feed("https://research.google/blog/rss/"),)
