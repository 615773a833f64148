"""Numbers, dates and links as people read them. Registered as Jinja filters."""

from __future__ import annotations

import math
from urllib.parse import quote, urlsplit

NOT_DISCLOSED = "not disclosed"
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
STEPS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))


def flop(value: float | None) -> str:
    """Training compute in FLOP: ``3.8 × 10²⁵``."""
    if value is None:
        return NOT_DISCLOSED
    if value <= 0 or not math.isfinite(value):
        return str(value)
    exponent = math.floor(math.log10(value))
    mantissa = round(value / 10.0**exponent, 1)
    if mantissa >= 10:
        mantissa, exponent = 1.0, exponent + 1
    return f"{mantissa:.1f} × 10{str(exponent).translate(SUPERSCRIPTS)}"


def power(exponent: int) -> str:
    """A power of ten: ``10²⁵``."""
    return f"10{str(exponent).translate(SUPERSCRIPTS)}"


def count(value: float | None) -> str:
    """A count of parameters or tokens: ``405B``, ``15.6T``."""
    if value is None:
        return NOT_DISCLOSED
    for step, letter in STEPS:
        if abs(value) >= step:
            return f"{value / step:.3g}{letter}"
    return f"{value:.3g}"


def percent(value: float | None) -> str:
    """A probability: ``96 %``; never rounded to certainty."""
    if value is None:
        return NOT_DISCLOSED
    if value > 0.99:
        return "> 99 %"
    return "< 1 %" if value < 0.01 else f"{value * 100:.0f} %"


def words(value: object) -> str:
    """A text, or the words for a missing one."""
    return NOT_DISCLOSED if value in (None, "") else str(value)


def host(url: str | None) -> str:
    """The site that an address is on."""
    return (urlsplit(url or "").hostname or "").removeprefix("www.")


def safe_url(url: str | None) -> str:
    """An address that may stand in a link; "" for anything but http(s), so that no script hides in one."""
    return url if url and urlsplit(url).scheme in ("http", "https") else ""


def path(text: str | None) -> str:
    """A text as one part of an address."""
    return quote(text or "", safe="")


FILTERS = {
    "flop": flop, "count": count, "percent": percent, "words": words, "host": host, "safe_url": safe_url, "path": path,
    "power": power,
}  # fmt: skip
