"""``scrapy identify``: its JSON contract, its table, the hand-edited files, no database."""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from flopcrawl.commands.identify import Command


@pytest.fixture
def identify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*names: str, format: str = "json", organization: str = "") -> Any:
        command = Command()
        command.settings = Settings({"FLOPCRAWL_OVERRIDES": str(tmp_path), "FLOPCRAWL_DB": str(tmp_path / "none.db")})
        code = command.execute(list(names), argparse.Namespace(format=format, organization=organization))
        assert code == 0
        out = capsys.readouterr().out
        return json.loads(out) if format == "json" else out

    return run


def test_json_is_one_array_with_the_five_keys(identify: Any) -> None:
    rows = identify("o3-mini-high", "Some Unknown 7B")
    assert [list(row) for row in rows] == [["name", "model_key", "model", "rule", "suggestions"]] * 2
    assert (rows[0]["name"], rows[0]["model_key"], rows[0]["model"]) == ("o3-mini-high", "o3-mini", "o3-mini")
    assert (rows[1]["model_key"], rows[1]["model"]) == ("some-unknown-7b", None)
    assert isinstance(rows[0]["suggestions"], list)


def test_two_names_of_one_model_have_one_key(identify: Any) -> None:
    rows = identify("openrouter/openai/gpt-4.1", "GPT 4.1 (2025-04-14)", "gpt-4.5-preview")
    assert rows[0]["model_key"] == rows[1]["model_key"] != rows[2]["model_key"]


def test_the_table_shows_whole_names(identify: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    out = identify("claude-opus-4-1-20250805-thinking-16k", format="table")
    assert "Claude Opus 4.1" in out
    assert "…" not in out


def test_markup_in_a_name_is_text(identify: Any) -> None:
    assert "[bold]" in identify("[bold]x", format="table")


def test_the_hand_edited_files_are_honoured(identify: Any, tmp_path: Path) -> None:
    (tmp_path / "aliases.csv").write_text(
        "alias,model,reason,source_url,editor,date\n"
        "zebra-7,GPT-4.1,announced under this name,https://example.org/a,me,2026-01-02\n"
    )
    (tmp_path / "not_same.csv").write_text(
        "a,b,reason,source_url,editor,date\nKimi K2,Kimi-K2-0905,new weights,https://example.org/b,me,2026-01-02\n"
    )
    rows = identify("Zebra 7", "GPT-4.1", "Kimi-K2-0905", "Kimi K2")
    assert rows[0]["model_key"] == rows[1]["model_key"]
    assert rows[2]["model_key"] != rows[3]["model_key"]


def test_an_organization_helps(identify: Any) -> None:
    assert identify("Command A", organization="cohere")[0]["model"] == "Cohere Command A"


def test_names_from_standard_input(identify: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("GPT-4.1\n\n o3 \n"))
    assert [row["model_key"] for row in identify()] == ["gpt-4-1", "o3"]


def test_no_name_is_a_usage_error(identify: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(UsageError):
        identify()
