"""One row changes; every other byte stays, in whatever way the file is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from flopcrawl.overrides import load
from flopcrawl.overrides.files import COLUMNS
from flopcrawl.overrides.sheet import Sheet, SheetError, digest

FILE = "exclude.csv"
ROW = {
    "model": "New; one",
    "reason": 'a "merge"',
    "source_url": "https://example.org/n",
    "editor": "kim",
    "date": "2025-01-02",
}
PLAIN = (
    "model,reason,source_url,editor,date\n"
    'First,"a, b",https://example.org/1,kim,2025-01-01\n'
    '"Second","two\nlines",https://example.org/2,kim,2025-01-01\n'
    "Third,c,https://example.org/3,,\n"
)


def sheet(tmp_path: Path, data: bytes) -> Sheet:
    (tmp_path / FILE).write_bytes(data)
    return Sheet(tmp_path / FILE, COLUMNS[FILE])


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(), PLAIN.encode("utf-8-sig"), PLAIN.encode("utf-16"), PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.rstrip("\n").encode(), (PLAIN + ",,,,\n,,,,\n").encode(), b"sep=,\n" + PLAIN.encode(),
        PLAIN.replace(",", "\t").replace("a\t b", "a, b").encode(),
    ],
    ids=["plain", "bom", "utf-16", "crlf", "no-last-newline", "empty-rows", "sep", "tab"],
)  # fmt: skip
def test_append_replace_remove_change_one_row(tmp_path: Path, data: bytes) -> None:
    edited = sheet(tmp_path, data)
    second = next(line for line, row in edited.rows.items() if row["model"] == "Second")
    before = list(edited.lines)
    line = edited.append(ROW)
    edited.save(edited.digest)
    after = sheet(tmp_path, (tmp_path / FILE).read_bytes())
    assert after.rows[line] == ROW
    assert [row["model"] for row in after.rows.values()] == ["First", "Second", "Third", "New; one"]
    assert after.lines[second - 1 : second + 1] == before[second - 1 : second + 1]
    after.replace(second, {**ROW, "model": "Changed"})
    after.save(after.digest)
    changed = sheet(tmp_path, (tmp_path / FILE).read_bytes())
    assert [row["model"] for row in changed.rows.values()] == ["First", "Changed", "Third", "New; one"]
    changed.remove(second)
    assert changed.data()[:3] == data[:3]
    changed.save(changed.digest)
    assert [row.model for row in load(tmp_path).exclude] == ["First", "Third", "New; one"]
    assert load(tmp_path).problems == []


def test_a_new_file_is_begun_and_a_missing_column_is_added(tmp_path: Path) -> None:
    new = Sheet(tmp_path / FILE, COLUMNS[FILE])
    new.append(ROW)
    new.save("")
    assert [row.model for row in load(tmp_path).exclude] == ["New; one"]
    short = sheet(tmp_path, b"Model,Reason\nOld,x\n")
    short.append(ROW)
    short.save(short.digest)
    assert (tmp_path / FILE).read_text().splitlines()[0] == "Model,Reason,source_url,editor,date"
    assert [row.model for row in load(tmp_path).exclude] == ["New; one"], "the old row has no source"


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    edited = sheet(tmp_path, PLAIN.encode())
    edited.append(ROW)
    (tmp_path / FILE).write_text(PLAIN + "Theirs,d,https://example.org/4,,\n")
    with pytest.raises(SheetError, match="changed meanwhile"):
        edited.save(edited.digest)
    assert "Theirs" in (tmp_path / FILE).read_text()


def test_the_file_before_the_change_is_kept(tmp_path: Path) -> None:
    edited = sheet(tmp_path, PLAIN.encode())
    edited.append(ROW)
    edited.save(digest(tmp_path / FILE))
    assert (tmp_path / (FILE + ".bak")).read_text() == PLAIN
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE, FILE + ".bak"]


@pytest.mark.parametrize("data", [b"PK\x03\x04", "model\nCafé\n".encode("cp1252"), b"\n\n", b"model,model\na,b\n"])
def test_a_file_that_cannot_be_read_surely_is_not_changed(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(SheetError):
        sheet(tmp_path, data)
