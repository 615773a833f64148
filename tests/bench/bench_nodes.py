"""Pages per second: bare Scrapy, this project's crawler, and two nodes with Redis, on the same local pages, delays 0.

python tests/bench/bench_nodes.py [PAGES_PER_HOST]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.distributed import test_nodes as nodes
from tests.standin import Answer, StandIn, settings_for
from tests.standin.crawl import crawl

BARE = {
    "DOWNLOADER_MIDDLEWARES": {}, "HTTPCACHE_ENABLED": False, "ROBOTSTXT_OBEY": False, "ITEM_PIPELINES": {},
    "EXTENSIONS": {}, "SPIDERMON_ENABLED": False,
}  # fmt: skip


def timed(work: Callable[[], Any]) -> float:
    """Seconds that ``work`` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main(pages: int) -> int:
    """Measure and print."""
    nodes.PAGES = pages
    total = nodes.HOSTS * pages
    with StandIn() as web, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for host in range(nodes.HOSTS):
            for page in range(pages):
                following = f"/{page + 1}" if page + 1 < pages else ""
                model = {"name": f"Lab{host}-{page}B", "parameters": 1e9 + 1000 * host + page, "next": following}
                web.put(f"https://lab{host}.example/{page}", Answer.json(model, delay=LATENCY))
        paths = {
            "FLOPCRAWL_DB": str(folder / "one.db"), "FLOPCRAWL_OVERRIDES": str(folder), "FLOPCRAWL_RUN_ID": "one",
            "FLOPCRAWL_ARCHIVE": str(folder / "one-pages.db"),
        }  # fmt: skip
        bare = timed(lambda: crawl(nodes.Labs, settings_for(web, **BARE)))
        one = timed(lambda: crawl(nodes.Labs, settings_for(web, **paths)))
        server = nodes.redis.__wrapped__(folder)
        address = next(server)
        two = timed(lambda: nodes.together(web, folder, address, [nodes.Labs, nodes.Labs]))
        next(server, None)
        same = nodes.rows(folder / "one.db") == nodes.rows(folder / "shared.db")
    for label, seconds in (("bare Scrapy", bare), ("flopcrawl, one node", one), ("two nodes, Redis, writer", two)):
        print(f"{label:26} {total / seconds:7.0f} pages/s ({total} pages in {seconds:.1f} s)")
    print(f"one node against bare Scrapy: {bare / one:.2f} · two nodes against one: {one / two:.2f} · same: {same}")
    return 0


LATENCY = 0.02
"""Seconds that a page takes on the stand-in web: so that waiting, not this machine's processors, is what is shared."""

if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
