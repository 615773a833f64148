"""The stand-in web: many hosts on one local port, answered from what a test has put there.

A test says what an address answers, in order; the last answer repeats::

    with StandIn() as web:
        web.put("https://huggingface.co/api/models", Answer(500), Answer.json([{"id": "a/b"}]))
        crawler = get_crawler(Spider, settings_for(web, FLOPCRAWL_ARCHIVE=…))

The spiders keep their real addresses: :class:`tests.standin.handler.StandInHandler` takes the place of Scrapy's
download handlers and carries every request to the local port, so archive keys, delays per host, robots.txt and
redirects are what they are in life. In another process: ``scrapy crawl NAME`` with :func:`arguments_for`.

Every host has a robots.txt that allows everything until a test puts another one. An answer with status 200 has an
ETag (its body's hash) and is answered 304 to a request that names it, unless ``Answer(etag=False)``.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit, urlunsplit

CAPTCHA = (
    "<!doctype html><html><head><title>Just a moment...</title></head>"
    "<body><p>Prove that you are a person to go on.</p></body></html>"
)
HANDLER = "tests.standin.handler.StandInHandler"


@dataclass(frozen=True)
class Request:
    """What came in: the real address that was asked for, and the request's headers (names in lower case)."""

    method: str
    url: str
    headers: Mapping[str, str]

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the address, the last value of each."""
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.url).query).items()}


@dataclass(frozen=True)
class Answer:
    """What goes out. ``delay`` in seconds; ``truncate`` sends half of the body; ``drop`` closes without a word."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: bool = True
    delay: float = 0.0
    truncate: bool = False
    drop: bool = False

    @classmethod
    def json(cls, value: Any, **options: Any) -> Self:
        """A JSON answer."""
        return cls(body=json.dumps(value).encode(), content_type="application/json", **options)

    @classmethod
    def text(cls, text: str, content_type: str = "text/plain; charset=utf-8", **options: Any) -> Self:
        """A text answer."""
        return cls(body=text.encode(), content_type=content_type, **options)

    @classmethod
    def html(cls, text: str, **options: Any) -> Self:
        """An HTML answer."""
        return cls(body=text.encode(), **options)

    @classmethod
    def limited(cls, seconds: float | str = 0, **options: Any) -> Self:
        """429 with Retry-After (seconds, or a date as text)."""
        return cls(429, headers={"Retry-After": str(seconds)}, **options)

    @classmethod
    def captcha(cls) -> Self:
        """200, and a page that asks for a human."""
        return cls.html(CAPTCHA)

    @classmethod
    def redirect(cls, url: str, status: int = 302) -> Self:
        """To another address."""
        return cls(status, headers={"Location": url})


Route = Callable[[Request], Answer]


