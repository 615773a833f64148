from __future__ import annotations

import pytest

from flopcrawl.extraction.numbers import numbers
from flopcrawl.extraction.units import Measure, measure


def read(text):
    return next((quantity for number in numbers(text) if (quantity := measure(text, number)) is not None), None)


@pytest.mark.parametrize(
    ("text", "what", "value"),
    [
        ("671B total parameters", Measure.PARAMETERS, 671e9),
        ("a 3 billion (3B) parameter model", Measure.PARAMETERS, 3e9),
        ("176,247,271,424 parameters", Measure.PARAMETERS, 176247271424),
        ("a 540-billion parameter network", Measure.PARAMETERS, 540e9),
        ("a 124B open-weights multimodal model", Measure.PARAMETERS, 124e9),
        ("70 亿参数", Measure.PARAMETERS, 7e9),
        ("2350 多亿总参数", Measure.PARAMETERS, 235e9),
        ("8B size variants", Measure.PARAMETERS, 8e9),
        ("uses active parameters out of 141B, which", Measure.PARAMETERS, 141e9),
        ("37B activated for each token", Measure.ACTIVE, 37e9),
        ("39B active parameters", Measure.ACTIVE, 39e9),
        ("it activates 14B parameters", Measure.ACTIVE, 14e9),
        ("220 多亿激活参数", Measure.ACTIVE, 22e9),
        ("activates a varying part (averaging 27B)", Measure.ACTIVE, 27e9),
        ("14.8 trillion diverse and high-quality tokens", Measure.TOKENS, 14.8e12),
        ("2.6 trillion of tokens", Measure.TOKENS, 2.6e12),
        ("5,500 GT of data", Measure.TOKENS, 5.5e12),
        ("36 万亿个 token", Measure.TOKENS, 36e12),
        ("trained on 3T multilingual corpus", Measure.TOKENS, 3e12),
        ("2.788M H800 GPU hours", Measure.CHIP_HOURS, 2.788e6),
        ("2.5k TPUv3-core-days", Measure.CHIP_HOURS, 2500 * 24),
        ("3K GPU weeks", Measure.CHIP_HOURS, 3000 * 168),
        ("885K H100 hours", Measure.CHIP_HOURS, 885e3),
        ("3.8 × 10^25 FLOPs", Measure.FLOP, 3.8e25),
        ("1.2 yottaFLOPs", Measure.FLOP, 1.2e24),
        ("500 zettaFLOPs", Measure.FLOP, 5e23),
        ("3640 PF-days", Measure.FLOP, 3640 * 8.64e19),
        ("3,640 petaFLOP/s-days", Measure.FLOP, 3640 * 8.64e19),
        ("2 exaFLOP/s-years", Measure.FLOP, 2e18 * 365.25 * 86400),
        ("150 TFLOP/s per GPU", Measure.FLOP_RATE, 150),
        ("989 TFLOPS peak", Measure.FLOP_RATE, 989),
        ("65 days", Measure.DAYS, 65),
        ("two months", Measure.DAYS, 2 * 730.5 / 24),
        ("11 天", Measure.DAYS, 11),
        ("1200 hours", Measure.DAYS, 50),
        ("1024 A100 40GB GPUs", Measure.CHIPS, 1024),
        ("64 H100", Measure.CHIPS, 64),
        ("992 80GB A100 GPUs", Measure.CHIPS, 992),
        ("3000 of NVIDIA's H200 GPUs", Measure.CHIPS, 3000),
        ("6144 TPU v4 chips", Measure.CHIPS, 6144),
        ("1,536 Ascend 910 AI Processor", Measure.CHIPS, 1536),
        ("1024 张 A800", Measure.CHIPS, 1024),
        ("192 NVIDIA-HGX-A800 nodes", Measure.NODES, 192),
        ("56% model flops utilization", Measure.MFU, 0.56),
        ("MFU of 38%", Measure.MFU, 0.38),
        ("57.8% hardware FLOPs utilization", Measure.HFU, 0.578),
        ("98.6% uptime", Measure.PERCENT, 98.6),
        ("4 epochs", Measure.EPOCHS, 4),
        ("$5.576M", Measure.USD, 5.576e6),
        ("100 million dollars", Measure.USD, 100e6),
        ("900 billion bytes", Measure.BYTES, 900e9),
    ],
)
def test_measures(text, what, value):
    quantity = read(text)
    assert quantity is not None
    assert (quantity.measure, quantity.value) == (what, pytest.approx(value))


@pytest.mark.parametrize(
    "text",
    [
        "8x7B parameters",
        "17Bx16E",
        "Section 3 follows",
        "the T5-11B model",
        "540B shows the number of tokens",
        "80G GPUs",
    ],
)
def test_what_counts_nothing(text):
    assert read(text) is None


def test_active_is_not_read_from_the_next_number():
    text = "1.43B activated of 16.26B total params"
    quantities = [measure(text, number) for number in numbers(text)]
    assert [q.measure for q in quantities if q] == [Measure.ACTIVE, Measure.PARAMETERS]
