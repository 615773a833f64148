"""Backups: whole or not there; restored: the same dump; a damaged one is never put in place."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flopcrawl import backup, database
from flopcrawl.archive import Archive


@pytest.fixture
def places(tmp_path: Path) -> backup.Places:
    places = backup.Places(tmp_path / "flopcrawl.db", tmp_path / "archive.db", tmp_path / "overrides")
    db = database.open_for_writing(places.database)
    for number in range(200):
        database.set_information(db, f"key {number}", "x" * number)
    db.conn.commit()
    db.close()
    archive = Archive(places.archive)
    archive.keep(
        page_key="s:1", source="s", url="u", final_url="u", status=200, headers={}, body=b"page",
        at="2026-01-01T00:00:00Z",
    )  # fmt: skip
    archive.close()
    (places.overrides / "pages").mkdir(parents=True)
    (places.overrides / "models.csv").write_text("name\nA\n")
    (places.overrides / "pages" / "a.txt").write_text("URL: x\n")
    return places


def dump(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def test_backup_wipe_restore_gives_the_same_dump(places: backup.Places, tmp_path: Path) -> None:
    before = dump(places.database), dump(places.archive)
    path = backup.make(places, tmp_path / "backups")
    for file in tmp_path.glob("*.db*"):
        file.unlink()
    (places.overrides / "models.csv").unlink()
    manifest = backup.restore(path, places, overrides=True)
    assert (dump(places.database), dump(places.archive)) == before
    assert (places.overrides / "models.csv").read_text() == "name\nA\n"
    assert manifest["rows"]["flopcrawl.db"]["information"] == 200
    assert [p for p in tmp_path.rglob("*") if ".part" in p.name or p.name.startswith(".")] == []


def test_a_restore_goes_under_a_reader_and_leaves_edits_alone(places: backup.Places, tmp_path: Path) -> None:
    path = backup.make(places, tmp_path / "backups")
    reader = database.open_for_reading(places.database)
    reader.execute("SELECT count(*) FROM information").fetchone()
    db = database.open_for_writing(places.database)
    database.set_information(db, "later", "x")
    db.conn.commit()
    db.close()
    (places.overrides / "models.csv").write_text("name\nedited since\n")
    backup.restore(path, places)
    assert reader.execute("SELECT count(*) FROM information").fetchone()[0] == 200
    assert "edited since" in (places.overrides / "models.csv").read_text()


def test_a_damaged_database_is_moved_aside(places: backup.Places, tmp_path: Path) -> None:
    path = backup.make(places, tmp_path / "backups")
    expected = dump(places.database)
    places.database.write_bytes(b"rubbish " * 4000)
    with pytest.raises(backup.BackupError, match="not a database"):
        backup.make(places, tmp_path / "backups")
    backup.restore(path, places)
    assert dump(places.database) == expected
    assert len(list(tmp_path.glob("flopcrawl.db.damaged-*"))) == 1


@pytest.mark.parametrize("harm", ["cut", "flip", "empty"])
@pytest.mark.parametrize("checksum", [True, False])
def test_a_backup_that_is_not_whole_is_refused(
    places: backup.Places, tmp_path: Path, harm: str, checksum: bool
) -> None:
    path = backup.make(places, tmp_path / "backups")
    before = dump(places.database)
    data = bytearray(path.read_bytes())
    if harm == "flip":
        data[len(data) // 2] ^= 0xFF
    path.write_bytes({"cut": data[: len(data) // 2], "flip": data, "empty": b""}[harm])
    if not checksum:
        path.with_name(path.name + ".sha256").unlink()
    with pytest.raises(backup.BackupError, match="another"):
        backup.restore(path, places)
    assert dump(places.database) == before


def test_a_disk_that_is_full_leaves_no_half_backup(
    places: backup.Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup.os, "fsync", full)
    with pytest.raises(backup.BackupError, match="No space left"):
        backup.make(places, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_migration_begins_with_a_copy(places: backup.Places, tmp_path: Path) -> None:
    before = dump(places.database)
    assert list(tmp_path.glob("*.before-*")) == []
    with sqlite3.connect(places.database) as old:
        # as a release without the last migration left it
        old.execute("DELETE FROM _sqlite_migrations WHERE name = 'm003_operation'")
        old.execute("DROP TABLE run_statistics")
        old.execute("DROP TABLE findings")
    database.open_for_writing(places.database).close()
    [copy] = tmp_path.glob("*.before-*")
    assert copy.name == "flopcrawl.db.before-m003_operation"
    assert "CREATE TABLE run_statistics" not in "".join(dump(copy))
    assert [line for line in dump(places.database) if "_sqlite_migrations" not in line] == [
        line for line in before if "_sqlite_migrations" not in line
    ]


def test_a_backup_of_the_future_is_not_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2026, 1, 10, tzinfo=UTC).timestamp())))
    names = [f"flopcrawl-{moment}T030000Z.tar.zst" for moment in ("20260108", "20260109", "20300101")]
    for name in names:
        (tmp_path / name).touch()
    assert [path.name for path in backup.existing(tmp_path)] == [names[1], names[0], names[2]]


def test_what_killed_backups_and_exports_left_is_swept(places: backup.Places, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    (folder / ".backup-old").mkdir(parents=True)
    (folder / ".backup-old" / "flopcrawl.db").touch()
    (folder / "flopcrawl-20260101T000000Z.tar.part").touch()
    (folder / ".backup-new").mkdir()
    for path in (folder / ".backup-old", folder / "flopcrawl-20260101T000000Z.tar.part"):
        os.utime(path, (0, 0))
    made = backup.make(places, folder)
    assert {p.name for p in folder.iterdir()} == {".backup-new", made.name, made.name + ".sha256"}


def test_the_rotation_keeps_days_weeks_and_months(tmp_path: Path) -> None:
    start = datetime(2026, 11, 20, 3)
    paths = [tmp_path / f"flopcrawl-{start - timedelta(days=n):%Y%m%dT%H%M%SZ}.tar.zst" for n in range(500)]
    dropped = set(backup.to_drop(paths))
    kept = [backup.moment_of(p) for p in paths if p not in dropped]
    assert kept[:7] == [start - timedelta(days=n) for n in range(7)]
    assert 19 <= len(kept) <= 27
    assert (start - kept[-1]).days > 300
    for path in paths[:3]:
        path.touch()
    assert backup.existing(tmp_path) == paths[:3]
