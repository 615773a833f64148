"""``scrapy sources``: what every source is, where it reads, how it stands, and what it may do."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flopcrawl.commands.base import CommandError, FlopcrawlCommand

if TYPE_CHECKING:
    from flopcrawl.base_spiders.source import SourceSpider

HEAD = """# Sources

Made by `scrapy sources --format markdown`; do not edit. How to add one: [sources.md](sources.md).

Every address is tried with its retries, then its fallbacks in order, then the newest good copy. Labs whose news no
program may read, or that have none, are covered by the hub, GitHub, arXiv, the leaderboard and the catalogues.

"""


class Command(FlopcrawlCommand):
    """Show the sources."""

    def syntax(self) -> str:
        """How it is called."""
        return "[NAME …] [--format table|json|markdown]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Show each source: its state, addresses and fallbacks, what is expected of it, its terms"

    def long_desc(self) -> str:
        """More words for ``--help``."""
        return (
            "Without a name: one line per source. With names: everything about those. "
            "--format markdown writes the table of docs/SOURCES.md."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--format", choices=("table", "json", "markdown"), default="table")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print the sources."""
        spiders = list(self.spiders(args))
        found = [described(spider) for spider in spiders]
        if opts.format == "markdown":
            sys.stdout.write(HEAD + markdown(found))
            return 0
        runs = self.last_runs()
        assert self.settings is not None
        for spider, each in zip(spiders, found, strict=True):
            each |= runs.get(each["name"], {})
            each["off_reason"] = spider.why_off(self.settings)
            if each["off_reason"]:
                each["state"] = "off"
        if opts.format == "json":
            sys.stdout.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        elif args:
            for each in found:
                self.output.print("\n".join(lines(each)), soft_wrap=True, markup=False, highlight=False)
        else:
            self.show(found)
        return 0

    def spiders(self, names: list[str]) -> Iterator[type[SourceSpider]]:
        """The spiders asked for, all of them without a name.

        Raises:
            CommandError: there is none of that name.
        """
        from scrapy.spiderloader import get_spider_loader

        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        known = sorted(loader.list())
        if unknown := sorted(set(names) - set(known)):
            raise CommandError(f"no source is called {', '.join(unknown)}; there are {', '.join(known)}")
        for name in names or known:
            yield loader.load(name)  # type: ignore[misc]

    def last_runs(self) -> dict[str, dict[str, Any]]:
        """How each source stood after its last run, where there is a database."""
        from flopcrawl.database import open_for_reading

        if not self.database_path.exists():
            return {}
        with open_for_reading(self.database_path) as reader:
            rows = reader.execute(
                "SELECT spider, source_state AS state, max(started_at) AS last_run, items, rejected, served_stale "
                "FROM runs GROUP BY spider"
            )
            return {
                row["spider"]: {
                    "state": row["state"] or "unfinished", "last_run": row["last_run"], "items": row["items"],
                    "rejected": row["rejected"], "served_stale": row["served_stale"],
                }
                for row in rows
            }  # fmt: skip

    def show(self, found: list[dict[str, Any]]) -> None:
        """One line per source."""
        from rich.table import Table
        from rich.text import Text

        table = Table("source", "state", "last run", "items", "expected", "fallbacks", "first address")
        for each in found:
            first = each["addresses"][0] if each["addresses"] else []
            table.add_row(
                each["name"], each["state"], each["last_run"][:16], str(each["items"]),
                "{}–{}".format(*each["expected"]), str(max(len(first) - 1, 0)), Text(first[0][:60] if first else ""),
            )  # fmt: skip
        self.output.print(table)


def described(spider: type[SourceSpider]) -> dict[str, Any]:
    """What a source says of itself. Addresses: a list of alternatives for each listing, in the order they are tried."""
    import inspect

    module = inspect.getmodule(spider)
    made = spider()
    addresses = [[request.url, *request.meta.get("fallbacks", ())] for request in made.listing()]
    return {
        "name": spider.name, "title": spider.title, "organization": spider.organization, "home": spider.home,
        "about": inspect.cleandoc((module.__doc__ if module else "") or ""), "licence": spider.licence,
        "terms": spider.terms, "cadence": spider.cadence, "expected": list(spider.expected),
        "addresses": addresses, "off_reason": spider.off_reason, "state": "never run", "last_run": "", "items": 0,
    }  # fmt: skip


def lines(each: dict[str, Any]) -> Iterator[str]:
    """Everything about one source."""
    yield f"{each['name']}: {each['title']} ({each['home']})"
    yield f"  {' '.join(each['about'].split())}"
    last = f", last run {each['last_run']}: {each['items']} items" if each["last_run"] else ""
    yield f"  state: {each['state']}{last}" + (f"; {each['off_reason']}" if each["off_reason"] else "")
    yield "  expected: {} to {} models or articles, {}".format(*each["expected"], each["cadence"])
    yield f"  licence: {each['licence']}; terms: {each['terms']}"
    shown = each["addresses"][:6]
    for alternatives in shown:
        yield "  reads " + "\n    else ".join(alternatives)
    if len(each["addresses"]) > len(shown):
        yield f"  … and {len(each['addresses']) - len(shown)} more listings of the same kind"


def markdown(found: list[dict[str, Any]]) -> str:
    """The table of docs/SOURCES.md."""
    rows = ["| source | what | read from, then | expected | terms |", "|---|---|---|---|---|"]
    for each in found:
        places = [" → ".join(f"<{url}>" for url in alternatives) for alternatives in each["addresses"][:3]]
        if len(each["addresses"]) > 3:
            places.append(f"… {len(each['addresses'])} listings")
        off = f" **Off by default**: {each['off_reason']}." if each["off_reason"] else ""
        cells = (
            f"`{each['name']}`", f"[{each['title']}]({each['home']}). {' '.join(each['about'].split())}",
            "<br>".join(places) or "files of this folder", "{}–{}, {}".format(*each["expected"], each["cadence"]),
            f"{each['terms']}. {each['licence']}.{off}",
        )  # fmt: skip
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"
