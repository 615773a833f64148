"""``scrapy extract``: what would be read from saved pages, with the words it was read from."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from flopcrawl.commands.base import CommandError, FlopcrawlCommand

if TYPE_CHECKING:
    from flopcrawl.reading_pages.pages import Page, PageFacts

ADDRESS = re.compile(r"https?://", re.IGNORECASE)


class Command(FlopcrawlCommand):
    """Read pages and print their facts. Needs no database."""

    def syntax(self) -> str:
        """How it is called."""
        return "FILE_OR_URL… [--model NAME] [--format table|json] [--text] [--explain] [--fixture DIR]"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return "Read training facts from pages (html, md, txt, pdf, json, feeds), with the words they were read from"

    def long_desc(self) -> str:
        """More words for ``--help``."""
        return (
            "What would be read from a saved page, with quotes; from a model's config.json the total and active "
            "parameters. Scope 'model' is the model's own figure; 'family', 'rate' and 'other' are kept for the "
            "record and never used as its total. An address is fetched politely (robots.txt is obeyed) and not kept. "
            "A page that cannot be read is one line on standard error; exit code 1 only if none could be read."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""
        super().add_options(parser)
        parser.add_argument("--model", metavar="NAME", help="the model that the pages are about")
        parser.add_argument("--format", choices=("table", "json"), default="table")
        parser.add_argument("--text", action="store_true", help="print the cleaned text, in which quotes are looked up")
        parser.add_argument(
            "--explain", action="store_true", help="for every number on the page: taken or not, and why"
        )
        parser.add_argument(
            "--fixture", metavar="DIR", type=Path, help="also save each page there with what was read, as a test case"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Read the pages and print what was asked for."""
        if not args:
            raise UsageError("give at least one file or address")
        if opts.text and opts.explain:
            raise UsageError("give --text or --explain, not both")
        tally = Tally()
        readable = tally.only_read(self._watched(self._read(args, opts.model), len(args)))
        if opts.fixture:
            readable = saved(readable, opts.fixture)
        if opts.text:
            self._print_texts(readable, several=len(args) > 1)
        elif opts.format == "json":
            self._print_json(readable, explain=opts.explain)
        else:
            self._print_tables(readable, explain=opts.explain)
        return 0 if tally.read else 1

    def _read(self, args: list[str], model: str | None) -> Iterator[PageFacts]:
        """Read files and addresses, in the order given."""
        from flopcrawl.reading_pages.pages import Page, PageFacts, read_pages

        urls = [arg for arg in dict.fromkeys(args) if ADDRESS.match(arg)]
        fetched: dict[str, Page | str] = {}
        if urls:
            from flopcrawl.reading_pages.fetch import fetch

            assert self.settings is not None
            fetched = fetch(urls, self.settings)
        sources = [fetched.get(arg) or Page(arg) for arg in args]
        results = read_pages([source for source in sources if isinstance(source, Page)], model)
        for arg, source in zip(args, sources, strict=True):
            yield PageFacts(Page(arg), error=source) if isinstance(source, str) else next(results)

    def _watched(self, pages: Iterable[PageFacts], total: int) -> Iterable[PageFacts]:
        """Show progress on a terminal, where there are enough pages to wait for."""
        if total < 20 or not sys.stderr.isatty():
            return pages
        from rich.progress import track

        return track(pages, "reading", total=total, console=self.console, transient=True)

    def _print_texts(self, pages: Iterable[PageFacts], *, several: bool) -> None:
        """Print cleaned texts; of several pages each under its name."""
        for page in pages:
            if several:
                print(f"==> {page.label} <==")
            print(page.text)

    def _print_json(self, pages: Iterable[PageFacts], *, explain: bool) -> None:
        """Print one array, row by row, so that thousands of pages need no memory."""
        first = True
        sys.stdout.write("[")
        for page in pages:
            for row in decision_rows(page) if explain else page.rows():
                sys.stdout.write(("\n" if first else ",\n") + json.dumps(row, ensure_ascii=False))
                first = False
        sys.stdout.write("]\n" if first else "\n]\n")

    def _print_tables(self, pages: Iterable[PageFacts], *, explain: bool) -> None:
        """Print a table for each page."""
        from rich.text import Text

        from flopcrawl.reading_pages.tables import decisions_table, facts_table

        for page in pages:
            if explain:
                self.output.print(decisions_table(page))
            elif page.facts:
                self.output.print(facts_table(page))
            else:
                self.output.print(Text(f"{page.label}: no facts"))
            for doubt in page.doubts:
                self.output.print(Text(f"  implausible: {doubt}"))


class Tally:
    """Counts the pages that could be read, and reports the others."""

    def __init__(self) -> None:
        self.read = 0

    def only_read(self, pages: Iterable[PageFacts]) -> Iterator[PageFacts]:
        """The pages that could be read; of each other one line on standard error says why not."""
        for page in pages:
            if page.error:
                sys.stderr.write(" ".join(f"{page.label}: {page.error}".split()) + "\n")
            else:
                self.read += 1
                yield page


def decision_rows(page: PageFacts) -> list[dict[str, object]]:
    """The decisions on a page's numbers as JSON rows."""
    return [
        {
            "file": page.label, "number": decision.text, "taken": decision.taken, "reason": decision.reason,
            "start": decision.start, "end": decision.end,
        }
        for decision in page.decisions
    ]  # fmt: skip


def expected_of(page: PageFacts, name: str) -> dict[str, object]:
    """What a page gave, as the reader's test cases state it.

    ``facts`` are the models' own; ``never`` are figures that no model may be given as its own; ``announced`` are the
    models that the page announces.
    """
    own = [fact for fact in page.facts if fact.scope.value == "model"]
    values = {fact.value for fact in own}
    return {
        "name": name,
        "facts": [
            {"model": fact.model, "field": fact.field.value, "value": fact.value, "qualifier": fact.qualifier.value}
            for fact in own
            if fact.field.value != "name"
        ],
        "never": list(dict.fromkeys(fact.value for fact in page.facts if fact.value not in values)),
        "announced": [fact.value for fact in own if fact.field.value == "name"],
    }


def saved(pages: Iterable[PageFacts], folder: Path) -> Iterator[PageFacts]:
    """Save each page beside what was read from it, as a test case of the reader.

    Raises:
        CommandError: the folder has another page of that name, or cannot be written to.
    """
    from flopcrawl.reading_pages.pages import contents

    for page in pages:
        name = re.sub(r"[^\w.-]+", "_", page.label.split("?")[0].rstrip("/").rsplit("/", 1)[-1])
        target = folder / (name if "." in name else f"{name}.{page.kind}")
        data = contents(page.page)
        expected = json.dumps(expected_of(page, target.name), ensure_ascii=False, indent=1) + "\n"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if target.exists() and target.read_bytes() != data:
                raise CommandError(f"{target} is another page: rename yours, or remove that one")
            target.write_bytes(data)
            target.with_name(f"{target.stem}.expected.json").write_text(expected, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}") from None
        yield page
