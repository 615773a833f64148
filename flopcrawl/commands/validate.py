"""``scrapy validate``: our models against Epoch's, as a report with minimums for a pipeline of checks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from flopcrawl.commands.base import CommandError, FlopcrawlCommand

if TYPE_CHECKING:
    from flopcrawl.reports.validation import Validation


def share(text: str) -> float:
    """A share between 0 and 1, for argparse."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1 (90 % is 0.9)")
    return value


class Command(FlopcrawlCommand):
    """Compare coverage and accuracy with the reference; exit 1 only when a given minimum is missed."""

    def syntax(self) -> str:
        """How it is called."""
        return "[--reference CSV | --vintage V] [--min-coverage P] [--min-within-2x P] [--min-precision P] …"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Coverage and accuracy against Epoch: exports/validation.md, .html, .csv, .svg"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--reference", type=Path, metavar="CSV", help="a file with Epoch's columns, any vintage")
        parser.add_argument("--vintage", help="a vintage of the table reference_epoch (default: the newest)")
        parser.add_argument("--no-store", action="store_true", help="do not keep the result in the database")
        for name, (_, _, _, meaning) in MINIMUMS.items():
            parser.add_argument(f"--min-{name}", type=share, metavar="P", help=f"exit 1 where {meaning} is below P")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Validate, write, keep, and judge by the given minimums."""
        from flopcrawl.clock import now
        from flopcrawl.reports import validating
        from flopcrawl.reports.audit import BadSheetError
        from flopcrawl.reports.validation_reference import BadReferenceError

        with self.console.status("comparing"):
            try:
                outcome = validating.run(
                    self.existing_database(), self.overrides_folder, self.exports_folder, now(),
                    reference_csv=opts.reference, vintage=opts.vintage or "", keep=not opts.no_store,
                )  # fmt: skip
            except (BadReferenceError, BadSheetError) as error:
                raise CommandError(str(error)) from None
        self.summarize(outcome.result, [*outcome.dropped, *outcome.leaks], outcome.files)
        return self.judge(outcome.result, opts)

    def summarize(self, result: Validation, alerts: list[str], files: list[Path]) -> None:
        """Print what most readers want, and where the rest is."""
        for name, cell, threshold, meaning in (*MINIMUMS.values(), *ALSO):
            self.output.print(f"{meaning}: {result.find(name, cell, threshold).text}", markup=False, highlight=False)
        for alert in alerts:
            self.output.print(f"alert: {alert}", markup=False, highlight=False)
        self.output.print(f"written: {', '.join(map(str, files))}", markup=False, highlight=False, soft_wrap=True)

    def judge(self, result: Validation, opts: argparse.Namespace) -> int:
        """1 where a given minimum is missed or cannot be told, else 0."""
        missed = 0
        for option, (name, cell, threshold, meaning) in MINIMUMS.items():
            wanted = getattr(opts, f"min_{option.replace('-', '_')}")
            if wanted is None:
                continue
            measure = result.find(name, cell, threshold)
            if measure.value is None or measure.value < wanted:
                self.console.print(f"{meaning} is {measure.text}, less than {wanted:g}", markup=False)
                missed = 1
        return missed


MINIMUMS = {
    "coverage": ("coverage: detected with overrides", "all", 1e25, "coverage at 1e25 with overrides"),
    "automatic-coverage": ("coverage: detected automatically", "all", 1e25, "automatic coverage at 1e25"),
    "within-2x": ("within 2×", "all", 0.0, "share of automatic values within 2×"),
    "precision": ("precision", "automatic", 1e25, "automatic precision at 1e25"),
    "recall": ("recall", "automatic", 1e25, "automatic recall at 1e25"),
}
"""Option (after ``--min-``) to measure, cell, threshold (FLOP) and what it is called."""

ALSO = (
    ("coverage: present", "all", 1e25, "reference models over 1e25 that we have"),
    ("coverage: over or uncertain", "all", 1e25, "of them over or uncertain"),
    ("within 2×", "disclosed facts", 0.0, "within 2× where facts are disclosed"),
    ("within 2×", "reference Confident or Likely", 0.0, "within 2× where the reference is Confident or Likely"),
    ("false positives", "all", 1e25, "false positives at 1e25"),
    ("false negatives", "all", 1e25, "false negatives at 1e25"),
    ("coverage: present", "all", 1e23, "reference models over 1e23 that we have"),
)
