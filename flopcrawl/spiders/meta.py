"""AI at Meta's blog, whose pages a script fills. Off by default: Meta's terms forbid collecting by programs.

Llama's model cards come through GitHub and the hub; paste an article that matters (overrides/pages).
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Links
from flopcrawl.base_spiders.news import RenderedNewsSpider


class MetaSpider(RenderedNewsSpider):
    """See the module."""

    name = "meta"
    title = "AI at Meta blog"
    organization = "Meta AI"
    home = "https://ai.meta.com/blog/"
    listings = (Links("https://ai.meta.com/blog/", css="a[href*='/blog/']"),)
    article = r"^https://ai\.meta\.com/blog/[^/?]+/?$"
    terms = "Meta's terms forbid automated collection without permission"
    off_reason = "the site's terms forbid collecting by programs; its model cards come through GitHub and the hub"
