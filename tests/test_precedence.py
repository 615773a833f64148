"""Who says it decides, then how exactly, then how many agree; never the order of the claims."""

import itertools

import pytest

from flopcrawl.precedence import Candidate, Rank, choose, disagreement
from flopcrawl.vocabulary import Field, Qualifier


def candidate(value: float | str, rank: Rank = Rank.DEVELOPER, source: str = "a", **more: object) -> Candidate:
    number = value if isinstance(value, float) else None
    details = {"qualifier": Qualifier.EXACT, "number_high": None, "url": "", "origin": "scraped", **more}
    return Candidate(f"{source}-{value}-{rank}", str(value), number, rank=rank, source=source, **details)  # type: ignore[arg-type]


@pytest.mark.parametrize(("better", "worse"), list(itertools.pairwise(Rank)))
def test_a_better_rank_decides(better: Rank, worse: Rank) -> None:
    assert choose(Field.TOKENS_TRAINED, [candidate(9e12, worse), candidate(1e12, better)]).rank is better


def test_an_exact_value_beats_a_rounded_one() -> None:
    rounded = candidate(15e12, qualifier=Qualifier.MORE)
    assert choose(Field.TOKENS_TRAINED, [rounded, candidate(15.6e12, source="b")]).number == 15.6e12


def test_two_sources_beat_one_that_says_more() -> None:
    said = [candidate(20e12, source="a"), candidate(15e12, source="b"), candidate(15.1e12, source="c")]
    assert choose(Field.TOKENS_TRAINED, said).number == 15.1e12


def test_a_page_that_repeats_itself_is_no_second_witness() -> None:
    said = [candidate(15e12, source="a"), candidate(15.01e12, source="a"), candidate(20e12, source="b")]
    assert choose(Field.TOKENS_TRAINED, said).number == 20e12


def test_the_first_day_and_the_shortest_name_win() -> None:
    assert choose(Field.RELEASE_DATE, [candidate("2024-07-24"), candidate("2024-07-23")]).value == "2024-07-23"
    assert (
        choose(Field.NAME, [candidate("Llama-3.1-405B-Instruct"), candidate("Llama 3.1 405B")]).value
        == "Llama 3.1 405B"
    )


def test_the_order_of_the_claims_does_not_matter() -> None:
    said = [candidate(value, source=source) for value in (1e12, 2e12, 3e12) for source in "ab"]
    assert len({choose(Field.TOKENS_TRAINED, order).claim_id for order in itertools.permutations(said)}) == 1


def test_more_than_twice_apart_is_a_disagreement() -> None:
    assert disagreement([candidate(1e12), candidate(1.9e12)]) is None
    found = disagreement([candidate(1e12), candidate(2.1e12)])
    assert found is not None
    assert [c.number for c in found] == [1e12, 2.1e12]


def test_a_lower_rank_does_not_disagree_with_a_higher_one() -> None:
    assert disagreement([candidate(1e12), candidate(9e12, Rank.CATALOGUE)]) is None
