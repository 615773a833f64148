"""NVIDIA's technical blog and its company blog, each from its feed. Either shows a release."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed
from flopcrawl.base_spiders.news import NewsSpider


class NvidiaSpider(NewsSpider):
    """See the module."""

    name = "nvidia"
    title = "NVIDIA technical blog"
    organization = "NVIDIA"
    home = "https://developer.nvidia.com/blog"
    listings = (Feed("https://developer.nvidia.com/blog/feed"), Feed("https://blogs.nvidia.com/feed/"))
