"""What the pages ask the database. Values are always parameters; column names come from fixed lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FACETS = {
    "organization": "m.organization", "country": "m.country", "domain": "m.domain", "confidence": "m.confidence",
    "method": "m.estimation_method", "accessibility": "m.accessibility", "origin": "m.origin",
    "year": "substr(m.release_date, 1, 4)",
}  # fmt: skip
"""What the list can be narrowed by, and the column behind each."""

SORTS = {
    "compute": "m.training_flop DESC, m.name", "date": "m.release_date DESC, m.name", "name": "m.name",
    "organization": "m.organization, m.training_flop DESC", "probability": "c.probability DESC, m.name",
}  # fmt: skip

THRESHOLDS = ("1e23", "1e25", "1e26")
MAIN_THRESHOLD = "1e25"
SHOWN = 500
"""Rows of the front page's table at most; the CSV has all."""

FROM_LIST = (
    "FROM models m JOIN classifications c ON c.model_key = m.model_key AND c.threshold = :threshold "
    "LEFT JOIN models b ON b.model_key = m.base_model_key WHERE c.probability >= 0.5 "
    "AND c.classification <> 'excluded' AND (m.base_model_key IS NULL OR m.organization IS b.organization "
    "OR coalesce(m.own_flop, 0) >= b.training_flop / 3 OR m.listed = 1)"
)
"""The list at any threshold: more likely over than not, and no derivative of somebody else's model."""

COLUMNS = (
    "m.model_key, m.name, m.organization, m.country, m.release_date, m.domain, m.training_flop, m.training_flop_low, "
    "m.training_flop_high, m.confidence, m.estimation_method, c.probability, c.classification, m.reason, "
    "m.parameters_total, m.parameters_active, m.tokens_trained, m.accessibility, m.origin, m.stale, m.n_sources, "
    "m.source_url"
)


def narrowed(arguments: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The condition that search words and facets of a request mean, and its parameters."""
    threshold = arguments.get("threshold", MAIN_THRESHOLD)
    parameters: dict[str, Any] = {"threshold": float(threshold if threshold in THRESHOLDS else MAIN_THRESHOLD)}
    conditions = ""
    for name, column in FACETS.items():
        if value := arguments.get(name):
            conditions += f" AND {column} = :{name}"
            parameters[name] = value
    if search := arguments.get("q", "").strip():
        conditions += " AND (m.name LIKE :q OR m.organization LIKE :q)"
        parameters["q"] = f"%{search}%"
    return conditions, parameters


def list_query(arguments: Mapping[str, str], limit: int | None = SHOWN) -> tuple[str, dict[str, Any]]:
    """The list as a request asks for it."""
    conditions, parameters = narrowed(arguments)
    order = SORTS.get(arguments.get("sort", ""), SORTS["compute"])
    end = f" LIMIT {limit}" if limit else ""
    return f"SELECT {COLUMNS} {FROM_LIST}{conditions} ORDER BY {order}{end}", parameters


def facet_query(name: str, arguments: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """How many models of the list have each value of a facet, the other choices of the request applied."""
    others = {key: value for key, value in arguments.items() if key != name}
    conditions, parameters = narrowed(others)
    column = FACETS[name]
    return (
        f"SELECT {column} AS value, count(*) AS n {FROM_LIST}{conditions} AND {column} IS NOT NULL "
        "GROUP BY value ORDER BY n DESC, value LIMIT 40",
        parameters,
    )
