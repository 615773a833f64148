"""Who wrote a line, from git; nothing where there is no git history."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from flopcrawl.overrides.history import blame


def test_no_repository_has_no_history(tmp_path: Path) -> None:
    (tmp_path / "exclude.csv").write_text("model\n")
    assert blame(tmp_path / "exclude.csv") == {}
    assert blame(tmp_path / "none.csv") == {}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_each_line_has_its_author_and_day(tmp_path: Path) -> None:
    def git(*words: str, who: str = "Kim", day: str = "2025-03-04T12:00:00Z") -> None:
        who_and_when = {"GIT_AUTHOR_NAME": who, "GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
        more = {
            "GIT_AUTHOR_EMAIL": "a@b.c",
            "GIT_COMMITTER_NAME": who,
            "GIT_COMMITTER_EMAIL": "a@b.c",
            "HOME": str(tmp_path),
        }
        subprocess.run(
            ["git", "-C", str(tmp_path), *words],
            check=True,
            capture_output=True,
            env={**os.environ, **who_and_when, **more},
        )

    path = tmp_path / "exclude.csv"
    git("init")
    path.write_text("model\nA\n")
    git("add", "exclude.csv")
    git("commit", "-m", "A is a merge")
    path.write_text("model\nA\nB\n")
    git("commit", "-am", "B as well", who="Lee", day="2025-05-06T12:00:00Z")
    path.write_text("model\nA\nB\nC\n")
    found = blame(path)
    assert [(edit.author, edit.date, edit.message) for _, edit in sorted(found.items())] == [
        ("Kim", "2025-03-04", "A is a merge"), ("Kim", "2025-03-04", "A is a merge"),
        ("Lee", "2025-05-06", "B as well"),
        ("", "", "not committed yet"),
    ]  # fmt: skip