class Server(ThreadingHTTPServer):
    """The server; a client that is killed in the middle of an answer is nothing to report."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class StandIn:
    """The server. Use as a context manager; ``requests`` lists what came in (robots.txt left out)."""

    def __init__(self, port: int = 0) -> None:
        self._routes: dict[str, list[Answer] | Route] = {}
        self._lock = threading.Lock()
        self.requests: list[Request] = []
        self.served: list[int] = []
        self.robots: dict[str, str] = {}
        self.outages: set[str] = set()
        self.latency = 0.0
        self.change: Callable[[Request, Answer], Answer] = lambda request, answer: answer
        """What becomes of every answer but robots.txt before it goes out."""
        standin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # without TCP_NODELAY every answer on a kept connection waits 40 ms for an acknowledgement
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                standin._serve(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = Server(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def address(self) -> str:
        """``127.0.0.1:port``."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    # --- what the addresses answer ---------------------------------------------------------------------------------

    def put(self, url: str, *answers: Answer) -> None:
        """``url`` gives these answers in turn; the last repeats. The query is part of the address where it is given."""
        with self._lock:
            self._routes[url] = list(answers)

    def route(self, url: str, answer: Route) -> None:
        """``url``, with any query, is answered by a function."""
        with self._lock:
            self._routes[url] = answer

    def pages(self, url: str, rows: Sequence[Any], size: int = 100) -> None:
        """A listing in pages as the model hub's API gives it: a JSON list, and ``Link: <…>; rel="next"``."""

        def answer(request: Request) -> Answer:
            page = int(request.query.get("cursor", 0))
            end = (page + 1) * size
            link = {"Link": f'<{url}?limit={size}&cursor={page + 1}>; rel="next"'} if end < len(rows) else {}
            return Answer.json(list(rows[page * size : end]), headers=link)

        self.route(url, answer)

    def offsets(self, url: str, rows: Sequence[Any]) -> None:
        """A table in pages as datasets-server gives it (``offset``, ``length``)."""

        def answer(request: Request) -> Answer:
            start, length = int(request.query.get("offset", 0)), int(request.query.get("length", 100))
            found = [{"row_idx": i, "row": row, "truncated_cells": []} for i, row in enumerate(rows)]
            return Answer.json({
                "features": [], "rows": found[start : start + length], "num_rows_total": len(rows),
                "num_rows_per_page": 100, "partial": False,
            })  # fmt: skip

        self.route(url, answer)

    def forget(self, url: str) -> None:
        """``url`` is gone (404)."""
        with self._lock:
            self._routes.pop(url, None)

    def has(self, url: str) -> bool:
        """Is there an answer at ``url``?"""
        with self._lock:
            return url in self._routes or url.partition("?")[0] in self._routes

    def count(self, url: str) -> int:
        """How often ``url`` was asked for (with any query, where ``url`` has none)."""
        with self._lock:
            return sum(r.url == url or r.url.partition("?")[0] == url for r in self.requests)

    def clear(self) -> None:
        """Forget what came in."""
        with self._lock:
            self.requests.clear()
            self.served.clear()

    # --- serving ---------------------------------------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer:
        parts = urlsplit(request.url)
        if parts.path == "/robots.txt":
            return Answer.text(self.robots.get(parts.netloc, "User-agent: *\nAllow: /\n"))
        with self._lock:
            self.requests.append(request)
            if parts.netloc in self.outages:
                return Answer(503)
            route = self._routes.get(request.url, self._routes.get(request.url.partition("?")[0]))
            if isinstance(route, list):
                return route.pop(0) if len(route) > 1 else route[0]
        return route(request) if route else Answer(404, b"not here")

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        scheme, host, path = _split(handler.path)
        request = Request(
            handler.command,
            f"{scheme}://{host}{path}",
            {name.lower(): value for name, value in handler.headers.items()},
        )
        answer = self._answer(request)
        if urlsplit(request.url).path != "/robots.txt":
            answer = self.change(request, answer)
        if answer.delay or self.latency:
            time.sleep(answer.delay or self.latency)
        if answer.drop:
            handler.close_connection = True
            return
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        headers = dict(answer.headers)
        if answer.status == 200 and answer.etag:
            headers["ETag"] = tag
            if request.headers.get("if-none-match") == tag:
                answer = replace(answer, status=304, body=b"")
        if urlsplit(request.url).path != "/robots.txt":
            self.served.append(answer.status)
        handler.send_response(answer.status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if answer.status != 304:
            handler.send_header("Content-Type", answer.content_type)
            handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        if answer.truncate:
            handler.wfile.write(answer.body[: math.ceil(len(answer.body) / 2)])
            handler.close_connection = True
        else:
            handler.wfile.write(answer.body)


def _split(path: str) -> tuple[str, str, str]:
    """``/https/huggingface.co/api/models`` as scheme, host and path; a plain path belongs to the server itself."""
    parts = path.split("/", 3)
    if len(parts) == 4 and parts[1] in {"http", "https"}:
        return parts[1], parts[2], "/" + parts[3]
    return "http", "standin", path


def local_url(address: str, url: str) -> str:
    """The address on the local port that stands for ``url``."""
    parts = urlsplit(url)
    return urlunsplit(("http", address, f"/{parts.scheme}/{parts.netloc}{parts.path or '/'}", parts.query, ""))


def settings_for(web: StandIn, **settings: Any) -> dict[str, Any]:
    """Settings for a crawl of the stand-in web: no delays, no waits between retries."""
    return {
        "DOWNLOAD_HANDLERS": {"http": HANDLER, "https": HANDLER},
        "STANDIN": web.address,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_SLOTS": {},
        "AUTOTHROTTLE_ENABLED": False,
        "RETRY_BACKOFF": 0,
        **settings,
    }


def arguments_for(web: StandIn, **settings: Any) -> list[str]:
    """The same as command line arguments of ``scrapy``."""
    values = settings_for(web, **settings)
    return [
        part
        for name, value in values.items()
        for part in ("-s", f"{name}={json.dumps(value) if isinstance(value, dict) else value}")
    ]
