"""The site's pages, as a Datasette plugin: routes, filters, headers. It only reads; it has no state of its own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.utils.asgi import NotFound, Response

from flopcrawl.reports.exports import safe_cell
from flopcrawl.site import queries, wording
from flopcrawl.site.chart import chart

DATABASE = "flopcrawl"
HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
    "frame-ancestors 'none'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}
"""On every page of our own. Datasette's own pages have inline scripts, which are left to its escaping."""

OWN_PAGES = ("/", "/model/", "/review", "/changes", "/sources", "/method")


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Numbers and links as people read them."""
    env.filters.update(wording.FILTERS)


@hookimpl
def extra_template_vars(datasette: Any) -> Callable[[], Awaitable[dict[str, Any]]]:
    """What every page says of the data: where it came from, and when."""

    async def variables() -> dict[str, Any]:
        if DATABASE not in datasette.databases:
            return {"data_origin": "", "refreshed_at": ""}
        rows = await datasette.get_database(DATABASE).execute("SELECT key, value FROM information")
        known = {row["key"]: row["value"] for row in rows.rows}
        return {"data_origin": known.get("origin", ""), "refreshed_at": known.get("refreshed_at", "")}

    return variables


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """The site's own pages."""
    return [
        (r"^/$", front_page),
        (r"^/models\.csv$", list_csv),
        (r"^/models\.json$", list_json),
        (r"^/model/(?P<key>[^/]+)$", model_page),
        (r"^/review$", review_page),
        (r"^/changes$", changes_page),
        (r"^/sources$", sources_page),
        (r"^/-/health$", health),
    ]


@hookimpl
def asgi_wrapper() -> Callable[[Any], Any]:
    """Security headers on the site's own pages."""

    def wrap(app: Any) -> Any:
        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            own = scope["type"] == "http" and (
                scope["path"] == "/" or any(scope["path"].startswith(page) for page in OWN_PAGES[1:])
            )

            async def with_headers(event: Any) -> None:
                if own and event["type"] == "http.response.start":
                    extra = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                    event = {**event, "headers": [*event["headers"], *extra]}
                await send(event)

            await app(scope, receive, with_headers)

        return wrapped

    return wrap


async def rows_of(datasette: Any, sql: str, parameters: Any = None) -> list[dict[str, Any]]:
    """The rows of a query, as dictionaries."""
    result = await datasette.get_database(DATABASE).execute(sql, parameters or {}, page_size=100_000)
    return [dict(row) for row in result.rows]


def arguments_of(request: Any) -> dict[str, str]:
    """The choices in a request's address, the last of each."""
    return {key: request.args.get(key) for key in request.args}


async def page(datasette: Any, request: Any, template: str, **context: Any) -> Response:
    """One of our pages."""
    return Response.html(await datasette.render_template(template, context, request=request))


async def front_page(datasette: Any, request: Any) -> Response:
    """The list, its chart, and what it can be narrowed by."""
    arguments = arguments_of(request)
    models = await rows_of(datasette, *queries.list_query(arguments))
    facets = {name: await rows_of(datasette, *queries.facet_query(name, arguments)) for name in queries.FACETS}
    threshold = queries.narrowed(arguments)[1]["threshold"]

    def with_argument(name: str, value: str) -> str:
        chosen = {key: word for key, word in arguments.items() if word and key != name}
        return "?" + urlencode({**chosen, **({name: value} if value else {})})

    return await page(
        datasette, request, "front.html",
        models=models, facets=facets, chosen=arguments, threshold=threshold, thresholds=queries.THRESHOLDS,
        sorts=queries.SORTS, chart=chart(models, threshold), with_argument=with_argument,
        query_string=urlencode({key: value for key, value in arguments.items() if value}),
        organizations=len({model["organization"] for model in models}),
        first_date=min((m["release_date"] for m in models if m["release_date"]), default=""),
    )  # fmt: skip


