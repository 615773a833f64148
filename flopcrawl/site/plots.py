"""Charts as shapes for one SVG template: drawn on the server, so that they work without JavaScript.

Every point is a link with a description, can be focused, and takes its colours from the style sheet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from flopcrawl.site.wording import contained, count, flop, line_name, path, power, short_text, spaced

WIDTH, HEIGHT = 1280.0, 430.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 20.0, 18.0, 44.0
MOST_POINTS = 300
"""Points of a chart at most; the largest are drawn, and the chart says so."""

MOST_COLOURS = 7
LABEL_WIDTH, LABEL_HEIGHT = 92.0, 22.0
"""Of the label of a rule, with room around it."""


@dataclass(frozen=True, slots=True)
class Point:
    """A mark at a place; ``y_low`` and ``y_high`` are the ends of its interval, equal to ``y`` where it has none.

    ``cut_low`` and ``cut_high`` say that the interval goes on beyond the chart there.
    """

    x: float
    y: float
    y_low: float
    y_high: float
    key: str
    label: str
    style: str = ""
    manual: bool = False
    name: str = ""
    cut_low: bool = False
    cut_high: bool = False

    def svg(self, base: str) -> str:
        """The point as a link with a description, its words escaped."""
        label, x, y = escape(contained(self.label)), self.x, self.y
        bar = f'<line class="range" x1="{x}" x2="{x}" y1="{self.y_low}" y2="{self.y_high}"/>'
        for cut, end, inwards in ((self.cut_high, self.y_high, 7), (self.cut_low, self.y_low, -7)):
            if cut:
                bar += f'<path class="cut" d="M{x - 4:g} {end + inwards:g}L{x} {end}L{x + 4:g} {end + inwards:g}"/>'
        square = f'<rect x="{x - 5:g}" y="{y - 5:g}" width="10" height="10"/>'
        shape = square if self.manual else f'<circle cx="{x}" cy="{y}" r="5.5"/>'
        return (
            f'<a href="{base}/model/{path(self.key)}" class="point {self.style}" aria-label="{label}">'
            f"<title>{label}</title>{bar if self.y_low != self.y_high else ''}{shape}</a>"
        )


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its text; ``low`` and ``high`` are the ends of its interval where it is a forecast."""

    x: float
    y: float
    width: float
    height: float
    label: str
    style: str = ""
    low: float | None = None
    high: float | None = None
    href: str = ""


