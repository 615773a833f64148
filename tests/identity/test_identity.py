"""Which names are one model, and which never are."""

from __future__ import annotations

import csv
import time
from importlib.resources import files
from itertools import combinations

import pycountry
import pytest

from flopcrawl.identity import Registry, organizations
from flopcrawl.identity.dates import Build, read_build
from flopcrawl.identity.folding import fold, slug, words
from flopcrawl.identity.names import take_apart
from flopcrawl.identity.registry import shipped_aliases, shipped_not_same


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def key(registry: Registry, name: str, organization: str = "") -> str:
    return registry.resolve(name, organization).model_key


ONE_MODEL = {
    "case, blanks, hyphens, line breaks": [
        "Llama 3.1-405B", "llama 3.1 405b", "LLAMA-3.1-405B", "Llama3.1-405B", "  Llama\n 3.1\t405B ", "llama_3.1_405b",
    ],
    "look-alike letters, dashes and digits": [
        "Claude Opus 4", "Сlaude Орus 4", "Claude‑Opus–4", "Ｃｌａｕｄｅ　Ｏｐｕｓ　４", "Claude\u200b Opus 4",
    ],
    "host and organization": [
        "gpt-oss-120b", "openai/gpt-oss-120b", "openrouter/openai/gpt-oss-120b:free", "OpenAI: gpt-oss-120b",
        "openai.gpt-oss-120b-1:0", "together_ai/openai/gpt-oss-120b", "accounts/fireworks/models/gpt-oss-120b",
    ],
    "hosts of a dated build": [
        "Claude 3.5 Sonnet", "claude-3-5-sonnet-20240620", "vertex_ai/claude-3-5-sonnet@20240620",
        "us.anthropic.claude-3-5-sonnet-20240620-v1:0", "bedrock/us-east-1/anthropic.claude-3-5-sonnet-20241022-v2:0",
        "anthropic/claude-3.5-sonnet:beta", "claude-3-5-sonnet-latest",
    ],
    "dates that are dropped": ["o3", "o3-2025-04-16", "o3 (2025-04-16)", "o3-20250416", "OpenAI o3 (April 2025)"],
    "effort": [
        "Claude Opus 4.1", "claude-opus-4-1-20250805-thinking-16k", "claude-opus-4-1-high",
        "Claude Opus 4.1 (thinking-32k)", "claude-opus-4-1-max", "Claude Opus 4.1 (no thinking)",
        "claude-opus-4.1-non-reasoning", "claude-4.1-opus",
    ],
    "efforts of other families": ["GPT-5", "gpt-5-high", "gpt-5 (xhigh)", "gpt-5-medium", "gpt-5-minimal"],
    "precision and packing": [
        "Qwen3-235B-A22B", "nvidia/Qwen3-235B-A22B-NVFP4", "Qwen/Qwen3-235B-A22B-FP8", "unsloth/Qwen3-235B-A22B-GGUF",
        "Qwen3-235B-A22B-GPTQ-Int4", "qwen3-235b-a22b-q4_k_m", "Qwen3-235B-A22B-AWQ", "Qwen3-235B-A22B-bnb-4bit",
    ],
    "instruct, chat and base": [
        "Llama 2-70B", "meta-llama/Llama-2-70b-chat-hf", "llama-2-70b-chat", "TheBloke/Llama-2-70B-Chat-GPTQ",
        "meta.llama2-70b-chat-v1", "ollama/llama2:70b",
    ],
    "the speed tier of a host": [
        "DeepSeek-R1 (May 2025)", "deepseek-r1-0528", "deepseek-ai/DeepSeek-R1-0528-Turbo", "deepseek-r1-0528-maas",
    ],
    "p for the point": ["GLM-4.5-Air", "glm-4p5-air", "zai-org/GLM-4.5-Air-FP8"],
    "v before a version": ["Llama 3.1-8B", "accounts/fireworks/models/llama-v3p1-8b-instruct"],
    "hyphen for the point": ["Grok 4.1 Fast", "grok-4-1-fast-reasoning", "Grok 4.1 Fast (non-reasoning)"],
    "point zero": ["Gemini 2.0 Flash", "gemini-2-flash", "google/gemini-2.0-flash-001", "gemini-2.0-flash-exp"],
    "code names": ["Grok 3", "chocolate (Early Grok-3)", "early-grok-3", "grok-3-preview-02-24", "Grok-3"],
    "written together or apart": ["Code Llama-34B", "codellama/CodeLlama-34b-Instruct-hf", "codellama-34b"],
    "a month as others write it": ["DeepSeek-V3 (Mar 2025)", "deepseek-v3-0324", "DeepSeek-V3 (2025-03-24)"],
    "a year and month in four digits": ["Qwen3-235B-A22B (Jul 2025)", "qwen3-235b-a22b-instruct-2507"],
    "experts and active parameters": ["Llama 4 Maverick", "meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8"],
    "versions in Bedrock's way": ["Claude 2.1", "anthropic.claude-v2:1"],
    "plus": ["Command R+", "command-r-plus", "CohereForAI/c4ai-command-r-plus"],
    "an unknown model": ["Some-New-Model-7B", "some_new model 7b", "lab/Some-New-Model-7B-Instruct-FP8-2031-02-03"],
}  # fmt: skip


