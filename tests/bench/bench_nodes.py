"""Pages per second: bare Scrapy, this project's crawler, and two nodes with Redis, on the same local pages, delays 0.

    python tests/bench/bench_nodes.py [PAGES_PER_HOST]

The crawler is compared with bare Scrapy by the seconds that the crawl itself took (imports left out), where pages take
:data:`LATENCY` and where they take none, so that only processors count. Nodes are compared by all their seconds, on
pages that have to be read as articles have: where reading takes no time, one node waits for its hosts as two do.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from scrapy import Spider

from flopcrawl.extraction import read
from tests.bench.bench_extraction_speed import page_of
from tests.distributed import test_nodes as nodes
from tests.standin import Answer, StandIn, settings_for
from tests.standin.crawl import crawl

BARE = {
    "DOWNLOADER_MIDDLEWARES": {}, "HTTPCACHE_ENABLED": False, "ROBOTSTXT_OBEY": False, "ITEM_PIPELINES": {},
    "EXTENSIONS": {}, "SPIDERMON_ENABLED": False,
}  # fmt: skip

LATENCY = 0.02
"""Seconds that a page takes on the stand-in web."""
CARD = page_of("md", 40_000)
"""As long as an article of a laboratory."""


class Readers(nodes.Labs):
    """The same, reading a card's text for every page."""

    def parse(self, response: Any) -> Iterator[Any]:
        """Read, then do as always."""
        read(CARD, kind="md")
        yield from super().parse(response)


def put(web: StandIn, pages: int, latency: float) -> None:
    """Chains of pages, one a host."""
    for host in range(nodes.HOSTS):
        for page in range(pages):
            following = f"/{page + 1}" if page + 1 < pages else ""
            model = {"name": f"Lab{host}-{page}B", "parameters": 1e9 + 1000 * host + page, "next": following}
            web.put(f"https://lab{host}.example/{page}", Answer.json(model, delay=latency))


def seconds_of(web: StandIn, settings: dict[str, Any], spider: type[Spider] = nodes.Labs) -> tuple[float, float]:
    """The seconds that a crawl takes from its first request to its end, and those with everything around it."""
    started = time.perf_counter()
    crawler = crawl(spider, settings_for(web, **settings))
    assert crawler.stats is not None
    return float(crawler.stats.get_value("elapsed_time_seconds")), time.perf_counter() - started


def main(pages: int) -> int:
    """Measure and print."""
    nodes.PAGES = pages
    total = nodes.HOSTS * pages

    def show(label: str, seconds: float) -> None:
        print(f"{label:40} {total / seconds:7.0f} pages/s ({total} pages in {seconds:.1f} s)", flush=True)

    with StandIn() as web, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for run, latency in (("fast", 0.0), ("one", LATENCY)):
            put(web, pages, latency)
            paths = {
                "FLOPCRAWL_DB": str(folder / f"{run}.db"), "FLOPCRAWL_OVERRIDES": str(folder), "FLOPCRAWL_RUN_ID": run,
                "FLOPCRAWL_ARCHIVE": str(folder / f"{run}-pages.db"),
            }  # fmt: skip
            bare, _ = seconds_of(web, BARE)
            show(f"bare Scrapy, {1000 * latency:.0f} ms a page", bare)
            one, _ = seconds_of(web, paths)
            show("flopcrawl, one node, the same", one)
            print(f"{'':40} the crawler against bare Scrapy: {bare / one:.2f}", flush=True)
        put(web, pages, 0.0)
        alone = {name: value.replace("one", "alone") for name, value in paths.items()}
        _, all_of_one = seconds_of(web, alone, Readers)
        server = nodes.redis.__wrapped__(folder)
        address = next(server)
        started = time.perf_counter()
        nodes.together(web, folder, address, [Readers, Readers])
        two = time.perf_counter() - started
        next(server, None)
        same = nodes.rows(folder / "alone.db") == nodes.rows(folder / "shared.db")
    show("pages to be read, one node, all seconds", all_of_one)
    show("the same, two nodes, Redis, writer", two)
    print(f"{'':40} two nodes against one: {all_of_one / two:.2f}, the same database: {same}")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
