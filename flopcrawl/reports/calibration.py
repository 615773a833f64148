"""The models that a calibration may be fitted on, from the database, and the calibration as a readable page."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flopcrawl.estimation import words
from flopcrawl.estimation.active import active_parameters
from flopcrawl.estimation.calibration import STARTING, Calibration
from flopcrawl.estimation.combine import DISCLOSED
from flopcrawl.estimation.distribution import confidence, interval, probability_over
from flopcrawl.estimation.fitting import Fitted, Known, Tried
from flopcrawl.estimation.thresholds import LISTED_FROM, MAIN
from flopcrawl.estimation.types import Input, ModelFacts, Rating
from flopcrawl.reports.statistics import BORDER, Median, Share, in_border
from flopcrawl.vocabulary import Confidence, Field, Method, Origin

BOARD = "text"
"""The leaderboard whose raw ratings enter regressions; style-controlled ones are never mixed in."""

COMPARISONS = (Method.UNDISCLOSED, Method.LEADERBOARD, Method.PARAMETERS)
"""What would be said of a model whose developer states nothing of the run; the way for closed models first."""

RAISED_SHOWN = 25
"""Models whose rise in confidence the page shows."""

JUDGED_LEVELS = (0.8, 0.9)
WITHIN = 2.0


def known_models(db: sqlite3.Connection) -> list[Known]:
    """Models whose own scraped claims give reported, operations or hardware: nothing entered by hand, no base unknown.

    In the order of their keys, so that a fit never depends on the order in which sources ran.
    """
    estimates: dict[str, dict[Method, tuple[float, Mapping[str, Mapping[str, object]], bool]]] = defaultdict(dict)
    query = "SELECT model_key, method, flop, inputs, formula, chosen FROM estimates WHERE flop IS NOT NULL"
    for key, name, flop, inputs, _, chosen in db.execute(query):
        if Method(name) in DISCLOSED:
            estimates[key][Method(name)] = (float(flop), json.loads(inputs), bool(chosen))
    ratings = rating_histories(db)
    rows = db.execute(
        "SELECT model_key, name, organization, release_date, domain, architecture, parameters_total, "
        "parameters_active, base_model_key FROM models ORDER BY model_key"
    )
    found = []
    for key, name, organization, released, domain, architecture, total, active, base in rows:
        of_model = {
            method: (flop, inputs, chosen)
            for method, (flop, inputs, chosen) in estimates.get(key, {}).items()
            if all(each.get("origin") != Origin.MANUAL for each in inputs.values())
        }
        chosen = next((flop for flop, _, is_chosen in of_model.values() if is_chosen), None)
        if chosen is None:
            continue
        values = {
            Field.ARCHITECTURE: architecture, Field.PARAMETERS_TOTAL: total, Field.PARAMETERS_ACTIVE: active,
        }  # fmt: skip
        facts = ModelFacts(
            key, name, organization or "", released or "", domain or "",
            {field: Input(value) for field, value in values.items() if value is not None},
            base_model_key=base or "", ratings=ratings.get(key, ()),
        )  # fmt: skip
        hardware_inputs = of_model[Method.HARDWARE][1] if Method.HARDWARE in of_model else {}
        found.append(
            Known(
                facts,
                chosen,
                {method: flop for method, (flop, _, _) in of_model.items()},
                mfu_stated=str(Field.MFU) in hardware_inputs,
                imputed=_imputed(facts, of_model),
            )
        )
    return found


def _imputed(facts: ModelFacts, of_model: Mapping[Method, object]) -> bool:
    active = active_parameters(facts)
    return Method.OPERATIONS in of_model and active is not None and active.imputed


def rating_histories(db: sqlite3.Connection) -> dict[str, tuple[Rating, ...]]:
    """Every model's raw ratings, oldest first."""
    histories: dict[str, list[Rating]] = defaultdict(list)
    query = (
        "SELECT model_key, published, rating FROM arena_ratings WHERE board = ? AND model_key IS NOT NULL "
        "ORDER BY model_key, published, rating"
    )
    for key, published, rating in db.execute(query, (BOARD,)):
        histories[key].append(Rating(published, float(rating)))
    return {key: tuple(history) for key, history in histories.items()}


