"""Latency and throughput of the site beside stock Datasette on one made-up database, in one run.

``python tests/bench/bench_site.py [models] [claims per model]``: 100,000 and 10 unless told. Prints, asserts nothing.
The database is kept in the folder for temporary files, and made again when the schema, or what fills it, changes.

An address with a ``{}`` is another one at every request, so that no kept answer helps; the others are asked for again
and again, as visitors do. ``first`` is the first answer after the start of the server.
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import httpx

from flopcrawl import database

ROOT = Path(__file__).resolve().parents[2]
PORT = 8931
WORKERS = "2"
"""Processes of the site: one for each processor that the aim names. Stock Datasette has no more than one."""

CLIENTS = 50
SECONDS = 2.5
"""How long the clients ask for one address."""

ONE_BY_ONE = 40
LABS = 300
OURS = (
    "/", "/?organization=Lab+3", "/?organization=Lab+{}", "/?country=Chile", "/?year=2024", "/?confidence=Likely",
    "/?method=operations", "/?sort=date", "/?q=model+{}", "/?page={}", "/?threshold=1e23",
    "/?threshold=1e23&sort=date", "/?threshold=1e23&q=model+{}",
    "/?threshold=1e23&year=2024&sort=tokens&colour=developer", "/models.csv", "/models.json?organization=Lab+{}",
    "/model/model-77", "/model/model-{}", "/developer/Lab%203", "/developer/Lab%20{}", "/trends",
    "/chart/frontier.svg", "/chart/frontier.csv", "/developers", "/as-of", "/as-of?date=2026-01-{}",
    "/as-of?date=2026-01-02&from=2026-01-01", "/accuracy", "/review", "/derivatives", "/sources", "/changes",
    "/changes.atom", "/method", "/glossary", "/queries", "/datapackage.json", "/-/health",
)  # fmt: skip
"""Pages, facets and downloads of the site."""

TABLES = (
    "/flopcrawl/models", "/flopcrawl/models?country=Chile&organization=Lab+{}",
    "/flopcrawl/models?_facet=organization", "/flopcrawl/models?organization=Lab+{}&_facet=accessibility",
    "/flopcrawl/models?_facet=classification&_facet=country", "/flopcrawl/claims?model_key=model-77",
    "/flopcrawl/claims?model_key=model-{}", "/flopcrawl/models/model-{}",
    "/flopcrawl/models.json?organization=Lab+{}",
)  # fmt: skip
"""Tables, rows and facets, which stock Datasette has too."""


def rows_of_models(models: int, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """The models, one in fifty of them over the line; half of them over 1e23."""
    for number in range(models):
        flop = 3e25 * (1 + number % 1000 / 500) if number % 50 == 0 else 10 ** (21 + number % 40 / 10)
        over = flop > 1e25
        values: dict[str, Any] = dict.fromkeys(columns) | {
            "model_key": f"model-{number}", "name": f"Model {number}", "organization": f"Lab {number % LABS}",
            "country": ("Chile", "Kenya", "Nepal", "Malta")[number % 4], "domain": "Language",
            "release_date": f"{2015 + number % 11}-{1 + number % 12:02}-11", "training_flop": flop, "own_flop": flop,
            "training_flop_low": flop / 3, "training_flop_high": flop * 3, "parameters_total": 1e9 * (1 + number % 900),
            "parameters_active": 1e9 * (1 + number % 90), "tokens_trained": 1e12 * (1 + number % 30),
            "accessibility": ("API access", "Open weights (unrestricted)")[number % 2],
            "estimation_method": "operations", "confidence": "Likely", "listed": int(over),
            "probability_over_1e25": 0.95 if over else 0.3 if number % 50 == 1 else 0.02,
            "classification": "over" if over else "uncertain" if number % 50 == 1 else "under",
            "reason": "6 × parameters × tokens, both stated", "review": "", "origin": "scraped", "stale": 0,
            "n_sources": 3, "source_url": "https://example.org", "first_seen": "2026-01-01", "last_seen": "2026-01-02",
            "last_changed": "2026-01-01",
        }  # fmt: skip
        yield tuple(values[column] for column in columns)


def fill(path: Path, models: int, claims: int) -> None:
    """Make ``models`` rows with ``claims`` claims each, their estimates, standings, and the changes that made them."""
    db = database.open_for_writing(path)

    def insert(table: str, rows: Iterator[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(list(db[table].columns)))
        db.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    columns = [column.name for column in db["models"].columns]
    made = [dict(zip(columns, row, strict=True)) for row in rows_of_models(models, columns)]
    with db.atomic():
        insert("models", rows_of_models(models, columns))
        insert("classifications", (
            (model["model_key"], line, 0.95 if model["training_flop"] > line else 0.05,
             "over" if model["training_flop"] > line else "under", "6 × parameters × tokens")
            for model in made for line in (1e23, 1e25, 1e26)
        ))  # fmt: skip
        insert("estimates", (
            (model["model_key"], method, model["training_flop"], model["training_flop"] / 3, model["training_flop"] * 3,
             0.3, "6 × parameters × tokens", "{}", int(method == "operations"))
            for model in made for method in ("operations", "hardware")
        ))  # fmt: skip
        insert("changes", (
            (f"2026-01-{1 + number % 28:02}T03:00:00Z", "r", model["model_key"], "model", None,
             json.dumps({key: value for key, value in model.items() if key != "model_key"}), "scraped")
            for number, model in enumerate(made)
        ))  # fmt: skip
        insert("claims", (
            (f"{number}-{claim}", model["name"], "Lab", model["model_key"], "parameters_total", "1e9", 1e9, None,
             "parameters", "=", "model", "a billion parameters", "bench", "https://example.org", "", "2026-01-01", "1",
             "r", "r", "scraped", "current", int(claim == 0))
            for number, model in enumerate(made) for claim in range(claims)
        ))  # fmt: skip
        insert("reference_epoch", (
            (model["name"], "2026-01-01", model["model_key"], model["organization"], model["release_date"],
             model["training_flop"] * 1.3, "Likely", "{}", "https://example.org")
            for model in made if model["listed"] and int(model["name"].split()[1]) % 400 == 0
        ))  # fmt: skip
        insert("runs", (
            (f"r{run}", f"source{spider}", f"2026-01-{run:02}T03:00:00Z", f"2026-01-{run:02}T03:09:00Z", "finished",
             99, 10**6, 9, 0, 100, 1, 0, "live") for run in range(1, 15) for spider in range(20)
        ))  # fmt: skip
        database.set_information(db, "origin", "scrape")
        database.set_information(db, "refreshed_at", "2026-01-28T04:00:00Z")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def prepared(models: int, claims: int) -> Path:
    """The database, made where there is none of this size, schema and content yet."""
    schema = database.SCHEMA + database.ONTO_LIST + json.dumps(database.VIEWS)
    content = schema + inspect.getsource(rows_of_models) + inspect.getsource(fill)
    name = f"{models}-{claims}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
    folder = Path(tempfile.gettempdir()) / "flopcrawl-bench-site" / name
    if not (folder / "flopcrawl.db").exists():
        shutil.rmtree(folder.parent, ignore_errors=True)
        folder.mkdir(parents=True)
        fill(folder / "being-made.db", models, claims)
        (folder / "being-made.db").rename(folder / "flopcrawl.db")
    return folder / "flopcrawl.db"


@contextmanager
def served(command: list[str]) -> Iterator[None]:
    """A server in a process of its own, until the block ends."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                httpx.get(f"http://127.0.0.1:{PORT}/-/versions.json", timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(30)


