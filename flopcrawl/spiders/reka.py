"""Reka AI's news, by the links of its page. Fallback: its sitemap; Reka's open models come through the hub."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Links, Sitemap
from flopcrawl.base_spiders.news import NewsSpider


class RekaSpider(NewsSpider):
    """See the module."""

    name = "reka"
    title = "Reka news"
    organization = "Reka AI"
    home = "https://reka.ai/news"
    listings = (Links("https://reka.ai/news", (Sitemap("https://reka.ai/sitemap.xml"),), css="a[href*='/news/']"),)
    article = r"^https://(?:www\.)?reka\.ai/news/[^/]+/?$"
