"""The archive as a spider sees it: whole crawls of the stand-in web, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from scrapy import Request, Spider
from scrapy.http import Response

from flopcrawl.archive import Archive, Provenance, mark_good, provenance, unusable
from flopcrawl.vocabulary import SourceState
from tests.standin import Answer, StandIn, settings_for
from tests.standin.crawl import crawl, crawl_together

PAGE = "https://lab.example/models.json"
MIRROR = "https://mirror.example/models.json"


class Reader(Spider):
    """Reads one page and says so; wants at least ``least`` rows of a JSON list."""

    name = "reader"
    meta: ClassVar[dict[str, Any]] = {"expect": "json"}
    least = 1

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seen: list[tuple[Any, Provenance]] = []
        self.failed: list[str] = []

    async def start(self):
        yield Request(PAGE, self.parse, errback=self.error, meta=dict(self.meta))

    def parse(self, response: Response):
        rows = response.json()
        if len(rows) < self.least:
            yield unusable(response, f"{len(rows)} of at least {self.least} rows")
            return
        self.seen.append((rows, provenance(response)))
        mark_good(self.crawler, response)

    def error(self, failure: Any) -> None:
        self.failed.append(type(failure.value).__name__)


class WithMirror(Reader):
    meta: ClassVar[dict[str, Any]] = {"expect": "json", "fallbacks": [MIRROR]}


@dataclass
class Run:
    """One crawl: what the spider saw, what failed, and what was counted."""

    rows: list[Any]
    origin: Provenance | None
    failed: list[str]
    stats: dict[str, Any]


@pytest.fixture
def web():
    with StandIn() as standin:
        yield standin


@pytest.fixture
def go(web: StandIn, tmp_path: Path):
    def run(spider: type[Reader] = Reader, **settings: Any) -> Run:
        crawler = crawl(spider, settings_for(web, FLOPCRAWL_ARCHIVE=str(tmp_path / "archive.db"), **settings))
        reader = crawler.spider
        assert len(reader.seen) <= 1
        rows, origin = reader.seen[0] if reader.seen else ([], None)
        return Run(rows, origin, reader.failed, crawler.stats.get_stats())

    return run


def test_an_unchanged_page_is_revalidated_and_read_again(web: StandIn, go: Any) -> None:
    web.put(PAGE, Answer.json([1]))
    first, second = go(), go()
    assert (first.origin.state, first.origin.revalidated) == (SourceState.LIVE, False)
    assert (second.origin.state, second.origin.revalidated, second.rows) == (SourceState.LIVE, True, [1])
    assert second.origin.sha256 == first.origin.sha256
    assert web.served == [200, 304]


def test_last_modified_is_used_where_there_is_no_etag(web: StandIn, go: Any) -> None:
    web.put(PAGE, Answer.json([1], etag=False, headers={"Last-Modified": "Mon, 05 Jan 2026 10:00:00 GMT"}))
    go(), go()
    assert web.requests[1].headers["if-modified-since"] == "Mon, 05 Jan 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500), Answer(503), Answer(403), Answer(404, headers={"Cache-Control": "max-age=9999"}), Answer(410),
        Answer(429), Answer(drop=True), Answer.json([1, 2, 3], truncate=True), Answer.captcha(),
        Answer.html("<html><body>maintenance</body></html>"), Answer.text('[1, 2, 3', "application/json"),
        Answer.json([]), Answer(302, headers={"Location": "https://gone.example/"}),
    ],
    ids=lambda a: "drop" if a.drop else "cut" if a.truncate else f"{a.status}-{a.body[:14].decode()}",
)  # fmt: skip
def test_the_good_copy_stands_in_for_any_failure_and_is_kept(web: StandIn, go: Any, answer: Answer) -> None:
    web.put(PAGE, Answer.json([1]))
    good = go()
    web.put(PAGE, answer)
    stale = go()
    assert stale.rows == [1]
    assert stale.origin.state is SourceState.STALE
    assert (stale.origin.fetched_at, stale.origin.sha256) == (good.origin.fetched_at, good.origin.sha256)
    assert stale.stats["flopcrawl/archive/stale"] == 1
    assert not stale.failed
    web.put(PAGE, Answer.json([1, 2]))
    fresh = go()
    assert (fresh.rows, fresh.origin.state) == ([1, 2], SourceState.LIVE)


def test_retries_come_before_the_copy(web: StandIn, go: Any) -> None:
    web.put(PAGE, Answer.json([1]), Answer(500), Answer.json([2]))
    go()
    second = go()
    assert (second.rows, second.origin.state) == ([2], SourceState.LIVE)
    web.put(PAGE, Answer(500))
    assert go().origin.state is SourceState.STALE
    assert web.count(PAGE) == 3 + 3


def test_a_live_fallback_comes_before_the_copy(web: StandIn, go: Any, tmp_path: Path) -> None:
    web.put(PAGE, Answer.json([1]))
    web.put(MIRROR, Answer.json([5]))
    go(WithMirror)
    Archive(tmp_path / "archive.db").connection.execute("UPDATE copies SET checked_at = '2026-01-01T00:00:00Z'")
    web.put(PAGE, Answer(500))
    second = go(WithMirror)
    assert (second.rows, second.origin.state, second.origin.url) == ([5], SourceState.FALLBACK, MIRROR)
    assert second.origin.reason == "HTTP 500"
    web.put(MIRROR, Answer(404))
    third = go(WithMirror)
    assert (third.rows, third.origin.state, third.origin.url) == ([5], SourceState.STALE, MIRROR)


def test_a_fallback_that_robots_forbid_is_passed_over(web: StandIn, go: Any) -> None:
    web.robots["mirror.example"] = "User-agent: *\nDisallow: /\n"
    web.put(PAGE, Answer.json([1]))
    web.put(MIRROR, Answer.json([5]))
    go(WithMirror)
    web.put(PAGE, Answer(500))
    assert go(WithMirror).origin.state is SourceState.STALE
    assert web.count(MIRROR) == 0


def test_headers_for_one_server_do_not_reach_the_fallback(web: StandIn, go: Any, tmp_path: Path) -> None:
    class Authorized(WithMirror):
        async def start(self):
            yield Request(PAGE, headers={"Authorization": "Bearer secret"}, meta=dict(self.meta))

    web.put(PAGE, Answer(403))
    web.put(MIRROR, Answer.json([5]))
    assert go(Authorized).rows == [5]
    assert "authorization" not in web.requests[-1].headers
    assert b"secret" not in b"".join(path.read_bytes() for path in tmp_path.glob("archive.db*"))


def test_nothing_left_is_an_error_with_the_source_and_the_remedy(
    web: StandIn, go: Any, caplog: pytest.LogCaptureFixture
) -> None:
    web.put(PAGE, Answer(404))
    run = go()
    assert run.failed == ["HttpError"]
    assert run.stats["flopcrawl/archive/failed"] == 1
    message = next(r.getMessage() for r in caplog.records if r.levelname == "ERROR")
    assert message.startswith(f"reader: nothing answers for {PAGE} (HTTP 404")
    assert "flopcrawl/spiders/" in message


def test_an_optional_page_may_be_absent(web: StandIn, go: Any, caplog: pytest.LogCaptureFixture) -> None:
    class Optional(Reader):
        meta: ClassVar[dict[str, Any]] = {"optional": True}

    web.put(PAGE, Answer(404))
    run = go(Optional)
    assert (run.failed, run.stats["flopcrawl/archive/absent"]) == (["HttpError"], 1)
    assert not [r for r in caplog.records if r.levelname == "ERROR"]
    web.put(PAGE, Answer(500))
    assert go(Optional).stats["flopcrawl/archive/failed"] == 1


def test_a_captcha_without_a_copy_is_an_error_and_no_page(web: StandIn, go: Any) -> None:
    web.put(PAGE, Answer.captcha())
    run = go()
    assert (run.rows, run.failed) == ([], ["UnusablePageError"])
    assert web.count(PAGE) == 1


def test_a_copy_that_its_spider_could_not_use_is_never_served(web: StandIn, go: Any) -> None:
    web.put(PAGE, Answer.json([]))
    assert go().failed == ["UnusablePageError"]
    web.put(PAGE, Answer(500))
    assert go().failed == ["HttpError"]
    assert "if-none-match" not in web.requests[-1].headers


def test_an_unusable_page_in_between_does_not_spoil_revalidation(web: StandIn, go: Any) -> None:
    web.put(PAGE, Answer.json([1]), Answer.json([]), Answer.json([1]))
    go(), go()
    third = go()
    assert (third.rows, third.origin.revalidated) == ([1], True)
    assert web.served == [200, 200, 304]


def test_a_copy_may_turn_out_too_small_for_a_stricter_spider(web: StandIn, go: Any) -> None:
    class Strict(Reader):
        least = 2

    web.put(PAGE, Answer.json([1]), Answer(500))
    go()
    run = go(Strict)
    assert (run.rows, run.failed) == ([], ["UnusablePageError"])


def test_robots_txt_is_never_served_from_the_archive(web: StandIn, go: Any, tmp_path: Path) -> None:
    web.put(PAGE, Answer.json([1]))
    go()
    archive = Archive(tmp_path / "archive.db")
    assert [row[0] for row in archive.connection.execute("SELECT url FROM copies")] == [PAGE]
    web.robots["lab.example"] = "User-agent: *\nDisallow: /\n"
    run = go()
    # the page is not asked for; what is already here may be used
    assert (run.origin.state, web.count(PAGE)) == (SourceState.STALE, 1)


def test_a_redirect_is_kept_under_the_address_that_was_asked_for(web: StandIn, go: Any) -> None:
    web.put(PAGE, Answer.redirect("https://cdn.example/signed?x=1"), Answer.redirect("https://cdn.example/signed?x=2"))
    web.put("https://cdn.example/signed", Answer.json([1]))
    first, second = go(), go()
    assert (first.origin.url, second.origin.url) == (PAGE, PAGE)
    assert second.origin.revalidated
    web.put(PAGE, Answer(500))
    assert go().rows == [1]


def test_a_page_that_is_fresh_enough_is_not_asked_for(web: StandIn, go: Any) -> None:
    class Lazy(Reader):
        meta: ClassVar[dict[str, Any]] = {"expect": "json", "fresh_for": 3600}

    web.put(PAGE, Answer.json([1]))
    go(Lazy)
    again = go(Lazy)
    assert (again.rows, again.origin.state, web.count(PAGE)) == ([1], SourceState.LIVE, 1)


def test_a_compressed_body_is_kept_decoded(web: StandIn, go: Any, tmp_path: Path) -> None:
    import gzip

    body = gzip.compress(b"[1, 2]")
    web.put(PAGE, Answer(body=body, content_type="application/json", headers={"Content-Encoding": "gzip"}))
    assert go().rows == [1, 2]
    archive = Archive(tmp_path / "archive.db")
    copy = next(archive.good_copies("reader"))
    assert archive.body(copy) == b"[1, 2]"
    web.put(PAGE, Answer(500))
    assert go().rows == [1, 2]


def test_spiders_side_by_side_share_one_archive(web: StandIn, tmp_path: Path) -> None:
    class Other(Reader):
        name = "other"

    web.put(PAGE, Answer.json([1]))
    crawl_together([Reader, Other], settings_for(web, FLOPCRAWL_ARCHIVE=str(tmp_path / "archive.db")))
    archive = Archive(tmp_path / "archive.db")
    assert [c.source for s in ("reader", "other") for c in archive.good_copies(s)] == ["reader", "other"]
    assert archive.connection.execute("SELECT count(*) FROM bodies").fetchone() == (1,)


def test_a_host_that_keeps_failing_is_left_alone(web: StandIn, go: Any) -> None:
    class Many(Reader):
        async def start(self):
            for number in range(8):
                yield Request(f"{PAGE}?n={number}", self.parse, errback=self.error)

    web.put(PAGE, Answer(500))
    run = go(Many, FLOPCRAWL_BREAKER_FAILURES=3, CONCURRENT_REQUESTS=1, RETRY_PRIORITY_ADJUST=1)
    assert len(run.failed) == 8
    assert web.count(PAGE) == 3 * 3
    assert run.stats["flopcrawl/archive/breaker_refused"] == 5
