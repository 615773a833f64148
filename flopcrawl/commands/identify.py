"""``scrapy identify``: which model a name means, by which rule, and the look-alikes that it is not."""

from __future__ import annotations

import argparse
import json
import sys

from scrapy.exceptions import UsageError

from flopcrawl.commands.base import FlopcrawlCommand


class Command(FlopcrawlCommand):
    """Say which model each name means. Needs no database."""

    def syntax(self) -> str:
        """How it is called."""
        return "NAME… [--organization ORGANIZATION] [--format table|json]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Say which model a name means, by which rule, and which look-alikes it is not"

    def long_desc(self) -> str:
        """More words for ``--help``."""
        return (
            "Two names are one model exactly when their model_key is equal. The rules and tables are the project's, "
            "with the rows of overrides/aliases.csv and overrides/not_same.csv where there are any. A name that no "
            "table knows gets a key of its own. Without a NAME, names are read from standard input, one a line."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--format", choices=("table", "json"), default="table")
        parser.add_argument("--organization", default="", metavar="ORGANIZATION", help="who developed the models")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Resolve the names and print one row for each."""
        from flopcrawl.identity import Registry
        from flopcrawl.overrides import load

        names = args or ([] if sys.stdin.isatty() else [line.strip() for line in sys.stdin if line.strip()])
        if not names:
            raise UsageError("give at least one name")
        rows = load(self.overrides_folder)
        for problem in rows.problems:
            if problem.file in ("aliases.csv", "not_same.csv"):
                sys.stderr.write(f"{problem.file}, line {problem.line}: {problem.message} {problem.remedy}\n")
        registry = Registry.load(
            aliases=[(row.alias, row.model) for row in rows.aliases], not_same=[(row.a, row.b) for row in rows.not_same]
        )
        found = [registry.resolve(name, opts.organization).as_dict() for name in names]
        if opts.format == "json":
            print(json.dumps(found, ensure_ascii=False, indent=1))
            return 0
        from rich.table import Table
        from rich.text import Text

        table = Table()
        for title in ("name", "model", "model_key", "rule", "not the same as"):
            table.add_column(title, overflow="fold")  # never a part of a name
        for row in found:
            suggestions = row["suggestions"]
            assert isinstance(suggestions, list)
            cells = (row["name"], row["model"] or "(unknown)", row["model_key"], row["rule"], ", ".join(suggestions))
            table.add_row(*(Text(str(cell)) for cell in cells))
        self.output.print(table)
        return 0
