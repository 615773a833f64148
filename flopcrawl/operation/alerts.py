"""Who is told of findings: a webhook, e-mail, an issue on GitHub, an Atom feed, a file.

Every channel is off until it has an address (environment variables, see :class:`Channels`). A finding is told once,
again when it gets worse, every :data:`REPEAT_DAYS` while it lasts, and once when it is over; no more than
:data:`MOST_AN_HOUR` messages leave in an hour, and what is left over comes with the next digest. News (``info``) and
warnings wait for the digest; errors go at once. What is sent holds findings only: no headers, no environment, and
addresses without their user, password and query.
"""

from __future__ import annotations

import json
import logging
import os
import re
import smtplib
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import Request, urlopen

from feedgenerator import Atom1Feed

from flopcrawl import clock
from flopcrawl.clock import FORMAT
from flopcrawl.operation.findings import Finding, Severity

logger = logging.getLogger(__name__)

REPEAT_DAYS = 7
MOST_AN_HOUR = 5
TIMEOUT_SECONDS = 20.0
FEED_ENTRIES = 50
LONGEST_MESSAGE = 3_000
"""Characters of one message; Slack cuts at 4,000."""

URL = re.compile(r"https?://[^\s<>\"')\]]+")
SECRET = re.compile(
    r"\b(?:hf_|ghp_|gho_|github_pat_|sk-|xox[a-z]-)[A-Za-z0-9_-]{8,}|(?i:bearer|token|password)[=: ]+\S+"
)


