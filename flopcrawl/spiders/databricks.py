"""Databricks' blog, from its feed. Fallback: the links of its page; DBRX and MPT come through the hub and GitHub."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed, Links
from flopcrawl.base_spiders.news import NewsSpider


class DatabricksSpider(NewsSpider):
    """See the module."""

    name = "databricks"
    title = "Databricks blog"
    organization = "Databricks"
    home = "https://www.databricks.com/blog"
    listings = (
        Feed("https://www.databricks.com/feed", (Links("https://www.databricks.com/blog", css="a[href*='/blog/']"),)),
    )
    article = r"^https://www\.databricks\.com/blog/[^/]+"
