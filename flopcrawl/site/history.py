"""The list as it stood on a past day, made again from ``changes`` alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flopcrawl.database import ONTO_LIST
from flopcrawl.derive import MODEL_COLUMNS, ROW

NUMBERS = frozenset({
    "parameters_total", "parameters_active", "tokens_trained", "training_flop", "own_flop", "training_flop_low",
    "training_flop_high", "probability_over_1e25",
})  # fmt: skip
COUNTS = frozenset({"listed", "stale", "n_sources"})

UNTIL = "SELECT model_key, field, new FROM changes WHERE changed_at < :end ORDER BY rowid"
"""Every change before a moment, oldest first."""

LISTED_UNTIL = (
    "SELECT model_key, field, new FROM changes WHERE changed_at < :end AND model_key IN "
    f"(SELECT model_key FROM changes WHERE {ONTO_LIST}) ORDER BY rowid"
)
"""The same of models that were ever on the list: the others cannot be on that of any day."""

KNOWN = (
    "SELECT substr(changed_at, 1, 10) AS day, sum(CASE WHEN new IS NULL THEN -1 ELSE 1 END) AS more FROM changes "
    f"WHERE field = '{ROW}' GROUP BY day ORDER BY day"
)
"""How many more models were known at the end of each day than at that of the day before."""


def value(field: str, text: str | None) -> Any:
    """A value as ``changes`` keeps it, as its column has it."""
    if text is None:
        return None
    if field in NUMBERS:
        return float(text)
    return int(text) if field in COUNTS else text


def as_of(changes: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The rows of ``models`` that ``changes`` (model_key, field, new; oldest first) lead to, by key."""
    models: dict[str, dict[str, Any]] = {}
    for change in changes:
        key, field, new = change["model_key"], change["field"], change["new"]
        if field == ROW:
            if new is None:
                models.pop(key, None)
            else:
                models[key] = {"model_key": key, **json.loads(new)}
        elif key in models and field in MODEL_COLUMNS:
            models[key][field] = value(field, new)
    return models


def listed(models: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The list among ``models``, the largest first."""
    rows = [dict(model) for model in models.values() if model["listed"]]
    return sorted(rows, key=lambda row: (-(row["training_flop"] or 0.0), row["name"]))


def difference(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What happened to the list between two days: models that came, went, or whose compute changed."""
    rows = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        was, now = bool(old and old["listed"]), bool(new and new["listed"])
        if was == now and (not now or (old and new and old["training_flop"] == new["training_flop"])):
            continue
        what = "added" if now and not was else "removed" if was and not now else "changed"
        known = new or old
        assert known is not None
        rows.append(
            {
                "model_key": key, "name": known["name"], "what": what,
                "before": old["training_flop"] if old else None, "after": new["training_flop"] if new else None,
            }
        )  # fmt: skip
    return rows
