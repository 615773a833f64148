from __future__ import annotations

import pytest

from flopcrawl.estimation.base import derivation_order, estimate, is_derivative
from flopcrawl.estimation.combine import assess
from flopcrawl.vocabulary import Method
from tests.estimation.building import CALIBRATION, base, model


def test_a_fine_tune_of_unknown_compute_has_its_bases():
    assessment = assess(model("Tune", base_model_key="big", base=base(2e25)), CALIBRATION)
    assert assessment.chosen.method is Method.BASE
    assert assessment.chosen.flop == 2e25
    assert assessment.chosen.sigma == pytest.approx((0.1**2 + 0.15**2) ** 0.5)
    assert estimate(model("Tune", base_model_key="unknown"), CALIBRATION) is None


def test_bases_come_before_their_descendants():
    order = derivation_order({"c": "b", "b": "a", "x": ""})
    assert order.keys.index("a") < order.keys.index("b") < order.keys.index("c")
    assert "x" in order.keys
    assert not order.cyclic


def test_circles_are_refused_and_the_rest_still_has_an_order():
    order = derivation_order({"a": "b", "b": "a", "c": "a", "self": "self", "d": "c"})
    assert order.cyclic == {"a", "b", "self"}
    assert order.keys.index("a") < order.keys.index("c") < order.keys.index("d")


def test_order_does_not_depend_on_the_mapping():
    links = {"c": "b", "b": "a", "e": "d", "d": "e"}
    assert derivation_order(links) == derivation_order(dict(reversed(links.items())))


@pytest.mark.parametrize(
    ("own", "of_base", "same_developer", "same_shape", "expected"),
    [
        (1e24, 4e24, False, True, True),
        (2e24, 4e24, False, True, False),
        (None, 4e24, False, True, True),
        (1e24, 4e24, True, True, False),
        (1e24, 4e24, False, False, False),
        (1e24, None, False, True, False),
    ],
)
def test_derivatives(own, of_base, same_developer, same_shape, expected):
    assert is_derivative(own, of_base, same_developer=same_developer, same_shape=same_shape) is expected


def test_a_whole_run_on_top_of_an_unknown_base_stands_for_the_total_widely():
    facts = model(parameters_total=7e9, tokens_trained=5e12, base_model_key="unknown")
    found = assess(facts, CALIBRATION).chosen
    assert found.method is Method.OPERATIONS
    assert (found.flop, found.at_least, found.sigma) == (pytest.approx(2.1e23), pytest.approx(2.1e23), 0.45)


def test_a_small_run_on_top_of_an_unknown_base_is_a_lower_bound_only():
    facts = model(parameters_total=70e9, tokens_trained=5e11, base_model_key="unknown")
    found = assess(facts, CALIBRATION).chosen
    assert found.method is Method.PARAMETERS
