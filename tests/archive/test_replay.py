"""Replays: a folder, or the archive, in place of the network."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request, Spider

from flopcrawl.archive import Archive, Replay, ReplayError, mark_good, provenance, unusable
from flopcrawl.archive.fingerprint import page_key
from flopcrawl.archive.replay import ArchiveReplay, replay_of
from flopcrawl.vocabulary import Origin, SourceState
from tests.standin.crawl import crawl

HEAD = "url,status,content_type,fetched_at,file"


def folder(path: Path, *lines: str, head: str = HEAD) -> Path:
    """A replay folder with two pages, a.json and b.html."""
    path.mkdir(exist_ok=True)
    (path / "a.json").write_text("[1]")
    (path / "b.html").write_text("<p>b</p>")
    (path / "index.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8-sig")
    return path


class Asks(Spider):
    """Asks for what it is told and notes what came."""

    name = "asks"

    def __init__(self, requests: list[Request], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.requests, self.got, self.failed = requests, [], []

    async def start(self):
        for request in self.requests:
            yield request.replace(callback=self.parse, errback=self.error, dont_filter=True)

    def parse(self, response: Any):
        if response.text == "[]":
            yield unusable(response, "empty")
            return
        mark_good(self.crawler, response)
        self.got.append((response.url, response.text, provenance(response)))

    def error(self, failure: Any) -> None:
        self.failed.append((failure.request.url, type(failure.value).__name__))


@pytest.fixture
def no_socket(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    opened: list[Any] = []

    def refuse(self: socket.socket, address: Any) -> None:
        opened.append(address)
        raise AssertionError(f"a socket was opened to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    return opened


def asked(path: Path, *requests: Request) -> Any:
    return crawl(Asks, {"FLOPCRAWL_REPLAY": str(path), "FLOPCRAWL_ARCHIVE": str(path / "no.db")}, requests=requests)


def test_a_folder_answers_and_nothing_else_does(tmp_path: Path, no_socket: list[Any]) -> None:
    path = folder(
        tmp_path / "r",
        "https://a.example/list?b=2&a=1,200,application/json,2026-08-22T04:15:30+02:00,a.json",
        "https://b.example/page,200,text/html,2026-08-22T02:15:30Z,b.html",
        "https://b.example/gone,404,text/html,2026-08-22T02:15:30Z,b.html",
    )
    crawler = asked(
        path,
        Request("https://a.example/list?a=1&b=2#top"),
        Request("https://b.example/gone"),
        Request("https://c.example/"),
        Request("https://d.example/", meta={"optional": True}),
        Request("https://b.example/page", method="POST"),
        Request("ftp://b.example/page"),
    )
    spider: Any = crawler.spider
    [(_, text, origin)] = spider.got
    assert (text, origin.state, origin.fetched_at) == ("[1]", SourceState.REPLAY, "2026-08-22T02:15:30Z")
    assert origin.origin is Origin.REPLAY
    assert sorted(spider.failed) == [
        ("ftp://b.example/page", "NotInReplayError"),
        ("https://b.example/gone", "HttpError"),
        ("https://b.example/page", "NotInReplayError"),
        ("https://c.example/", "NotInReplayError"),
        ("https://d.example/", "NotInReplayError"),
    ]
    assert crawler.stats.get_value("flopcrawl/archive/absent") == 1
    assert no_socket == []
    assert not (path / "no.db").exists()
    assert replay_of(crawler).unread() == ["https://b.example/page"]


def test_fallbacks_are_taken_from_the_folder(tmp_path: Path, no_socket: list[Any]) -> None:
    path = folder(
        tmp_path / "r", "https://b.example/x,200,application/json,2026-08-22T02:15:30Z,a.json",
        "https://e.example/empty,200,application/json,2026-08-22T02:15:30Z,empty.json",
    )  # fmt: skip
    (path / "empty.json").write_text("[]")
    meta = {"fallbacks": ["https://nowhere.example/", "https://b.example/x"]}
    spider: Any = asked(
        path,
        Request("https://a.example/x", meta=dict(meta)),
        Request("https://e.example/empty", meta=dict(meta)),
        Request("https://e.example/empty"),
    ).spider
    assert [url for url, _, _ in spider.got] == ["https://b.example/x"] * 2
    assert spider.failed == [("https://e.example/empty", "UnusablePageError")]


def test_a_sample_is_labelled(tmp_path: Path) -> None:
    path = folder(
        tmp_path / "r", "https://a.example/,200,text/html,2026-01-01T00:00:00Z,b.html,sample", head=HEAD + ",origin"
    )
    spider: Any = asked(path, Request("https://a.example/")).spider
    assert spider.got[0][2].origin is Origin.SAMPLE


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("https://a.example/,200,text/html,2026-01-01T00:00:00Z,../outside.html", "outside the folder"),
        ("https://a.example/,200,text/html,2026-01-01T00:00:00Z,link.html", "outside the folder"),
        ("https://a.example/,200,text/html,2026-01-01T00:00:00Z,/etc/hostname", "outside the folder"),
        ("https://a.example/,200,text/html,2026-01-01T00:00:00Z,none.html", "does not exist"),
        ("https://a.example/,OK,text/html,2026-01-01T00:00:00Z,b.html", "status 'OK'"),
        ("https://a.example/,200,text/html,yesterday,b.html", "yesterday"),
        (",200,text/html,2026-01-01T00:00:00Z,b.html", "no address"),
    ],
)
def test_a_bad_line_is_named_and_left_out(tmp_path: Path, line: str, problem: str) -> None:
    (tmp_path / "outside.html").write_text("secret")
    path = folder(tmp_path / "r", line, "https://b.example/,200,text/html,2026-01-01T00:00:00Z,b.html")
    (path / "link.html").symlink_to(tmp_path / "outside.html")
    replay = Replay.load(path)
    assert replay.urls() == ["https://b.example/"]
    [message] = replay.problems
    assert "index.csv, line 2" in message
    assert problem in message


def test_of_two_answers_the_later_one_counts(tmp_path: Path) -> None:
    path = folder(
        tmp_path / "r", "https://a.example/,200,text/html,2026-01-02T00:00:00Z,b.html",
        "https://a.example/,200,application/json,2026-01-01T00:00:00Z,a.json",
    )  # fmt: skip
    assert [row.path.name for row in Replay.load(path).rows.values()] == ["b.html"]


def test_a_folder_without_a_usable_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReplayError, match=r"index\.csv.*Name a folder"):
        Replay.load(tmp_path)
    with pytest.raises(ReplayError, match="no column fetched_at, file"):
        Replay.load(folder(tmp_path / "r", head="url,status,content_type"))


def test_the_archive_answers_for_each_source_with_its_newest_good_copy(tmp_path: Path, no_socket: list[Any]) -> None:
    archive = Archive(tmp_path / "archive.db")

    def keep(url: str, source: str, body: bytes, at: str, good: bool = True, rendered: bool = False) -> int:
        copy = archive.keep(
            page_key=page_key(source, Request(url, meta={"playwright": rendered})), source=source, url=url,
            final_url=url, status=200, headers={"Content-Type": ["application/json"]}, body=body, at=at,
        )  # fmt: skip
        if good:
            archive.mark_good(copy.copy_id)
        return copy.copy_id

    keep("https://a.example/1", "asks", b"[1]", "2026-01-01T00:00:00Z")
    keep("https://a.example/1", "asks", b"[2]", "2026-01-02T00:00:00Z")
    keep("https://a.example/1", "asks", b"captcha", "2026-01-03T00:00:00Z", good=False)
    keep("https://a.example/1", "asks", b"[9]", "2026-01-09T00:00:00Z", rendered=True)
    archive.mark_standing_in(keep("https://a.example/2", "asks", b"[3]", "2026-01-01T00:00:00Z"))
    keep("https://a.example/3", "other", b"[4]", "2026-01-01T00:00:00Z")
    archive.close()
    replay = ArchiveReplay(Archive(tmp_path / "archive.db", read_only=True))
    assert replay.urls("asks") == ["https://a.example/1", "https://a.example/1", "https://a.example/2"]
    crawler = crawl(
        Asks, {"FLOPCRAWL_REPLAY": str(tmp_path / "archive.db")},
        requests=[Request(f"https://a.example/{n}") for n in (1, 2, 3)],
    )  # fmt: skip
    spider: Any = crawler.spider
    assert sorted((text, origin.state, origin.fetched_at) for _, text, origin in spider.got) == [
        ("[2]", SourceState.LIVE, "2026-01-02T00:00:00Z"),
        ("[3]", SourceState.STALE, "2026-01-01T00:00:00Z"),
    ]
    assert spider.failed == [("https://a.example/3", "NotInReplayError")]
