"""Google DeepMind's blog, from its feed; posts are on deepmind.google and on blog.google.

Fallback: the older address of the feed, then Google's own feed on AI.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed
from flopcrawl.base_spiders.news import NewsSpider


class DeepMindSpider(NewsSpider):
    """See the module."""

    name = "deepmind"
    title = "Google DeepMind blog"
    organization = "Google DeepMind"
    home = "https://deepmind.google/blog/"
    listings = (
        Feed(
            "https://deepmind.google/blog/rss.xml",
            (Feed("https://deepmind.google/blog/feed/basic/"), Feed("https://blog.google/technology/ai/rss/")),
        ),
    )
    article = r"^https://(?:deepmind\.google|blog\.google)/"
