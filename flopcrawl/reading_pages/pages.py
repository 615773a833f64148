"""What ``scrapy extract`` reads from one page: its facts, and why each number was taken or not.

One page in, one :class:`PageFacts` out. Nothing here prints; the functions run in worker processes as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flopcrawl.extraction import Decision, UnreadableError, read
from flopcrawl.extraction.cleaning.limits import MAX_BYTES
from flopcrawl.extraction.config import UnknownConfigError, count_parameters
from flopcrawl.extraction.subjects import slug_of
from flopcrawl.items import Fact
from flopcrawl.vocabulary import Field

MIN_FILES_FOR_WORKERS = 40
"""Below this, starting worker processes costs more than they save."""
WORKERS = 2
CHUNK = 8
"""Files handed to a worker at once."""

CONFIG_LAYERS = frozenset({"num_hidden_layers", "n_layers", "n_layer", "num_layers"})
CONFIG_WIDTHS = frozenset({"hidden_size", "dim", "d_model", "n_embd"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page to read: ``label`` is how the user named it; ``data`` is None for a file that is yet to be opened."""

    label: str
    data: bytes | None = None
    kind: str = ""
    url: str = ""


@dataclass(slots=True)
class PageFacts:
    """What one page gave. ``error`` says why it could not be read; then the rest is empty."""

    page: Page
    error: str = ""
    text: str = ""
    kind: str = ""
    facts: list[Fact] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """How the user named the page."""
        return self.page.label

    def rows(self) -> list[dict[str, Any]]:
        """The facts as ``--format json`` prints them."""
        return [fact.as_dict(self.label) for fact in self.facts]


def read_pages(pages: Sequence[Page], model: str | None) -> Iterator[PageFacts]:
    """Read pages, in their order; many files are shared out to worker processes."""
    if len(pages) < MIN_FILES_FOR_WORKERS:
        for page in pages:
            yield read_page(page, model)
        return
    with ProcessPoolExecutor(WORKERS) as workers:
        yield from workers.map(read_page, pages, [model] * len(pages), chunksize=CHUNK)


def read_page(page: Page, model: str | None) -> PageFacts:
    """Read one page; whatever is wrong with it ends in ``error``."""
    try:
        data = contents(page)
        config = config_in(data) if page.kind in ("", "json") else None
        if config is not None:
            facts = config_facts(config, model or config_name(page))
            return PageFacts(page, text=data.decode("utf-8-sig"), kind="json", facts=facts)
        name = "" if page.url else Path(page.label).name
        reading = read(data, kind=page.kind, name=name, url=page.url, model=model)
    except (UnreadableError, UnknownConfigError) as error:
        return PageFacts(page, error=str(error))
    return PageFacts(
        page, "", reading.document.text, reading.document.kind, reading.facts, reading.decisions,
        [f"{doubt.fact.field.value} of {doubt.fact.model}: {doubt.reason}" for doubt in reading.doubts],
    )  # fmt: skip


def contents(page: Page) -> bytes:
    """The bytes of a page.

    Raises:
        UnreadableError: there is no such file, it is a folder, too large, or may not be opened.
    """
    if page.data is not None:
        return page.data
    path = Path(page.label)
    try:
        if path.is_dir():
            raise UnreadableError(f"a folder; name the files in it ({path}/*)")
        if path.exists() and not path.is_file():
            raise UnreadableError("no regular file")
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError(f"larger than {MAX_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(getattr(error, "strerror", None) or str(error)) from None


def config_in(data: bytes) -> dict[str, Any] | None:
    """The model configuration that a page is (a JSON object with a model type, or with layers and a width), or None."""
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        loaded = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(loaded, dict):
        return None
    typed = isinstance(loaded.get("model_type"), str) and "modelId" not in loaded and "id" not in loaded
    if typed or (CONFIG_LAYERS & loaded.keys() and CONFIG_WIDTHS & loaded.keys()):
        return loaded
    return None


def config_name(page: Page) -> str | None:
    """The model that a config belongs to: from the file's name (``org__name.json``) or its address on a model hub.

    A file that is only called ``config.json`` is named by the folder that it lies in.
    """
    if page.url:
        parts = page.url.split("?")[0].split("/")
        # https://hub/org/name/resolve/main/config.json
        return parts[4] if len(parts) > 5 else None
    path = Path(page.label)
    stem = path.stem if path.stem != "config" else path.resolve().parent.name
    return slug_of(f"{stem}.json") or None


def config_facts(config: dict[str, Any], model: str | None) -> list[Fact]:
    """The parameters that a configuration implies. They are computed, so no words can be quoted for them."""
    counted = count_parameters(config)
    return [
        Fact(Field.PARAMETERS_TOTAL, float(counted.total), model),
        Fact(Field.PARAMETERS_ACTIVE, float(counted.active), model),
    ]
