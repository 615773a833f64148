"""Items through the pipelines: one spelling, reasons for what is refused, batches, and what a page no longer says."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.test import get_crawler

from flopcrawl.items import BadValueError, Fact, ModelItem, PageItem, RatingItem, RejectedItem
from flopcrawl.loaders import clean_text
from flopcrawl.pipelines.normalize import NormalizePipeline
from flopcrawl.pipelines.store import StorePipeline, claims_of
from flopcrawl.pipelines.validate import problem
from flopcrawl.vocabulary import Domain, Field, Origin
from tests.building import FETCHED, rows

URL = "https://lab.example/post"


def item(name: str = "Alpha 7B", *facts: Fact, **more: Any) -> ModelItem:
    return ModelItem(name, "lab", URL, FETCHED, organization="Lab", facts=list(facts), **more)


def page() -> PageItem:
    return PageItem(URL, "lab", FETCHED, 200, "sha", 10)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "flopcrawl.db"


def pipeline(path: Path, run_id: str) -> StorePipeline:
    return StorePipeline(get_crawler(settings_dict={"FLOPCRAWL_DB": str(path), "FLOPCRAWL_RUN_ID": run_id}))


def run(path: Path, run_id: str, *items: Any) -> StorePipeline:
    made = pipeline(path, run_id)
    for each in items:
        made.process_item(each)
    made.close_spider()
    return made


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("  Alpha\u00a0 7B\n", "Alpha 7B"),
        ("Al\u200bpha", "Alpha"),
        ("\u202eevil", "evil"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("a\x00b", "a b"),
    ],
)
def test_names_get_one_spelling(written: str, stored: str) -> None:
    assert clean_text(written) == stored


def test_words_of_a_vocabulary_are_matched_without_regard_to_case() -> None:
    (fact,) = NormalizePipeline().process_item(item("A", Fact(Field.DOMAIN, "LANGUAGE"))).facts
    assert fact.value == Domain.LANGUAGE


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (item(""), "no model name"),
        (item("x" * 201), "201 characters"),
        (item("---"), "without a letter"),
        (RatingItem("A", "", "text", "2026-01-01", float("nan"), "u", "arena"), "rating of nan"),
        (RatingItem("A", "", "text", "2026-01-01", 9e9, "u", "arena"), "outside"),
    ],
)
def test_what_cannot_be_stored_has_a_reason(bad: Any, reason: str) -> None:
    assert reason in problem(bad)


def test_a_good_item_has_no_problem() -> None:
    assert problem(item()) == ""


def test_an_item_becomes_its_claims_with_name_and_developer(path: Path) -> None:
    run(path, "r", item("Alpha 7B", Fact(Field.EPOCHS, 2.0, quote="two epochs")), page())
    stored = rows(path, "SELECT field, value, quote, organization, origin FROM claims ORDER BY field")
    assert [(row["field"], row["value"]) for row in stored] == [
        ("epochs", "2"), ("name", "Alpha 7B"), ("organization", "Lab"),
    ]  # fmt: skip
    assert stored[0]["quote"] == "two epochs"
    assert {row["organization"] for row in stored} == {"Lab"}
    assert rows(path, "SELECT url FROM pages") == [{"url": URL}]


def test_a_page_that_says_less_withdraws_what_it_said(path: Path) -> None:
    run(path, "r1", item("Alpha 7B", Fact(Field.EPOCHS, 2.0)), page())
    made = run(path, "r2", item("Alpha 7B"), page())
    assert ("Alpha 7B", "Lab") in made.touched
    assert rows(path, "SELECT status FROM claims WHERE field = 'epochs'") == [{"status": "superseded"}]


def test_a_page_that_was_not_read_to_its_end_withdraws_nothing(path: Path) -> None:
    run(path, "r1", item("Alpha 7B", Fact(Field.EPOCHS, 2.0)), page())
    run(path, "r2", item("Alpha 7B"))
    assert rows(path, "SELECT status FROM claims WHERE field = 'epochs'") == [{"status": "current"}]


def test_a_full_batch_is_written_before_the_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flopcrawl.pipelines.store.BATCH", 2)
    made = pipeline(path, "r")
    made.process_item(item("A 1"))
    assert not path.exists()
    made.process_item(item("B 2"))
    assert len(rows(path, "SELECT DISTINCT subject FROM claims")) == 2


def test_closing_twice_writes_once(path: Path) -> None:
    made = run(path, "r", item(), page())
    made.close_spider()
    stats = made.crawler.stats
    assert stats is not None
    assert stats.get_value("flopcrawl/stored/ModelItem") == 1


def test_a_fact_that_cannot_be_a_claim_is_rejected_and_the_others_stored() -> None:
    rejected: list[RejectedItem] = []
    claims = claims_of(item("A 1", Fact(Field.EPOCHS, 2.0, quote="x" * 3000), Fact(Field.MFU, 0.4)), rejected)
    assert Field.MFU in {claim.field for claim in claims}
    assert Field.EPOCHS not in {claim.field for claim in claims}
    assert "quote" in rejected[0].reason


def test_a_name_that_is_too_long_for_its_field_is_refused_by_the_claim() -> None:
    with pytest.raises(BadValueError):
        Fact(Field.NAME, "x" * 600)


def test_the_origin_of_an_item_is_that_of_its_claims(path: Path) -> None:
    run(path, "r", item(origin=Origin.SAMPLE))
    assert {row["origin"] for row in rows(path, "SELECT origin FROM claims")} == {"sample"}


def test_a_refused_item_is_kept_with_its_reason(path: Path) -> None:
    from scrapy import Spider

    class Once(Spider):
        name = "once"

        async def start(self) -> Any:
            yield item("")
            yield item("Alpha 7B")

    async def crawl() -> None:
        from scrapy.crawler import AsyncCrawlerRunner

        settings = {
            "TWISTED_REACTOR_ENABLED": False,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "FLOPCRAWL_DB": str(path),
            "FLOPCRAWL_RUN_ID": "r",
            "ITEM_PIPELINES": {
                "flopcrawl.pipelines.validate.ValidatePipeline": 200,
                "flopcrawl.pipelines.store.StorePipeline": 300,
            },
        }
        await AsyncCrawlerRunner(settings).crawl(Once)

    asyncio.run(crawl())
    assert [row["reason"] for row in rows(path, "SELECT reason FROM rejected")] == ["no model name"]
    assert {row["subject"] for row in rows(path, "SELECT subject FROM claims")} == {"Alpha 7B"}
