"""A model's page: what it is, every estimate, every claim, every edit, its history, and what would settle it."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from datasette.utils.asgi import NotFound, Response
from markupsafe import Markup, escape

from flopcrawl.estimation.active import OPERATIONS
from flopcrawl.estimation.breakeven import tokens_to_cross
from flopcrawl.estimation.thresholds import MAIN
from flopcrawl.reports.exports import safe_cell
from flopcrawl.site.data import rows_of, rows_of_each
from flopcrawl.site.pages import arguments_of, page
from flopcrawl.site.wording import path as in_path
from flopcrawl.vocabulary import FIELDS, Kind

MOST_CLAIMS = 300

PARTS = {
    "models": "SELECT m.*, b.name AS base_name, b.training_flop AS base_flop FROM models m "
    "LEFT JOIN models b ON b.model_key = m.base_model_key WHERE m.model_key = :key",
    "count": "SELECT count(*) AS n FROM claims WHERE model_key = :key",
    "claims": f"SELECT * FROM claims WHERE model_key = :key ORDER BY used DESC, status, field, source, claim_id "
    f"LIMIT {MOST_CLAIMS}",
    "estimates": "SELECT * FROM estimates WHERE model_key = :key ORDER BY chosen DESC, method",
    "statements": "SELECT * FROM classifications WHERE model_key = :key ORDER BY threshold",
    "edits": "SELECT * FROM overrides WHERE model_key = :key ORDER BY file, line, field",
    "history": "SELECT * FROM changes WHERE model_key = :key ORDER BY changed_at DESC, rowid DESC LIMIT 100",
    "ratings": "SELECT name, board, published, rating, rating_lower, rating_upper FROM arena_ratings "
    "WHERE model_key = :key ORDER BY published DESC, board, name LIMIT 12",
    "children": "SELECT model_key, name, organization, training_flop, own_flop, listed FROM models "
    "WHERE base_model_key = :key ORDER BY training_flop DESC LIMIT 50",
    "redirects": "SELECT old FROM key_redirects WHERE new = :key ORDER BY old LIMIT 50",
}  # fmt: skip
"""What a page shows of a model."""


def csv_row(*cells: object) -> Markup:
    """One row to paste into a hand-edited file; a cell that turns the direction of writing turns only itself."""
    shown = []
    for cell in cells:
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow([safe_cell(cell), ""])  # alone, an empty cell would be quoted
        shown.append(f"<bdi>{escape(text.getvalue()[:-1])}</bdi>")
    return Markup(",".join(shown))  # noqa: S704 (each cell is escaped)


def break_even(model: Mapping[str, Any], base_flop: float, chosen: str) -> dict[str, float] | None:
    """The tokens at which the model crosses the main threshold, and its compute at the tokens chosen (log10, as text).

    None where the active parameters are not known: then tokens say nothing.
    """
    active = model["parameters_active"] or (model["parameters_total"] if model["architecture"] == "dense" else None)
    if not active:
        return None
    crossing = tokens_to_cross(active, MAIN, base_flop)
    try:
        exponent = float(chosen)
    except ValueError:
        exponent = math.log10(model["tokens_trained"] or max(crossing, 1e9))
    exponent = round(min(max(exponent if math.isfinite(exponent) else 13.0, 9.0), 16.0), 2)
    tokens = 10**exponent
    return {
        "active": active, "crossing": crossing, "exponent": exponent, "tokens": tokens, "base": base_flop,
        "flop": base_flop + OPERATIONS * active * tokens, "operations": OPERATIONS, "threshold": MAIN,
    }  # fmt: skip


async def model_page(datasette: Any, request: Any) -> Response:
    """One model with all its evidence. An old key leads to the new one.

    Raises:
        NotFound: no model has, or ever had, this key.
    """
    key = unquote(request.url_vars["key"])
    parts: dict[str, Any] = await rows_of_each(datasette, PARTS, {"key": key})
    if not (found := parts.pop("models")):
        moved = await rows_of(datasette, "SELECT new FROM key_redirects WHERE old = :key", {"key": key})
        if moved:
            return Response.redirect(datasette.urls.path(f"/model/{in_path(moved[0]['new'])}"), status=301)
        raise NotFound(f"There is no model with the key {key[:100]!r}")
    (model,), (count,) = found, parts.pop("count")
    for estimate in parts["estimates"]:
        estimate["inputs"] = json.loads(estimate["inputs"])
    deciding = {
        str(each.get("claim"))
        for estimate in parts["estimates"] if estimate["chosen"] for each in estimate["inputs"].values()
    }  # fmt: skip
    for claim in parts["claims"]:
        claim["decides"] = claim["claim_id"] in deciding
        claim["rejection"] = csv_row(
            claim["claim_id"], "reject", "WHY IT IS WRONG", claim["url"], "YOUR NAME", "YYYY-MM-DD"
        )
    fields = [
        str(name)
        for name, spec in FIELDS.items()
        if spec.kind is not Kind.TEXT or name in ("base_model", "accessibility")
    ]
    return await page(
        datasette, request, "model.html", model=model, **parts, names=sorted({c["subject"] for c in parts["claims"]}),
        total_claims=count["n"],
        break_even=break_even(model, model["base_flop"] or 0.0, arguments_of(request).get("tokens", "")),
        correction=csv_row(model["name"], "FIELD", "VALUE", "", "", "WHY", "https://SOURCE", "YOUR NAME", "YYYY-MM-DD"),
        fields=fields,
    )  # fmt: skip
