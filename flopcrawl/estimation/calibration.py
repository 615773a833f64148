"""What estimation has learnt: the spread of each method and the coefficients of each regression.

A calibration is fitted on the project's own claims only (:mod:`flopcrawl.estimation.fitting`, ``scrapy calibrate``).
One ships with the package (``calibration.csv``); a database's own replaces it. :meth:`Calibration.provisional` is what
there is before any fit: starting spreads, and no regression but one line that follows from four public disclosures.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from flopcrawl.estimation.data import read_table
from flopcrawl.vocabulary import Method


class Spread(StrEnum):
    """A kind of evidence that has a spread of its own."""

    REPORTED = "reported"
    OPERATIONS_HARDWARE = "operations+hardware"
    OPERATIONS = "operations"
    OPERATIONS_ACTIVE_IMPUTED = "operations, active parameters imputed"
    HARDWARE_STATED_MFU = "hardware, utilization stated"
    HARDWARE_DEFAULT_MFU = "hardware, utilization by default"
    BASE = "base"
    CONFLICT = "operations and hardware in conflict"


STARTING: Mapping[Spread, float] = {
    Spread.REPORTED: 0.05,
    Spread.OPERATIONS_HARDWARE: 0.11,
    Spread.OPERATIONS: 0.12,
    Spread.OPERATIONS_ACTIVE_IMPUTED: 0.40,
    Spread.HARDWARE_STATED_MFU: 0.10,
    Spread.HARDWARE_DEFAULT_MFU: 0.22,
    Spread.BASE: 0.15,
    Spread.CONFLICT: 0.45,
}
"""Spreads (decades) to start from, before any is fitted: the project's specification of its methods."""

BY_SCALE = "undisclosed, by the developer's scale"
"""The name of the regression behind ``undisclosed`` where the developer's scale is known."""

STARTING_REGRESSION_SPREAD: Mapping[str, float] = {
    Method.LEADERBOARD: 0.28, Method.UNDISCLOSED: 0.55, BY_SCALE: 0.55, Method.PARAMETERS: 0.55,
}  # fmt: skip
"""Spreads (decades) of the regressions to start from, and to shrink a fit on few models towards."""

YEAR_ZERO = 2023.0
"""Release dates enter regressions as years since the start of this one."""


@dataclass(frozen=True, slots=True)
class Regression:
    """One fitted line: log10 FLOP = Σ coefficient · feature, with a spread (decades) and the models behind it.

    ``coefficients`` maps a feature's name (``const`` included) to decades per unit of that feature.
    """

    coefficients: Mapping[str, float]
    spread: float
    models_used: tuple[str, ...] = ()

    def predict(self, features: Mapping[str, float]) -> float:
        """Median in log10 FLOP. Raises KeyError for a feature that the fit knows and ``features`` lacks."""
        return sum(
            value if name == "const" else value * features[name] for name, value in sorted(self.coefficients.items())
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """Spreads and regressions of one date (ISO; empty for the provisional one)."""

    date: str
    spreads: Mapping[Spread, float] = field(default_factory=lambda: dict(STARTING))
    regressions: Mapping[str, Regression] = field(default_factory=dict)
    fitted_on: Mapping[Spread, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def provisional(cls) -> Calibration:
        """The state before any fit."""
        return cls(date="", regressions={Method.PARAMETERS: TOKENS_BY_YEAR, BY_SCALE: NEAR_ITS_SCALE})

    @classmethod
    def shipped(cls) -> Calibration:
        """The calibration that the package ships with, for a database that has none of its own."""
        return cls.from_rows(read_table("calibration.csv"))

    @property
    def is_provisional(self) -> bool:
        """Whether nothing was fitted yet."""
        return not self.date

    def equals(self, other: Calibration) -> bool:
        """Whether both say the same, whenever they were fitted."""
        return replace(self, date="") == replace(other, date="")

    def rows(self) -> list[dict[str, Any]]:
        """One row of the table ``calibrations`` per spread and per regression."""
        spreads = [
            {
                "date": self.date, "method": f"spread: {name}", "coefficients": "{}", "spread": value,
                "models_used": json.dumps(list(self.fitted_on.get(name, ()))),
            }
            for name, value in self.spreads.items()
        ]  # fmt: skip
        regressions = [
            {
                "date": self.date, "method": str(method), "spread": fit.spread,
                "coefficients": json.dumps(dict(fit.coefficients), sort_keys=True),
                "models_used": json.dumps(list(fit.models_used)),
            }
            for method, fit in self.regressions.items()
        ]  # fmt: skip
        return spreads + regressions

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Calibration:
        """The latest calibration among rows of the table ``calibrations``; the shipped one where there is none.

        Raises ValueError for a row whose method nobody knows.
        """
        table = [dict(row) for row in rows]
        if not table:
            return cls.shipped()
        date = max(str(row["date"]) for row in table)
        spreads: dict[Spread, float] = dict(STARTING)
        fitted_on: dict[Spread, tuple[str, ...]] = {}
        regressions: dict[str, Regression] = {BY_SCALE: NEAR_ITS_SCALE}
        for row in table:
            if str(row["date"]) != date:
                continue
            models = tuple(json.loads(row["models_used"]))
            name = str(row["method"])
            if name.startswith("spread: "):
                spread = Spread(name.removeprefix("spread: "))
                spreads[spread] = float(row["spread"])
                if models:
                    fitted_on[spread] = models
            else:
                regressions[name if name == BY_SCALE else Method(name)] = Regression(
                    json.loads(row["coefficients"]), float(row["spread"]), models
                )
        return cls(date=date, spreads=spreads, regressions=regressions, fitted_on=fitted_on)


TOKENS_BY_YEAR = Regression(
    coefficients={"const": 13.24, "log_active": 1.0, "years": 0.43},
    spread=STARTING_REGRESSION_SPREAD[Method.PARAMETERS],
)
"""Before any fit: 6 · N_active · tokens usual at the time.

Tokens from four public disclosures: GPT-3 (May 2020, 0.3T, arXiv 2005.14165), LLaMA (February 2023, 1.4T, arXiv
2302.13971), Llama 3 (April 2024, 15T, its model card), Qwen3 (April 2025, 36T, arXiv 2505.09388). The least-squares
line through their log10 rises by .43 a year and stands at 12.46 (2.9T tokens) at the start of 2023; log10 6 = .78 comes
on top.
"""

NEAR_ITS_SCALE = Regression(
    coefficients={"const": -0.2, "lead": 0.3, "gap": 0.4, "small": -0.95},
    spread=STARTING_REGRESSION_SPREAD[BY_SCALE],
)
"""A new model is near its developer's known scale, in decades of FLOP relative to it. Provisional, and not refitted:
developers that disclose tell mostly of smaller models that follow a large one, which says nothing of a flagship.

``gap`` from two developers that disclose: Meta's largest went from Llama 2 70B to Llama 3.1 405B (.8e24 to 3.8e25 in a
year), Alibaba's from Qwen2-72B to Qwen3-32B (3.0e24 to 7.1e24 in .9 years); .4 a year stays below both.

``small``: mean of four families whose cards disclose both tiers, Gemma 2 9B to 27B (-.69), Qwen3 30B-A3B to 235B-A22B
(-.82), Nemotron 3 Nano to Super (-.55), Llama 3.1 8B to 405B (-1.7). It is counted per step below the largest;
two steps, -1.9, are the mean of Qwen3 0.6B to 235B-A22B (-1.6), Gemma 3 4B to 27B (-1.4), Llama 3.2 1B to 3.1 405B
(-2.8).
"""
