"""What moves through flopcrawl: facts, claims, model items and pages. Dataclasses that refuse a bad value at birth.

A :class:`Fact` is what extraction reads from one text. A :class:`Claim` is a fact with where, when and how it was read.
A :class:`ModelItem` is what a spider yields: the claims that one page makes about one model.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass, field, fields
from typing import Any

from flopcrawl.vocabulary import FIELDS, Field, Kind, Origin, Qualifier, Scope, Status, Unit

MAX_TEXT = 500
"""Longest text value or name that is kept, in characters."""

MAX_QUOTE = 2_000
"""Longest quote that is kept, in characters."""

ISO_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
"""A day, a month or a year, as ISO 8601 writes it."""


class BadValueError(ValueError):
    """A value that cannot be what its field says. The message names the field, the value and the reason."""


def check_value(name: Field, value: str | float) -> tuple[str, float | None]:
    """Return ``value`` as the pair that is stored: its text, and its number where the field is numeric.

    Raises:
        BadValueError: the value is empty, not finite, out of the field's physical bounds, no ISO date, or too long.
    """
    spec = FIELDS[name]
    if spec.kind is Kind.NUMBER:
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise BadValueError(f"{name}: {value!r} is not a number") from None
        if not math.isfinite(number) or not spec.low <= number <= spec.high:
            raise BadValueError(f"{name}: {number!r} is outside {spec.low:g} to {spec.high:g} {spec.unit}")
        return number_text(number), number
    text = " ".join(str(value).split())
    if not text:
        raise BadValueError(f"{name}: empty")
    if len(text) > MAX_TEXT:
        raise BadValueError(f"{name}: longer than {MAX_TEXT} characters")
    if spec.kind is Kind.DATE and not ISO_DATE.fullmatch(text):
        raise BadValueError(f"{name}: {text!r} is not an ISO date (YYYY, YYYY-MM or YYYY-MM-DD)")
    return text, None


def number_text(number: float) -> str:
    """A number as text: whole ones with all their digits up to 10^18, else 12 significant digits."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e18 else f"{number:.12g}"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact read from one text.

    ``value`` is a plain number (in the field's unit) or a text or ISO date; ``number_high`` the upper end of a range.
    ``quote`` is the exact substring of the cleaned text at ``start:end``; all three are None for a value that was
    computed (as from a config) rather than read.
    """

    field: Field
    value: str | float
    model: str | None = None
    number_high: float | None = None
    qualifier: Qualifier = Qualifier.EXACT
    scope: Scope = Scope.MODEL
    quote: str | None = None
    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be: see :func:`check_value`."""
        _, number = check_value(self.field, self.value)
        object.__setattr__(self, "value", number if number is not None else " ".join(str(self.value).split()))

    @property
    def unit(self) -> Unit:
        """The unit of the value, which the field decides."""
        return FIELDS[self.field].unit

    def as_dict(self, file: str = "") -> dict[str, Any]:
        """The fact as ``scrapy extract --format json`` prints it."""
        return {
            "file": file, "model": self.model, "field": self.field.value, "value": self.value, "unit": self.unit.value,
            "qualifier": self.qualifier.value, "scope": self.scope.value, "quote": self.quote,
            "start": self.start, "end": self.end,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """What a page says: a fact with its provenance. One row of the table ``claims``.

    ``subject`` and ``organization`` are as written; which model that is, is decided at every derive.
    """

    subject: str
    field: Field
    value: str
    source: str
    url: str
    fetched_at: str
    organization: str = ""
    number: float | None = None
    number_high: float | None = None
    qualifier: Qualifier = Qualifier.EXACT
    scope: Scope = Scope.MODEL
    quote: str | None = None
    page_sha256: str = ""
    reader_version: str = ""
    origin: Origin = Origin.SCRAPED
    status: Status = Status.CURRENT

    def __post_init__(self) -> None:
        """Refuse a claim without a subject, a value out of bounds, or a quote that is too long."""
        subject = " ".join(self.subject.split())
        if not subject:
            raise BadValueError(f"{self.field}: a claim about no model ({self.url})")
        if len(subject) > MAX_TEXT:
            raise BadValueError(f"{self.field}: the model's name is longer than {MAX_TEXT} characters ({self.url})")
        if self.quote is not None and len(self.quote) > MAX_QUOTE:
            raise BadValueError(f"{self.field}: the quote is longer than {MAX_QUOTE} characters ({self.url})")
        value, number = check_value(self.field, self.value)
        for name, checked in (("subject", subject), ("value", value), ("number", number)):
            object.__setattr__(self, name, checked)

    @property
    def claim_id(self) -> str:
        """A hash of what was said and where: the same words on the same page are the same claim for ever."""
        parts = (self.source, self.url, self.subject, self.field, self.value, self.qualifier, self.quote or "")
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]

    @property
    def unit(self) -> Unit:
        """The unit of the value, which the field decides."""
        return FIELDS[self.field].unit

    @classmethod
    def from_fact(cls, fact: Fact, **provenance: Any) -> Claim:
        """A claim from a fact and its provenance (``subject`` may be given to replace the fact's model)."""
        subject = provenance.pop("subject", None) or fact.model or ""
        return cls(
            subject=subject, field=fact.field, value=str(fact.value), number_high=fact.number_high,
            qualifier=fact.qualifier, scope=fact.scope, quote=fact.quote, **provenance,
        )  # fmt: skip


@dataclass(slots=True)
class ModelItem:
    """What a spider yields: everything that one page says about one model.

    ``facts`` carry the model's values, each with the words it was read from where there are words. The store pipeline
    makes a :class:`Claim` of each. ``complete`` is False where the page was read in part only (a listing of a page
    that has more), so that what it does not say is not taken as withdrawn.
    """

    name: str
    source: str
    url: str
    fetched_at: str
    organization: str = ""
    facts: list[Fact] = field(default_factory=list)
    page_sha256: str = ""
    origin: Origin = Origin.SCRAPED
    source_state: str = "live"
    complete: bool = True


@dataclass(slots=True)
class PageItem:
    """A page that was read, whether or not it said anything: one row of the table ``pages``.

    A page read successfully supersedes the claims that it no longer makes.
    """

    url: str
    source: str
    fetched_at: str
    status: int
    sha256: str
    bytes: int
    etag: str = ""
    source_state: str = "live"


@dataclass(slots=True)
class RatingItem:
    """One row of a leaderboard on one day: one row of the table ``arena_ratings``.

    ``board`` tells raw from style-controlled (``text`` or ``text_style_control``): the two are never mixed.
    """

    name: str
    organization: str
    board: str
    published: str
    rating: float
    url: str
    source: str
    rating_lower: float | None = None
    rating_upper: float | None = None
    votes: int | None = None
    rank: int | None = None
    license: str = ""


@dataclass(slots=True)
class ReferenceItem:
    """One row of a reference data set (Epoch's), for validation only: one row of the table ``reference_epoch``."""

    model: str
    vintage: str
    row: dict[str, str]
    url: str


@dataclass(slots=True)
class RejectedItem:
    """Something that was found and could not be used, with the reason: one row of the table ``rejected``."""

    source: str
    url: str
    reason: str
    item: dict[str, Any] = field(default_factory=dict)


def as_row(item: Any) -> dict[str, Any]:
    """A dataclass as a flat dict, in the order of its fields (slots have no ``__dict__``)."""
    return {f.name: getattr(item, f.name) for f in fields(item)}
