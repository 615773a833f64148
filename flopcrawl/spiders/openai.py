"""OpenAI's news, from its feed: title, summary and date of every article. Renewed with every article.

Articles themselves answer 403 to programs, so only the feed is read; paste an article that matters (overrides/pages).
Fallback: the older address of the feed; gpt-oss also comes through the hub.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed
from flopcrawl.base_spiders.news import NewsSpider


class OpenAISpider(NewsSpider):
    """See the module."""

    name = "openai"
    title = "OpenAI news"
    organization = "OpenAI"
    home = "https://openai.com/news/"
    listings = (Feed("https://openai.com/news/rss.xml", (Feed("https://openai.com/blog/rss.xml"),)),)
    full_articles = False
    terms = "The feed is for programs; article pages refuse them and are not asked"
