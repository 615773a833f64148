from __future__ import annotations

import math
from dataclasses import replace

import pytest

from flopcrawl.estimation import hardware, leaderboard, manual, operations, parameters, reported, undisclosed
from flopcrawl.estimation.calibration import Calibration, Regression
from flopcrawl.estimation.combine import assess
from flopcrawl.estimation.types import Input, Peer, Rating, Refused
from flopcrawl.vocabulary import Field, Method, Origin, Qualifier
from tests.estimation.building import CALIBRATION, base, model


def test_operations_is_six_n_d_with_a_formula_that_can_be_checked():
    found = operations.estimate(model("Qwen3-235B-A22B", tokens_trained=36e12), CALIBRATION)
    assert found.flop == pytest.approx(4.752e24)
    assert found.sigma == 0.12
    assert found.formula == "6 × 22B active parameters (from the name) × 36T tokens = 4.75e24 FLOP"
    assert found.inputs["tokens_trained"]["claim"] == "claim-tokens_trained"


def test_epochs_multiply_unique_tokens_only():
    unique = operations.estimate(model(parameters_total=7e9, dataset_tokens=1e12, epochs=4), CALIBRATION)
    assert unique.flop == pytest.approx(6 * 7e9 * 4e12)
    seen = operations.estimate(model(parameters_total=7e9, tokens_trained=1e12, epochs=4), CALIBRATION)
    assert seen.flop == pytest.approx(6 * 7e9 * 1e12)


def test_unknown_epochs_widen_the_estimate_and_are_flagged():
    found = operations.estimate(model(parameters_total=7e9, dataset_tokens=1e12), CALIBRATION)
    assert found.sigma > 0.12
    assert "epochs are not stated" in found.note


@pytest.mark.parametrize(
    ("qualifier", "words"),
    [(Qualifier.MORE, "over 15T"), (Qualifier.ABOUT, "about 15T"), (Qualifier.LESS, "up to 15T")],
)
def test_a_qualified_token_count_counts_like_the_number_and_keeps_its_qualifier(qualifier, words):
    tokens = Input(15e12, "c", qualifier)
    found = operations.estimate(model(parameters_total=70e9, tokens_trained=tokens), CALIBRATION)
    assert found.flop == pytest.approx(6.3e24)
    assert words in found.formula


def test_a_narrow_range_is_its_geometric_mean_and_a_vague_one_is_no_value():
    narrow = Input(10e12, "c", Qualifier.RANGE, 20e12)
    found = operations.estimate(model(parameters_total=70e9, tokens_trained=narrow), CALIBRATION)
    assert found.flop == pytest.approx(6 * 70e9 * math.sqrt(2) * 1e13)
    assert found.sigma > 0.12
    assert "10T to 20T tokens" in found.formula
    stored = Input(10e12, "c", "range", 20e12)  # as a database gives it
    assert operations.estimate(model(parameters_total=70e9, tokens_trained=stored), CALIBRATION).flop == found.flop
    vague = Input(10e12, "c", Qualifier.RANGE, 90e12)
    assert operations.estimate(model(parameters_total=70e9, tokens_trained=vague), CALIBRATION) is None


def test_tokens_without_a_size_are_refused_with_the_reason():
    found = operations.estimate(model("GPT-9", tokens_trained=15e12), CALIBRATION)
    assert found == Refused(Method.OPERATIONS, "15T tokens are stated, the number of parameters is not")


def test_imputed_active_parameters_are_wide_and_flagged():
    facts = model(parameters_total=400e9, architecture="mixture of experts", tokens_trained=10e12)
    found = operations.estimate(facts, CALIBRATION)
    assert found.sigma == 0.40
    assert found.flop == pytest.approx(6 * 0.09 * 400e9 * 10e12)
    assert "imputed" in found.note


def test_base_compute_is_counted_once():
    facts = model(parameters_total=7e9, tokens_trained=5e11, base_model_key="base", base=base(1e23))
    found = operations.estimate(facts, CALIBRATION)
    assert found.own_flop == pytest.approx(2.1e22)
    assert found.flop == pytest.approx(1.21e23)
    assert 0.08 < found.sigma < 0.12


def test_an_unknown_base_makes_the_own_part_a_lower_bound():
    found = operations.estimate(model(parameters_total=7e9, tokens_trained=5e10, base_model_key="base"), CALIBRATION)
    assert (found.flop, found.at_least) == (None, pytest.approx(2.1e21))
    assert "the compute of its base model base is unknown" in found.note


