"""Pages of words: the method with the constants in use, the glossary, and the queries that answer common questions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from datasette.utils.asgi import Response
from markdown_it import MarkdownIt

from flopcrawl.database import LIST_COLUMNS
from flopcrawl.estimation import (
    accelerators,
    active,
    base,
    bound,
    combine,
    distribution,
    hardware,
    plausibility,
    tokens,
)
from flopcrawl.estimation.calibration import STARTING, Calibration
from flopcrawl.estimation.thresholds import LISTED_FROM, OVER_FROM, UNDER_BELOW, thresholds
from flopcrawl.reports.package import describe
from flopcrawl.site.data import DATABASE, rows_of
from flopcrawl.site.pages import page
from flopcrawl.vocabulary import FIELDS, Accessibility, Cause, Domain, Origin, Scope, SourceState, Status

TEXT = Path(__file__).resolve().parents[3] / "docs" / "estimation.md"

CONSTANTS = (
    (active, "OPERATIONS", "FLOP per active parameter and token"),
    (active, "IMPUTED_SHARE", "share of a mixture's parameters taken as active where nothing says it"),
    (active, "LARGEST_DENSE", "parameters above which a newer model is taken as a mixture"),
    (hardware, "DEFAULT_MFU", "utilization where none is stated"),
    (hardware, "LARGE_RUN_MFU", "utilization of large recent runs where none is stated"),
    (hardware, "LARGE_RUN_CHIPS", "chips from which a run is large"),
    (hardware, "EARLY_MFU", "utilization of early runs where none is stated"),
    (combine, "AGREE_WITHIN", "factor within which operations and hardware agree"),
    (combine, "OPERATIONS_WEIGHT", "weight of operations beside hardware, in log space"),
    (tokens, "VAGUE_FROM", "factor between the ends of a range from which it is only a bound"),
    (bound, "TRUST", "share of statements of “more than” that are taken as right"),
    (base, "DERIVATIVE_SHARE", "share of its base's compute below which another developer's model is a derivative"),
    (plausibility, "IMPLAUSIBLE_FACTOR", "factor between two methods from which one of them was misread"),
    (distribution, "DEGREES_OF_FREEDOM", "degrees of freedom of the distribution on log10 FLOP"),
    (distribution, "COVERAGE", "coverage of the interval shown"),
    (distribution, "CONFIDENT_WITHIN", "factor within which an estimate is Confident"),
    (distribution, "LIKELY_WITHIN", "factor within which an estimate is Likely"),
)
"""Module, name and meaning of the numbers that the page lists; their values are read from the modules."""


async def method_page(datasette: Any, request: Any) -> Response:
    """How an estimate comes about, with every constant as it is in use now."""
    stored = await rows_of(
        datasette, "SELECT * FROM calibrations WHERE date = (SELECT max(date) FROM calibrations) ORDER BY method"
    )
    calibration = Calibration.from_rows(stored) if stored else Calibration.shipped()
    chips = [accelerators.find(name) for name in accelerators.names()]
    constants = [
        (name, getattr(module, name), meaning, f"{module.__name__.rpartition('.')[2]}.py")
        for module, name, meaning in CONSTANTS
    ]
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", TEXT.read_text(encoding="utf-8"))
    return await page(
        datasette, request, "method.html", constants=constants, calibration=calibration, starting=STARTING, chips=chips,
        precedence=combine.PRECEDENCE, why=combine.WHY, thresholds=thresholds(), listed_from=LISTED_FROM,
        over_from=OVER_FROM,
        under_below=UNDER_BELOW,
        text=MarkdownIt("commonmark", {"html": False}).enable("table").render(text.partition("\n")[2]),
    )  # fmt: skip


TERMS = {
    "FLOP": "floating-point operations: what a training run has computed in all, never operations per second",
    "training compute": "FLOP of the whole training, the base model's included",
    "90 % interval": "the true value is inside in nine of ten cases, if the method is as good as it says",
    "P(over)": "chance that training compute was over the threshold",
    "on the list": "more likely over 10²⁵ FLOP than not, and no derivative of somebody else's model",
    "derivative": "a model by another developer that adds less than a third of its base's compute",
    "active parameters": "weights used for one token; in a mixture of experts far fewer than all",
    "claim": "one thing that one page says of a model, kept with its words, address and date",
    "stale": "rests on the last good copy of a page that could not be read again",
    "not disclosed": "no source that was read says it",
    "over, uncertain, under": f"P(over) from {OVER_FROM:.0%}, between, and below {UNDER_BELOW:.0%}; unknown has "
    f"no estimate",
}


async def glossary_page(datasette: Any, request: Any) -> Response:
    """Every word that the site uses: terms, fields and units, and the allowed words."""
    lists = {"Domains": Domain, "Access": Accessibility, "Standing of a claim": Status, "Scope of a claim": Scope,
             "Origin of a value": Origin, "State of a source": SourceState, "Cause of a change": Cause}  # fmt: skip
    words = {name: ((kind.__doc__ or "").splitlines()[0], [str(each) for each in kind]) for name, kind in lists.items()}
    return await page(
        datasette, request, "glossary.html", terms=TERMS, fields=FIELDS, words=words, methods=combine.WHY,
    )  # fmt: skip


async def queries_page(datasette: Any, request: Any) -> Response:
    """The canned queries, each with what it answers."""
    queries = await datasette.get_canned_queries(DATABASE, request.actor)
    return await page(
        datasette, request, "queries.html", queries=[{**query, "name": name} for name, query in queries.items()]
    )


async def robots(datasette: Any, request: Any) -> Response:
    """What robots may read: pages, and not every combination of choices."""
    del datasette, request
    lines = ("User-agent: *", "Disallow: /*?", "Disallow: /flopcrawl", "Allow: /")
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


async def data_package(datasette: Any, request: Any) -> Response:
    """The description of the published tables: columns, types, units, licence (Frictionless Data Package)."""
    columns = [name.strip() for name in LIST_COLUMNS.split(",")]
    package = describe(datasette.metadata(), {"models.csv": columns})
    return Response(
        json.dumps(package, ensure_ascii=False, indent=2),
        content_type="application/json; charset=utf-8",
    )
