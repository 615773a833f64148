"""What must hold for every model, whatever its numbers are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flopcrawl.estimation.combine import assess
from flopcrawl.estimation.distribution import interval
from flopcrawl.estimation.types import Input
from flopcrawl.vocabulary import Field, Qualifier
from tests.estimation.building import CALIBRATION, base, model

sizes = st.floats(1e8, 3e11)
tokens = st.floats(1e9, 1e14)
hours = st.floats(1e3, 1e9)
factors = st.floats(1.01, 100)


@given(sizes, tokens, factors, st.one_of(st.none(), st.floats(1e20, 1e26)))
def test_more_tokens_never_lower_an_estimate(size, count, factor, inherited):
    def flop(amount):
        known = {} if inherited is None else {"base_model_key": "b", "base": base(inherited)}
        return assess(model(parameters_total=size, tokens_trained=amount, **known), CALIBRATION).chosen.flop

    assert flop(count * factor) > flop(count)


@given(sizes, tokens, hours, factors)
def test_more_tokens_never_lower_it_beside_hardware_that_agrees(size, count, spent, factor):
    def found(amount):
        facts = model(parameters_total=size, tokens_trained=amount, gpu_type="H100", gpu_hours=spent)
        return assess(facts, CALIBRATION).chosen

    first, second = found(count), found(count * factor)
    if first.method is second.method:
        assert second.flop >= first.flop


@given(sizes, tokens, st.floats(2, 50))
def test_units_cancel_between_size_and_tokens(size, count, factor):
    plain = assess(model(parameters_total=size, tokens_trained=count), CALIBRATION).chosen.flop
    swapped = assess(model(parameters_total=size / factor, tokens_trained=count * factor), CALIBRATION).chosen.flop
    assert swapped == pytest.approx(plain)


@given(st.floats(1, 1e5), st.floats(0.1, 365))
def test_units_cancel_between_chips_days_and_chip_hours(chips, days):
    by_days = assess(model(gpu_type="A100", gpu_count=chips, training_days=days, mfu=0.4), CALIBRATION).chosen.flop
    by_hours = assess(model(gpu_type="A100", gpu_hours=chips * days * 24, mfu=0.4), CALIBRATION).chosen.flop
    assert by_hours == pytest.approx(by_days)


@given(sizes, tokens, st.one_of(st.none(), hours), st.sampled_from([0.5, 0.8, 0.9, 0.99]))
def test_intervals_contain_the_median_and_grow_with_coverage(size, count, spent, coverage):
    run = {} if spent is None else {"gpu_type": "H100", "gpu_hours": spent}
    for each in assess(model(parameters_total=size, tokens_trained=count, **run), CALIBRATION).estimates:
        low, high = interval(each.flop, each.sigma, coverage)
        assert low < each.flop < high
        wider_low, wider_high = interval(each.flop, each.sigma, coverage + 0.009)
        assert wider_low < low
        assert high < wider_high


VALUES = {
    Field.PARAMETERS_TOTAL: Input(405e9, "a"),
    Field.TOKENS_TRAINED: Input(15e12, "b", Qualifier.MORE),
    Field.GPU_TYPE: Input("H100", "c"),
    Field.GPU_COUNT: Input(16384.0, "d"),
    Field.TRAINING_DAYS: Input(80.0, "e"),
    Field.MFU: Input(0.4, "f"),
    Field.NUMBER_FORMAT: Input("BF16", "g"),
}
BOUNDS = [Input(1e25, "h", Qualifier.MORE), Input(2e25, "i", Qualifier.MORE), Input(1e27, "j", Qualifier.LESS)]


@given(st.permutations(list(VALUES.items())), st.permutations(BOUNDS))
def test_permuting_claims_changes_nothing(values, bounds):
    facts = replace(model(), inputs=dict(values), bounds=tuple(bounds))
    straight = replace(model(), inputs=VALUES, bounds=tuple(BOUNDS))
    assert assess(facts, CALIBRATION) == assess(straight, CALIBRATION)


@given(st.floats(1e20, 1e28), st.floats(0.03, 1.0))
def test_probabilities_fall_with_the_threshold(flop, within):
    entered = Input(flop, "corrections.csv:2", within_factor=1 + within)
    said = [each.probability for each in assess(model(correction=entered), CALIBRATION).statements]
    assert said == sorted(said, reverse=True)