@pytest.mark.parametrize("names", ONE_MODEL.values(), ids=list(ONE_MODEL))
def test_one_model(registry: Registry, names: list[str]) -> None:
    assert {key(registry, name) for name in names} == {key(registry, names[0])}


NEVER_ONE = {
    "sizes": ["Llama 3.1-405B", "Llama 3.1-70B", "llama-3.1-8b-instruct"],
    "tiers": ["GPT-5", "GPT-5 Pro", "GPT-5 mini", "gpt-5-nano", "gpt-5.1", "gpt-5-codex"],
    "tiers that elsewhere are efforts": ["Qwen2.5-Max", "Qwen2.5-72B", "qwen2.5-plus-1127"],
    "a tier within a tier": ["GPT-5.1-Codex", "gpt-5.1-codex-max"],
    "mistral's tiers": ["Mistral Medium", "Mistral Large", "mistral-small-2402", "mistral-medium-2508"],
    "generations by the month": ["mistral-large-2402", "mistral-large-2407", "mistral-large-2411"],
    "a month that no table knows": ["mistral-large-2402", "mistral-large-2703"],
    "versions": ["Claude 3 Opus", "Claude Opus 4", "Claude Opus 4.1", "claude-opus-5"],
    "dated builds kept apart": ["gpt-4-0314", "gpt-4-0613", "gpt-4-1106-preview", "gpt-4-turbo-2024-04-09", "gpt-4o"],
    "builds of one family": [
        "gpt-4o-2024-05-13", "gpt-4o-2024-08-06", "chatgpt-4o-latest-20240903", "gpt-4o-2024-11-20",
        "chatgpt-4o-latest-20250129", "chatgpt-4o-latest-20250326",
    ],
    "base and instruct with rows of their own": ["Qwen2.5-72B", "Qwen2.5-72B-Instruct"],
    "trained to reason": ["Kimi K2", "Kimi K2 Thinking", "Phi-4", "Phi-4-reasoning", "Phi-4-reasoning-plus"],
    "previews with weights of their own": ["QwQ-32B", "qwq-32b-preview", "o1", "o1-preview"],
    "an experiment with weights of its own": ["DeepSeek-V3.2", "DeepSeek-V3.2-Exp"],
    "greek letters that are not stages": ["zephyr-7b-alpha", "zephyr-7b-beta"],
    "another developer's derivative": [
        "Llama 3.1-70B", "nvidia/Llama-3.1-Nemotron-70B-Instruct", "deepseek-r1-distill-llama-70b",
        "NousResearch/Hermes-3-Llama-3.1-70B",
    ],
    "other media": ["Gemini 3 Pro", "gemini-3-pro-image-preview"],
    "a number in the name and in the size": ["Qwen3-30B-A3B", "Qwen3-3B", "Qwen3-0.6B", "Qwen3.5-35B-A3B"],
    "weights version": ["mistral-7b-instruct-v0.1", "mistral-7b-instruct-v0.2", "mistral-7b-instruct-v0.3"],
    "a pointer that moves": ["gemini-pro", "gemini-pro-latest", "gemini-flash-latest"],
}  # fmt: skip


@pytest.mark.parametrize("names", NEVER_ONE.values(), ids=list(NEVER_ONE))
def test_never_one(registry: Registry, names: list[str]) -> None:
    for a, b in combinations(names, 2):
        assert key(registry, a) != key(registry, b), (a, b)


