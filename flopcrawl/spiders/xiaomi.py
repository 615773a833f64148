"""Xiaomi MiMo's site, whose pages a script fills. Needs a browser, so off by default.

MiMo's models come through the hub and GitHub.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Links
from flopcrawl.base_spiders.news import RenderedNewsSpider


class XiaomiSpider(RenderedNewsSpider):
    """See the module."""

    name = "xiaomi"
    title = "MiMo blog"
    organization = "Xiaomi Corp"
    home = "https://mimo.xiaomi.com"
    listings = (Links("https://mimo.xiaomi.com/", css="a[href]"),)
    article = r"^https://mimo\.xiaomi\.com/(?:blog|mimo)[^#]*"
    minimum_articles = 1
