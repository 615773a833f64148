"""A member of a family that has no date of its own gets the one that the page states for its family."""

from flopcrawl.base_spiders.reading import items_of
from flopcrawl.extraction import Reading
from flopcrawl.extraction.document import Document
from flopcrawl.items import Fact
from flopcrawl.vocabulary import Field, Qualifier


def dates(*facts: Fact) -> dict[str, list[tuple[str, str]]]:
    reading = Reading(Document("text"), list(facts))
    return {
        model: [(str(fact.value), fact.qualifier) for fact in found if fact.field is Field.RELEASE_DATE]
        for model, found in items_of(reading)
    }


def size(model: str) -> Fact:
    return Fact(Field.PARAMETERS_TOTAL, 7e9, model)


def date(model: str, day: str) -> Fact:
    return Fact(Field.RELEASE_DATE, day, model)


def test_a_size_of_the_family_has_about_the_familys_date() -> None:
    found = dates(date("Alpha 3.1", "2024-07-23"), size("Alpha 3.1 405B"), size("alpha 3.1-8B"))
    assert found["Alpha 3.1 405B"] == [("2024-07-23", Qualifier.ABOUT)]
    assert found["alpha 3.1-8B"] == [("2024-07-23", Qualifier.ABOUT)]


def test_its_own_date_stands() -> None:
    found = dates(date("Alpha", "2024-01-01"), date("Alpha 7B", "2024-02-02"))
    assert found["Alpha 7B"] == [("2024-02-02", Qualifier.EXACT)]


def test_another_version_is_no_member() -> None:
    found = dates(date("Alpha 3", "2024-01-01"), size("Alpha 3.1 405B"), size("Alphabet 7B"), size("Alpha 3 Pro"))
    assert found["Alpha 3.1 405B"] == found["Alphabet 7B"] == found["Alpha 3 Pro"] == []