def test_an_unknown_name_gets_the_slug_of_its_normalized_form(registry: Registry) -> None:
    identity = registry.resolve("acme/Zebra-XL-12B-Instruct-2024-05-13")
    assert (identity.model_key, identity.model) == ("zebra-xl-12b", None)
    assert identity.rule == "unknown name: its normalized form"


def test_a_name_without_a_letter_or_digit_still_has_a_key(registry: Registry) -> None:
    assert key(registry, "—").startswith("unnamed-")
    assert key(registry, "—") != key(registry, "***")
    assert key(registry, "文心大模型") == "文心大模型"


def test_a_translation_in_brackets_is_dropped(registry: Registry) -> None:
    assert key(registry, "ERNIE x1 (文心大模型X1)") == key(registry, "ERNIE X1")


def test_the_organization_completes_a_name(registry: Registry) -> None:
    assert registry.resolve("Command A", "Cohere").model == "Cohere Command A"
    assert registry.resolve("Saba", "Mistral").model == "Mistral Saba"
    assert registry.resolve("Saba").model is None


def test_shipped_aliases_all_hold(registry: Registry) -> None:
    wrong = [(alias, model) for alias, model in shipped_aliases() if key(registry, alias) != key(registry, model)]
    assert wrong == []


def test_shipped_pairs_are_all_apart(registry: Registry) -> None:
    assert [pair for pair in shipped_not_same() if key(registry, pair[0]) == key(registry, pair[1])] == []


def test_every_alias_names_one_model() -> None:
    meanings: dict[str, set[str]] = {}
    for alias, model in shipped_aliases():
        meanings.setdefault(slug(alias), set()).add(slug(model))
    assert {alias: models for alias, models in meanings.items() if len(models) > 1} == {}


def test_suggestions_are_look_alikes_and_never_the_model_itself(registry: Registry) -> None:
    identity = registry.resolve("Claude 3 Opus")
    assert "Claude Opus 4" in identity.suggestions
    assert identity.model not in identity.suggestions
    assert registry.resolve("Zxqvw 17").suggestions == []


def test_a_persons_alias_wins_over_rules_and_data() -> None:
    registry = Registry.load(aliases=[("zebra-secret", "GPT-4o"), ("Kimi K2 Thinking", "Kimi K2")])
    assert key(registry, "lab/Zebra-Secret") == "gpt-4o"
    assert key(registry, "kimi-k2-thinking-turbo") == key(registry, "Kimi K2") == "kimi-k2"


def test_a_persons_alias_can_name_a_new_model() -> None:
    registry = Registry.load(aliases=[("grok-2-1212", "Grok-2.2")])
    assert registry.resolve("xai/grok-2-1212").model == "Grok-2.2"
    assert registry.resolve("grok-2-2024-08-13").model == "Grok-2"


def test_a_person_can_hold_apart_what_the_rules_merge() -> None:
    assert key(Registry.load(), "Kimi-K2-Instruct-0905") == "kimi-k2"
    registry = Registry.load(not_same=[("Kimi K2", "Kimi-K2-0905")])
    assert key(registry, "Kimi-K2-0905") != key(registry, "Kimi K2") == key(registry, "kimi-k2-0711-preview")


def test_two_aliases_in_a_circle_end() -> None:
    registry = Registry.load(aliases=[("GPT-4.1", "GPT-4.5"), ("GPT-4.5", "GPT-4.1")])
    assert key(registry, "GPT-4.1") == key(registry, "GPT-4.5")


def test_the_same_names_give_the_same_keys_in_any_order_of_asking() -> None:
    names = [name for names in ONE_MODEL.values() for name in names]
    forwards, backwards = Registry.load(), Registry.load()
    expected = {name: key(forwards, name) for name in names}
    assert {name: key(backwards, name) for name in reversed(names)} == expected


def test_many_names_are_fast(registry: Registry) -> None:
    started = time.process_time()
    for number in range(10_000):
        registry.resolve(f"lab/Model-{number % 97}.{number}-{number % 70}B-Instruct-2024-{1 + number % 12:02d}-15")
    assert time.process_time() - started < 5


def test_a_long_hostile_name_ends(registry: Registry) -> None:
    for name in ("a-" * 5000, "1 " * 5000, "((" * 5000, "thinking-" * 5000, "gpt-4-0613:" * 1000, "4p" * 5000):
        assert key(registry, name)


