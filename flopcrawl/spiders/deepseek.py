"""DeepSeek's change log, one page whose headings are days, and the news pages that its documentation links to.

Headings inside name endpoints; the model is in the text. Either shows a release.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Entries, Links
from flopcrawl.base_spiders.news import NewsSpider


class DeepSeekSpider(NewsSpider):
    """See the module."""

    name = "deepseek"
    title = "DeepSeek change log"
    organization = "DeepSeek"
    home = "https://api-docs.deepseek.com/updates/"
    listings = (
        Entries("https://api-docs.deepseek.com/updates/", css=".theme-doc-markdown", heading="h2"),
        Links("https://api-docs.deepseek.com/", css="a[href*='/news/news']"),
    )
    article = r"^https://api-docs\.deepseek\.com/(?:zh-cn/)?news/news\d+"