async def list_csv(datasette: Any, request: Any) -> Response:
    """The list as shown, as CSV."""
    models = await rows_of(datasette, *queries.list_query(arguments_of(request), limit=None))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if models:
        writer.writerow(models[0])
    writer.writerows([safe_cell(value) for value in model.values()] for model in models)
    disposition = {"content-disposition": 'attachment; filename="models.csv"'}
    return Response(text.getvalue(), content_type="text/csv; charset=utf-8", headers=disposition)


async def list_json(datasette: Any, request: Any) -> Response:
    """The list as shown, as JSON."""
    return Response.json(await rows_of(datasette, *queries.list_query(arguments_of(request), limit=None)))


async def model_page(datasette: Any, request: Any) -> Response:
    """One model with all its evidence. An old key leads to the new one.

    Raises:
        NotFound: no model has, or ever had, this key.
    """
    key = request.url_vars["key"]
    found = await rows_of(datasette, "SELECT * FROM models WHERE model_key = :key", {"key": key})
    if not found:
        moved = await rows_of(datasette, "SELECT new FROM key_redirects WHERE old = :key", {"key": key})
        if moved:
            return Response.redirect(datasette.urls.path(f"/model/{wording.path(moved[0]['new'])}"))
        raise NotFound(f"There is no model with the key {key!r}")
    claims = await rows_of(
        datasette,
        "SELECT * FROM claims WHERE model_key = :key ORDER BY used DESC, status, field, source, claim_id LIMIT 400",
        {"key": key},
    )
    estimates = await rows_of(
        datasette, "SELECT * FROM estimates WHERE model_key = :key ORDER BY chosen DESC, method", {"key": key}
    )
    statements = await rows_of(
        datasette, "SELECT * FROM classifications WHERE model_key = :key ORDER BY threshold", {"key": key}
    )
    edits = await rows_of(datasette, "SELECT * FROM overrides WHERE model_key = :key ORDER BY file, line", {"key": key})
    history = await rows_of(
        datasette,
        "SELECT * FROM changes WHERE model_key = :key AND field <> 'model' ORDER BY changed_at DESC LIMIT 100",
        {"key": key},
    )
    names = sorted({claim["subject"] for claim in claims})
    for estimate in estimates:
        estimate["inputs"] = json.loads(estimate["inputs"])
    return await page(
        datasette, request, "model.html",
        model=found[0], claims=claims, estimates=estimates, statements=statements, edits=edits, history=history,
        names=names,
    )  # fmt: skip


async def review_page(datasette: Any, request: Any) -> Response:
    """What a person should look at, nearest to the threshold first."""
    models = await rows_of(datasette, "SELECT * FROM review_queue LIMIT 300")
    rejected = await rows_of(
        datasette, "SELECT * FROM overrides WHERE status IN ('rejected', 'conflict') ORDER BY file, line LIMIT 300"
    )
    return await page(datasette, request, "review.html", models=models, rejected=rejected)


async def changes_page(datasette: Any, request: Any) -> Response:
    """What changed last."""
    changes = await rows_of(
        datasette,
        "SELECT c.*, m.name FROM changes c LEFT JOIN models m ON m.model_key = c.model_key "
        "WHERE c.field IN ('model', 'training_flop', 'classification', 'listed', 'estimation_method', 'name') "
        "ORDER BY c.changed_at DESC, c.model_key LIMIT 300",
    )
    return await page(datasette, request, "changes.html", changes=changes)


async def sources_page(datasette: Any, request: Any) -> Response:
    """How each source did in its last run, and who is to be credited."""
    return await page(
        datasette, request, "sources.html", sources=await rows_of(datasette, "SELECT * FROM source_health")
    )


async def health(datasette: Any) -> Response:
    """Whether the site serves data, for monitoring: 200 with a count, 503 without one."""
    models = await rows_of(datasette, "SELECT count(*) AS n, sum(listed) AS listed FROM models")
    healthy = bool(models and models[0]["n"])
    return Response.json({"ok": healthy, **(models[0] if models else {})}, status=200 if healthy else 503)


TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
