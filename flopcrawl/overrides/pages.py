"""Pages that a person copied from a browser: text files whose first lines say where it is from, and when."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flopcrawl.overrides import cells
from flopcrawl.overrides.cells import CellError
from flopcrawl.overrides.grounds import is_address
from flopcrawl.overrides.rows import Problem
from flopcrawl.overrides.tables import decode

FOLDER = "pages"
KINDS = (".txt", ".md", ".html")
HEADINGS = {"url": "URL", "date": "Date", "model": "Model"}
"""What the first lines may say: ``URL:`` and ``Date:`` are needed, ``Model:`` helps where the page does not name it."""

MAX_HEAD_LINES = 12


@dataclass(frozen=True, slots=True)
class PastedPage:
    """A pasted page: its address, the day on which it was copied (ISO), the model that it is about ("" where not said).

    ``kind`` is ``txt``, ``md`` or ``html``; ``text`` is what stands below the first lines.
    """

    path: Path
    kind: str
    url: str
    date: str
    model: str
    text: str


def pasted(folder: Path, problems: list[Problem]) -> list[PastedPage]:
    """The pages of ``folder``/pages, by name. What cannot be used is added to ``problems``."""
    found = []
    for path in sorted((folder / FOLDER).glob("*")):
        if path.name == "README.md" or path.name.startswith(".") or not path.is_file() or path.is_symlink():
            continue
        name = f"{FOLDER}/{path.name}"
        if path.suffix.lower() not in KINDS:
            problems.append(
                Problem(name, 0, "", "a page is a .txt, .md or .html file.", "Save it as plain text (.txt).")
            )
        elif page := read_page(path, name, problems):
            found.append(page)
    return found


def read_page(path: Path, name: str, problems: list[Problem]) -> PastedPage | None:
    """One pasted page; None where it cannot be used, which is added to ``problems``."""
    data = path.read_bytes()
    text = decode(name, data, problems, table=False)
    if text is None:
        return None
    if not text.certain:
        problems.append(Problem(name, 0, "", "the page is not in UTF-8.", "Save it again as UTF-8."))
        return None
    values, body = _head(text.content)
    good = True
    if not is_address(values.get("url", "")):
        problems.append(
            Problem(
                name, 1, "URL", "the first lines do not say where the page is from.", "Write URL: https://… on top."
            )
        )
        good = False
    day = ""
    try:
        day = cells.date(values.get("date", ""))
    except CellError as error:
        message = error.message if values.get("date") else "the first lines do not say when the page was copied."
        problems.append(Problem(name, 2, "Date", message, "Write Date: 2025-07-09 on top (year-month-day)."))
        good = False
    if good and not body.strip():
        problems.append(Problem(name, 0, "", "nothing stands below the first lines.", "Paste the page below them."))
        good = False
    if not good:
        return None
    kind = path.suffix.lower().removeprefix(".")
    return PastedPage(path, kind, values["url"], day, values.get("model", ""), body)


def _head(content: str) -> tuple[dict[str, str], str]:
    """What the first lines say, by heading in small letters, and the rest."""
    values: dict[str, str] = {}
    lines = content.splitlines(keepends=True)
    at = 0
    while at < min(len(lines), MAX_HEAD_LINES):
        heading, colon, value = lines[at].partition(":")
        word = heading.strip().lower()
        if colon and word in HEADINGS and word not in values:
            values[word] = cells.text(value)
        elif lines[at].strip():
            break
        at += 1
    return values, "".join(lines[at:])
