"""What people look after: the review queue, derivatives, sources, changes and their feed; health and metrics."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import feedgenerator
from datasette.utils.asgi import Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from flopcrawl.estimation import breakeven
from flopcrawl.estimation.types import ModelFacts
from flopcrawl.site.data import information, rows_of
from flopcrawl.site.pages import page
from flopcrawl.site.wording import change_value, contained, flop, join_words, safe_xml, short_text
from flopcrawl.site.wording import path as in_path

SHOWN_FIELDS = ("model", "training_flop", "classification", "listed", "estimation_method", "name")
CHANGES = (
    "SELECT c.*, coalesce(m.name, json_extract(CASE WHEN c.field = 'model' THEN coalesce(c.new, c.old) END, "
    "'$.name')) AS name, "
    "CASE WHEN c.field = 'model' THEN json_extract(coalesce(c.new, c.old), '$.training_flop') END AS flop, "
    "CASE WHEN c.field = 'model' THEN json_extract(coalesce(c.new, c.old), '$.listed') END AS on_list "
    "FROM changes c LEFT JOIN models m ON m.model_key = c.model_key "
    f"WHERE c.field IN {SHOWN_FIELDS} ORDER BY c.changed_at DESC, on_list DESC, flop DESC, c.model_key, c.field "
    f"LIMIT 300"
)


USUAL = breakeven.sentence(ModelFacts("", ""))
"""What is said of a model of which nothing is known: of all others it would say nothing new."""

UNKNOWN = "its tokens and active parameters, or its hardware and time"


def what_is_its_own(review: str) -> str:
    """What would settle a model, without what would settle any."""
    crosses, _, usual = USUAL.partition(" above ")
    parts = [UNKNOWN if part == USUAL else part.removesuffix(f", or above {usual}") for part in review.split("; ")]
    return "; ".join(part.removeprefix(f"{crosses} ") for part in parts)


async def review_page(datasette: Any, request: Any) -> Response:
    """What a person should look at, nearest to the threshold first."""
    rejected = "SELECT * FROM overrides WHERE status IN ('rejected', 'conflict') ORDER BY file, line LIMIT 300"
    (count,) = await rows_of(datasette, "SELECT count(*) AS n FROM review_queue")
    models = await rows_of(datasette, "SELECT * FROM review_queue LIMIT 200")
    for model in models:
        model["settled"] = what_is_its_own(model["review"])
    return await page(
        datasette, request, "review.html", models=models, rejected=await rows_of(datasette, rejected),
        total=count["n"], usual=USUAL,
    )  # fmt: skip


async def derivatives_page(datasette: Any, request: Any) -> Response:
    """Models that continue somebody else's and add little."""
    rows = await rows_of(
        datasette,
        "SELECT d.*, b.name AS base_name FROM derivatives d LEFT JOIN models b ON b.model_key = d.base_model_key "
        "LIMIT 300",
    )
    return await page(datasette, request, "derivatives.html", models=rows)


async def sources_page(datasette: Any, request: Any) -> Response:
    """How each source did in its last runs, what the checks saw, and who is to be credited."""
    runs = await rows_of(datasette, "SELECT * FROM runs ORDER BY started_at DESC, spider LIMIT 100")
    findings = await rows_of(
        datasette,
        "SELECT * FROM findings WHERE severity <> 'info' ORDER BY found_at DESC, source, kind, subject LIMIT 100",
    )
    health = await rows_of(datasette, "SELECT * FROM source_health")
    return await page(datasette, request, "sources.html", sources=health, runs=runs, findings=findings)


async def changes_page(datasette: Any, request: Any) -> Response:
    """What changed last."""
    return await page(datasette, request, "changes.html", changes=await rows_of(datasette, CHANGES))


def in_words(change: dict[str, Any]) -> str:
    """A change as one sentence."""
    name = contained(short_text(change["name"] or change["model_key"]))
    if change["field"] == "model":
        return f"{name} {'was added' if change['new'] else 'went away'} ({flop(change['flop'])} FLOP)"
    old, new = (contained(short_text(change_value(change[side], change["field"]))) for side in ("old", "new"))
    return f"{name}: {change['field'].replace('_', ' ')} was {old}, is {new}"


async def changes_feed(datasette: Any, request: Any) -> Response:
    """What changed last, as an Atom feed; one entry a model and moment."""
    base = f"{request.scheme}://{request.host}"
    feed = feedgenerator.Atom1Feed(
        title="flopcrawl: what changed", link=f"{base}{datasette.urls.path('/changes')}", language="en",
        feed_url=f"{base}{datasette.urls.path('/changes.atom')}",
        description="New models, changed estimates and crossings of the line", author_name="flopcrawl",
    )  # fmt: skip
    together: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for change in await rows_of(datasette, CHANGES):
        together.setdefault((change["changed_at"], change["model_key"]), []).append(change)
    for (moment, key), changes in list(together.items())[:100]:
        link = f"{base}{datasette.urls.path(f'/model/{in_path(key)}')}"
        sentences = [in_words(change) for change in changes]
        feed.add_item(
            title=safe_xml(sentences[0]), link=link, description=safe_xml(f"{join_words(sentences)}. Cause: "
            f"{changes[0]['cause']}."),
            unique_id=f"{link}#{moment}",
            updateddate=datetime.fromisoformat(moment), pubdate=datetime.fromisoformat(moment),
        )  # fmt: skip
    return Response(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


COUNTS = "SELECT count(*) AS models, coalesce(sum(listed), 0) AS listed, coalesce(sum(stale), 0) AS stale FROM models"


async def health(datasette: Any) -> Response:
    """Whether the site serves data, for monitoring: 200 with counts, 503 without a model."""
    (counts,) = await rows_of(datasette, COUNTS)
    known = await information(datasette)
    body = {
        "ok": bool(counts["models"]),
        **counts,
        "origin": known.get("origin", "live"),
        "refreshed_at": known.get("refreshed_at"),
    }
    return Response(json.dumps(body), status=200 if counts["models"] else 503, content_type="application/json")


async def metrics(datasette: Any) -> Response:
    """The same for Prometheus: models by classification, and the state of every source."""
    registry = CollectorRegistry()
    models = Gauge("flopcrawl_models", "Models by classification at 1e25 FLOP", ["classification"], registry=registry)
    for row in await rows_of(datasette, "SELECT classification, count(*) AS n FROM models GROUP BY classification"):
        models.labels(row["classification"]).set(row["n"])
    (counts,) = await rows_of(datasette, COUNTS)
    Gauge("flopcrawl_listed_models", "Models on the list", registry=registry).set(counts["listed"])
    Gauge("flopcrawl_stale_models", "Models that rest on a last good copy", registry=registry).set(counts["stale"])
    items = Gauge("flopcrawl_source_items", "Items of a source's last run", ["source", "state"], registry=registry)
    for row in await rows_of(datasette, "SELECT source, source_state, items FROM source_health"):
        items.labels(row["source"], row["source_state"] or "running").set(row["items"] or 0)
    refreshed = (await information(datasette)).get("refreshed_at")
    if refreshed:
        gauge = Gauge("flopcrawl_refreshed_timestamp_seconds", "When the data were last refreshed", registry=registry)
        gauge.set(datetime.fromisoformat(refreshed).timestamp())
    return Response(generate_latest(registry).decode(), content_type="text/plain; version=0.0.4; charset=utf-8")