def without_secrets(text: str) -> str:
    """``text`` with addresses cut to scheme, host and path, and what looks like a key taken out."""

    def bare(match: re.Match[str]) -> str:
        parts = urlsplit(match[0])
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))

    return SECRET.sub("[removed]", URL.sub(bare, text))


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel sends: one subject line and a plain text."""

    subject: str
    text: str


@dataclass(slots=True)
class Channels:
    """Where messages go, from the environment; empty means off.

    ``FLOPCRAWL_ALERT_WEBHOOK`` (Slack-compatible), ``FLOPCRAWL_ALERT_MAIL`` (recipients, commas), with
    ``FLOPCRAWL_SMTP`` (``smtp://user:password@host:port`` or ``smtps://…``; ``?starttls=1``; ``@ : / ?`` in user and
    password as ``%40`` and so on) and
    ``FLOPCRAWL_MAIL_FROM``, ``FLOPCRAWL_ALERT_REPOSITORY`` (``owner/name``) with ``GITHUB_TOKEN``,
    ``FLOPCRAWL_ALERT_FEED`` and ``FLOPCRAWL_ALERT_FILE`` (paths).
    """

    webhook: str = ""
    mail: str = ""
    smtp: str = ""
    mail_from: str = ""
    repository: str = ""
    github_token: str = ""
    github_api: str = "https://api.github.com"
    feed: str = ""
    file: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Channels:
        """Read the variables."""
        return cls(
            webhook=environment.get("FLOPCRAWL_ALERT_WEBHOOK", ""),
            mail=environment.get("FLOPCRAWL_ALERT_MAIL", ""),
            smtp=environment.get("FLOPCRAWL_SMTP", "smtp://127.0.0.1:25"),
            mail_from=environment.get("FLOPCRAWL_MAIL_FROM", "flopcrawl@localhost"),
            repository=environment.get("FLOPCRAWL_ALERT_REPOSITORY", ""),
            github_token=environment.get("GITHUB_TOKEN", ""),
            github_api=environment.get("GITHUB_API_URL", "https://api.github.com"),
            feed=environment.get("FLOPCRAWL_ALERT_FEED", ""),
            file=environment.get("FLOPCRAWL_ALERT_FILE", ""),
        )

    def senders(self) -> dict[str, Callable[[Message, datetime], None]]:
        """The channels that are on."""
        found: dict[str, Callable[[Message, datetime], None]] = {}
        if self.webhook:
            found["webhook"] = self.send_webhook
        if self.mail:
            found["mail"] = self.send_mail
        if self.repository and self.github_token:
            found["issue"] = self.send_issue
        if self.feed:
            found["feed"] = self.write_feed
        if self.file:
            found["file"] = self.write_file
        return found

    def send_webhook(self, message: Message, moment: datetime) -> None:
        """Post the message as Slack, Mattermost and Discord's Slack bridge read it."""
        _post(self.webhook, {"text": f"*{message.subject}*\n{message.text}"})

    def send_issue(self, message: Message, moment: datetime) -> None:
        """Open an issue."""
        _post(
            f"{self.github_api}/repos/{self.repository}/issues",
            {"title": message.subject, "body": message.text, "labels": ["flopcrawl"]},
            {"Authorization": f"Bearer {self.github_token}", "Accept": "application/vnd.github+json"},
        )

    def send_mail(self, message: Message, moment: datetime) -> None:
        """Send an e-mail (the standard library's SMTP; Scrapy's mailer is deprecated)."""
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = message.subject, self.mail_from, self.mail
        mail["Date"] = moment
        mail.set_content(message.text)
        server = urlsplit(self.smtp)
        host, secure = server.hostname or "127.0.0.1", ssl.create_default_context()
        connection = (
            smtplib.SMTP_SSL(host, server.port or 465, timeout=TIMEOUT_SECONDS, context=secure)
            if server.scheme == "smtps"
            else smtplib.SMTP(host, server.port or 25, timeout=TIMEOUT_SECONDS)
        )
        with connection as smtp:
            if "starttls=1" in server.query:
                smtp.starttls(context=secure)
            if server.username:
                smtp.login(unquote(server.username), unquote(server.password or ""))
            smtp.send_message(mail)

    def write_feed(self, message: Message, moment: datetime) -> None:
        """Put the message on top of the Atom feed (its entries are kept beside it, as JSON lines)."""
        path = Path(self.feed)
        entries = path.with_suffix(".jsonl")
        lines = entries.read_text(encoding="utf-8").splitlines() if entries.exists() else []
        entry = {"at": moment.strftime(FORMAT), "subject": message.subject, "text": message.text}
        lines = [*lines, json.dumps(entry, ensure_ascii=False)][-FEED_ENTRIES:]
        _replace(entries, "\n".join(lines) + "\n")
        feed = Atom1Feed(title="flopcrawl alerts", link="urn:flopcrawl:alerts", description="")
        for line in reversed(lines):
            past = json.loads(line)
            feed.add_item(
                title=past["subject"], link="urn:flopcrawl:alerts", description=past["text"],
                unique_id=f"urn:flopcrawl:alert:{past['at']}:{past['subject']}",
                updateddate=datetime.fromisoformat(past["at"]), pubdate=datetime.fromisoformat(past["at"]),
            )  # fmt: skip
        _replace(path, feed.writeString("utf-8"))

    def write_file(self, message: Message, moment: datetime) -> None:
        """Append the message."""
        path = Path(self.file)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{moment.strftime(FORMAT)} {message.subject}\n{message.text}\n\n")


