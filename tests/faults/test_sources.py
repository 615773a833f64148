"""``scrapy crawl arena`` and ``scrapy crawl huggingface``, each alone, against a web that fails in every way."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults.source import Source
from tests.standin import Answer, StandIn
from tests.standin.sites import ARENA, BOARDS, HUB, SERVER, arena_rows, parquet, put_arena, put_hub
from tests.standin.sources import Amount, put_github


@pytest.fixture
def source(tmp_path: Path):
    with StandIn() as web:
        yield Source(web, tmp_path)


def fail_arena(web: StandIn, *answers: Answer) -> None:
    """Every address of the leaderboard gives these answers."""
    for url in (*ARENA.values(), SERVER):
        web.put(url, *answers)
    # the older catalogue is missing from the stand-in web


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500), Answer(drop=True), Answer.captcha(), Answer(404), Answer.json({"error": "shape"}),
        Answer.html("<html><body>down</body></html>"), parquet(arena_rows()[:2]),
        Answer.text("half of a file", truncate=True),
    ],
    ids=["500", "dropped", "captcha", "404", "shape", "type", "few", "cut"],
)  # fmt: skip
def test_arena_loses_nothing(source: Source, answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    put_arena(source.web)
    source.crawl("arena")
    assert source.state() == "live"
    claims = source.claims()
    fail_arena(source.web, answer)
    source.crawl("arena")
    assert source.state() == "stale"
    assert any("arena: " in r.getMessage() and "stands in" in r.getMessage() for r in caplog.records)
    assert source.claims() == claims
    assert source.query("SELECT source, severity FROM findings WHERE kind = 'stale-pages'") == [("arena", "warning")]
    put_arena(source.web, arena_rows(published="2026-01-12", first=1510.0))
    source.crawl("arena")
    assert source.state() == "live"
    assert source.query("SELECT count(DISTINCT published) FROM arena_ratings") == [(2,)]


def test_arena_takes_the_fallback_page_by_page(source: Source) -> None:
    put_arena(source.web)
    for board in BOARDS:
        source.web.put(ARENA[board], Answer(500))
    source.crawl("arena")
    assert source.state() == "fallback"
    assert source.query("SELECT count(*) FROM arena_ratings") == [(640,)]


def test_arena_revalidates_and_survives_a_flaky_answer(source: Source) -> None:
    put_arena(source.web)
    source.crawl("arena")
    for board in BOARDS:
        source.web.put(ARENA[board], Answer(500), Answer.limited(0), parquet(arena_rows()))
    source.web.clear()
    source.crawl("arena")
    assert source.state() == "live"
    assert source.query("SELECT revalidated, served_stale FROM runs WHERE run_id = 'run 2'") == [(2, 0)]
    assert sorted(source.web.served) == [304, 304, 429, 429, 500, 500]


@pytest.mark.slow
def test_huggingface_reads_pages_and_cards_and_comes_back(source: Source) -> None:
    put_hub(source.web)
    source.crawl("huggingface")
    assert source.state() == "live"
    names = source.query("SELECT count(DISTINCT subject) FROM claims WHERE field = 'parameters_total'")
    assert names == [(300,)]
    assert source.query("SELECT count(*) FROM claims WHERE field = 'tokens_trained'") == [(30,)]
    standing = "SELECT claim_id FROM claims WHERE status = 'current'"
    claims = set(source.query(standing))
    source.web.outages.add("huggingface.co")
    stats = source.crawl("huggingface")
    assert stats["flopcrawl/archive/breaker_opened"] >= 1
    assert claims == set(source.query(standing))
    source.web.outages.clear()
    source.crawl("huggingface")
    assert source.state() == "live"
    assert claims == set(source.query(standing))


def test_huggingface_obeys_the_rate_limit(source: Source) -> None:
    put_hub(source.web, each=70)
    card = f"{HUB}/Qwen/Qwen-Standin-0-70B/resolve/main/README.md"
    source.web.put(card, Answer(429, headers={"RateLimit": '"resolvers";r=0;t=0'}), Answer.text("# Standin\n"))
    stats = source.crawl("huggingface")
    assert source.state() == "live"
    assert source.web.count(card) == 2
    assert stats["flopcrawl/archive/waits"] == 1


def test_github_asks_again_only_for_what_may_be_new(source: Source) -> None:
    put_github(source.web, Amount(card=20_000))
    source.crawl("github")
    claims, first = source.claims(), source.query("SELECT bytes FROM runs")[0][0]
    source.web.clear()
    source.crawl("github")
    assert {urlsplit(request.url).netloc for request in source.web.requests} == {"api.github.com"}
    assert (source.state(), source.claims()) == ("live", claims)
    # pages out of the archive are not counted as transferred, nor are model cards asked for that did not exist
    assert source.query("SELECT bytes FROM runs WHERE run_id = 'run 2'")[0][0] < 0.1 * first


@pytest.mark.slow
def test_the_command_says_what_failed_and_what_to_do(source: Source) -> None:
    put_arena(source.web)
    for board in BOARDS:
        source.web.put(ARENA[board], Answer.text("half of a file", truncate=True))
    source.web.put(SERVER, Answer(503))
    failed = source.command("arena")
    assert failed.returncode == 1
    assert "arena: nothing answers for https://huggingface.co/datasets/lmarena-ai" in failed.stderr
    assert "Open the address in a browser" in failed.stderr
    put_arena(source.web)
    good = source.command("arena")
    assert (good.returncode, source.state()) == (0, "live"), good.stderr
