"""Indexes of papers in the shape of arXiv's API: which papers are about a new model, then their full text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response

from flopcrawl.archive import provenance
from flopcrawl.base_spiders.reading import announced, owner_of
from flopcrawl.base_spiders.source import NOTHING, ShortfallError, SourceSpider, fact
from flopcrawl.extraction import UnreadableError, read
from flopcrawl.extraction.cleaning import feeds
from flopcrawl.items import PageItem
from flopcrawl.vocabulary import Field, Qualifier

IDENTIFIER = re.compile(r"/(?:abs|html|pdf)/((?:\d{4}\.\d{4,5}|[a-z.-]+(?:\.[A-Z]{2})?/\d{7}))(?:v\d+)?")
"""A paper's identifier in an address, without the version: a new version is the same page, changed."""

WITHDRAWN = re.compile(r"\b(?:withdrawn|retracted)\b", re.IGNORECASE)
A_MODEL = re.compile(
    r"technical report|system card|foundation models?|"
    r"\b(?:\d+(?:\.\d+)?|several|hundreds of)\s?(?:B|billion|trillion)\b[- ](?:param|token|model)|"
    r"pre-?train(?:ed|ing)\b.{0,200}\b(?:tokens|GPUs|TPUs|parameters)|open[- ]weights?",
    re.IGNORECASE | re.DOTALL,
)
"""What an abstract says that may present a model whose training is worth reading about."""

SHORTEST_PAPER = 3_000
"""Characters; less is an abstract page in place of the paper, or a paper that was not converted."""


