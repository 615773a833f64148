"""Where an answer came from, and what a spider says of it once it has read it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from flopcrawl.archive.storage import archive_of
from flopcrawl.archive.store import Archive
from flopcrawl.clock import now
from flopcrawl.vocabulary import Origin, SourceState

META_KEY = "flopcrawl_provenance"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an answer came from.

    ``state`` is ``live``, ``fallback``, ``stale`` (the newest good copy, because nothing else answered) or ``replay``;
    ``fetched_at`` the moment at which the content was last known to be the source's (ISO 8601, UTC); ``sha256`` that
    of the decoded body; ``revalidated`` tells a copy that the server has just confirmed (304) from a new download;
    ``url`` the address that was asked for, before redirects; ``copy_id`` the archive's copy, where there is one;
    ``reason`` why the answer is not the primary's.
    """

    state: SourceState
    fetched_at: str
    sha256: str
    etag: str = ""
    revalidated: bool = False
    origin: Origin = Origin.SCRAPED
    url: str = ""
    copy_id: int | None = None
    reason: str = ""


def provenance(response: Response) -> Provenance:
    """Return where ``response`` came from; one that did not pass the archive counts as a live answer of this moment."""
    found = recorded(response.request) if response.request else None
    sha256 = hashlib.sha256(response.body).hexdigest()
    if found is None:
        return Provenance(SourceState.LIVE, now(), sha256, url=response.url)
    # A spider may hand on a response that it has unpacked: the hash is that of what was read.
    return found if found.sha256 == sha256 else replace(found, sha256=sha256)


def recorded(request: Request) -> Provenance | None:
    """What the middlewares have recorded of the answer to ``request`` so far."""
    value = request.meta.get(META_KEY)
    return value if isinstance(value, Provenance) else None


def record(request: Request, value: Provenance) -> None:
    """Record where the answer to ``request`` came from."""
    request.meta[META_KEY] = value


def mark_good(crawler: Crawler, response: Response) -> None:
    """The spider has read from ``response`` what it expected: its copy may stand in for the source from now on.

    Does nothing for an answer that is not in the archive (a replay) or that already stood in for its source.
    """
    archive: Archive | None = archive_of(crawler)
    found = recorded(response.request) if response.request else None
    if archive and found and found.copy_id is not None and found.state is not SourceState.STALE:
        archive.mark_good(found.copy_id)
