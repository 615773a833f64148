from __future__ import annotations

import pytest

from flopcrawl.extraction import fields, read
from flopcrawl.extraction.dates import dates, day_comes_first, slashed
from flopcrawl.extraction.labels import label_before, label_measure, label_scale, label_unit
from flopcrawl.extraction.makers import clean_organization
from flopcrawl.extraction.units import Measure
from flopcrawl.vocabulary import Field, Scope

CARD = "---\nlicense: {license}\npipeline_tag: {tag}\n{more}---\n# Vega-7B\n\nVega-7B is a language model.\n\n{text}"


def values(text, field, kind="md", name=""):
    return [f.value for f in read(text, kind=kind, name=name).facts if f.field is field and f.scope is Scope.MODEL]


def card(text="", license="mit", tag="text-generation", more=""):
    return CARD.format(text=text, license=license, tag=tag, more=more)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-06-03", "2024-06-03"),
        ("2024.6.3", "2024-06-03"),
        ("2022/09/16", "2022-09-16"),
        ("April 18, 2024", "2024-04-18"),
        ("April, 24th 2024", "2024-04-24"),
        ("Sept 25, 2024", "2024-09-25"),
        ("5 Apr 2022", "2022-04-05"),
        ("3rd of June 2021", "2021-06-03"),
        ("August 2024", "2024-08"),
        ("2024年6月3日", "2024-06-03"),
        ("2024 年 6 月", "2024-06"),
    ],
)
def test_dates(text, iso):
    assert [found.iso for found in dates(f"on {text} it")] == [iso]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("8/21/2023 and 7/08/2023", False),
        ("21/08/23", True),
        ("03/08/23, 04/05/2024", None),
        ("24/7 since 45/99/23", None),
    ],
)
def test_the_order_of_days_with_slashes(text, first):
    assert day_comes_first(text) is first


@pytest.mark.parametrize(
    ("text", "day_first", "iso"),
    [
        ("8/21/2023", False, "2023-08-21"),
        ("21/08/23", True, "2023-08-21"),
        ("31/02/23", True, None),
        ("21/08/23", False, None),
        ("21/08", True, None),
    ],
)
def test_days_with_slashes(text, day_first, iso):
    found = slashed(f"[{text}] x", 1, day_first=day_first)
    assert (found.iso if found else None) == iso


@pytest.mark.parametrize("text", ["v2024.06.03-beta", "1.2024.3", "model-2024-13"])
def test_no_dates(text):
    assert [found.iso for found in dates(text) if len(found.iso) == 10] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Model Release Date** July 4, 2025.", ["2025-07-04"]),
        ("Release date: August 2024", ["2024-08"]),
        ("- 2024.6.3 We release **Vega-7B**.\n- 2024.9.1 Vega-7B is on the hub, open-sourced.", ["2024-06-03"]),
    ],
)
def test_release_date_of_a_card(text, expected):
    assert values(card(text), Field.RELEASE_DATE) == expected


def test_release_date_of_a_paper():
    stamped = "Vega-7B: A Model\narXiv:2401.00001v1 [cs.CL] 8 Dec 2021\n\nAbstract\nWe present Vega-7B.\n"
    assert values(stamped, Field.RELEASE_DATE, "txt") == ["2021-12-08"]
    dated = "Vega-7B: A Model\nMarch 22, 2025\n\nAbstract\nWe present Vega-7B.\n"
    assert values(dated, Field.RELEASE_DATE, "txt") == ["2025-03-22"]
    cited = (
        "Vega-7B: A Model\n\nAbstract\nWe present Vega-7B, better than what was shown on March 22, 2025 elsewhere.\n"
    )
    assert values(cited, Field.RELEASE_DATE, "txt") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Developed by:** Example Lab", ["Example Lab"]),
        ("Vega-7B was developed by [Example AI](https://e.example).", ["Example AI"]),
        ("Vega-7B 是由示例智能研发的大模型。", ["示例智能"]),
        ("Vega-7B is Example's most capable model.", ["Example"]),
        ("Here at Example Labs, we care.", ["Example Labs"]),
        ("**Authors:** We", []),
    ],
)
def test_organization(text, expected):
    assert values(card(text), Field.ORGANIZATION) == expected


def test_known_organization_named_twice():
    assert values(card("OpenAI made it. More from OpenAI soon."), Field.ORGANIZATION) == ["OpenAI"]


def test_organization_from_front_matter():
    assert values(card(more="author: Some Lab\n"), Field.ORGANIZATION) == ["Some Lab"]
    assert values(card(more="author: Some Body\n"), Field.ORGANIZATION) == []  # a person is no organization


