from __future__ import annotations

import pytest

from flopcrawl.estimation import bound
from flopcrawl.estimation.combine import assess
from flopcrawl.estimation.types import Input
from flopcrawl.vocabulary import Classification, Confidence, Method, Qualifier
from tests.estimation.building import CALIBRATION, model

MORE = Input(1e25, "claim-1", Qualifier.MORE)
LESS = Input(1e25, "claim-2", Qualifier.LESS)


def at(assessment, threshold):
    return next(each for each in assessment.statements if each.threshold == threshold)


def test_a_statement_of_being_over_decides_without_a_value():
    assessment = assess(model("Closed", bounds=(MORE,)), CALIBRATION)
    assert assessment.chosen.method is Method.BOUND
    assert assessment.chosen.flop is None
    assert assessment.confidence is Confidence.UNKNOWN
    assert at(assessment, 1e23).classification is Classification.OVER
    assert at(assessment, 1e25).classification is Classification.OVER
    assert at(assessment, 1e26).classification is Classification.UNKNOWN


def test_a_statement_of_being_under_decides_without_a_value():
    assessment = assess(model("Closed", bounds=(LESS,)), CALIBRATION)
    assert at(assessment, 1e25).classification is Classification.UNDER
    assert at(assessment, 1e26).classification is Classification.UNDER
    assert at(assessment, 1e23).classification is Classification.UNKNOWN


def test_a_bound_written_as_reported_compute_is_a_bound():
    assessment = assess(model("Closed", flop_reported=MORE), CALIBRATION)
    assert assessment.chosen.at_least == 1e25


def test_bounds_cut_an_estimate():
    facts = model(parameters_total=100e9, tokens_trained=15e12)
    plain = at(assess(facts, CALIBRATION), 1e25).probability
    above = at(assess(model(parameters_total=100e9, tokens_trained=15e12, bounds=(MORE,)), CALIBRATION), 1e25)
    below = at(assess(model(parameters_total=100e9, tokens_trained=15e12, bounds=(LESS,)), CALIBRATION), 1e25)
    assert below.probability < 0.1 < plain < 0.9 < above.probability


def test_contradicting_bounds_decide_nothing_and_are_flagged():
    lower = Input(1e26, "claim-1", Qualifier.MORE)
    assessment = assess(model("Closed", bounds=(lower, LESS)), CALIBRATION)
    assert assessment.chosen is None
    assert "contradict" in assessment.review


def test_a_vague_number_of_tokens_bounds_the_compute():
    vague = Input(10e12, "claim", Qualifier.RANGE, 100e12)
    found = bound.estimate(model(parameters_total=400e9, architecture="dense", tokens_trained=vague))
    assert (found.at_least, found.at_most) == (pytest.approx(2.4e25), pytest.approx(2.4e26))
