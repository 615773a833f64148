"""arXiv: new papers that present a model, by terms and by the names of known families; then their full text.

The API is asked at most once in 3 seconds over one connection, as its terms say. Its host's robots.txt closes
everything to crawlers while the API's documentation invites programs: exactly that API is exempted, here and nowhere
else (``EXEMPT``). Texts come from arxiv.org, which wants 15 seconds between two pages, then ar5iv, then the PDF.
Metadata are CC0; texts are read, not republished. Fallback of the API: the hub's list of daily papers.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from scrapy import Request
from scrapy.http import Response

from flopcrawl.base_spiders.papers import A_MODEL, PaperIndexSpider
from flopcrawl.base_spiders.source import ShortfallError

EXEMPT = "https://export.arxiv.org/api/query"
"""The only address for which robots.txt is not asked: the documented API, at its documented rate."""

DAILY = "https://huggingface.co/api/daily_papers"
CATEGORIES = "(cat:cs.CL OR cat:cs.LG OR cat:cs.AI OR cat:cs.CV)"
TERMS = ('ti:"technical report"', 'abs:"trillion tokens"', 'abs:"billion parameters"', 'abs:"foundation model"')
FAMILIES_AT_ONCE = 20
LEAST_MODELS = 4
"""Names that a family needs to be asked for by name."""


class ArxivSpider(PaperIndexSpider):
    """See the module."""

    name = "arxiv"
    title = "arXiv"
    home = "https://arxiv.org"
    licence = "Metadata CC0; each paper under its own licence, facts and short quotes are kept"
    terms = "API: one request in 3 s, one connection. arxiv.org: one page in 15 s"
    cadence = "daily"
    expected = (10, 30_000)
    api = EXEMPT
    routes = {r"huggingface\.co/api/daily_papers": "daily"}  # noqa: RUF012 (ClassVar in the base)
    custom_settings = {  # noqa: RUF012 (Scrapy's own attribute)
        "DOWNLOAD_SLOTS": {
            "export.arxiv.org": {"concurrency": 1, "delay": 3.0, "jitter": 0.0},
            "arxiv.org": {"concurrency": 1, "delay": 15.0, "jitter": 0.0},
            "ar5iv.labs.arxiv.org": {"concurrency": 1, "delay": 5.0, "jitter": 0.0},
        },
        "AUTOTHROTTLE_ENABLED": False,
    }

    def queries(self) -> Iterable[str]:
        """Terms first, then the names of known families, some at once."""
        for term in TERMS:
            yield f"{CATEGORIES} AND {term}"
        names = families()
        for start in range(0, len(names), FAMILIES_AT_ONCE):
            titles = " OR ".join(f'ti:"{name}"' for name in names[start : start + FAMILIES_AT_ONCE])
            yield f"{CATEGORIES} AND ({titles})"

    def texts(self, identifier: str) -> list[str]:
        """HTML keeps powers and tables; ar5iv has older papers; the PDF is always there."""
        return [
            f"https://arxiv.org/html/{identifier}", f"https://ar5iv.labs.arxiv.org/html/{identifier}",
            f"https://arxiv.org/pdf/{identifier}",
        ]  # fmt: skip

    def other_indexes(self) -> list[str]:
        """The hub lists the papers that its users vote for, day by day."""
        return [DAILY]

    def ask(self, *addresses: str, expect: str = "", **meta: Any) -> Request:
        """A request; only the API's is exempt from robots.txt, not its fallback."""
        if addresses[0].startswith(EXEMPT):
            meta["dont_obey_robotstxt"] = True
        return super().ask(*addresses, expect=expect, **meta)

    def daily(self, response: Response) -> Iterator[Any]:
        """The hub's daily papers, in place of the API."""
        try:
            rows = [row["paper"] for row in json.loads(response.body)]
            papers = [(str(row["id"]), str(row["publishedAt"]), f"{row['title']} {row['summary']}") for row in rows]
        except (ValueError, KeyError, TypeError) as error:
            raise ShortfallError(f"not the list of daily papers ({error!r})") from None
        for identifier, published, words in papers:
            self.found.add(identifier)
            if A_MODEL.search(words):
                yield from self.ask_paper(identifier, published[:10], published)


def families() -> list[str]:
    """The first words of the names of known models, those of most models first."""
    text = files("flopcrawl.data").joinpath("aliases.csv").read_text(encoding="utf-8")
    models = {row["model"] for row in csv.DictReader(text.splitlines())}
    words = Counter(found[0] for model in models if (found := re.match(r"[^\W\d_]{3,}", model)))
    return [
        word for word, count in sorted(words.items(), key=lambda each: (-each[1], each[0])) if count >= LEAST_MODELS
    ]
