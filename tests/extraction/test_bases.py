"""Which model a page says its own began with, from labels, columns and words; and what says nothing of the kind."""

from __future__ import annotations

import pytest

from flopcrawl.extraction import read
from flopcrawl.vocabulary import Field

CARD = "---\nlicense: mit\n---\n# Vega-7B\n\nVega-7B is a language model.\n\n{}\n"
POST = "<title>Introducing Vega-7B</title><p>Today we release Vega-7B, a language model.</p><p>{}</p>"


def bases(text, kind="md"):
    return [(f.model, f.value) for f in read(text, kind=kind).facts if f.field is Field.BASE_MODEL]


def of_card(text):
    return bases(CARD.format(text))


@pytest.mark.parametrize(
    "text",
    [
        "- **Base model:** [Rook-7B](https://hub.example/rook)",
        "Vega-7B uses Rook-7B as the backbone.",
        "With `Rook-7B` as its starting point, Vega-7B learns to code.",
        "Vega-7B 以 Rook-7B 作为基座。",
        "Vega-7B beats Moss-13B and is fine-tuned from Rook-7B.",
        "Besides Moss-13B, Vega-7B too is fine-tuned from Rook-7B.",
        "Better than Moss-13B, which others built, Vega-7B is fine-tuned from Rook-7B.",
        "We fine-tune Rook-7B on chats.",
        "Fine-tuned from Rook-7B on chats.",
        "Vega-7B is a fine-tuned version of Rook-7B.",
        "Vega-7B-Chat came later, but Vega-7B is fine-tuned from Rook-7B.",
    ],
)
def test_a_card_names_its_base(text):
    assert of_card(text) == [("Vega-7B", "Rook-7B")]


@pytest.mark.parametrize(
    "text",
    [
        "Vega-7B uses Moss as the backbone.",
        "Rook-13B is larger. Vega-7B is fine-tuned from Rook on chats.",
        "Vega-7B is trained from scratch, unlike Rook-7B.",
        "- **Backbone:** OpenVega-7B, which others made of this model",
        "Vega-7B is fine-tuned on Rook-V2 answers.",
        "Use Vega-7B-Chat as the base model of a system of yours.",
        "All our experiments are based on Rook-7B.",
        "To fine-tune Rook-7B, run the script.",
        "The benchmark was built by people who fine-tuned Rook-7B.",
        "```\nvega --llm Rook-7B as the backbone\n```",
    ],
)
def test_what_names_no_base(text):
    assert of_card(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "In spring, starting from Rook-7B, we trained for a month.",
        "In spring, starting from Rook-7B, Vega-7B learned to code.",
    ],
)
def test_a_fronted_phrase_of_a_post(text):
    assert bases(POST.format(text), "html") == [("Vega-7B", "Rook-7B")]


def test_a_fronted_phrase_about_nobody():
    assert bases(POST.format("In spring, starting from Rook-7B, Moss-13B learned to code."), "html") == []


def test_two_models_with_one_base():
    assert sorted(of_card("Vega-7B and Vega-7B-Chat are fine-tuned from Rook-7B.")) == [
        ("Vega-7B", "Rook-7B"),
        ("Vega-7B-Chat", "Rook-7B"),
    ]


def test_a_column_of_bases():
    rows = [("Vega-7B", "2T", "Rook-7B"), ("Moss-7B", "1T", "Rook-13B"), ("Vega-13B", "2T", "Rook-13B"),
            ("Vega-3B", "2T", "Vega-3B"), ("Vega-7B-Chat", "1B", "the first one"), ("Vega-7B-Coder",)]  # fmt: skip
    table = "<table><tr><th>Model<th>Tokens<th>Base model"
    for row in rows:
        table += "<tr>" + "".join(f"<td>{cell}" for cell in row)
    assert bases(POST.format(f"{table}</table>"), "html") == [("Vega-7B", "Rook-7B"), ("Vega-13B", "Rook-13B")]
