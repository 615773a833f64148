"""Amazon Science and the AI posts of the AWS blogs, each from its feed; posts carry later update notes on top.

Fallback of the AWS feed: that of its machine-learning blog.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Feed
from flopcrawl.base_spiders.news import NewsSpider


class AmazonSpider(NewsSpider):
    """See the module."""

    name = "amazon"
    title = "Amazon and AWS news on AI"
    organization = "Amazon"
    home = "https://www.amazon.science/"
    listings = (
        Feed("https://www.amazon.science/index.rss"),
        Feed(
            "https://aws.amazon.com/blogs/aws/category/artificial-intelligence/feed/",
            (Feed("https://aws.amazon.com/blogs/ai/feed/"),),
        ),
    )
