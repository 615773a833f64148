"""News of a lab: what its listings list, of that what is new or changed, and of each article what it says of models."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure
from w3lib.url import canonicalize_url

from flopcrawl.archive import Provenance, provenance
from flopcrawl.base_spiders.listings import Article, Listing, as_page
from flopcrawl.base_spiders.reading import announced
from flopcrawl.base_spiders.source import ShortfallError, SourceSpider, fact
from flopcrawl.extraction import Reading, UnreadableError, read
from flopcrawl.items import ModelItem, PageItem, RejectedItem
from flopcrawl.vocabulary import Field, Qualifier

SHORTEST_ARTICLE = 200
"""Characters; a page with fewer words is a shell that a script was to fill."""

NEEDS_BROWSER = "needs a browser: FLOPCRAWL_BROWSER=1 on a machine with Chromium"
"""Why rendered sources are off by default. One that is off for its site's terms says those instead."""


class NewsSpider(SourceSpider):
    """A lab's news. A new one is a name, an organization and ``listings``; the rest has defaults.

    * ``listings``: where articles are listed; each with its fallbacks (:mod:`flopcrawl.base_spiders.listings`).
    * ``article``: pattern of the addresses that are articles; without one all that are listed on their listing's site.
    * ``full_articles``: False where the listing's own words are read, because articles refuse programs.
    * ``per_run``: most articles that one run asks for; what is left comes with the next.
    """

    home = ""
    licence = "Articles belong to their publisher; facts and short quotes are kept"
    terms = "Public pages for readers; robots.txt is obeyed"
    cadence = "daily"
    expected = (3, 20_000)
    listings: ClassVar[tuple[Listing, ...]] = ()
    article: ClassVar[str] = ""
    full_articles: ClassVar[bool] = True
    per_run: ClassVar[int] = 60
    minimum_articles: ClassVar[int] = 3
    full_look: ClassVar[timedelta] = timedelta(days=30)
    """After this an article is asked for again although its listing says nothing of a change."""

    def listing(self) -> Iterable[Request]:
        """Every listing, each with its fallbacks."""
        for listing in self.listings:
            addresses = [each.url for each in listing.all()]
            yield self.ask(*addresses, expect=listing.expect)

    # --- which page is which ---------------------------------------------------------------------------------------

    def listing_at(self, url: str) -> Listing | None:
        """The listing at an address, or of which it is a further page; None where it is an article's."""
        wanted = canonicalize_url(url)
        everything = [each for listing in self.listings for each in listing.all()]
        for listing in everything:
            if wanted in (canonicalize_url(listing.url), canonicalize_url(listing.url.rstrip("/"))):
                return listing
        follow = (each for each in everything if (pattern := getattr(each, "follow", "")) and re.search(pattern, url))
        return next(follow, None)

    def is_listing(self, url: str) -> bool:
        """Listings lead to articles."""
        return self.listing_at(url) is not None

    def is_article(self, url: str) -> bool:
        """Is an address an article's?"""
        if self.article:
            return bool(re.search(self.article, url))
        sites = {_site(each.url) for listing in self.listings for each in listing.all()}
        return _site(url) in sites

    def reader(self, url: str) -> Callable[[Any], Iterable[Any]] | None:
        """Listings are read as such, articles for what they say."""
        if self.is_listing(url):
            return self.listed
        return self.article_page if self.is_article(url) else None

    # --- listings --------------------------------------------------------------------------------------------------

    def listed(self, response: Response) -> Iterator[Any]:
        """A listing: requests for the articles that are new, changed, or due for another look."""
        listing = self.listing_at(response.url) or self.listing_at(provenance(response).url)
        assert listing is not None, "reader() sends only listings here"
        more = list(listing.more(response))
        for url in more:
            yield self.ask(url, expect=listing.expect)
        articles = list({each.url: each for each in listing.articles(response) if self.takes(listing, each)}.values())
        if len(articles) < self.minimum_articles and not more:
            raise ShortfallError(f"{len(articles)} of at least {self.minimum_articles} articles")
        self.found.update(each.url for each in articles)
        wanted = [each for each in self.newest_first(articles) if self.is_due(each)][: self.per_run]
        self.crawler.stats.inc_value("flopcrawl/articles/listed", len(articles))
        self.crawler.stats.inc_value("flopcrawl/articles/due", len(wanted))
        for each in wanted:
            if self.is_whole(each):
                yield from self.from_listing(each, provenance(response))
            else:
                yield self.ask_article(each, provenance(response))

    def is_whole(self, article: Article) -> bool:
        """Is what a listing has of an article all that is read of it? Parts of one page and refused articles are."""
        return "#" in article.url or (not self.full_articles and article.kind == "html")

    def takes(self, listing: Listing, article: Article) -> bool:
        """Is what is listed an article of this source (and not the listing itself, or a menu)?"""
        own = "#" in article.url and _plain(article.url) in {_plain(each.url) for each in listing.all()}
        return own or (self.is_article(article.url) and not self.is_listing(article.url))

    def newest_first(self, articles: Iterable[Article]) -> list[Article]:
        """Articles that were never read before those that were, the newest first; the listing's order where equal."""
        dated = sorted(articles, key=lambda each: each.published or each.changed, reverse=True)
        return sorted(dated, key=lambda each: each.url in self.read_before)

    def is_due(self, article: Article) -> bool:
        """Is an article new, changed since it was read, or not looked at for a long time?"""
        if article.url not in self.read_before:
            return True
        read_at, sha256 = self.read_before[article.url]
        if self.is_whole(article):
            return sha256 != _hash(as_page(article))
        if article.changed and article.changed >= read_at[: len(article.changed)]:
            return True
        return datetime.now(UTC) - datetime.fromisoformat(read_at) > self.full_look

    def ask_article(self, article: Article, listed: Provenance) -> Request:
        """A request for an article; what its listing says of it goes along."""
        return self.ask(article.url, article=article, listed=listed)

    def failed(self, failure: Failure) -> Iterable[Any] | None:
        """An article that cannot be had is read from its listing, and asked for again next time."""
        article = failure.request.meta.get("article")  # type: ignore[attr-defined]
        if article is None:
            return super().failed(failure)
        self.crawler.stats.inc_value("flopcrawl/articles/failed")
        self.logger.warning("%s: %s cannot be read (%s)", self.name, article.url, failure.getErrorMessage())
        listed = failure.request.meta["listed"]  # type: ignore[attr-defined]
        return [item for item in self.from_listing(article, listed) if not isinstance(item, PageItem)]

    def from_listing(self, article: Article, listed: Provenance) -> Iterator[Any]:
        """What a listing itself says of an article: an item per model, and the article as a page that was read."""
        page = as_page(article)
        try:
            reading = read(page, kind=article.kind, url=article.url)
        except UnreadableError as error:
            yield RejectedItem(self.name, article.url, f"the entry cannot be read: {error}", {"title": article.title})
            return
        sha256 = _hash(page)
        yield from self.items(reading, article, article.url, listed, sha256)
        yield PageItem(
            url=article.url, source=self.name, fetched_at=listed.fetched_at, status=200, sha256=sha256,
            bytes=len(page.encode()), source_state=listed.state,
        )  # fmt: skip

    # --- articles --------------------------------------------------------------------------------------------------

    def article_page(self, response: Response) -> Iterator[Any]:
        """An article: an item for each model that it announces."""
        source, kind = provenance(response), kind_of(response)
        try:
            reading = read(response.body, kind=kind, url=response.url)
        except UnreadableError as error:
            raise ShortfallError(f"the page cannot be read: {error}") from None
        if kind == "html" and len(reading.document.text) < SHORTEST_ARTICLE:
            raise ShortfallError(f"{len(reading.document.text)} characters of text: a script was to fill the page")
        article = response.meta.get("article") or Article(response.url)
        yield from self.items(reading, article, source.url or response.url, source, source.sha256)

    def items(
        self, reading: Reading, article: Article, url: str, source: Provenance, sha256: str
    ) -> Iterator[ModelItem]:
        """The models that an article announces; one that it does not date has the day on which it was published."""
        for name, facts in announced(reading):
            if Field.RELEASE_DATE not in {each.field for each in facts}:
                facts = [*facts, *fact(Field.RELEASE_DATE, article.published, qualifier=Qualifier.ABOUT)]
            yield ModelItem(
                name=name, source=self.name, url=url, fetched_at=source.fetched_at, organization=self.organization,
                facts=facts, page_sha256=sha256, origin=source.origin, source_state=source.state,
            )  # fmt: skip


