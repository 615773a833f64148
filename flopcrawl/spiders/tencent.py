"""Tencent Hunyuan's blog, whose pages a script fills. Needs a browser, so off by default.

Hunyuan's models come through the hub and GitHub.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Links
from flopcrawl.base_spiders.news import RenderedNewsSpider


class TencentSpider(RenderedNewsSpider):
    """See the module."""

    name = "tencent"
    title = "Hunyuan blog"
    organization = "Tencent"
    home = "https://hunyuan.tencent.com/news/blog"
    listings = (Links("https://hunyuan.tencent.com/news/blog", css="a[href]"),)
    article = r"^https://hunyuan\.tencent\.com/(?:news/)?blog/[^/]+"
