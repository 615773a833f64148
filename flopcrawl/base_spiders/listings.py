"""What a list of articles can look like: feed, sitemap, links on a page, JSON, entries of one page, files of a folder.

A listing is an address and, at most, three selectors; :meth:`Listing.articles` gives what it lists.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urldefrag

import jmespath
from parsel import Selector
from scrapy.http import Response
from scrapy.utils.sitemap import Sitemap as SitemapReader

from flopcrawl.base_spiders.source import ShortfallError
from flopcrawl.extraction.cleaning.dates import iso_day
from flopcrawl.extraction.cleaning.feeds import parse
from flopcrawl.extraction.document import UnreadableError

WRITTEN_DAY = re.compile(
    r"\b(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}"
    r"|\b[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d"
    r"|\b\d{1,2} [A-Z][a-z]{2,8}\.? (?:19|20)\d\d|\b[A-Z][a-z]{2,8}\.? (?:19|20)\d\d\b"
)
"""A day (or a month) as people write it on a page: numbers only where the year comes first."""


DAY_ALONE = re.compile(rf"(?:date|updated?|published)?\s*:?\s*(?:{WRITTEN_DAY.pattern})\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Article:
    """What a listing says of an article.

    ``published`` is an ISO day ("" where the listing states none), ``changed`` the ISO day of its last edit.
    ``content`` is what the listing itself has of its words, as HTML or Markdown (``kind``).
    """

    url: str
    title: str = ""
    published: str = ""
    changed: str = ""
    content: str = ""
    kind: str = "html"


@dataclass(frozen=True, slots=True)
class Listing:
    """An address that lists articles. ``otherwise`` are the listings to try, in order, where it fails."""

    url: str
    otherwise: tuple[Listing, ...] = ()

    expect: ClassVar[str] = "html"
    """What the answer must be (:mod:`flopcrawl.archive.quality`)."""

    def all(self) -> Iterator[Listing]:
        """This listing and its fallbacks, in order."""
        yield self
        yield from self.otherwise

    def articles(self, response: Response) -> Iterator[Article]:
        """What is listed.

        Raises:
            ShortfallError: the answer has another shape.
        """
        raise NotImplementedError

    def more(self, response: Response) -> Iterator[str]:
        """Further addresses of the same listing."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Feed(Listing):
    """RSS or Atom."""

    expect: ClassVar[str] = "xml"

    def articles(self, response: Response) -> Iterator[Article]:
        """The entries."""
        try:
            feed = parse(response.body.decode("utf-8", "replace"))
        except UnreadableError as error:
            raise ShortfallError(str(error)) from None
        for entry in feed.entries:
            if not entry.get("link"):
                continue
            bodies = [part.get("value", "") for part in entry.get("content", ())] + [entry.get("summary", "")]
            yield Article(
                url=response.urljoin(entry["link"].strip()),
                title=entry.get("title", ""),
                published=iso_day(entry.get("published")),
                changed=iso_day(entry["updated"]) if "updated" in entry else "",
                content=max(bodies, key=len),
            )


@dataclass(frozen=True, slots=True)
class Sitemap(Listing):
    """A sitemap, or an index of sitemaps of which those are read whose address matches ``follow``.

    Its dates are those of the last edit: they say what has changed, never when something was published.
    """

    follow: str = ""

    expect: ClassVar[str] = "xml"

    def articles(self, response: Response) -> Iterator[Article]:
        """The addresses."""
        sitemap = self._read(response)
        if sitemap.type == "urlset":
            for entry in sitemap:
                yield Article(entry["loc"], changed=iso_day(entry.get("lastmod")))

    def more(self, response: Response) -> Iterator[str]:
        """The sitemaps of an index."""
        sitemap = self._read(response)
        if sitemap.type == "sitemapindex" and self.follow:
            yield from (entry["loc"] for entry in sitemap if re.search(self.follow, entry["loc"]))

    @staticmethod
    def _read(response: Response) -> SitemapReader:
        try:
            return SitemapReader(response.body)
        except (StopIteration, SyntaxError, ValueError) as error:
            raise ShortfallError(f"no sitemap ({error})") from None


@dataclass(frozen=True, slots=True)
class Links(Listing):
    """The links on a page that ``css`` selects; ``title`` and ``date`` are looked for inside each."""

    css: str = "a[href]"
    title: str = ""
    date: str = ""

    def articles(self, response: Response) -> Iterator[Article]:
        """The links, each once."""
        seen: set[str] = set()
        for link in _selector(response).css(self.css):
            href = link.attrib.get("href") or link.css("a::attr(href)").get() or ""
            url = urldefrag(response.urljoin(href.strip())).url
            if href and url not in seen:
                seen.add(url)
                title = _words(link.css(self.title)) if self.title else _words(link)
                dates = link.css(self.date) if self.date else link.css("time")
                yield Article(url, title, published=next((day for each in dates if (day := _day(each))), ""))


