"""Apple's machine-learning research, from its feed. Fallback: the last good copy; papers come through arXiv."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed
from flopcrawl.base_spiders.news import NewsSpider


class AppleSpider(NewsSpider):
    """See the module."""

    name = "apple"
    title = "Apple machine learning research"
    organization = "Apple"
    home = "https://machinelearning.apple.com/"
    listings = (Feed("https://machinelearning.apple.com/rss.xml"),)
