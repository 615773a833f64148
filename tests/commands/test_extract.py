"""``scrapy extract``: its JSON contract, its tables, its exit codes, addresses, test cases that it writes."""

# ruff: noqa: E501 — a command line on one line

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from flopcrawl.commands import extract
from flopcrawl.commands.base import CommandError
from flopcrawl.extraction import clean
from flopcrawl.items import Fact
from flopcrawl.reading_pages import fetch, pages, tables
from flopcrawl.reading_pages.pages import Page, PageFacts, config_in, config_name, read_page
from flopcrawl.vocabulary import Field, Qualifier, Scope
from tests.extraction.mutations import MARKDOWN

ROOT = Path(__file__).parents[2]
CARD = """---
license: mit
---
# Kestrel-2 70B

Kestrel-2 70B is a language model with 70B parameters, trained from scratch on over 9.5 trillion tokens.
The context is 32,768 tokens.
"""
CONFIG = {
    "model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4,
    "vocab_size": 1000,
}  # fmt: skip


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*args: object, **options: Any) -> tuple[int, str, str]:
        command = extract.Command()
        command.settings = Settings()
        chosen = {"model": None, "format": "json", "text": False, "explain": False, "fixture": None} | options
        code = command.execute([str(arg) for arg in args], argparse.Namespace(**chosen))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "nest__Kestrel-2-70B.md"
    path.write_text(CARD, encoding="utf-8")
    return path


def test_json_keeps_its_contract(run: Any, card: Path) -> None:
    code, out, err = run(card)
    rows = json.loads(out)
    assert (code, err) == (0, "")
    text = clean(CARD, kind="md").text
    for row in rows:
        assert list(row) == "file model field value unit qualifier scope quote start end".split()
        assert row["file"] == str(card)
        if row["quote"] is not None:
            assert text[row["start"] : row["end"]] == row["quote"]
    tokens = next(row for row in rows if row["field"] == "tokens_trained")
    assert (tokens["value"], tokens["unit"], tokens["qualifier"], tokens["scope"]) == (9.5e12, "tokens", ">", "model")


def test_text_is_where_quotes_are_looked_up(run: Any, card: Path) -> None:
    assert run(card, text=True)[1] == clean(CARD, kind="md").text + "\n"
    assert run(card, card, text=True)[1].count(f"==> {card} <==\n") == 2


