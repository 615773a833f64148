"""Gives a page to a spider without a crawl, and boils down what it makes of it to plain values."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings
from scrapy.utils.test import get_crawler

from flopcrawl.base_spiders.source import SourceSpider
from flopcrawl.items import ModelItem, PageItem, RatingItem, ReferenceItem, RejectedItem

if TYPE_CHECKING:
    from collections.abc import Iterable

FIXTURES = Path(__file__).parent.parent / "fixtures"
TYPES = {".md": "text/markdown", ".parquet": "application/octet-stream", ".xml": "application/xml"}


def loader() -> SpiderLoader:
    return SpiderLoader.from_settings(get_project_settings())


def spiders() -> list[type[SourceSpider]]:
    """Every spider of the project."""
    loaded = loader()
    return [loaded.load(name) for name in sorted(loaded.list())]


def make(spider: type[SourceSpider] | str, **settings: Any) -> SourceSpider:
    """A spider with a crawler, which makes no request."""
    cls = loader().load(spider) if isinstance(spider, str) else spider
    crawler = get_crawler(cls, {"TWISTED_REACTOR_ENABLED": False, "HTTPCACHE_ENABLED": False, **settings})
    crawler.spider = crawler._create_spider()
    return crawler.spider


def answer(url: str, body: bytes | str, content_type: str = "", **options: Any) -> Response:
    """A response to a request for ``url``."""
    meta, headers = options.pop("meta", {}), {"Content-Type": content_type or "text/html; charset=utf-8"}
    data = body.encode() if isinstance(body, str) else body
    cls = responsetypes.from_args(headers={k.encode(): v.encode() for k, v in headers.items()}, url=url, body=data)
    headers |= options.pop("headers", {})
    return cls(url=url, body=data, headers=headers, request=Request(url, meta=meta), **options)


def saved(path: Path, url: str) -> Response:
    """A fixture as the answer of ``url``."""
    guessed = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/html"
    return answer(url, path.read_bytes(), guessed)


def plain(results: Iterable[Any]) -> dict[str, Any]:
    """What a page gave: facts by model, ratings, reference rows, rejections, further addresses, pages read."""
    found: dict[str, Any] = {"models": {}, "ratings": [], "reference": [], "rejected": [], "requests": [], "pages": []}
    for each in results:
        if isinstance(each, ModelItem):
            facts = found["models"].setdefault(f"{each.name} ({each.organization})", {})
            facts |= {str(fact.field): fact.value for fact in each.facts if fact.field != "name"}
        elif isinstance(each, RatingItem):
            found["ratings"].append([each.board, each.published, each.name, each.organization, each.rating])
        elif isinstance(each, ReferenceItem):
            found["reference"].append(each.model)
        elif isinstance(each, RejectedItem):
            found["rejected"].append(each.reason)
        elif isinstance(each, PageItem):
            found["pages"].append(each.url)
        elif isinstance(each, Request):
            unusable = each.meta.get("unusable")
            found["requests"].append(f"unusable: {unusable}" if unusable else each.url)
    return {key: value for key, value in found.items() if value}
