"""The rules that every spider keeps: it says what it is, what it may do, and what is expected of it."""

from __future__ import annotations

import ast
import inspect
import re

import pytest
from scrapy.settings import Settings

from flopcrawl.base_spiders.news import NewsSpider, RenderedNewsSpider
from flopcrawl.base_spiders.source import SourceSpider
from flopcrawl.identity.organizations import OrganizationIndex, organizations
from tests.spiders.reading import make, spiders

every_spider = pytest.mark.parametrize("spider", spiders(), ids=lambda spider: spider.name)
CADENCES = {"daily", "weekly", "when a file is added"}


@every_spider
def test_it_says_what_it_is(spider: type[SourceSpider]) -> None:
    module = inspect.getmodule(spider)
    assert module is not None
    assert len(module.__doc__ or "") > 60, "its module says what it reads and what stands in when it fails"
    assert module.__name__ == f"flopcrawl.spiders.{spider.name}", "one source, one file, one name"
    for what in ("title", "home", "licence", "terms"):
        assert getattr(spider, what), f"{spider.name} has no {what}"
    assert spider.cadence in CADENCES
    if spider.name != "pasted":
        assert spider.home.startswith("https://")


@every_spider
def test_it_states_how_much_is_expected(spider: type[SourceSpider]) -> None:
    least, most = spider.expected
    assert 0 <= least < most
    assert least > 0 or spider.name == "pasted", "zero items must be an error"


@every_spider
def test_it_names_a_fallback_or_says_what_stands_in(spider: type[SourceSpider]) -> None:
    addresses = [[r.url, *r.meta.get("fallbacks", ())] for r in make(spider).listing()]
    words = inspect.getmodule(spider).__doc__.lower()
    assert any(len(each) > 1 for each in addresses) or re.search(
        r"fallback|either|stands? in|last good copy|come[s]? through|vintage|no request", words
    )
    for each in addresses:
        assert len(set(each)) == len(each)
        assert all(url.startswith("https://") for url in each)


@every_spider
def test_its_addresses_have_readers(spider: type[SourceSpider]) -> None:
    made = make(spider)
    for request in made.listing():
        for url in (request.url, *request.meta.get("fallbacks", ())):
            assert made.reader(url) is not None, f"no method reads {url}"
            assert made.is_listing(url)


@every_spider
def test_its_file_opens_no_database_and_catches_nothing_broadly(spider: type[SourceSpider]) -> None:
    tree = ast.parse(inspect.getsource(inspect.getmodule(spider)))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {"flopcrawl.database", "sqlite3", "sqlite_utils"} & imported
    assert not any(isinstance(node, ast.ExceptHandler) and node.type is None for node in ast.walk(tree))


@every_spider
def test_it_takes_arguments_that_it_does_not_know(spider: type[SourceSpider]) -> None:
    assert spider(_job="1").name == spider.name


@every_spider
def test_its_organization_is_a_known_one(spider: type[SourceSpider]) -> None:
    if spider.organization or issubclass(spider, NewsSpider):
        known = OrganizationIndex(organizations()).find(spider.organization)
        assert known is not None, f"add a row for {spider.organization!r} to flopcrawl/data/organizations.csv"
        assert known.name == spider.organization


def test_at_least_25_labs_have_news() -> None:
    labs = {spider.organization for spider in spiders() if issubclass(spider, NewsSpider)}
    assert len(labs) >= 25
    assert sum(issubclass(s, NewsSpider) and not s.off_reason for s in spiders()) >= 25


def test_what_needs_a_browser_is_off_and_says_why() -> None:
    for spider in spiders():
        assert bool(spider.off_reason) == issubclass(spider, RenderedNewsSpider)


def test_a_setting_switches_on_what_needs_a_browser_and_nothing_that_terms_forbid() -> None:
    rendered = [spider for spider in spiders() if issubclass(spider, RenderedNewsSpider)]
    assert all(spider.why_off(Settings({"FLOPCRAWL_BROWSER": "0"})) for spider in rendered)
    on = {spider.name for spider in rendered if not spider.why_off(Settings({"FLOPCRAWL_BROWSER": "1"}))}
    assert on == {"stepfun", "tencent", "xiaomi"}
