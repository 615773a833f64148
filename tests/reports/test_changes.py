"""The report of a period: made from what is stored up to its end, so that it never changes afterwards."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from flopcrawl import database
from flopcrawl.reports import change_pages, changes, tasks
from flopcrawl.reports.changes import Period

WEEK = Period.week("2026-W05")  # 26 January to 1 February


def row(name: str, flop: float | None = None, classification: str = "unknown", **more: Any) -> str:
    return json.dumps({
        "name": name, "organization": "Lab", "release_date": "2026-01-20", "training_flop": flop,
        "classification": classification, "listed": int(classification == "over"), "reason": "It says so.", **more,
    })  # fmt: skip


@pytest.fixture
def db(tmp_path: Path) -> sqlite3.Connection:
    writer = database.open_for_writing(tmp_path / "f.db")
    rows = [
        ("2026-01-10T00:00:00Z", "r1", "old", "model", None, row("Old", 4e24, "under"), "scraped"),
        ("2026-01-10T00:00:00Z", "r1", "gone", "model", None, row("Gone", 3e25, "over"), "scraped"),
        ("2026-01-28T00:00:00Z", "r2", "old", "training_flop", "4e+24", "2e+25", "alias"),
        ("2026-01-28T00:00:00Z", "r2", "old", "classification", "under", "uncertain", "alias"),
        ("2026-01-28T00:00:00Z", "r2", "old", "probability_over_1e25", "0.2", "0.5", "alias"),
        ("2026-01-28T00:00:00Z", "r2", "gone", "model", row("Gone", 3e25, "over"), None, "alias"),
        ("2026-01-29T00:00:00Z", "r3", "new", "model", None, row("New <b>|x|</b>", 5e25, "over"), "scraped"),
        ("2026-02-02T00:00:00Z", "r4", "late", "model", None, row("Late", 9e25, "over"), "scraped"),
        ("2026-02-02T00:00:00Z", "r4", "old", "training_flop", "2e+25", "9e+25", "scraped"),
    ]  # fmt: skip
    database.append_changes(writer, rows)
    for run, spider, state, moment in (
        ("r2", "arena", "live", "2026-01-28"), ("r3", "arena", "failed", "2026-01-29"),
        ("r4", "arena", "live", "2026-02-02"),
    ):  # fmt: skip
        database.store_run(writer, {
            "run_id": run, "spider": spider, "started_at": f"{moment}T00:00:00Z", "finished_at": f"{moment}T00:01:00Z",
            "source_state": state, "items": 10, "requests": 3, "bytes": 2_000_000, "errors": 0, "served_stale": 0,
        })  # fmt: skip
    writer.conn.execute(
        "INSERT INTO findings VALUES ('r3', '2026-01-29T00:00:00Z', 'warning', 'models.csv', 'override-rejected', '4', "
        "'line 4: 25.000 is 25 or 25,000', 'correct the row')"
    )
    writer.conn.commit()
    writer.close()
    return database.open_for_reading(tmp_path / "f.db")


def test_a_week_is_told_from_its_changes(db: sqlite3.Connection) -> None:
    report = changes.report(db, WEEK)
    assert [r["name"] for r in report.listed] == ["New <b>|x|</b>"]
    assert [r["name"] for r in report.unlisted] == ["Gone"]
    assert report.gone == ["Gone"]
    assert report.crossed == [("Old", "under", "uncertain")]
    assert [(m.name, round(m.factor, 9), m.cause) for m in report.moved] == [("Old", 5.0, "alias")]
    assert (report.before["on the list"], report.after["on the list"]) == (1, 1)
    assert report.history == [("2026-01-10", 1), ("2026-01-28", 0), ("2026-01-29", 1)]
    assert [(s.source, s.runs, s.failed, s.state) for s in report.sources] == [("arena", 2, 1, "failed")]


def test_what_needs_a_person_comes_in_order_of_value(db: sqlite3.Connection) -> None:
    report = changes.report(db, WEEK)
    assert [task.what for task in report.tasks] == [
        "See whether arena comes back", "Find a disclosed number of Old", "Correct models.csv", "Look at Old",
    ]  # fmt: skip
    assert report.minutes == report.open_minutes == 5 + 10 + 5 + 5


def test_work_is_counted_in_the_week_in_which_it_comes_up_and_sinks_while_nothing_changes(
    db: sqlite3.Connection,
) -> None:
    def value(number: int) -> float:
        found = changes.report(db, Period.week(f"2026-W{number:02}"))
        [task] = [task for task in found.tasks if task.model == "Old" and task.what.startswith("Find")]
        assert task not in found.arisen
        return task.value

    assert value(7) > value(8)
    assert value(11) == pytest.approx(value(7) / 2)
    week = changes.report(db, Period.week("2026-W07"))
    assert (week.minutes, week.open_minutes) == (0, 10)


def test_a_source_that_fails_again_is_to_be_mended(db: sqlite3.Connection, tmp_path: Path) -> None:
    writer = database.open_for_writing(tmp_path / "f.db")
    for run, moment in (("r5", "2026-02-12"), ("r6", "2026-02-13"), ("r7", "2026-02-20")):
        database.store_run(writer, {
            "run_id": run, "spider": "arena", "started_at": f"{moment}T00:00:00Z", "source_state": "failed",
        })  # fmt: skip
    writer.conn.commit()
    writer.close()

    def of_arena(week: str) -> list[tuple[str, int, bool]]:
        report = changes.report(db, Period.week(week))
        return [(t.what, t.minutes, t in report.arisen) for t in report.tasks if "arena" in t.what]

    assert of_arena("2026-W07") == [("Mend the source arena", 30, True)]
    assert of_arena("2026-W08") == [("Mend the source arena", 30, False)]


def test_what_one_cause_moved_is_one_piece_of_work() -> None:
    moved = [changes.Moved(f"M{n}", 1e24, 9e24, "calibration") for n in range(300)]
    found = tasks.tasks(
        {}, {}, [], [*moved, changes.Moved("By hand", 1e24, 9e24, "manual")], [], start="", end=WEEK.end
    )
    assert [(task.what, task.minutes) for task in found] == [
        ("Look at a few of 300 estimates that moved far (calibration)", 15)
    ]


def test_half_of_a_fact_is_work_and_words_about_the_same_estimate_are_not_new() -> None:
    row = {"classification": "unknown", "review": "operations: 2T tokens are stated, the number of parameters is not"}
    first = tasks.Standing.renewed(None, row, "2026-01-01T00:00:00Z", "scraped")
    assert first is not None
    assert tasks.Standing.renewed(first, row, "2026-02-01T00:00:00Z", "scraped") is first
    uncertain = {"classification": "uncertain", "review": "crosses 1e25 above 23T tokens", "probability_over_1e25": 0.4}
    last = tasks.Standing.renewed(first, uncertain, "2026-03-01T00:00:00Z", "scraped")
    assert last is not None
    assert last.since == "2026-03-01T00:00:00Z"
    same = {**uncertain, "review": "crosses 1e25 above 24T tokens", "probability_over_1e25": 0.45}
    assert tasks.Standing.renewed(last, same, "2026-04-01T00:00:00Z", "scraped") is last
    assert tasks.Standing.renewed(last, {**same, "classification": "under"}, "2026-04-01T00:00:00Z", "scraped") is None


def test_what_a_person_has_edited_is_done_until_something_else_changes() -> None:
    def renewed(last: tasks.Standing | None, probability: float, cause: str) -> tasks.Standing:
        row = {"classification": "uncertain", "probability_over_1e25": probability}
        found = tasks.Standing.renewed(last, row, f"2026-01-01T00:00:00Z+{probability}", cause)
        assert found is not None
        return found

    first = renewed(None, 0.5, "scraped")
    edited = renewed(first, 0.8, "manual")
    assert (first.done, edited.done) == (False, True)
    assert renewed(edited, 0.75, "scraped") is edited
    assert not renewed(edited, 0.6, "scraped").done


def test_the_first_two_hours_are_what_fits_from_the_top() -> None:
    found = [tasks.Task(f"T{n}", "", 1 - n / 100, 10, "") for n in range(30)]
    assert [task.what for task in tasks.within(found)] == [f"T{n}" for n in range(12)]


def test_later_changes_do_not_alter_a_past_week(db: sqlite3.Connection, tmp_path: Path) -> None:
    before = change_pages.markdown(changes.report(db, WEEK))
    writer = database.open_for_writing(tmp_path / "f.db")
    database.append_changes(
        writer, [("2026-02-09T00:00:00Z", "r5", "new", "model", row("New", 5e25, "over"), None, "alias")]
    )
    writer.conn.commit()
    writer.close()
    assert change_pages.markdown(changes.report(database.open_for_reading(tmp_path / "f.db"), WEEK)) == before


def test_a_day_is_a_period_too(db: sqlite3.Connection) -> None:
    report = changes.report(db, Period.day("2026-01-29"))
    assert [r["name"] for r in report.listed] == ["New <b>|x|</b>"]
    assert report.moved == []


def test_a_quiet_period_says_so(db: sqlite3.Connection) -> None:
    text = change_pages.markdown(changes.report(db, Period.week("2025-W10")))
    assert "## New on the list: 0\n\nNone." in text


def test_hostile_names_stay_text(db: sqlite3.Connection, tmp_path: Path) -> None:
    paths = change_pages.write(changes.report(db, WEEK), tmp_path, "weekly")
    page = paths[1].read_text()
    assert "<b>" not in page
    assert "New &lt;b&gt;|x|&lt;/b&gt;" in page
    assert page.count("<svg") == 2
    assert "<script" not in page


@pytest.mark.parametrize("text", ["2026-5", "2026-W60", "last week", ""])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Period.week(text)
