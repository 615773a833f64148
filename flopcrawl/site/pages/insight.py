"""Trends, developers, the list on a past day, and the comparison with the reference."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote, urlencode

from datasette.utils.asgi import NotFound, Response

from flopcrawl.estimation.distribution import interval
from flopcrawl.estimation.thresholds import MAIN
from flopcrawl.reports.exports import as_csv
from flopcrawl.reports.statistics import Share
from flopcrawl.site.data import DATABASE, Rows, once, rows_of, rows_of_each
from flopcrawl.site.history import KNOWN, LISTED_UNTIL, as_of, difference, listed
from flopcrawl.site.listing import SHOWN
from flopcrawl.site.pages import arguments_of, attachment, page
from flopcrawl.site.pages.pictures import picture
from flopcrawl.site.plots import Axis, Plot, Point, Tick, compute_plot, day_number
from flopcrawl.site.trends import DAYS_A_YEAR, TRENDS
from flopcrawl.site.wording import contained, short_text

Models = dict[str, dict[str, Any]]


def with_short_name(row: dict[str, Any]) -> dict[str, Any]:
    """A row for a chart: a name of ten thousand letters must not fill its sentence."""
    return {**row, "name": contained(short_text(row["name"], 80))} if row.get("name") else row


async def drawn(datasette: Any, name: str) -> tuple[Rows, Plot | None, str]:
    """The rows of a chart, the chart and its sentence, computed once for each state of the database."""
    trend = TRENDS[name]
    found: tuple[Rows, Plot | None, str] = await once(
        datasette, ("trend", name), trend.sql, lambda rows: (rows, *trend.draw([with_short_name(row) for row in rows]))
    )
    return found


async def trends_page(datasette: Any, request: Any) -> Response:
    """Every chart with its sentence, its query and its downloads."""
    charts = []
    for name, trend in TRENDS.items():
        _, plot, sentence = await drawn(datasette, name)
        address = datasette.urls.path(f"/{DATABASE}?{urlencode({'sql': trend.sql})}")
        charts.append({"name": name, "title": trend.title, "plot": plot, "sentence": sentence, "query": address})
    return await page(datasette, request, "trends.html", charts=charts)


async def chart_download(datasette: Any, request: Any) -> Response:
    """The rows or the picture of one chart.

    Raises:
        NotFound: there is no such chart, or it has nothing to draw.
    """
    name, kind = request.url_vars["name"], request.url_vars["kind"]
    if name not in TRENDS:
        raise NotFound(f"There is no chart {name[:100]!r}")
    rows, plot, sentence = await drawn(datasette, name)
    if kind == "csv":
        text = as_csv(list(rows[0]) if rows else [], (list(row.values()) for row in rows))
        return attachment(text, f"{name}.csv", "text/csv; charset=utf-8")
    if plot is None:
        raise NotFound(sentence)
    return await picture(datasette, plot, name, kind)


async def developers_page(datasette: Any, request: Any) -> Response:
    """Every developer."""
    rows = await once(datasette, "developers", "SELECT * FROM organizations LIMIT 500", list)
    return await page(datasette, request, "developers.html", developers=rows)


STATED = {
    "parameters": ("parameters_total", "parameters_active"), "training tokens": ("tokens_trained", "dataset_tokens"),
    "hardware": ("gpu_type", "gpu_count", "gpu_hours"), "training time": ("training_days", "gpu_hours"),
    "training compute": ("flop_reported",), "cost": ("training_cost_usd",), "licence": ("license",),
}  # fmt: skip
"""What a developer may disclose of a model, and the fields that say it."""


OF_DEVELOPER = {
    "models": "SELECT *, estimation_method AS method FROM models WHERE organization = ? "
    "ORDER BY training_flop DESC, release_date DESC, name",
    "said": "SELECT DISTINCT c.model_key, c.field FROM models m CROSS JOIN claims c ON c.model_key = m.model_key "
    "WHERE m.organization = ? AND c.status = 'current' AND c.scope = 'model' AND c.quote IS NOT NULL",
}
"""What a page shows of a developer."""


async def developer_page(datasette: Any, request: Any) -> Response:
    """One developer: models, timeline, how far it is from the frontier, and what it discloses.

    Raises:
        NotFound: no model is of this developer.
    """
    name = unquote(request.url_vars["name"])
    parts = await rows_of_each(datasette, OF_DEVELOPER, (name,))
    if not (models := parts["models"]):
        raise NotFound(f"There is no developer {name[:100]!r}")
    fields: dict[str, set[str]] = {}
    for row in parts["said"]:
        fields.setdefault(row["model_key"], set()).add(row["field"])
    keys = [model["model_key"] for model in models]
    disclosed = {
        what: Share(sum(bool(fields.get(k, set()) & set(ones)) for k in keys), len(keys))
        for what, ones in STATED.items()
    }
    score = Share(sum(share.hits for share in disclosed.values()), len(keys) * len(STATED))
    return await page(
        datasette, request, "developer.html", name=name, models=models, shown=SHOWN, disclosed=disclosed, score=score,
        plot=compute_plot(models, MAIN), gap=await frontier_gap(datasette, models),
    )  # fmt: skip


async def frontier_gap(datasette: Any, models: list[dict[str, Any]]) -> str:
    """How far a developer's largest model was from the record when it came out, in words."""
    largest = next((with_short_name(m) for m in models if m["training_flop"] and m["release_date"]), None)
    if largest is None:
        return ""
    records = [with_short_name(row) for row in (await drawn(datasette, "frontier"))[0]]
    before = [row for row in records if row["release_date"] <= largest["release_date"]]
    if not before or before[-1]["training_flop"] <= largest["training_flop"]:
        return f"{largest['name']} was the largest training run known at its release."
    factor = before[-1]["training_flop"] / largest["training_flop"]
    earlier = next(row for row in records if row["training_flop"] >= largest["training_flop"])
    days = day_number(largest["release_date"]), day_number(earlier["release_date"])
    sentence = (
        f"When {largest['name']} came out, the largest run known ({before[-1]['name']}) was {factor:.1f} times as large"
    )
    if days[0] is not None and days[1] is not None:
        months = (days[0] - days[1]) / DAYS_A_YEAR * 12
        sentence += f"; {earlier['name']} had used as much {months:.0f} months before"
    return f"{sentence}."


