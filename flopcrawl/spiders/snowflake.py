"""Snowflake's engineering blog, by the links of its page.

Fallback: its feed; Arctic comes through the hub and GitHub.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed, Links
from flopcrawl.base_spiders.news import NewsSpider


class SnowflakeSpider(NewsSpider):
    """See the module."""

    name = "snowflake"
    title = "Snowflake engineering blog"
    organization = "Snowflake"
    home = "https://www.snowflake.com/en/engineering-blog/"
    listings = (
        Links(
            "https://www.snowflake.com/en/engineering-blog/",
            (Feed("https://www.snowflake.com/feed/"),),
            css="a[href*='/engineering-blog/']",
        ),
    )
    article = r"^https://www\.snowflake\.com/(?:en/)?engineering-blog/[^/]+/?$"
