"""Whose a model is by its name: the family's developer, unless the name says that somebody built on the family."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from flopcrawl.identity import Registry
from flopcrawl.identity.families import developer_of, families


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.mark.parametrize(
    ("name", "developer"),
    [
        ("Meta-Llama-3.1-405B", "Meta AI"),
        ("Llama-2-70b-chat-hf", "Meta AI"),
        ("Qwen2.5-72B-Instruct", "Alibaba"),
        ("Mixtral-8x22B-v0.1", "Mistral AI"),
        ("gemma-2-27b-it", "Google DeepMind"),
        ("falcon-180B-chat", "Technology Innovation Institute"),
        ("DeepSeek-V3-0324", "DeepSeek"),
        ("Llama-3.1-Nemotron-70B-Instruct-HF", None),
        ("Hermes-3-Llama-3.1-405B", None),
        ("Llama-3-Swallow-70B", None),
        ("gpt-j-6b", None),
        ("gpt-neox-20b", None),
        ("DeepSeek-R1-Distill-Llama-70B", None),
        ("Something-New-70B", None),
    ],
)
def test_a_plain_name_of_a_family_tells_its_developer(registry: Registry, name: str, developer: str | None) -> None:
    found = developer_of(name, registry)
    assert (found.name if found else None) == developer


def test_every_family_has_a_known_developer() -> None:
    rows = csv.DictReader(files("flopcrawl.data").joinpath("families.csv").read_text(encoding="utf-8").splitlines())
    assert {row["family"].casefold() for row in rows} == set(families())
