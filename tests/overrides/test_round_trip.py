"""A file that LibreOffice has opened and saved again says the same, to the last cell."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from dataclasses import astuple
from pathlib import Path

import pytest

from flopcrawl.overrides import Overrides, load
from tests.overrides.malformed import END, GOOD, HEADERS

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
TODAY = dt.date(2030, 1, 1)
OWN = Path(__file__).parents[2] / "overrides"
FILTERS = {
    "comma-utf8": "csv:Text - txt - csv (StarCalc):44,34,76,1",
    "semicolon-utf8": "csv:Text - txt - csv (StarCalc):59,34,76,1",
    "tab-utf16": "csv:Text - txt - csv (StarCalc):9,34,65535,1",
}
"""How LibreOffice writes a CSV: separator, quotation mark, character set, first row."""

pytestmark = [
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed (apt-get install libreoffice-calc)"),
    pytest.mark.slow,
    pytest.mark.xdist_group("libreoffice"),
]


def convert(files: list[Path], to: str, out: Path, profile: Path) -> None:
    assert OFFICE is not None
    subprocess.run(
        [
            OFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--infilter=CSV:44,34,76,1",
            "--convert-to", to, "--outdir", str(out), *map(str, files),
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip


def what_it_says(found: Overrides) -> list[object]:
    groups = (found.models, found.corrections, found.aliases, found.not_same, found.exclude, found.decisions)
    return [astuple(row) for rows in groups for row in rows] + [(p.file, p.line, p.message) for p in found.problems]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Every file: the project's own rows, and one of each kind."""
    made = tmp_path / "overrides"
    made.mkdir()
    for file, header in HEADERS.items():
        (made / file).write_text(header + GOOD[file], encoding="utf-8")
    (made / "models.csv").write_bytes((OWN / "models.csv").read_bytes())
    with (made / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write(f"GPT-9,parameters_total,405B,,,{END}\nGPT-9,tokens_trained,1.56E+13,,yes,{END}\n")
        file.write('GPT-9,flop_reported,3.8e25,3,,"quote ""x"", and\nnewline",https://example.org/ü,Zoë,2025-03-01\n')
        file.write(f"'=GPT,release_date,2025-07-09,,,{END}\n3.5,license,MIT,,,{END}\n")
    return made


@pytest.mark.parametrize("written_as", FILTERS)
def test_nothing_changes(folder: Path, tmp_path: Path, written_as: str) -> None:
    before = load(folder, TODAY)
    out = tmp_path / "out"
    convert(sorted(folder.glob("*.csv")), FILTERS[written_as], out, tmp_path / "profile")
    assert sorted(path.name for path in out.iterdir()) == sorted(HEADERS)
    assert what_it_says(load(out, TODAY)) == what_it_says(before)
