from __future__ import annotations

import pytest

from flopcrawl.extraction import READER_VERSION, read
from flopcrawl.extraction.columns import columns
from flopcrawl.extraction.document import Document
from flopcrawl.extraction.plausibility import doubts
from flopcrawl.extraction.reader import read_document
from flopcrawl.extraction.subjects import Subjects, name_in_title, slug_of, written_as
from flopcrawl.items import Fact
from flopcrawl.vocabulary import Field, Scope

CARD = "---\nlicense: mit\n---\n# Vega-7B\n\nVega-7B is a language model.\n\n{}\n"


def own(text, kind="md", name=""):
    return {(f.model, f.field.value, f.value) for f in read(text, kind=kind, name=name).facts if f.scope is Scope.MODEL}


def announced(text, kind="html", name=""):
    return [f.value for f in read(text, kind=kind, name=name).facts if f.field is Field.NAME]


def test_every_number_has_a_decision_with_a_reason():
    reading = read(
        CARD.format("Vega-7B was trained on 2T tokens, not 12 pages, with 40% less waste and 8B or so."), kind="md"
    )
    text = reading.document.text
    taken = {d.text: (d.taken, d.reason) for d in reading.decisions}
    assert taken["2T tokens"][0]
    assert not taken["12"][0]
    assert "percent" in taken["40"][1]
    assert all(d.reason and text[d.start : d.end] == d.text for d in reading.decisions)
    assert [d.start for d in reading.decisions] == sorted(d.start for d in reading.decisions)


def test_reader_version_is_a_word():
    assert READER_VERSION


def test_empty_and_tiny_pages():
    assert read("", kind="txt").facts == []
    assert read("# \n", kind="md").facts == []
    assert read("12", kind="txt").decisions[0].taken is False


def test_the_model_may_be_given():
    reading = read("It was trained on 2T tokens with 512 H100 GPUs.", kind="txt", model="Rook-9")
    assert ("Rook-9", "tokens_trained", 2e12) in {(f.model, f.field.value, f.value) for f in reading.facts}


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("<title>Introducing Vega 7</title><p>Today we release Vega 7, our best model.</p>", ["Vega 7"]),
        (
            "<title>News</title><p>We released Vega 7 (<code>vega-7</code>) and Rook Large 2, two models.</p>",
            ["Vega 7", "Rook Large 2"],
        ),
        ("<title>Introducing Vega for Teachers</title><p>Models for schools, and Vega helps.</p>", []),
        ("<title>Our partnership on compute</title><p>We train Vega 7 models with more GPUs.</p>", []),
        ("<title>Load balancing of experts</title><p>We train models of 15B and 43B on 120B tokens.</p>", []),
    ],
)
def test_announcements(page, names):
    assert announced(page) == names


def test_no_figures_from_a_page_that_announces_nothing():
    page = "<title>A method for training</title><p>We pre-train on 300B tokens with 128 A100 GPUs for 9 days.</p>"
    assert own(page, "html") == set()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Introducing Vega 7", "Vega 7"),
        ("Vega-V3 Technical Report", "Vega-V3"),
        ("CodeBird: A Code Model", "CodeBird"),
        ("Example's Vega A+", "Vega A+"),
        ("Announcing Vega A+", "Vega A+"),
        ("Model Card for Vega", "Vega"),
        ("somelab/Vega-7B", "Vega-7B"),
        ("How to train your model", None),
        ("Model Details", None),
        ("Introducing Vega for Teachers", None),
        ("", None),
    ],
)
def test_name_in_title(title, name):
    assert name_in_title(title) == name


@pytest.mark.parametrize(
    ("name", "url", "slug"),
    [
        ("somelab__Vega-7B.md", "", "Vega-7B"),
        ("somelab__vega-readme.zh.md", "", "vega"),
        ("vega-2104.00001.txt", "", "vega"),
        ("", "https://lab.example/news/introducing-vega-7?x=1", "vega-7"),
        ("lab__2024-08-30-vega.mdx.md", "", "vega"),
    ],
)
def test_slug(name, url, slug):
    assert slug_of(name, url) == slug


