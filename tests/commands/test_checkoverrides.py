"""``scrapy checkoverrides`` and ``scrapy newmodel``: plain words, a preview, nothing stored, exit 1 on a bad row."""

from __future__ import annotations

import argparse
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from flopcrawl.commands.checkoverrides import Command as Check
from flopcrawl.commands.newmodel import Command as NewModel
from flopcrawl.derive import derive_all
from flopcrawl.overrides.files import COLUMNS, CORRECTIONS, DECISIONS, MODELS
from flopcrawl.vocabulary import Field
from tests.building import claim, dump, rows, store

END = "as reported,https://example.org/a,kim,2025-03-01"
ORG = {"organization": "Zorble Labs"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "overrides").mkdir()
    path = tmp_path / "flopcrawl.db"
    store(path, [
        claim("Zorble 70B", Field.PARAMETERS_TOTAL, 7e10, **ORG),
        claim("Zorble 70B", Field.TOKENS_TRAINED, 1.5e13, **ORG),
        claim("Zorble 70B", Field.RELEASE_DATE, "2025-06-01", **ORG),
    ])  # fmt: skip
    derive_all(path, tmp_path / "overrides", run_id="run-1")
    return tmp_path


@pytest.fixture
def run(project: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def call(command: Any, *args: str, **options: Any) -> tuple[int, str]:
        command.settings = Settings(
            {"FLOPCRAWL_OVERRIDES": str(project / "overrides"), "FLOPCRAWL_DB": str(project / "flopcrawl.db")}
        )
        defaults = {"format": "table", "no_preview": False, "history": False, "fixtures": None, "no_header": False}
        code = command.execute(list(args), argparse.Namespace(**{**defaults, **options}))
        return code, capsys.readouterr().out

    return call


def write(project: Path, file: str, *lines: str) -> None:
    (project / "overrides" / file).write_text("\n".join([",".join(COLUMNS[file]), *lines]) + "\n", encoding="utf-8")


def test_empty_files_are_in_order(run: Any) -> None:
    code, out = run(Check())
    assert code == 0
    assert "Nothing would change" in out


def test_the_preview_says_old_new_and_the_classification(run: Any, project: Path) -> None:
    write(project, CORRECTIONS, f"Zorble 70B,flop_reported,9e25,2,,{END}")
    before = dump(project / "flopcrawl.db")
    code, out = run(Check(), format="json")
    found = json.loads(out)
    assert code == 0
    changes = {each["field"]: (each["old"], each["new"]) for each in found["changes"]}
    assert changes["training_flop"] == ("6.3e+24", "9e+25")
    assert changes["estimation_method"] == ("operations", "manual")
    (move,) = found["classifications"]
    assert (move["name"], move["old"], move["new"]) == ("Zorble 70B", "under", "over")
    assert dump(project / "flopcrawl.db") == before, "a check stores nothing"


def test_a_bad_row_fails_the_check_and_the_good_one_is_previewed(run: Any, project: Path) -> None:
    write(
        project, CORRECTIONS, f"Zorble 70B,release_date,7/9/2025,,,{END}", f"Zorble 70B,license,MIT,,,{END}",
        f"Zorbel 70B,license,MIT,,,{END}", f"Zorble 70B,parameters_total,70e15,,,{END}",
        f"Zorble 70B,tokens_trained,1e17,,,{END}",
    )  # fmt: skip
    code, out = run(Check())
    assert code == 1
    for words in (
        "corrections.csv, line 2, value", "2025-07-09 or 2025-09-07", "Did you mean 'Zorble 70B'?", "outside",
        "times away from 1.5e+13", "column confirmed", "4 rows need you",
    ):  # fmt: skip
        assert words in out
    assert "MIT" in out
    assert run(Check(), no_preview=True)[1].count("What would change") == 0


def test_what_was_read_from_a_pasted_page_is_shown(run: Any, project: Path) -> None:
    (project / "overrides" / "pages").mkdir()
    (project / "overrides" / "pages" / "zorble.txt").write_text(
        "URL: https://example.org/z\nDate: 2025-07-09\n\nZorble 90B is our new model. "
        "Zorble 90B has 90 billion parameters and was trained on 12 trillion tokens.\n"
    )
    code, out = run(Check(), format="json")
    (page,) = json.loads(out)["pages"]
    assert code == 0
    assert page["file"] == "pages/zorble.txt"
    assert {(fact["field"], fact["value"]) for fact in page["facts"]} >= {
        ("parameters_total", 90e9), ("tokens_trained", 12e12),
    }  # fmt: skip


def test_a_row_that_the_sources_caught_up_with_is_flagged(run: Any, project: Path) -> None:
    write(project, CORRECTIONS, f"Zorble 70B,parameters_total,70e9,,,{END}")
    derive_all(project / "flopcrawl.db", project / "overrides", run_id="run-2")
    assert "the sources now say the same" in run(Check())[1]


def test_removing_a_row_undoes_it_and_says_so(run: Any, project: Path) -> None:
    path, folder = project / "flopcrawl.db", project / "overrides"
    write(project, CORRECTIONS, f"Zorble 70B,flop_reported,9e25,2,,{END}")
    derive_all(path, folder, run_id="run-2")
    write(project, CORRECTIONS)
    derive_all(path, folder, run_id="run-3")
    (undone,) = rows(path, "SELECT * FROM changes WHERE run_id = 'run-3' AND field = 'estimation_method'")
    assert (undone["old"], undone["new"], undone["cause"]) == ("manual", "operations", "override_removed")


def test_a_rejected_claim_becomes_a_test_case(run: Any, project: Path) -> None:
    (wrong,) = rows(project / "flopcrawl.db", "SELECT * FROM claims WHERE field = 'tokens_trained'")
    write(project, DECISIONS, f"{wrong['claim_id']},reject,another model's tokens,,kim,2025-03-01")
    code, _ = run(Check(), fixtures=project / "cases")
    case = json.loads((project / "cases" / f"{wrong['claim_id']}.json").read_text())
    assert code == 0
    assert (case["field"], case["quote"], case["why"]) == ("tokens_trained", wrong["quote"], "another model's tokens")


def test_the_history_names_editor_reason_and_source(run: Any, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    write(project, CORRECTIONS, f"Zorble 70B,license,MIT,,,{END}")
    _, out = run(Check(), history=True)
    for words in ("corrections.csv:2", "kim", "2025-03-01", "as reported", "https://example.org/a", "not applied yet"):
        assert words in out


def test_a_new_model_is_prefilled_with_what_is_known(run: Any) -> None:
    code, out = run(NewModel(), "zorble-70b")
    (row,) = csv.DictReader(io.StringIO(out))
    assert code == 0
    assert list(row) == list(COLUMNS[MODELS])
    assert (row["organization"], row["parameters_total"], row["release_date"], row["reason"]) == (
        "Zorble Labs", "70000000000", "2025-06-01", "",
    )  # fmt: skip
    _, out = run(NewModel(), "Wholly", "New", no_header=True)
    assert out.startswith("Wholly New,,")
