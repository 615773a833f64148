"""The text leaderboard of Chatbot Arena (LMArena): names, organizations, licences, ratings and votes.

Reads the published data set, raw and style-controlled apart; the website itself forbids scraping and is never asked.
The data set is renewed about weekly; where it fails, its server, an older catalogue, a mirror and a table stand in.
Models that are taken off the board vanish from all its dates, so every row that was ever read is kept in
``arena_ratings``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from parsel import Selector
from scrapy import Request
from scrapy.http import Response

from flopcrawl.archive import provenance
from flopcrawl.base_spiders.leaderboard import RAW, STYLE_CONTROL, LeaderboardSpider
from flopcrawl.base_spiders.source import ShortfallError

DATASET = "lmarena-ai/leaderboard-dataset"
FILES = f"https://huggingface.co/datasets/{DATASET}/resolve/main"
SERVER = "https://datasets-server.huggingface.co"
CATALOG = "https://raw.githubusercontent.com/lmarena/arena-catalog/main/data"
PAGE_ROWS = 100
"""Rows that the data set server gives at once, at most."""

SHORT_TABLE = 100
"""The table of others lists fewer models than the board."""

OVERALL = "overall"
RAW_COPIES = (
    f"{CATALOG}/leaderboard-text.json",
    "https://raw.githubusercontent.com/arielshakaramiro/llm-leaderboard-tracker/main/data/text.csv",
    "https://openlm.ai/chatbot-arena/",
)
"""Where others keep the raw board: an older catalogue of its makers, a mirror, a table."""

COLUMNS = {
    "model_name": "name", "organization": "organization", "license": "license", "rating": "rating",
    "rating_lower": "rating_lower", "rating_upper": "rating_upper", "vote_count": "votes", "rank": "rank",
    "leaderboard_publish_date": "published",
}  # fmt: skip


class ArenaSpider(LeaderboardSpider):
    """See the module."""

    name = "arena"
    title = "Chatbot Arena, text"
    home = "https://huggingface.co/datasets/lmarena-ai/leaderboard-dataset"
    licence = "CC-BY-4.0 (LMArena)"
    terms = "The data set is public; the website arena.ai forbids scraping and is not asked."
    cadence = "weekly"
    expected = (300, 3_000)
    minimum_rows = 300
    routes = {  # noqa: RUF012 (ClassVar in the base)
        r"leaderboard-dataset/resolve/main/\w+/latest-.*\.parquet": "parquet",
        r"datasets-server\.huggingface\.co/(?:filter|rows)\?": "page",
        r"arena-catalog/main/data/leaderboard-text": "catalog",
        r"llm-leaderboard-tracker/main/data/text\.csv": "mirror",
        r"openlm\.ai/chatbot-arena": "table",
    }

    def listing(self) -> Iterable[Request]:
        """Each board: the data set's file, its server's pages (filtered, then all), the older catalogue, copies.

        The copies show the raw board only.
        """
        for board, others in ((RAW, RAW_COPIES), (STYLE_CONTROL, (f"{CATALOG}/leaderboard-text-style-control.json",))):
            yield self.ask(
                f"{FILES}/{board}/latest-00000-of-00001.parquet", page_of(board, 0), page_of(board, 0, "rows"), *others
            )

    def parquet(self, response: Response) -> Iterator[Any]:
        """A whole board in one file, all its categories."""
        import pyarrow
        import pyarrow.parquet

        try:
            table = pyarrow.parquet.read_table(io.BytesIO(response.body), columns=[*COLUMNS, "category"])
        except (pyarrow.ArrowInvalid, KeyError) as error:
            raise ShortfallError(f"no parquet file with the columns {', '.join(COLUMNS)}: {error}") from None
        rows = [self.named(row) for row in table.to_pylist() if row["category"] == OVERALL]
        yield from self.rows(response, board_of(response.url), self.at_least(rows))

    def page(self, response: Response) -> Iterator[Any]:
        """A page of a board from the data set's server, and the next one."""
        try:
            answer = json.loads(response.body)
            rows = [self.named(entry["row"]) for entry in answer["rows"] if entry["row"]["category"] == OVERALL]
            total = int(answer["num_rows_total"])
        except (ValueError, KeyError, TypeError) as error:
            raise ShortfallError(f"not an answer of the data set server ({error!r})") from None
        if answer.get("partial"):
            raise ShortfallError("only a part of the board is indexed")
        self.at_least([None] * total)
        parts = urlsplit(response.url)
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        following, route = int(query.get("offset", "0")) + PAGE_ROWS, parts.path.strip("/")
        if following < total:
            yield self.ask(page_of(board_of(response.url), following, route))
        # unfiltered pages hold all categories in no order: one may have no row of the overall one
        least = 1 if route == "filter" else 0
        yield from self.rows(response, board_of(response.url), self.at_least(rows, least))

    def catalog(self, response: Response) -> Iterator[Any]:
        """The older catalogue: ratings by category, the overall one called ``full``; it states no date and no maker."""
        try:
            ratings = json.loads(response.body)["full"]
            rows = [
                {
                    "name": name, "rating": row["rating"], "rating_lower": row.get("rating_q025"),
                    "rating_upper": row.get("rating_q975"), "published": provenance(response).fetched_at[:10],
                }
                for name, row in ratings.items()
            ]  # fmt: skip
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ShortfallError(f"not the catalogue ({error!r})") from None
        yield from self.rows(response, board_of(response.url), self.at_least(rows))

    def mirror(self, response: Response) -> Iterator[Any]:
        """A copy as CSV, with the data set's columns."""
        reader = csv.DictReader(io.StringIO(response.body.decode("utf-8-sig", "replace"), newline=""))
        try:
            rows = [self.named(row) for row in reader if (row.get("category") or OVERALL) == OVERALL]
        except KeyError as error:
            raise ShortfallError(f"the copy has no column {error}") from None
        yield from self.rows(response, RAW, self.at_least(rows))

    def table(self, response: Response) -> Iterator[Any]:
        """A table on a page, found by its headings: names with medals before them, ratings, makers, licences."""
        published = provenance(response).fetched_at[:10]
        page = Selector(text=response.body.decode("utf-8", "replace"), type="html")
        rows: dict[str, dict[str, Any]] = {}
        for table in page.css("table"):
            headings = [words(cell).lower() for cell in table.css("tr:first-child > *")]
            if "model" not in headings or "arena elo" not in headings:
                continue
            for line in table.css("tr")[1:]:
                cells = dict(zip(headings, map(words, line.xpath("./td|./th")), strict=False))
                name = re.sub(r"^[^\w(]+", "", cells.get("model", ""))
                rows[name] = {
                    "name": name, "rating": cells.get("arena elo"), "votes": cells.get("votes", "").replace(",", ""),
                    "organization": cells.get("organization", ""), "license": cells.get("license", ""),
                    "published": published,
                }  # fmt: skip
        yield from self.rows(response, RAW, self.at_least(list(rows.values()), SHORT_TABLE))

    @staticmethod
    def named(row: dict[str, Any]) -> dict[str, Any]:
        """A row of the data set under our names."""
        return {ours: row[theirs] for theirs, ours in COLUMNS.items()}


def page_of(board: str, offset: int, route: str = "filter") -> str:
    """The address of a page of a board: of its overall category, or (``rows``) of everything."""
    only = {"where": f"\"category\"='{OVERALL}'"} if route == "filter" else {}
    query = {"dataset": DATASET, "config": board, "split": "latest", **only, "offset": offset, "length": PAGE_ROWS}
    return f"{SERVER}/{route}?{urlencode(query)}"


def words(cell: Selector) -> str:
    """The words in a cell."""
    return " ".join(" ".join(cell.xpath(".//text()").getall()).split())


def board_of(url: str) -> str:
    """Which board an address is of."""
    return STYLE_CONTROL if "style_control" in url or "style-control" in url else RAW
