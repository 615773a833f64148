"""A full refresh against a stand-in web with realistic latency, delays, robots.txt and 1 % errors: time, bytes, memory.

The lower bound is what politeness sets: of all hosts the one whose requests times its delay take longest. A second
refresh with nothing new shows what is transferred again. ``--scale`` shrinks all delays and latencies alike, so that
the ratio can be seen in less time (the time to start and to derive stays).

    python tests/bench/bench_refresh_time.py [--scale 1]
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from flopcrawl import database
from flopcrawl.base_spiders.listings import Entries, Feed, Folder, Json, Links, Sitemap
from flopcrawl.base_spiders.news import NewsSpider
from flopcrawl.identity.organizations import organizations
from tests.spiders.reading import spiders
from tests.standin import Answer, Request, StandIn
from tests.standin.server import arguments_for
from tests.standin.sites import arena_rows, put_arena, repository

LATENCY = 0.3
"""Seconds that a page takes."""

DELAY = 1.0
"""Seconds between two requests to one host."""

ARTICLES = 12
"""New articles of one lab in a first refresh; a real week has fewer."""

ARTICLE = (
    "<html><head><title>Introducing {name}</title></head><body><main><h1>Introducing {name}</h1><p>Today we release "
    "{name}, our new language model. {name} has 70B parameters and was trained on 15T tokens.</p>"
    + "<p>Words. </p>"
    * 400
)
FAIL_ONE_IN = 100
MOMENTS: list[tuple[str, float]] = []
"""When which host was asked, robots.txt included."""


def put_news(web: StandIn, spider: type[NewsSpider]) -> None:
    """A lab's listing with a week's articles, in the shape of its first listing."""
    for number, listing in enumerate(spider.listings):
        site = "{0.scheme}://{0.netloc}".format(urlsplit(listing.url))
        match listing:
            case Feed():
                rows = [f"<item><title>Story</title><link>{site}/{number}/{n}</link></item>" for n in range(ARTICLES)]
                feed = f"<rss version='2.0'><channel>{''.join(rows)}</channel></rss>"
                web.put(listing.url, Answer.text(feed, "text/xml"))
            case Sitemap():
                rows = [f"<url><loc>{site}/news/story-{n}</loc></url>" for n in range(ARTICLES)]
                web.put(listing.url, Answer.text(f"<urlset>{''.join(rows)}</urlset>", "text/xml"))
            case Links() | Entries() | Json() | Folder():
                web.put(listing.url, Answer(404))
    host = urlsplit(spider.listings[0].url).netloc
    for n in range(ARTICLES):
        for path in (f"/0/{n}", f"/1/{n}", f"/news/story-{n}"):
            web.put(f"https://{host}{path}", Answer.html(ARTICLE.format(name=f"{spider.name}-{n}")))


def put_hub(web: StandIn) -> None:
    """The hub: a listing for each account, twenty cards in all."""
    hub, accounts = "https://huggingface.co", [account for o in organizations() for account in o.hub]

    def listing(request: Request) -> Answer:
        author = request.query.get("author", "")
        rows = [repository(author, n) for n in range(3)] if author in accounts[:7] else []
        return Answer.json(rows)

    web.route(f"{hub}/api/models", listing)
    for account in accounts[:7]:
        for n in range(3):
            card = f"# Standin-{n}-70B\n\nStandin-{n}-70B has 70B parameters.\n" + "Words. " * 500
            web.put(f"{hub}/{repository(account, n)['id']}/resolve/main/README.md", Answer.text(card, "text/markdown"))


def flaky(web: StandIn) -> None:
    """Let one answer in a hundred be a 503, the same ones in every run; the retry succeeds."""
    plain, asked = web._answer, Counter()

    def answer(request: Request) -> Answer:
        MOMENTS.append((urlsplit(request.url).netloc, time.monotonic()))
        asked[request.url] += 1
        unlucky = int(hashlib.sha256(request.url.encode()).hexdigest(), 16) % FAIL_ONE_IN == 0
        return Answer(503) if unlucky and asked[request.url] == 1 else plain(request)

    web._answer = answer  # type: ignore[method-assign]


def refresh(web: StandIn, folder: Path, scale: float, only: list[str]) -> tuple[float, float]:
    """One refresh in a process of its own: its wall time in seconds and its peak memory in MB."""
    settings = {"DOWNLOAD_DELAY": DELAY * scale, "RETRY_BACKOFF": scale}
    command = [str(ROOT / ".venv/bin/scrapy"), "refresh", "--only", ",".join(only), *arguments_for(web, **settings)]
    places = {name: str(folder / file) for name, file in (("FLOPCRAWL_DB", "x.db"), ("FLOPCRAWL_ARCHIVE", "a.db"))}
    started = time.monotonic()
    environment = {**os.environ, **places, "FLOPCRAWL_EXPORTS": str(folder), "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    return time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Print the wall times against the bound, the bytes of both refreshes, and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.3)
    scale = parser.parse_args().scale
    with StandIn() as web, tempfile.TemporaryDirectory() as folder:
        web.latency = LATENCY * scale
        put_arena(web, arena_rows())
        put_hub(web)
        news = [s for s in spiders() if issubclass(s, NewsSpider) and not s.off_reason]
        news = [s for s in news if isinstance(s.listings[0], (Feed, Sitemap))]
        for spider in news:
            put_news(web, spider)
        flaky(web)
        only = ["arena", "huggingface", *(spider.name for spider in news)]
        for run in ("first refresh", "nothing new"):
            web.clear()
            MOMENTS.clear()
            seconds, memory = refresh(web, Path(folder), scale, only)
            hosts = Counter(urlsplit(request.url).netloc for request in web.requests)
            slowest, count = hosts.most_common(1)[0]
            bound = count * DELAY * scale
            reader = database.open_for_reading(Path(folder) / "x.db")
            query = "SELECT sum(bytes) FROM runs GROUP BY run_id ORDER BY max(started_at) DESC LIMIT 1"
            size = reader.execute(query).fetchone()[0]
            reader.close()
            moments = [moment for host, moment in MOMENTS if host == slowest]
            gaps = [after - before for before, after in itertools.pairwise(moments)]
            print(
                f"{run}: {len(only)} sources, {len(web.requests)} requests ({Counter(web.served)[304]} unchanged), "
                f"{seconds:.1f} s, bound {bound:.1f} s ({slowest}: {count} requests), ratio {seconds / bound:.2f}, "
                f"{memory:.0f} MB, {size} bytes; {slowest} was busy for {moments[-1] - moments[0]:.1f} s, "
                f"shortest gap {min(gaps):.2f} s"
            )


if __name__ == "__main__":
    main()