def test_written_as():
    assert written_as("vega-nemo", "we like Vega NeMo.") == "Vega NeMo"
    assert written_as("llama2", "the Llama 2 family") == "Llama 2"
    assert written_as("xy", "XY") is None
    assert written_as("vega-for-work", "Vega for Work") is None


def test_lower_case_hub_name_is_written_with_capitals():
    text = "---\nlicense: mit\n---\n## Model Details\n\nArcto combines experts. Arcto has 480B total parameters.\n"
    assert ("Arcto", "parameters_total", 480e9) in own(text, name="snowlab__snowlab-arcto-instruct.md")


def test_most_named_model_of_an_untitled_page():
    text = "## Usage\n\nRook-9 is good. We trained Rook-9 on 3T tokens. Rook-9 is a model for all.\n"
    assert ("Rook-9", "tokens_trained", 3e12) in own(text)


def test_pronouns_and_the_sentence_before():
    text = CARD.format(
        "## More\n\nVega-7B is compact. It has 6.9B parameters. Trained on more than 20T tokens, it is strong."
    )
    assert ("Vega-7B", "tokens_trained", 20e12) in own(text)


def test_owner_named_after_the_number():
    assert not {f for f in own(CARD.format("Some used 18T tokens to train Rook-72B.")) if f[1] == "tokens_trained"}


def test_slash_pair_of_a_mixture():
    text = "# Luma\n\nWe introduce Luma, a 3B/16B-parameter Mixture-of-Experts model trained with 5.7T tokens."
    assert {("Luma", "parameters_active", 3e9), ("Luma", "parameters_total", 16e9)} <= own(text)


def test_respectively():
    text = "# Luma 3\n\nLuma 3 MoE models: 1B and 3B parameters, with 400M and 800M activated parameters respectively."
    assert {("Luma 3 MoE 1B", "parameters_active", 400e6), ("Luma 3 MoE 3B", "parameters_active", 800e6)} <= own(text)


def test_values_of_nobody_in_a_series():
    text = CARD.format("Vega-7B and its kin were trained on 4T or 5T tokens.")
    assert not [f for f in own(text) if f[1] == "tokens_trained"]


def test_table_with_one_row_and_table_of_members():
    one = CARD.format("| Params | Training tokens |\n|---|---|\n| 6.9B | 2T |\n")
    assert {("Vega-7B", "parameters_total", 6.9e9), ("Vega-7B", "tokens_trained", 2e12)} <= own(one)
    many = "# Luma 3\n\nLuma 3 is a model.\n\n| | Params |\n|---|---|\n| Luma 3 | 11B |\n| Luma 3 | 90B (88.8B) |\n"
    assert {("Luma 3 11B", "parameters_total", 11e9), ("Luma 3 90B", "parameters_total", 88.8e9)} <= own(many)


def test_transposed_table():
    text = (
        "# Luma 2\n\nLuma 2 is a model.\n\n| | Luma 2 7B | Luma 2 13B |\n|---|---|---|\n| Training tokens | 4T | 5T |\n"
    )
    assert {("Luma 2 7B", "tokens_trained", 4e12), ("Luma 2 13B", "tokens_trained", 5e12)} <= own(text)


def test_cell_that_names_its_model():
    text = CARD.format("| Fact | Value |\n|---|---|\n| Size | Rook-9 has 9B parameters |\n| Note | x |\n")
    assert ("Vega-7B", "parameters_total", 9e9) not in own(text)


def test_code_is_not_read():
    assert not [f for f in own(CARD.format("```\ntrain on 5T tokens\n```")) if f[1] == "tokens_trained"]


def test_columns_need_known_sizes():
    subjects = Subjects(primary="Luma", names=["Luma"])
    text = "Training tokens\n1.1T\n2.2T\n\nModel\n2B\n9B\n"
    assert columns(text, subjects) == {}
    subjects.own_sizes |= {2e9, 9e9}
    assert [value.owner.name for value in columns(text, subjects).values()] == ["Luma 2B", "Luma 9B"]


