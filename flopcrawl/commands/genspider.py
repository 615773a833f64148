"""``scrapy genspider NAME ADDRESS``: a new source: its file, a fixture and a test that fails until it is true."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.commands import genspider
from scrapy.exceptions import UsageError

from flopcrawl.settings import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
EXAMPLES = {
    "Feed": (
        "feed.xml",
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Replace</title></channel></rss>\n',
    ),
    "Sitemap": (
        "sitemap.xml",
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>\n',
    ),
    "Links": ("links.html", "<!doctype html><html><head><title>Replace me</title></head><body></body></html>\n"),
}
"""The empty fixture of each shape: its file and what stands in it."""

TO_DO = "replace the fixture by a small page of the real shape, then write here what is to be read from it"


class Command(genspider.Command):
    """Scrapy's own ``genspider`` with a template for news, and what a source needs beside its file."""

    def syntax(self) -> str:
        """How it is called."""
        return "[options] NAME ADDRESS"

    def short_desc(self) -> str:
        """One line for ``scrapy -h``."""
        return (
            "Make a new source: a spider for the listing at ADDRESS, a fixture, and a test that fails until it is true"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options, with the template for news as the default."""
        super().add_options(parser)
        parser.set_defaults(template="news")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Make the files.

        Raises:
            UsageError: the name cannot be a Python module's, or the address is none.
        """
        making = not (opts.list or opts.dump)
        if making and len(args) == 2:
            if not re.fullmatch(r"[a-z][a-z0-9_]*", args[0]):
                raise UsageError(f"{args[0]!r} cannot be a source's name: small letters, digits and _, a letter first")
            if "." not in urlsplit(genspider.verify_url_scheme(args[1])).netloc:
                raise UsageError(
                    f"{args[1]!r} is no address: give that of the feed, sitemap or page that lists articles"
                )
        self.made = False
        super().run(args, opts)
        if making and not self.made:  # it has said why
            self.exitcode = 1

    def _generate_template_variables(self, module: str, name: str, url: str, template_name: str) -> dict[str, Any]:
        """Scrapy's variables, the listing's shape, and the site that it is of."""
        variables = super()._generate_template_variables(module, name, url, template_name)
        parts = urlsplit(url)
        return {**variables, "shape": shape_of(url), "home": f"{parts.scheme}://{parts.netloc}/"}

    def _genspider(self, module: str, name: str, url: str, template_name: str, template_file: Any) -> Path:
        """The spider's file, then its fixture and what is expected of it."""
        spider_file = super()._genspider(module, name, url, template_name, template_file)
        self.made = True
        file, text = EXAMPLES[shape_of(url)]
        folder = FIXTURES / name
        folder.mkdir(parents=True, exist_ok=True)
        expected = folder / f"{Path(file).stem}.expected.json"
        for path, content in (
            (folder / file, text),
            (expected, json.dumps({"url": url, "requests": [TO_DO]}, indent=1) + "\n"),
        ):
            if not path.exists():
                path.write_text(content, encoding="utf-8")
        print(
            f"Next:\n  1. {spider_file}: organization (as in flopcrawl/data/organizations.csv), and `article` where "
            f"not every link of the site is one\n  2. {folder / file}: a small page of the real shape\n"
            f"  3. {expected}: what is to be read from it\n"
            f"  4. .venv/bin/pytest tests/spiders -k {name} passes when it is right; docs/sources.md tells more"
            + ("\nThe address is not encrypted: use https where the site has it." if url.startswith("http:") else "")
        )
        return spider_file


def shape_of(url: str) -> str:
    """The shape of a listing, as its address tells it."""
    path = urlsplit(url).path.lower()
    if "sitemap" in path:
        return "Sitemap"
    return "Feed" if re.search(r"(?:rss|feed|atom)(?:/|$|\.)|\.(?:xml|rss|atom)$", path) else "Links"