def numbered(path: str, number: int) -> str:
    """The address for one request."""
    if "2026-01-" in path:
        return path.replace("{}", f"{1 + number % 28:02}")
    return path.replace("{}", str(number % LABS if "Lab" in path else number))


async def one_by_one(session: aiohttp.ClientSession, path: str) -> tuple[list[float], int]:
    """Milliseconds of each answer to one client, and the last status."""
    times = []
    for number in range(ONE_BY_ONE + 1):
        start = time.perf_counter()
        async with session.get(numbered(path, number)) as answer:
            await answer.read()
        times.append(1000 * (time.perf_counter() - start))
    return times, answer.status


async def many(session: aiohttp.ClientSession, path: str) -> tuple[float, float, int]:
    """Requests a second of all clients together, the 95th percentile of an answer (ms), and how many were errors."""
    numbers = iter(range(1000, 10**9))
    times: list[float] = []
    errors = 0
    start = time.perf_counter()

    async def client() -> None:
        nonlocal errors
        while time.perf_counter() - start < SECONDS:
            before = time.perf_counter()
            try:
                async with session.get(numbered(path, next(numbers))) as answer:
                    await answer.read()
                    errors += answer.status != 200
            except (aiohttp.ClientError, TimeoutError):
                errors += 1
            times.append(1000 * (time.perf_counter() - before))

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return len(times) / (time.perf_counter() - start), sorted(times)[int(0.95 * len(times))], errors


