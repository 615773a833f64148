from __future__ import annotations

import pytest

from flopcrawl.estimation.active import active_from_name, active_parameters, total_from_name
from tests.estimation.building import model


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("Qwen3-235B-A22B", 22e9),
        ("ERNIE-4.5-300B-A47B-PT", 47e9),
        ("Granite 3.0 1B-A400M", 400e6),
        ("Llama-4-Scout-17B-16E-Instruct", 17e9),
        ("llama 4 maverick 17b-128e", 17e9),
        ("Mixtral-8x7B", pytest.approx(12.46e9)),
        ("Mixtral 8×22B v0.1", pytest.approx(39.16e9)),
        ("Qwen3-Next-80B-A3B", 3e9),
    ],
)
def test_active_parameters_that_a_name_states(name, count):
    assert active_from_name(name).count == count


@pytest.mark.parametrize(
    "name", ["Qwen2.5-72B", "Gemma 3n E4B", "GPT-4", "A100 70B", "Model A1B2C3", "1x7B", "YOLOv8x", "Yi-34B-200K"]
)
def test_names_that_state_no_active_parameters(name):
    assert active_from_name(name) is None


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("Qwen2.5-72B-Instruct", 72e9),
        ("OpenELM-270M", 270e6),
        ("Qwen3-0.6B", 0.6e9),
        ("Kimi K2 1T", 1e12),
        ("Qwen3-235B-A22B", 235e9),
        ("Mixtral-8x7B", None),
        ("Llama-4-Scout-17B-16E", None),
        ("Granite 3.0 2B/8B", None),
        ("GPT-4", None),
        ("TinyLlama-1.1B (3T token checkpoint)", None),
    ],
)
def test_totals_that_a_name_states(name, count):
    assert total_from_name(name) == count


def test_a_claim_comes_before_the_name():
    assert active_parameters(model("Qwen3-235B-A22B", parameters_active=21.9e9)).count == 21.9e9


def test_a_dense_total_is_the_active_number():
    active = active_parameters(model(parameters_total=70e9))
    assert (active.count, active.imputed) == (70e9, False)


@pytest.mark.parametrize("name", ["Ling-2.6-1T", "Kimi 1T"])
def test_a_total_from_the_name_is_no_active_number_either(name):
    assert active_parameters(model(name, "2026-04-23")).count == pytest.approx(9e10)


@pytest.mark.parametrize(
    "facts",
    [
        model(parameters_total=456e9, architecture="mixture of experts"),
        model("MoE-16B", parameters_total=456e9),
        model("Some Model", "2025-01-15", parameters_total=456e9),
    ],
)
def test_a_mixtures_total_is_never_used_as_active(facts):
    active = active_parameters(facts)
    assert active.imputed
    assert active.count == pytest.approx(0.09 * 456e9)
    assert "not stated" in active.words


@pytest.mark.parametrize(
    "facts",
    [
        model("MT-NLG", "2021-10-11", parameters_total=530e9),
        model("Llama 3.1", "2024-07-23", parameters_total=405.9e9),
        model("Big", "2025-01-01", parameters_total=600e9, architecture="dense"),
    ],
)
def test_large_dense_models_are_dense(facts):
    assert not active_parameters(facts).imputed


def test_nothing_known_is_none():
    assert active_parameters(model("GPT-5")) is None