def day_of(text: str, default: str) -> str:
    """A day of an address (ISO); the default where it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return default


async def models_on(datasette: Any, day: str) -> Models:
    """Every model that was ever on the list, as it stood at the end of a day (ISO)."""
    end = (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day < "9999" else day
    models: Models = await once(datasette, ("as of", day), LISTED_UNTIL, as_of, {"end": end})
    return models


async def as_of_page(datasette: Any, request: Any) -> Response:
    """The list as it stood on a day, and what differs from another day."""
    arguments = arguments_of(request)
    (ends,) = await rows_of(
        datasette,
        "SELECT date((SELECT min(changed_at) FROM changes)) AS first, "
        "date((SELECT max(changed_at) FROM changes)) AS last",
    )
    last = ends["last"] or "1970-01-01"  # a record without a change: any day has the same empty list
    day = day_of(arguments.get("date", ""), last)
    other = day_of(arguments.get("from", ""), "")
    models = await models_on(datasette, day)
    rows = listed(models)
    if request.path.endswith(".csv"):
        return attachment(
            as_csv(list(rows[0]) if rows else ["model_key"], (list(row.values()) for row in rows)), f"models-{day}.csv",
            "text/csv; charset=utf-8",
        )  # fmt: skip
    known = sum(row["more"] for row in await once(datasette, "known", KNOWN, list) if row["day"] <= day)
    changed = None
    if other:
        changed = difference(await models_on(datasette, other), models)
    return await page(
        datasette, request, "as_of.html", day=day, other=other, rows=rows[:SHOWN], total=len(rows), known=known,
        changed=changed, first=ends["first"], last=last,
    )  # fmt: skip


PAIRS = (
    "SELECT r.model, r.training_flop AS reference, m.model_key, m.name, m.training_flop, e.sigma, "
    "m.estimation_method AS method "
    "FROM reference_epoch r JOIN models m ON m.model_key = r.model_key "
    "JOIN estimates e ON e.model_key = m.model_key AND e.chosen = 1 WHERE r.training_flop > 0 AND m.training_flop > 0 "
    "AND m.estimation_method NOT IN ('manual', 'bound') AND m.origin NOT IN ('manual', 'mixed') "
    "AND r.vintage = (SELECT max(vintage) FROM reference_epoch)"
)
"""Models whose estimate owes nothing to a person's entry, beside the newest reference values."""

LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def accuracy(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Shares within 2× and 3× by method with intervals, and observed against stated coverage with a plot."""
    methods = []
    for method in [*sorted({row["method"] for row in rows}), ""]:
        ratios = [row["training_flop"] / row["reference"] for row in rows if method in ("", row["method"])]
        within = [Share(sum(1 / factor <= ratio <= factor for ratio in ratios), len(ratios)) for factor in (2, 3)]
        methods.append({"method": method or "all", "n": len(ratios), "two": within[0], "three": within[1]})
    coverage = []
    for level in LEVELS:
        ends = [(*interval(row["training_flop"], row["sigma"], level), row["reference"]) for row in rows]
        coverage.append((level, Share(sum(low <= value <= high for low, high, value in ends), len(ends))))
    return {
        "methods": methods,
        "coverage": coverage,
        "plot": calibration_plot(coverage) if rows else None,
        "n": len(rows),
    }


def calibration_plot(coverage: list[tuple[float, Share]]) -> Plot:
    """Observed against stated coverage, with the line where they are equal."""
    plot = Plot("Observed against stated coverage of the intervals", width=620, height=400, right=600, bottom=356)
    plot.y_label, plot.x_label = "Share of reference values inside", "stated coverage"
    x, y = Axis(0.4, 1, plot.left, plot.right), Axis(0, 1, plot.bottom, plot.top)
    plot.y_ticks = [Tick(y.at(n / 5), f"{n * 20} %") for n in range(6)]
    plot.x_ticks = [Tick(x.at(n / 10), f"{n * 10} %") for n in range(4, 11)]
    plot.lines = [("fit", f"{x.at(0.4)},{y.at(0.4)} {x.at(1)},{y.at(1)}")]
    for level, share in coverage:
        low, high = share.interval or (0.0, 1.0)
        plot.points.append(
            Point(
                x.at(level),
                y.at(share.value or 0),
                y.at(low),
                y.at(high),
                "",
                f"stated {level:.0%}, observed {share}",
                "series-0",
            )
        )
    return plot


async def accuracy_page(datasette: Any, request: Any) -> Response:
    """Coverage of the reference, what is missing and extra, and how far the estimates are from it."""
    gap = await rows_of(datasette, "SELECT * FROM epoch_gap WHERE vintage = (SELECT max(vintage) FROM reference_epoch)")
    extra = await rows_of(
        datasette,
        "SELECT model_key, name, organization, release_date, training_flop, probability_over_1e25, "
        "estimation_method FROM "
        "models m WHERE listed = 1 AND NOT EXISTS (SELECT 1 FROM reference_epoch r WHERE r.model_key = m.model_key "
        "AND r.training_flop >= 1e25) ORDER BY training_flop DESC LIMIT 200",
    )
    found = Share(sum(bool(row["model_key"]) for row in gap), len(gap))
    agreed = Share(sum(bool(row["listed"]) for row in gap), len(gap))
    measures = await rows_of(
        datasette,
        "SELECT * FROM validations WHERE date = (SELECT max(date) FROM validations) ORDER BY measure, threshold, cell",
    )
    return await page(
        datasette, request, "accuracy.html", gap=gap, extra=extra, found=found, agreed=agreed, measures=measures,
        accuracy=await once(datasette, "accuracy", PAIRS, accuracy),
    )  # fmt: skip
