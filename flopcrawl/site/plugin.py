"""The site as a Datasette plugin: routes, filters, headers, and Datasette's own pages without inline scripts.

It only reads; it has no state of its own.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import datasette.handle_exception
import datasette.views.base
from datasette import hookimpl
from jinja2 import BaseLoader

from flopcrawl.reports.exports import safe_cell
from flopcrawl.site.data import DATABASE, information, stamp
from flopcrawl.site.delivery import Delivery
from flopcrawl.site.pages import front, insight, model, upkeep, words
from flopcrawl.site.wording import FILTERS, contained

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"

ROUTES: tuple[tuple[str, Any], ...] = (
    (r"^/$", front.front_page),
    (r"^/models\.csv$", front.list_csv),
    (r"^/models\.json$", front.list_json),
    (r"^/models\.(?P<kind>svg|png)$", front.list_chart),
    (r"^/model/(?P<key>[^/]+)$", model.model_page),
    (r"^/trends$", insight.trends_page),
    (r"^/chart/(?P<name>[a-z0-9-]+)\.(?P<kind>csv|svg|png)$", insight.chart_download),
    (r"^/developers$", insight.developers_page),
    (r"^/developer/(?P<name>.+)$", insight.developer_page),
    (r"^/as-of(?:\.csv)?$", insight.as_of_page),
    (r"^/accuracy$", insight.accuracy_page),
    (r"^/review$", upkeep.review_page),
    (r"^/derivatives$", upkeep.derivatives_page),
    (r"^/sources$", upkeep.sources_page),
    (r"^/changes$", upkeep.changes_page),
    (r"^/changes\.atom$", upkeep.changes_feed),
    (r"^/method$", words.method_page),
    (r"^/glossary$", words.glossary_page),
    (r"^/queries$", words.queries_page),
    (r"^/datapackage\.json$", words.data_package),
    (r"^/robots\.txt$", words.robots),
    (r"^/-/health$", upkeep.health),
    (r"^/-/metrics$", upkeep.metrics),
)
OURS = tuple(re.compile(pattern) for pattern, _ in ROUTES)

ASSETS = {
    file.name: f"{file.name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:10]}"
    for file in STATIC.iterdir()
    if file.is_file()
}
"""Our static files, each named by its content, so that a browser may keep it."""

INLINE = re.compile(r"<style\b.*?</style>|<script>.*?</script>|\sstyle=\"[^\"]*\"", re.DOTALL)
"""What Datasette's templates have inline, and our policy forbids."""


UNNAMED = (
    ('<textarea id="sql-editor"', "SQL"), ('<select name="_filter_column', "Column"),
    ('<select name="_filter_op', "Comparison"), ('<input type="text" name="_filter_value', "Value"),
    ('<select name="_sort"', "Sort by"),
)  # fmt: skip
"""Fields of Datasette's templates that have no name for a screen reader, and one for each."""


class WithoutInline(BaseLoader):
    """Templates as another loader finds them: without inline styles and scripts, with a name for every field."""

    def __init__(self, loader: Any) -> None:
        self.loader = loader

    def get_source(self, environment: Any, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """One template."""
        source, name, fresh = self.loader.get_source(environment, template)
        own = name is not None and Path(name).is_relative_to(TEMPLATES)
        if not own:
            source = INLINE.sub("", source)
            for field, words in UNNAMED:
                tag, rest = field.split(" ", 1)
                source = source.replace(field, f'{tag} aria-label="{words}" {rest}')
        return source, name, fresh

    def list_templates(self) -> list[str]:
        """The names of all templates."""
        names: list[str] = self.loader.list_templates()
        return names


class SafeWriter:
    """A CSV writer whose text cells no spreadsheet takes for formulas."""

    def __init__(self, file: Any) -> None:
        self.writer = csv.writer(file)

    def writerow(self, row: Any) -> Any:
        """Write one row; what the file's ``write`` returns, which may be awaited."""
        return self.writer.writerow([safe_cell(cell) for cell in row])


@hookimpl
def startup() -> None:
    """Two things of Datasette's that have no hook, but one name each.

    Its CSV downloads are made safe too. And a page that is not found is nothing to print a long report of, which also
    fails where no exception is being handled, and takes the page of the error with it.
    """
    datasette.views.base.csv = SimpleNamespace(writer=SafeWriter)
    datasette.handle_exception.rich = None


async def standing(datasette: Any) -> dict[str, Any]:
    """What every page says of the data: where it came from, and when. Nothing where the database cannot be read."""
    try:
        known = await information(datasette) if DATABASE in datasette.databases else {}
    except sqlite3.DatabaseError:
        known = {}  # the page of that very error needs its banners too, as far as they are known
    sample = known.get("origin") == "sample" or int(known.get("sample_models", 0)) > 0
    return {
        "data_origin": "sample" if sample else known.get("origin", ""),
        "refreshed_at": known.get("refreshed_at", ""),
        "stale_models": int(known.get("stale_models", 0)),
    }


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Numbers and links as people read them; no template with anything inline.

    What pages say of the data is a global, since Datasette gives the page of an error no variables of a plugin.
    """
    env.filters.update(FILTERS)
    env.globals["assets"] = ASSETS
    env.globals["urls"] = datasette.urls
    env.globals["standing"] = functools.partial(standing, datasette)
    env.finalize = contained
    if not isinstance(env.loader, WithoutInline):
        env.loader = WithoutInline(env.loader)
    env.extend(plain=env.overlay(enable_async=False))  # for our own pages: a third of the time


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """The site's own pages."""
    return list(ROUTES)


def is_function_of_data(path: str, query: bytes) -> bool:
    """Does an address lead to the same answer until the data change? So do our pages and Datasette's tables and rows.

    A visitor's own query may ask for the time, or for chance; and what is streamed may be as large as a table.
    """
    if path.startswith(f"/{DATABASE}"):
        return not any(word in query for word in (b"sql=", b"_stream"))
    return any(pattern.match(path) for pattern in OURS)


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Security headers on everything; pages kept until the data change."""
    return lambda app: Delivery(app, lambda: stamp(datasette), is_function_of_data)
