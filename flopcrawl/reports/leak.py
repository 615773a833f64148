"""Did a reference value reach an estimate or a hand-made row? It must not: names may be matched by it, values never."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from flopcrawl.overrides import Overrides, cites_reference


def hand_made(overrides: Overrides) -> list[str]:
    """Hand-made values and decisions that cite the reference, as ``file:line``, with what they cite.

    Aliases, not-same pairs and exclusions give no value and may cite it.
    """
    rows = [*overrides.models, *overrides.corrections, *overrides.decisions]
    found = {
        f"{row.file}:{row.line}": cited
        for row in rows
        for cited in (row.source_url, row.reason)
        if cites_reference(cited)
    }
    return [f"{place}: {cited}" for place, cited in sorted(found.items())]


def claims(db: sqlite3.Connection, sources: Iterable[str] = ("epoch",)) -> list[str]:
    """Claims that a reference's source or page makes: there must be none, as its rows are kept apart."""
    known = set(sources)
    rows = db.execute("SELECT claim_id, source, url FROM claims ORDER BY claim_id")
    return [f"claim {claim} of {source}: {url}" for claim, source, url in rows if source in known or _host(url)]


def _host(url: str) -> bool:
    return bool(re.match(r"https?://(?:[a-z0-9-]+\.)*(?:epoch\.ai|epochai\.org)(?:[/:]|$)", url, re.IGNORECASE))
