"""Cohere's changelog, which its documentation keeps in a public repository, file by file, and the links of its blog.

Either shows a release. The blog's own content interface needs the page's key, which is not used.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Folder, Links
from flopcrawl.base_spiders.news import NewsSpider


class CohereSpider(NewsSpider):
    """See the module."""

    name = "cohere"
    title = "Cohere changelog and blog"
    organization = "Cohere"
    home = "https://docs.cohere.com/changelog"
    listings = (
        Folder(
            "https://api.github.com/repos/cohere-ai/cohere-developer-experience/contents/fern/pages/changelog",
            match=r"^\d{4}-.*\.mdx?$",
        ),
        Links("https://cohere.com/blog", css="section a[href*='/blog/']"),
    )
    article = r"^https://cohere\.com/blog/[^/]+$|/cohere-developer-experience/.+\.mdx?$"
