from __future__ import annotations

import pytest

from flopcrawl.reports.statistics import Median, Share, in_border


def test_wilsons_interval_as_in_the_textbook():
    low, high = Share(9, 10).interval
    assert (low, high) == (pytest.approx(0.596, abs=1e-3), pytest.approx(0.982, abs=1e-3))
    assert Share(0, 10).interval[0] == pytest.approx(0.0, abs=1e-12)


def test_no_models_no_share():
    assert Share(0, 0).value is None
    assert str(Share(0, 0)) == "– (n = 0)"
    assert Median.of([]) == Median(None, None, None, 0)


def test_the_bootstrap_is_the_same_every_time_and_contains_the_median():
    values = [0.5, 0.9, 1.0, 1.1, 2.0, 0.95, 1.3]
    first, second = Median.of(values), Median.of(values)
    assert first == second
    assert first.low <= first.value <= first.high


@pytest.mark.parametrize(
    ("value", "inside"), [(1e25, True), (1.069e25, True), (0.9e25, True), (1.2e25, False), (8e24, False)]
)
def test_the_border_zone_is_twelve_percent(value, inside):
    assert in_border(value, 1e25) is inside