class RenderedNewsSpider(NewsSpider):
    """News on pages that a script fills: a browser renders them.

    Needs scrapy-playwright and a Chromium of the system, which is found by its name; without one the source says so.
    Off by default: ``FLOPCRAWL_BROWSER=1`` switches all of them on that have no other reason to be off; a single one is
    read when it is named (``scrapy crawl NAME``, ``scrapy refresh --only NAME``).
    """

    wait_for: ClassVar[str] = "a[href]"
    """Selector of what the script brings; the page is taken when it is there."""

    off_reason = NEEDS_BROWSER

    @classmethod
    def why_off(cls, settings: BaseSettings) -> str:
        """A browser can be had; what a site's terms say is not changed by one."""
        return "" if cls.off_reason == NEEDS_BROWSER and settings.getbool("FLOPCRAWL_BROWSER") else cls.off_reason

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """Let scrapy-playwright download, with the system's Chromium."""
        from flopcrawl.base_spiders.browser import settings_of

        super().update_settings(settings)
        for name, value in settings_of().items():
            settings.set(name, value, priority="spider")

    async def start(self) -> Any:
        """Begin, if there is a browser (a replay needs none)."""
        from flopcrawl.base_spiders.browser import NO_CHROMIUM, chromium

        if not chromium() and not self.crawler.settings["FLOPCRAWL_REPLAY"]:
            self.problem(NO_CHROMIUM)
            return
        async for request in super().start():
            yield request

    def ask(self, *addresses: str, expect: str = "", **meta: Any) -> Request:
        """A request that the browser makes."""
        from flopcrawl.base_spiders.browser import rendering

        return super().ask(*addresses, expect="html", **rendering(self.wait_for), **meta)

    def ask_article(self, article: Article, listed: Provenance) -> Request:
        """Articles are waited for by their heading."""
        from flopcrawl.base_spiders.browser import rendering

        return (
            super()
            .ask_article(article, listed)
            .replace(meta={**super().ask_article(article, listed).meta, **rendering("h1, h2, article")})
        )


def kind_of(response: Response) -> str:
    """The kind of an article's page, from its address and its type."""
    path, stated = urlsplit(response.url).path.lower(), (response.headers.get(b"Content-Type") or b"").lower()
    if path.endswith((".md", ".mdx")):
        return "md"
    return "pdf" if path.endswith(".pdf") or b"application/pdf" in stated else "html"


def _site(url: str) -> str:
    """The host of an address, without ``www.``."""
    return urlsplit(url).netloc.removeprefix("www.")


def _plain(url: str) -> str:
    """An address without its fragment and its closing slash."""
    return url.partition("#")[0].rstrip("/")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