@pytest.mark.parametrize(
    ("text", "build"),
    [
        ("2024 05 13", Build(5, 2024, 13)), ("20240229", Build(2, 2024, 29)), ("0613", Build(6, 0, 13)),
        ("2507", Build(7, 2025)), ("202412", Build(12, 2024)), ("09 2025", Build(9, 2025)), ("03 25", Build(3, 0, 25)),
        ("26 02 10", Build(2, 2026, 10)), ("mar 2023", Build(3, 2023)), ("june 24", Build(6, 2024)), ("2024", None),
        ("4 1", None), ("3 5", None), ("9999", None), ("1234567", None), ("1900", None),
    ],
)  # fmt: skip
def test_dates_of_builds(text: str, build: Build | None) -> None:
    found = read_build(text.split(), 0)
    assert (found[0] if found else None) == build


def test_folding() -> None:
    assert fold("Ünï ＣＯＤＥ\u200b") == "uni code"
    assert words(fold("Llama-v3p1-70B+")) == ["llama", "v3.1", "70b", "plus"]
    assert slug("GPT-4 (Mar 2023)") == "gpt-4-mar-2023"


def test_a_name_that_is_only_its_developers_word_keeps_it() -> None:
    assert take_apart("DeepSeek-V3", lambda text: True).core == ("deepseek", "v3")
    assert take_apart("MiniMax-M2", lambda text: True).core == ("minimax", "m2")


class TestOrganizations:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("openai", "OpenAI"), ("Google", "Google DeepMind"), ("meta-llama", "Meta AI"),
            ("Zhipu AI", "Z.ai (Zhipu AI)"),
            ("zai", "Z.ai (Zhipu AI)"), ("THUDM", "Z.ai (Zhipu AI)"), ("Ai2", "Allen Institute for AI"),
            ("allenai", "Allen Institute for AI"), ("NexusFlow", "Nexusflow"), ("01 AI", "01.AI"),
            ("TII", "Technology Innovation Institute"), ("deepseek-ai", "DeepSeek"), ("x-ai", "xAI"),
            ("Microsoft,NVIDIA", "Microsoft"), ("moonshot", "Moonshot"),
            ("  NVIDIA ", "NVIDIA"), ("thinky", "Thinking Machines Lab"), ("ant-group", "Ant Group"),
        ],
    )  # fmt: skip
    def test_spellings(self, registry: Registry, text: str, name: str) -> None:
        found = registry.organization(text)
        assert found is not None
        assert found.name == name

    def test_an_unknown_one_is_none(self, registry: Registry) -> None:
        assert registry.organization("Nobody Labs") is None
        assert registry.organization("") is None

    def test_every_country_is_one(self) -> None:
        known = {country.name for country in pycountry.countries}
        official = {
            "Korea (Republic of)": "KOR", "United States of America": "USA", "Russia": "RUS",
            "United Kingdom of Great Britain and Northern Ireland": "GBR",
        }  # fmt: skip
        for organization in organizations():
            country = organization.country
            if country in official:
                assert pycountry.countries.get(alpha_3=official[country])
            else:
                assert country in known | {"Multinational"}, organization

    def test_no_spelling_means_two(self) -> None:
        owners: dict[str, set[str]] = {}
        for organization in organizations():
            for spelling in (organization.name, *organization.aliases):
                owners.setdefault(slug(spelling).replace("-", ""), set()).add(organization.name)
        assert {spelling: names for spelling, names in owners.items() if len(names) > 1} == {}

    def test_every_developer_in_the_aliases_is_known(self, registry: Registry) -> None:
        rows = csv.DictReader(
            files("flopcrawl").joinpath("data", "aliases.csv").read_text(encoding="utf-8").splitlines()
        )
        majors = [row["organization"] for row in rows if row["source"].startswith(("arena", "models.dev", "hf-id"))]
        assert [name for name in majors if registry.organization(name) is None] == []


def test_a_known_model_has_its_developers() -> None:
    registry = Registry.load()
    assert registry.makers(registry.resolve("GPT-4").model_key) == {"OpenAI"}
    assert registry.makers(registry.resolve("GLM-130B").model_key) == {"Tsinghua University", "Z.ai (Zhipu AI)"}
    assert registry.makers("nobody-knows-it") == frozenset()
