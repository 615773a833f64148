"""The one distribution: Student-t with 4 degrees of freedom on log10 FLOP. Its tails are heavier than the normal's.

An estimate is a median (FLOP) and a spread σ (decades). Everything that is said of an interval, of a confidence word
or of a probability is computed here.
"""

from __future__ import annotations

import math

from scipy.special import stdtr, stdtrit

from flopcrawl.vocabulary import Confidence

DEGREES_OF_FREEDOM = 4

COVERAGE = 0.90
"""Share of the interval that is stored and shown with every estimate."""

CONFIDENT_WITHIN = 3.0
LIKELY_WITHIN = 10.0
"""Half-widths (as factors) of the 90 % interval behind the words *Confident* and *Likely*, as Epoch defines them."""


def half_width(coverage: float = COVERAGE) -> float:
    """Half-width of the central interval in units of σ: 2.132 at 90 %, 1.533 at 80 %."""
    return float(stdtrit(DEGREES_OF_FREEDOM, 0.5 + coverage / 2))


def interval(flop: float, sigma: float, coverage: float = COVERAGE) -> tuple[float, float]:
    """The central interval (FLOP, FLOP) around the median ``flop`` (FLOP) with spread ``sigma`` (decades)."""
    factor = 10.0 ** (half_width(coverage) * sigma)
    return flop / factor, flop * factor


def sigma_within(factor: float, coverage: float = COVERAGE) -> float:
    """The spread (decades) of "so sure that it is within this factor". Raises ValueError for a factor of 1 or less."""
    if not factor > 1.0:
        raise ValueError(f"'within a factor of {factor:g}' says nothing: it must be more than 1")
    return math.log10(factor) / half_width(coverage)


def probability_over(threshold: float, flop: float, sigma: float) -> float:
    """P(compute > threshold), both in FLOP, for median ``flop`` and spread ``sigma`` (decades, positive)."""
    return float(stdtr(DEGREES_OF_FREEDOM, (math.log10(flop) - math.log10(threshold)) / sigma))


def confidence(sigma: float) -> Confidence:
    """The word for a spread: within 3× *Confident*, within 10× *Likely*, else *Speculative*."""
    spread = round(sigma, 3)  # the limits are known as .224 and .469
    if spread <= round(sigma_within(CONFIDENT_WITHIN), 3):
        return Confidence.CONFIDENT
    return Confidence.LIKELY if spread <= round(sigma_within(LIKELY_WITHIN), 3) else Confidence.SPECULATIVE
