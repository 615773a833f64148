"""Replays: a folder of answers, or the archive itself, instead of the network. No socket is opened.

A folder holds ``index.csv`` (``url,status,content_type,fetched_at,file``, optionally ``origin``) beside the files it
names. Only GET is answered; addresses are matched in Scrapy's canonical form; one that the folder lacks is a failed
fetch, so its fallbacks are tried like those of any other.
"""

from __future__ import annotations

import csv
import hashlib
import logging
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from w3lib.url import canonicalize_url

from flopcrawl.archive.fingerprint import page_key
from flopcrawl.archive.provenance import Provenance, record
from flopcrawl.archive.storage import as_response
from flopcrawl.archive.store import Archive, Copy
from flopcrawl.clock import normalized
from flopcrawl.vocabulary import Origin, SourceState

logger = logging.getLogger(__name__)

INDEX = "index.csv"
COLUMNS = ("url", "status", "content_type", "fetched_at", "file")
ORIGINS = (Origin.REPLAY, Origin.SAMPLE, Origin.SCRAPED, Origin.PASTED)


class ReplayError(ValueError):
    """The folder cannot be replayed. The message names the file, the line and the remedy."""


class NotInReplayError(IgnoreRequest):
    """The replay has no answer for this address."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of ``index.csv``: an answer and where its body is (an absolute path inside the folder)."""

    url: str
    status: int
    content_type: str
    fetched_at: str
    path: Path
    origin: Origin


class PageSource(Protocol):
    """What stands in for the network: see :class:`Replay` and :class:`ArchiveReplay`."""

    def urls(self, source: str) -> list[str]:
        """Every address that ``source`` may ask for."""

    def answer(self, request: Request, source: str) -> tuple[Response, Provenance] | None:
        """Return the answer to ``request``, and where it came from; None where there is none."""

    def unread(self) -> list[str]:
        """Addresses that nobody has asked for."""