def test_clean_organization():
    assert clean_organization("[Example AI](https://x.example) and others") == "Example AI"
    assert clean_organization("we") == ""
    assert clean_organization("x" * 80) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vega-7B is fine-tuned from Rook-7B-v2 on chats.", ["Rook-7B-v2"]),
        ("Based on `pythio-12b`, Vega-7B follows instructions.", ["pythio-12b"]),
        ("It uses the tokenizer of Rook-7B.", []),
        ("Vega-7B builds on the Rook-7B architecture.", []),
        ("Moss-3B is distilled from Rook-70B.", []),
        ("Vega-7B 基于 Rook-7B 继续训练。", ["Rook-7B"]),
    ],
)
def test_base_model(text, expected):
    assert values(card(text), Field.BASE_MODEL) == expected


def test_base_models_of_the_hub():
    assert values(card(more="base_model:\n- a/Rook-7B\n- b/Moss-7B\n"), Field.BASE_MODEL) == ["a/Rook-7B", "b/Moss-7B"]


@pytest.mark.parametrize(
    ("license_", "access"),
    [
        ("apache-2.0", "Open weights (unrestricted)"),
        ("cc-by-nc-4.0", "Open weights (non-commercial)"),
        ("llama3", "Open weights (restricted use)"),
    ],
)
def test_license_and_access(license_, access):
    text = card(license=license_)
    assert values(text, Field.LICENSE) == [license_]
    assert values(text, Field.ACCESSIBILITY) == [access]


def test_license_in_words_and_api():
    page = (
        "<title>Introducing Vega 7</title><p>Vega 7 is our new model, available through the API, "
        "under the Apache 2.0 license.</p>"
    )
    assert values(page, Field.LICENSE, "html") == ["Apache 2.0"]
    assert values(page, Field.ACCESSIBILITY, "html") == ["API access"]
    assert values(card("License: Example Licence 2", license="other"), Field.LICENSE) == ["Example Licence 2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vega-7B is a mixture-of-experts.", ["mixture of experts"]),
        ("Vega-7B is a dense model.", ["dense"]),
        ("Vega-7B is a state-space model.", ["state space"]),
        ("Vega-7B is a hybrid Mamba model.", ["hybrid"]),
        ("Vega-7B is a latent diffusion model.", ["diffusion"]),
        ("Rook-7B is a mixture-of-experts.", []),
    ],
)
def test_architecture(text, expected):
    assert values(card(text), Field.ARCHITECTURE) == expected


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("image-text-to-text", "", "Multimodal"),
        ("text-to-video", "", "Video"),
        ("unknown-tag", "It is a text-to-image generator.", "Image generation"),
    ],
)
def test_domain(tag, text, expected):
    assert values(card(text, tag=tag), Field.DOMAIN) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vega-7B was trained in bfloat16.", ["BF16"]),
        ("We trained with FP8 mixed precision.", ["FP8"]),
        ("Load it for inference in FP16 precision.", []),
        ("Rook-7B was trained in FP8.", []),
        ("```\ntrain --fp16\n```", []),
    ],
)
def test_number_format(text, expected):
    assert values(card(text), Field.NUMBER_FORMAT) == expected


@pytest.mark.parametrize(
    ("label", "what"),
    [
        ("Total Parameters", Measure.PARAMETERS),
        ("# Activated Params", Measure.ACTIVE),
        ("Pretraining tokens", Measure.TOKENS),
        ("Time (GPU hours)", Measure.CHIP_HOURS),
        ("Training FLOPs", Measure.FLOP),
        ("Number of epochs", Measure.EPOCHS),
        ("Training time", Measure.DAYS),
        ("GPUs", Measure.CHIPS),
        ("MFU", Measure.MFU),
        ("Context length (tokens)", None),
        ("Batch size in tokens", None),
        ("Layers", None),
    ],
)
def test_labels(label, what):
    assert label_measure(label) is what


def test_label_scale_and_place():
    assert label_scale("Params (B)") == 1e9
    assert label_scale("Tokens (in trillions)") == 1e12
    assert label_scale("FLOPs (10^21)") == 1e21
    assert label_scale("Params") == 1
    assert label_unit("Hours used") == pytest.approx(1 / 24)
    assert label_unit("TPUv3-core-days") == 24
    assert label_unit("GPU hours") == 1
    text = "- **Tokens**: 15T"
    assert label_before("x\n- Tokens: 15T", 12) == "Tokens"
    assert label_before("no label 15T", 9) == ""
    assert label_before(text, 3) == ""


def test_the_order_of_days_is_asked_once_of_a_page(monkeypatch):
    asked = []
    monkeypatch.setattr(fields, "day_comes_first", lambda text: asked.append(text))
    news = "- [1/2/23] We released Vega-7B.\n" * 50
    assert values(f"# Vega-7B\n\nWe release Vega-7B.\n\n{news}", Field.RELEASE_DATE) == []
    assert len(asked) == 1
