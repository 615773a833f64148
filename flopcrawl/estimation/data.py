"""The tables that ship with the package: read once, as rows of text."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``flopcrawl/data/<name>``. Raises FileNotFoundError naming the file where it is missing."""
    text = resources.files("flopcrawl").joinpath("data", name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
