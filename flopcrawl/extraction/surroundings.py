"""The words around a number, cut once for all rules: its sentence, its clause, what stands left, right and above it."""

from __future__ import annotations

import re

from flopcrawl.extraction.context import Page, Place
from flopcrawl.extraction.traps import Around
from flopcrawl.extraction.units import Measure, Quantity

STRONG_BREAK = re.compile(
    r"[;；]|,?\s+(?:while|whereas|but|then|followed by|before|and (?:further|then|later|subsequently|finally))\b|，"
)


LENGTH_LIMIT = 5e10
"""A token count above this is never a context, a batch, a price unit or a vocabulary."""


def around(page: Page, quantity: Quantity, place: Place | None) -> Around:
    """Cut the words around a quantity."""
    text = page.flow
    heading = page.heading(quantity.start).rsplit(" > ", 1)[-1]
    if place is not None:
        label = f"{place.row} {place.column}"
        cell = place.cell.text[:300]
        if quantity.measure is Measure.CHIPS:  # what the machines of a row are for may stand in any of its cells
            cell = " ".join(other.text for other in place.table.rows[place.row_index])[:300]
        return Around(
            f"{cell} {label}",
            f"{cell} {label}",
            label[-60:],
            text[quantity.end : place.cell.end],
            heading,
            f"{cell} {label}",
        )
    start, end = page.sentence(quantity.start)
    low, high = max(start, quantity.start - 130), min(end, quantity.end + 60)
    for match in STRONG_BREAK.finditer(text, low, high):
        if match.start() < quantity.start:
            low = match.start()
        elif match.start() >= quantity.end:
            high = match.start()
            break
    right = re.split(r"[,.()（），]|\band\b", text[quantity.end : high], maxsplit=1)[0]
    clause = text[low : quantity.end] + right
    short = clause if quantity.value < LENGTH_LIMIT else ""
    return Around(
        text[start:end],
        clause,
        text[max(start, quantity.start - 60) : quantity.start],
        text[quantity.end : min(end, quantity.end + 60)],
        heading,
        short,
        text[low_of(text, start, quantity.start) : quantity.start],
        text[quantity.start : quantity.end],
        from_to(text, start, quantity, end),
        line_above(page.text, start) if quantity.measure in (Measure.CHIPS, Measure.DAYS) else "",
    )


def from_to(text: str, start: int, quantity: Quantity, end: int) -> str:
    """The words before a number that "from … to …" leaves behind; empty where no "to" with a number follows."""
    follow = re.match(
        r"[^.;]{0,44}?\bto (?:about |over |around |nearly )?\d", text[quantity.end : min(end, quantity.end + 60)]
    )
    if not follow or quantity.high is not None:
        return ""
    before = text[max(start, quantity.start - 44) : quantity.start]
    inside = re.search(r"\bfrom [\d.,]+\s?\w* (?:\w+ )?\($", before)  # from 355B parameters (32B active) to
    return before[: inside.start() + 5] if inside else before


SHORT_ITEM = 40
"""Characters of a line that can be an item of a list whose marks are gone."""
LIST_LINE = re.compile(r"\s*(?:[-*•●▪◦]|\d{1,2}[.)]|\d)")


def line_above(text: str, start: int) -> str:
    """The line with a colon at its end that a list stands under (``For inference:``); empty where there is none."""
    lines = text[max(0, start - 400) : start].split("\n")
    for line in reversed(lines):
        if line.rstrip().endswith((":", "：")):
            return line
        short = len(line) < SHORT_ITEM and not line.rstrip().endswith((".", "。"))
        if line.strip() and not LIST_LINE.match(line) and not short:
            return ""
    return ""


def low_of(text: str, start: int, at: int) -> int:
    """Where the part of the sentence that leads to ``at`` begins: at its start, or after the last "we" or "our"."""
    last = start
    for match in re.finditer(r"\b(?:[Ww]e|[Oo]ur|[Ii]n contrast)\b", text[start:at]):
        last = start + match.start()
    return last


NOTHING = Around("", "", "", "", "")
