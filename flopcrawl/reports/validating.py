"""A validation from the database to the reports: what ``scrapy validate`` and the end of a refresh have in common."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flopcrawl import database, drops
from flopcrawl.identity import Registry
from flopcrawl.overrides import load
from flopcrawl.reports import audit, leak
from flopcrawl.reports import validation_pages as pages
from flopcrawl.reports.validation import Validation, validate
from flopcrawl.reports.validation_reference import BadReferenceError, read_csv, read_vintage, vintages

NO_REFERENCE = "no reference is known: 'scrapy crawl epoch' reads it, or give a file with --reference"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A validation, what has dropped since the last one, signs of leaked values, and the files that were written."""

    result: Validation
    dropped: list[str]
    leaks: list[str]
    files: list[Path]


def run(
    path: Path, overrides_folder: Path, exports: Path, date: str, *,
    reference_csv: Path | None = None, vintage: str = "", keep: bool = True,
) -> Outcome:  # fmt: skip
    """Compare the database at ``path`` with a reference, write the report to ``exports``, and keep the result.

    The reference is ``reference_csv``, or ``vintage`` of the stored table, or its newest.

    Raises:
        BadReferenceError: there is no reference, or it cannot be read.
        audit.BadSheetError: an audit sheet in ``exports`` cannot be read.
    """
    overrides = load(overrides_folder)
    registry = Registry.load(
        aliases=[(row.alias, row.model) for row in overrides.aliases],
        not_same=[(row.a, row.b) for row in overrides.not_same],
    )
    with database.open_for_reading(path) as db:
        older = vintages(db)
        if reference_csv is not None:
            reference = read_csv(reference_csv)
        elif vintage or older:
            chosen = vintage or older[-1]
            reference, older = read_vintage(db, chosen), [each for each in older if each < chosen]
        else:
            raise BadReferenceError(NO_REFERENCE)
        result = validate(db, reference, registry, [read_vintage(db, each) for each in older])
        dropped = pages.alerts(result, drops.before(db, date, result.vintage))
        leaks = [*leak.hand_made(overrides), *leak.claims(db)]
    checks = [f"precision of the live data, from audited claims: {audit.precision(list(exports.glob('audit-*.csv')))}"]
    checks += [f"a reference value may have leaked: {each}" for each in leaks] or [
        "no hand-made value cites the reference, and no claim is the reference's"
    ]
    if keep:
        with database.writer_lock(path):
            writing = database.open_for_writing(path)
            try:
                database.store_validation(writing, pages.rows(result, date))
            finally:
                writing.close()
    return Outcome(result, dropped, leaks, pages.write(result, date, exports, dropped, checks))
