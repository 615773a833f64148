"""Who wrote a row, and when, by the git history of its line. Where there is no git history there is none of this."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Edit:
    """The last change of a line: its commit ("" where it is not committed yet), author, day (ISO) and message."""

    commit: str
    author: str
    date: str
    message: str


def blame(path: Path) -> dict[int, Edit]:
    """Line number (from 1) to its last change; empty where there is no git, no repository or no such file in it."""
    git = shutil.which("git")
    if git is None or not path.exists():
        return {}
    done = subprocess.run(  # noqa: S603 - fixed words and a path of the settings
        [git, "-C", str(path.parent), "blame", "--line-porcelain", "--", path.name],
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return {}
    return _parse(done.stdout.decode("utf-8", "replace"))


def _parse(porcelain: str) -> dict[int, Edit]:
    """What ``git blame --line-porcelain`` prints: a header line, headings, then the line itself after a tab."""
    found: dict[int, Edit] = {}
    commit, line, headings = "", 0, dict[str, str]()
    for text in porcelain.splitlines():
        if text.startswith("\t"):
            seconds = int(headings.get("author-time", "0"))
            day = dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat()
            committed = set(commit) != {"0"}
            found[line] = Edit(
                commit[:12] if committed else "",
                headings.get("author", "") if committed else "",
                day if committed else "",
                headings.get("summary", "") if committed else "not committed yet",
            )
            commit, headings = "", {}
        elif not commit:
            commit, _, rest = text.partition(" ")
            line = int(rest.split()[1])
        else:
            word, _, value = text.partition(" ")
            headings[word] = value
    return found
