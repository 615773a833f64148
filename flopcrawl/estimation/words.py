"""Numbers as a reader writes them: 22B, 36T, 16,384, 4.75e24 FLOP, 2.4 times."""

from __future__ import annotations

import math
from collections.abc import Mapping

from flopcrawl.vocabulary import Qualifier

SUFFIXES: Mapping[str, float] = {"T": 1e12, "B": 1e9, "M": 1e6}

QUALIFIED: Mapping[Qualifier, str] = {
    Qualifier.EXACT: "", Qualifier.ABOUT: "about ", Qualifier.LESS: "up to ", Qualifier.MORE: "over ",
    Qualifier.RANGE: "between ",
}  # fmt: skip


def significant(number: float, digits: int = 3) -> float:
    """``number`` rounded to so many significant digits."""
    return 0.0 if number == 0 else round(number, digits - 1 - math.floor(math.log10(abs(number))))


def short(number: float) -> str:
    """A count with a suffix, three significant digits: ``126B``, ``13.2T``, ``450M``, ``3,250``."""
    rounded = significant(number)
    for suffix, size in SUFFIXES.items():
        if rounded >= size:
            return f"{significant(rounded / size):g}{suffix}"
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:g}"


def flop(number: float) -> str:
    """An amount of compute, three significant digits: ``4.75e24``."""
    mantissa, exponent = f"{number:.2e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def percent(share: float) -> str:
    """A share as a whole percentage that never claims certainty: ``<1 %``, ``38 %``, ``>99 %``."""
    if share < 0.01:
        return "<1 %"
    return ">99 %" if share > 0.99 else f"{100 * share:.0f} %"


def factor(ratio: float) -> str:
    """How far two numbers are apart, whichever is larger: ``2.4×``."""
    return f"{significant(max(ratio, 1 / ratio), 2):g}×"
