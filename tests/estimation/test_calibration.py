from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from flopcrawl.estimation.calibration import BY_SCALE, STARTING, Calibration, Regression, Spread
from flopcrawl.estimation.fitting import PRIOR_MODELS, Known, core, fit, fit_line, roll, samples_for, scale, shrunk
from flopcrawl.estimation.types import Rating
from flopcrawl.vocabulary import Method
from tests.estimation.building import model


def known(number: int, noise: float = 0.0) -> Known:
    """A model on the line log10 FLOP = log10 N + 14.0 + 0.4 · (year − 2023) with a rating that follows its compute."""
    year, month = 2023 + number % 3, 1 + number % 12
    size = 10 ** (9 + 2 * (number * 7 % 11) / 11)
    target = math.log10(size) + 14.0 + 0.4 * (year - 2023) + noise
    rating = Rating(f"{year}-{month:02d}-20", 1000 + 100 * (target - 23.5))
    facts = model(
        "Model", f"{year}-{month:02d}-10", parameters_active=size, ratings=(rating,), organization=f"lab-{number % 4}"
    )
    return Known(replace(facts, model_key=f"model-{number:03d}"), 10**target, {Method.OPERATIONS: 10**target})


def test_a_calibration_comes_back_from_its_rows():
    stored = Calibration(
        "2026-01-02T00:00:00Z",
        {**STARTING, Spread.OPERATIONS: 0.09},
        {
            BY_SCALE: Regression({"const": -0.1, "gap": 0.3}, 0.4, ("c",)),
            Method.PARAMETERS: Regression({"const": 13.0, "log_active": 1.0, "years": 0.4}, 0.5, ("a", "b")),
        },
        {Spread.OPERATIONS: ("a", "b", "c")},
    )
    assert Calibration.from_rows(stored.rows()) == stored


def test_the_latest_calibration_counts_and_without_one_the_shipped():
    older = Calibration("2025-01-01T00:00:00Z", {**STARTING, Spread.REPORTED: 0.2})
    newer = Calibration("2026-01-01T00:00:00Z", {**STARTING, Spread.REPORTED: 0.04})
    assert Calibration.from_rows([*newer.rows(), *older.rows()]).spreads[Spread.REPORTED] == 0.04
    assert Calibration.from_rows([]) == Calibration.shipped()
    assert Calibration.provisional().is_provisional


def test_the_shipped_calibration_names_the_models_that_it_was_fitted_on():
    shipped = Calibration.shipped()
    assert not shipped.is_provisional
    assert len(shipped.regressions[Method.PARAMETERS].models_used) >= 9
    assert shipped.spreads.keys() == STARTING.keys()


def test_an_unknown_method_in_the_table_is_an_error():
    row = {"date": "2026-01-01", "method": "tea leaves", "coefficients": "{}", "spread": 0.1, "models_used": "[]"}
    with pytest.raises(ValueError, match="tea leaves"):
        Calibration.from_rows([row])


def test_the_scale_of_errors_is_robust():
    errors = [0.1 * (-1) ** number for number in range(40)]
    assert scale([*errors, 3.0]) < 1.5 * scale(errors)


def test_few_models_move_a_spread_little():
    assert shrunk(0.0, 0, 0.12) == pytest.approx(0.12)
    assert 0.09 < shrunk(0.01, 1, 0.12) < 0.12
    assert shrunk(0.01, 50 * PRIOR_MODELS, 0.12) == pytest.approx(0.03, abs=0.01)


def test_one_misread_page_does_not_move_the_spread_of_stated_evidence():
    assert core([0.01, -0.03, 1.5]) < 0.05


def test_a_line_is_found_despite_an_outlier():
    models = [known(number) for number in range(40)]
    wrong = known(40, noise=4.0)
    line = fit_line(samples_for(Method.PARAMETERS, [*models, wrong], ()))
    assert line["log_active"] == pytest.approx(1.0, abs=0.1)
    assert line["years"] == pytest.approx(0.4, abs=0.1)


def test_too_few_models_give_no_line_and_an_idle_feature_is_left_out():
    models = [known(number) for number in range(40)]
    assert fit_line(samples_for(Method.PARAMETERS, models[:5], ())) is None
    same_year = [each for each in models if each.facts.release_date == models[0].facts.release_date]
    samples = samples_for(Method.PARAMETERS, same_year * 6, ())
    assert fit_line(samples) is None or "years" not in fit_line(samples)


def test_rolling_origin_tries_only_later_models():
    models = [known(number) for number in range(36)]
    samples = samples_for(Method.PARAMETERS, models, ())
    tried = {each.model_key for each in roll(samples)}
    by_release = [sample.model_key for sample in sorted(samples, key=lambda s: (s.released, s.model_key))]
    assert tried == set(by_release[18:])


def test_a_fit_does_not_depend_on_the_order_of_the_models():
    noise = random.Random(3)
    models = [known(number, noise.gauss(0, 0.2)) for number in range(40)]
    assert fit(models, "2026-01-01") == fit(models[::-1], "2026-01-01")


def test_spreads_of_the_regressions_come_from_later_models():
    noise = random.Random(4)
    fitted = fit([known(number, noise.gauss(0, 0.15)) for number in range(90)], "2026-01-01")
    assert 0.1 < fitted.calibration.regressions[Method.PARAMETERS].spread < 0.4
    assert fitted.calibration.regressions[Method.PARAMETERS].models_used == tuple(f"model-{n:03d}" for n in range(90))
    assert len(fitted.tried[Method.LEADERBOARD]) == 45


def test_conflicts_and_a_handful_of_pairs_leave_a_spread_alone():
    pairs = [
        Known(each.facts, each.chosen, {Method.REPORTED: each.chosen, Method.OPERATIONS: each.chosen * factor})
        for each, factor in zip((known(number) for number in range(30)), [1.0] * 4 + [9.0] * 26, strict=True)
    ]
    assert fit(pairs, "2026-01-01").calibration.spreads[Spread.OPERATIONS] == STARTING[Spread.OPERATIONS]


def test_spreads_of_operations_come_from_what_is_also_reported():
    models = [
        Known(each.facts, each.chosen, {Method.REPORTED: each.chosen, Method.OPERATIONS: each.chosen * 1.05})
        for each in (known(number) for number in range(30))
    ]
    fitted = fit(models, "2026-01-01").calibration
    assert fitted.spreads[Spread.OPERATIONS] < STARTING[Spread.OPERATIONS]
    assert len(fitted.fitted_on[Spread.OPERATIONS]) == 30
    assert fitted.spreads[Spread.BASE] == STARTING[Spread.BASE]
