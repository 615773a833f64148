"""``scrapy audit``: how right is what the readers read? Ten claims a week, looked at by a person."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from flopcrawl.commands.base import CommandError, FlopcrawlCommand


class Command(FlopcrawlCommand):
    """Draw this week's sheet, or read the answered ones and print the precision of the live data."""

    def syntax(self) -> str:
        """How it is called."""
        return "[SHEET.csv …]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Draw ten claims to check by hand; given answered sheets, the precision of the live data"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--week", metavar="YYYY-Wnn", help="the week to draw for (default: this one)")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Draw, or evaluate."""
        from flopcrawl.database import open_for_reading
        from flopcrawl.reports import audit
        from flopcrawl.reports.exports import as_csv, write_whole

        if args:
            try:
                share = audit.precision([Path(name) for name in args])
            except (audit.BadSheetError, FileNotFoundError) as error:
                raise CommandError(str(error)) from None
            self.output.print(f"precision of the live data: {share}", markup=False, highlight=False)
            return 0
        name = opts.week or audit.week(date.today())
        sheet = self.exports_folder / f"audit-{name}.csv"
        if sheet.exists():
            raise CommandError(f"{sheet} is already there; fill it in, then 'scrapy audit {sheet}'")
        with open_for_reading(self.existing_database()) as db:
            rows = audit.draw(db, name)
        write_whole(sheet, as_csv(audit.COLUMNS, rows))
        self.output.print(
            f"{len(rows)} claims in {sheet}: open each address, write right or wrong in '{audit.QUESTION}', say why, "
            f"then 'scrapy audit {sheet}'",
            markup=False, highlight=False, soft_wrap=True,
        )  # fmt: skip
        return 0
