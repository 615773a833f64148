"""The chart of the front page: training compute (log) by release date, as shapes for an SVG template.

Drawn on the server, so that it works without JavaScript; every point is a link with a description, can be focused, and
takes its colours from the style sheet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flopcrawl.site.wording import flop, power

WIDTH, HEIGHT = 960.0, 420.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 18.0, 16.0, 36.0


@dataclass(frozen=True, slots=True)
class Point:
    """A model on the chart; ``y_low`` and ``y_high`` are the ends of its 90 % interval."""

    x: float
    y: float
    y_low: float
    y_high: float
    key: str
    label: str
    confidence: str
    manual: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that the template draws."""

    points: list[Point]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    threshold_y: float
    threshold_label: str
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    bottom: float = HEIGHT - BOTTOM


def day_number(text: str) -> int | None:
    """An ISO date, month or year as a day; the middle of what is meant. None where it is none."""
    parts = text.split("-")
    try:
        year = int(parts[0])
        month = int(parts[1]) if len(parts) > 1 else 7
        return date(year, month, int(parts[2]) if len(parts) > 2 else 15 if len(parts) > 1 else 1).toordinal()
    except ValueError:
        return None


def chart(models: Sequence[Mapping[str, Any]], threshold: float) -> Chart | None:
    """The chart of ``models`` (rows of the table); None where none of them has a date and a compute."""
    dated = [
        (model, day)
        for model in models
        if model["training_flop"] and model["release_date"] and (day := day_number(model["release_date"]))
    ]
    if not dated:
        return None
    days = [day for _, day in dated]
    first, last = min(days) - 30, max(days) + 30
    flops = [m["training_flop"] for m, _ in dated]
    low = math.floor(math.log10(min(*flops, threshold)) - 0.15)
    high = math.ceil(math.log10(max(*flops, threshold)) + 0.15)

    def x(day: float) -> float:
        return LEFT + (day - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        inside = min(max(math.log10(value), low), high)
        return HEIGHT - BOTTOM - (inside - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    points = [
        Point(
            x(day), y(model["training_flop"]), y(model["training_flop_low"]), y(model["training_flop_high"]),
            model["model_key"],
            f"{model['name']}, {model['organization'] or 'developer not disclosed'}, {model['release_date']}: "
            f"{flop(model['training_flop'])} FLOP ({flop(model['training_flop_low'])} to "
            f"{flop(model['training_flop_high'])}), {model['confidence']}, by {model['estimation_method']}",
            str(model["confidence"]), model["origin"] in ("manual", "mixed"),
        )
        for model, day in dated
    ]  # fmt: skip
    years = range(date.fromordinal(first).year, date.fromordinal(last).year + 2)
    x_ticks = [Tick(x(day), str(year)) for year in years if first <= (day := date(year, 1, 1).toordinal()) <= last]
    y_ticks = [Tick(y(10.0**exponent), power(exponent)) for exponent in range(low, high + 1)]
    return Chart(points, x_ticks, y_ticks, y(threshold), f"{flop(threshold)} FLOP")