@dataclass(slots=True)
class Replay:
    """A replay folder. ``problems`` are lines that cannot be used (their address is a failed fetch)."""

    folder: Path
    rows: dict[str, Row] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the index of ``folder``.

        Raises:
            ReplayError: there is no index, or it lacks a column.
        """
        replay = cls(folder.resolve())
        index = folder / INDEX
        try:
            with index.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
                if missing:
                    raise ReplayError(f"{index}, line 1: no column {', '.join(missing)}. It needs {','.join(COLUMNS)}.")
                for record_ in reader:
                    replay._add(record_, f"{index}, line {reader.line_num}")
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise ReplayError(f"{index}: cannot be read ({error}). Name a folder that holds an {INDEX}.") from error
        for problem in replay.problems:
            logger.error("%s", problem)
        return replay

    def _add(self, values: dict[str, str | None], place: str) -> None:
        """Take one line in; of two for one address the one that was fetched later counts."""
        cells = {name: (value or "").strip() for name, value in values.items() if isinstance(name, str)}
        path = (self.folder / cells["file"]).resolve()
        origin = cells.get("origin") or Origin.REPLAY
        try:
            if not cells["url"]:
                raise ValueError("no address")
            if not re.fullmatch(r"[1-5]\d\d", cells["status"]):
                raise ValueError(f"status {cells['status']!r} is no number between 100 and 599")
            if origin not in ORIGINS:
                raise ValueError(f"origin {origin!r} is none of {', '.join(ORIGINS)}")
            if not path.is_relative_to(self.folder):
                raise ValueError(f"file {cells['file']!r} is outside the folder")
            if not path.is_file():
                raise ValueError(f"file {cells['file']!r} does not exist")
            fetched_at = normalized(cells["fetched_at"])
        except ValueError as error:
            self.problems.append(f"{place}: {error}. The line is left out; correct it and run again.")
            return
        row = Row(cells["url"], int(cells["status"]), cells["content_type"], fetched_at, path, Origin(origin))
        key = canonicalize_url(row.url)
        earlier = self.rows.get(key)
        if earlier is None or earlier.fetched_at <= row.fetched_at:
            self.rows[key] = row

    def urls(self, source: str = "") -> list[str]:
        """Every address of the folder, in the order of the index; a folder has no sources."""
        return [row.url for row in self.rows.values()]

    def answer(self, request: Request, source: str) -> tuple[Response, Provenance] | None:
        """Return the answer to ``request`` and where it came from; None where the folder lacks it."""
        key = canonicalize_url(request.url)
        row = self.rows.get(key)
        if row is None or request.method != "GET":
            return None
        self.read.add(key)
        body = row.path.read_bytes()
        headers = {"Content-Type": row.content_type} if row.content_type else {}
        cls = responsetypes.from_args(
            headers={k.encode(): v.encode() for k, v in headers.items()}, url=row.url, body=body
        )
        response = cls(url=request.url, status=row.status, headers=headers, body=body)
        return response, Provenance(
            SourceState.REPLAY, row.fetched_at, hashlib.sha256(body).hexdigest(), origin=row.origin, url=request.url
        )

    def unread(self) -> list[str]:
        """Addresses that no spider has asked for in this process, in the order of the index."""
        return [row.url for key, row in self.rows.items() if key not in self.read]


@dataclass(slots=True)
class ArchiveReplay:
    """The archive in place of the network: of every page the newest good copy, for the source that read it."""

    archive: Archive
    read: set[int] = field(default_factory=set)
    copies: dict[str, dict[str, Copy]] = field(default_factory=dict)

    def _of(self, source: str) -> dict[str, Copy]:
        """The copies of a source by page."""
        if source not in self.copies:
            self.copies[source] = {copy.page_key: copy for copy in self.archive.good_copies(source)}
        return self.copies[source]

    def urls(self, source: str) -> list[str]:
        """Every address of which ``source`` has a good copy, in the order in which they were met."""
        return [copy.url for copy in self._of(source).values()]

    def answer(self, request: Request, source: str) -> tuple[Response, Provenance] | None:
        """Return the newest good copy and where it once came from."""
        copy = self._of(source).get(page_key(source, request))
        if copy is None:
            return None
        self.read.add(copy.copy_id)
        state = SourceState.STALE if copy.standing_in else SourceState.LIVE
        return as_response(self.archive, copy), Provenance(state, copy.checked_at, copy.sha256, copy.etag, url=copy.url)

    def unread(self) -> list[str]:
        """Kept pages of the sources that ran which nobody has asked for."""
        return [c.url for copies in self.copies.values() for c in copies.values() if c.copy_id not in self.read]


_open: dict[Path, PageSource] = {}


def open_replay(path: Path) -> PageSource:
    """The replay at ``path`` (a folder, or an archive's file), one for the whole process.

    Raises:
        ReplayError: the folder has no usable index.
        ArchiveError: the file is no archive.
    """
    path = path.absolute()
    if path not in _open:
        _open[path] = ArchiveReplay(Archive(path, read_only=True)) if path.is_file() else Replay.load(path)
    return _open[path]


def replay_of(crawler: Crawler) -> PageSource | None:
    """What stands in for the network in this crawl (``FLOPCRAWL_REPLAY``); None where it is the network."""
    path = crawler.settings.get("FLOPCRAWL_REPLAY")
    return open_replay(Path(path)) if path else None


class ReplayMiddleware:
    """Answers every request from the replay, before robots.txt, delays and the network come into it."""

    def __init__(self, crawler: Crawler, pages: PageSource) -> None:
        self.crawler = crawler
        self.pages = pages

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy; off without ``FLOPCRAWL_REPLAY``."""
        pages = replay_of(crawler)
        if pages is None:
            raise NotConfigured
        return cls(crawler, pages)

    def process_request(self, request: Request) -> Response | None:
        """Return the answer; a request for the next best one is left to the middleware of the fallbacks.

        Raises:
            NotInReplayError: there is none.
        """
        assert self.crawler.spider is not None
        if "unusable" in request.meta:
            return None
        request.meta.update(dont_cache=True, dont_retry=True)
        found = self.pages.answer(request, self.crawler.spider.name)
        if found is None:
            raise NotInReplayError(f"not in the replay {self.crawler.settings['FLOPCRAWL_REPLAY']}")
        response, origin = found
        record(request, origin)
        return response
