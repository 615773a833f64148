"""A full refresh of every source against a stand-in web: wall time against politeness, bytes, memory.

The web has the page counts and sizes of a real week, realistic latency, robots.txt (some with a Crawl-delay) and 1 %
errors; every source keeps the delays that it has in life. The lower bound is what politeness sets: of all hosts the one
whose requests, each with the delay of who asked, take longest. A second refresh with nothing new shows what is
transferred again; ``--drift`` adds a third one, before which every download count of the hub has moved.

``--scale`` shrinks all delays and latencies alike, so that the ratio can be seen in less time (the time to start, to
read and to derive stays as it is, and so weighs more). The bound is printed for real delays as well.

    python tests/bench/bench_refresh_time.py [--scale 0.3] [--once] [--drift] [--only A,B]
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scrapy.utils.project import get_project_settings

from flopcrawl import database
from flopcrawl.base_spiders.source import SourceSpider
from tests.spiders.reading import spiders
from tests.standin import Answer, Request, StandIn
from tests.standin.server import HANDLER
from tests.standin.sites import LISTING
from tests.standin.sources import Amount, put_source

LATENCY = 0.3
"""Seconds that a page takes."""

WEEK = Amount(
    articles=12, accounts=200, rows=30, cards=80, repositories=1, papers=40, article=40_000, card=13_000, paper=98_000,
    listing=30_000,
)  # fmt: skip
"""What a first look at a week's web reads: a dozen articles of each lab that lists them in a feed or a sitemap, every
account of the hub with a page of repositories, of which 80 are large and new; one repository of each GitHub account;
as many papers as one run takes (``PaperIndexSpider.per_run``). Sizes are the medians of saved pages of each kind."""

CRAWL_DELAY = {"www.microsoft.com": 5, "research.google": 10, "www.databricks.com": 10}
"""Seconds that some sites ask for in their robots.txt; not known of these, but of such sites."""

FAIL_ONE_IN = 100
MOMENTS: list[tuple[str, str, float]] = []
"""Which host was asked by which source, and when; robots.txt included."""

AIM_RATIO, AIM_SHARE, AIM_MEMORY, AIM_MINUTES = 1.10, 0.10, 500, 15


class Web(StandIn):
    """The stand-in web that notes who asks, and answers 503 once for one address in a hundred, always the same ones."""

    def __init__(self, scale: float) -> None:
        super().__init__()
        self.scale, self.latency, self.asked = scale, LATENCY * scale, Counter[str]()
        for host, seconds in CRAWL_DELAY.items():
            self.robots[host] = f"User-agent: *\nAllow: /\nCrawl-delay: {seconds * scale:g}\n"

    def _answer(self, request: Request) -> Answer:
        source = request.headers.get("x-standin-source", "")
        MOMENTS.append((urlsplit(request.url).netloc, source, time.monotonic()))
        answer = super()._answer(request)
        self.asked[request.url] += 1
        unlucky = int(hashlib.sha256(request.url.encode()).hexdigest(), 16) % FAIL_ONE_IN == 0
        return Answer(503) if unlucky and self.asked[request.url] == 1 else answer


@cache
def delay(source: str, host: str) -> float:
    """Seconds that a source leaves between two requests to a host, in life."""
    settings = get_project_settings()
    next(spider for spider in spiders() if spider.name == source).update_settings(settings)
    own = settings.getdict("DOWNLOAD_SLOTS").get(host, {}).get("delay", settings.getfloat("DOWNLOAD_DELAY"))
    return max(float(own), CRAWL_DELAY.get(host, 0.0))


def bound() -> tuple[float, str, int]:
    """Seconds below which politeness lets no refresh end, in life; the host that sets them, and its requests."""
    hosts: dict[str, list[float]] = defaultdict(list)
    for host, source, _ in MOMENTS:
        hosts[host].append(delay(source, host))
    # after the last request nobody waits
    seconds, host = max((sum(delays[:-1]), host) for host, delays in hosts.items())
    return seconds, host, len(hosts[host])


def refresh(web: Web, folder: Path, only: list[str]) -> tuple[float, float, str]:
    """One refresh in a process of its own: its wall time in seconds, its peak memory in MB, what it printed."""
    settings = {
        "DOWNLOAD_HANDLERS": json.dumps({"http": HANDLER, "https": HANDLER}), "STANDIN": web.address,
        "ADDONS": json.dumps({"tests.standin.scaled.Scaled": 1}), "STANDIN_SCALE": web.scale,
    }  # fmt: skip
    arguments = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    command = [str(ROOT / ".venv/bin/scrapy"), "refresh", "--only", ",".join(only), *arguments]
    places = {name: str(folder / file) for name, file in (("FLOPCRAWL_DB", "x.db"), ("FLOPCRAWL_ARCHIVE", "a.db"))}
    started = time.monotonic()
    environment = {**os.environ, **places, "FLOPCRAWL_EXPORTS": str(folder), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    seconds, memory = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return seconds, memory, done.stdout + done.stderr


def transferred(folder: Path) -> tuple[int, dict[str, int], list[str]]:
    """Bytes of the last refresh, the sources of most of them, and the sources that were not live."""
    reader = database.open_for_reading(folder / "x.db")
    rows = reader.execute(
        "SELECT spider, bytes, source_state FROM runs WHERE run_id = (SELECT run_id FROM runs ORDER BY started_at DESC)"
    ).fetchall()
    reader.close()
    by_source = Counter({row[0]: row[1] or 0 for row in rows})
    return by_source.total(), dict(by_source.most_common(4)), [f"{r[0]} {r[2]}" for r in rows if r[2] != "live"]


def measure(what: str, web: Web, folder: Path, only: list[str]) -> int:
    """Refresh once and print how it went; return the bytes."""
    web.clear()
    MOMENTS.clear()
    seconds, memory, printed = refresh(web, folder, only)
    if not MOMENTS:
        sys.exit(printed)
    least, host, count = bound()
    moments = [moment for asked, _, moment in MOMENTS if asked == host]
    gaps = [after - before for before, after in itertools.pairwise(moments)]
    size, most, trouble = transferred(folder)
    statuses = Counter(web.served)
    print(
        f"{what}: {len(only)} sources, {len(MOMENTS)} requests "
        f"({statuses[304]} unchanged, {statuses[503]} failed once)\n"
        f"  wall {seconds:.1f} s, bound {least * web.scale:.1f} s, ratio {seconds / (least * web.scale):.2f} "
        f"(aim {AIM_RATIO:.2f}); {host}: {count} requests, busy for {moments[-1] - moments[0]:.1f} s, "
        f"shortest gap {min(gaps):.2f} s\n"
        f"  with real delays the bound is {least / 60:.1f} min (aim < {AIM_MINUTES})\n"
        f"  {size:,} bytes, most: {most}; peak memory {memory:.0f} MB (aim {AIM_MEMORY})"
        + (f"\n  not live: {', '.join(trouble)}" if trouble else ""),
        flush=True,
    )
    return size


def drift(web: Web) -> None:
    """Let every download count of the hub be another one."""
    web.change = lambda request, answer: (
        Answer(body=answer.body.replace(b'"downloads": 5', b'"downloads": 6'), content_type=answer.content_type)
        if request.url.startswith(LISTING)
        else answer
    )


def main() -> None:
    """Print wall time, bound, bytes and memory of a first refresh, and of one with nothing new."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.3)
    parser.add_argument("--drift", action="store_true")
    parser.add_argument("--once", action="store_true", help="the first refresh only")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    enabled: list[type[SourceSpider]] = [each for each in spiders() if not each.off_reason and each.name != "pasted"]
    if options.only:
        enabled = [spider for spider in enabled if spider.name in options.only.split(",")]
    with Web(options.scale) as web, tempfile.TemporaryDirectory() as folder:
        for spider in enabled:
            put_source(web, spider, WEEK)
        only = [spider.name for spider in enabled]
        first = measure("first refresh", web, Path(folder), only)
        if options.once:
            return
        again = measure("nothing new", web, Path(folder), only)
        print(f"  {again / first:.1%} of the first refresh's bytes (aim {AIM_SHARE:.0%})")
        if options.drift:
            drift(web)
            again = measure("only download counts moved", web, Path(folder), only)
            print(f"  {again / first:.1%} of the first refresh's bytes")


if __name__ == "__main__":
    main()