class PaperIndexSpider(SourceSpider):
    """An index of papers.

    ``queries`` are asked for newest first, in slices of ``slice_rows``, until a slice is older than ``window`` or all
    read before, at most ``most_slices`` of each. ``per_run`` papers are read in full in one run; the rest wait.
    """

    api: ClassVar[str] = ""
    slice_rows: ClassVar[int] = 100
    most_slices: ClassVar[int] = 5
    most_rows: ClassVar[int] = 30_000
    window: ClassVar[timedelta] = timedelta(days=45)
    per_run: ClassVar[int] = 40

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: set[str] = set()

    # --- what a subclass gives -------------------------------------------------------------------------------------

    def queries(self) -> Iterable[str]:
        """The searches of a run, in the API's words."""
        raise NotImplementedError

    def texts(self, identifier: str) -> list[str]:
        """Where a paper's text is: the best address, then its fallbacks."""
        raise NotImplementedError

    def other_indexes(self) -> list[str]:
        """Addresses that list the newest papers where the API fails."""
        return []

    # --- the index -------------------------------------------------------------------------------------------------

    def listing(self) -> Iterable[Request]:
        """The first slice of each query."""
        for query in self.queries():
            yield self.ask_slice(query, 0)

    def ask_slice(self, query: str, start: int) -> Request:
        """A slice of a query."""
        parameters = {
            "search_query": query, "start": start, "max_results": self.slice_rows, "sortBy": "submittedDate",
            "sortOrder": "descending",
        }  # fmt: skip
        return self.ask(f"{self.api}?{urlencode(parameters)}", *self.other_indexes())

    def is_listing(self, url: str) -> bool:
        """Answers of the index lead to papers."""
        return url.startswith(self.api) or url in self.other_indexes()

    def reader(self, url: str) -> Callable[[Any], Iterable[Any]] | None:
        """Answers of the API, and texts of papers."""
        if url.startswith(self.api):
            return self.entries
        return super().reader(url) or (self.paper if IDENTIFIER.search(url) else None)

    def entries(self, response: Response) -> Iterator[Any]:
        """A slice: requests for the papers that may present a model, then the next slice."""
        feed = self.feed(response)
        total = int(feed.feed.get("opensearch_totalresults", 0) or 0)
        query = {key: values[-1] for key, values in parse_qs(urlsplit(response.url).query).items()}
        start = int(query.get("start", 0))
        if not feed.entries and (start < total or not start):
            # a known fault of the API: an empty page in the middle; and a query without any paper is none of ours
            raise ShortfallError(f"an empty slice at {start} of {total} papers", again=True)
        known = 0
        for entry in feed.entries:
            found = IDENTIFIER.search(str(entry.get("id", "")))
            if not found:
                yield self.rejected(response, "an entry without an identifier", title=str(entry.get("title", "")))
                continue
            self.found.add(found[1])
            results = list(self.entry(response, found[1], entry))
            known += not results
            yield from results
        slices = start // self.slice_rows + 1
        oldest = str(feed.entries[-1].get("published", "")) if feed.entries else ""
        following = start + self.slice_rows
        if (
            "search_query" in query and slices < self.most_slices and following < min(total, self.most_rows)
            and known < len(feed.entries) and self.is_recent(oldest)
        ):  # fmt: skip
            yield self.ask_slice(query["search_query"], following)

    def feed(self, response: Response) -> Any:
        """The answer as a feed.

        Raises:
            ShortfallError: it is none, or it is the API's way of saying that the query failed.
        """
        try:
            feed = feeds.parse(response.body.decode("utf-8", "replace"))
        except UnreadableError as error:
            raise ShortfallError(str(error)) from None
        if len(feed.entries) == 1 and "/api/errors" in str(feed.entries[0].get("id", "")):
            raise ShortfallError(f"the API says: {feed.entries[0].get('summary', 'Error')}")
        return feed

    def entry(self, response: Response, identifier: str, entry: Any) -> Iterator[Any]:
        """A paper of a slice: a request for its text, if it may present a model and is new or changed."""
        comment = f"{entry.get('arxiv_comment', '')} {entry.get('summary', '')[:200]}"
        address = self.texts(identifier)[0]
        if WITHDRAWN.search(comment) and (WITHDRAWN.search(str(entry.get("arxiv_comment", ""))) or len(comment) < 250):
            yield self.rejected(response, f"withdrawn: {' '.join(comment.split())[:200]}", paper=identifier)
            if address in self.read_before:
                # read as an empty page, it takes back what it once said
                yield self.withdrawal(response, address)
            return
        if not A_MODEL.search(f"{entry.get('title', '')} {entry.get('summary', '')}"):
            return
        yield from self.ask_paper(identifier, str(entry.get("published", ""))[:10], str(entry.get("updated", "")))

    def ask_paper(self, identifier: str, published: str, updated: str) -> Iterator[Request]:
        """A request for a paper's text, unless this version was read before or the run has asked for enough."""
        addresses = self.texts(identifier)
        read_at = self.read_before.get(addresses[0], ("", ""))[0]
        if identifier in self.asked or (read_at and updated[:19] <= read_at[:19]) or len(self.asked) >= self.per_run:
            return
        self.asked.add(identifier)
        yield self.ask(*addresses, optional=True, published=published)

    def withdrawal(self, response: Response, address: str) -> PageItem:
        """The page of a withdrawn paper."""
        source = provenance(response)
        return PageItem(
            url=address, source=self.name, fetched_at=source.fetched_at, status=410,
            sha256=NOTHING, bytes=0, source_state=source.state,
        )  # fmt: skip

    def is_recent(self, published: str) -> bool:
        """Does a day lie within the window?"""
        try:
            moment = datetime.fromisoformat(published)
        except ValueError:
            return False
        return datetime.now(UTC) - moment.astimezone(UTC) < self.window

    # --- papers ----------------------------------------------------------------------------------------------------

    def paper(self, response: Response) -> Iterator[Any]:
        """A paper's text: the models that it presents. Authors of several labs sign: the text says whose a model is."""
        is_pdf = response.body[:1024].lstrip().startswith(b"%PDF-")
        if not is_pdf and "/abs/" in response.url:
            raise ShortfallError("the abstract in place of the paper")
        try:
            reading = read(response.body, kind="pdf" if is_pdf else "html", url=response.url)
        except UnreadableError as error:
            raise ShortfallError(f"the paper cannot be read: {error}") from None
        if len(reading.document.text) < SHORTEST_PAPER:
            raise ShortfallError(f"{len(reading.document.text)} characters of text are no paper")
        identifier = IDENTIFIER.search(response.url)
        published = str(response.meta.get("published", ""))
        for name, facts in announced(reading):
            if published and Field.RELEASE_DATE not in {each.field for each in facts}:
                facts = [*facts, *fact(Field.RELEASE_DATE, published, qualifier=Qualifier.ABOUT)]
            item = self.model(response, name, facts, owner_of(facts))
            if identifier:
                item.url = self.texts(identifier[1])[0]
            yield item
