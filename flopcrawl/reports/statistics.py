"""The few statistics that every report uses: a share or a median always comes with the same kind of interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CONFIDENCE = 0.95
BORDER = 1.12
"""A reference value within this factor of a threshold is left out of decisions at it, and counted apart."""

SEED = 20_250_801
RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval (Wilson), and the numbers behind it; ``value`` is None where there are none."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the share (Wilson's score interval)."""
        if not self.n:
            return None
        from statsmodels.stats.proportion import proportion_confint  # seconds that few who import this module need

        low, high = proportion_confint(self.hits, self.n, alpha=1 - CONFIDENCE, method="wilson")
        return float(low), float(high)

    def __str__(self) -> str:
        if self.value is None or self.interval is None:
            return "– (n = 0)"
        low, high = self.interval
        return f"{100 * self.value:.1f} % [{100 * low:.0f}–{100 * high:.0f}] ({self.hits} of {self.n})"


@dataclass(frozen=True, slots=True)
class Median:
    """A median with its 95 % interval (percentile bootstrap with a fixed seed); None in all three where n is 0."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Median:
        """The median of ``values``; with fewer than three, the interval is unknown."""
        if not len(values):
            return cls(None, None, None, 0)
        middle = float(np.median(values))
        if len(values) < 3:
            return cls(middle, None, None, len(values))
        from scipy.stats import bootstrap

        found = bootstrap(
            (np.asarray(values, dtype=float),), np.median, confidence_level=CONFIDENCE, n_resamples=RESAMPLES,
            method="percentile", rng=np.random.default_rng(SEED),
        ).confidence_interval  # fmt: skip
        return cls(middle, float(found.low), float(found.high), len(values))

    def __str__(self) -> str:
        if self.value is None:
            return "– (n = 0)"
        interval = "" if self.low is None else f" [{self.low:.2f}–{self.high:.2f}]"
        return f"{self.value:.2f}{interval} (n = {self.n})"


def in_border(value: float, threshold: float) -> bool:
    """Whether a reference value (FLOP) is too near to a threshold (FLOP) to call a decision at it right or wrong."""
    return threshold / BORDER <= value <= threshold * BORDER
