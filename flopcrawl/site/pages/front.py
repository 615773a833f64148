"""The front page: the list, its chart, what it can be narrowed by, and downloads of just what is shown."""

from __future__ import annotations

import json
from typing import Any

from datasette.utils.asgi import NotFound, Response

from flopcrawl.estimation.thresholds import thresholds
from flopcrawl.reports.exports import as_csv
from flopcrawl.site.listing import FACETS, SORTS, Listing, listing
from flopcrawl.site.pages import arguments_of, attachment, page
from flopcrawl.site.pages.pictures import picture
from flopcrawl.site.plots import Plot, compute_plot

KNOWN = frozenset({*FACETS, "q", "sort", "threshold", "page", "colour"})


async def asked(datasette: Any, request: Any) -> Listing:
    """The list that a request asks for; parts of the address that mean nothing are left out."""
    arguments = arguments_of(request)
    return await listing(datasette, {key: value for key, value in arguments.items() if key in KNOWN})


def chart_of(found: Listing) -> Plot | None:
    """The chart of a list."""
    rows, omitted = found.drawn()
    by_developer = found.chosen.get("colour") == "developer"
    return compute_plot(rows, found.threshold, by_developer=by_developer, omitted=omitted)


async def front_page(datasette: Any, request: Any) -> Response:
    """The list, its chart, and what it can be narrowed by."""
    found = await asked(datasette, request)
    return await page(
        datasette, request, "front.html",
        list=found, facet_names=FACETS, sorts=SORTS, thresholds=thresholds(), first_date=found.first_date(),
        plot=chart_of(found), by_developer=found.chosen.get("colour") == "developer",
        narrowed=any(found.chosen.get(name) for name in (*FACETS, "q")),
    )  # fmt: skip


async def list_chart(datasette: Any, request: Any) -> Response:
    """The chart of the list as shown, as a picture.

    Raises:
        NotFound: no model of it has both a date and an estimate.
    """
    plot = chart_of(await asked(datasette, request))
    if plot is None:
        raise NotFound("No model of this list has both a date and an estimate")
    return await picture(datasette, plot, "models", request.url_vars["kind"])


async def list_csv(datasette: Any, request: Any) -> Response:
    """The list as shown, every page of it, as CSV."""
    rows = (await asked(datasette, request)).export()
    columns = list(rows[0]) if rows else ["model_key"]
    return attachment(as_csv(columns, (list(row.values()) for row in rows)), "models.csv", "text/csv; charset=utf-8")


async def list_json(datasette: Any, request: Any) -> Response:
    """The list as shown, every page of it, as JSON."""
    rows = (await asked(datasette, request)).export()
    return Response(json.dumps(rows, ensure_ascii=False), content_type="application/json; charset=utf-8")
