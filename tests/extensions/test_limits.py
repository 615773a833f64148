"""Bounds of a source, and its structured log, in whole crawls of the stand-in web."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request, Spider

from tests.standin import Answer, StandIn, settings_for
from tests.standin.crawl import crawl

PAGE = "https://lab.example/page"


class Many(Spider):
    """Asks for many pages."""

    name = "many"

    async def start(self):
        for number in range(50):
            yield Request(f"{PAGE}?n={number}")

    def parse(self, response: Any) -> None:
        self.logger.warning("read %s", response.url)


@pytest.fixture
def web():
    with StandIn() as standin:
        standin.put(PAGE, Answer.text("x" * 1000))
        yield standin


def run(web: StandIn, folder: Path, **settings: Any) -> dict[str, Any]:
    paths = {
        "FLOPCRAWL_DB": str(folder / "f.db"), "FLOPCRAWL_ARCHIVE": str(folder / "a.db"),
        "FLOPCRAWL_OVERRIDES": str(folder), "FLOPCRAWL_RUN_ID": "r",
    }  # fmt: skip
    return crawl(Many, settings_for(web, CONCURRENT_REQUESTS=1, **paths, **settings)).stats.get_stats()


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"FLOPCRAWL_MAX_BYTES": 5_000}, "flopcrawl_max_bytes"),
        ({"CLOSESPIDER_PAGECOUNT": 5}, "closespider_pagecount"),
    ],
)
def test_a_crawl_is_ended_at_its_bound_and_reported(
    web: StandIn, tmp_path: Path, settings: dict[str, Any], reason: str
) -> None:
    stats = run(web, tmp_path, **settings)
    assert stats["finish_reason"] == reason
    assert web.count(PAGE) <= 8
    assert next((f.check, f.severity) for f in stats["flopcrawl/findings"]) == ("ended", "error")
    assert stats["flopcrawl/source_state"] == "failed"


def test_every_record_is_a_line_of_json(web: StandIn, tmp_path: Path) -> None:
    run(web, tmp_path, FLOPCRAWL_LOG_JSON=str(tmp_path / "log.jsonl"), CLOSESPIDER_PAGECOUNT=2)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    read = [line for line in lines if line["message"].startswith("read ")]
    assert {(line["level"], line["source"]) for line in read} == {("WARNING", "many")}
    last = json.loads(lines[-1]["message"])
    assert (last["run_id"], last["stats"]["finish_reason"]) == ("r", "closespider_pagecount")
