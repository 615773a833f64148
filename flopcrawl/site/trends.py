"""The charts of the page *Trends*: each a query, a drawing and a sentence of what it shows, computed from its rows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote_plus

import numpy as np

from flopcrawl.estimation.thresholds import LISTED_FROM, thresholds
from flopcrawl.site.plots import Axis, Plot, bar_plot, column_plot, day_number, log_axis, scatter
from flopcrawl.site.wording import LONGEST_VALUE, contained, count, flop, join_words, line_name, short_text, spaced

Rows = Sequence[Mapping[str, Any]]
Drawn = tuple[Plot | None, str]

DAYS_A_YEAR = 365.25
LEFT_OUT = 0.05
"""Intervals of this page cover 90 %: so much is left out at each end."""

FITTED_QUARTERS = 12
SHOWN_QUARTERS = 20
FORECAST_QUARTERS = 4
LEAST_POINTS = 4
"""A line is fitted through at least so many points."""

NOTHING = "No model says enough for this chart yet."
MODEL = "m.model_key, m.name, m.organization, m.release_date"
LARGEST = "ORDER BY m.training_flop DESC, m.model_key LIMIT 300"


@dataclass(frozen=True, slots=True)
class Trend:
    """A chart of the page."""

    title: str
    sql: str
    draw: Callable[[Rows], Drawn]


def records_sql(condition: str = "1") -> str:
    """The record models that fit a condition: each larger than everything released before it."""
    return (
        f"SELECT {MODEL}, m.training_flop, m.accessibility FROM (SELECT model_key, training_flop, max(training_flop) "
        "OVER (ORDER BY release_date, training_flop DESC, model_key ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) "
        "AS record FROM models WHERE training_flop IS NOT NULL AND release_date >= '2012' AND classification <> "
        f"'excluded' AND {condition}) r JOIN models m ON m.model_key = r.model_key "
        "WHERE r.training_flop > coalesce(r.record, 0)"
    )


def doubling(days: Sequence[float], values: Sequence[float]) -> tuple[float, float, float, Any] | None:
    """Doubling time in months, the ends of its 90 % interval, and the fit; None where no growth can be measured.

    Ordinary least squares on log2 of the values (positive) by years.
    """
    import statsmodels.api as sm  # here and below: two seconds that a server's first pages need not wait for

    if len(set(days)) < LEAST_POINTS:
        return None
    years = np.asarray(days) / DAYS_A_YEAR
    fit = sm.OLS(np.log2(values), sm.add_constant(years - years.mean())).fit()
    low, high = fit.conf_int(alpha=2 * LEFT_OUT)[1]
    if not low > 0:
        return None
    return 12 / fit.params[1], 12 / high, 12 / low, fit


def frontier(rows: Rows) -> Drawn:
    """Records over time, with the fitted line and its band."""
    import statsmodels.api as sm

    plot = scatter("Largest training run so far", rows, value="training_flop", unit="Training compute (FLOP)")
    if plot is None:
        return None, NOTHING
    dated = [(float(day), row["training_flop"]) for row in rows if (day := day_number(row["release_date"]))]
    days = np.asarray([day for day, _ in dated])
    fitted = doubling(list(days), [value for _, value in dated])
    if fitted is None:
        return plot, f"{len(dated)} records so far: too few, or too close together, for a line through them."
    months, low, high, fit = fitted
    x = Axis(days.min() - 30, days.max() + 45, plot.left, plot.right)
    y = log_axis([value for _, value in dated], plot.bottom, plot.top)
    at = np.linspace(days.min(), days.max(), 40)
    design = sm.add_constant(at / DAYS_A_YEAR - (days / DAYS_A_YEAR).mean())
    said = fit.get_prediction(design).summary_frame(alpha=2 * LEFT_OUT)

    def line(column: str) -> list[str]:
        return [f"{x.at(d)},{y.at(2.0**v)}" for d, v in zip(at, said[column], strict=True)]

    plot.lines.append(("fit", " ".join(line("mean"))))
    plot.bands.append(("fit", " ".join(line("mean_ci_lower") + line("mean_ci_upper")[::-1])))
    last = rows[-1]
    return plot, (
        f"The largest training run doubled every {months:.1f} months (90 % interval {low:.1f} to {high:.1f}), fitted "
        f"through {len(dated)} records since {rows[0]['release_date'][:4]}. The record is {last['name']}, "
        f"{flop(last['training_flop'])} FLOP."
    )


def quarters_sql(threshold: float) -> str:
    """Models over a threshold by quarter of release."""
    return (
        "SELECT substr(m.release_date, 1, 4) || ' Q' || ((CAST(substr(m.release_date, 6, 2) AS INTEGER) + 2) / 3) AS "
        "quarter, count(*) AS models, (SELECT substr(value, 1, 10) FROM information WHERE key = 'refreshed_at') "
        "AS as_of "
        "FROM models m JOIN classifications c ON c.model_key = m.model_key "
        f"WHERE c.threshold = {threshold:.0e} AND c.probability >= {LISTED_FROM} AND c.classification <> 'excluded' "
        "AND length(m.release_date) >= 7 GROUP BY quarter ORDER BY quarter"
    )


def quarter_number(name: str) -> int:
    """A quarter (``2024 Q3``) as a count of quarters."""
    return int(name[:4]) * 4 + int(name[-1]) - 1


def quarter_name(number: int) -> str:
    """A count of quarters as a quarter."""
    return f"{number // 4} Q{number % 4 + 1}"


def forecast(counted: Sequence[tuple[int, int]], ahead: Sequence[int]) -> list[tuple[float, float, float]]:
    """Mean and 90 % interval for the quarters ``ahead``, by Poisson regression on (quarter, models)."""
    import statsmodels.api as sm
    from scipy.stats import poisson

    start = counted[0][0]
    numbers = [models for _, models in counted]
    design = [[1.0, number - start] for number, _ in counted]
    fit = sm.GLM(numbers, design, family=sm.families.Poisson()).fit()
    said = fit.get_prediction([[1.0, number - start] for number in ahead]).summary_frame(alpha=2 * LEFT_OUT)
    most = 20.0 * max(numbers)  # a line through few numbers can leave the earth
    return [
        (
            min(mean, most),
            float(poisson.ppf(LEFT_OUT, min(low, most))),
            float(poisson.ppf(1 - LEFT_OUT, min(high, most))),
        )
        for mean, low, high in zip(said["mean"], said["mean_ci_lower"], said["mean_ci_upper"], strict=True)
    ]


def crossings(threshold: float) -> Callable[[Rows], Drawn]:
    """Models over a threshold per quarter, and what a Poisson regression expects of the next ones."""

    def draw(rows: Rows) -> Drawn:
        counted = {quarter_number(row["quarter"]): row["models"] for row in rows if row["quarter"][-1] in "1234"}
        if not counted:
            return None, NOTHING
        as_of = date.fromisoformat(rows[0]["as_of"]) if rows[0]["as_of"] else None
        now = as_of.year * 4 + (as_of.month - 1) // 3 if as_of else max(counted) + 1
        first = max(min(counted), now - SHOWN_QUARTERS)
        columns: list[tuple[str, float, float | None, float | None]] = [
            (quarter_name(number), counted.get(number, 0), None, None) for number in range(first, now + 1)
        ]
        whole = [(number, counted.get(number, 0)) for number in range(min(counted), now)][-FITTED_QUARTERS:]
        sentence = f"{sum(counted.values())} models over {line_name(threshold)} FLOP have a known quarter of release"
        if len(whole) >= LEAST_POINTS and any(models for _, models in whole):
            ahead = range(now + 1, now + 1 + FORECAST_QUARTERS)
            expected = forecast(whole, ahead)
            columns += [(quarter_name(n), *said) for n, said in zip(ahead, expected, strict=True)]
            mean, low, high = expected[0]
            sentence += (
                f". The trend of the last {len(whole)} whole quarters expects {mean:.0f} in "
                f"{quarter_name(now + 1)} (90 % "
                f"interval {low:.0f} to {high:.0f}); models found late make recent quarters look smaller than they are"
            )
        title = f"Models over {line_name(threshold)} FLOP by quarter"
        return column_plot(title, columns, "models", max(1, len(columns) // 10)), f"{sentence}."

    return draw


def listed_sql(column: str) -> str:
    """Models on the list by one column."""
    return (
        f"SELECT m.{column} AS name, count(*) AS models FROM models m WHERE m.listed = 1 GROUP BY "
        f"m.{column} ORDER BY models DESC, m.{column}"
    )


def bars(what: str, facet: str) -> Callable[[Rows], Drawn]:
    """Models on the list by one column, each bar a link to them."""

    def draw(rows: Rows) -> Drawn:
        named = [(str(row["name"] or "not disclosed"), float(row["models"])) for row in rows]
        if not named:
            return None, NOTHING
        links = {
            name: f"/?{facet}={quote_plus(name)}"
            for name, _ in named if name != "not disclosed" and len(name) <= LONGEST_VALUE
        }  # fmt: skip
        most = join_words([f"{contained(spaced(short_text(name, 80)))} ({number:.0f})" for name, number in named[:3]])
        sentence = f"{sum(n for _, n in named):.0f} models on the list are of {len(named)} {what}, most of {most}."
        return bar_plot(f"Models on the list by {facet}", named[:15], "models", links), sentence

    return draw


OPEN = "accessibility LIKE 'Open weights%'"
OPEN_SQL = (
    f"SELECT *, 'series-2' AS style FROM ({records_sql(OPEN)}) UNION ALL "
    f"SELECT *, 'series-0' AS style FROM ({records_sql(f'NOT {OPEN}')}) ORDER BY release_date"
)


def open_closed(rows: Rows) -> Drawn:
    """Records of open and of closed models, and how far one is behind the other."""
    plot = scatter(
        "Records of open and of closed models",
        rows,
        value="training_flop",
        unit="Training compute (FLOP)",
        style="style",
    )
    if plot is None:
        return None, NOTHING
    plot.legend = [("series-2", "open weights"), ("series-0", "closed")]
    opened, closed = ([row for row in rows if row["style"] == style] for style, _ in plot.legend)
    if not opened or not closed:
        return plot, "Only one of the two kinds has a model with a known date and compute."
    best, largest = opened[-1], closed[-1]
    sentence = (
        f"The largest open model, {best['name']}, took {flop(best['training_flop'])} FLOP; the largest closed one, "
        f"{largest['name']}, {flop(largest['training_flop'])}: {largest['training_flop'] / best['training_flop']:.1f} "
        "times as much."
    )
    reached = next((row for row in closed if row["training_flop"] >= best["training_flop"]), None)
    days = [day_number(row["release_date"]) for row in (best, reached) if row]
    if reached and len(days) == 2 and days[0] and days[1]:
        months = (days[0] - days[1]) / DAYS_A_YEAR * 12
        when = "earlier" if months >= 0 else "later"
        sentence += f" A closed model had as much {abs(months):.0f} months {when} ({reached['name']})."
    return plot, sentence


def over_time(value: str, unit: str, title: str) -> Callable[[Rows], Drawn]:
    """One column of models over time, and how its yearly median moved."""

    def draw(rows: Rows) -> Drawn:
        plot = scatter(title, rows, value=value, unit=unit)
        if plot is None:
            return None, NOTHING
        by_year: dict[str, list[float]] = {}
        for row in rows:
            if row[value] and row["release_date"]:
                by_year.setdefault(row["release_date"][:4], []).append(row[value])
        years = [year for year in sorted(by_year) if len(by_year[year]) >= LEAST_POINTS]
        if len(years) < 2:
            return plot, f"{len(plot.points)} models state it: too few for a trend by year."
        (first, then), (last, now) = ((year, by_year[year]) for year in (years[0], years[-1]))
        return plot, (
            f"The median of the models shown was {count(float(np.median(then)))} {unit} in {first} ({len(then)} "
            f"models) "
            f"and {count(float(np.median(now)))} in {last} ({len(now)})."
        )

    return draw


def mixtures(rows: Rows) -> Drawn:
    """Active against total parameters."""
    plot = scatter(
        "Active against total parameters", rows, value="parameters_active", unit="active parameters",
        against="parameters_total", style="style", x_label="parameters in total",
    )  # fmt: skip
    if plot is None:
        return None, NOTHING
    plot.legend = [("series-0", "all parameters active"), ("series-3", "mixture of experts")]
    shares = [row["parameters_active"] / row["parameters_total"] for row in rows if row["style"] == "series-3"]
    kinds = Counter(row["style"] for row in rows)
    sentence = (
        f"{kinds['series-3']} of {len(rows)} models with both numbers use fewer parameters for a token than they have"
    )
    return plot, sentence + (f"; their median share is {100 * float(np.median(shares)):.0f} %." if shares else ".")


def rating(rows: Rows) -> Drawn:
    """Leaderboard rating against compute."""
    import statsmodels.api as sm

    plot = scatter(
        "Leaderboard rating against training compute", rows, value="rating", unit="rating", against="training_flop",
        x_label="Training compute (FLOP)", linear=True,
    )  # fmt: skip
    if plot is None:
        return None, NOTHING
    if len(rows) < LEAST_POINTS:
        return plot, f"{len(rows)} models have both a rating and an estimate that does not come from the rating."
    logs = [math.log10(row["training_flop"]) for row in rows]
    fit = sm.OLS([row["rating"] for row in rows], sm.add_constant(logs)).fit()
    low, high = fit.conf_int(alpha=2 * LEFT_OUT)[1]
    return plot, (
        f"Ten times the compute goes with {fit.params[1]:+.0f} rating points (90 % interval {low:+.0f} to "
        f"{high:+.0f}) among "
        f"{len(rows)} models; compute explains {100 * fit.rsquared:.0f} % of the differences. Models whose compute was "
        "estimated from their rating are left out."
    )


TRENDS: dict[str, Trend] = {
    "frontier": Trend("The compute frontier", f"{records_sql()} ORDER BY m.release_date", frontier),
    **{
        f"crossings-{t.flop:.0e}".replace("+", ""): Trend(
            f"Models over {line_name(t.flop)} FLOP by quarter", quarters_sql(t.flop), crossings(t.flop)
        )
        for t in thresholds()
    },
    "developers": Trend("By developer", listed_sql("organization"), bars("developers", "organization")),
    "countries": Trend("By country", listed_sql("country"), bars("countries", "country")),
    "domains": Trend("By domain", listed_sql("domain"), bars("domains", "domain")),
    "open-closed": Trend("Open against closed", OPEN_SQL, open_closed),
    "cost": Trend(
        "Cost of a training run, where it is stated",
        f"SELECT {MODEL}, max(c.number) AS cost FROM claims c JOIN models m ON m.model_key = c.model_key WHERE "
        f"c.field = "
        "'training_cost_usd' AND c.status = 'current' AND c.scope = 'model' GROUP BY m.model_key ORDER BY cost "
        "DESC LIMIT 300",
        over_time("cost", "US dollars", "Stated cost of training runs"),
    ),
    "architecture": Trend(
        "Dense models and mixtures of experts",
        f"SELECT {MODEL}, m.parameters_total, m.parameters_active, CASE WHEN m.parameters_active < 0.95 * "
        f"m.parameters_total "
        "THEN 'series-3' ELSE 'series-0' END AS style FROM models m WHERE m.parameters_total IS NOT NULL AND "
        f"m.parameters_active IS NOT NULL {LARGEST}",
        mixtures,
    ),
    "tokens": Trend(
        "Training tokens",
        f"SELECT {MODEL}, m.tokens_trained FROM models m WHERE m.tokens_trained IS NOT NULL AND m.release_date "
        f"IS NOT NULL "
        f"{LARGEST}",
        over_time("tokens_trained", "tokens", "Tokens seen in training"),
    ),
    "parameters": Trend(
        "Parameters",
        f"SELECT {MODEL}, m.parameters_total FROM models m WHERE m.parameters_total IS NOT NULL AND m.release_date "
        f"IS NOT NULL {LARGEST}",
        over_time("parameters_total", "parameters", "Parameters in total"),
    ),
    "capability": Trend(
        "Capability against compute",
        f"SELECT {MODEL}, m.training_flop, avg(r.rating) AS rating FROM arena_ratings r JOIN models m ON m.model_key = "
        "r.model_key WHERE m.training_flop IS NOT NULL AND m.estimation_method NOT IN ('leaderboard', "
        "'undisclosed') AND "
        "r.board = 'text' AND r.published = (SELECT max(l.published) FROM arena_ratings l WHERE l.model_key = "
        "r.model_key "
        f"AND l.board = r.board) GROUP BY m.model_key {LARGEST}",
        rating,
    ),
}
"""Name in the address to chart, in the order of the page."""
