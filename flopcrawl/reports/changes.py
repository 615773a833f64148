"""What happened in a period (a day or an ISO week): the list, the estimates, the sources, and what needs a person.

Everything is read from ``changes``, ``runs`` and ``findings``, up to the end of the period and nothing later, so the
report of a past week is the same whenever it is made.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self

from flopcrawl.clock import FORMAT
from flopcrawl.vocabulary import Classification

ROW = "model"
"""The field of a change that adds or removes a whole model, as JSON (see :mod:`flopcrawl.derive`)."""

NUMBERS = frozenset({"training_flop", "training_flop_low", "training_flop_high", "probability_over_1e25", "listed"})

MINUTES = {"uncertain": 10, "source": 30, "override": 5, "look": 5}
"""What one piece of manual work takes: finding and entering a number, mending a source, a row, looking at a value."""

LOOKED_AT_BELOW = 0.5
"""An estimate that moved by more than a factor of two is worth a look."""

MOST_TASKS = 25


@dataclass(frozen=True, slots=True)
class Period:
    """A day or a week in UTC, from the first moment to before the last one."""

    name: str
    start: datetime
    end: datetime

    @classmethod
    def week(cls, text: str) -> Self:
        """``2026-W05``: Monday to Sunday.

        Raises:
            ValueError: ``text`` is no ISO week.
        """
        year, _, number = text.partition("-W")
        monday = datetime.combine(date.fromisocalendar(int(year), int(number), 1), time(), UTC)
        return cls(text, monday, monday + timedelta(days=7))

    @classmethod
    def day(cls, text: str) -> Self:
        """``2026-01-31``.

        Raises:
            ValueError: ``text`` is no ISO day.
        """
        start = datetime.combine(date.fromisoformat(text), time(), UTC)
        return cls(text, start, start + timedelta(days=1))

    @property
    def bounds(self) -> tuple[str, str]:
        """The first moment, and the first one after, as they are stored."""
        return self.start.strftime(FORMAT), self.end.strftime(FORMAT)


@dataclass(frozen=True, slots=True)
class Moved:
    """An estimate that changed: FLOP before and after, and why."""

    name: str
    before: float
    after: float
    cause: str

    @property
    def factor(self) -> float:
        """How far apart they are, at least 1."""
        return max(self.before, self.after) / min(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Task:
    """Something that only a person can do, with its value (0 to 1: how much the list gains) and its minutes."""

    what: str
    why: str
    value: float
    minutes: int


@dataclass(frozen=True, slots=True)
class Health:
    """How a source did in the period."""

    source: str
    runs: int
    failed: int
    state: str
    items: int
    stale: int
    errors: int
    requests: int
    megabytes: float


@dataclass(slots=True)
class Report:
    """Everything that a report says."""

    period: Period
    before: dict[str, int]
    after: dict[str, int]
    listed: list[dict[str, Any]] = field(default_factory=list)
    unlisted: list[dict[str, Any]] = field(default_factory=list)
    crossed: list[tuple[str, str, str]] = field(default_factory=list)
    new: list[dict[str, Any]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    sources: list[Health] = field(default_factory=list)
    findings: list[tuple[str, str, str, str]] = field(default_factory=list)
    history: list[tuple[str, int]] = field(default_factory=list)
    models: list[dict[str, Any]] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """What the manual work of this report takes."""
        return sum(task.minutes for task in self.tasks)


def report(db: sqlite3.Connection, period: Period) -> Report:
    """Make the report of ``period``."""
    start, end = period.bounds
    models: dict[str, dict[str, Any]] = {}
    history: dict[str, int] = {}
    before: dict[str, dict[str, Any]] | None = None
    causes: dict[str, str] = {}
    for moment, key, name, old, new, cause in db.execute(
        "SELECT changed_at, model_key, field, old, new, cause FROM changes WHERE changed_at < ? "
        "ORDER BY changed_at, rowid",
        (end,),
    ):
        if before is None and moment >= start:
            before = {k: dict(row) for k, row in models.items()}
        _apply(models, key, name, new)
        if moment >= start and name == "training_flop" and old is not None:
            causes[key] = cause
        history[moment[:10]] = sum(row.get("listed") == 1 for row in models.values()) if name in ("listed", ROW) else (
            history.get(moment[:10], -1)
        )  # fmt: skip
    before = {k: dict(row) for k, row in models.items()} if before is None else before
    found = Report(period, _counts(before.values()), _counts(models.values()))
    found.history = [(day, count) for day, count in sorted(history.items()) if count >= 0]
    found.models = [row for row in models.values() if row.get("training_flop") and row.get("release_date")]
    _compare(found, before, models, causes)
    found.sources = _sources(db, start, end)
    found.findings = [
        (str(severity), str(source), str(message), str(remedy))
        for severity, source, message, remedy in db.execute(
            "SELECT severity, source, message, remedy FROM findings WHERE found_at >= ? AND found_at < ? "
            "AND severity <> 'info' GROUP BY source, kind, subject ORDER BY severity, source, kind, subject",
            (start, end),
        )
    ]
    found.tasks = _tasks(db, found, models, start, end)
    return found


def _apply(models: dict[str, dict[str, Any]], key: str, name: str, new: str | None) -> None:
    """Do to ``models`` what a change once did to the table."""
    if name == ROW:
        if new is None:
            models.pop(key, None)
        else:
            models[key] = {**json.loads(new), "model_key": key}
    elif key in models:
        models[key][name] = float(new) if name in NUMBERS and new is not None else new


def _counts(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Models, models on the list, and models of each classification."""
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found["models"] += 1
        found["on the list"] += row.get("listed") == 1
        found[str(row.get("classification"))] += 1
    return dict(found)


