"""How long a rebuild takes and how much memory it needs, and whether both grow in proportion to the models.

    python tests/bench/bench_rebuild.py [models …]        (default: 10,000 and 100,000, with 10 claims each)

Also: items through the pipelines against the same spider without any, as a ratio. Prints; asserts nothing.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from flopcrawl import database
from flopcrawl.items import Claim, Fact, ModelItem
from flopcrawl.vocabulary import Field

ITEMS = 20_000


def claims(models: int) -> Iterator[Claim]:
    """Ten claims for each of ``models`` synthetic models; every tenth continues another one."""
    for number in range(models):
        name, lab = f"Synth{number // 50} {number % 50 + 1}B v{number}", f"Lab {number % 997}"
        values: dict[Field, object] = {
            Field.NAME: name, Field.ORGANIZATION: lab, Field.RELEASE_DATE: f"20{20 + number % 7}-0{1 + number % 9}-11",
            Field.PARAMETERS_TOTAL: (number % 50 + 1) * 1e9, Field.TOKENS_TRAINED: (1 + number % 30) * 1e12,
            Field.DOMAIN: "Language", Field.LICENSE: "mit",
            Field.GPU_TYPE: "H100", Field.GPU_HOURS: 1e5 * (number % 90 + 1),
        }  # fmt: skip
        if number % 10 == 9:
            earlier = number - 5
            values[Field.BASE_MODEL] = f"Synth{earlier // 50} {earlier % 50 + 1}B v{earlier}"
        else:
            values[Field.DOWNLOADS] = number
        for field, value in values.items():
            yield Claim(
                subject=name, field=field, value=str(value), source=f"source{number % 3}", url=f"https://{lab}.org/{number}",
                fetched_at="2026-01-01T00:00:00Z", organization=lab, quote=f"{field} of {name}",
            )  # fmt: skip


def rebuild(models: int) -> None:
    """Fill a database, rebuild it twice, print seconds and the peak of memory."""
    from flopcrawl.derive import derive_all

    with tempfile.TemporaryDirectory() as folder:
        path, overrides = Path(folder) / "x.db", Path(folder)
        with database.writer_lock(path):
            db = database.open_for_writing(path)
            with db.atomic():
                database.store_claims(db, claims(models), "r")
            db.close()
        for label in ("first", "second"):
            started = time.perf_counter()
            summary = derive_all(path, overrides, run_id=label)
            seconds = time.perf_counter() - started
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{models:>8} models, {label:>6} rebuild: {seconds:7.1f} s, {models / seconds:7.0f} models/s, "
                f"peak {peak:6.0f} MiB, {summary.n_changes} changes, database {path.stat().st_size / 1e6:.0f} MB"
            )


def crawl(pipelines: dict[str, int], path: str) -> float:
    """Seconds in which a spider's items pass through ``pipelines``."""
    from scrapy import Spider
    from scrapy.crawler import AsyncCrawlerRunner

    class Many(Spider):
        name = "many"

        async def start(self) -> Any:
            for number in range(ITEMS):
                facts = [Fact(Field.PARAMETERS_TOTAL, 7e9), Fact(Field.TOKENS_TRAINED, 1e12, quote="1T tokens")]
                yield ModelItem(
                    f"Many {number}B", "many", f"https://m.org/{number}", "2026-01-01T00:00:00Z", "Lab", facts
                )

    settings = {
        "TWISTED_REACTOR_ENABLED": False, "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False, "ITEM_PIPELINES": pipelines, "FLOPCRAWL_DB": path, "FLOPCRAWL_RUN_ID": "r",
    }  # fmt: skip
    started = time.perf_counter()

    async def run() -> None:
        await AsyncCrawlerRunner(settings).crawl(Many)

    asyncio.run(run())
    return time.perf_counter() - started


def main() -> None:
    """Run each size in a process of its own, so that its peak of memory is its own."""
    if sys.argv[1:2] == ["--one"]:
        rebuild(int(sys.argv[2]))
        return
    for size in sys.argv[1:] or ["10000", "100000"]:
        subprocess.run([sys.executable, __file__, "--one", size], check=True)
    with tempfile.TemporaryDirectory() as folder:
        names = ("normalize.NormalizePipeline", "validate.ValidatePipeline", "store.StorePipeline")
        ours = {f"flopcrawl.pipelines.{name}": 100 + at for at, name in enumerate(names)}
        bare, full = crawl({}, f"{folder}/x.db"), crawl(ours, f"{folder}/x.db")
    print(f"{ITEMS} items: {bare:.1f} s bare, {full:.1f} s through the pipelines, ratio {full / bare:.2f}")


if __name__ == "__main__":
    main()
