from __future__ import annotations

import pytest

from flopcrawl.estimation.combine import as_peer, assess
from flopcrawl.estimation.types import Input
from flopcrawl.vocabulary import Classification, Confidence, Method, Origin, Qualifier
from tests.estimation.building import CALIBRATION, base, model

RUN = {"gpu_type": "H100", "gpu_count": 16384, "training_days": 80, "mfu": 0.4}
ENTERED = Input(9e24, "models.csv:2", origin=Origin.MANUAL, within_factor=3)


def chosen(facts):
    return assess(facts, CALIBRATION).chosen


def test_the_order_of_precedence():
    operations = {"parameters_total": 405e9, "tokens_trained": 15.6e12}
    assert chosen(model(flop_reported=3.8e25, **operations, **RUN)).method is Method.REPORTED
    assert chosen(model(**operations, **RUN)).method is Method.OPERATIONS_HARDWARE
    assert chosen(model(**operations)).method is Method.OPERATIONS
    assert chosen(model(**RUN)).method is Method.HARDWARE
    assert chosen(model(parameters_total=405e9)).method is Method.PARAMETERS
    assert chosen(model("GPT-9")) is None


def test_a_correction_outranks_everything_and_a_models_row_only_what_nobody_disclosed():
    facts = {"flop_reported": 3.8e25, "parameters_total": 405e9, "tokens_trained": 15.6e12}
    assert chosen(model(correction=ENTERED, **facts)).flop == 9e24
    assert chosen(model(manual=ENTERED, **facts)).method is Method.REPORTED
    assert chosen(model(manual=ENTERED, parameters_total=405e9)).method is Method.MANUAL
    assert chosen(model(manual=ENTERED, base_model_key="b", base=base(1e25))).method is Method.MANUAL


def test_a_models_row_far_from_the_disclosure_goes_to_review():
    assessment = assess(model(manual=ENTERED, flop_reported=3.8e25), CALIBRATION)
    assert "manual (9e24) and reported (3.8e25 FLOP) are 4.2× apart" in assessment.review


def test_all_methods_that_can_run_are_kept():
    facts = model(flop_reported=3.8e25, parameters_total=405e9, tokens_trained=15.6e12, **RUN)
    methods = {each.method for each in assess(facts, CALIBRATION).estimates}
    assert methods == {
        Method.REPORTED, Method.OPERATIONS_HARDWARE, Method.OPERATIONS, Method.HARDWARE, Method.PARAMETERS,
    }  # fmt: skip


def test_agreeing_methods_are_weighed_seven_to_three_in_log_space():
    found = chosen(model(parameters_total=405e9, tokens_trained=15.6e12, **RUN))
    by_operations, by_hardware = 6 * 405e9 * 15.6e12, 16384 * 80 * 86400 * 9.894e14 * 0.4
    assert found.flop == pytest.approx(by_operations**0.7 * by_hardware**0.3)
    assert found.sigma == 0.11
    assert {"tokens_trained", "gpu_count"} <= found.inputs.keys()


def test_conflicting_methods_keep_both_choose_operations_and_go_to_review():
    assessment = assess(model(parameters_total=405e9, tokens_trained=1e12, **RUN), CALIBRATION)
    assert assessment.chosen.method is Method.OPERATIONS
    assert assessment.chosen.sigma == 0.45
    assert Method.HARDWARE in {each.method for each in assessment.estimates}
    assert "apart" in assessment.review


def test_before_token_counts_meant_tokens_seen_the_hardware_knows_of_the_epochs():
    facts = {
        "parameters_total": 355e6,
        "tokens_trained": 32e9,
        "gpu_type": "V100",
        "gpu_count": 1024,
        "training_days": 1,
    }
    assert chosen(model("Old", "2019-07-01", **facts)).method is Method.HARDWARE
    assert chosen(model("New", "2024-07-01", **facts)).method is Method.OPERATIONS


def test_imputed_active_parameters_weigh_less_than_hardware():
    facts = {"parameters_total": 400e9, "architecture": "mixture of experts", "tokens_trained": 10e12}
    run = {"gpu_type": "H100", "gpu_hours": 2e6, "mfu": 0.35}
    found = chosen(model(**facts, **run))
    assert found.method is Method.OPERATIONS_HARDWARE
    assert found.flop == pytest.approx(2e6 * 3600 * 9.894e14 * 0.35, rel=0.1)
    far = chosen(model(**facts, gpu_type="H100", gpu_hours=2e7, mfu=0.35))
    assert far.method is Method.HARDWARE


def test_the_reason_is_one_readable_sentence_with_the_numbers():
    reason = assess(model("Qwen3-235B-A22B", "2025-04-29", tokens_trained=36e12), CALIBRATION).reason
    assert reason == (
        "The developer states how many tokens the model was trained on: 6 × 22B active parameters (from the name) × "
        "36T tokens = 4.75e24 FLOP (90 % between 2.64e24 and 8.56e24), so the chance of being over 1e25 is 3 %."
    )


def test_nothing_known_is_unknown_everywhere():
    assessment = assess(model("GPT-9"), CALIBRATION)
    assert assessment.confidence is Confidence.UNKNOWN
    assert {each.classification for each in assessment.statements} == {Classification.UNKNOWN}
    assert assessment.review == ""


def test_an_uncertain_model_says_what_would_settle_it():
    facts = model("Big 126B", tokens_trained=Input(14e12, "c", Qualifier.MORE))
    assessment = assess(facts, CALIBRATION)
    assert "crosses 1e25 above 13.2T tokens at 126B parameters" in assessment.review
    assert "above 3,250 H100 for 90 days at 40 % utilization" in assessment.review


def test_three_thresholds_each_with_its_rule():
    statements = assess(model(flop_reported=4e25), CALIBRATION).statements
    assert [each.threshold for each in statements] == [1e23, 1e25, 1e26]
    assert [each.classification for each in statements] == ["over", "over", "under"]
    assert all(each.basis for each in statements)


def test_only_disclosed_models_are_peers():
    disclosed = model(flop_reported=4e25)
    assert as_peer(disclosed, assess(disclosed, CALIBRATION)).flop == 4e25
    guessed = model(parameters_total=70e9)
    assert as_peer(guessed, assess(guessed, CALIBRATION)) is None
