"""How answers leave: security headers on all, and pages kept until the data change, tagged and compressed.

A page is a function of its address and the database, so an answer is kept under both. A browser that has it gets 304.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flopcrawl.site.shared import Shared

Scope = dict[str, Any]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src "
    "'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
KEPT_BYTES = 64 * 1024 * 1024
LARGEST_BYTES = 2 * 1024 * 1024
SMALLEST_COMPRESSED = 1000
LEVEL = 4
"""Of compression: a third of the time of the usual 6, for a tenth more bytes."""

REPLACED = frozenset(name for name, _ in SECURITY) | {b"cache-control", b"etag", b"content-length", b"set-cookie"}
"""Headers of an answer that are ours to say. Nobody logs in here, so a kept answer never sets a cookie."""

NAMES_HOST = b"/changes.atom"
"""The one address whose answer has the name of the host in it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; ``packed`` says that its body is compressed."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    packed: bool
    tag: bytes


class Delivery:
    """An ASGI application around another one.

    ``stamp`` tells a state of the data; ``kept`` whether a path and query have the same answer as long as it lasts.
    """

    def __init__(self, app: Any, stamp: Callable[[], str], kept: Callable[[str, bytes], bool]) -> None:
        self.app = app
        self.stamp = stamp
        self.kept = kept
        self.answers: OrderedDict[tuple[object, ...], Answer] = OrderedDict()
        self.bytes = 0
        self.shared = Shared()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD") or not self.kept(scope["path"], scope["query_string"]):
            await self.app(scope, receive, self.secured(scope, send))
            return
        headers = dict(scope["headers"])
        path = scope.get("raw_path") or scope["path"].encode()  # what was escaped may be another page
        host = (headers.get(b"host"), scope.get("scheme")) if path.endswith(NAMES_HOST) else ()
        key = (self.stamp(), path, scope["query_string"], *host)
        answer = self.answers.get(key)
        if answer is None:
            answer = await self.shared.run(key, lambda: self.make(key, scope, receive))
        else:
            self.answers.move_to_end(key)
        await self.give(answer, headers, scope["method"], send)

    async def make(self, key: tuple[object, ...], scope: Scope, receive: Any) -> Answer:
        """Let the application answer, and keep its answer where that is a success."""
        events: list[dict[str, Any]] = []

        async def collect(event: dict[str, Any]) -> None:
            events.append(event)

        await self.app({**scope, "method": "GET"}, receive, collect)
        body = b"".join(event.get("body", b"") for event in events[1:])
        own = tuple((name.lower(), value) for name, value in events[0]["headers"] if name.lower() not in REPLACED)
        tag = b'"' + hashlib.sha256(body).hexdigest()[:24].encode() + b'"'
        packed = len(body) >= SMALLEST_COMPRESSED and not any(value.startswith(b"image/png") for _, value in own)
        answer = Answer(events[0]["status"], own, gzip.compress(body, LEVEL, mtime=0) if packed else body, packed, tag)
        if answer.status == 200:
            self.keep(key, answer)
        return answer

    def keep(self, key: tuple[object, ...], answer: Answer) -> None:
        """Keep an answer; those of an earlier state of the data, then the least used ones, go."""
        if len(answer.body) > LARGEST_BYTES:
            return
        if self.answers and next(reversed(self.answers))[0] != key[0]:
            self.answers.clear()
            self.bytes = 0
        self.answers[key] = answer
        self.bytes += len(answer.body)
        while self.bytes > KEPT_BYTES:
            _, gone = self.answers.popitem(last=False)
            self.bytes -= len(gone.body)

    async def give(self, answer: Answer, headers: dict[bytes, bytes], method: str, send: Any) -> None:
        """Send an answer, compressed where the browser takes that, or just that nothing has changed."""
        sent = [
            *answer.headers,
            *SECURITY,
            (b"cache-control", b"no-cache"),
            (b"etag", answer.tag),
            (b"vary", b"accept-encoding"),
        ]
        if answer.status == 200 and answer.tag in headers.get(b"if-none-match", b""):
            await send({"type": "http.response.start", "status": 304, "headers": sent})
            await send({"type": "http.response.body", "body": b""})
            return
        body = answer.body
        if answer.packed and b"gzip" in headers.get(b"accept-encoding", b""):
            sent.append((b"content-encoding", b"gzip"))
        elif answer.packed:
            body = gzip.decompress(body)
        sent.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": sent})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})

    @staticmethod
    def secured(scope: Scope, send: Any) -> Any:
        """``send``, with the security headers on every answer; what is named by its content may be kept for good."""
        versioned = b"v=" in scope["query_string"] and scope["path"].startswith("/assets/")

        async def with_headers(event: dict[str, Any]) -> None:
            if event["type"] == "http.response.start":
                names = {name.lower() for name, _ in event["headers"]}
                added = [pair for pair in SECURITY if pair[0] not in names]
                if versioned and event["status"] == 200:
                    added.append((b"cache-control", b"public, max-age=31536000, immutable"))
                elif b"cache-control" not in names:
                    added.append((b"cache-control", b"no-cache"))
                event = {**event, "headers": [*event["headers"], *added]}
            await send(event)

        return with_headers
