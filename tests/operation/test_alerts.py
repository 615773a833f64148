"""Alerts: told once, to real local servers, with nothing secret in them."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
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


class Mailbox:
    """Keeps what an SMTP server receives."""

    def __init__(self) -> None:
        self.received: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (its server's name)
        self.received.append(envelope.original_content)
        return "250 kept"


USER, PASSWORD = "robot@example.org", "p@ss/w:rd"


def certified(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS for this machine, whose certificate is in ``folder/cert.pem``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    present = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(present - timedelta(days=1))
        .not_valid_after(present + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.fixture
def smtp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Mailbox, int]]:
    """A real SMTP server that wants STARTTLS and a password."""
    context = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mailbox = Mailbox()

    def right(server: Any, session: Any, envelope: Any, mechanism: str, account: Any) -> AuthResult:
        return AuthResult(success=(account.login, account.password) == (USER.encode(), PASSWORD.encode()))

    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True, auth_required=True,
        authenticator=right,
    )  # fmt: skip
    controller.start()
    yield mailbox, port
    controller.stop()


def server_of(port: int, password: str = PASSWORD) -> str:
    return f"smtp://{quote(USER, safe='')}:{quote(password, safe='')}@localhost:{port}?starttls=1"


def test_a_mail_arrives(smtp: tuple[Mailbox, int], tmp_path: Path) -> None:
    mailbox, port = smtp
    channels = Channels(mail="someone@example.org", mail_from="flopcrawl@example.org", smtp=server_of(port))
    assert deliver([finding()], channels, Memory(tmp_path / "m.json"), checked=(), moment=NOON) == []
    mail = message_from_bytes(mailbox.received[0], policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("someone@example.org", "flopcrawl: a source needs you")
    assert "12 models, 400 are usual — look at it" in mail.get_content()


@pytest.mark.parametrize("works", [True, False])
def test_no_channel_lets_a_secret_out(
    works: bool, smtp: tuple[Mailbox, int], httpserver: HTTPServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    answer = {"status": 200} if works else {"status": 403, "response_data": "no"}
    httpserver.expect_request("/services/T0/B0/hidden-path", method="POST").respond_with_data(**answer)
    httpserver.expect_request("/repos/a/b/issues", method="POST").respond_with_data(**answer)
    mailbox, port = smtp
    channels = Channels.from_environment({
        "FLOPCRAWL_ALERT_WEBHOOK": httpserver.url_for("/services/T0/B0/hidden-path?key=hidden-key"),
        "FLOPCRAWL_ALERT_MAIL": "someone@example.org",
        "FLOPCRAWL_SMTP": server_of(port, PASSWORD if works else "hidden-wrong"),
        "FLOPCRAWL_ALERT_REPOSITORY": "a/b", "GITHUB_TOKEN": "hidden-token", "GITHUB_API_URL": httpserver.url_for(""),
        "FLOPCRAWL_ALERT_FEED": str(tmp_path / "a.atom"), "FLOPCRAWL_ALERT_FILE": str(tmp_path / "a.txt"),
    })  # fmt: skip
    problems = deliver(
        [finding(message="no answer from https://u:hidden-pass@x.example/a?token=hidden-query")], channels,
        Memory(tmp_path / "m.json"), checked=(), moment=NOON,
    )  # fmt: skip
    assert len(problems) == (0 if works else 3)
    assert len(mailbox.received) == works
    sent = [request.get_data(as_text=True) for request, _ in httpserver.log]
    assert len(sent) == 2
    written = [path.read_text() for path in (tmp_path / "a.atom", tmp_path / "a.txt", tmp_path / "m.json")]
    # the two servers log as well what they receive
    logged = [record.getMessage() for record in caplog.records if record.name not in ("mail.log", "werkzeug")]
    everything = "\n".join([*problems, *written, *sent, *logged, *(mail.decode() for mail in mailbox.received)])
    assert "x.example/a" in everything
    assert "hidden" not in everything
    assert PASSWORD not in everything


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
