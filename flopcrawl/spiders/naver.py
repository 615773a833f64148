"""NAVER's engineering blog, from its feed. Fallback: the last good copy; HyperCLOVA X comes through the hub."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed
from flopcrawl.base_spiders.news import NewsSpider


class NaverSpider(NewsSpider):
    """See the module."""

    name = "naver"
    title = "NAVER D2 blog"
    organization = "NAVER"
    home = "https://d2.naver.com/home"
    listings = (Feed("https://d2.naver.com/d2.atom"),)
