from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flopcrawl.extraction.numbers import CHINESE, SMALL, join_ranges, numbers, parse_digits, qualifier_before, scale_of
from flopcrawl.vocabulary import Qualifier

WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
LETTERS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "k": 1e3}


def first(text):
    return next(iter(numbers(text)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15.6T tokens", 15.6e12),
        ("15.6 trillion", 15.6e12),
        ("15,6 · 10^12", 15.6e12),
        ("36万亿", 36e12),
        ("20 万亿 token", 20e12),
        ("2350 多亿参数", 235e9),
        ("5,500 GT", 5.5e12),
        ("7,285,403,648", 7285403648),
        ("7 285 403 648", 7285403648),
        ("1'234'567", 1234567),
        ("3.8e25", 3.8e25),
        ("4.30E+23", 4.3e23),
        ("3.8 × 10^25 FLOPs", 3.8e25),
        ("3.8×1025", 3.8e25),
        ("3.14+23 FLOPs", 3.14e23),
        ("10^26 FLOP", 1e26),
        ("540-billion", 540e9),
        ("4+ trillion", 4e12),
        ("two months", 2),
        ("three thousand GPUs", 3000),
        ("两个月", 2),
        ("15.6 Tn", 15.6e12),
    ],
)
def test_written_numbers(text, value):
    assert first(text).value == pytest.approx(value)


@pytest.mark.parametrize("text", ["A100", "v3", "x86", "path/2024", "H800s"])
def test_digits_inside_words_are_no_numbers(text):
    assert list(numbers(text)) == []


def test_bytes_are_not_billions():
    assert first("1.7 TB of text").value == 1.7


@given(st.integers(1, 10**15))
def test_thousands_separators_read_back(value):
    assert first(f"{value:,} tokens").value == value
    assert first(f"{value} tokens").value == value


@given(st.integers(1, 9999), st.integers(0, 99), st.sampled_from(sorted(WORDS)), st.sampled_from(["", " ", "-"]))
def test_magnitude_words_read_back(whole, part, word, gap):
    number = first(f"{whole}.{part:02d}{gap}{word} tokens")
    assert number.value == pytest.approx(float(f"{whole}.{part:02d}") * WORDS[word])
    assert number.magnitude


@given(st.integers(1, 9999), st.integers(0, 99), st.sampled_from(sorted(LETTERS)))
def test_magnitude_letters_read_back(whole, part, letter):
    assert first(f"{whole}.{part:02d}{letter}").value == pytest.approx(float(f"{whole}.{part:02d}") * LETTERS[letter])


@given(
    st.integers(1, 9999),
    st.sampled_from(["万", "亿", "万亿", "千万", "百万", "千亿", "百亿", "十亿"]),
    st.sampled_from(["", " "]),
)
def test_chinese_magnitudes_read_back(whole, unit, gap):
    scale = 1.0
    for character in unit:
        scale *= CHINESE[character]
    assert first(f"{whole}{gap}{unit}个 token").value == pytest.approx(whole * scale)


@given(
    st.integers(1, 9),
    st.integers(0, 99),
    st.integers(10, 30),
    st.sampled_from(["e{}", "E+{}", " × 10^{}", "×10{}", " x 10^{{{}}}", " · 10^{}", "*10^{}"]),
)
def test_powers_of_ten_read_back(whole, part, power, form):
    number = first(f"{whole}.{part:02d}" + form.format(power) + " FLOPs")
    assert number.value == pytest.approx(float(f"{whole}.{part:02d}") * 10.0**power)
    assert number.power


@given(st.sampled_from([word for word in SMALL if word.isascii()]), st.sampled_from(["days", "weeks", "months"]))
def test_small_numbers_in_words_read_back(word, unit):
    assert first(f"It took {word} {unit}").value == SMALL[word]


@given(st.text(max_size=300))
def test_any_text_gives_ordered_numbers_that_stand_in_it(text):
    last = 0
    for number in numbers(text):
        assert last <= number.start < number.end <= len(text)
        last = number.end


@pytest.mark.parametrize(
    ("words", "qualifier"),
    [
        ("over ", Qualifier.MORE),
        ("more than ", Qualifier.MORE),
        ("超过", Qualifier.MORE),
        ("up to ", Qualifier.LESS),
        ("nearly ", Qualifier.LESS),
        ("about ", Qualifier.ABOUT),
        ("~", Qualifier.ABOUT),
        ("约", Qualifier.ABOUT),
        ("exactly ", Qualifier.EXACT),
    ],
)
def test_qualifier(words, qualifier):
    assert qualifier_before(f"trained on {words}15T", len(f"trained on {words}")) is qualifier


def test_plus_sign_is_a_lower_bound():
    assert first("4+ trillion").qualifier is Qualifier.MORE


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("10–20T tokens", 10e12, 20e12), ("2 to 3 trillion tokens", 2e12, 3e12), ("18B∼31B", 18e9, 31e9)],
)
def test_ranges(text, low, high):
    (number,) = join_ranges(text, list(numbers(text)))
    assert (number.value, number.high, number.qualifier) == (low, high, Qualifier.RANGE)


def test_a_change_is_no_range():
    text = "data increases from 23T to 28T tokens"
    assert [n.high for n in join_ranges(text, list(numbers(text)))] == [None, None]


def test_parse_digits_and_scales():
    assert parse_digits("0,125") == 0.125
    assert parse_digits("1,125") == 1125
    assert parse_digits("5,500.25") == 5500.25
    assert scale_of("billions") == 1e9
    assert scale_of("k") == 1e3
