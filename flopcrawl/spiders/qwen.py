"""Qwen's articles: the JSON list behind its site, and the older posts in the public repository of its former blog.

The site's own pages are filled by a script and turn programs away, so what the list says is read, not they.
Fallback: the last good copy; every Qwen model comes through the hub and GitHub.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Folder, Json
from flopcrawl.base_spiders.news import NewsSpider

OLD_BLOG = "https://api.github.com/repos/QwenLM/qwenlm.github.io/contents/content/blog"
OLD_FILES = "https://raw.githubusercontent.com/QwenLM/qwenlm.github.io/HEAD/content/blog"


class QwenSpider(NewsSpider):
    """See the module."""

    name = "qwen"
    title = "Qwen research"
    organization = "Alibaba"
    home = "https://qwen.ai/research"
    listings = (
        Json(
            "https://qwen.ai/api/v2/article/retrieval?type=qwen_ai&language=en-US",
            (Folder(OLD_BLOG, keep=f"{OLD_FILES}/{{}}/index.md"),),
            rows="data.articles || data || articles || @",
            link="path || id",
            date="date || extra.date || created_at",
            content="introduction || description || extra.introduction",
            address="https://qwen.ai/blog?id={}",
        ),
    )
    article = r"^https://qwen\.ai/blog\?id=|/qwenlm\.github\.io/.+/index\.md$"
    full_articles = False
    minimum_articles = 10
