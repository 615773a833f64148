"""xAI's news, which refuses programs. Off by default; Grok's open weights come through the hub and GitHub.

Paste an article that matters (overrides/pages); the leaderboard and the catalogues show new models.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Links
from flopcrawl.base_spiders.news import RenderedNewsSpider


class XaiSpider(RenderedNewsSpider):
    """See the module."""

    name = "xai"
    title = "xAI news"
    organization = "xAI"
    home = "https://x.ai/news"
    listings = (Links("https://x.ai/news", css="a[href*='/news/']"),)
    article = r"^https://x\.ai/news/[^/]+/?$"
    terms = "The site refuses programs"
    off_reason = "the site refuses programs; the leaderboard, the catalogues and the hub show its models"
