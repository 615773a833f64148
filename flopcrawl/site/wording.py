"""Numbers, dates and links as people read them. Registered as Jinja filters."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

NOT_DISCLOSED = "not disclosed"
NUMBER = re.compile(r"-?\d+(\.\d*)?(e[+-]?\d+)?", re.ASCII)
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LONGEST_VALUE = 200
"""Letters of a name that still stands in a link or a list of choices."""

STEPS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))


@functools.lru_cache(maxsize=8192)
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


def line_name(threshold: float) -> str:
    """A threshold in FLOP: ``10²⁵``, without the digits that say nothing."""
    exponent = round(math.log10(threshold))
    return power(exponent) if math.isclose(threshold, 10.0**exponent) else flop(threshold)


@functools.lru_cache(maxsize=8192)
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


def share(value: float | None) -> str:
    """A share of what was counted: ``100 %`` where it is all of it."""
    return NOT_DISCLOSED if value is None else f"{value * 100:.0f} %"


POWERS = re.compile(r"(?<![\w.])(\d(?:\.\d+)?)e\+?(\d\d)(?!\w)", re.ASCII)


def readable(text: str | None) -> str:
    """A sentence with powers of ten as people write them (``10²⁵`` for ``1e25``), none broken at the end of a line."""
    with_powers = POWERS.sub(
        lambda m: power(int(m[2])) if float(m[1]) == 1 else f"{m[1]}\u00a0×\u00a0{power(int(m[2]))}", text or ""
    )
    return re.sub(r"(?<=\d) %", "\u00a0%", with_powers)


def spaced(text: str | None) -> str:
    """A list in one cell (``Language,Vision``, ``operations+hardware``) with room to break a line."""
    return re.sub(r"(?<=[a-z])\+(?=[a-z])", " + ", re.sub(r",(?=\S)", ", ", text or ""))


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


def join_words(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def short_text(text: str | None, length: int = 120) -> str:
    """A text cut to a length, however long it is: names of ten thousand letters must not fill a page."""
    text = "" if text is None else str(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"


OPENED = re.compile(r"[\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u202c\u2069]")
OVER, ISOLATE_OVER = "\u202c", "\u2069"
ISOLATES = "\u2066\u2067\u2068"


def contained(value: Any) -> Any:
    """A text that turns the direction of writing, with that ended where the text ends; anything else as it is."""
    if not isinstance(value, str) or value.isascii():
        return value
    missing: list[str] = []
    for mark in OPENED.findall(value):
        if mark not in (OVER, ISOLATE_OVER):
            missing.append(ISOLATE_OVER if mark in ISOLATES else OVER)
        elif missing and missing[-1] == mark:
            missing.pop()
    return value + "".join(reversed(missing)) if missing else value


def safe_xml(text: str) -> str:
    """A text without the control characters that XML cannot hold."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def change_value(value: str | None, column: str) -> str:
    """A value of the history as a visitor reads it."""
    if value is None:
        return NOT_DISCLOSED
    if "flop" in column and NUMBER.fullmatch(value):
        return flop(float(value))
    if column in ("parameters_total", "parameters_active", "tokens_trained") and NUMBER.fullmatch(value):
        return count(float(value))
    if column == "probability_over_1e25" and NUMBER.fullmatch(value):
        return percent(float(value))
    return ("yes" if value == "1" else "no") if column in ("listed", "stale") else value


FILTERS = {
    "flop": flop, "count": count, "percent": percent, "share": share, "words": words, "readable": readable,
    "spaced": spaced, "host": host, "safe_url": safe_url, "path": path, "power": power, "line": line_name,
    "short": short_text, "change_value": change_value,
}  # fmt: skip
