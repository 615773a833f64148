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
from itertools import groupby
from typing import Any, Self

from flopcrawl.clock import FORMAT
from flopcrawl.reports.tasks import Standing, Task, tasks

ROW = "model"
"""The field of a change that adds or removes a whole model, as JSON (see :mod:`flopcrawl.derive`)."""

NUMBERS = frozenset({"training_flop", "training_flop_low", "training_flop_high", "probability_over_1e25", "listed"})


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
class Health:
    """How a source did in the period.

    ``streak``: runs up to the last one that ended in ``state``, in the period and before; ``since``: when the second of
    them began (the first, where there is no other).
    """

    source: str
    runs: int
    failed: int
    state: str
    items: int
    stale: int
    errors: int
    requests: int
    megabytes: float
    streak: int = 1
    since: str = ""


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
    def arisen(self) -> list[Task]:
        """The manual work that came up in the period."""
        start, _ = self.period.bounds
        return [task for task in self.tasks if task.since >= start]

    @property
    def minutes(self) -> int:
        """What the manual work that came up in the period takes."""
        return sum(task.minutes for task in self.arisen)

    @property
    def open_minutes(self) -> int:
        """What all manual work takes, with what came up earlier and was not done."""
        return sum(task.minutes for task in self.tasks)


def report(db: sqlite3.Connection, period: Period) -> Report:
    """Make the report of ``period``."""
    start, end = period.bounds
    models: dict[str, dict[str, Any]] = {}
    history: dict[str, int] = {}
    before: dict[str, dict[str, Any]] | None = None
    causes: dict[str, str] = {}
    standing: dict[str, Standing] = {}
    for moment, key, name, old, new, cause in db.execute(
        "SELECT changed_at, model_key, field, old, new, cause FROM changes WHERE changed_at < ? "
        "ORDER BY changed_at, rowid",
        (end,),
    ):
        if before is None and moment >= start:
            before = {k: dict(row) for k, row in models.items()}
        _apply(models, key, name, new)
        seen = Standing.renewed(standing.pop(key, None), models[key], moment, cause) if key in models else None
        if seen:
            standing[key] = seen
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
    bad_rows = db.execute(
        "SELECT source, message, (SELECT min(found_at) FROM findings AS first WHERE (first.source, first.kind, "
        "first.subject) = (findings.source, findings.kind, findings.subject)) FROM findings WHERE found_at >= ? AND "
        "found_at < ? AND kind LIKE 'override-%' GROUP BY source, subject ORDER BY source, subject",
        (start, end),
    ).fetchall()
    found.tasks = tasks(models, standing, found.sources, found.moved, bad_rows, start=start, end=period.end)
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
        "sum(coalesce(served_stale, 0)), sum(coalesce(errors, 0)), sum(coalesce(requests, 0)), sum(coalesce(bytes, 0)) "
        "FROM runs WHERE started_at >= ? AND started_at < ? GROUP BY spider ORDER BY spider",
        (start, end),
    ).fetchall()
    found = []
    for spider, runs, failed, items, stale, errors, requests, received in rows:
        last = db.execute(
            "SELECT coalesce(source_state, 'killed'), started_at FROM runs WHERE spider = ? AND started_at < ? "
            "ORDER BY started_at DESC, run_id DESC",
            (spider, end),
        ).fetchall()
        state = last[0][0]
        alike = [moment for _, moment in next(groupby(last, key=lambda run: run[0]))[1]]
        found.append(
            Health(
                spider, runs, failed or 0, state, items, stale, errors, requests, received / 1e6,
                len(alike), alike[max(0, len(alike) - 2)],
            )
        )  # fmt: skip
    return found


def weeks(first: date, last: date) -> Sequence[str]:
    """The ISO weeks from one day to another, as ``2026-W05``."""
    found = []
    day = first
    while day <= last:
        year, number, _ = day.isocalendar()
        found.append(f"{year}-W{number:02}")
        day += timedelta(days=7)
    return found