def _post(url: str, value: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
    """Post JSON."""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise ValueError("an alert's address must begin with http:// or https://")
    body = json.dumps(value).encode()
    request = Request(url, body, {"Content-Type": "application/json", "User-Agent": "flopcrawl", **(headers or {})})  # noqa: S310
    with urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
        pass


def _replace(path: Path, text: str) -> None:
    """Write under another name, then rename: readers see the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


@dataclass(slots=True)
class Known:
    """What was told of one trouble: how bad, when first and last, and whether it waits for the digest."""

    severity: str
    first: str
    told: str = ""
    waiting: str = ""


@dataclass(slots=True)
class Memory:
    """What was told before, kept in a file beside the database (which may be what is broken)."""

    path: Path
    known: dict[str, Known] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> Memory:
        """Read the file; a missing or damaged one is an empty memory, so that at worst something is told twice."""
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            return cls(path, {key: Known(**value) for key, value in stored["known"].items()}, list(stored["sent"]))
        except FileNotFoundError:
            return cls(path)
        except (ValueError, KeyError, TypeError, AttributeError):
            logger.warning("%s is damaged; it is started anew, and alerts may be repeated once", path)
            return cls(path)

    def save(self) -> None:
        """Write the file."""
        known = {
            key: {"severity": k.severity, "first": k.first, "told": k.told, "waiting": k.waiting}
            for key, k in sorted(self.known.items())
        }
        _replace(self.path, json.dumps({"known": known, "sent": self.sent}, indent=1))


def deliver(
    findings: Sequence[Finding],
    channels: Channels,
    memory: Memory,
    *,
    checked: Iterable[str],
    digest: bool = False,
    moment: datetime | None = None,
) -> list[str]:
    """Tell whom it concerns, and return what went wrong in telling (one line per channel that failed).

    ``checked`` are the sources that this run has looked at: trouble of theirs that is not among ``findings`` is over.
    With ``digest`` everything that waits is sent in one message.
    """
    present = moment or clock.present()
    stamp = present.strftime(FORMAT)
    urgent: list[str] = []
    seen = {finding.key for finding in findings}
    for finding in findings:
        line = without_secrets(str(finding))
        known = memory.known.get(finding.key)
        worse = known is not None and finding.severity is Severity.ERROR and known.severity != Severity.ERROR
        again = (
            known is not None
            and bool(known.told)
            # told in the future: the clock jumped, and back
            and not timedelta(0) <= present - datetime.fromisoformat(known.told) < timedelta(days=REPEAT_DAYS)
        )
        if known is not None and not worse and not again:
            known.severity = finding.severity
            continue
        entry = Known(finding.severity, known.first if known else stamp)
        if finding.severity is Severity.ERROR:
            urgent.append(line)
            entry.told = stamp
        else:
            entry.waiting = line
        memory.known[finding.key] = entry
    looked_at = set(checked)
    for key in [key for key in memory.known if key not in seen and key.split("/")[0] in looked_at]:
        known = memory.known.pop(key)
        if known.severity == Severity.ERROR and known.told:
            urgent.append(f"over: {key} (since {known.first})")
        elif known.waiting:
            # news does not last; it is kept until the digest has told it
            memory.known[f"told/{key}/{known.first}"] = known
    problems = _send(urgent, "flopcrawl: a source needs you", channels, memory, present)
    if digest:
        waiting = {key: known for key, known in memory.known.items() if known.waiting}
        lines = [known.waiting for known in waiting.values()]
        problems += _send(lines, f"flopcrawl: {len(lines)} findings", channels, memory, present, digest=True)
        for key, known in waiting.items():
            known.waiting, known.told = "", stamp
            if key.startswith("told/"):
                del memory.known[key]
    try:
        memory.save()
    except OSError as error:
        problems.append(f"what was told could not be kept ({error}): alerts may be repeated")
    return problems


def _send(
    lines: Sequence[str], subject: str, channels: Channels, memory: Memory, moment: datetime, *, digest: bool = False
) -> list[str]:
    """Send one message over every channel that is on; hold it back for the digest where too many went out."""
    if not lines:
        return []
    hour_ago = (moment - timedelta(hours=1)).strftime(FORMAT)
    memory.sent = [at for at in memory.sent if hour_ago < at <= moment.strftime(FORMAT)]
    if len(memory.sent) >= MOST_AN_HOUR and not digest:
        stamp = moment.strftime(FORMAT)
        memory.known |= {f"told/{line}": Known(Severity.WARNING, stamp, waiting=line) for line in lines}
        return []
    memory.sent.append(moment.strftime(FORMAT))
    text = "\n".join(lines)
    if len(text) > LONGEST_MESSAGE:
        text = text[:LONGEST_MESSAGE].rsplit("\n", 1)[0] + "\n… and more: see the table `findings`"
    problems = []
    for name, send in channels.senders().items():
        try:
            send(Message(subject, text), moment)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            problems.append(f"the alert by {name} could not be sent: {without_secrets(str(error))}")
    return problems