def test_a_document_of_the_caller():
    document = Document(text="Vega-7B was trained on 2T tokens.", title="Vega-7B", kind="txt")
    assert read_document(document).subjects.primary == "Vega-7B"


def fact(field, value, model="Vega"):
    return Fact(field, value, model)


def test_doubts():
    agree = [fact(Field.PARAMETERS_TOTAL, 7e9), fact(Field.TOKENS_TRAINED, 2e12), fact(Field.FLOP_REPORTED, 8.4e22)]
    assert doubts(agree) == []
    wrong = [*agree[:2], fact(Field.FLOP_REPORTED, 8.4e26)]
    assert {doubt.fact.field for doubt in doubts(wrong)} == {Field.FLOP_REPORTED, Field.TOKENS_TRAINED}
    assert "FLOP" in doubts(wrong)[0].reason
    more_active = [fact(Field.PARAMETERS_TOTAL, 7e9), fact(Field.PARAMETERS_ACTIVE, 70e9)]
    assert doubts(more_active)[0].fact.field is Field.PARAMETERS_ACTIVE
    odd_hours = [*agree, fact(Field.GPU_HOURS, 1e9)]
    assert [doubt.fact.field for doubt in doubts(odd_hours)] == [Field.GPU_HOURS]
    assert doubts([Fact(Field.FLOP_REPORTED, 1e25)]) == []


def test_doubts_are_part_of_a_reading():
    text = CARD.format("Vega-7B was trained on 2T tokens with 4e27 FLOPs.")
    assert read(text, kind="md").doubts


@pytest.mark.parametrize(
    "text",
    [
        "1" * 200_000,
        "1,234," * 40_000,
        "a-" * 100_000 + "7B",
        "(" * 100_000,
        "trained on " * 20_000,
        "7B/" * 60_000,
        "A " * 100_000,
        "| 7B " * 40_000,
    ],
)
def test_hostile_text_is_read_in_time(text):
    read(text, kind="txt")
    read(text, kind="md")


def test_entries_of_a_feed_are_read_apart():
    feed = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>'
        "<item><title>Introducing Vega 7</title><link>https://l.example/vega-7</link>"
        "<pubDate>Tue, 02 Dec 2025 00:00:00 +0000</pubDate>"
        "<description>Vega 7 is our new model. Vega 7 was trained on 9T tokens.</description></item>"
        "<item><title>Introducing Rook 2</title><description>Rook 2 is our new model.</description></item>"
        "</channel></rss>"
    )
    reading = read(feed, kind="atom")
    text = reading.document.text
    assert [f.value for f in reading.facts if f.field is Field.NAME] == ["Vega 7", "Rook 2"]
    assert ("Vega 7", 9e12) in {(f.model, f.value) for f in reading.facts if f.field is Field.TOKENS_TRAINED}
    assert all(text[f.start : f.end] == f.quote for f in reading.facts if f.quote is not None)
    assert all(text[d.start : d.end] == d.text for d in reading.decisions)


def test_a_title_and_a_training_sentence_announce():
    page = "<title>X-7B</title><p>X-7B was trained on 2 trillion tokens.</p>"
    assert ("X-7B", "tokens_trained", 2e12) in own(page, "html")


def test_front_matter_is_not_scanned_for_numbers():
    text = "---\nlicense: mit\nmodel-index:\n- value: 9000000000 tokens\n---\n# Vega-7B\n\nVega-7B is a model.\n"
    assert not [d for d in read(text, kind="md").decisions if d.text.startswith("9000")]


def test_a_name_of_endless_length_is_none():
    endless = "Ve" + "gatokens" * 80 + "-7B"
    entry = f"<title>{endless}</title><summary>We present {endless}, a language model.</summary>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:x</id>{entry}</entry></feed>'
    assert not [fact for fact in read(feed, kind="atom").facts if fact.field == "name"]
