"""ByteDance Seed's blog: the data that its page carries for its own script. Fallback: the page's links."""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Json, Links
from flopcrawl.base_spiders.news import NewsSpider


class ByteDanceSpider(NewsSpider):
    """See the module."""

    name = "bytedance"
    title = "ByteDance Seed blog"
    organization = "ByteDance"
    home = "https://seed.bytedance.com/en/blog"
    listings = (
        Json(
            "https://seed.bytedance.com/en/blog",
            (Links("https://seed.bytedance.com/en/research", css="a[href*='/blog/']"),),
            embedded=r"_ROUTER_DATA\s*=\s*(\{.*)",
            rows="loaderData.*.article_list[] || loaderData.*.*.article_list[][]",
            link="ArticleSubContentEn.TitleKey || TitleKey || ArticleMeta.ArticleID",
            title="ArticleSubContentEn.Title || Title",
            date="ArticleMeta.PublishDate || PublishDate",
            address="https://seed.bytedance.com/en/blog/{}",
        ),
    )
    article = r"^https://seed\.bytedance\.com/en/blog/[^/]+$"
