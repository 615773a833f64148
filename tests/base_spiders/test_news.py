"""News from a web that changes: what is asked for again, what stands in, and what a crash does not lose."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, ClassVar

import pytest
from scrapy.crawler import Crawler

from flopcrawl import database
from flopcrawl.base_spiders.listings import Feed, Links, Sitemap
from flopcrawl.base_spiders.news import NewsSpider
from flopcrawl.derive import derive_all
from flopcrawl.vocabulary import SourceState
from tests.building import rows
from tests.standin import Answer, StandIn, settings_for
from tests.standin.crawl import crawl

SITE = "https://lab.example"
FEED, OTHER = f"{SITE}/feed.xml", f"{SITE}/blog"


class Lab(NewsSpider):
    name = "lab"
    organization = "Example Lab"
    home = SITE
    expected = (1, 100)
    minimum_articles = 1
    listings: ClassVar = (Feed(FEED, (Links(OTHER, css="article a"),)),)
    article = r"/blog/[^/]+$"


class FeedOnly(Lab):
    full_articles = False


class Mapped(Lab):
    listings: ClassVar = (Sitemap(f"{SITE}/sitemap.xml", follow=r"/posts\.xml"),)


def feed(*names: str) -> Answer:
    items = "".join(
        f"<item><title>Introducing {name}</title><link>{SITE}/blog/{name.lower()}</link>"
        f"<description>{name} is our new language model with 70 billion parameters.</description>"
        "<pubDate>Tue, 06 Jan 2026 09:00:00 GMT</pubDate></item>"
        for name in names
    )
    return Answer.text(f"<rss version='2.0'><channel><title>Lab</title>{items}</channel></rss>", "application/rss+xml")


def article(name: str, size: str = "70B") -> Answer:
    return Answer.html(
        f"<html><head><title>Introducing {name}</title></head><body><main><h1>Introducing {name}</h1>"
        f"<p>Today we release {name}, our new language model. {name} has {size} parameters and was trained on 15T "
        f"tokens. "
        f"{'It is for everyone who writes, reads and reckons, and costs what the last one did. ' * 3}</p></main></body>"
        "</html>"
    )


@pytest.fixture
def web():
    with StandIn() as standin:
        for name in ("Aria-1", "Aria-2", "Aria-3"):
            standin.put(f"{SITE}/blog/{name.lower()}", article(name))
        standin.put(FEED, feed("Aria-1", "Aria-2"))
        yield standin


@pytest.fixture
def read(web: StandIn, tmp_path: Path):
    runs = itertools.count(1)

    def run(spider: type[NewsSpider] = Lab, **settings: Any) -> Crawler:
        web.clear()
        return crawl(
            spider,
            settings_for(
                web,
                FLOPCRAWL_ARCHIVE=str(tmp_path / "archive.db"),
                FLOPCRAWL_DB=str(tmp_path / "x.db"),
                FLOPCRAWL_RUN_ID=f"run {next(runs)}",  # two runs of one second would have one name
                ITEM_PIPELINES={"flopcrawl.pipelines.store.StorePipeline": 300},
                EXTENSIONS={"flopcrawl.extensions.memory.Memory": 100},
                **settings,
            ),
        )

    return run


def asked(web: StandIn) -> list[str]:
    return [request.url.removeprefix(SITE) for request in web.requests]


def subjects(tmp_path: Path, status: str = "current") -> set[str]:
    reader = database.open_for_reading(tmp_path / "x.db")
    rows = {row[0] for row in reader.execute("SELECT DISTINCT subject FROM claims WHERE status = ?", (status,))}
    reader.close()
    return rows


def test_only_new_articles_are_asked_for(web: StandIn, read: Any, tmp_path: Path) -> None:
    first = read()
    assert sorted(asked(web)) == ["/blog/aria-1", "/blog/aria-2", "/feed.xml"]
    assert first.spider.verdict() == (SourceState.LIVE, "")
    read()
    assert asked(web) == ["/feed.xml"]
    web.put(FEED, feed("Aria-3", "Aria-1", "Aria-2"))
    read()
    assert asked(web) == ["/feed.xml", "/blog/aria-3"]
    assert subjects(tmp_path) == {"Aria-1", "Aria-2", "Aria-3"}


def test_what_was_read_and_not_stored_is_read_again(web: StandIn, read: Any, tmp_path: Path) -> None:
    # a crash between reading and storing: the archive has good copies, the database has nothing
    read()
    for file in tmp_path.glob("x.db*"):
        file.unlink()
    read()
    assert sorted(asked(web)) == ["/blog/aria-1", "/blog/aria-2", "/feed.xml"]
    assert subjects(tmp_path) == {"Aria-1", "Aria-2"}


def test_an_old_article_is_looked_at_from_time_to_time(web: StandIn, read: Any, tmp_path: Path) -> None:
    read()
    db = database.open_for_writing(tmp_path / "x.db")
    with db.atomic():
        db.conn.execute("UPDATE pages SET fetched_at = '2026-01-06T00:00:00Z' WHERE url LIKE '%aria-1'")
    db.close()
    web.put(f"{SITE}/blog/aria-1", article("Aria-1", "72B"))
    read()
    assert asked(web) == ["/feed.xml", "/blog/aria-1"]
    reader = database.open_for_reading(tmp_path / "x.db")
    sizes = dict(
        reader.execute("SELECT status, number FROM claims WHERE subject = 'Aria-1' AND field = 'parameters_total'")
    )
    reader.close()
    assert sizes == {"superseded": 70e9, "current": 72e9}


def test_a_sitemap_says_what_has_changed(web: StandIn, read: Any) -> None:
    def sitemap(day: str) -> Answer:
        rows = "".join(
            f"<url><loc>{SITE}/blog/{name}</loc><lastmod>{when}</lastmod></url>"
            for name, when in (("aria-1", day), ("aria-2", "2026-01-02"))
        )
        return Answer.text(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>', "application/xml"
        )

    parts = "".join(f"<sitemap><loc>{SITE}/{part}.xml</loc></sitemap>" for part in ("posts", "shop"))
    index = f"<sitemapindex>{parts}</sitemapindex>"
    web.put(f"{SITE}/sitemap.xml", Answer.text(index, "application/xml"))
    web.put(f"{SITE}/posts.xml", sitemap("2026-01-01"))
    read(Mapped)
    assert sorted(asked(web)) == ["/blog/aria-1", "/blog/aria-2", "/posts.xml", "/sitemap.xml"]
    web.put(f"{SITE}/posts.xml", sitemap("2099-01-01"))
    read(Mapped)
    assert asked(web) == ["/sitemap.xml", "/posts.xml", "/blog/aria-1"]


def test_an_article_that_cannot_be_had_is_read_from_its_listing(web: StandIn, read: Any, tmp_path: Path) -> None:
    web.put(f"{SITE}/blog/aria-2", Answer(403))
    crawler = read()
    assert subjects(tmp_path) == {"Aria-1", "Aria-2"}
    assert crawler.spider.verdict() == (SourceState.LIVE, "")
    web.put(f"{SITE}/blog/aria-2", article("Aria-2"))
    read()
    assert asked(web) == ["/feed.xml", "/blog/aria-2"], "it is asked for again"


def test_a_feed_alone_is_enough_and_is_read_once(web: StandIn, read: Any, tmp_path: Path) -> None:
    first, second = read(FeedOnly), read(FeedOnly)
    assert asked(web) == ["/feed.xml"]
    assert subjects(tmp_path) == {"Aria-1", "Aria-2"}
    assert first.stats.get_value("flopcrawl/articles/due") == 2
    assert second.stats.get_value("flopcrawl/articles/due") == 0


def test_the_other_listing_is_read_where_the_first_fails(web: StandIn, read: Any, tmp_path: Path) -> None:
    web.put(FEED, Answer(410))
    web.put(OTHER, Answer.html("<html><body><article><a href='/blog/aria-3'>Aria-3</a></article></body></html>"))
    crawler = read()
    assert subjects(tmp_path) == {"Aria-3"}
    assert crawler.spider.verdict()[0] is SourceState.FALLBACK


@pytest.mark.parametrize("answer", [Answer(404), Answer.captcha(), feed(), Answer.html("<p>Moved.</p>")])
def test_a_listing_that_fails_says_what_to_do_and_keeps_what_was_read(
    web: StandIn, read: Any, tmp_path: Path, answer: Answer
) -> None:
    web.put(FEED, answer)
    web.put(OTHER, answer)
    state, problem = read().spider.verdict()
    assert state is SourceState.FAILED
    assert FEED in problem
    assert "change it in" in problem
    web.put(FEED, feed("Aria-1"))
    read()
    web.put(FEED, answer)
    state, _ = read().spider.verdict()
    assert state is SourceState.STALE
    assert subjects(tmp_path) == {"Aria-1"}


def test_a_removed_article_keeps_its_last_copy(web: StandIn, read: Any, tmp_path: Path) -> None:
    read()
    web.forget(f"{SITE}/blog/aria-1")
    db = database.open_for_writing(tmp_path / "x.db")
    with db.atomic():
        db.conn.execute("UPDATE pages SET fetched_at = '2026-01-06T00:00:00Z'")
    db.close()
    crawler = read()
    assert subjects(tmp_path) == {"Aria-1", "Aria-2"}
    assert crawler.spider.verdict()[0] is SourceState.LIVE, "one article does not make the source stale"


def test_robots_are_obeyed(web: StandIn, read: Any, tmp_path: Path) -> None:
    web.robots["lab.example"] = "User-agent: *\nDisallow: /blog/\n"
    read()
    assert asked(web) == ["/feed.xml"]
    assert subjects(tmp_path) == {"Aria-1", "Aria-2"}, "what the feed itself says is read"


@pytest.mark.parametrize(
    ("facts", "field", "said"),
    [
        ("It took 3.0e20 FLOPs in total.", "flop_reported", "implies 3e20 FLOP, against 6.3e24 by operations"),
        ("It has 70 billion total parameters, of which 700 billion are active.", "parameters_active", "700B of 70B"),
    ],
)
def test_what_cannot_be_true_goes_from_the_page_to_the_review_queue(
    web: StandIn, read: Any, tmp_path: Path, facts: str, field: str, said: str
) -> None:
    web.put(FEED, feed("Aria-1"))
    page = article("Aria-1").body.replace(b"It is for everyone", f"{facts} It is for everyone".encode(), 1)
    web.put(f"{SITE}/blog/aria-1", Answer.html(page.decode()))
    read()
    (tmp_path / "overrides").mkdir()
    derive_all(tmp_path / "x.db", tmp_path / "overrides", run_id="derived")
    assert rows(tmp_path / "x.db", "SELECT used FROM claims WHERE status = 'implausible' AND field = ?", field) == [
        {"used": 0}
    ]
    (queued,) = rows(tmp_path / "x.db", "SELECT review, training_flop FROM review_queue WHERE model_key = 'aria-1'")
    assert f"implausible: {field} {said}" in queued["review"]
    assert queued["training_flop"] == pytest.approx(6 * 70e9 * 15e12)
