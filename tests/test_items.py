"""Bad values are refused where they are born; a claim's id depends on what was said and where."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flopcrawl.items import BadValueError, Fact, check_value
from flopcrawl.vocabulary import FIELDS, Field, Kind
from tests.building import claim


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        (Field.TOKENS_TRAINED, "many", "not a number"),
        (Field.TOKENS_TRAINED, 12, "outside"),
        (Field.FLOP_REPORTED, 1e60, "outside"),
        (Field.FLOP_REPORTED, math.nan, "outside"),
        (Field.FLOP_REPORTED, math.inf, "outside"),
        (Field.MFU, 1.2, "outside"),
        (Field.RELEASE_DATE, "23/07/2024", "not an ISO date"),
        (Field.RELEASE_DATE, "2024-13-01", "not an ISO date"),
        (Field.NAME, "  ", "empty"),
        (Field.NAME, "x" * 501, "longer than"),
    ],
)
def test_a_bad_value_is_refused_with_field_and_reason(field: Field, value: object, reason: str) -> None:
    with pytest.raises(BadValueError, match=reason) as error:
        Fact(field, value)  # type: ignore[arg-type]
    assert str(field) in str(error.value)


@pytest.mark.parametrize("date", ["2024", "2024-07", "2024-07-23"])
def test_a_date_may_lack_its_day_and_its_month(date: str) -> None:
    assert check_value(Field.RELEASE_DATE, date) == (date, None)


NUMERIC = [field for field in Field if FIELDS[field].kind is Kind.NUMBER]


@given(st.sampled_from(NUMERIC), st.floats())
def test_what_is_accepted_is_a_finite_number_within_the_bounds(field: Field, value: float) -> None:
    try:
        _, number = check_value(field, value)
    except BadValueError:
        return
    assert number is not None
    assert math.isfinite(number)
    assert FIELDS[field].low <= number <= FIELDS[field].high


def test_the_same_words_on_the_same_page_are_the_same_claim() -> None:
    words = {"quote": "15.6T tokens"}
    first = claim("Llama 3.1 405B", Field.TOKENS_TRAINED, 15.6e12, **words)
    again = claim("Llama 3.1 405B", Field.TOKENS_TRAINED, "15600000000000", **words, fetched_at="2026-05-05T00:00:00Z")
    assert first.claim_id == again.claim_id


@pytest.mark.parametrize("changed", [{"url": "https://x.org"}, {"source": "y"}, {"quote": "other"}])
def test_another_page_or_other_words_are_another_claim(changed: dict[str, str]) -> None:
    assert claim("A", Field.EPOCHS, 2).claim_id != claim("A", Field.EPOCHS, 2, **changed).claim_id


def test_a_claim_about_nobody_is_refused() -> None:
    with pytest.raises(BadValueError, match="no model"):
        claim("  ", Field.EPOCHS, 2)


def test_a_quote_has_an_end() -> None:
    with pytest.raises(BadValueError, match="quote is longer"):
        claim("A", Field.EPOCHS, 2, quote="x" * 2001)
