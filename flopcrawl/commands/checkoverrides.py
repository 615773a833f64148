"""``scrapy checkoverrides``: the hand-edited files checked in plain words, then what they would change."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flopcrawl.commands.base import CommandError, FlopcrawlCommand

if TYPE_CHECKING:
    from flopcrawl.overrides import Overrides, Problem
    from flopcrawl.overrides.pages import PastedPage
    from flopcrawl.overrides.rows import Row
    from flopcrawl.reports.handmade import Preview, Stale

MAX_SHOWN = 200
"""Lines of one table on a terminal; ``--format json`` has them all."""


@dataclass
class Checked:
    """Everything that the check found. ``remark`` says what could not be checked, and why."""

    rows: dict[str, int]
    problems: list[Problem]
    pages: list[dict[str, Any]] = field(default_factory=list)
    stale: list[Stale] = field(default_factory=list)
    preview: Preview | None = None
    remark: str = ""


class Command(FlopcrawlCommand):
    """Check every hand-edited file, show what was read from pasted pages and what would change; exit 1 on a bad row."""

    def syntax(self) -> str:
        """How it is called."""
        return "[--format table|json] [--no-preview] [--history] [--fixtures DIR]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Check the hand-edited files in plain words, then show what they would change"

    def long_desc(self) -> str:
        """More words for ``--help``."""
        return (
            "Nothing is stored. Each problem names file, line and column, what is wrong, and what to write instead. "
            "With a database, names and values are compared with what is known, and the preview says which values and "
            "classifications would change. Exits 1 when there is a bad row; the good rows are used all the same."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--format", choices=("table", "json"), default="table")
        parser.add_argument("--no-preview", action="store_true", help="check only; do not work out what would change")
        parser.add_argument("--history", action="store_true", help="who wrote each row, when and why (from git too)")
        parser.add_argument(
            "--fixtures", type=Path, metavar="DIR", help="write each rejected claim as a test case for the reader"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Check, show, and judge."""
        from flopcrawl.overrides import load

        folder = self.overrides_folder
        if not folder.is_dir():
            raise CommandError(f"there is no folder {folder}: set FLOPCRAWL_OVERRIDES to the one that you mean")
        found = load(folder)
        if opts.history:
            self.show_history(found)
            return 0
        if opts.fixtures:
            return self.write_fixtures(found, opts.fixtures)
        checked = self.check(found, folder, preview=not opts.no_preview)
        if opts.format == "json":
            print(json.dumps(as_json(checked), ensure_ascii=False, indent=1))
        else:
            self.show(checked)
        return 1 if checked.problems else 0

    def check(self, found: Overrides, folder: Path, *, preview: bool) -> Checked:
        """Everything that can be said of the files, with the database where there is one."""
        from flopcrawl.database import open_for_reading
        from flopcrawl.overrides import pages
        from flopcrawl.overrides.checks import check
        from flopcrawl.reports import handmade

        problems = list(found.problems)
        pasted = [read_again(page, problems) for page in pages.pasted(folder, problems)]
        checked = Checked(count(found), problems, pasted)
        if not self.database_path.exists():
            checked.remark = (
                f"There is no database at {self.database_path} yet: names and values are not compared with what is "
                "known, and there is no preview. 'scrapy refresh' makes one."
            )
            return checked
        with open_for_reading(self.database_path) as db:
            problems += check(found, handmade.known(db))
            checked.stale = handmade.stale(db)
        problems.sort(key=lambda problem: (problem.file, problem.line))
        if preview:
            with self.console.status("working out what would change"):
                checked.preview = handmade.preview(self.database_path, folder)
        return checked

    def show(self, checked: Checked) -> None:
        """Print the findings for people."""
        from rich.markup import escape

        rows = ", ".join(f"{name} {number}" for name, number in checked.rows.items())
        self.say(f"Good rows: {rows}.")
        for problem in checked.problems[:MAX_SHOWN]:
            place = problem.file + (f", line {problem.line}" if problem.line else "")
            place += f", {problem.column}" if problem.column else ""
            self.output.print(f"[bold red]✗ {escape(place)}[/]", highlight=False, soft_wrap=True)
            self.say(f"    {problem.message}")
            self.output.print(f"    [green]→ {escape(problem.remedy)}[/]", highlight=False, soft_wrap=True)
        self.left_out(len(checked.problems))
        for page in checked.pages:
            self.say(f"Read from {page['file']} ({page['url']}, {page['date']}):")
            for fact in page["facts"]:
                self.say(f"    {fact['model'] or '?'}: {fact['field']} = {fact['value']}   “{fact['quote'] or ''}”")
            if not page["facts"]:
                self.say("    nothing: is it the right page, and is all of it there?")
        if checked.pages:
            self.say("A page counts after 'scrapy crawl pasted' or the next refresh; a rebuild alone does not read it.")
        cells: dict[tuple[str, int, str], list[str]] = {}
        for row in checked.stale:  # one line for the cells of a row that have the same standing
            cells.setdefault((row.file, row.line, row.why), []).append(f"{row.field} {row.value}")
        for (file, line, why), named in cells.items():
            self.say(f"Look again at {file}, line {line} ({'; '.join(named)}): {why}")
        if checked.remark:
            self.say(checked.remark)
        if checked.preview is not None:
            self.show_preview(checked.preview)
        bad = len({(p.file, p.line) for p in checked.problems})
        self.say("Everything is in order." if not bad else f"{bad} rows need you; the others are used.")

    def show_preview(self, preview: Preview) -> None:
        """Print what would change."""
        from rich.table import Table
        from rich.text import Text

        if preview.others:
            self.say(
                f"Apart from these files, a rebuild would change {preview.others} models: the program is newer than "
                "the database, or what they are compared with changes."
            )
        if not preview.differences:
            self.say("Nothing would change through these files.")
            return
        table = Table("model", "field", "now", "then", title="What would change", title_justify="left")
        for each in preview.differences[:MAX_SHOWN]:
            style = "bold" if each.field == "classification" else ""
            table.add_row(*(Text(text or "—", style=style) for text in (each.name, each.field, each.old, each.new)))
        self.output.print(table)
        self.left_out(len(preview.differences))
        for move in preview.moves[:MAX_SHOWN]:
            self.say(f"{move.name}: {move.old or 'not known'} → {move.new or 'not known'}")

    def left_out(self, number: int) -> None:
        """Say how many lines are not shown."""
        if number > MAX_SHOWN:
            self.say(f"… and {number - MAX_SHOWN} more; --format json shows all.")

    def say(self, text: str) -> None:
        """One line, as it is."""
        self.output.print(text, markup=False, highlight=False, soft_wrap=True)

    def show_history(self, found: Overrides) -> None:
        """Who wrote each row, when, why and on what ground, and what it replaced."""
        from rich.table import Table
        from rich.text import Text

        from flopcrawl.database import open_for_reading
        from flopcrawl.overrides.history import blame

        applied: dict[tuple[str, int], tuple[str, str, str]] = {}
        if self.database_path.exists():
            with open_for_reading(self.database_path) as db:
                for file, line, old, new, status in db.execute(
                    "SELECT file, line, group_concat(field || ' ' || coalesce(scraped_value, '—'), '; '), "
                    "group_concat(value, '; '), group_concat(DISTINCT status) FROM overrides GROUP BY file, line"
                ):
                    applied[file, line] = (old or "", new or "", status)
        table = Table("row", "who", "when", "why", "source", "sources said", "row says", "status")
        places = {(row.file, row.line): row for rows in by_file(found).values() for row in rows}
        blames = {file: blame(self.overrides_folder / file) for file in {file for file, _ in places}}
        for (file, line), row in sorted(places.items()):
            edit = blames[file].get(line)
            who = row.editor or (edit.author if edit else "")
            when = row.date or (edit.date if edit else "")
            if edit and edit.commit:
                when += f" (commit {edit.commit})"
            old, new, status = applied.get((file, line), ("", "", "not applied yet"))
            cells = (f"{file}:{line}", who, when, row.reason, row.source_url, old, new, status)
            table.add_row(*map(Text, cells))
        self.output.print(table)

    def write_fixtures(self, found: Overrides, folder: Path) -> int:
        """Write the claims that were rejected as test cases that the reader must pass."""
        from flopcrawl.database import open_for_reading
        from flopcrawl.vocabulary import Decision

        rejected = {row.claim_id: row for row in found.decisions if row.decision == Decision.REJECT}
        folder.mkdir(parents=True, exist_ok=True)
        written = 0
        with open_for_reading(self.existing_database()) as db:
            for claim in db.execute("SELECT * FROM claims WHERE quote IS NOT NULL ORDER BY claim_id"):
                if claim["claim_id"] not in rejected:
                    continue
                case = {name: claim[name] for name in ("subject", "field", "value", "quote", "url")}
                case["why"] = rejected[claim["claim_id"]].reason
                path = folder / f"{claim['claim_id']}.json"
                path.write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
                written += 1
        self.say(f"{written} rejected claims written to {folder}: the reader must not read them so again.")
        return 0


