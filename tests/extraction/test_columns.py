"""Flattened tables of papers: a line of names or sizes above lines of a label and as many values."""

from __future__ import annotations

import pytest

from flopcrawl.extraction import read
from flopcrawl.vocabulary import Field, Scope

HEAD = """Osprey 2 Technical Report

We present Osprey 2, a family of language models. Osprey 2 7B has 7B parameters and Osprey 2 30B has 30B parameters.

"""


def tokens(text: str) -> dict[str | None, float | str]:
    """The tokens that a paper gives each of its models."""
    facts = read(HEAD + text, kind="txt", name="osprey-2.txt").facts
    return {f.model: f.value for f in facts if f.field is Field.TOKENS_TRAINED and f.scope is Scope.MODEL}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("Table 1: settings\nOsprey 2 7B Osprey 2 30B\nTraining tokens 1.5T 6T\n", (1.5e12, 6e12)),
        ("Table 1: settings\nSizes 7B 30B\nTraining tokens (T) 1.5 6\n", (1.5e12, 6e12)),
        ("Table 1: settings\nSizes 7B 30B\nTraining tokens 1.5 T 6 T\n", (1.5e12, 6e12)),
    ],
)
def test_a_row_under_a_line_of_names_gives_each_its_value(table: str, expected: tuple[float, float]) -> None:
    assert tokens(table) == {"Osprey 2 7B": expected[0], "Osprey 2 30B": expected[1]}


@pytest.mark.parametrize(
    "table",
    [
        "Table 1: settings\nSizes 3B 90B\nTraining tokens 1.5T 6T\n",  # sizes that are not the paper's
        "Table 1: settings\nOsprey 2 7B Osprey 2 30B\nContext length 4096 8192\n",  # a label that counts no run
        "Sizes 7B 30B\n" + "A line of words in between.\n" * 25 + "Training tokens 1.5T 6T\n",  # too far below
        "About 7B of the files and 30B of the bytes are left, we found.\nTraining tokens 1.5T 6T\n",  # a sentence
    ],
)
def test_a_row_under_anything_else_gives_none(table: str) -> None:
    assert not {6e12, 1.5e12} & set(tokens(table).values())
