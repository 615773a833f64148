"""Leaderboards: rows of name, organization and rating on a day. Only raw ratings are facts of a model."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from scrapy.http import Response

from flopcrawl.archive import provenance
from flopcrawl.base_spiders.source import ShortfallError, SourceSpider
from flopcrawl.items import RatingItem
from flopcrawl.vocabulary import Accessibility, Domain, Field

RAW, STYLE_CONTROL = "text", "text_style_control"
"""The two boards of the text leaderboard, as its data set names them. Their ratings are never mixed."""

PROPRIETARY = "proprietary"
UNRESTRICTED = frozenset({"apache 2.0", "apache-2.0", "mit", "apache2.0"})


class LeaderboardSpider(SourceSpider):
    """A leaderboard. ``minimum_rows`` is the least that a whole board has."""

    minimum_rows: ClassVar[int] = 1

    def rows(self, response: Response, board: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
        """The items of a board's rows. A row needs ``name``, ``published`` and ``rating``; the rest may be missing."""
        for row in rows:
            name, rating = str(row.get("name") or "").strip(), _number(row.get("rating"))
            if not name:
                yield self.rejected(response, "a row without a model name", **row)
                continue
            if rating is None:
                yield self.rejected(response, "a row without a rating", **row)
                continue
            organization, licence = str(row.get("organization") or ""), str(row.get("license") or "")
            yield RatingItem(
                name=name, organization=organization, board=board, published=str(row["published"]), rating=rating,
                url=provenance(response).url or response.url, source=self.name,
                rating_lower=_number(row.get("rating_lower")), rating_upper=_number(row.get("rating_upper")),
                votes=_whole(row.get("votes")), rank=_whole(row.get("rank")), license=licence,
            )  # fmt: skip
            loader = self.loader(response, name, organization)
            loader.add_value(Field.DOMAIN, Domain.LANGUAGE)
            loader.add_value(Field.LICENSE, licence)
            loader.add_value(Field.ACCESSIBILITY, accessibility(licence))
            if board == RAW:
                loader.add_value(Field.ARENA_RATING, rating)
            yield from self.loaded(response, loader)

    def at_least(self, rows: list[Any], minimum: int | None = None) -> list[Any]:
        """``rows``, if they are enough.

        Raises:
            ShortfallError: they are fewer than a whole board has.
        """
        least = self.minimum_rows if minimum is None else minimum
        if len(rows) < least:
            raise ShortfallError(f"{len(rows)} of at least {least} rows")
        return rows


def accessibility(licence: str) -> str:
    """What a licence says for sure of how a model can be used; "" where it does not."""
    word = licence.strip().lower()
    if word == PROPRIETARY:
        return Accessibility.API
    return Accessibility.OPEN_UNRESTRICTED if word in UNRESTRICTED else ""


def _number(value: Any) -> float | None:
    """A finite number, or None: a missing rating is no rating of 0."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _whole(value: Any) -> int | None:
    """A whole number, or None."""
    number = _number(value)
    return None if number is None else int(number)
