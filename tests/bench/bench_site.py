"""Latency and throughput of the site beside stock Datasette on one made-up database, in one run.

``python tests/bench/bench_site.py [models] [claims per model]``: 100,000 and 10 unless told. Prints, asserts nothing.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlite_utils import Database

from flopcrawl import database

ROOT = Path(__file__).resolve().parents[2]
PORT = 8931
OURS = ("/", "/?organization=Lab+3", "/?q=model+77", "/?threshold=1e23&sort=date", "/model/model-77",
        "/developer/Lab%203",
        "/trends", "/developers", "/review", "/changes", "/as-of", "/accuracy")  # fmt: skip
TABLES = ("/flopcrawl/models", "/flopcrawl/models?_facet=organization", "/flopcrawl/claims?model_key=model-77")


def fill(path: Path, models: int, claims: int) -> None:
    """Make ``models`` rows, one in fifty over the line, with ``claims`` claims each."""
    db = database.open_for_writing(path)
    columns = [column.name for column in db["models"].columns]
    with db.atomic():
        for number in range(models):
            flop = 3e25 if number % 50 == 0 else 10 ** (21 + number % 40 / 10)
            key, over = f"model-{number}", flop > 1e25
            values: dict[str, Any] = dict.fromkeys(columns) | {
                "model_key": key, "name": f"Model {number}", "organization": f"Lab {number % 300}", "country": "Chile",
                "domain": "Language",
                "release_date": f"{2015 + number % 11}-{1 + number % 12:02}-11", "training_flop": flop,
                "training_flop_low": flop / 3, "training_flop_high": flop * 3, "estimation_method": "operations",
                "confidence": "Likely", "probability_over_1e25": 0.95 if over else 0.05, "listed": int(over),
                "classification": "over" if over else "under", "reason": "made up", "review": "", "origin": "scraped",
                "stale": 0, "n_sources": 3, "source_url": "https://example.org",
            }  # fmt: skip
            insert(db, "models", list(values.values()))
            for threshold in (1e23, 1e25, 1e26):
                insert(
                    db,
                    "classifications",
                    [
                        key,
                        threshold,
                        0.95 if flop > threshold else 0.05,
                        "over" if flop > threshold else "under",
                        "made up",
                    ],
                )
            for claim in range(claims):
                insert(db, "claims", [
                    f"{number}-{claim}", f"Model {number}", "Lab", key, "parameters_total", "1e9", 1e9, None,
                    "parameters",
                    "=", "model", "a billion parameters", "bench", "https://example.org", "", "2026-01-01",
                    "1", "r", "r",
                    "scraped", "current", 0,
                ])  # fmt: skip
    db.close()


def insert(db: Database, table: str, values: list[Any]) -> None:
    """Add one row."""
    db.conn.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)


@contextmanager
def served(command: list[str]) -> Any:
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


def measure(name: str, path: str) -> None:
    """First answer, median and 95th percentile of one client, and requests a second of 50 clients."""
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=120) as client:
        times = []
        for _ in range(21):
            start = time.perf_counter()
            answer = client.get(path)
            times.append(1000 * (time.perf_counter() - start))
    rest = sorted(times[1:])

    async def many() -> tuple[float, int]:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{PORT}", timeout=120, limits=httpx.Limits(max_connections=50)
        ) as client:
            start = time.perf_counter()
            answers = await asyncio.gather(*(client.get(path) for _ in range(200)))
            return 200 / (time.perf_counter() - start), sum(a.status_code >= 500 for a in answers)

    rate, errors = asyncio.run(many())
    print(f"{name:6} {path:44} {answer.status_code} first {times[0]:8.1f} ms, median {statistics.median(rest):7.1f}, "
          f"p95 {rest[18]:7.1f}; 50 clients {rate:7.0f} /s, {errors} errors")  # fmt: skip


def main(models: int, claims: int) -> None:
    """Fill a database, and measure both."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flopcrawl.db"
        fill(path, models, claims)
        print(f"{models} models, {models * claims} claims, {path.stat().st_size / 1e6:.0f} MB")
        program = Path(sys.executable).parent
        environment = ["env", f"FLOPCRAWL_DB={path}"]
        with served([*environment, str(program / "scrapy"), "site", "--port", str(PORT)]):
            for address in (*OURS, *TABLES):
                measure("ours", address)
        with served([str(program / "datasette"), str(path), "-p", str(PORT), "--setting", "suggest_facets", "off"]):
            for address in TABLES:
                measure("stock", address)


if __name__ == "__main__":
    main(*(int(each) for each in (sys.argv[1:] + ["100000", "10"][len(sys.argv) - 1 :])))
