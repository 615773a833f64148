"""The archive's file: versions, damage, a second process, a full disk."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from flopcrawl.archive import Archive, ArchiveError
from flopcrawl.archive.store import Copy


def keep(archive: Archive, body: bytes, at: str = "2026-01-01T00:00:00Z", key: str = "s:1") -> Copy:
    return archive.keep(
        page_key=key, source="s", url="https://a.example/", final_url="https://a.example/", status=200,
        headers={"Etag": ['"x"']}, body=body, at=at,
    )  # fmt: skip


def test_every_version_is_kept_and_equal_bodies_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "a.db")
    for number, body in enumerate((b"a", b"a", b"b", b"a")):
        keep(archive, body, f"2026-01-0{number + 1}T00:00:00Z")
    versions = archive.versions("s:1")
    assert [(archive.body(v), v.fetched_at[8:10], v.checked_at[8:10]) for v in versions] == [
        (b"a", "01", "02"), (b"b", "03", "03"), (b"a", "04", "04"),
    ]  # fmt: skip
    assert archive.connection.execute("SELECT count(*) FROM bodies").fetchone() == (2,)


def test_a_clock_that_jumps_back_does_not_make_a_copy_older(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "a.db")
    keep(archive, b"a", "2026-01-05T00:00:00Z")
    assert keep(archive, b"a", "2025-01-01T00:00:00Z").checked_at == "2026-01-05T00:00:00Z"


def test_a_damaged_body_is_an_error_and_no_page(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "a.db")
    copy = keep(archive, b"a")
    archive.connection.execute("UPDATE bodies SET body = x'00'")
    with pytest.raises(ArchiveError, match="scrapy restore"):
        archive.body(copy)


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"not a database, but long enough to have a header" * 40)
    with pytest.raises(ArchiveError, match=r"a\.db.*scrapy restore"):
        Archive(tmp_path / "a.db")


def test_an_aborted_write_leaves_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "a.db")
    with pytest.raises(sqlite3.Error):
        keep(archive, b"a", at=object())  # type: ignore[arg-type]
    assert archive.connection.execute("SELECT count(*) FROM bodies").fetchone() == (0,)
    assert archive.versions("s:1") == []


def _write(path: Path, name: str) -> None:
    archive = Archive(path)
    for number in range(50):
        keep(archive, f"{name} {number}".encode(), key=f"{name}:{number}")
    archive.close()


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write, args=(tmp_path / "a.db", name)) for name in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert Archive(tmp_path / "a.db").connection.execute("SELECT count(*) FROM copies").fetchone() == (100,)
