"""Copies of everything that cannot be made again: the database, the page archive, the hand-edited files.

A backup is one file, ``flopcrawl-<moment>.tar.zst``, beside its SHA-256. It holds consistent copies (SQLite's backup
API, so writers and readers go on), and a manifest: the hash of every file, and the number of rows of every table.
It is written under another name, read back, and renamed, so that a file with the right name is always a whole one.

Restoring checks all of that first, and then copies the pages *into* the present database in one transaction: a killed
restore leaves the database as it was, and a site that has it open simply sees the other content.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import zstandard

from flopcrawl.clock import FORMAT, now
from flopcrawl.leftovers import sweep

FILE = re.compile(r"flopcrawl-(\d{8}T\d{6}Z)(?:-[a-z-]+)?\.tar\.zst")
MOMENT = "%Y%m%dT%H%M%SZ"
MANIFEST = "manifest.json"
DATABASE, ARCHIVE, OVERRIDES = "flopcrawl.db", "archive.db", "overrides"
LEVEL = 6
CHUNK = 1 << 20

KEPT_DAYS, KEPT_WEEKS, KEPT_MONTHS = 7, 8, 12
"""Of the last days, weeks and months that have a backup, the newest one each is kept."""


class BackupError(RuntimeError):
    """A backup cannot be made, or is not whole. The message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the things to keep are; ``archive`` and ``overrides`` need not exist."""

    database: Path
    archive: Path
    overrides: Path


def make(places: Places, folder: Path, label: str = "") -> Path:
    """Write one verified backup into ``folder`` and return its path; ``label`` (letters, dashes) says why it was made.

    Raises:
        BackupError: there is no database, it is damaged, or the disk does not take the copy.
    """
    if not places.database.exists():
        raise BackupError(f"there is no database at {places.database}: nothing to back up")
    moment = datetime.strptime(now(), FORMAT).strftime(MOMENT)
    target = folder / f"flopcrawl-{moment}{'-' + label if label else ''}.tar.zst"
    part = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder, ".backup-*", ".verify-*", "flopcrawl-*.part")
        with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as scratch:
            files = _copies(places, Path(scratch))
            manifest = {
                "made_at": now(),
                "files": {name: _sha256(path) for name, path in files.items()},
                "rows": {name: _rows(files[name]) for name in (DATABASE, ARCHIVE) if name in files},
            }
            _pack(part, files, manifest)
        verify(part)
        _write_whole(target.with_name(target.name + ".sha256"), f"{_sha256(part)}  {target.name}\n")
        os.replace(part, target)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"{target}: the backup could not be made ({error}). Free space, or name another folder."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return target


def _copies(places: Places, scratch: Path) -> dict[str, Path]:
    """Consistent copies of the databases, and the hand-edited files where they are, by their name in the backup."""
    files: dict[str, Path] = {}
    for name, path in ((DATABASE, places.database), (ARCHIVE, places.archive)):
        if not path.exists():
            continue
        copy = scratch / name
        with closing(_read_only(path)) as source, closing(sqlite3.connect(copy)) as destination:
            source.backup(destination)
            _check(destination, path)
            destination.execute("PRAGMA journal_mode = DELETE")
        files[name] = copy
    if places.overrides.is_dir():
        for path in sorted(places.overrides.rglob("*")):
            if path.is_file() and not path.is_symlink():
                files[f"{OVERRIDES}/{path.relative_to(places.overrides).as_posix()}"] = path
    return files


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=60)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Let SQLite check every page.

    Raises:
        BackupError: something is damaged.
    """
    try:
        [(found,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BackupError(f"{path} is damaged ({found}). Restore the newest good backup with `scrapy restore`.")


def _rows(path: Path) -> dict[str, int]:
    """The number of rows of every table."""
    with closing(_read_only(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in sorted(tables)}  # noqa: S608


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(target: Path, files: Mapping[str, Path], manifest: Mapping[str, Any]) -> None:
    """Write the manifest and the files as one compressed tar, down to the disk."""
    with target.open("wb") as raw:
        with (
            zstandard.ZstdCompressor(level=LEVEL, threads=2).stream_writer(raw, closefd=False) as stream,
            tarfile.open(fileobj=stream, mode="w|") as tar,
        ):
            text = json.dumps(manifest, indent=1, sort_keys=True).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
            for name, path in files.items():
                tar.add(path, arcname=name, recursive=False)
        raw.flush()
        os.fsync(raw.fileno())


def _write_whole(path: Path, text: str) -> None:
    """Write a small file under another name, then rename it."""
    part = path.with_name(path.name + ".part")
    part.write_text(text)
    os.replace(part, path)


def before_migration(connection: sqlite3.Connection, path: Path, migration: str) -> Path:
    """Copy the database at ``path`` beside it, as it is before ``migration``, and return the copy.

    A migration that is interrupted is rolled back by SQLite; this copy is for one that did what it should not.
    """
    target = path.with_name(f"{path.name}.before-{migration}")
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(part)) as copy:
        connection.backup(copy)
        _check(copy, path)
    os.replace(part, target)
    return target


def verify(path: Path, into: Path | None = None) -> dict[str, Any]:
    """Read a whole backup, check every hash and every database, and return its manifest.

    With ``into`` the files are left there.

    Raises:
        BackupError: the file is missing, cut off, altered, or holds a damaged database.
    """
    checksum = path.with_name(path.name + ".sha256")
    if not path.is_file():
        raise BackupError(f"{path}: there is no such backup; `scrapy restore --list` shows them")
    if checksum.exists() and checksum.read_text().split()[:1] != [_sha256(path)]:
        raise BackupError(f"{path}: the file is not what {checksum.name} says; use another backup")
    with tempfile.TemporaryDirectory(dir=into or path.parent, prefix=".verify-") as scratch:
        folder = into or Path(scratch)
        try:
            with path.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as stream:
                _unpack(stream, folder)
            manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
            found = {name: _sha256(folder / name) for name in manifest["files"]}
        except (OSError, tarfile.TarError, zstandard.ZstdError, ValueError, KeyError) as error:
            raise BackupError(f"{path}: no whole backup ({error}); use another one") from error
        for name, sha256 in manifest["files"].items():
            if found[name] != sha256:
                raise BackupError(f"{path}: {name} was altered; use another backup")
        for name, rows in manifest["rows"].items():
            with closing(_read_only(folder / name)) as connection:
                _check(connection, path)
            if _rows(folder / name) != rows:
                raise BackupError(f"{path}: {name} does not have the rows that the manifest lists; use another backup")
    return manifest


def _unpack(stream: IO[bytes] | zstandard.ZstdDecompressionReader, folder: Path) -> None:
    """Extract a tar into ``folder`` and nowhere else."""
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        tar.extractall(folder, filter="data")


def restore(path: Path, places: Places, *, overrides: bool = False) -> dict[str, Any]:
    """Put a backup's content in place and return its manifest; the caller holds the writer lock.

    Hand-edited files are put back only with ``overrides``, or where the folder is missing.

    Raises:
        BackupError: the backup is not whole, or the disk does not take it. What was there is then as it was.
    """
    try:
        places.database.parent.mkdir(parents=True, exist_ok=True)
        sweep(places.database.parent, ".restore-*")
        with tempfile.TemporaryDirectory(dir=places.database.parent, prefix=".restore-") as scratch:
            folder = Path(scratch)
            manifest = verify(path, folder)
            for name, target in ((ARCHIVE, places.archive), (DATABASE, places.database)):
                if name in manifest["files"]:
                    _put(folder / name, target)
                    if _rows(target) != manifest["rows"][name]:
                        raise BackupError(f"{target}: not what the backup holds after the restore; run it again")
            if overrides or not places.overrides.exists():
                for name in manifest["files"]:
                    if name.startswith(OVERRIDES + "/"):
                        target = places.overrides / name.removeprefix(OVERRIDES + "/")
                        target.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copyfile(folder / name, target.with_name(target.name + ".part"))
                        os.replace(target.with_name(target.name + ".part"), target)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{path}: could not be restored ({error}). What was there is as it was.") from error
    return manifest


def _put(source: Path, target: Path) -> None:
    """Make ``target`` the same database as ``source``, in one transaction; a damaged target is moved aside."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        _copy_pages(source, target)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        # no database, or one that is damaged: its files are kept for whoever wants to look
        suffix = f".damaged-{datetime.strptime(now(), FORMAT).strftime(MOMENT)}"
        for companion in ("", "-wal", "-shm", "-journal"):
            file = target.with_name(target.name + companion)
            if file.exists():
                os.replace(file, target.with_name(target.name + suffix + companion))
        _copy_pages(source, target)


def _copy_pages(source: Path, target: Path) -> None:
    """Copy every page of ``source`` over ``target``."""
    with closing(_read_only(source)) as reader, closing(sqlite3.connect(target, timeout=60)) as writer:
        writer.execute("PRAGMA schema_version").fetchone()
        reader.backup(writer)
        [(found,)] = writer.execute("PRAGMA quick_check(1)").fetchall()
        if found != "ok":
            raise sqlite3.DatabaseError(found)


def existing(folder: Path) -> list[Path]:
    """The whole backups in ``folder``, newest first; those of the future (the clock had jumped) come last."""
    if not folder.is_dir():
        return []
    present = datetime.strptime(now(), FORMAT)
    found = (p for p in folder.iterdir() if FILE.fullmatch(p.name))
    return sorted(found, key=lambda p: (moment_of(p) <= present, p.name), reverse=True)


def moment_of(path: Path) -> datetime:
    """When a backup was made, from its name."""
    match = FILE.fullmatch(path.name)
    assert match is not None
    return datetime.strptime(match[1], MOMENT)


def to_drop(paths: Iterable[Path]) -> list[Path]:
    """Which backups the rotation drops: all but the newest of each kept day, week and month, and the newest of all."""
    newest_first = sorted(paths, key=moment_of, reverse=True)
    kept: set[Path] = set(newest_first[:1])
    for pattern, number in (("%Y-%m-%d", KEPT_DAYS), ("%G-%V", KEPT_WEEKS), ("%Y-%m", KEPT_MONTHS)):
        first: dict[str, Path] = {}
        for path in newest_first:
            first.setdefault(moment_of(path).strftime(pattern), path)
        kept.update(list(first.values())[:number])
    return [path for path in newest_first if path not in kept]


def rotate(folder: Path) -> list[Path]:
    """Drop what the rotation drops; return it."""
    dropped = to_drop(existing(folder))
    for path in dropped:
        path.unlink()
        path.with_name(path.name + ".sha256").unlink(missing_ok=True)
    return dropped
