"""Pages that a person copied from a browser into ``overrides/pages``: read like any other, and marked ``pasted``.

For pages that no program may fetch. The first lines of a file say where it is from and when it was copied; a file that
does not is rejected with what to write. Taking a file away takes back what it said. No request is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request

from flopcrawl.base_spiders.reading import items_of, owner_of
from flopcrawl.base_spiders.source import NOTHING, SourceSpider
from flopcrawl.clock import normalized, now
from flopcrawl.extraction import UnreadableError, read
from flopcrawl.items import ModelItem, PageItem, RejectedItem
from flopcrawl.overrides.pages import PastedPage, pasted
from flopcrawl.overrides.rows import Problem
from flopcrawl.vocabulary import Origin, SourceState


class PastedSpider(SourceSpider):
    """See the module."""

    name = "pasted"
    title = "Pasted pages"
    home = "overrides/pages/README.md"
    licence = "Each page's own; facts and short quotes are kept"
    terms = "Copied by a person; no request is made"
    cadence = "when a file is added"
    expected = (0, 10_000)

    def listing(self) -> Iterable[Request]:
        """Nothing is asked for."""
        return ()

    async def start(self) -> AsyncIterator[Any]:
        """Read every file of the folder, then take back what files said that are gone."""
        self.states.add(SourceState.LIVE)
        problems: list[Problem] = []
        pages = pasted(Path(self.crawler.settings["FLOPCRAWL_OVERRIDES"]), problems)
        for problem in problems:
            yield RejectedItem(self.name, problem.file, f"{problem.message} {problem.remedy}", {"line": problem.line})
        for page in pages:
            for item in self.page(page):
                yield item
        for url in sorted(set(self.read_before) - {page.url for page in pages}):
            yield PageItem(url, self.name, now(), 410, NOTHING, 0)

    def page(self, page: PastedPage) -> Iterator[Any]:
        """What one page says, under the address that it was copied from."""
        fetched_at, sha256 = normalized(f"{page.date}-01-01"[:10]), hashlib.sha256(page.text.encode()).hexdigest()
        try:
            reading = read(page.text, kind=page.kind, url=page.url, model=page.model or None)
        except UnreadableError as error:
            yield RejectedItem(self.name, page.url, f"{page.path.name} cannot be read: {error}")
            return
        for name, facts in items_of(reading, page.model):
            self.found.add(name)
            yield ModelItem(
                name=name, source=self.name, url=page.url, fetched_at=fetched_at, organization=owner_of(facts),
                facts=facts, page_sha256=sha256, origin=Origin.PASTED,
            )  # fmt: skip
        yield PageItem(page.url, self.name, fetched_at, 200, sha256, len(page.text.encode()))
