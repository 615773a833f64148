"""The archive's SQLite file: bodies, compressed, by their hash; and every version of every page.

One connection serves all spiders of a process (:meth:`Archive.shared`); several processes may write at once, each
waiting for the other. WAL and one transaction per page: a killed process leaves whole pages only.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import zstandard

logger = logging.getLogger(__name__)

BUSY_TIMEOUT_SECONDS = 60.0
"""How long one process waits for another one's write."""

COMPRESSION_LEVEL = 6
"""Of zstandard: pages shrink to about a quarter; higher levels cost more time than they save."""

SCHEMA_VERSION = 1

SCHEMA = """
CREATE TABLE IF NOT EXISTS bodies (sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, body BLOB NOT NULL);

CREATE TABLE IF NOT EXISTS copies (
    copy_id INTEGER PRIMARY KEY,
    page_key TEXT NOT NULL, source TEXT NOT NULL, url TEXT NOT NULL, final_url TEXT NOT NULL,
    status INTEGER NOT NULL, headers TEXT NOT NULL, sha256 TEXT NOT NULL REFERENCES bodies (sha256),
    fetched_at TEXT NOT NULL,                  -- when this version was first seen
    checked_at TEXT NOT NULL,                  -- when the server last said that it still holds
    good INTEGER NOT NULL DEFAULT 0,           -- 1: a spider has read from it what it must hold
    standing_in INTEGER NOT NULL DEFAULT 0     -- 1: served since in place of a source that failed
);
CREATE INDEX IF NOT EXISTS copies_by_page ON copies (page_key, good, copy_id);
CREATE INDEX IF NOT EXISTS copies_by_source ON copies (source, good);
"""


class ArchiveError(RuntimeError):
    """The archive's file cannot be used. The message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One version of one page: what came, when it came, when it was last confirmed, and whether it is good."""

    copy_id: int
    page_key: str
    source: str
    url: str
    final_url: str
    status: int
    headers: dict[str, list[str]]
    sha256: str
    fetched_at: str
    checked_at: str
    good: bool
    standing_in: bool

    @property
    def etag(self) -> str:
        """The server's name for this version; empty where it gave none."""
        return (self.headers.get("Etag") or [""])[0]


COLUMNS = (
    "copy_id, page_key, source, url, final_url, status, headers, sha256, fetched_at, checked_at, good, standing_in"
)


def _copy(row: tuple[object, ...]) -> Copy:
    """A row of ``copies`` (in the order of :data:`COLUMNS`) as an object."""
    values = dict(zip(COLUMNS.split(", "), row, strict=True))
    values["headers"] = json.loads(str(values["headers"]))
    values["good"], values["standing_in"] = bool(values["good"]), bool(values["standing_in"])
    return Copy(**values)  # type: ignore[arg-type]


