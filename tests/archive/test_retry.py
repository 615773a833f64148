"""What servers ask for when they are asked too much, and that they get it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import Headers, Response
from scrapy.utils.test import get_crawler

from flopcrawl.archive.retry import PatientRetryMiddleware, asked_wait

NOON = 1_767_614_400.0  # 2026-01-05 12:00:00 UTC


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "30"}, 30.0),
        (503, {"Retry-After": "Mon, 05 Jan 2026 12:01:30 GMT"}, 90.0),
        (503, {"Retry-After": "Mon, 05 Jan 2026 11:00:00 GMT"}, 0.0),
        (200, {"Retry-After": "30"}, None),
        (429, {"Retry-After": "soon"}, None),
        (429, {}, None),
        (429, {"RateLimit": '"api";r=0;t=42'}, 43.0),
        (200, {"RateLimit": '"api";r=0;t=42'}, 43.0),
        (200, {"RateLimit": '"api";r=12;t=42'}, None),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1767614460"}, 60.0),
        (403, {"X-RateLimit-Remaining": "3", "X-RateLimit-Reset": "1767614460"}, None),
        (429, {"Retry-After": "5", "RateLimit": '"api";r=0;t=42'}, 43.0),
    ],
)
def test_the_wait_that_a_server_asks_for(status: int, headers: dict[str, str], seconds: float | None) -> None:
    assert asked_wait(Headers(headers), status, clock=lambda: NOON) == seconds


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def retry() -> tuple[PatientRetryMiddleware, Clock]:
    crawler = get_crawler(Spider, {"RETRY_BACKOFF": 2, "RETRY_AFTER_MAX": 300, "RETRY_TIMES": 3})
    crawler.spider = crawler._create_spider("x")
    middleware = PatientRetryMiddleware.from_crawler(crawler)
    clock = Clock()
    middleware.sleep, middleware.monotonic = clock.sleep, lambda: clock.time
    return middleware, clock


def answer(middleware: PatientRetryMiddleware, request: Request, status: int, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return asyncio.run(middleware.process_response(request, Response(request.url, status=status, headers=named)))


def test_the_whole_host_waits(retry: tuple[PatientRetryMiddleware, Clock]) -> None:
    middleware, clock = retry
    again = answer(middleware, Request("https://a.example/1"), 429, Retry_After="30")
    assert isinstance(again, Request)
    asyncio.run(middleware.process_request(Request("https://b.example/1")))
    assert clock.slept == []
    asyncio.run(middleware.process_request(Request("https://a.example/2")))
    asyncio.run(middleware.process_request(again))
    assert clock.slept == [30.0, 2.0]


def test_a_wait_beyond_the_bound_is_not_waited_for(retry: tuple[PatientRetryMiddleware, Clock]) -> None:
    middleware, clock = retry
    request = Request("https://a.example/1")
    assert isinstance(answer(middleware, request, 429, Retry_After="3600"), Response)
    asyncio.run(middleware.process_request(request))
    assert clock.slept == []


def test_without_a_word_the_wait_doubles(retry: tuple[PatientRetryMiddleware, Clock]) -> None:
    middleware, clock = retry
    request: Any = Request("https://a.example/1")
    for _ in range(3):
        request = answer(middleware, request, 500)
        asyncio.run(middleware.process_request(request))
    assert clock.slept == [2.0, 4.0, 8.0]
    assert isinstance(answer(middleware, request, 500), Response)


def test_a_refusal_that_names_its_end_is_retried(retry: tuple[PatientRetryMiddleware, Clock]) -> None:
    middleware, _ = retry
    plain = answer(middleware, Request("https://a.example/1"), 403)
    limited = answer(middleware, Request("https://a.example/1"), 403, RateLimit='"api";r=0;t=9')
    assert (type(plain), type(limited)) == (Response, Request)