async def measure(name: str, path: str) -> None:
    """Ask for one address, alone and with many, and print what it took."""
    connector = aiohttp.TCPConnector(limit=CLIENTS)
    timeout = aiohttp.ClientTimeout(total=60)
    address = f"http://127.0.0.1:{PORT}"
    async with aiohttp.ClientSession(
        address, connector=connector, timeout=timeout, auto_decompress=False, headers={"accept-encoding": "gzip"}
    ) as session:
        times, status = await one_by_one(session, path)
        rate, late, errors = await many(session, path)
    rest = sorted(times[1:])
    median, late_alone = statistics.median(rest), rest[int(0.95 * len(rest))]
    alone = f"first {times[0]:6.0f} ms, median {median:6.1f}, p95 {late_alone:6.1f}"
    together = f"{CLIENTS} clients {rate:6.0f} /s, p95 {late:5.0f} ms, {errors} errors"
    print(f"{name:5} {path:62} {status} {alone}; {together}", flush=True)


PAINT = """() => [
    performance.getEntriesByName("first-contentful-paint")[0].startTime,
    performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
        .reduce((sum, entry) => sum + entry.transferSize, 0),
]"""


def paint(path: str) -> None:
    """First contentful paint (ms, median of five visits) and bytes on the wire, in a Chromium without a cache."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("paint: there is no Chromium on this machine")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        visits = []
        for _ in range(5):
            page = browser.new_context().new_page()
            page.goto(f"http://127.0.0.1:{PORT}{path}", wait_until="load")
            page.screenshot()  # no earlier than the first paint; the site's policy forbids to wait by a script
            visits.append(page.evaluate(PAINT))
            page.context.close()
        browser.close()
    first = statistics.median(visit[0] for visit in visits)
    print(f"paint {path:62} first contentful paint {first:5.0f} ms, {visits[0][1] / 1000:5.0f} kB", flush=True)


def main(models: int, claims: int) -> None:
    """Prepare the database, and measure both on it."""
    path = prepared(models, claims)
    print(f"{models} models, {models * claims} claims, {path.stat().st_size / 1e6:.0f} MB", flush=True)
    program = Path(sys.executable).parent
    ours = [str(program / "scrapy"), "site", "--port", str(PORT), "--workers", WORKERS]
    with served(["env", f"FLOPCRAWL_DB={path}", *ours]):
        for address in (*OURS, *TABLES):
            asyncio.run(measure("ours", address))
        for address in ("/", "/?threshold=1e23", "/model/model-77", "/trends"):
            paint(address)
    with served([str(program / "datasette"), str(path), "-p", str(PORT), "--setting", "suggest_facets", "off"]):
        for address in TABLES:
            asyncio.run(measure("stock", address))


if __name__ == "__main__":
    main(*(int(each) for each in (sys.argv[1:] + ["100000", "10"][len(sys.argv) - 1 :])))