def test_hardware_by_chips_and_days():
    facts = model(gpu_type="H100", gpu_count=1000, training_days=10, mfu=0.4)
    found = hardware.estimate(facts, CALIBRATION)
    assert found.flop == pytest.approx(1000 * 10 * 86400 * 9.894e14 * 0.4)
    assert found.sigma == 0.10
    assert "40 % stated utilization" in found.formula


def test_chip_hours_come_before_chips_and_days():
    facts = model(gpu_type="A100", gpu_hours=1e6, gpu_count=1000, training_days=10, mfu=0.5)
    found = hardware.estimate(facts, CALIBRATION)
    assert found.flop == pytest.approx(1e6 * 3600 * 3.12e14 * 0.5)
    assert "chip-hours are stated" in found.note


def test_default_utilization_is_wide():
    found = hardware.estimate(model(gpu_type="A100", gpu_hours=1e6), CALIBRATION)
    assert found.sigma == 0.22
    assert found.flop == pytest.approx(1e6 * 3600 * 3.12e14 * 0.30)


@pytest.mark.parametrize(
    ("released", "chips", "column", "mfu"),
    [
        (2019.5, 512, "fp16", 0.25),
        (2021.5, 4096, "fp16", 0.30),
        (2024.5, 256, "fp16", 0.30),
        (2024.5, 16384, "fp16", 0.40),
        (2024.9, 2048, "fp8", 0.20),
        (None, None, "fp16", 0.30),
    ],
)
def test_default_utilization_by_era_scale_and_format(released, chips, column, mfu):
    assert hardware.default_mfu(released, chips, column) == mfu


def test_cores_are_not_chips():
    cores = hardware.estimate(model(gpu_type="TPU v3-256", training_days=10), CALIBRATION)
    as_chips = hardware.estimate(model(gpu_type="TPU v3", gpu_count=128, training_days=10), CALIBRATION)
    assert cores.flop == pytest.approx(as_chips.flop)


def test_an_unknown_chip_goes_to_review_by_name():
    found = hardware.estimate(model(gpu_type="Wafer 9000", gpu_hours=1e6), CALIBRATION)
    assert isinstance(found, Refused)
    assert "'Wafer 9000'" in found.reason


def test_a_mix_of_unequal_chips_is_refused():
    found = hardware.estimate(model(gpu_type="A100, H100", gpu_hours=1e6), CALIBRATION)
    assert isinstance(found, Refused)
    assert hardware.estimate(model(gpu_type="A100 40GB, A100 80GB", gpu_hours=1e6), CALIBRATION).flop > 0


def test_time_without_a_chip_is_refused_and_a_chip_without_time_is_nothing():
    assert isinstance(hardware.estimate(model(gpu_hours=1e6), CALIBRATION), Refused)
    assert hardware.estimate(model(gpu_type="H100", gpu_count=1000), CALIBRATION) is None


def test_reported_is_the_developers_number():
    found = reported.estimate(model(flop_reported=3.8e25), CALIBRATION)
    assert (found.flop, found.own_flop, found.sigma) == (3.8e25, 3.8e25, 0.05)


@pytest.mark.parametrize("qualifier", [Qualifier.MORE, Qualifier.LESS])
def test_a_stated_bound_is_no_value(qualifier):
    assert reported.estimate(model(flop_reported=Input(1e25, "c", qualifier)), CALIBRATION) is None


def test_a_reported_number_below_the_base_is_the_own_part():
    facts = model(flop_reported=1e23, base_model_key="base", base=base(1e24))
    found = reported.estimate(facts, CALIBRATION)
    assert (found.flop, found.own_flop) == (pytest.approx(1.1e24), 1e23)
    assert found.note


def test_a_person_is_as_sure_as_the_person_says():
    entered = Input(2e25, "corrections.csv:4", origin=Origin.MANUAL, within_factor=3)
    found = manual.estimate(model(correction=entered))
    assert found.sigma == pytest.approx(math.log10(3) / 2.1318, rel=1e-3)
    assert isinstance(manual.estimate(model(manual=Input(2e25, "models.csv:2"))), Refused)


def test_parameters_follow_size_and_date_and_only_for_language_models():
    small, large = (parameters.estimate(model(parameters_total=size), CALIBRATION) for size in (7e9, 70e9))
    assert large.flop == pytest.approx(10 * small.flop)
    later = parameters.estimate(model(released="2025-06-01", parameters_total=7e9), CALIBRATION)
    assert later.flop > small.flop
    assert parameters.estimate(model(parameters_total=7e9, domain="Image generation"), CALIBRATION) is None
    assert parameters.estimate(model(parameters_total=7e9, domain="Vision,Language"), CALIBRATION) is not None


