from __future__ import annotations

import math

import pytest

from flopcrawl.estimation.distribution import confidence, half_width, interval, probability_over, sigma_within
from flopcrawl.vocabulary import Confidence


def test_half_widths_are_those_of_student_t_with_four_degrees_of_freedom():
    assert half_width(0.90) == pytest.approx(2.132, abs=5e-4)
    assert half_width(0.80) == pytest.approx(1.533, abs=5e-4)


def test_the_interval_is_symmetric_on_a_log_scale():
    low, high = interval(1e25, 0.12)
    assert math.sqrt(low * high) == pytest.approx(1e25)
    assert high / 1e25 == pytest.approx(10 ** (2.1318 * 0.12), rel=1e-3)


def test_a_factor_and_its_spread_are_one_statement():
    low, high = interval(5e24, sigma_within(3))
    assert (low, high) == (pytest.approx(5e24 / 3), pytest.approx(1.5e25))


@pytest.mark.parametrize("factor", [1.0, 0.5, 0.0, -3.0, float("nan")])
def test_a_factor_of_one_or_less_says_nothing(factor):
    with pytest.raises(ValueError, match="within a factor"):
        sigma_within(factor)


@pytest.mark.parametrize(
    ("sigma", "word"),
    [
        (0.05, Confidence.CONFIDENT),
        (0.224, Confidence.CONFIDENT),
        (0.226, Confidence.LIKELY),
        (0.469, Confidence.LIKELY),
        (0.471, Confidence.SPECULATIVE),
    ],
)
def test_words_of_confidence(sigma, word):
    assert confidence(sigma) is word


def test_factors_of_three_and_ten_have_their_words():
    assert confidence(sigma_within(3)) is Confidence.CONFIDENT
    assert confidence(sigma_within(10)) is Confidence.LIKELY
    assert confidence(sigma_within(31)) is Confidence.SPECULATIVE


def test_probability_at_the_median_is_one_half_and_falls_with_the_threshold():
    assert probability_over(1e25, 1e25, 0.2) == pytest.approx(0.5)
    falling = [probability_over(10**exponent, 1e25, 0.2) for exponent in (24.0, 24.5, 25.0, 25.5, 26.0)]
    assert falling == sorted(falling, reverse=True)
    # a normal distribution would say .99997 one decade off at four σ; the heavy tails do not
    assert 0.99 < probability_over(1e24, 1e25, 0.25) < 0.995
