"""Store: items become rows, in batches, one transaction each. The only pipeline that writes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flopcrawl import database
from flopcrawl.clock import now
from flopcrawl.extraction import READER_VERSION
from flopcrawl.items import BadValueError, Claim, Fact, ModelItem, PageItem, RatingItem, ReferenceItem, RejectedItem
from flopcrawl.vocabulary import Field

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

BATCH = 500
"""Items that are written in one transaction."""


class StorePipeline:
    """Collect items and write them in batches under the writer lock; supersede what pages no longer say.

    A crash loses at most the batch in hand, and its pages are read again by the next run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.path = Path(crawler.settings["FLOPCRAWL_DB"])
        self.run_id = str(crawler.settings["FLOPCRAWL_RUN_ID"]) or now()
        self.batch: list[Any] = []
        self.pages_read: set[tuple[str, str]] = set()
        self.touched: set[tuple[str, str]] = set()
        self.problem = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        """Made by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Take an item into the batch; write the batch when it is full."""
        self.batch.append(item)
        if isinstance(item, PageItem):
            self.pages_read.add((item.source, item.url))
        elif isinstance(item, ModelItem):
            self.touched.add((item.name, item.organization))
        if len(self.batch) >= BATCH:
            self.flush()
        return item

    def close_spider(self) -> None:
        """Write what is left, unless the derive pipeline has already asked for it."""
        self.finish()

    def finish(self) -> None:
        """Write what is left, then mark what the pages of this run no longer say. A second call does nothing."""
        self.flush()
        if not self.pages_read or self.problem:
            # after a failed write, what a page still says may be what was not stored
            return
        with database.writer_lock(self.path):
            db = database.open_for_writing(self.path)
            with db.atomic():
                self.touched |= database.supersede(db, self.pages_read, self.run_id)
            db.close()
        self.pages_read.clear()

    def flush(self) -> None:
        """Write the batch in one transaction and count what was written in the crawl's stats."""
        batch, self.batch = self.batch, []
        if not batch:
            return
        rejected = [item for item in batch if isinstance(item, RejectedItem)]
        claims: list[Claim] = []
        for item in batch:
            if isinstance(item, ModelItem):
                claims += claims_of(item, rejected)
        try:
            self.write(batch, claims, rejected)
        except sqlite3.Error as error:
            self.problem = f"{error}: nothing was half written; free space on the disk of {self.path}, then run again"
            raise
        stats = self.crawler.stats
        assert stats is not None
        for name, count in Counter(type(item).__name__ for item in batch if not isinstance(item, RejectedItem)).items():
            stats.inc_value(f"flopcrawl/stored/{name}", count)
        stats.inc_value("flopcrawl/stored/claims", len(claims))
        stats.inc_value("flopcrawl/rejected", len(rejected))

    def write(self, batch: list[Any], claims: list[Claim], rejected: list[RejectedItem]) -> None:
        """Write a batch, all of it or nothing."""
        with database.writer_lock(self.path):
            db = database.open_for_writing(self.path)
            with db.atomic():
                database.store_claims(db, claims, self.run_id)
                database.store_pages(db, (item for item in batch if isinstance(item, PageItem)))
                database.store_ratings(db, (item for item in batch if isinstance(item, RatingItem)))
                database.store_reference(db, (item for item in batch if isinstance(item, ReferenceItem)))
                database.store_rejected(db, rejected, self.run_id)
            db.close()


def claims_of(item: ModelItem, rejected: list[RejectedItem]) -> list[Claim]:
    """The claims that an item makes: its name, its organization, and its facts. What cannot be goes to ``rejected``."""
    facts = list(item.facts)
    fields = {fact.field for fact in facts}
    if Field.NAME not in fields:
        facts.append(Fact(Field.NAME, item.name))
    if item.organization and Field.ORGANIZATION not in fields:
        facts.append(Fact(Field.ORGANIZATION, item.organization))
    claims = []
    for fact in facts:
        try:
            claim = Claim.from_fact(
                fact,
                subject=item.name,
                organization=item.organization,
                source=item.source,
                url=item.url,
                fetched_at=item.fetched_at,
                page_sha256=item.page_sha256,
                reader_version=READER_VERSION,
                origin=item.origin,
            )
        except BadValueError as error:
            rejected.append(RejectedItem(item.source, item.url, str(error), fact.as_dict(item.url)))
            continue
        claims.append(claim)
    return claims