def by_file(found: Overrides) -> dict[str, Sequence[Row]]:
    """The good rows of each file."""
    from flopcrawl.overrides import files

    return {
        files.MODELS: found.models, files.CORRECTIONS: found.corrections, files.ALIASES: found.aliases,
        files.NOT_SAME: found.not_same, files.EXCLUDE: found.exclude, files.DECISIONS: found.decisions,
    }  # fmt: skip


def count(found: Overrides) -> dict[str, int]:
    """How many good rows each file has."""
    return {file: len({row.line for row in rows}) for file, rows in by_file(found).items()}


def read_again(page: PastedPage, problems: list[Problem]) -> dict[str, Any]:
    """What is read from a pasted page, for confirmation. A page that cannot be read is added to ``problems``."""
    from flopcrawl.extraction import UnreadableError, read
    from flopcrawl.overrides import Problem

    file = f"pages/{page.path.name}"
    shown: dict[str, Any] = {"file": file, "url": page.url, "date": page.date, "facts": []}
    try:
        reading = read(page.text, kind=page.kind, name=page.path.name, url=page.url, model=page.model or None)
    except UnreadableError as error:
        problems.append(
            Problem(file, 0, "", f"the page cannot be read: {error}.", "Save it again as plain text (.txt).")
        )
        return shown
    return shown | {"facts": [fact.as_dict(file) for fact in reading.facts]}


def as_json(checked: Checked) -> dict[str, Any]:
    """The findings for programs, as the comment on a pull request."""
    preview = checked.preview
    return {
        "rows": checked.rows,
        "problems": [
            {"file": p.file, "line": p.line, "column": p.column, "message": p.message, "remedy": p.remedy}
            for p in checked.problems
        ],
        "pages": checked.pages,
        "stale": [asdict(row) for row in checked.stale],
        "changes": [asdict(each) for each in preview.differences] if preview else None,
        "classifications": [asdict(each) for each in preview.moves] if preview else None,
        "other_models": preview.others if preview else None,
        "remark": checked.remark,
    }
