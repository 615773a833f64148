"""When a validation is worse than the one before: the one rule for the report, the command and the alerts."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from flopcrawl.estimation import words

DROP = 0.05
"""A watched share that falls by more than this since the last validation is an alert."""

LINE = 1e25
"""FLOP above which models are listed."""

WATCHED = (
    ("coverage: listed", "all", LINE),
    ("coverage: detected with overrides", "all", LINE),
    ("coverage: detected automatically", "all", LINE),
    ("within 2×", "all", 0.0),
    ("within 2×", "disclosed facts", 0.0),
)
"""Measures whose drop is an alert: name, cell, threshold (FLOP)."""

Shares = Mapping[tuple[str, str, float], float]
"""Values of one validation by (measure, cell, threshold)."""


@dataclass(frozen=True, slots=True)
class Drop:
    """A watched share that fell, from ``before`` to ``after``."""

    measure: str
    cell: str
    threshold: float
    before: float
    after: float

    def __str__(self) -> str:
        """One line."""
        where = f" at {words.flop(self.threshold)}" if self.threshold else ""
        return f"{self.measure} ({self.cell}){where} fell from {100 * self.before:.1f} % to {100 * self.after:.1f} %"


def drops(now: Shares, before: Shares) -> list[Drop]:
    """The watched shares of ``now`` that are lower than those of ``before`` by more than :data:`DROP`."""
    return [
        Drop(*key, before[key], now[key])
        for key in WATCHED
        if key in now and key in before and before[key] - now[key] > DROP
    ]


def shares(db: sqlite3.Connection, date: str, reference: str) -> dict[tuple[str, str, float], float]:
    """What was kept of the validation of ``date`` against ``reference``."""
    rows = db.execute(
        "SELECT measure, cell, threshold, value FROM validations "
        "WHERE value IS NOT NULL AND date = ? AND reference = ?",
        (date, reference),
    )
    return {(measure, cell, threshold): value for measure, cell, threshold, value in rows}


def before(db: sqlite3.Connection, date: str, reference: str) -> dict[tuple[str, str, float], float]:
    """The validation before ``date`` that one against ``reference`` is compared with.

    It is the last one against the same reference, or, where ``reference`` is a day's vintage of the stored table, the
    last one against any vintage of it: every refresh reads a new one.
    """
    last = db.execute(
        "SELECT date, reference FROM validations WHERE date < ?1 AND (reference = ?2 OR (?2 IN ("
        "SELECT vintage FROM reference_epoch) AND reference IN (SELECT vintage FROM reference_epoch))) "
        "ORDER BY date DESC, reference DESC LIMIT 1",
        (date, reference),
    ).fetchone()
    return shares(db, *last) if last else {}