def test_a_table_for_people(run: Any, card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    _, out, _ = run(card, format="table")
    assert "9.5T" in out
    assert "9.5 trillion tokens" in out
    empty = card.with_name("empty.txt")
    empty.write_text("Nothing here.")
    assert f"{empty}: no facts" in run(empty, format="table")[1].replace("\n", "")


def test_every_number_is_explained(run: Any, card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = json.loads(run(card, explain=True)[1])
    numbers = [row["number"] for row in rows]
    assert any(number.startswith("9.5 trillion") for number in numbers)
    assert any(number.startswith("32,768") for number in numbers)
    assert all(row["reason"] and isinstance(row["taken"], bool) for row in rows)
    monkeypatch.setenv("COLUMNS", "200")
    assert "32,768" in run(card, explain=True, format="table")[1]


def test_what_cannot_be_read_is_one_line_each(run: Any, card: Path, tmp_path: Path) -> None:
    (tmp_path / "zip.html").write_bytes(b"PK\x03\x04")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code, out, err = run(card, tmp_path / "none.md", tmp_path / "zip.html", tmp_path, pipe, "bad\0name")
    assert code == 0
    assert json.loads(out)
    lines = err.splitlines()
    assert len(lines) == 5
    assert "No such file" in lines[0]
    assert "zip archive" in lines[1]
    assert "a folder" in lines[2]
    assert "no regular file" in lines[3]


def test_exit_code_when_nothing_could_be_read(run: Any, tmp_path: Path) -> None:
    code, out, _ = run(tmp_path / "none.md")
    assert code == 1
    assert json.loads(out) == []


def test_usage(run: Any, card: Path) -> None:
    with pytest.raises(UsageError):
        run()
    with pytest.raises(UsageError):
        run(card, text=True, explain=True)


def test_too_large(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_BYTES", 3)
    (tmp_path / "a.txt").write_text("words")
    assert "larger than" in run(tmp_path / "a.txt")[2]


class TestConfig:
    def test_parameters_without_a_quote(self, run: Any, tmp_path: Path) -> None:
        path = tmp_path / "nest__Kestrel-2-1M.json"
        path.write_text(json.dumps(CONFIG))
        rows = json.loads(run(path)[1])
        assert [(row["model"], row["field"], row["quote"], row["start"]) for row in rows] == [
            ("Kestrel-2-1M", "parameters_total", None, None),
            ("Kestrel-2-1M", "parameters_active", None, None),
        ]
        assert json.loads(run(path, model="Other")[1])[0]["model"] == "Other"

    def test_one_that_is_not_understood(self, run: Any, tmp_path: Path) -> None:
        path = tmp_path / "config.json"
        path.write_text(json.dumps({"model_type": "llama"}))
        code, _, err = run(path)
        assert code == 1
        assert len(err.splitlines()) == 1

    @pytest.mark.parametrize(
        "data", [b"[1]", b"{", b'{"id": "x", "model_type": "llama"}', b'{"title": "x"}', b"[" * 9, b"x"]
    )
    def test_other_json_is_none(self, data: bytes) -> None:
        assert config_in(data) is None

    def test_names(self, tmp_path: Path) -> None:
        assert (
            config_name(Page("x", b"", url="https://hub.example/nest/Kestrel-2/resolve/main/config.json"))
            == "Kestrel-2"
        )
        assert config_name(Page("x", b"", url="https://hub.example/config.json")) is None
        (tmp_path / "Kestrel-2-7B").mkdir()
        assert config_name(Page(str(tmp_path / "Kestrel-2-7B" / "config.json"))) == "Kestrel-2-7B"


class TestFixture:
    def test_a_page_and_what_was_read(self, run: Any, card: Path, tmp_path: Path) -> None:
        folder = tmp_path / "cases"
        for _ in range(2):
            assert run(card, fixture=folder)[0] == 0
        assert (folder / card.name).read_text() == CARD
        expected = json.loads((folder / f"{card.stem}.expected.json").read_text())
        assert list(expected) == ["name", "facts", "never", "announced"]
        assert expected["name"] == card.name
        assert 9.5e12 in [fact["value"] for fact in expected["facts"]]

    def test_another_page_is_not_overwritten(self, run: Any, card: Path, tmp_path: Path) -> None:
        folder = tmp_path / "cases"
        run(card, fixture=folder)
        card.write_text("Other words.")
        with pytest.raises(CommandError, match="another page"):
            run(card, fixture=folder)

    def test_a_folder_that_cannot_be(self, run: Any, card: Path) -> None:
        with pytest.raises(CommandError, match="cannot be written"):
            run(card, fixture=card / "cases")


class TestTables:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("mit", "mit"),
            (3.8e25, "3.8e+25"),
            (15.6e12, "15.6T"),
            (4.05e11, "405B"),
            (2.5e6, "2.5M"),
            (2048.0, "2,048"),
            (0.38, "0.38"),
        ],
    )
    def test_readable(self, value: str | float, shown: str) -> None:
        assert tables.readable(value) == shown

    def test_a_long_quote_is_cut_around_its_number(self) -> None:
        text = "word " * 100 + "15T tokens" + " word" * 100
        shown = tables.excerpt(text, 0, len(text), [(500, 510)])
        assert shown.plain.startswith("… ")
        assert shown.plain.endswith(" …")
        assert [shown.plain[span.start : span.end] for span in shown.spans] == ["15T tokens"]

    def test_ranges_scopes_and_doubts(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "160")
        fact = Fact(Field.TOKENS_TRAINED, 1e12, None, 2e12, Qualifier.RANGE, Scope.FAMILY)
        command = extract.Command()
        page = PageFacts(Page("p"), text="x", facts=[fact], doubts=["tokens: too many"])
        command._print_tables([page], explain=False)
        out = capsys.readouterr().out
        assert "1T to 2T" in out
        assert "(no model)" in out
        assert "(computed)" in out
        assert "implausible: tokens: too many" in out


def test_many_files_are_shared_out(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MIN_FILES_FOR_WORKERS", 3)
    paths = [tmp_path / f"Kestrel-{n}B.md" for n in range(2, 6)]
    for path in paths:
        path.write_text(f"# {path.stem}\n\n{path.stem} was trained on 9.5 trillion tokens.\n")
    rows = json.loads(run(*paths)[1])
    assert list(dict.fromkeys(row["file"] for row in rows)) == [str(path) for path in paths]


def test_progress_only_on_a_terminal(run: Any, card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(*[card] * 20)[2] == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run(*[card] * 20)[0] == 0


def test_addresses_and_files_in_the_order_given(run: Any, card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fake_fetch(urls: list[str], settings: Settings) -> dict[str, Page | str]:
        return {
            "https://nest.example/kestrel": Page(
                "https://nest.example/kestrel", MARKDOWN.encode(), "md", "https://nest.example/k"
            ),
            "https://nest.example/none": "answered with status 404",
        }

    monkeypatch.setattr(fetch, "fetch", fake_fetch)
    code, out, err = run("https://nest.example/none", "https://nest.example/kestrel", card)
    assert code == 0
    assert err == "https://nest.example/none: answered with status 404\n"
    assert list(dict.fromkeys(row["file"] for row in json.loads(out))) == ["https://nest.example/kestrel", str(card)]


def test_fetching_obeys_robots_and_says_what_failed(tmp_path: Path) -> None:
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = {"/robots.txt": b"User-agent: *\nDisallow: /private", "/kestrel.md": CARD.encode()}.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/markdown")
            self.end_headers()
            self.wfile.write(page or b"")

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    site = f"http://127.0.0.1:{server.server_port}"
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "extract", "--format", "json", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0",
             f"{site}/kestrel.md", f"{site}/private", f"{site}/none", "http://"],
            capture_output=True, text=True, cwd=ROOT, timeout=180, check=False,
        )  # fmt: skip
    finally:
        server.shutdown()
        server.server_close()
    assert done.returncode == 0
    assert {row["file"] for row in json.loads(done.stdout)} == {f"{site}/kestrel.md"}
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert "robots.txt forbids" in lines[0]
    assert "status 404" in lines[1]
    assert "no address" in lines[2]


def test_the_spider_by_itself() -> None:
    from scrapy import Request
    from scrapy.exceptions import IgnoreRequest
    from scrapy.http import HtmlResponse, Response
    from scrapy.spidermiddlewares.httperror import HttpError
    from twisted.python.failure import Failure

    found: dict[str, Page | str] = {}
    spider = fetch.PageSpider(urls=["https://a.example"], found=found)
    spider.keep(HtmlResponse("https://b.example", body=b"x", headers={"Content-Type": "text/html; charset=utf-8"}), "a")
    spider.keep(Response("https://b.example", body=b"x"), "b")
    assert found == {"a": Page("a", b"x", "html", "https://b.example"), "b": Page("b", b"x", "", "https://b.example")}
    for label, error in (
        ("c", HttpError(Response("https://c.example", status=403))),
        ("d", IgnoreRequest()),
        ("e", TimeoutError()),
    ):
        failure = Failure(error)
        failure.request = Request("https://c.example", cb_kwargs={"label": label})  # type: ignore[attr-defined]
        spider.note(failure)
    assert found["c"] == "answered with status 403"
    assert found["d"] == "the site's robots.txt forbids reading it"
    assert found["e"] == "could not be fetched (TimeoutError)"


def test_help_says_what_it_does() -> None:
    command = extract.Command()
    assert "FILE_OR_URL" in command.syntax()
    assert command.short_desc()
    assert "robots.txt" in command.long_desc()
    parser = argparse.ArgumentParser()
    command.settings = Settings()
    command.add_options(parser)
    assert parser.parse_args(["--format", "json", "--text"]).text


def test_reading_one_page_keeps_its_name(card: Path) -> None:
    assert read_page(Page(str(card)), None).label == str(card)


def test_fetching_keeps_nothing_and_refuses_what_has_no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    class Process:
        def __init__(self, settings: Settings) -> None:
            assert not settings.getdict("ITEM_PIPELINES")
            assert not settings.getbool("HTTPCACHE_ENABLED")
            assert settings.getbool("ROBOTSTXT_OBEY")

        def crawl(self, spider: type, urls: list[str], found: dict[str, Page | str]) -> None:
            assert urls == ["https://a.example", "https://b.example"]
            found["https://a.example"] = Page("https://a.example", b"x")

        def start(self) -> None:
            """Nothing to do."""

    monkeypatch.setattr(fetch, "AsyncCrawlerProcess", Process)
    settings = Settings({"ROBOTSTXT_OBEY": True, "ITEM_PIPELINES": {"x": 1}, "HTTPCACHE_ENABLED": True})
    found = fetch.fetch(["https://a.example", "http://", "https://b.example"], settings)
    assert found["https://a.example"] == Page("https://a.example", b"x")
    assert found["http://"] == "no address of a web page"
    assert found["https://b.example"] == "could not be fetched"