@dataclass(frozen=True, slots=True)
class Json(Listing):
    """JSON. ``rows``, ``link``, ``title`` and ``date`` are JMESPath expressions; ``address`` makes a link's address.

    ``embedded`` is a pattern whose first group is JSON inside an HTML page.
    """

    rows: str = "@"
    link: str = "url"
    title: str = "title"
    date: str = "date"
    content: str = ""
    address: str = "{}"
    embedded: str = ""

    expect: ClassVar[str] = ""

    def articles(self, response: Response) -> Iterator[Article]:
        """The rows."""
        text = response.body.decode("utf-8", "replace")
        if self.embedded:
            found = re.search(self.embedded, text, re.DOTALL)
            if not found:
                raise ShortfallError("the page holds no data where it used to")
            text = found[1]
        try:
            rows = jmespath.search(self.rows, json.JSONDecoder().raw_decode(text.lstrip())[0])
        except ValueError as error:
            raise ShortfallError(f"no JSON ({error})") from None
        if not isinstance(rows, list):
            raise ShortfallError(f"no list at {self.rows!r}")
        for row in rows:
            link = jmespath.search(self.link, row)
            if link:
                yield Article(
                    url=response.urljoin(self.address.format(link)),
                    title=str(jmespath.search(self.title, row) or ""),
                    published=iso_day(jmespath.search(self.date, row)),
                    content=str(jmespath.search(self.content, row) or "") if self.content else "",
                )


@dataclass(frozen=True, slots=True)
class Entries(Listing):
    """One page whose parts are the articles: release notes.

    ``css`` selects the parts or, with ``heading``, the block whose children begin a new part at each of these headings.
    ``date`` is looked for inside a part.
    """

    css: str = "article"
    heading: str = ""
    title: str = ""
    date: str = ""

    def articles(self, response: Response) -> Iterator[Article]:
        """The parts; the address of each has its anchor, so that every part is a page of its own."""
        blocks = _selector(response).css(self.css)
        if not blocks:
            raise ShortfallError(f"nothing matches {self.css!r}")
        parts = [part for block in blocks for part in self._cut(block)] if self.heading else [[b] for b in blocks]
        for number, part in enumerate(parts):
            inside = Selector(text="<div>" + "".join(each.get() for each in part) + "</div>", type="html")
            anchor = next((id_ for e in part if (id_ := e.attrib.get("id") or e.css("[id]::attr(id)").get())), None)
            title = _words(inside.css(self.title)) if self.title else _words(part[0])
            dates = inside.css(self.date) if self.date else [part[0]]
            published = next((day for each in dates if (day := _day(each))), "") or iso_day(anchor or "")
            url = f"{urldefrag(response.url).url}#{anchor or f'entry-{number}'}"
            if DAY_ALONE.fullmatch(title):
                # a day is no title; what was released stands in the text below
                title = ""
                (inside.css(self.title) if self.title else inside.xpath("/html/body/div/*"))[0].drop()
            content = inside.xpath("/html/body/div").get() or ""
            yield Article(url, title[:300], published, content=content)

    def _cut(self, block: Selector) -> Iterator[list[Selector]]:
        """The children of a block, cut before each heading; what stands before the first belongs to nothing."""
        part: list[Selector] = []
        for child in block.xpath("./*"):
            if child.root.tag == self.heading:
                if part:
                    yield part
                part = [child]
            elif part:
                part.append(child)
        if part:
            yield part


@dataclass(frozen=True, slots=True)
class Folder(Listing):
    """A folder of a repository, as the code host's API lists it; its files are the articles.

    ``match`` is a pattern of the names; ``newest`` of them are listed, the last by name first (names begin with dates).
    """

    match: str = r"\.mdx?$"
    newest: int = 200
    keep: str = field(default="", repr=False)

    expect: ClassVar[str] = "json"

    def articles(self, response: Response) -> Iterator[Article]:
        """The files, newest first. A folder of folders lists the ``index.md`` of each."""
        try:
            rows = json.loads(response.body)
            names = sorted((str(row["name"]), str(row["type"]), row) for row in rows)
        except (ValueError, KeyError, TypeError) as error:
            raise ShortfallError(f"not the listing of a folder ({error!r})") from None
        for name, kind, row in list(reversed(names))[: self.newest]:
            day = re.match(r"\d{4}-\d\d-\d\d", name)
            if kind == "file" and row.get("download_url") and re.search(self.match, name):
                yield Article(str(row["download_url"]), name, day[0] if day else "", kind="md")
            elif kind == "dir" and self.keep:
                yield Article(self.keep.format(name), name, day[0] if day else "", kind="md")


def as_page(article: Article) -> str:
    """What a listing has of an article, as a page that the reader takes."""
    if article.kind == "md":
        return article.content
    if not article.title:
        return f"<html><body>{article.content}</body></html>"
    title = html.escape(article.title)
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>\n{article.content}</body></html>"


def _selector(response: Response) -> Selector:
    """The page as a tree, whatever type the server called it."""
    return Selector(text=response.body.decode(getattr(response, "encoding", "utf-8"), "replace"), type="html")


def _words(node: Any) -> str:
    """The words inside a node (or the nodes of a list)."""
    return " ".join(" ".join(node.xpath(".//text()").getall()).split())


def _day(node: Selector) -> str:
    """The ISO day that a node states: as an attribute made for it, else in its words."""
    stated = node.attrib.get("datetime") or node.css("time::attr(datetime)").get() or ""
    if day := iso_day(stated):
        return day
    written = WRITTEN_DAY.search(_words(node))
    return iso_day(re.sub(r"[年月.](?=\s?\d)", "-", written[0])) if written else ""
