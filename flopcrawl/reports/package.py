"""The description of the published tables as a Frictionless Data Package: columns, types, units, meaning, licence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flopcrawl.vocabulary import FIELDS

COLUMNS_VERSION = "1.0"
"""Raised with any change of a published column; a renamed column keeps its old name for one release."""

NUMBERS = {
    "training_flop": ("FLOP", "median estimate of training compute, base models included"),
    "training_flop_low": ("FLOP", "lower end of the 90 % interval"),
    "training_flop_high": ("FLOP", "upper end of the 90 % interval"),
    "probability_over_1e25": ("fraction", "chance that training compute was over 1e25 FLOP"),
    "own_flop": ("FLOP", "median estimate of the training that was added to the base model"),
    "listed": ("", "1 where the model is on the list"),
    "n_sources": ("count", "sources that say something of the model"),
    "stale": ("", "1 where the row rests on a last good copy of a page"),
}
TEXTS = {
    "model_key": "what the model is called in addresses; it never changes its meaning",
    "confidence": "Confident: within 3 times; Likely: within 10 times; Speculative: more",
    "estimation_method": "how the estimate was made",
    "reason": "why the estimate is what it is, in one sentence",
    "origin": "how the deciding values came here: scraped, pasted, manual, mixed, replay or sample",
    "base_model_key": "key of the model that this one continues",
    "classification": "where the model stands against 1e25 FLOP: over, uncertain, under, unknown or excluded",
    "review": "why a person should look at the row",
    "first_seen": "when a source first named the model (UTC)",
    "last_seen": "when a source last named the model (UTC)",
    "last_changed": "when a value of the row last changed (UTC)",
    "source_url": "page that the deciding value was read from",
}


def field(name: str) -> dict[str, str]:
    """One column."""
    if name in NUMBERS:
        unit, meaning = NUMBERS[name]
        return {"name": name, "type": "number", "unit": unit, "description": meaning}
    if name in TEXTS:
        return {"name": name, "type": "string", "description": TEXTS[name]}
    known = FIELDS[next(each for each in FIELDS if each == name)]
    kind = "number" if known.kind == "number" else "string"  # a date may be only a year, which is no date to a reader
    return {"name": name, "type": kind, "unit": str(known.unit), "description": known.meaning}


def table(path: str, columns: Iterable[str]) -> dict[str, Any]:
    """One CSV file of the package."""
    return {
        "name": path.removesuffix(".csv").replace("/", "-"), "path": path, "format": "csv", "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": [field(name) for name in columns], "primaryKey": "model_key", "missingValues": [""]},
    }  # fmt: skip


def describe(metadata: Mapping[str, Any], tables: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """The package of CSV files (path to columns), under the title and the licence of the site's metadata."""
    return {
        "name": "flopcrawl",
        "title": metadata["title"],
        "description": metadata["description"],
        "version": COLUMNS_VERSION,
        "licenses": [{"name": metadata["license"], "path": metadata["license_url"]}],
        "sources": [
            {"title": "LMArena leaderboard (CC-BY-4.0)", "path": "https://huggingface.co/datasets/lmarena-ai/leaderboard-dataset"},
            {"title": "Pages of developers, hubs and papers, as each row's source_url says"},
        ],
        "resources": [table(path, columns) for path, columns in tables.items()],
    }  # fmt: skip
