"""Alerts: told once, to real local servers, with nothing secret in them."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import feedparser
import pytest
from pytest_httpserver import HTTPServer

from flopcrawl.operation.alerts import MOST_AN_HOUR, Channels, Memory, deliver, without_secrets
from flopcrawl.operation.findings import Finding, Severity

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def finding(severity: Severity = Severity.ERROR, source: str = "arena", check: str = "drop", **more: str) -> Finding:
    return Finding(severity, source, check, more.pop("message", "12 models, 400 are usual"), "look at it", **more)


@pytest.fixture
def told(tmp_path: Path):
    """Deliver findings at a moment; return the subjects and texts that this wrote to the alert file."""
    file = tmp_path / "alerts.txt"

    def run(
        findings: list[Finding], hours: float = 0, digest: bool = False, checked: tuple[str, ...] = ("arena",)
    ) -> str:
        before = file.read_text() if file.exists() else ""
        problems = deliver(
            findings, Channels(file=str(file)), Memory.load(tmp_path / "memory.json"), checked=checked, digest=digest,
            moment=NOON + timedelta(hours=hours),
        )  # fmt: skip
        assert problems == []
        return file.read_text().removeprefix(before) if file.exists() else ""

    return run


def test_an_error_is_told_once_and_its_end_once(told: Any) -> None:
    assert "12 models, 400 are usual — look at it" in told([finding()])
    assert told([finding()], hours=24) == ""
    assert "over: arena/drop (since 2026-01-05T12:00:00Z)" in told([], hours=48)
    assert told([], hours=72) == ""


def test_an_error_that_lasts_is_told_again_after_a_week(told: Any) -> None:
    told([finding()])
    assert told([finding()], hours=24 * 6.9) == ""
    assert "are usual" in told([finding()], hours=24 * 7)


def test_a_run_that_did_not_look_does_not_end_anything(told: Any) -> None:
    told([finding()])
    assert told([], hours=1, checked=("huggingface",)) == ""


def test_a_warning_waits_for_the_digest_and_goes_at_once_when_it_gets_worse(told: Any) -> None:
    assert told([finding(Severity.WARNING)]) == ""
    digest = told([finding(Severity.WARNING)], hours=1, digest=True)
    assert digest.startswith("2026-01-05T13:00:00Z flopcrawl: 1 findings")
    assert told([finding(Severity.WARNING)], hours=2, digest=True) == ""
    assert "error: arena" in told([finding(Severity.ERROR)], hours=3)


def test_news_that_is_over_still_reaches_the_digest(told: Any) -> None:
    told([finding(Severity.INFO, "models", "listed", subject="m", message="M is new on the list")])
    assert told([], hours=1, checked=("models",)) == ""
    assert "M is new on the list" in told([], hours=2, digest=True, checked=("models",))
    assert told([], hours=3, digest=True, checked=("models",)) == ""


def test_a_flood_is_held_back_for_the_digest(told: Any) -> None:
    messages = [told([finding(source=f"s{n}")], checked=()) for n in range(MOST_AN_HOUR + 3)]
    assert [bool(message) for message in messages] == [True] * MOST_AN_HOUR + [False] * 3
    assert told([], hours=0.5, digest=True, checked=()).count("are usual") == 3


def test_a_clock_that_jumped_ahead_and_back_silences_nothing(told: Any) -> None:
    for number in range(6):
        told([finding(f"future {number}", Severity.ERROR)], hours=24 * 400 + 2 * number)
    assert told([finding("now", Severity.ERROR)]) != []
    assert told([finding("future 0", Severity.ERROR)]) != []


def test_a_damaged_memory_is_started_anew(told: Any, tmp_path: Path) -> None:
    (tmp_path / "memory.json").write_text("{half")
    assert "are usual" in told([finding()])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("failed: https://user:pass@a.example/p?token=abc#x (403)", "failed: https://a.example/p (403)"),
        ("key hf_abcdefghijklmnop refused", "key [removed] refused"),
        ("Authorization: Bearer abc.def", "Authorization: [removed]"),
        ("12 tokens of 15T tokens", "12 tokens of 15T tokens"),
    ],
)
def test_nothing_secret_is_sent(text: str, expected: str) -> None:
    assert without_secrets(text) == expected


def test_a_webhook_and_an_issue_are_posted(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    httpserver.expect_request("/repos/a/b/issues", method="POST").respond_with_json({}, status=201)
    channels = Channels(
        webhook=httpserver.url_for("/hook"), repository="a/b", github_token="t0ken",
        github_api=httpserver.url_for("").rstrip("/"),
    )  # fmt: skip
    assert deliver([finding()], channels, Memory(tmp_path / "m.json"), checked=(), moment=NOON) == []
    hook, issue = (request for request, _ in httpserver.log)
    assert "*flopcrawl: a source needs you*\nerror: arena" in json.loads(hook.data)["text"]
    assert json.loads(issue.data)["labels"] == ["flopcrawl"]
    assert issue.headers["Authorization"] == "Bearer t0ken"
    assert "t0ken" not in (tmp_path / "m.json").read_text()


def test_a_channel_that_is_down_is_reported_and_the_others_work(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/hook").respond_with_data("no", status=500)
    channels = Channels(
        webhook=httpserver.url_for("/hook?secret=1"),
        file=str(tmp_path / "a.txt"),
        mail="a@b.c",
        smtp="smtp://127.0.0.1:9",
    )
    problems = deliver([finding()], channels, Memory(tmp_path / "m.json"), checked=(), moment=NOON)
    assert [problem.split(" could")[0] for problem in problems] == ["the alert by webhook", "the alert by mail"]
    assert "secret" not in "".join(problems)
    assert "are usual" in (tmp_path / "a.txt").read_text()


class Mailbox(socketserver.StreamRequestHandler):
    """As much of an SMTP server as one message needs."""

    def handle(self) -> None:
        self.wfile.write(b"220 local\r\n")
        data = False
        lines: list[bytes] = []
        for raw in self.rfile:
            line = raw.rstrip(b"\r\n")
            if data:
                if line == b".":
                    data = False
                    self.server.received.append(b"\n".join(lines))
                    self.wfile.write(b"250 kept\r\n")
                else:
                    lines.append(line)
            elif line.upper() == b"DATA":
                data = True
                self.wfile.write(b"354 go on\r\n")
            elif line.upper() == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def smtp() -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox) as server:
        server.received = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def test_a_mail_arrives(smtp: Any, tmp_path: Path) -> None:
    channels = Channels(
        mail="someone@example.org", mail_from="flopcrawl@example.org", smtp=f"smtp://127.0.0.1:{smtp.server_address[1]}"
    )
    assert deliver([finding()], channels, Memory(tmp_path / "m.json"), checked=(), moment=NOON) == []
    mail = message_from_bytes(smtp.received[0], policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("someone@example.org", "flopcrawl: a source needs you")
    assert "12 models, 400 are usual — look at it" in mail.get_content()


def test_the_feed_keeps_its_entries(tmp_path: Path) -> None:
    channels = Channels(feed=str(tmp_path / "alerts.atom"))
    for day in (0, 1):
        deliver(
            [finding(source=f"s{day}")],
            channels,
            Memory.load(tmp_path / "m.json"),
            checked=(),
            moment=NOON + timedelta(days=day),
        )
    feed = feedparser.parse((tmp_path / "alerts.atom").read_text())
    assert not feed.bozo
    assert [("s1" in entry.summary, "s0" in entry.summary) for entry in feed.entries] == [(True, False), (False, True)]
