"""Sarvam AI's blog, by the links of its page. Fallback: its sitemap; Sarvam's models come through the hub."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Links, Sitemap
from flopcrawl.base_spiders.news import NewsSpider


class SarvamSpider(NewsSpider):
    """See the module."""

    name = "sarvam"
    title = "Sarvam AI blog"
    organization = "Sarvam AI"
    home = "https://www.sarvam.ai/blogs"
    listings = (
        Links("https://www.sarvam.ai/blogs", (Sitemap("https://www.sarvam.ai/sitemap.xml"),), css="a[href*='/blogs/']"),
    )
    article = r"^https://www\.sarvam\.ai/blogs/[^/]+/?$"
