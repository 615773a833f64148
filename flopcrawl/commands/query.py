"""``scrapy query``: the list, or any table or view, filtered, as a table, CSV or JSON."""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import sys
from collections.abc import Sequence

from flopcrawl.commands.base import CommandError, FlopcrawlCommand

DEFAULT_TABLE = "models_over_1e25"
DEFAULT_LIMIT = 100
MAX_SECONDS = 30.0
"""A query that runs for longer is ended."""

SQL = re.compile(r"\s*(?:select|with|values|explain)\b", re.IGNORECASE)
FILTER = re.compile(r"(?P<column>\w+)\s*(?P<operator>>=|<=|!=|=|>|<|~)\s*(?P<value>.*)", re.DOTALL)
SHORT_COLUMNS = ("name", "organization", "release_date", "training_flop", "training_flop_low", "training_flop_high",
                 "confidence", "estimation_method", "probability_over_1e25", "origin")  # fmt: skip
"""What a terminal shows of the list; --columns or --format csv shows all."""


class Command(FlopcrawlCommand):
    """Ask the database."""

    def syntax(self) -> str:
        """How it is called."""
        return "[SQL | TABLE] [COLUMN=VALUE …] [--format table|csv|json]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Print the list, or any table, filtered, as a table, CSV or JSON"

    def long_desc(self) -> str:
        """More words for ``--help``."""
        return (
            "Without an argument: the list of models over 1e25 FLOP. TABLE is a table or view, a filter COLUMN=VALUE "
            "or != < <= > >= ~ (contains, without regard to case). Or give one SELECT statement in quotes. "
            "Examples: scrapy query country=China; scrapy query models 'training_flop>=1e24' --sort release_date; "
            'scrapy query "select organization, count(*) from models group by 1"'
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
        parser.add_argument("--columns", metavar="A,B", help="only these columns, in this order")
        parser.add_argument("--sort", metavar="COLUMN", help="sort by a column, the smallest first")
        parser.add_argument("--desc", action="store_true", help="with --sort: the largest first")
        parser.add_argument(
            "--limit", type=int, metavar="N", help=f"at most N rows (a table on a terminal: {DEFAULT_LIMIT})"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Run the query and print its rows."""
        from flopcrawl.database import open_for_reading

        with open_for_reading(self.existing_database()) as db:
            statement, parameters = build(db, args, opts)
            guard(db)
            try:
                cursor = db.execute(statement, parameters)
                columns = [column[0] for column in cursor.description or ()]
                rows = [tuple(row) for row in cursor]
            except sqlite3.Error as error:
                raise CommandError(f"the query cannot be run: {error}") from None
        self.print_rows(columns, rows, opts.format)
        return 0

    def print_rows(self, columns: Sequence[str], rows: Sequence[Sequence[object]], form: str) -> None:
        """Write the rows to standard output."""
        if form == "json":
            print(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=1))
        elif form == "csv":
            from flopcrawl.reports.exports import as_csv

            sys.stdout.write(as_csv(columns, rows))
        else:
            from rich.table import Table
            from rich.text import Text

            table = Table(*columns)
            for row in rows:
                table.add_row(*(Text(shown(value)) for value in row))
            self.output.print(table)
            self.output.print(f"{len(rows)} rows")


def shown(value: object) -> str:
    """A value for a person: large numbers in scientific notation, nothing as a dash."""
    if value is None:
        return "—"
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value)


def guard(db: sqlite3.Connection) -> None:
    """End a query that runs for longer than :data:`MAX_SECONDS`."""
    import time

    end = time.monotonic() + MAX_SECONDS
    db.set_progress_handler(lambda: time.monotonic() > end, 100_000)


def build(db: sqlite3.Connection, args: Sequence[str], opts: argparse.Namespace) -> tuple[str, list[object]]:
    """The SQL statement, and its parameters, that the arguments mean.

    Raises:
        CommandError: there is no such table or column, or an argument is no filter. The message says what there is.
    """
    words = list(args)
    if words and SQL.match(words[0]):
        if len(words) > 1 or opts.columns or opts.sort:
            raise CommandError("a SELECT statement stands alone: put filters and order into it")
        return words[0], []
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY 1")]
    table = words.pop(0) if words and not FILTER.fullmatch(words[0]) else DEFAULT_TABLE
    if table not in tables:
        raise CommandError(f"there is no table {table!r}; there are {', '.join(t for t in tables if t[0] != '_')}")
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]

    def known(column: str) -> str:
        if column not in columns:
            raise CommandError(f"{table} has no column {column!r}; it has {', '.join(columns)}")
        return column

    conditions, parameters = [], list[object]()
    for word in words:
        match = FILTER.fullmatch(word)
        if match is None:
            raise CommandError(f"{word!r} is no filter: write COLUMN=VALUE, or put a whole SELECT statement in quotes")
        column, operator, value = known(match["column"]), match["operator"], match["value"]
        conditions.append(f"{column} LIKE '%' || ? || '%'" if operator == "~" else f"{column} {operator} ?")
        parameters.append(value if operator == "~" else number_or_text(value))
    shown_columns = [known(c.strip()) for c in opts.columns.split(",")] if opts.columns else columns
    if not opts.columns and opts.format == "table" and set(SHORT_COLUMNS) <= set(columns):
        shown_columns = list(SHORT_COLUMNS)
    statement = f"SELECT {', '.join(shown_columns)} FROM {table}"
    if conditions:
        statement += f" WHERE {' AND '.join(conditions)}"
    if opts.sort:
        statement += f" ORDER BY {known(opts.sort)}{' DESC' if opts.desc else ''}"
    limit = opts.limit or (DEFAULT_LIMIT if opts.format == "table" else None)
    if limit:
        statement += f" LIMIT {int(limit)}"
    return statement, parameters


def number_or_text(value: str) -> float | str:
    """A filter's value as a number where it is one, so that ``training_flop>=1e25`` compares numbers."""
    try:
        return float(value)
    except ValueError:
        return value
