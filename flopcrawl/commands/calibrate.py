"""``scrapy calibrate``: regressions and spreads again, from the project's own claims."""

from __future__ import annotations

import argparse
from pathlib import Path

from flopcrawl.commands.base import FlopcrawlCommand


class Command(FlopcrawlCommand):
    """Refit the calibration, judge it on later models, store it, and derive every model by it."""

    def syntax(self) -> str:
        """How it is called."""
        return "[--dry-run] [--csv FILE]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Refit the regressions and spreads from the project's own claims, and derive every model by them"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="print the fit; store nothing and derive nothing")
        parser.add_argument("--csv", type=Path, metavar="FILE", help="also write the rows of the calibration as CSV")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Fit, print, and unless told otherwise store and derive."""
        from flopcrawl import database
        from flopcrawl.clock import now
        from flopcrawl.derive import derive_all
        from flopcrawl.estimation.calibration import Calibration
        from flopcrawl.estimation.fitting import fit
        from flopcrawl.reports.calibration import known_models, markdown, raised, raised_table
        from flopcrawl.reports.exports import as_csv, write_whole
        from flopcrawl.vocabulary import Cause

        path = self.existing_database()
        with database.open_for_reading(path) as reading:
            known = known_models(reading)
        with self.console.status(f"fitting on {len(known)} models"):
            fitted = fit(known, now())
        page = markdown(fitted)
        self.output.print(page, markup=False, highlight=False, soft_wrap=True)
        rows = fitted.calibration.rows()
        if opts.csv is not None:
            columns = list(rows[0])
            write_whole(opts.csv, as_csv(columns, ([row[column] for column in columns] for row in rows)))
        if opts.dry_run:
            return 0
        with database.writer_lock(path):
            db = database.open_for_writing(path)
            try:
                stored = database.calibrations(db)
                same = bool(stored) and Calibration.from_rows(stored).equals(fitted.calibration)
                if not same:
                    database.store_calibration(db, rows)
            finally:
                db.close()
        if same:
            self.output.print("the stored calibration already says the same")
        else:
            with self.console.status("deriving every model"):
                summary = derive_all(
                    path, self.overrides_folder, run_id=fitted.calibration.date, cause=Cause.CALIBRATION
                )
            self.output.print(f"{summary.models} models, {summary.n_changes} changes, {summary.listed} on the list")
        with database.open_for_reading(path) as reading:
            page = "\n".join([page.rstrip(), *raised_table(raised(reading)), ""])
        write_whole(self.exports_folder / "calibration.md", page)
        return 0
