"""Files as people make them are understood, to the last cell; formula-like cells are data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from flopcrawl.overrides import cells, load
from flopcrawl.overrides.files import COLUMNS, MODELS
from tests.overrides.malformed import END
from tests.overrides.malformed import MODELS as HEADER

TODAY = dt.date(2026, 1, 1)
TEMPLATES = Path(__file__).parents[2] / "overrides" / "templates"
OWN = Path(__file__).parents[2] / "overrides"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("405000000000", 405e9), ("405e9", 405e9), ("405B", 405e9), ("405 bn", 405e9), ("15.6T", 15.6e12),
        ("1.8 trillion", 1.8e12), ("1E+25", 1e25), ("3,8e25", 3.8e25), ("3.8×10^25", 3.8e25), ("1,235E+25", 1.235e25),
        ("2,000,000,000", 2e9), ("2.000.000.000", 2e9), ("2 000 000", 2e6), ("2’000’000", 2e6), ("1,234.5", 1234.5),
        ("1.234,5", 1234.5), ("12 345", 12345.0), ("0,125", 0.125), (".5", 0.5), ("40%", 0.4), ("−5", -5.0),
        ("1234,567", 1234.567), ("\u00a07e3 ", 7e3), ("2\u202f000\u202f000", 2e6),
    ],
)  # fmt: skip
def test_numbers_that_leave_no_doubt(written: str, number: float) -> None:
    assert cells.number(written) == number


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-07-09", "2025-07-09"), ("2025/7/9", "2025-07-09"), ("2025-7-9", "2025-07-09"), ("2025", "2025"),
        ("2025-07", "2025-07"), ("9 July 2025", "2025-07-09"), ("Jul 9, 2025", "2025-07-09"), ("July 2025", "2025-07"),
        ("13/7/2025", "2025-07-13"), ("7/13/2025", "2025-07-13"), ("13.07.25", "2025-07-13"),
        ("5/5/2025", "2025-05-05"),
        ("2025-07-09 00:00:00", "2025-07-09"), ("13/7/2025 0:00", "2025-07-13"),
    ],
)  # fmt: skip
def test_dates_that_leave_no_doubt(written: str, day: str) -> None:
    assert cells.date(written) == day


ROW = f"Zorble 70B,70e9,15.6T,,,,{END}\n"


@pytest.mark.parametrize(
    "data",
    [
        (HEADER + ROW).encode(), (HEADER + ROW).encode("utf-8-sig"), (HEADER + ROW).encode("utf-16"),
        (HEADER + ROW).encode("utf-16-le"), (HEADER + ROW).replace("\n", "\r\n").encode(),
        (HEADER + ROW).replace("\n", "\r").encode(), (HEADER + ROW).replace(",", ";").encode(),
        (HEADER + ROW).replace(",", "\t").encode(), b"sep=;\r\n" + (HEADER + ROW).replace(",", ";").encode(),
        ("\n\n" + HEADER + "\n" + ROW + ",,,,,,,,,\n\n").encode(), (HEADER.upper() + ROW).encode(),
        (HEADER.replace("_", " ").title() + ROW).encode(),
        (HEADER.rstrip() + ",,,\n" + ROW.rstrip() + ",,,\n").encode(),
        (HEADER + ROW.replace("reported size", '"reported\nsize"')).encode(),
        (HEADER + ROW.replace("70e9", '"70,000,000,000"')).encode(),
    ],
    ids="plain bom utf16 utf16-no-bom crlf cr semicolon tab sep blank-rows upper-case spaces trailing quoted-newline "
    "groups".split(),
)  # fmt: skip
def test_files_as_spreadsheets_write_them(data: bytes, tmp_path: Path) -> None:
    (tmp_path / MODELS).write_bytes(data)
    found = load(tmp_path, TODAY)
    assert found.problems == []
    assert {str(row.field): row.value for row in found.models} == {
        "parameters_total": "70000000000", "tokens_trained": "15600000000000",
    }  # fmt: skip
    assert {(row.model, row.reason, row.editor) for row in found.models} == {("Zorble 70B", "reported size", "kim")}


def test_reordered_columns_and_letters_of_all_the_world(tmp_path: Path) -> None:
    (tmp_path / "exclude.csv").write_text(
        "Date;Editor;Source-URL;Reason;Model\n2025-03-01;Zoë;https://example.org/ü;“merge” of 豆包;豆包 – Größe\n",
        encoding="utf-8",
    )
    found = load(tmp_path, TODAY)
    assert found.problems == []
    row = found.exclude[0]
    assert (row.model, row.reason, row.editor) == ("豆包 - Größe", '"merge" of 豆包', "Zoë")


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "'=1+1", "+GPT", "-x", "@SUM(A1)", "<script>alert(1)</script>"])
def test_formula_like_cells_are_data(name: str, tmp_path: Path) -> None:
    (tmp_path / "exclude.csv").write_text(f'model,reason,source_url,editor,date\n"{name}",why,https://a.org/,,\n')
    assert [row.model for row in load(tmp_path, TODAY).exclude] == [name.removeprefix("'")]


def test_a_quotation_mark_never_closed_costs_only_its_own_row(tmp_path: Path) -> None:
    rows = [f"Model {number},{END}\n" for number in range(200)]
    rows[100] = '"' + rows[100]
    (tmp_path / "exclude.csv").write_text("model,reason,source_url,editor,date\n" + "".join(rows))
    found = load(tmp_path, TODAY)
    assert len(found.exclude) == 199
    assert [problem.line for problem in found.problems] == [102]


def test_contradictions_between_files(tmp_path: Path) -> None:
    (tmp_path / "aliases.csv").write_text(f"alias,model,reason,source_url,editor,date\nA 1,B 1,{END}\nC 1,D 1,{END}\n")
    (tmp_path / "not_same.csv").write_text(f"a,b,reason,source_url,editor,date\nB 1,A 1,{END}\n")
    (tmp_path / "models.csv").write_text(HEADER + f"Gone,70e9,1T,,,,{END}\nHere,70e9,1T,,,,{END}\n")
    (tmp_path / "exclude.csv").write_text(f"model,reason,source_url,editor,date\ngone,{END}\n")
    (tmp_path / "corrections.csv").write_text(
        "model,field,value,within_factor,confirmed,reason,source_url,editor,date\n"
        f"Here,parameters_active,80e9,,,{END}\nHere,license,MIT,,,{END}\n"
    )
    found = load(tmp_path, TODAY)
    assert [(p.file, p.line) for p in found.problems] == [
        ("aliases.csv", 2), ("corrections.csv", 2), ("models.csv", 2), ("models.csv", 3),
    ]  # fmt: skip
    assert "more than all 7e+10" in found.problems[1].message
    assert [row.alias for row in found.aliases] == ["C 1"]
    assert [str(row.field) for row in found.corrections] == ["license"]


def test_two_aliases_of_one_model_are_not_two_models(tmp_path: Path) -> None:
    (tmp_path / "aliases.csv").write_text(f"alias,model,reason,source_url,editor,date\nA 1,X,{END}\nB 1,A 1,{END}\n")
    (tmp_path / "not_same.csv").write_text(f"a,b,reason,source_url,editor,date\nA 1,b 1,{END}\nX,Y,{END}\n")
    found = load(tmp_path, TODAY)
    # "B 1 is A 1" contradicts the first pair directly and is taken out; the pairs then stand
    assert [(p.file, p.line) for p in found.problems] == [("aliases.csv", 3)]
    (tmp_path / "aliases.csv").write_text(f"alias,model,reason,source_url,editor,date\nA 1,X,{END}\nB 1,X,{END}\n")
    found = load(tmp_path, TODAY)
    assert [(p.file, p.line) for p in found.problems] == [("not_same.csv", 2)]
    assert "makes both names the one model 'x'" in found.problems[0].message
    assert len(found.aliases) == 2


def test_a_missing_folder_is_empty(tmp_path: Path) -> None:
    found = load(tmp_path / "none")
    assert (found.models, found.problems) == ([], [])


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.csv")), ids=lambda path: path.stem)
def test_a_template_can_be_copied_as_it_is(template: Path, tmp_path: Path) -> None:
    (tmp_path / MODELS).write_bytes(template.read_bytes())
    found = load(tmp_path, dt.date(2026, 2, 1))
    assert found.problems == []
    assert found.models
    assert template.read_text().splitlines()[0] == ",".join(COLUMNS[MODELS])


def test_our_own_files_are_in_order() -> None:
    found = load(OWN, dt.date(2030, 1, 1))
    assert found.problems == []
    assert all(row.within_factor for row in found.models if row.field == "flop_reported")
