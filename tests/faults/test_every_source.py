"""Every source that is on, each against every fault of its site, one by one.

The run ends; what it found names the source, why, and what to do; the fallback or the last good copy is used; nothing
that was claimed is lost; and when all is well again the source is live. One source of each base class is run always,
the others with the slow tests.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from flopcrawl.base_spiders.source import SourceSpider
from tests.faults.source import Source
from tests.spiders.reading import make, spiders
from tests.standin import StandIn
from tests.standin.sources import FAULTS, heal, put_source, strike

SPIDERS = [spider for spider in spiders() if not spider.off_reason and spider.name != "pasted"]
REPRESENTATIVES = {spider.__mro__[1]: spider for spider in reversed(SPIDERS)}.values()
"""The first source of each base class."""

STANDING = "SELECT claim_id FROM claims WHERE status = 'current'"


CASES = [
    pytest.param(spider, id=spider.name, marks=() if spider in REPRESENTATIVES else pytest.mark.slow)
    for spider in SPIDERS
]


@pytest.fixture(scope="module")
def kept() -> dict[str, Path]:
    """Of each source the folder that a first good run left."""
    return {}


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    with StandIn() as web:
        yield Source(web, tmp_path)


def after_a_good_run(source: Source, spider: type[SourceSpider], kept: dict[str, Path]) -> None:
    """The source's site is up, and a first run has read it."""
    put_source(source.web, spider)
    if spider.name not in kept:
        source.crawl(spider.name)
        assert source.state() == "live", source.query("SELECT message FROM findings")
        kept[spider.name] = source.folder / "kept"
        kept[spider.name].mkdir()
        for file in source.folder.glob("*.db"):
            shutil.copy(file, kept[spider.name])
    else:
        source.run = 1
        for file in kept[spider.name].glob("*.db"):
            shutil.copy(file, source.folder)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("spider", CASES)
def test_nothing_is_lost(source: Source, spider: type[SourceSpider], fault, kept: dict[str, Path]) -> None:
    after_a_good_run(source, spider, kept)
    claims, models = source.query(STANDING), source.query("SELECT model_key, name, training_flop FROM models")
    strike(source.web, fault)
    stats = source.crawl(spider.name)
    assert stats["finish_reason"] == "finished"
    assert source.state() in ("stale", "failed")
    assert stats["flopcrawl/archive/stale"] >= 1, "the last good copy stands in"
    told = source.query("SELECT source, message, remedy FROM findings WHERE run_id = 'run 2' AND severity != 'info'")
    assert told, "something went wrong, and nobody is told"
    assert all(name == spider.name and why and remedy for name, why, remedy in told)
    assert source.query(STANDING) == claims
    assert source.query("SELECT model_key, name, training_flop FROM models") == models
    heal(source.web)
    source.crawl(spider.name)
    assert source.state() == "live"
    assert source.query(STANDING) == claims


@pytest.mark.parametrize("spider", CASES)
def test_the_fallback_is_used(source: Source, spider: type[SourceSpider], kept: dict[str, Path]) -> None:
    listings = [(request.url, request.meta["fallbacks"]) for request in make(spider).listing()]
    put_source(source.web, spider)
    first = {url for url, others in listings if any(source.web.has(other) for other in others)}
    if not first:
        pytest.skip("no fallback of this source is shown by a fixture")
    strike(source.web, FAULTS["captcha"], only=first)
    stats = source.crawl(spider.name)
    assert source.state() == "fallback"
    assert stats["flopcrawl/archive/fallback"] >= len(first)
    told = source.query("SELECT source FROM findings WHERE severity != 'info'")
    assert set(told) == {(spider.name,)}
