"""A hand-made number two orders away from what is known must be confirmed in its row."""

from __future__ import annotations

from pathlib import Path

import pytest

from flopcrawl import database
from flopcrawl.derive import derive_all
from flopcrawl.items import Claim
from flopcrawl.vocabulary import Field

AT = "2026-01-01T00:00:00Z"
END = "checked,https://example.org/a,kim,2025-03-01"


@pytest.fixture
def project(tmp_path: Path) -> tuple[Path, Path]:
    path, folder = tmp_path / "flopcrawl.db", tmp_path / "overrides"
    folder.mkdir()
    claims = [
        Claim("Zorble 70B", field, str(value), "zorble", "https://zorble.example/a", AT, organization="Zorble")
        for field, value in ((Field.NAME, "Zorble 70B"), (Field.PARAMETERS_TOTAL, 7e10), (Field.TOKENS_TRAINED, 1.5e13))
    ]
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        with db.atomic():
            database.store_claims(db, claims, AT)
        db.close()
    derive_all(path, folder, run_id=AT)
    return path, folder


def derived(project: tuple[Path, Path], row: str) -> tuple[dict, list[dict]]:
    path, folder = project
    (folder / "corrections.csv").write_text(
        f"model,field,value,within_factor,confirmed,reason,source_url,editor,date\nZorble 70B,{row},{END}\n"
    )
    derive_all(path, folder, run_id=AT)
    with database.open_for_reading(path) as db:
        model = dict(db.execute("SELECT * FROM models WHERE model_key LIKE 'zorble%'").fetchone())
        return model, [dict(each) for each in db.execute("SELECT * FROM overrides")]


def test_a_far_value_is_refused_until_it_is_confirmed(project: tuple[Path, Path]) -> None:
    model, rows = derived(project, "parameters_total,7e12,,")
    assert model["parameters_total"] == 7e12, "a hundred times is at the limit"
    model, rows = derived(project, "parameters_total,8e12,,")
    assert model["parameters_total"] == 7e10
    assert rows[0]["status"] == "rejected"
    assert "114 times away from 7e+10" in rows[0]["message"]
    model, rows = derived(project, "parameters_total,8e12,,yes")
    assert (model["parameters_total"], rows[0]["status"]) == (8e12, "applied")


def test_a_far_compute_is_refused_and_the_estimate_stays(project: tuple[Path, Path]) -> None:
    model, _ = derived(project, "flop_reported,5e24,3,")
    assert (model["training_flop"], model["estimation_method"]) == (5e24, "manual")
    model, rows = derived(project, "flop_reported,5e27,3,")
    assert (model["estimation_method"], rows[0]["status"]) == ("operations", "rejected")
    model, rows = derived(project, "flop_reported,5e27,3,yes")
    assert (model["training_flop"], rows[0]["status"]) == (5e27, "applied")
