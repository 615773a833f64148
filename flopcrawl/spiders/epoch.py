"""Epoch AI's public table of large-scale models: the reference for validation, and for nothing else.

No value of it enters an estimate, a fit or a hand-made row. Renewed daily; CC-BY-4.0, credit: Epoch AI.
Every vintage that was read is kept.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from flopcrawl.archive import provenance
from flopcrawl.base_spiders.source import ShortfallError, SourceSpider
from flopcrawl.items import ReferenceItem

DATA = "https://epoch.ai/data"
COLUMNS = ("Model", "Organization", "Publication date", "Training compute (FLOP)", "Confidence")
LONG_CELL = 3_000
"""Characters of a cell that are kept; notes can be long."""


class EpochSpider(SourceSpider):
    """See the module."""

    name = "epoch"
    title = "Epoch AI, large-scale models"
    home = "https://epoch.ai/data/large-scale-ai-models"
    licence = "CC-BY-4.0 (Epoch AI)"
    terms = "Open data with attribution. Used for validation only."
    cadence = "daily"
    expected = (200, 20_000)
    routes = {r"epoch\.ai/data/\w+\.csv": "table"}  # noqa: RUF012 (ClassVar in the base)

    def listing(self) -> Iterable[Request]:
        """The table of large-scale models; the table of all notable ones holds the same rows."""
        yield self.ask(f"{DATA}/large_scale_ai_models.csv", f"{DATA}/notable_ai_models.csv", expect="csv")

    def table(self, response: Response) -> Iterator[Any]:
        """One row of the reference per row of the table."""
        reader = csv.DictReader(io.StringIO(response.body.decode("utf-8-sig", "replace"), newline=""))
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise ShortfallError(f"the table has no column {', '.join(missing)}")
        rows = list(reader)
        if not rows:
            raise ShortfallError("a table without a row")
        vintage = provenance(response).fetched_at[:10]
        for number, row in enumerate(rows, 2):
            cells = {
                str(key): (value or "")[:LONG_CELL] for key, value in row.items() if key and isinstance(value, str)
            }
            model = " ".join(cells.get("Model", "").split())
            if not model:
                yield self.rejected(response, "a row without a model name", row=number)
                continue
            yield ReferenceItem(model, vintage, cells, provenance(response).url or response.url)