@dataclass(slots=True)
class Plot:
    """Everything that the template draws."""

    title: str
    points: list[Point] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    bands: list[tuple[str, str]] = field(default_factory=list)
    x_ticks: list[Tick] = field(default_factory=list)
    y_ticks: list[Tick] = field(default_factory=list)
    rules: list[Tick] = field(default_factory=list)
    legend: list[tuple[str, str]] = field(default_factory=list)
    omitted: int = 0
    x_label: str = ""
    y_label: str = ""
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM

    @property
    def cut(self) -> bool:
        """Does an interval go on beyond the chart?"""
        return any(point.cut_low or point.cut_high for point in self.points)

    def label_place(self, rule: Tick) -> float:
        """Where along a rule its label covers fewest points and intervals: the left end where it covers none there."""
        places = [self.left + 8 + step * LABEL_WIDTH for step in range(int((self.right - self.left) // LABEL_WIDTH))]

        def covered(place: float) -> int:
            return sum(
                place - 8 <= p.x <= place + LABEL_WIDTH - 8
                and p.y_high - 8 <= rule.at
                and p.y_low + 8 >= rule.at - LABEL_HEIGHT
                for p in self.points
            )

        return min(places, key=covered)

    def marks(self, base: str) -> Markup:
        """The points as SVG, each a link below ``base``. A template takes five times as long for hundreds of them."""
        return Markup("\n".join(point.svg(base) for point in self.points))  # noqa: S704 (see Point.svg)


def day_number(text: str) -> int | None:
    """An ISO date, month or year as a day; the middle of what is meant. None where it is none."""
    parts = text.split("-")
    try:
        year = int(parts[0])
        month = int(parts[1]) if len(parts) > 1 else 7
        return date(year, month, int(parts[2]) if len(parts) > 2 else 15 if len(parts) > 1 else 1).toordinal()
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale: values from ``low`` to ``high`` at places from ``start`` to ``end``; logarithmic where it says so."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """The place of a value; what lies outside is put at the edge."""
        number = math.log10(value) if self.logarithmic else value
        inside = min(max(number, self.low), self.high)
        return round(self.start + (inside - self.low) / (self.high - self.low) * (self.end - self.start), 1)

    def cuts(self, value: float) -> bool:
        """Does a positive value of a logarithmic scale lie outside?"""
        return not self.low <= math.log10(value) <= self.high

    def ticks(self) -> list[Tick]:
        """A tick at powers of ten, at most about ten of them."""
        low, high = math.ceil(self.low), math.floor(self.high)
        step = max(1, (high - low) // 9)
        return [Tick(self.at(10.0**exponent), power(exponent)) for exponent in range(low, high + 1, step)]


def log_axis(values: Sequence[float], start: float, end: float) -> Axis:
    """A logarithmic scale, from power to power, that has room for positive ``values``."""
    low = math.floor(math.log10(min(values)) - 0.15)
    return Axis(low, max(math.ceil(math.log10(max(values)) + 0.15), low + 1), start, end, True)


def time_axis(days: Sequence[float]) -> tuple[Axis, list[Tick]]:
    """A scale of days, and a tick at each first of January (each quarter where there are few)."""
    axis = Axis(min(days) - 30, max(days) + 45, LEFT, WIDTH - RIGHT)
    first, last = date.fromordinal(int(axis.low)), date.fromordinal(int(axis.high))
    step = max(1, (last.year - first.year) // 10)
    years = [date(year, 1, 1) for year in range(first.year, last.year + 2, step)]
    return axis, [Tick(axis.at(d.toordinal()), str(d.year)) for d in years if axis.low <= d.toordinal() <= axis.high]


def who(model: Mapping[str, Any]) -> str:
    """A model and its developer in words, however long their names are."""
    developer = short_text(model["organization"], 80) or "developer not disclosed"
    return f"{contained(short_text(model['name'], 80))}, {contained(developer)}"


def compute_label(model: Mapping[str, Any]) -> str:
    """A model of a chart in words."""
    text = f"{who(model)}, {model['release_date']}: "
    text += f"{flop(model['training_flop'])} FLOP"
    if model.get("training_flop_low"):
        text += f" ({flop(model['training_flop_low'])} to {flop(model['training_flop_high'])})"
    return f"{text}, {model['confidence']}, by {spaced(model['method'])}"


def colours(models: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """A style for each of the developers with most models; the others have none."""
    counted: dict[str, int] = {}
    for model in models:
        if model["organization"]:
            counted[model["organization"]] = counted.get(model["organization"], 0) + 1
    most = sorted(counted, key=lambda name: (-counted[name], name))[:MOST_COLOURS]
    return {name: f"series-{number}" for number, name in enumerate(most)}


def compute_plot(
    models: Sequence[Mapping[str, Any]], threshold: float, *, by_developer: bool = False, omitted: int = 0
) -> Plot | None:
    """Training compute (log) by release date with intervals; None where no model has both a date and a compute.

    ``omitted`` smaller ones were left out before.
    """
    dated = [
        (model, day)
        for model in models
        if model["training_flop"] and model["release_date"] and (day := day_number(model["release_date"]))
    ]
    if not dated:
        return None
    dated.sort(key=lambda pair: (-pair[0]["training_flop"], pair[0]["model_key"]))
    omitted, dated = omitted + max(0, len(dated) - MOST_POINTS), dated[:MOST_POINTS]
    plot = Plot("Training compute by release date", omitted=omitted, y_label="Training compute (FLOP)")
    x, plot.x_ticks = time_axis([day for _, day in dated])
    y = log_axis([*(model["training_flop"] for model, _ in dated), threshold], plot.bottom, plot.top)
    plot.y_ticks = y.ticks()
    plot.rules = [Tick(y.at(threshold), f"{line_name(threshold)} FLOP")]
    styles = colours([model for model, _ in dated]) if by_developer else {}
    for model, day in dated:
        low, high = model["training_flop_low"], model["training_flop_high"]
        place = y.at(model["training_flop"])
        style = styles.get(model["organization"], "other") if by_developer else str(model["confidence"]).lower()
        plot.points.append(
            Point(
                x.at(day), place, y.at(low) if low else place, y.at(high) if high else place, model["model_key"],
                compute_label(model), style, model["origin"] in ("manual", "mixed"), model["name"],
                bool(low) and y.cuts(low), bool(high) and y.cuts(high),
            )
        )  # fmt: skip
    if by_developer:
        plot.legend = [(style, short_text(name, 40)) for name, style in styles.items()]
        if any(point.style == "other" for point in plot.points):
            plot.legend.append(("other", "other developers"))
    else:
        plot.legend = [(word.lower(), word) for word in ("Confident", "Likely", "Speculative")]
    return plot


def scatter(
    title: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    value: str,
    unit: str,
    against: str = "release_date",
    style: str = "",
    x_label: str = "",
    linear: bool = False,
) -> Plot | None:
    """Models by two of their columns: ``value`` on a log scale unless ``linear``; ``style`` is a column of styles."""
    timed = against == "release_date"
    placed = [
        (row, place)
        for row in rows
        if row[value] and row[against] and (place := day_number(row[against]) if timed else row[against])
    ]
    if not placed:
        return None
    plot = Plot(title, omitted=max(0, len(placed) - MOST_POINTS), y_label=unit, x_label=x_label)
    placed = placed[:MOST_POINTS]
    values = [row[value] for row, _ in placed]
    if linear:
        spread = max(max(values) - min(values), 1.0)
        y = Axis(min(values) - spread * 0.08, max(values) + spread * 0.08, plot.bottom, plot.top)
        step = 10 ** math.floor(math.log10(spread)) / (1 if spread / 10 ** math.floor(math.log10(spread)) > 3 else 2)
        first = math.ceil(y.low / step)
        plot.y_ticks = [Tick(y.at(n * step), f"{n * step:g}") for n in range(first, math.floor(y.high / step) + 1)]
    else:
        y = log_axis(values, plot.bottom, plot.top)
        plot.y_ticks = y.ticks()
    if timed:
        x, plot.x_ticks = time_axis([place for _, place in placed])
    else:
        x = log_axis([place for _, place in placed], plot.left, plot.right)
        plot.x_ticks = x.ticks()
    write = flop if unit.endswith("(FLOP)") else count
    for row, place in placed:
        at = y.at(row[value])
        beside = (
            row[against] if timed else f"{flop(row[against]) if 'FLOP' in x_label else count(row[against])} {x_label}"
        )
        said = f"{row[value]:.0f}" if linear else write(row[value])
        label = f"{who(row)}: {said} {unit}, {beside}"
        plot.points.append(Point(x.at(place), at, at, at, row["model_key"], label, row.get(style) or "series-0"))
    return plot


def bar_plot(
    title: str, bars: Sequence[tuple[str, float]], unit: str, links: Mapping[str, str] | None = None
) -> Plot | None:
    """Horizontal bars, a name and a number each; None where there is none."""
    if not bars:
        return None
    row = 26.0
    plot = Plot(title, height=row * len(bars) + 20, left=210.0, y_label=unit)
    most = max(number for _, number in bars) or 1.0
    for index, (name, number) in enumerate(bars):
        width = (plot.right - plot.left - 50) * number / most
        words = contained(spaced(short_text(name, 80)))
        plot.y_ticks.append(Tick(10 + row * index + 15, short_text(words, 30)))
        plot.bars.append(
            Bar(plot.left, 10 + row * index + 3, round(width, 1), row - 8, f"{words}: {number:g} {unit}", "across",
                href=(links or {}).get(name, ""))
        )  # fmt: skip
    return plot


def column_plot(
    title: str, columns: Sequence[tuple[str, float, float | None, float | None]], unit: str, every: int = 1
) -> Plot | None:
    """Upright bars: label, number, and the ends of its interval where it is a forecast (drawn lighter)."""
    if not columns:
        return None
    plot = Plot(title, y_label=unit)
    most = max(max(number, high or 0) for _, number, _, high in columns) or 1.0
    y = Axis(0, most * 1.08, plot.bottom, plot.top)
    step = max(
        1, 10 ** max(0, math.floor(math.log10(most)) - (0 if most / 10 ** math.floor(math.log10(most)) > 4 else 1))
    )
    step = step if most / step <= 12 else step * 5
    plot.y_ticks = [Tick(y.at(n), f"{n:g}") for n in range(0, math.floor(y.high) + 1, step)]
    wide = (plot.right - plot.left) / len(columns)
    for index, (name, number, low, high) in enumerate(columns):
        left = plot.left + wide * index
        said = (
            f"{name}: {number:.0f} {unit}"
            if low is None
            else f"{name}, forecast: {number:.0f} ({low:.0f} to {high:.0f}) {unit}"
        )
        plot.bars.append(
            Bar(round(left + wide * 0.12, 1), y.at(number), round(wide * 0.76, 1),
                round(plot.bottom - y.at(number), 1), said,
                "forecast" if low is not None else "", None if low is None else y.at(low),
                None if high is None else y.at(high))
        )  # fmt: skip
        if index % every == 0:
            plot.x_ticks.append(Tick(round(left + wide / 2, 1), name))
    return plot