def _compare(
    found: Report, before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], causes: dict[str, str]
) -> None:
    """What differs between the two ends of the period."""
    by_flop = sorted(after.items(), key=lambda pair: (-(pair[1].get("training_flop") or 0.0), pair[0]))
    for key, row in by_flop:
        old = before.get(key)
        was = old is not None and old.get("listed") == 1
        if row.get("listed") == 1 and not was:
            found.listed.append(row)
        if was and row.get("listed") != 1:
            found.unlisted.append(row)
        if old is None:
            found.new.append(row)
            continue
        if old.get("classification") != row.get("classification"):
            found.crossed.append((str(row["name"]), str(old.get("classification")), str(row.get("classification"))))
        flops = old.get("training_flop"), row.get("training_flop")
        if flops[0] and flops[1] and flops[0] != flops[1]:
            found.moved.append(Moved(str(row["name"]), flops[0], flops[1], causes.get(key, "")))
    found.gone = sorted(str(row["name"]) for key, row in before.items() if key not in after)
    found.unlisted += [row for key, row in before.items() if key not in after and row.get("listed") == 1]
    found.moved.sort(key=lambda moved: (-moved.factor, moved.name))


def _sources(db: sqlite3.Connection, start: str, end: str) -> list[Health]:
    """The sources that ran."""
    rows = db.execute(
        "SELECT spider, count(*), sum(source_state = 'failed' OR finished_at IS NULL), sum(coalesce(items, 0)), "
        "sum(coalesce(served_stale, 0)), sum(coalesce(errors, 0)), sum(coalesce(requests, 0)), "
        "sum(coalesce(bytes, 0)), (SELECT source_state FROM runs AS last WHERE last.spider = runs.spider AND "
        "last.started_at >= ?1 AND last.started_at < ?2 ORDER BY last.started_at DESC, last.run_id DESC LIMIT 1) "
        "FROM runs WHERE started_at >= ?1 AND started_at < ?2 GROUP BY spider ORDER BY spider",
        (start, end),
    )
    return [
        Health(spider, runs, failed or 0, state or "killed", items, stale, errors, requests, received / 1e6)
        for spider, runs, failed, items, stale, errors, requests, received, state in rows
    ]


def _tasks(
    db: sqlite3.Connection, found: Report, models: dict[str, dict[str, Any]], start: str, end: str
) -> list[Task]:
    """What needs a person, the most valuable first."""
    tasks = [
        Task(
            f"Mend the source {health.source}",
            f"its last run ended as {health.state}" if health.state == "failed" else "last good copies stand in for it",
            1.0, MINUTES["source"],
        )
        for health in found.sources
        if health.state in ("failed", "killed", "stale")
    ]  # fmt: skip
    for row in models.values():
        probability = row.get("probability_over_1e25")
        if row.get("classification") == Classification.UNCERTAIN and probability is not None:
            tasks.append(
                Task(
                    f"Find a disclosed number of {row['name']}",
                    f"{row.get('reason', '')} It is over 1e25 FLOP with a probability of {probability:.0%}.",
                    4 * probability * (1 - probability) * 0.9, MINUTES["uncertain"],
                )
            )  # fmt: skip
    tasks += [
        Task(
            f"Look at {moved.name}", f"{moved.before:.1e} became {moved.after:.1e} FLOP ({moved.cause})",
            min(0.8, moved.factor / 20), MINUTES["look"],
        )
        for moved in found.moved
        if 1 / moved.factor < LOOKED_AT_BELOW and moved.cause not in ("manual", "decision", "override_removed")
    ]  # fmt: skip
    tasks += [
        Task(f"Correct {source}", message, 0.6, MINUTES["override"])
        for source, message in db.execute(
            "SELECT source, message FROM findings WHERE found_at >= ? AND found_at < ? AND kind LIKE 'override-%' "
            "GROUP BY source, subject ORDER BY source, subject",
            (start, end),
        )
    ]
    return sorted(tasks, key=lambda task: (-task.value, task.what))[:MOST_TASKS]


def weeks(first: date, last: date) -> Sequence[str]:
    """The ISO weeks from one day to another, as ``2026-W05``."""
    found = []
    day = first
    while day <= last:
        year, number, _ = day.isocalendar()
        found.append(f"{year}-W{number:02}")
        day += timedelta(days=7)
    return found
