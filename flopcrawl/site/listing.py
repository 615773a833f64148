"""The list: at a threshold, narrowed by facets and search, sorted and cut into pages. Facets count what is left.

The whole list is read once for each state of the database and narrowed in memory, so that a choice costs no query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flopcrawl.estimation.base import DERIVATIVE_SHARE
from flopcrawl.estimation.thresholds import LISTED_FROM, MAIN, thresholds
from flopcrawl.site.data import once

Row = Mapping[str, Any]

FACETS = {
    "organization": "Developer", "country": "Country", "domain": "Domain", "confidence": "Confidence",
    "method": "Method", "accessibility": "Access", "origin": "Origin", "year": "Year",
}  # fmt: skip
"""What the list can be narrowed by, and what a visitor reads."""

SHOWN = 100
"""Rows of a page of the table."""

MOST_VALUES = 60
"""Values of a facet that are offered; search finds the rest."""

LIST = f"""
SELECT m.model_key, m.name, m.organization, m.country, m.release_date, m.domain, m.training_flop, m.training_flop_low,
    m.training_flop_high, m.confidence, m.estimation_method AS method, c.probability, c.classification, m.reason,
    m.parameters_total, m.parameters_active, m.tokens_trained, m.accessibility, m.origin, m.stale, m.n_sources,
    m.source_url, substr(m.release_date, 1, 4) AS year
FROM classifications c JOIN models m ON m.model_key = c.model_key LEFT JOIN models b ON b.model_key = m.base_model_key
WHERE c.threshold = ? AND c.probability >= {LISTED_FROM} AND c.classification <> 'excluded'
    AND (m.base_model_key IS NULL OR m.listed = 1 OR m.organization IS b.organization
        OR coalesce(m.own_flop, 0) >= b.training_flop * {DERIVATIVE_SHARE})
ORDER BY m.training_flop DESC, m.name
"""
"""More likely over than not, and no derivative of somebody else's model."""

HIDDEN_COLUMNS = frozenset({"year"})


def _text(name: str) -> Callable[[Row], tuple[bool, str]]:
    return lambda row: (not row[name], str(row[name] or "").casefold())


def _largest(name: str) -> Callable[[Row], float]:
    return lambda row: -(row[name] if row[name] is not None else float("-inf"))


SORTS: dict[str, tuple[str, Callable[[Row], Any], bool]] = {
    "compute": ("Compute", _largest("training_flop"), False),
    "date": ("Newest", lambda row: row["release_date"] or "", True),
    "oldest": ("Oldest", lambda row: (not row["release_date"], row["release_date"] or ""), False),
    "name": ("Name", _text("name"), False),
    "organization": ("Developer", _text("organization"), False),
    "probability": ("Probability", _largest("probability"), False),
    "uncertain": ("Least certain", lambda row: abs((row["probability"] or 0) - LISTED_FROM), False),
    "parameters": ("Parameters", _largest("parameters_total"), False),
    "tokens": ("Tokens", _largest("tokens_trained"), False),
}
"""Name in the address: what a visitor reads, the key, and whether it is reversed."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as one address asks for it."""

    threshold: float
    rows: Sequence[Row]
    facets: Mapping[str, Sequence[tuple[str, int]]]
    chosen: Mapping[str, str]

    def page(self) -> int:
        """The number of the page of the table, from 1."""
        text = self.chosen.get("page", "1")
        return min(max(int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1, 1), self.pages)

    @property
    def pages(self) -> int:
        """How many pages the table has."""
        return max(1, -(-len(self.rows) // SHOWN))

    def shown(self) -> Sequence[Row]:
        """The rows of this page."""
        first = (self.page() - 1) * SHOWN
        return self.rows[first : first + SHOWN]

    def address(self, **changed: object) -> str:
        """The query of this list's address with some choices changed; an empty value takes a choice away."""
        choices: dict[str, object] = {**self.chosen, **changed}
        if "page" not in changed:
            choices.pop("page", None)
        return "?" + urlencode({key: value for key, value in choices.items() if value not in ("", None)})

    def export(self) -> list[dict[str, Any]]:
        """Every row that is meant, with the columns of a download."""
        return [{key: value for key, value in row.items() if key not in HIDDEN_COLUMNS} for row in self.rows]


def threshold_of(arguments: Mapping[str, str]) -> float:
    """The threshold (FLOP) that an address asks for; the main one where it asks for none that there is."""
    for known in thresholds():
        if arguments.get("threshold") == f"{known.flop:.0e}".replace("+", ""):
            return known.flop
    return MAIN


def narrow(rows: Sequence[Row], arguments: Mapping[str, str], but: str = "") -> Sequence[Row]:
    """The rows that fit the search words and every facet chosen, one facet left out."""
    for name in FACETS:
        if name != but and (value := arguments.get(name)):
            rows = [row for row in rows if row[name] == value]
    if words := arguments.get("q", "").casefold().split():
        rows = [row for row in rows if all(w in f"{row['name']} {row['organization']}".casefold() for w in words)]
    return rows


async def listing(datasette: Any, arguments: Mapping[str, str]) -> Listing:
    """The list that an address asks for."""
    threshold = threshold_of(arguments)
    whole = await once(datasette, ("list", threshold), LIST, list, (threshold,))
    facets = {
        name: sorted(
            Counter(row[name] for row in narrow(whole, arguments, but=name) if row[name]).items(),
            key=lambda pair: (-int(pair[0]), 0) if name == "year" else (-pair[1], pair[0]),
        )[:MOST_VALUES]
        for name in FACETS
    }
    _, key, reverse = SORTS.get(arguments.get("sort", ""), SORTS["compute"])
    rows = sorted(narrow(whole, arguments), key=key, reverse=reverse)
    return Listing(threshold, rows, facets, arguments)
