"""Mutated pages never hang, crash or give a quote that is not there. ``fuzz_extraction.py`` tries thousands."""

from __future__ import annotations

import contextlib

import pytest

from flopcrawl.extraction import UnreadableError, clean, read
from tests.extraction.checks import check_document, check_reading
from tests.extraction.mutations import PAGES, mutated


@pytest.mark.parametrize("kind", list(PAGES))
def test_whole_pages_are_read(kind: str) -> None:
    reading = read(PAGES[kind], kind=kind, name="kestrel-2")
    check_document(reading.document)
    check_reading(reading)
    assert reading.document.text


@pytest.mark.parametrize("batch", range(10))
def test_cleaning_mutated_pages(batch: int) -> None:
    for number in range(batch * 60, batch * 60 + 60):
        kind, data = mutated(number)
        with contextlib.suppress(UnreadableError):
            check_document(clean(data, kind=kind))


@pytest.mark.parametrize("batch", range(10))
def test_reading_mutated_pages(batch: int) -> None:
    for number in range(20_000 + batch * 20, 20_000 + batch * 20 + 20):
        kind, data = mutated(number)
        with contextlib.suppress(UnreadableError):
            check_reading(read(data, kind=kind, name="page"))
