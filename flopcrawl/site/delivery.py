"""How answers leave: security headers on all, and our own pages kept until the data change, tagged and compressed.

A page is a function of its address and the database, so an answer is kept under both. A browser that has it gets 304.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
REPLACED = frozenset(name for name, _ in SECURITY) | {b"cache-control", b"etag", b"content-length"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A kept answer; ``packed`` is its body compressed, empty where that is not worth it."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    packed: bytes
    tag: bytes


class Delivery:
    """An ASGI application around another one. ``stamp`` tells a state of the data, ``kept`` whether a path is ours."""

    def __init__(self, app: Any, stamp: Callable[[], str], kept: Callable[[str], bool]) -> None:
        self.app = app
        self.stamp = stamp
        self.kept = kept
        self.answers: OrderedDict[tuple[object, ...], Answer] = OrderedDict()
        self.bytes = 0

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if scope["method"] not in ("GET", "HEAD") or not self.kept(scope["path"]):
            await self.app(scope, receive, self.secured(scope, send))
            return
        key = (self.stamp(), scope["path"], scope["query_string"], headers.get(b"host"), scope.get("scheme"))
        answer = self.answers.get(key)
        if answer is None:
            answer = await self.make(scope, receive, send)
            if answer is None:
                return
            self.keep(key, answer)
        else:
            self.answers.move_to_end(key)
        await self.give(answer, headers, scope["method"], send)

    async def make(self, scope: Scope, receive: Any, send: Any) -> Answer | None:
        """Let the application answer; None where the answer is no success, and was sent on as it is."""
        events: list[dict[str, Any]] = []

        async def collect(event: dict[str, Any]) -> None:
            events.append(event)

        await self.app({**scope, "method": "GET"}, receive, collect)
        if events[0]["status"] != 200:
            onward = self.secured(scope, send)
            for event in events:
                await onward(event)
            return None
        body = b"".join(event.get("body", b"") for event in events[1:])
        own = tuple((name.lower(), value) for name, value in events[0]["headers"] if name.lower() not in REPLACED)
        packed = gzip.compress(body, 6, mtime=0) if len(body) >= SMALLEST_COMPRESSED else b""
        return Answer(own, body, packed, b'"' + hashlib.sha256(body).hexdigest()[:24].encode() + b'"')

    def keep(self, key: tuple[object, ...], answer: Answer) -> None:
        """Keep an answer; those of an earlier state of the data, then the least used ones, go."""
        size = len(answer.body) + len(answer.packed)
        if size > LARGEST_BYTES:
            return
        if self.answers and next(reversed(self.answers))[0] != key[0]:
            self.answers.clear()
            self.bytes = 0
        self.answers[key] = answer
        self.bytes += size
        while self.bytes > KEPT_BYTES:
            _, gone = self.answers.popitem(last=False)
            self.bytes -= len(gone.body) + len(gone.packed)

    async def give(self, answer: Answer, headers: dict[bytes, bytes], method: str, send: Any) -> None:
        """Send a kept answer, compressed where the browser takes that, or just that nothing has changed."""
        sent = [
            *answer.headers,
            *SECURITY,
            (b"cache-control", b"no-cache"),
            (b"etag", answer.tag),
            (b"vary", b"accept-encoding"),
        ]
        if answer.tag in headers.get(b"if-none-match", b""):
            await send({"type": "http.response.start", "status": 304, "headers": sent})
            await send({"type": "http.response.body", "body": b""})
            return
        body = answer.body
        if answer.packed and b"gzip" in headers.get(b"accept-encoding", b""):
            body = answer.packed
            sent.append((b"content-encoding", b"gzip"))
        sent.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": sent})
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
