"""The sample: every row names a file, every page is read by a source, and the facts are there to be looked at."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from flopcrawl.extraction import read
from flopcrawl.extraction.config import count_parameters
from flopcrawl.identity import Registry
from flopcrawl.vocabulary import Field

SAMPLE = Path(__file__).parents[2] / "sample"
MAX_BYTES = 1_000_000


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (SAMPLE / "index.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_names_a_file_of_the_folder_and_every_file_has_a_row(rows: list[dict[str, str]]) -> None:
    named = {row["file"] for row in rows}
    assert len(named) == len(rows)
    assert {str(path.relative_to(SAMPLE)) for path in SAMPLE.rglob("*.*")} == named | {"index.csv"}


def test_every_row_is_an_answer_marked_as_sample(rows: list[dict[str, str]]) -> None:
    assert list(rows[0]) == ["url", "status", "content_type", "fetched_at", "file", "origin"]
    assert {row["origin"] for row in rows} == {"sample"}
    assert {row["status"] for row in rows} == {"200"}
    assert len({row["url"] for row in rows}) == len(rows)


def test_it_stays_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < MAX_BYTES


def test_every_page_is_known_to_a_source(rows: list[dict[str, str]]) -> None:
    loader = SpiderLoader.from_settings(get_project_settings())
    spiders = [loader.load(name)() for name in loader.list()]
    readers = Counter({spider.name: 0 for spider in spiders})
    for row in rows:
        known = [spider.name for spider in spiders if spider.reader(row["url"])]
        assert known, row["url"]
        readers.update(known)
    assert readers["huggingface"] >= 100
    assert readers["github"] >= 5
    assert readers["arena"] == 3
    assert readers["mistral"] >= 4
    assert readers["arxiv"] >= 2


def test_every_card_states_parameters_a_date_and_its_source(rows: list[dict[str, str]]) -> None:
    cards = [row for row in rows if row["file"].startswith("cards/")]
    assert len(cards) >= 80
    for row in cards:
        text = (SAMPLE / row["file"]).read_text(encoding="utf-8")
        assert "restated from https://" in text, row["file"]
        fields = {fact.field for fact in read(text, kind="md", name=Path(row["file"]).name, url=row["url"]).facts}
        assert {Field.PARAMETERS_TOTAL, Field.RELEASE_DATE} <= fields, row["file"]


def test_every_config_can_be_counted(rows: list[dict[str, str]]) -> None:
    configs = [row for row in rows if row["file"].startswith("configs/")]
    assert len(configs) >= 10
    for row in configs:
        assert count_parameters(json.loads((SAMPLE / row["file"]).read_text(encoding="utf-8"))).total > 1e9


def test_the_leaderboard_has_at_least_150_models() -> None:
    pages = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((SAMPLE / "arena").glob("*.json"))]
    entries = [entry["row"] for page in pages for entry in page["rows"]]
    assert len(entries) == pages[0]["num_rows_total"] >= 150
    assert len({entry["model_name"] for entry in entries}) == len(entries)
    ratings = [entry["rating"] for entry in entries]
    assert ratings == sorted(ratings, reverse=True)


def test_it_holds_the_models_over_1e25_that_disclose_facts(rows: list[dict[str, str]]) -> None:
    registry = Registry.load()
    keys: set[str] = set()
    for row in rows:
        if row["file"].endswith((".md", ".html")):
            reading = read((SAMPLE / row["file"]).read_bytes(), name=Path(row["file"]).name, url=row["url"])
            keys |= {registry.resolve(fact.model).model_key for fact in reading.facts if fact.model}
    expected = [
        "Llama 4 Behemoth (preview)", "Llama 3.1-405B", "Nemotron-4 340B", "Llama Nemotron Ultra 253B", "Pangu Ultra",
        "Inflection-2", "Mistral Large 2", "GLM-4.5", "Grok 3",
    ]  # fmt: skip
    assert [name for name in expected if registry.resolve(name).model_key not in keys] == []


@pytest.mark.slow
def test_a_refresh_from_the_sample_reads_every_row_and_lists_models(rows: list[dict[str, str]], tmp_path: Path) -> None:
    environment = {
        **os.environ, "FLOPCRAWL_DB": str(tmp_path / "sample.db"), "FLOPCRAWL_EXPORTS": str(tmp_path / "exports"),
        "FLOPCRAWL_ARCHIVE": str(tmp_path / "archive.db"), "FLOPCRAWL_OVERRIDES": str(tmp_path / "overrides"),
    }  # fmt: skip
    command = [sys.executable, "-m", "scrapy", "refresh", "--replay", str(SAMPLE)]
    run = subprocess.run(command, cwd=SAMPLE.parent, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    with sqlite3.connect(tmp_path / "sample.db") as db:
        read_pages = {url for (url,) in db.execute("SELECT url FROM pages")}
        assert {row["url"] for row in rows} - read_pages == set()
        assert db.execute("SELECT source, url, reason FROM rejected").fetchall() == []
        assert db.execute("SELECT DISTINCT origin FROM claims").fetchall() == [("sample",)]
        listed = {name for (name,) in db.execute("SELECT name FROM models_over_1e25")}
    assert {"Llama 3.1-405B", "Nemotron-4 340B", "Llama 4 Behemoth (preview)", "Pangu Ultra"} <= listed