class Archive:
    """The archive in one file. Times are ISO 8601 in UTC; bodies are as decoded (no Content-Encoding)."""

    _shared: ClassVar[dict[Path, tuple[Archive, int]]] = {}

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open ``path``, making it and its folder where they are missing.

        Raises:
            ArchiveError: the file is no archive, is damaged, or cannot be opened.
        """
        self.path = path
        self._compress = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL).compress
        self._decompress = zstandard.ZstdDecompressor().decompress
        try:
            if read_only:
                self.connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                self.connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
                self.connection.execute("PRAGMA journal_mode = WAL")
                self.connection.execute("PRAGMA synchronous = NORMAL")
                self.connection.executescript(SCHEMA)
                self.connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            self.connection.execute("SELECT count(*) FROM copies LIMIT 1").fetchone()
        except (sqlite3.Error, OSError) as error:
            raise ArchiveError(
                f"{path}: the page archive cannot be opened ({error}). "
                "Restore it with `scrapy restore`, or move the file away: a new one is then started."
            ) from error

    @classmethod
    def shared(cls, path: Path) -> Archive:
        """The one archive of this process for ``path``; give it back with :meth:`release`."""
        archive, users = cls._shared.get(path) or (cls(path), 0)
        cls._shared[path] = (archive, users + 1)
        return archive

    @classmethod
    def opened(cls, path: Path) -> Archive | None:
        """The archive for ``path`` where one is open in this process."""
        entry = cls._shared.get(path)
        return entry[0] if entry else None

    def release(self) -> None:
        """Give back what :meth:`shared` gave; the last one closes the file."""
        archive, users = self._shared[self.path]
        if users > 1:
            self._shared[self.path] = (archive, users - 1)
        else:
            del self._shared[self.path]
            self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def keep(
        self,
        *,
        page_key: str,
        source: str,
        url: str,
        final_url: str,
        status: int,
        headers: Mapping[str, Sequence[str]],
        body: bytes,
        at: str,
    ) -> Copy:
        """Keep one answer and return its copy. The same content again confirms the newest version, good or not.

        Raises:
            sqlite3.OperationalError: the disk is full or read-only, or another process has not let go in time.
        """
        sha256 = hashlib.sha256(body).hexdigest()
        encoded = json.dumps({name: list(values) for name, values in headers.items()}, ensure_ascii=False)
        with self._transaction():
            newest = self._one("page_key = ? ORDER BY copy_id DESC", page_key)
            good = self.newest_good([page_key])
            # A 304 confirms the good copy, even where something unusable came in between.
            same = next((c for c in (newest, good) if c and (c.sha256, c.status) == (sha256, status)), None)
            if same:
                self.connection.execute(
                    "UPDATE copies SET checked_at = max(checked_at, ?), headers = ?, final_url = ?, standing_in = 0 "
                    "WHERE copy_id = ?",
                    (at, encoded, final_url, same.copy_id),
                )
                copy_id = same.copy_id
            else:
                self.connection.execute(
                    "INSERT OR IGNORE INTO bodies (sha256, bytes, body) VALUES (?, ?, ?)",
                    (sha256, len(body), self._compress(body)),
                )
                copy_id = (
                    self.connection.execute(
                        "INSERT INTO copies (page_key, source, url, final_url, status, headers, sha256, fetched_at, "
                        "checked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        (page_key, source, url, final_url, status, encoded, sha256, at, at),
                    ).lastrowid
                    or 0
                )
            kept = self._one("copy_id = ?", copy_id)
        assert kept is not None
        return kept

    def newest_good(self, page_keys: Sequence[str]) -> Copy | None:
        """The good copy that was confirmed last, of any of the pages; of two as new, the page that is named first."""
        found = [c for key in page_keys if (c := self._one("page_key = ? AND good = 1 ORDER BY checked_at DESC, "
                                                           "copy_id DESC", key))]  # fmt: skip
        return max(found, key=lambda copy: copy.checked_at) if found else None

    def mark_good(self, copy_id: int) -> None:
        """From now on this copy may stand in for its source."""
        self.connection.execute("UPDATE copies SET good = 1 WHERE copy_id = ?", (copy_id,))

    def mark_standing_in(self, copy_id: int) -> None:
        """This copy has been served in place of a source that failed; the next success ends that."""
        self.connection.execute("UPDATE copies SET standing_in = 1 WHERE copy_id = ?", (copy_id,))

    def body(self, copy: Copy) -> bytes:
        """The body of a copy.

        Raises:
            ArchiveError: the stored body is missing or does not have its hash.
        """
        row = self.connection.execute("SELECT body FROM bodies WHERE sha256 = ?", (copy.sha256,)).fetchone()
        try:
            body = bytes(self._decompress(row[0])) if row else b""
        except zstandard.ZstdError:
            body = b""
        if hashlib.sha256(body).hexdigest() != copy.sha256:
            raise ArchiveError(
                f"{self.path}: the kept body of {copy.url} ({copy.fetched_at}) is damaged. "
                "Restore the archive with `scrapy restore`."
            )
        return body

    def good_copies(self, source: str) -> Iterator[Copy]:
        """The newest good copy of every page that ``source`` has read, in the order in which the pages were met."""
        rows = self.connection.execute(
            f"SELECT {COLUMNS} FROM copies AS c WHERE source = ? AND good = 1 AND copy_id = ("  # noqa: S608
            "SELECT copy_id FROM copies WHERE page_key = c.page_key AND good = 1 "
            "ORDER BY checked_at DESC, copy_id DESC LIMIT 1) ORDER BY copy_id",
            (source,),
        )
        for row in rows.fetchall():
            yield _copy(row)

    def versions(self, page_key: str) -> list[Copy]:
        """Every version of a page, oldest first."""
        rows = self.connection.execute(f"SELECT {COLUMNS} FROM copies WHERE page_key = ? ORDER BY copy_id", (page_key,))  # noqa: S608
        return [_copy(row) for row in rows]

    def _one(self, condition: str, value: str | int) -> Copy | None:
        """The first copy that meets ``condition`` (SQL with one parameter)."""
        row = self.connection.execute(f"SELECT {COLUMNS} FROM copies WHERE {condition} LIMIT 1", (value,)).fetchone()  # noqa: S608
        return _copy(row) if row else None

    def _transaction(self) -> _Transaction:
        """Everything inside happens, or nothing does."""
        return _Transaction(self.connection)


class _Transaction:
    """``BEGIN IMMEDIATE`` … ``COMMIT``, or ``ROLLBACK`` after an exception."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __enter__(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.connection.execute("COMMIT")
        elif self.connection.in_transaction:
            # a full disk makes SQLite roll back by itself
            self.connection.execute("ROLLBACK")
