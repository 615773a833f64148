"""``scrapy sources`` and ``scrapy genspider``."""

from __future__ import annotations

import subprocess
import sys

import pytest

from flopcrawl.commands.genspider import EXAMPLES, shape_of
from flopcrawl.commands.sources import HEAD, described, lines, markdown
from flopcrawl.settings import ROOT
from tests.spiders.reading import spiders


def test_the_table_in_the_docs_is_that_of_the_spiders() -> None:
    table = HEAD + markdown([described(spider) for spider in spiders()])
    written = (ROOT / "docs" / "SOURCES.md").read_text(encoding="utf-8")
    assert written == table, "renew it: scrapy sources --format markdown > docs/SOURCES.md"


def test_a_source_shows_its_fallbacks_in_order_and_its_bounds() -> None:
    arena = next(described(spider) for spider in spiders() if spider.name == "arena")
    words = "\n".join(lines(arena))
    assert words.index("latest-00000") < words.index("else https://datasets-server") < words.index("arena-catalog")
    assert "300 to 3000" in words
    assert "CC-BY-4.0" in words


def test_a_source_that_is_off_says_why() -> None:
    xai = next(described(spider) for spider in spiders() if spider.name == "xai")
    assert "refuses programs" in "\n".join(lines(xai))
    assert "**Off by default**" in markdown([xai])


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("https://a.example/blog/rss/", "Feed"),
        ("https://a.example/feed", "Feed"),
        ("https://a.example/index.xml", "Feed"),
        ("https://a.example/sitemap-posts.xml", "Sitemap"),
        ("https://a.example/blog", "Links"),
        ("https://a.example/feedback-stories", "Links"),
    ],
)
def test_the_address_tells_the_shape_of_a_new_source(url: str, shape: str) -> None:
    assert shape_of(url) == shape
    assert shape in EXAMPLES


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["arena", "https://lab.example/feed.xml"], "already exists"),
        (["-t", "nwes", "lab", "https://lab.example/feed.xml"], "nwes"),
        (["Lab", "https://lab.example/feed.xml"], "small letters"),
        (["lab", "nowhere"], "no address"),
    ],
)
def test_genspider_that_makes_nothing_says_why_and_fails(arguments: list[str], said: str) -> None:
    before = {path.name for path in (ROOT / "flopcrawl" / "spiders").iterdir()}
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "genspider", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert said in done.stdout + done.stderr
    assert {path.name for path in (ROOT / "flopcrawl" / "spiders").iterdir()} == before
