"""A year of weekly refreshes of a leaderboard and a model hub, against a web on which things go wrong.

    python tests/bench/simulated_year.py [WEEKS [SECONDS]]

Each week one thing may happen (drawn with a fixed seed): an outage, a captcha, another shape, half of a listing, a slow
host, a flaky server, a killed process, a full disk. Ends after WEEKS (default 52) or SECONDS (default: no limit),
whichever comes first. Prints as it goes, and asserts nothing: the share of weeks that ended with a
whole, correct, published database; claims lost; trouble that nobody was told of; quiet weeks with an alert; minutes of
manual work that the weekly report asks for.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from flopcrawl import database as store
from flopcrawl.reports import changes
from tests.faults.killing import claims, run
from tests.standin import Answer, StandIn
from tests.standin.server import arguments_for
from tests.standin.sites import ARENA, HUB, LISTING, SERVER, arena_rows, parquet, put_arena, put_hub

START = datetime(2026, 1, 4, 3, 15, tzinfo=UTC)
EVENTS = {
    "nothing": 26, "arena outage": 3, "arena captcha": 3, "arena shape": 3, "arena half": 2, "hub outage": 3,
    "hub captcha": 2, "slow": 3, "flaky": 3, "killed": 3, "full disk": 1,
}  # fmt: skip
TOLD = {"arena outage", "arena captcha", "arena shape", "arena half", "hub outage", "hub captcha", "full disk"}
"""What somebody must be told of. The rest mends itself."""

DISK_BYTES = 200_000
"""On the day of the full disk no file can grow beyond this."""


def small_disk() -> None:
    """The child's files cannot grow beyond :data:`DISK_BYTES`."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK_BYTES, DISK_BYTES))


def stage(web: StandIn, event: str, week: int) -> None:
    """Put the week's web up."""
    web.outages.clear()
    web.latency = 0.0
    put_arena(
        web,
        arena_rows(320 + week // 4, published=f"2026-{week // 4 % 12 + 1:02}-{week % 28 + 1:02}", first=1510.0 + week),
    )
    put_hub(web, 70 + week // 8)
    broken = {
        "arena outage": Answer(503), "arena captcha": Answer.captcha(), "arena shape": Answer.json({"rows": "moved"}),
        "arena half": parquet(arena_rows(150)),
    }.get(event)  # fmt: skip
    if broken:
        for url in (*ARENA.values(), SERVER):
            web.put(url, broken)
    elif event == "hub outage":
        web.outages.add("huggingface.co")
        web.outages.add("datasets-server.huggingface.co")
    elif event == "hub captcha":
        web.put(LISTING, Answer.captcha())
    elif event == "slow":
        web.latency = 0.02
    elif event == "flaky":
        card = f"{HUB}/Qwen/Qwen-Standin-0-70B/resolve/main/README.md"
        web.put(card, Answer(500), Answer.limited(0), Answer.text("# Qwen-Standin-0-70B\n", "text/markdown"))
        for board in ARENA.values():
            web.put(board, Answer(500), parquet(arena_rows(320 + week // 4, first=1510.0 + week)))


def main(weeks: int, seconds: float) -> int:
    """Run the year, or as much of it as fits in ``seconds``."""
    started = time.monotonic()
    chance = random.Random(7)
    bag = [event for event, count in EVENTS.items() for _ in range(count)]
    chance.shuffle(bag)
    good = lost = 0
    missed: list[str] = []
    false: list[str] = []
    minutes: list[int] = []
    statements = 0
    with StandIn() as web, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = {
            f"FLOPCRAWL_{each}": folder / each.lower() for each in ("DB", "ARCHIVE", "EXPORTS", "OVERRIDES", "BACKUPS")
        }
        alerts = folder / "alerts.txt"
        os.environ["FLOPCRAWL_ALERT_FILE"] = str(alerts)
        limits = {"FLOPCRAWL_BREAKER_SECONDS": 30, "DOWNLOAD_TIMEOUT": 5, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}
        arguments = arguments_for(web, **paths, **limits)
        last_event = "nothing"
        for week in range(weeks):
            if time.monotonic() - started > seconds:
                weeks = week
                break
            event = "nothing" if week == 0 else bag[week % len(bag)]
            moment = START + timedelta(weeks=week)
            os.environ["SOURCE_DATE_EPOCH"] = str(int(moment.timestamp()))
            stage(web, event, week)
            before = claims(folder / "db") if week else set()
            told = alerts.stat().st_size if alerts.exists() else 0

            refresh = ["refresh", "--only", "arena,huggingface", *arguments]
            kill_at = chance.randint(1, int(0.9 * statements)) if event == "killed" and statements else 0
            ended = run(refresh, kill_at, small_disk if event == "full disk" else None)
            if not statements:
                statements = ended.statements
            run(["monitor", "--digest", *arguments])
            after = claims(folder / "db")
            lost += len(before - after)
            with store.open_for_reading(folder / "db") as db:
                sound = db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                models = db.execute("SELECT count(*) FROM models").fetchone()[0]
                report = changes.report(
                    db, changes.Period.week(f"{moment.isocalendar()[0]}-W{moment.isocalendar()[1]:02}")
                )
            exported = (folder / "exports" / "models.csv").read_text().count("\n") - 1
            published = run(["site", "--get", "/flopcrawl/models.json?_size=1", *arguments]).exit_code == 0
            correct = sound and published and exported >= 320 + 3 * 70 and models >= exported
            good += correct
            minutes.append(report.minutes)
            text = alerts.read_bytes()[told:].decode() if alerts.exists() else ""
            trouble = [line for line in text.splitlines() if line.startswith(("error", "warning"))]
            if event in TOLD and not trouble and ended.exit_code == 0:
                missed.append(f"week {week}: {event}")
            # the week after trouble may still speak of it
            if event not in TOLD and last_event not in TOLD and trouble:
                false.append(f"week {week}: {trouble[0]}")
            last_event = event
            print(
                f"{moment:%Y-%m-%d} {event:13} exit {ended.exit_code} models {models} claims {len(after)} "
                f"{'ok' if correct else 'NOT CORRECT'} alerts {len(trouble)} minutes {report.minutes} | so far: "
                f"{good} of {week + 1} correct, {lost} claims lost, {len(missed)} untold, {len(false)} false",
                flush=True,
            )  # fmt: skip
    print(
        f"{weeks} weeks: {good / weeks:.1%} published and correct, {lost} claims lost, {len(missed)} troubles untold "
        f"{missed}, {len(false)} false alerts {false}, manual minutes a week: median {statistics.median(minutes):g}, "
        f"most {max(minutes)}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 52, float(sys.argv[2]) if len(sys.argv) > 2 else float("inf"))
    )
