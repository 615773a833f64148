"""The database: claims are superseded and never deleted, writers wait for each other, migrations run once."""

import sqlite3
import threading
from pathlib import Path

import pytest

from flopcrawl import database
from flopcrawl.items import PageItem, RejectedItem
from flopcrawl.vocabulary import Field
from tests.building import claim, dump, rows, store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "flopcrawl.db"


def supersede(path: Path, pages: set[tuple[str, str]], run_id: str) -> set[tuple[str, str]]:
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        with db.atomic():
            concerned = database.supersede(db, pages, run_id)
        db.close()
    return concerned


def statuses(path: Path) -> dict[str, str]:
    return {
        row["value"]: row["status"] for row in rows(path, "SELECT value, status FROM claims WHERE field = 'epochs'")
    }


def test_what_a_page_no_longer_says_is_superseded_and_kept(path: Path) -> None:
    page = ("meta", "https://ai.meta.com/blog/x")
    store(path, [claim("A", Field.EPOCHS, 1), claim("A", Field.EPOCHS, 2)], "run-1")
    store(path, [claim("A", Field.EPOCHS, 2)], "run-2")
    assert supersede(path, {page}, "run-2") == {("A", "Meta AI")}
    assert statuses(path) == {"1": "superseded", "2": "current"}


def test_a_claim_that_comes_back_is_current_again(path: Path) -> None:
    page = ("meta", "https://ai.meta.com/blog/x")
    store(path, [claim("A", Field.EPOCHS, 1)], "run-1")
    supersede(path, {page}, "run-2")
    assert statuses(path) == {"1": "superseded"}
    store(path, [claim("A", Field.EPOCHS, 1)], "run-3")
    assert statuses(path) == {"1": "current"}
    (row,) = rows(path, "SELECT first_run_id, last_run_id FROM claims WHERE field = 'epochs'")
    assert (row["first_run_id"], row["last_run_id"]) == ("run-1", "run-3")


def test_another_page_supersedes_nothing(path: Path) -> None:
    store(path, [claim("A", Field.EPOCHS, 1)], "run-1")
    assert supersede(path, {("meta", "https://ai.meta.com/other")}, "run-2") == set()
    assert statuses(path) == {"1": "current"}


def test_a_rejected_claim_stays_rejected_when_its_page_is_read_again(path: Path) -> None:
    store(path, [claim("A", Field.EPOCHS, 1)], "run-1")
    with sqlite3.connect(path) as db:
        db.execute("UPDATE claims SET status = 'rejected' WHERE field = 'epochs'")
    store(path, [claim("A", Field.EPOCHS, 1)], "run-2")
    assert statuses(path) == {"1": "rejected"}


def test_a_failed_group_of_writes_leaves_nothing_behind(path: Path) -> None:
    store(path, [claim("A", Field.EPOCHS, 1)])
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        bad = claim("A", Field.EPOCHS, 3)
        object.__setattr__(bad, "status", None)  # which the table refuses, after the good one was written
        with pytest.raises(sqlite3.IntegrityError), db.atomic():
            database.store_claims(db, [claim("A", Field.EPOCHS, 2), bad], "run-2")
        db.close()
    assert statuses(path) == {"1": "current"}


def test_a_second_opening_writes_nothing(path: Path) -> None:
    store(path, [claim("A", Field.EPOCHS, 1)])
    before = dump(path)
    with database.writer_lock(path):
        database.open_for_writing(path).close()
    assert dump(path) == before


def test_a_reader_cannot_write(path: Path) -> None:
    store(path, [claim("A", Field.EPOCHS, 1)])
    with database.open_for_reading(path) as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM claims")


def test_reading_what_is_not_there_makes_no_file(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        database.open_for_reading(path)
    assert not path.exists()


def test_a_writer_that_waits_too_long_is_told_who_holds_the_lock(path: Path) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.writer_lock(path):
            held.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    try:
        with (
            pytest.raises(database.DatabaseBusyError, match=r"process \d+ since"),
            database.writer_lock(path, timeout=0),
        ):
            pass
    finally:
        done.set()
        holder.join()


def test_a_rejection_is_kept_once_with_its_last_run(path: Path) -> None:
    for run_id in ("run-1", "run-2"):
        with database.writer_lock(path):
            db = database.open_for_writing(path)
            with db.atomic():
                database.store_rejected(db, [RejectedItem("s", "u", "why", {"b": 1, "a": 2})], run_id)
            db.close()
    assert rows(path, "SELECT run_id, item FROM rejected") == [{"run_id": "run-2", "item": '{"a": 2, "b": 1}'}]


def test_the_state_of_a_page_is_that_of_its_newest_reading(path: Path) -> None:
    def page(fetched_at: str, state: str) -> PageItem:
        return PageItem("u", "s", fetched_at, 200, sha256=f"sha-{fetched_at}", bytes=1, source_state=state)

    with database.writer_lock(path):
        db = database.open_for_writing(path)
        with db.atomic():
            database.store_pages(db, [page("2026-01-01", "stale"), page("2026-01-02", "live")])
        assert database.stale_pages(db) == set()
        with db.atomic():
            database.store_pages(db, [page("2026-01-03", "stale")])
        assert database.stale_pages(db) == {("s", "u")}
        db.close()