@dataclass(frozen=True, slots=True)
class Raised:
    """A model whose confidence rose because its developer's facts were found: by comparison before, disclosed after.

    ``before`` and ``after`` are a method, its value (FLOP) and the word for its confidence.
    """

    name: str
    before: tuple[str, float, Confidence]
    after: tuple[str, float, Confidence]


def raised(db: sqlite3.Connection) -> list[Raised]:
    """Models that disclosed facts make surer than the best comparison would, the largest first."""
    found = []
    chosen = db.execute(
        "SELECT m.model_key, m.name, e.method, e.flop, e.sigma FROM models m JOIN estimates e "
        "ON e.model_key = m.model_key AND e.chosen = 1 WHERE e.flop IS NOT NULL ORDER BY e.flop DESC, m.model_key"
    ).fetchall()
    for key, name, method, flop, sigma in chosen:
        if Method(method) not in DISCLOSED:
            continue
        compared = {
            each: (value, spread)
            for each, value, spread in db.execute(
                "SELECT method, flop, sigma FROM estimates WHERE model_key = ? AND flop IS NOT NULL", (key,)
            )
        }
        other = next((each for each in COMPARISONS if each in compared), None)
        if other is None:
            continue
        value, spread = compared[other]
        if sigma < spread and confidence(sigma) is not confidence(spread):
            before, after = (other, value, confidence(spread)), (method, flop, confidence(sigma))
            found.append(Raised(name, before, after))
    return found


def raised_table(rows: Sequence[Raised]) -> list[str]:
    """What :func:`raised` found as Markdown."""
    if not rows:
        return []
    lines = [
        "", "## From comparison to disclosure", "",
        "What was said before the developer's facts were read, and what is said with them.", "",
        "| model | before | after |", "|---|---|---|",
    ]  # fmt: skip
    for row in rows[:RAISED_SHOWN]:
        cells = (f"{method}, {words.flop(flop)} FLOP, {word}" for method, flop, word in (row.before, row.after))
        lines.append(f"| {row.name.replace('|', '/')} | {' | '.join(cells)} |")
    return lines


def markdown(fitted: Fitted) -> str:
    """The calibration as Markdown: spreads, coefficients, and how each regression did on later models."""
    calibration = fitted.calibration
    lines = [
        "# Calibration",
        "",
        f"Fitted {calibration.date or 'never'} on models whose own claims give their training compute.",
        "",
        "| spread of | decades | to start from | models |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {value:.3f} | {STARTING[name]:.2f} | {len(calibration.fitted_on.get(name, ()))} |"
        for name, value in calibration.spreads.items()
    ]
    lines += ["", "| regression | spread | models | log10 FLOP = |", "|---|---|---|---|"]
    for method, fit in calibration.regressions.items():
        terms = " + ".join(f"{value:.3f} · {name}" for name, value in sorted(fit.coefficients.items()))
        lines.append(f"| {method} | {fit.spread:.3f} | {len(fit.models_used)} | {terms} |")
    for method, tried in fitted.tried.items():
        lines += ["", *judged(method, tried, calibration)]
    return "\n".join(lines) + "\n"


def judged(method: Method, tried: Sequence[Tried], calibration: Calibration) -> list[str]:
    """How a regression did on models released after those that it was fitted on (rolling origin)."""
    lines = [f"## {method} on later models", ""]
    if not tried:
        return [*lines, "Too few models to try it on later ones."]
    spread = calibration.regressions[method].spread
    close = Share(sum(abs(each.error) <= math.log10(WITHIN) for each in tried), len(tried))
    lines.append(f"- within 2×: {close}; median ratio {Median.of([10**each.error for each in tried])}")
    for level in JUDGED_LEVELS:
        inside = 0
        for each in tried:
            low, high = interval(10**each.predicted, spread, level)
            inside += low <= 10**each.target <= high
        lines.append(f"- {100 * level:.0f} % intervals cover {Share(inside, len(tried))}")
    away = [each for each in tried if not in_border(10**each.target, MAIN)]
    listed = [each for each in away if probability_over(MAIN, 10**each.predicted, spread) >= LISTED_FROM]
    over = [each for each in away if 10**each.target > MAIN]
    hits = sum(10**each.target > MAIN for each in listed)
    lines.append(
        f"- at {words.flop(MAIN)}: precision {Share(hits, len(listed))}, recall {Share(hits, len(over))}; "
        f"{len(tried) - len(away)} within {100 * (BORDER - 1):.0f} % of the line left out"
    )
    return lines
