"""``scrapy newmodel NAME``: a row for models.csv with everything that is known of a model filled in."""

from __future__ import annotations

import argparse
import csv
import sys
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from flopcrawl.commands.base import FlopcrawlCommand

if TYPE_CHECKING:
    from flopcrawl.overrides import Overrides


class Command(FlopcrawlCommand):
    """Print the header of models.csv and one row; the cells that a person must fill in are empty."""

    def syntax(self) -> str:
        """How it is called."""
        return "NAME [--no-header]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Print a prefilled row for overrides/models.csv"

    def long_desc(self) -> str:
        """More words for ``--help``."""
        return (
            "What is known of the model is filled in; what decides how much compute it took, the reason and the source "
            "are yours. Nothing is written: append the row with  scrapy newmodel 'NAME' --no-header >> "
            "overrides/models.csv  or paste it in a spreadsheet, then run  scrapy checkoverrides."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--no-header", action="store_true", help="print the row only")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print the row; on standard error, what to do with it."""
        from flopcrawl.clock import now
        from flopcrawl.overrides import load
        from flopcrawl.overrides.checks import did_you_mean, registry_of
        from flopcrawl.overrides.files import COLUMNS, MODELS

        name = " ".join(" ".join(args).split())
        if not name:
            raise UsageError("say the model's name")
        found = load(self.overrides_folder)
        identity = registry_of(found).resolve(name)
        names, row = self.known(identity.model_key)
        row |= {"name": identity.model or name, "date": now()[:10]}
        writer = csv.DictWriter(sys.stdout, COLUMNS[MODELS], lineterminator="\n")
        if not opts.no_header:
            writer.writeheader()
        writer.writerow(row)
        for remark in self.remarks(identity.model_key, names, found):
            self.console.print(remark, markup=False, highlight=False, soft_wrap=True)
        if identity.model_key not in names and (near := did_you_mean(name, names)):
            self.console.print(f"No model is known as {name!r}. {near}", markup=False, soft_wrap=True)
        return 0

    def known(self, key: str) -> tuple[dict[str, str], dict[str, str]]:
        """The names of all models by key, and what is known of one of them by column of models.csv."""
        from flopcrawl.database import open_for_reading

        columns = (
            "organization", "country", "release_date", "domain", "accessibility", "license", "architecture",
            "parameters_total", "parameters_active", "tokens_trained",
        )  # fmt: skip
        if not self.database_path.exists():
            return {}, {}
        with open_for_reading(self.database_path) as db:
            names = dict(db.execute("SELECT model_key, name FROM models").fetchall())
            model = db.execute("SELECT * FROM models WHERE model_key = ?", (key,)).fetchone()
        if model is None:
            return names, {}
        values = {column: model[column] for column in columns if model[column] is not None}
        return names, {
            column: f"{value:.12g}" if isinstance(value, float) else str(value) for column, value in values.items()
        }

    def remarks(self, key: str, names: dict[str, str], found: Overrides) -> list[str]:
        """What the person should know before using the row."""
        from flopcrawl.overrides.checks import registry_of

        registry = registry_of(found)
        remarks = [
            f"models.csv, line {line} already is about this model: change that row."
            for line in sorted({row.line for row in found.models if registry.resolve(row.model).model_key == key})
        ]
        if key in names:
            remarks.append(
                f"{names[key]} is known already. To correct one value, a row of corrections.csv is simpler; "
                "leave only those cells of this row that you know better."
            )
        remarks.append("Fill in what you know of its compute, the reason, source_url and editor.")
        return remarks
