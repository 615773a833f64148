"""A year of weekly schedules (backup, refresh, report, digest) against a web on which things go wrong.

    python tests/bench/simulated_year.py [WEEKS [SECONDS [FOLDER]]]

The web is a leaderboard with two new models a week and a model hub. Each week one thing may happen (drawn with a fixed
seed): an outage, a captcha, another shape, half of a listing, a slow host, a flaky server, a killed process, a full
disk. A person gives :data:`WEEKLY_MINUTES` a week to the top of the report, and finds a number for some of the models.

Ends after WEEKS (default 52) or SECONDS (default: no limit), whichever comes first. With FOLDER the year goes on from
where the last call stopped. Prints as it goes, and at the end: the share of weeks that ended with a whole, correct,
published site; claims lost; trouble that nobody was told of; quiet weeks with an alert; minutes of manual work.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from flopcrawl import database as store
from flopcrawl.reports import changes
from flopcrawl.reports.tasks import WEEKLY_MINUTES, within
from tests.faults.killing import Outcome, claims, run
from tests.standin import Answer, StandIn
from tests.standin.server import arguments_for
from tests.standin.sites import ARENA, HUB, LISTING, SERVER, arena_rows, parquet, put_arena, put_hub

START = datetime(2026, 1, 4, 3, 15, tzinfo=UTC)
EVENTS = {
    "nothing": 23, "arena outage": 3, "arena captcha": 3, "arena shape": 3, "arena half": 2, "hub outage": 3,
    "hub captcha": 2, "slow": 3, "flaky": 3, "killed": 5, "full disk": 2,
}  # fmt: skip
TOLD = {"arena outage", "arena captcha", "arena shape", "arena half", "hub outage", "hub captcha", "full disk"}
"""What somebody must be told of. The rest mends itself."""

WHOLE = {"nothing", "slow", "flaky"}
"""Weeks after which everything must be new."""

DISK_BYTES = 200_000
"""On the day of the full disk no file can grow beyond this."""

REPORT_WEEKS = 4
"""Its charts take a third of the time here, so it is written once a month; what it says is looked at every week."""

BOARD, NEW_A_WEEK, LOWEST_RATING = 320, 2, 1190.0
FOUND_SHARE = 0.4
"""Of the models that the person looks into, how many have a number that somebody has disclosed (an assumption)."""


@dataclass
class Year:
    """What has happened so far."""

    week: int = 0
    good: int = 0
    lost: int = 0
    statements: int = 0
    last_event: str = "nothing"
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)
    open_minutes: list[int] = field(default_factory=list)
    done_minutes: list[int] = field(default_factory=list)
    kills: int = 0
    looked: dict[str, str] = field(default_factory=dict)
    """Tasks that the person has done, and since when these were open: they are not done again unless they come up anew.
    """

    def told(self) -> str:
        """The year in a few lines."""
        later = self.minutes[1:] or self.minutes
        cleared = next((week for week, left in enumerate(self.open_minutes) if left <= WEEKLY_MINUTES), None)
        return (
            f"{self.week} weeks: {self.good / self.week:.1%} published and correct {self.wrong}; "
            f"{self.lost} claims lost; {len(self.missed)} troubles untold {self.missed}; "
            f"{len(self.false)} false alerts {self.false}; {self.kills} refreshes killed\n"
            f"minutes of manual work: {self.minutes[0]} came up in the first week (all models are new); after that "
            f"a week median {statistics.median(later):g}, mean {statistics.mean(later):.0f}, most {max(later)}; not "
            f"looked at by the end: {self.open_minutes[-1]}, under {WEEKLY_MINUTES} since week {cleared}; the person "
            f"gave a mean of {statistics.mean(self.done_minutes):.0f} a week, most {max(self.done_minutes)}"
        )


def small_disk() -> None:
    """The child's files cannot grow beyond :data:`DISK_BYTES`."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK_BYTES, DISK_BYTES))