PEERS = (
    Peer("known", "Lab", "2024-07-23", 4e25, (Rating("2024-08-01", 1260.0), Rating("2025-08-01", 1290.0))),
    Peer("weaker", "Lab", "2024-06-14", 2e25, (Rating("2024-07-01", 1210.0),)),
    Peer("small", "Lab", "2024-01-01", 8e23, (Rating("2024-02-01", 1100.0),)),
    Peer("later", "Lab", "2026-01-01", 9e26, ()),
)
REGRESSIONS = Calibration(
    "2026-01-01",
    regressions={
        Method.LEADERBOARD: Regression({"const": 10.0, "log_active": 0.5, "years": 0.3, "rating": 0.7}, 0.28),
        Method.UNDISCLOSED: Regression({"const": 25.0, "margin": 0.4, "years": 0.1, "scale": 0.5}, 0.55),
    },
)


def test_leaderboard_needs_a_rating_and_a_size():
    rated = model(parameters_active=30e9, ratings=(Rating("2024-07-01", 1250.0), Rating("2025-07-01", 1300.0)))
    found = leaderboard.estimate(rated, REGRESSIONS)
    assert "rated 1250" in found.formula
    assert leaderboard.estimate(model(parameters_active=30e9), REGRESSIONS) is None
    assert leaderboard.estimate(rated, CALIBRATION) is None


def test_undisclosed_compares_with_the_lowest_rated_known_model_at_that_time():
    rated = model("GPT-9", "2024-09-01", organization="Lab", ratings=(Rating("2024-09-05", 1310.0),))
    features = undisclosed.features(rated, PEERS)
    assert features["margin"] == pytest.approx(1.0)  # 1310 − 1210, in hundreds
    assert features["scale"] == pytest.approx(math.log10(4e25 / 3e25))  # against the peers' median; a later one is none
    early = model("GPT-8", "2024-06-20", ratings=(Rating("2024-08-15", 1310.0),))
    assert undisclosed.features(early, PEERS)["margin"] == pytest.approx(1.0)
    assert undisclosed.features(early, PEERS)["scale"] == 0.0
    later_only = model("GPT-7", "2023-03-14", ratings=(Rating("2024-08-01", 1200.0),))
    assert undisclosed.features(later_only, PEERS)["margin"] == pytest.approx(-0.1)
    before_any = model("GPT-7", "2023-03-14", ratings=(Rating("2023-05-01", 1200.0),))
    assert undisclosed.features(before_any, PEERS) is None
    found = undisclosed.estimate(rated, REGRESSIONS, PEERS)
    assert "100 points above" in found.formula
    assert found.sigma == 0.55


def test_a_known_developer_is_near_its_own_scale():
    shown = Peer("big-1", "Lab", "2024-01-01", 1e26, (Rating("2024-02-01", 1200.0),), disclosed=False)

    def made(name, date, rating):
        return model(name, date, organization="Lab", ratings=(Rating("2025-02-01", rating),))

    same = undisclosed.estimate(made("Next 2", "2025-01-01", 1200.0), CALIBRATION, [shown])
    better = undisclosed.estimate(made("Next 2", "2025-01-01", 1300.0), CALIBRATION, [shown])
    small = undisclosed.estimate(made("Next 2 mini", "2025-01-01", 1200.0), CALIBRATION, [shown])
    assert 0.5e26 < same.flop < 3e26
    assert better.flop > same.flop > 5 * small.flop
    assert "big-1" in same.formula


def test_what_the_text_board_rates_is_a_language_model_whatever_a_page_calls_its_domain():
    shown = Peer("big-1", "Lab", "2024-01-01", 1e26)
    unrated = replace(model("Next", "2025-01-01", organization="Lab"), domain="Biology")
    rated = replace(unrated, ratings=(Rating("2025-02-01", 1200.0),))
    assert undisclosed.estimate(unrated, CALIBRATION, [shown]) is None
    assert undisclosed.estimate(rated, CALIBRATION, [shown]) is not None


def test_a_scale_that_is_too_old_tells_nothing():
    shown = Peer("big-1", "Lab", "2020-01-01", 3e23)
    late = model("Late", "2025-01-01", organization="Lab", ratings=(Rating("2025-02-01", 1200.0),))
    assert undisclosed.anchor(late, [shown]) is None


def test_a_scale_over_the_main_line_goes_on_to_tell_with_bounded_growth():
    shown = Peer("big-1", "Lab", "2020-01-01", 1e26)
    late = model("Late", "2025-01-01", organization="Lab", ratings=(Rating("2025-02-01", 1200.0),))
    assert undisclosed.anchor(late, [shown]) is shown
    assert undisclosed.features_by_scale(late, [shown])["gap"] == undisclosed.SCALE_YEARS
    found = undisclosed.estimate(late, CALIBRATION, [shown])
    assert 1e26 < found.flop < 1e27
    assert "or more years later" in found.formula


