"""The hub's listings page by page: until nothing is new, and all of it once a month."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flopcrawl.base_spiders import model_hub
from flopcrawl.base_spiders.model_hub import is_copy, whole_count
from tests.spiders.reading import answer, make, plain

FIRST = "https://huggingface.co/api/models?author=Qwen&sort=createdAt&limit=100"
NEXT = "https://huggingface.co/api/models?author=Qwen&sort=createdAt&limit=100&cursor=abc"


def requests(created: str, read_at: str = "", url: str = FIRST, page: int = 1) -> list[str]:
    rows = [{"id": "Qwen/Sample-1B", "createdAt": f"{created}T08:00:00.000Z", "downloads": 1}]
    spider = make("huggingface")
    if read_at:
        spider.read_before = {FIRST: (read_at, "x")}
    response = answer(
        url, json.dumps(rows), "application/json", headers={"Link": f'<{NEXT}>; rel="next"'},
        meta={"page": page, "first": FIRST} if page > 1 else {},
    )  # fmt: skip
    return plain(spider.parse(response)).get("requests", [])


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_hub, "now", lambda: "2026-01-20T08:00:00Z")


def test_the_link_header_leads_on() -> None:
    assert requests("2025-01-01") == [NEXT]
    assert requests("2025-01-01", url=NEXT, page=5) == [], "no further than max_pages"


def test_what_the_last_run_saw_is_not_paged_through_again() -> None:
    assert requests("2026-01-01", read_at="2026-01-19T08:00:00Z") == []
    assert requests("2026-01-18", read_at="2026-01-19T08:00:00Z") == [NEXT], "a little overlap"


def test_the_first_run_of_a_month_looks_at_everything() -> None:
    assert requests("2025-01-01", read_at="2025-12-31T08:00:00Z") == [NEXT]


@pytest.mark.parametrize(
    ("repository", "row", "copy"),
    [
        ("a/Sample-7B-GGUF", {}, True),
        ("a/Sample-7B-AWQ", {}, True),
        ("a/Sample-7B", {"tags": ["base_model:quantized:b/Sample-7B"]}, True),
        ("a/Sample-7B", {"tags": ["base_model:merge:b/Sample-7B"]}, True),
        ("a/Sample-7B", {"library_name": "mlx"}, True),
        ("a/Sample-7B", {"tags": ["base_model:finetune:b/Sample-7B"]}, False),
        ("a/Emergent-7B", {}, False),
    ],
)
def test_copies_are_known(repository: str, row: dict[str, Any], copy: bool) -> None:
    assert is_copy(repository, row) is copy


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ({"safetensors": {"parameters": {"BF16": 72e9}}}, 72e9),
        ({"safetensors": {"parameters": {"BF16": 7e9, "F32": 1e6}}}, 7.001e9),
        ({"safetensors": {"parameters": {"BF16": 2e9, "U8": 118e9}}}, None),
        ({"safetensors": {"parameters": {"I8": 3e11, "BF16": 1e9}}}, None),
        ({"safetensors": {"parameters": {"BF16": 7e9}}, "config": {"quantization_config": {}}}, 7e9),
        ({"safetensors": {"parameters": {"BF16": 7e9}}, "config": {"quantization_config": {"bits": 4}}}, None),
        ({}, None),
    ],
)
def test_packed_weights_are_not_counted(row: dict[str, Any], count: float | None) -> None:
    assert whole_count(row) == count


def test_a_reupload_is_its_uploaders_account_and_a_labs_account_the_lab() -> None:
    spider = make("huggingface")
    assert spider.developer("Qwen") == "Alibaba"
    assert spider.developer("someone-else") == "someone-else"


def listed(repository: str, *tags: str) -> dict[str, dict[str, Any]]:
    """What a listing of one repository says: facts by "model (developer)"."""
    rows = [{"id": repository, "createdAt": "2025-01-09T08:00:00.000Z", "downloads": 9, "tags": list(tags)}]
    return plain(make("huggingface").parse(answer(FIRST, json.dumps(rows), "application/json"))).get("models", {})


def test_a_model_put_up_again_is_its_developers() -> None:
    [(model, facts)] = listed("somebody/Meta-Llama-3.1-405B").items()
    assert model == "Meta-Llama-3.1-405B (Meta AI)"
    assert "release_date" not in facts, "the day of the upload is not that of the release"


def test_a_copy_that_names_its_original_is_dropped() -> None:
    original = "base_model:finetune:meta-llama/Llama-3.1-405B"
    assert listed("somebody/Llama-3.1-405B", original) == {}
    assert listed("somebody/Aria-9-70B", "base_model:finetune:aria/Aria-9-70B") == {}


def test_a_developers_own_chat_version_is_no_copy() -> None:
    [model] = listed("Qwen/Qwen2.5-72B-Instruct", "base_model:finetune:Qwen/Qwen2.5-72B")
    assert model == "Qwen2.5-72B-Instruct (Alibaba)"


def test_who_builds_on_another_model_is_the_developer_and_says_on_which() -> None:
    base = "meta-llama/Llama-3.1-70B-Instruct"
    [(model, facts)] = listed("nvidia/Llama-3.1-Nemotron-70B-Instruct-HF", f"base_model:finetune:{base}").items()
    assert model == "Llama-3.1-Nemotron-70B-Instruct-HF (NVIDIA)"
    assert facts["base_model"] == base


def test_a_card_credits_each_model_to_its_developer() -> None:
    card = "# Aria-9-70B\n\nAria-9-70B has 70B parameters.\n\nLlama-3.1-405B has 405B parameters.\n"
    url = "https://huggingface.co/somebody/Aria-9-70B/resolve/main/README.md"
    models = plain(make("huggingface").parse(answer(url, card, "text/markdown")))["models"]
    assert set(models) <= {"Aria-9-70B (somebody)", "Llama-3.1-405B (Meta AI)"}
    assert "Aria-9-70B (somebody)" in models
