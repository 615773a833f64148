from __future__ import annotations

import pytest

from flopcrawl.estimation.accelerators import UnknownAcceleratorError, chips, find, format_column, split
from flopcrawl.estimation.data import read_table


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("H100", "H100 SXM"),
        ("NVIDIA H100 SXM5 80GB", "H100 SXM"),
        ("NVIDIA H100 80GB HBM3 GPUs", "H100 SXM"),
        ("H100-80GB", "H100 SXM"),
        ("h100 gpu", "H100 SXM"),
        ("NVIDIA H100 PCIe", "H100 PCIe"),
        ("NVIDIA A100 SXM4 80 GB", "A100 80GB"),
        ("A100-80G", "A100 80GB"),
        ("NVIDIA A100", "A100 40GB"),
        ("NVIDIA A800 PCIe 40 GB", "A800"),
        ("NVIDIA Tesla V100 DGXS 32 GB", "V100 SXM2"),
        ("NVIDIA Tesla V100S PCIe 32 GB", "V100S PCIe"),
        ("Google TPU v4", "TPU v4"),
        ("TPUv5p", "TPU v5p"),
        ("Cloud TPU v5e", "TPU v5e"),
        ("TPU v3 cores", "TPU v3"),
        ("TPU v5p-8960", "TPU v5p"),
        ("AMD Radeon Instinct MI250X", "MI250X"),
        ("MI250X GCDs", "MI250X"),
        ("Amazon Trainium1", "Trainium1"),
        ("Huawei Ascend 910B", "Ascend 910B"),
        ("Cerebras CS-2", "Cerebras WSE-2"),
        ("NVIDIA RTX A5000", "RTX A5000"),
        ("Trillium", "TPU v6e"),
    ],
)
def test_names_as_sources_write_them(written, name):
    assert find(written).name == name


@pytest.mark.parametrize("written", ["H1000", "Ascend NPU", "GPU", "", "A100 killer", "TPU", "MI9000"])
def test_an_unknown_chip_is_named_and_never_guessed(written):
    with pytest.raises(UnknownAcceleratorError, match="unknown accelerator"):
        find(written)


def test_every_spelling_of_the_table_finds_its_own_row():
    for row in read_table("accelerators.csv"):
        for spelling in (row["name"], *filter(None, row["aliases"].split("|"))):
            assert find(spelling).name == row["name"], spelling


def test_peaks_are_dense():
    assert find("H100").peak("BF16") == (9.894e14, "fp16")
    assert find("A100").peak("") == (3.12e14, "fp16")
    assert find("H100").peak("FP8,BF16,FP32") == (1.9789e15, "fp8")
    assert find("V100").peak("FP32") == (1.57e13, "fp32")


def test_a_format_that_a_chip_lacks_falls_back_to_its_usual_one():
    assert find("TPU v3").peak("FP32")[1] == "fp16"
    assert find("A100").peak("fp8")[1] == "fp16"
    assert find("P40").peak("fp16")[1] == "fp32"


def test_a_chip_without_a_training_peak_is_refused_by_name():
    with pytest.raises(UnknownAcceleratorError, match="TPU 8t"):
        find("TPU 8t").peak("")


@pytest.mark.parametrize(
    ("written", "count", "expected"),
    [
        ("TPU v3-256", None, 128),
        ("TPU v3-256", 256, 128),
        ("TPU v3-256", 128, 128),
        ("TPU v3-256", 4, 512),
        ("TPU v4-512", None, 256),
        ("v5litepod-256", None, 256),
        ("TPU v5p-8960", None, 4480),
        ("TPU v3 cores", 1024, 512),
        ("MI250X GCDs", 512, 256),
        ("TPU v3", 1024, 1024),
        ("H100", 16384, 16384),
        ("H100", None, None),
    ],
)
def test_what_a_count_counts(written, count, expected):
    assert chips(written, count)[0] == expected


@pytest.mark.parametrize(
    ("words", "column"),
    [
        ("BF16", "fp16"),
        ("bf16 mixed precision", "fp16"),
        ("FP8 (E4M3)", "fp8"),
        ("fp32", "fp32"),
        ("int8", ""),
        ("", ""),
    ],
)
def test_number_formats(words, column):
    assert format_column(words) == column


def test_several_chips_in_one_cell():
    assert split("NVIDIA A100,NVIDIA H100 SXM5 80GB") == ["NVIDIA A100", "NVIDIA H100 SXM5 80GB"]
    assert split("GB200; GB300") == ["GB200", "GB300"]
