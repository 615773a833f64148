"""One pace per host, for all spiders of a process."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest
from scrapy import Request
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.test import get_crawler

from flopcrawl.extensions.manners import LONGEST_CRAWL_DELAY, PaceMiddleware


class Clock:
    """Time that passes only in sleep."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(PaceMiddleware, "free_at", {})
    monkeypatch.setattr(PaceMiddleware, "asked", {})
    return Clock()


def pace(clock: Clock, **settings: Any) -> PaceMiddleware:
    middleware = PaceMiddleware.from_crawler(get_crawler(settings_dict={"DOWNLOAD_DELAY": 1.0, **settings}))
    middleware.sleep, middleware.monotonic = clock.sleep, lambda: clock.now
    return middleware


def ask(middleware: PaceMiddleware, *urls: str) -> None:
    for url in urls:
        asyncio.run(middleware.process_request(Request(url)))


def test_two_spiders_share_the_pace_of_a_host(clock: Clock) -> None:
    one, other = pace(clock), pace(clock, DOWNLOAD_DELAY=2.0)
    ask(one, "https://a.example/1")
    ask(other, "https://a.example/2")
    ask(one, "https://a.example/3", "https://b.example/1")
    assert clock.waits == [1.0, 2.0]


def test_a_host_has_its_own_delay(clock: Clock) -> None:
    ask(pace(clock, DOWNLOAD_SLOTS={"a.example": {"delay": 15}}), "https://a.example/1", "https://a.example/2")
    assert clock.waits == [15.0]


@pytest.mark.parametrize(("asked", "kept"), [(7, 7.0), (0.1, 1.0), (9999, LONGEST_CRAWL_DELAY)])
def test_the_crawl_delay_of_robots_is_kept_where_it_is_longer(clock: Clock, asked: float, kept: float) -> None:
    middleware = pace(clock)
    robots = f"User-agent: *\nCrawl-delay: {asked}\n".encode()
    middleware.robots_parsed(ProtegoRobotParser(robots, None), Request("https://a.example/1"))
    ask(middleware, "https://a.example/1", "https://a.example/2")
    assert clock.waits == [kept]


def test_without_a_delay_nothing_waits(clock: Clock) -> None:
    ask(pace(clock, DOWNLOAD_DELAY=0), "https://a.example/1", "https://a.example/2")
    assert clock.waits == []


def test_those_who_wake_up_together_still_go_one_by_one(clock: Clock) -> None:
    middleware, gone = pace(clock), []

    async def slow(seconds: float) -> None:
        await asyncio.sleep(0)
        clock.now += 5.0  # the process was busy

    async def one(url: str) -> None:
        await middleware.process_request(Request(url))
        gone.append(clock.now)

    async def all_of_them() -> None:
        await asyncio.gather(*(one(f"https://a.example/{n}") for n in range(4)))

    middleware.sleep = slow
    asyncio.run(all_of_them())
    assert all(after - before >= 1.0 for before, after in itertools.pairwise(gone))