def board(week: int) -> list[dict[str, Any]]:
    """The leaderboard: new models come in on top; ratings shake a little."""
    number = BOARD + NEW_A_WEEK * week
    rows = arena_rows(number, published=f"{START + timedelta(weeks=week):%Y-%m-%d}", first=LOWEST_RATING + number)
    for place, row in enumerate(rows):
        row["model_name"] = f"standin-{number - 1 - place:03}"
        row["rating"] += (place * 7 + week * 3) % 5 - 2
    return rows


def stage(web: StandIn, event: str, week: int) -> None:
    """Put the week's web up."""
    web.outages.clear()
    web.latency = 0.0
    put_arena(web, board(week))
    # a page holds as much as the source promises: what is listed on later pages is read when it is new
    put_hub(web, 70 + week // 8, size=100)
    broken = {
        "arena outage": Answer(503), "arena captcha": Answer.captcha(), "arena shape": Answer.json({"rows": "moved"}),
        "arena half": parquet(arena_rows(BOARD // 2)),
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
        for address in ARENA.values():
            web.put(address, Answer(500), parquet(board(week)))


def estimates(path: Path) -> dict[str, float]:
    """The compute of every model that is not entered by hand."""
    with closing(sqlite3.connect(path)) as db:
        return dict(
            db.execute("SELECT model_key, training_flop FROM models WHERE training_flop > 0 AND origin <> 'mixed'")
        )


def faults(folder: Path, arguments: list[str], event: str, week: int, before: dict[str, float]) -> list[str]:
    """What is wrong with the database, the exports and the site after a week; nothing where all is well."""
    found = []
    with closing(sqlite3.connect(folder / "db")) as db:
        if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            found.append("the database is damaged")
        keys = {key for (key,) in db.execute("SELECT model_key FROM models")}
        listed = db.execute("SELECT count(*) FROM models WHERE listed = 1").fetchone()[0]
        (newest,) = db.execute("SELECT max(published) FROM arena_ratings").fetchone()
    with (folder / "exports" / "models.csv").open(encoding="utf-8", newline="") as file:
        exported = {row["model_key"] for row in csv.DictReader(file)}
    if len(keys) < BOARD + 3 * 70:
        found.append(f"{len(keys)} models")
    if not exported <= keys or len(exported) < len(before) or (event in WHOLE and exported != keys):
        found.append(f"{len(exported)} models exported, {len(keys)} stored")
    if event in WHOLE and newest != f"{START + timedelta(weeks=week):%Y-%m-%d}":
        found.append(f"the newest ratings are of {newest}")
    moved = {key for key, flop in estimates(folder / "db").items() if not 0.5 < flop / before.get(key, flop) < 2}
    if moved:
        found.append(f"moved far: {sorted(moved)[:5]}")
    page = folder / "health.json"
    answered = run(["site", "--get", "/-/health", *arguments], output=str(page)).exit_code == 0
    served = json.loads(page.read_text()) if answered else {}
    if (served.get("ok"), served.get("models"), served.get("listed")) != (True, len(keys), listed):
        found.append(f"the site serves {served}, {len(keys)} models are stored and {listed} listed")
    return found


def work(year: Year, report: changes.Report, folder: Path, moment: datetime) -> None:
    """What the person does with their two hours, from the top of the report."""
    left = [task for task in report.tasks if year.looked.get(task.what) != task.since]
    done = within(left)
    year.minutes.append(report.minutes)
    year.done_minutes.append(sum(task.minutes for task in done))
    year.open_minutes.append(sum(task.minutes for task in left) - year.done_minutes[-1])
    rows = []
    for task in done:
        year.looked[task.what] = task.since
        chance = random.Random(task.model)
        if task.model and task.what.startswith("Find") and chance.random() < FOUND_SHARE:
            [flop] = [row["training_flop"] for row in report.models if row["name"] == task.model]
            value = f"{flop * chance.lognormvariate(0.0, 0.7):.2e}"
            rows.append(
                [task.model, value, 1.5, "the developer said so", "https://news.example/a", "kim", f"{moment:%Y-%m-%d}"]
            )
    path = folder / "overrides" / "models.csv"
    path.parent.mkdir(exist_ok=True)
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(["name", "flop_reported", "within_factor", "reason", "source_url", "editor", "date"])
        writer.writerows(rows)


def one_week(year: Year, web: StandIn, folder: Path, arguments: list[str], event: str) -> None:
    """One week's schedule and what became of it."""
    week, alerts = year.week, folder / "alerts.txt"
    moment = START + timedelta(weeks=week)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(moment.timestamp()))
    stage(web, event, week)
    before = claims(folder / "db") if week else set()
    flops = estimates(folder / "db") if week else {}
    told = alerts.stat().st_size if alerts.exists() else 0
    chance = random.Random(week)
    failed = []

    def timer(*command: str, **options: Any) -> Outcome:
        ended = run([*command, *arguments], **options)
        if ended.exit_code != 0 and command[0] not in ("refresh", "monitor"):
            failed.append(f"{command[0]} failed")
        return ended

    if week:
        timer("backup")
    ended = timer(
        "refresh", "--only", "arena,huggingface",
        kill_at=chance.randint(1, int(0.9 * year.statements)) if event == "killed" else 0,
        first=small_disk if event == "full disk" else None,
    )  # fmt: skip
    year.kills += ended.exit_code is None
    year.statements = year.statements or ended.statements
    if week % REPORT_WEEKS == 0:
        timer("report")
    timer("monitor", "--digest")
    after = claims(folder / "db")
    year.lost += len(before - after)
    wrong = [*failed, *faults(folder, arguments, event, week, flops)]
    year.good += not wrong
    year.wrong += [f"week {week} ({event}): {fault}" for fault in wrong]
    with closing(store.open_for_reading(folder / "db")) as db:
        number = moment.isocalendar()
        report = changes.report(db, changes.Period.week(f"{number.year}-W{number.week:02}"))
    work(year, report, folder, moment)
    text = alerts.read_bytes()[told:].decode() if alerts.exists() else ""
    trouble = [line for line in text.splitlines() if line.startswith(("error", "warning"))]
    if event in TOLD and not trouble:
        year.missed.append(f"week {week}: {event}")
    # the week after trouble may still speak of it
    if event not in TOLD and year.last_event not in TOLD and trouble:
        year.false.append(f"week {week}: {trouble[0]}")
    year.last_event = event
    year.week += 1
    print(
        f"{moment:%Y-%m-%d} {event:13} exit {ended.exit_code} claims {len(after)} {wrong or 'ok'} "
        f"alerts {len(trouble)} minutes {report.minutes}, open {year.open_minutes[-1]} | "
        f"so far: {year.good} of {year.week} correct, {year.lost} claims lost, {len(year.missed)} untold, "
        f"{len(year.false)} false",
        flush=True,
    )  # fmt: skip


def main(weeks: int, seconds: float, folder: Path) -> int:
    """Run the year, or as much of it as fits in ``seconds``."""
    started = time.monotonic()
    bag = [event for event, count in EVENTS.items() for _ in range(count)]
    random.Random(7).shuffle(bag)
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "year.json"
    year = Year(**json.loads(kept.read_text())) if kept.exists() else Year()
    os.environ["FLOPCRAWL_ALERT_FILE"] = str(folder / "alerts.txt")
    with StandIn() as web:
        paths = {
            f"FLOPCRAWL_{each}": folder / each.lower() for each in ("DB", "ARCHIVE", "EXPORTS", "OVERRIDES", "BACKUPS")
        }
        limits = {"FLOPCRAWL_BREAKER_SECONDS": 30, "DOWNLOAD_TIMEOUT": 5, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}
        arguments = arguments_for(web, **paths, **limits)
        while year.week < weeks and time.monotonic() - started < seconds:
            one_week(year, web, folder, arguments, "nothing" if year.week == 0 else bag[year.week % len(bag)])
            kept.write_text(json.dumps(asdict(year)))
    print(year.told())
    return 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(
            main(
                int(sys.argv[1]) if len(sys.argv) > 1 else 52,
                float(sys.argv[2]) if len(sys.argv) > 2 else float("inf"),
                Path(sys.argv[3] if len(sys.argv) > 3 else scratch).absolute(),
            )
        )
