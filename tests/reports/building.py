"""A small database with models beside reference rows, written by SQL: reports are tested without a derive."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from flopcrawl import database
from flopcrawl.estimation.distribution import interval, probability_over
from flopcrawl.estimation.thresholds import classify, thresholds
from flopcrawl.items import ReferenceItem

SEEN = "2025-01-10T00:00:00Z"


class Builder:
    """Writes models and reference rows into a new database at ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db = database.open_for_writing(path)

    def model(
        self, key: str, flop: float | None, *, name: str = "", method: str = "operations", sigma: float = 0.12,
        organization: str = "Lab", released: str = "2024-06-01", manual: bool = False, listed: bool | None = None,
        first_seen: str = SEEN, review: str = "", others: dict[str, float] | None = None, **columns: Any,
    ) -> None:  # fmt: skip
        """One model with its estimate, statements, and further estimates of other methods."""
        inputs = {"tokens_trained": {"claim": "c", "value": 1e12, "origin": "manual" if manual else "scraped"}}
        said = {t.flop: probability_over(t.flop, flop, sigma) if flop else None for t in thresholds()}
        low, high = interval(flop, sigma) if flop else (None, None)
        row: dict[str, Any] = {
            "model_key": key, "name": name or key, "organization": organization, "release_date": released,
            "training_flop": flop, "training_flop_low": low, "training_flop_high": high,
            "estimation_method": method if flop else None, "confidence": "Confident",
            "probability_over_1e25": said[1e25], "classification": classify(said[1e25]),
            "listed": int((said[1e25] or 0) >= 0.5 if listed is None else listed),
            "reason": f"Because of {key}.", "review": review, "origin": "manual" if manual else "scraped", "stale": 0,
            "source_url": "https://example.org", "n_sources": 1, "first_seen": first_seen, "last_seen": first_seen,
            "last_changed": first_seen, **columns,
        }  # fmt: skip
        self.db["models"].insert(row)
        if flop:
            self._estimate(key, method, flop, sigma, inputs, 1)
        for other, value in (others or {}).items():
            self._estimate(key, other, value, 0.2, {}, 0)
        for threshold in thresholds():
            p = said[threshold.flop]
            self.db["classifications"].insert(
                {"model_key": key, "threshold": threshold.flop, "probability": p, "classification": classify(p),
                 "basis": threshold.basis}
            )  # fmt: skip

    def _estimate(self, key: str, method: str, flop: float, sigma: float, inputs: Any, chosen: int) -> None:
        low, high = interval(flop, sigma)
        self.db["estimates"].insert(
            {"model_key": key, "method": method, "flop": flop, "flop_low": low, "flop_high": high, "sigma": sigma,
             "formula": "…", "inputs": json.dumps(inputs), "chosen": chosen}
        )  # fmt: skip

    def reference(self, name: str, flop: object, vintage: str = "2025-05", **columns: str) -> None:
        """One row of the reference."""
        row = {
            "Model": name, "Organization": "Lab", "Publication date": "2024-06-01", "Domain": "Language",
            "Training compute (FLOP)": str(flop), "Confidence": "Confident", **columns,
        }  # fmt: skip
        with self.db.atomic():
            database.store_reference(self.db, [ReferenceItem(name, vintage, row, "https://example.org/data.csv")])

    def close(self) -> Path:
        """Close the database and return its path."""
        self.db.close()
        return self.path

    def reading(self) -> sqlite3.Connection:
        """Close, and open for reading."""
        return database.open_for_reading(self.close())
