"""Inflection AI's blog, by the links of its page. Fallback: its sitemap. The lab publishes no weights."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Links, Sitemap
from flopcrawl.base_spiders.news import NewsSpider


class InflectionSpider(NewsSpider):
    """See the module."""

    name = "inflection"
    title = "Inflection AI blog"
    organization = "Inflection AI"
    home = "https://inflection.ai/blog"
    listings = (
        Links("https://inflection.ai/blog", (Sitemap("https://inflection.ai/sitemap.xml"),), css="a[href*='/blog/']"),
    )
    article = r"^https://inflection\.ai/blog/[^/]+/?$"
