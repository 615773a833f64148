"""What every source has in common: its addresses, how it is read, and how it says that it went wrong.

A spider declares what it is and has one small method for each kind of page that it reads. The rest is here: live,
fallback and replay look the same to it; a page counts as good only when it was read; too little is an error.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from flopcrawl.archive import mark_good, provenance, replay_of, unusable
from flopcrawl.clock import now
from flopcrawl.items import BadValueError, Fact, ModelItem, PageItem, RatingItem, ReferenceItem, RejectedItem
from flopcrawl.loaders import ModelLoader
from flopcrawl.vocabulary import SourceState

WORST_FIRST = (SourceState.STALE, SourceState.FALLBACK, SourceState.REPLAY, SourceState.LIVE)
"""A source is as live as the least live of its listings (of its pages, where no listing was read)."""

NOTHING = hashlib.sha256(b"").hexdigest()
"""The hash of a page that is not there."""

GONE = frozenset({404, 410})


class ShortfallError(Exception):
    """A page holds less than it must, or is of another shape: the next best answer is wanted. Says what is missing.

    With ``again`` the same address is tried again first: it is known to answer so at times.
    """

    def __init__(self, message: str, *, again: bool = False) -> None:
        super().__init__(message)
        self.again = again


class SourceSpider(Spider):
    """A source of facts.

    Subclasses declare:

    * ``title``, ``home``, ``licence``, ``terms``, ``cadence``: what people should know (the SOURCES table shows it);
    * ``expected``: least and most models (or rows) of a whole run; fewer is a failure, more is a warning;
    * ``routes``: pattern of an address → name of the method that reads such a page;
    * ``off_reason``: why the source is off by default ("" where it is on);

    and :meth:`listing`, the requests that a run begins with.

    ``found`` are the models (or rows) that a run has met, which ``expected`` is about. ``read_before`` says of each
    address when it was last read and stored, and the SHA-256 of what it was (:mod:`flopcrawl.extensions.memory` fills
    it in): what a crash lost is not in it, and so is read again.
    """

    title: ClassVar[str] = ""
    organization: ClassVar[str] = ""
    home: ClassVar[str] = ""
    licence: ClassVar[str] = ""
    terms: ClassVar[str] = ""
    cadence: ClassVar[str] = "daily"
    expected: ClassVar[tuple[int, int]] = (1, 100_000)
    routes: ClassVar[dict[str, str]] = {}
    off_reason: ClassVar[str] = ""

    def __init__(self, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.found: set[str] = set()
        self.states: set[SourceState] = set()
        self.page_states: set[SourceState] = set()
        self.problems: list[str] = []
        self.read_before: dict[str, tuple[str, str]] = {}

    # --- what a subclass gives -------------------------------------------------------------------------------------

    def listing(self) -> Iterable[Request]:
        """The requests that a run begins with."""
        raise NotImplementedError

    @classmethod
    def why_off(cls, settings: BaseSettings) -> str:
        """Why a refresh under these settings leaves the source out; "" where it does not."""
        return cls.off_reason

    # --- requests --------------------------------------------------------------------------------------------------

    def ask(self, *addresses: str, expect: str = "", **meta: Any) -> Request:
        """A request for the first address; the others are its fallbacks, in order."""
        details = {"fallbacks": list(addresses[1:]), **({"expect": expect} if expect else {}), **meta}
        return Request(addresses[0], self.parse, errback=self.failed, meta=details)

    async def start(self) -> AsyncIterator[Any]:
        """Begin with the listing; in a replay without one, with the pages that the replay has for this source."""
        replay = replay_of(self.crawler)
        if replay is None:
            for request in self.listing():
                yield request
            return
        known = [url for url in replay.urls(self.name) if self.reader(url)]
        if not known:
            self.states.add(SourceState.ABSENT)
            return
        listing = list(self.listing())
        wanted = {url for request in listing for url in (request.url, *request.meta.get("fallbacks", ()))}
        have = {_plain(url) for url in known} & {_plain(url) for url in wanted}
        if have:
            # a replay is a part of the web: what it lacks of the listing is not asked for
            for request in listing:
                if {_plain(request.url), *map(_plain, request.meta.get("fallbacks", ()))} & have:
                    yield request
        for url in known:
            if not have or not self.is_listing(url):
                yield self.ask(url)

    def is_listing(self, url: str) -> bool:
        """Is ``url`` a page that lists others (or a further page of it), which the listing itself leads to?"""
        return True

    def reader(self, url: str) -> Callable[[Any], Iterable[Any]] | None:
        """The method that reads the page at ``url``; None where this source knows no such page."""
        for pattern, method in self.routes.items():
            if re.search(pattern, url):
                return getattr(self, method)  # type: ignore[no-any-return]
        return None

    # --- answers ---------------------------------------------------------------------------------------------------

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        """Read a page by its address. Only a page that was read to its end is good, and withdraws what it once said."""
        source = provenance(response)
        read = self.reader(response.url) or self.reader(source.url)
        if read is None:
            self.problem(f"no method reads {response.url}: was it redirected? Add its pattern to `routes`.")
            return
        try:
            results = list(read(response))
        except ShortfallError as error:
            assert response.request is not None
            retry = get_retry_request(response.request, spider=self, reason=str(error)) if error.again else None
            yield retry or unusable(response, str(error))
            return
        (self.states if self.is_listing(response.url) else self.page_states).add(source.state)
        mark_good(self.crawler, response)
        for result in results:
            if isinstance(result, (ModelItem, RatingItem)):
                self.found.add(result.name)
            elif isinstance(result, ReferenceItem):
                self.found.add(result.model)
            yield result
        yield PageItem(
            url=source.url or response.url, source=self.name, fetched_at=source.fetched_at, status=response.status,
            sha256=source.sha256, bytes=len(response.body), etag=source.etag, source_state=source.state,
        )  # fmt: skip

    def emptied(self, response: Response, what: str) -> None:
        """Refuse an empty list where the last good one was none: a site that shows nothing has not lost everything.

        Raises:
            ShortfallError: the address was read before, and what it said then was something else.
        """
        source = provenance(response)
        if self.read_before.get(source.url, ("", NOTHING))[1] not in (source.sha256, NOTHING):
            raise ShortfallError(f"no {what}, where there were some")

    def model(self, response: Response, name: str, facts: Iterable[Fact] = (), organization: str = "") -> ModelItem:
        """An item about one model, with where and when it was read."""
        source = provenance(response)
        return ModelItem(
            name=name, source=self.name, url=source.url or response.url, fetched_at=source.fetched_at,
            organization=organization or self.organization, facts=list(facts), page_sha256=source.sha256,
            origin=source.origin, source_state=source.state,
        )  # fmt: skip

    def loader(self, response: Response, name: str, organization: str = "") -> ModelLoader:
        """An ItemLoader for what a page says of one model."""
        return ModelLoader(self.model(response, name, organization=organization))

    def loaded(self, response: Response, loader: ModelLoader) -> Iterator[ModelItem | RejectedItem]:
        """The item of a loader, and a rejection for each value that its field cannot have."""
        item = loader.load_item()
        yield item
        for reason in loader.refused:
            yield self.rejected(response, reason, name=item.name)

    def rejected(self, response: Response, reason: str, **item: Any) -> RejectedItem:
        """Something on a page that cannot be used, and why."""
        return RejectedItem(self.name, response.url, reason, item)

    def failed(self, failure: Failure) -> Iterable[Any] | None:
        """Every address and the last good copy have failed."""
        error = failure.value
        request = failure.request  # type: ignore[attr-defined]
        what = f"HTTP {error.response.status}" if isinstance(error, HttpError) else str(error) or type(error).__name__
        tried = ", ".join([*request.meta.get("tried", ()), request.url])
        if not request.meta.get("optional"):
            self.problem(f"{what} from {tried}: if the address has moved, change it in {self.file}")
        elif isinstance(error, HttpError) and error.response.status in GONE and request.url not in self.read_before:
            return [PageItem(request.url, self.name, now(), error.response.status, NOTHING, 0)]
        return None

    def is_known_to_lack(self, url: str, changed: str) -> bool:
        """Was an optional page missing when last asked for, and has what it belongs to not changed since?

        ``changed`` is the ISO moment of the last change ("" where that is not known).
        """
        read_at, sha256 = self.read_before.get(url, ("", ""))
        return sha256 == NOTHING and bool(changed) and changed[:19] < read_at[:19]

    @property
    def file(self) -> str:
        """The file of this spider, for messages that tell where to change something."""
        return type(self).__module__.replace(".", "/") + ".py"

    def problem(self, message: str) -> None:
        """Something is wrong with the source: say it in the log, and in the summary of the run."""
        self.problems.append(message)
        self.logger.error("%s: %s", self.name, message)

    def verdict(self) -> tuple[SourceState, str]:
        """How the source stands after a run, and what a person should know of it."""
        if SourceState.ABSENT in self.states:
            return SourceState.ABSENT, "the replay has no page of this source"
        remark = self.problems[0] if self.problems else ""
        states = self.states or self.page_states
        if not states:
            return SourceState.FAILED, remark or "no page was read"
        state = next(state for state in WORST_FIRST if state in states)
        least, most = self.expected
        if state is not SourceState.REPLAY and len(self.found) < least:
            short = f"{len(self.found)} of at least {least} models: has the page changed its shape? See {self.home}"
            return SourceState.FAILED, remark or short
        if len(self.found) > most:
            remark = remark or f"{len(self.found)} models, at most {most} were expected: is the page still the same?"
        return state, remark


def fact(field: Any, value: Any, **more: Any) -> Iterator[Fact]:
    """A fact, or nothing where ``value`` is empty or cannot be one; what cannot be is for the caller to reject."""
    if value in (None, "", [], {}):
        return
    try:
        yield Fact(field, value, **more)
    except BadValueError:
        return


def _plain(url: str) -> str:
    """An address in the form in which addresses are compared."""
    from w3lib.url import canonicalize_url

    return canonicalize_url(url)