def test_open_weights_are_of_the_scale_of_other_open_weights():
    closed = Peer("flagship", "Lab", "2024-06-01", 1e26)
    opened = Peer("open-1", "Lab", "2024-01-01", 2e24, open_weights=True)
    rated = (Rating("2025-02-01", 1200.0),)
    facts = model("Next", "2025-01-01", organization="Lab", ratings=rated)
    licensed = replace(facts, inputs={**facts.inputs, Field.LICENSE: Input("Apache 2.0")})
    proprietary = replace(facts, inputs={**facts.inputs, Field.LICENSE: Input("Proprietary")})
    assert undisclosed.anchor(facts, [closed, opened]) is closed
    assert undisclosed.anchor(proprietary, [closed, opened]) is closed
    assert undisclosed.anchor(licensed, [closed, opened]) is opened
    assert undisclosed.anchor(licensed, [closed]) is None


@pytest.mark.parametrize(
    ("accessibility", "licence", "is_open"),
    [
        ("Open weights (restricted use)", "", True), ("API access", "MIT", False), ("", "Modified MIT", True),
        ("", "Proprietary", False), ("", "-", False), ("", "", False),
    ],
)  # fmt: skip
def test_whether_everybody_can_have_the_weights(accessibility, licence, is_open):
    assert undisclosed.has_open_weights(accessibility, licence) is is_open


@pytest.mark.parametrize(
    ("name", "steps"),
    [("Next 2", 0), ("Next 2 Pro", 0), ("Next Medium 2", 0.5), ("Next 2 mini", 1), ("Next 2 Flash-Lite", 2)],
)
def test_a_name_says_how_far_below_the_largest_a_model_stands(name, steps):
    assert undisclosed.steps_down(name) == steps


def test_an_entered_compute_is_no_floor():
    rated = model("Rated", "2025-01-01", organization="Lab", ratings=(Rating("2025-02-01", 1200.0),))
    entered = Peer("big-1", "Other", "2024-01-01", 1e26, (Rating("2025-01-01", 1100.0),), disclosed=False)
    assert undisclosed.floor(rated, rated.ratings[0], [entered]) is None


def test_a_leading_model_without_a_date_is_no_estimate_but_a_case_for_review():
    entered = Peer("big-1", "Other", "2024-01-01", 1e26, (Rating("2025-01-01", 1100.0),), disclosed=False)
    undated = model("Leader", "", organization="Lab", ratings=(Rating("2025-02-01", 1200.0),))
    said = undisclosed.contender(undated, [entered])
    assert "rated 1200 on 2025-02-01, 100 points above" in said
    assert "its release date" in said
    assert "its release date" not in undisclosed.contender(replace(undated, release_date="2025-01-01"), [entered])
    assessment = assess(undated, CALIBRATION, [entered])
    assert assessment.chosen is None
    assert assessment.review == said


def test_a_model_rated_below_every_known_one_or_unrated_is_no_case_for_review():
    known = Peer("big-1", "Other", "2024-01-01", 1e26, (Rating("2025-01-01", 1300.0),))
    undated = model("Small", "", ratings=(Rating("2025-02-01", 1200.0),))
    assert undisclosed.contender(undated, [known]) == ""
    assert undisclosed.contender(replace(undated, ratings=()), [known]) == ""
    assert undisclosed.contender(undated, []) == ""
    biology = replace(undated, domain="Biology", ratings=())
    assert undisclosed.contender(biology, [known]) == ""
    misread = replace(undated, domain="Biology", ratings=(Rating("2025-02-01", 1400.0),))  # the board is of text
    assert "would settle it" in undisclosed.contender(misread, [known])


def test_an_unrated_model_newer_than_its_developers_last_one_over_is_for_a_person():
    last = Peer("big-2", "Lab", "2025-02-01", 3e25)
    newer = model("big-3", "2026-01-01", organization="Lab", domain="Language")
    assert "newer than big-2" in undisclosed.contender(newer, [last])
    assert undisclosed.contender(replace(newer, release_date="2025-01-01"), [last]) == ""
    assert undisclosed.contender(replace(newer, release_date=""), [last]) == ""
    assert undisclosed.contender(replace(newer, organization="Other Lab"), [last]) == ""
    assert undisclosed.contender(newer, [replace(last, flop=3e24)]) == ""
    assert undisclosed.contender(replace(newer, domain="Biology"), [last]) == ""
