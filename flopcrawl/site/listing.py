"""The list: at a threshold, narrowed by facets and search, sorted and cut into pages. Facets count what is left.

The whole list is read once for each state of the database and kept in columns, so that a choice costs no query: at
the lowest threshold a hundred thousand models leave a list of fifty thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from flopcrawl.estimation.base import DERIVATIVE_SHARE
from flopcrawl.estimation.thresholds import LISTED_FROM, MAIN, thresholds
from flopcrawl.site.data import once
from flopcrawl.site.plots import MOST_POINTS, day_number
from flopcrawl.site.wording import LONGEST_VALUE

Row = Mapping[str, Any]

FACETS = {
    "organization": "Developer", "country": "Country", "domain": "Domain", "confidence": "Confidence",
    "method": "Method", "accessibility": "Access", "origin": "Origin", "year": "Year",
}  # fmt: skip
"""What the list can be narrowed by, and what a visitor reads."""

SHOWN = 100
"""Rows of a page of the table."""

KEPT_FRAGMENTS = 5_000
"""Rows of the table that are kept as they were written: about 2 kB each."""

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


Places = NDArray[np.intp]
Marks = NDArray[np.bool_]


class Whole:
    """Every row of the list at one threshold, the largest first, with what it can be narrowed and sorted by."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.texts = [f"{row['name']} {row['organization']}".casefold() for row in rows]
        self.values: dict[str, list[str]] = {}
        self.codes: dict[str, Places] = {}
        for name in FACETS:
            numbers: dict[str, int] = {}
            self.codes[name] = np.fromiter(
                (numbers.setdefault(row[name], len(numbers)) if row[name] else -1 for row in rows), np.intp, len(rows)
            )
            self.values[name] = list(numbers)
        self.dated = np.fromiter(
            (bool(row["release_date"] and day_number(row["release_date"])) for row in rows), np.bool_, len(rows)
        )
        self.orders: dict[str, Places] = {}
        self.written: dict[int, str] = {}

    def order(self, sort: str) -> Places:
        """The places of all rows in one order, worked out when it is first asked for."""
        if sort not in self.orders:
            _, key, reverse = SORTS[sort]
            places = sorted(range(len(self.rows)), key=lambda place: key(self.rows[place]), reverse=reverse)
            self.orders[sort] = np.array(places, np.intp)
        return self.orders[sort]

    def chosen(self, name: str, value: str) -> Marks:
        """The rows that have a value of a facet."""
        known = self.values[name]
        marks: Marks = self.codes[name] == (known.index(value) if value in known else -2)
        return marks

    def found(self, words: Sequence[str]) -> Marks:
        """The rows with every one of the words (case-folded) in the names of model and developer."""
        places: Sequence[int] = range(len(self.rows))
        for word in words:
            places = [place for place in places if word in self.texts[place]]
        marks = np.zeros(len(self.rows), np.bool_)
        marks[list(places)] = True
        return marks

    def counted(self, name: str, among: Marks) -> list[tuple[str, int]]:
        """The values of a facet among some rows and how often each is there: newest year, or most frequent, first."""
        codes = self.codes[name][among]
        numbers = np.bincount(codes[codes >= 0], minlength=len(self.values[name])).tolist()
        pairs = [
            (value, number)
            for value, number in zip(self.values[name], numbers, strict=True)
            if number and len(value) <= LONGEST_VALUE
        ]
        return sorted(pairs, key=lambda pair: (-int(pair[0]), "") if name == "year" else (-pair[1], pair[0]))


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as one address asks for it. ``places`` are those of its rows in ``whole``, in the order of the list."""

    threshold: float
    whole: Whole
    places: Places
    facets: Mapping[str, Sequence[tuple[str, int]]]
    developers: int
    chosen: Mapping[str, str]

    def __len__(self) -> int:
        """How many rows it has, on all pages."""
        return len(self.places)

    def rows(self, places: Sequence[int] | Places) -> list[Row]:
        """The rows at some places of the whole list."""
        return [self.whole.rows[place] for place in places]

    def first_date(self) -> str:
        """The earliest release date; "" where none is known."""
        marks = np.zeros(len(self.whole.rows), np.bool_)
        marks[self.places] = True
        order = self.whole.order("oldest")
        earliest = order[marks[order]][:1]
        return str(self.whole.rows[earliest[0]]["release_date"] or "") if len(earliest) else ""

    def drawn(self) -> tuple[list[Row], int]:
        """The largest rows that have a date, as many as a chart draws, and how many more there are."""
        dated = np.sort(self.places[self.whole.dated[self.places]])  # the whole list has the largest first
        return self.rows(dated[:MOST_POINTS]), max(0, len(dated) - MOST_POINTS)

    def page(self) -> int:
        """The number of the page of the table, from 1."""
        text = self.chosen.get("page", "1")
        return min(max(int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1, 1), self.pages)

    @property
    def pages(self) -> int:
        """How many pages the table has."""
        return max(1, -(-len(self.places) // SHOWN))

    def fragments(self, write: Callable[[Row], str]) -> Iterator[str]:
        """The rows of this page of the table as ``write`` gives them; each is written once, and kept."""
        first = (self.page() - 1) * SHOWN
        written = self.whole.written
        for place in self.places[first : first + SHOWN].tolist():
            if place not in written:
                if len(written) >= KEPT_FRAGMENTS:
                    written.clear()
                written[place] = write(self.whole.rows[place])
            yield written[place]

    def address(self, **changed: object) -> str:
        """The query of this list's address with some choices changed; an empty value takes a choice away."""
        choices: dict[str, object] = {**self.chosen, **changed}
        if "page" not in changed:
            choices.pop("page", None)
        return "?" + urlencode({key: value for key, value in choices.items() if value not in ("", None)})

    def export(self) -> list[dict[str, Any]]:
        """Every row that is meant, with the columns of a download."""
        return [
            {key: value for key, value in row.items() if key not in HIDDEN_COLUMNS} for row in self.rows(self.places)
        ]


def threshold_of(arguments: Mapping[str, str]) -> float:
    """The threshold (FLOP) that an address asks for; the main one where it asks for none that there is."""
    for known in thresholds():
        if arguments.get("threshold") == f"{known.flop:.0e}".replace("+", ""):
            return known.flop
    return MAIN


async def listing(datasette: Any, arguments: Mapping[str, str]) -> Listing:
    """The list that an address asks for."""
    threshold = threshold_of(arguments)
    whole: Whole = await once(datasette, ("list", threshold), LIST, Whole, (threshold,))
    everything = np.ones(len(whole.rows), np.bool_)
    words = arguments.get("q", "").casefold().split()
    found = whole.found(words) if words else everything
    choices = {name: whole.chosen(name, arguments[name]) for name in FACETS if arguments.get(name)}
    fitting = np.logical_and.reduce([found, *choices.values()])
    facets = {}
    for name in FACETS:
        others = [marks for other, marks in choices.items() if other != name]
        among = np.logical_and.reduce([found, *others]) if name in choices else fitting
        facets[name] = whole.counted(name, among)[:MOST_VALUES]
    sort = arguments.get("sort", "")
    order = whole.order(sort if sort in SORTS else "compute")
    developers = np.unique(whole.codes["organization"][fitting])
    return Listing(threshold, whole, order[fitting[order]], facets, int((developers >= 0).sum()), arguments)
