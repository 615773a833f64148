"""Every source's own site on the stand-in web, as it is when all is well, and the ways in which it goes wrong.

A news source is shown as its fixtures show it; each of the others has a writer here. :data:`FAULTS` change what a site
answers. A news source that is added later is covered by the fixture which every source must have.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow
import pyarrow.parquet

from flopcrawl.base_spiders.listings import Article, Listing
from flopcrawl.base_spiders.news import NewsSpider
from flopcrawl.base_spiders.source import ShortfallError
from flopcrawl.identity.organizations import organizations
from tests.spiders.reading import FIXTURES, TYPES, make, saved
from tests.standin.server import CAPTCHA, Answer, Request
from tests.standin.sites import HUB, LISTING, put_arena, repository

if TYPE_CHECKING:
    from flopcrawl.base_spiders.source import SourceSpider
    from tests.standin.server import StandIn

ELSEWHERE = "https://challenge.example/"
"""Where a site sends programs that it takes for a nuisance."""

FILLER = "More of this is told at length, with pictures, charts and tables, in what follows here.\n\n"


@dataclass(frozen=True)
class Amount:
    """How much there is to read.

    Entries of each news listing (at least those of its fixture); accounts of the hub, repositories of each, how many
    repositories have a card to read; repositories of each account of the code host; papers. ``article``, ``card``,
    ``paper`` and ``listing`` are the bytes of such pages.
    """

    articles: int = 3
    accounts: int = 7
    rows: int = 30
    cards: int = 10
    repositories: int = 1
    papers: int = 10
    article: int = 1_000
    card: int = 1_000
    paper: int = 4_000
    listing: int = 0


LITTLE = Amount()


def put_source(web: StandIn, spider: type[SourceSpider], amount: Amount = LITTLE) -> None:
    """Put the pages that a source reads: its first addresses, and its fallbacks where a fixture shows them."""
    if issubclass(spider, NewsSpider):
        put_news(web, spider, amount)
    else:
        WRITERS[spider.name](web, amount)


def filled(text: str, size: int) -> str:
    """A text with as many further words as make it ``size`` bytes long."""
    return text + FILLER * max(0, (size - len(text)) // len(FILLER))


# --- news ----------------------------------------------------------------------------------------------------------


def put_news(web: StandIn, spider: type[NewsSpider], amount: Amount) -> None:
    """A lab's listings, as its fixtures show them, and their articles."""
    for listing in (each for primary in spider.listings for each in primary.all()):
        page = fixture_of(spider, listing)
        if page is None:
            continue
        body = page.read_text(encoding="utf-8")
        body = longer(body, articles_of(spider, listing, page)[-1].url, amount.articles)
        kind = TYPES.get(page.suffix) or {".json": "application/json"}.get(page.suffix, "text/html; charset=utf-8")
        if amount.listing and kind != "application/json":
            body += f"<!-- {filled('', amount.listing)} -->"
        web.put(listing.url, Answer.text(body, kind))
        for n, article in enumerate(articles_of(spider, listing, page, body)):
            name = f"{spider.name.title()}-{n + 1}"
            text = f"Today we release {name}, our new language model. {name} has 70B parameters. It saw 15T tokens."
            words = filled(f"<p>{text}</p>", amount.article)
            if article.kind == "md":
                web.put(article.url, Answer.text(filled(f"# Introducing {name}\n\n{text}\n\n", amount.article)))
            else:
                head = f"<!doctype html><html><head><title>Introducing {name}</title></head>"
                web.put(article.url, Answer.html(f"{head}<body><main><h1>{name}</h1>{words}</main></body></html>"))


def fixture_of(spider: type[NewsSpider], listing: Listing) -> Path | None:
    """The fixture that shows a listing: saved from its address, else from another one of the same shape."""
    found: list[tuple[bool, Path]] = []
    for expected in sorted((FIXTURES / spider.name).glob("*.expected.json")):
        url = json.loads(expected.read_text(encoding="utf-8"))["url"]
        case = expected.name.removesuffix(".expected.json")
        page = next(path for path in expected.parent.glob(f"{case}.*") if path != expected)
        if type(make(spider).listing_at(url)) is type(listing) and articles_of(spider, listing, page):
            found.append((url != listing.url, page))
    return min(found)[1] if found else None


def articles_of(spider: type[NewsSpider], listing: Listing, page: Path, body: str = "") -> list[Article]:
    """The articles of a listing that are the source's own."""
    made = make(spider)
    response = saved(page, listing.url)
    if body:
        response = response.replace(body=body.encode())
    try:
        return [article for article in listing.articles(response) if made.takes(listing, article)]
    except ShortfallError:
        return []


def longer(body: str, last: str, entries: int) -> str:
    """A listing with its last entry, that of the article at ``last``, repeated under further numbers."""
    blocks = [each for each in re.finditer(r"<(item|entry|url|article)\b.*?</\1>", body, re.DOTALL) if last in each[0]]
    if not blocks or not re.search(r"\d+/?$", last):
        return body
    further = [re.sub(r"\d+(/?)$", rf"{n}\1", last) for n in range(90_000, 90_000 + max(0, entries - 3))]
    end = blocks[-1].end()
    return body[:end] + "".join(blocks[-1][0].replace(last, url) for url in further) + body[end:]


# --- the others ----------------------------------------------------------------------------------------------------


def put_hub(web: StandIn, amount: Amount) -> None:
    """The hub: a listing of each account, most of its repositories small, and the cards of the large ones."""
    accounts = [account for each in organizations() for account in each.hub][: amount.accounts]
    rows = {account: [repository(account, n) for n in range(amount.rows)] for account in accounts}
    large = [row for n in range(amount.rows) for row in (rows[account][n] for account in accounts)][: amount.cards]
    for row in (row for account in accounts for row in rows[account]):
        if row not in large:
            row["safetensors"] = {"parameters": {"BF16": 1_000_000_000}}
    for row in large:
        name = row["id"].split("/")[1]
        card = filled(f"# {name}\n\n{name} was pretrained on 15T tokens and has 70B parameters.\n\n", amount.card)
        web.put(f"{HUB}/{row['id']}/resolve/main/README.md", Answer.text(card, "text/markdown"))

    def listing(request: Request) -> Answer:
        return Answer.json(rows.get(request.query.get("author", ""), []) if "author" in request.query else large)

    web.route(LISTING, listing)


def put_github(web: StandIn, amount: Amount) -> None:
    """The code host: the newest repositories of each account, each with a README."""
    for account in [account for each in organizations() for account in each.github]:
        repositories = [f"{account}/Standin{n}" for n in range(amount.repositories)]
        web.route(f"https://api.github.com/orgs/{account}/repos", listed_repositories(repositories))
        for full_name in repositories:
            model = f"{account.title()}-{full_name[-1]}"
            card = f"# {model}\n\nWe release {model}, a language model. {model} has 70B parameters.\n\n"
            web.put(
                f"https://raw.githubusercontent.com/{full_name}/HEAD/README.md", Answer.text(filled(card, amount.card))
            )


def listed_repositories(names: list[str]) -> Callable[[Request], Answer]:
    """A listing of the code host."""
    state = {"fork": False, "archived": False, "stargazers_count": 500, "pushed_at": "2026-01-05T08:00:00Z"}
    answer = Answer.json([{"full_name": name, **state} for name in names])
    return lambda _: answer


def put_arxiv(web: StandIn, amount: Amount) -> None:
    """The index of papers, the same for every query, and their texts."""
    day = (datetime.now(UTC) - timedelta(days=3)).strftime("%Y-%m-%dT08:00:00Z")
    papers = [f"2601.{n:05}" for n in range(amount.papers)]
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{paper}v1</id><title>Paper-{paper[-2:]} Technical Report</title>"
        f"<updated>{day}</updated><published>{day}</published><summary>We present a model.</summary></entry>"
        for paper in papers
    )
    web.route("https://export.arxiv.org/api/query", lambda _: Answer.text(
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><title>Query</title>'
        f"<opensearch:totalResults>{len(papers)}</opensearch:totalResults>{entries}</feed>", "application/atom+xml",
    ))  # fmt: skip
    for paper in papers:
        name = f"Paper-{paper[-2:]}"
        text = f"<p>We present {name}, a language model. {name} has 70B parameters and was trained on 15T tokens.</p>"
        page = (
            f"<html><body><article><h1>{name} Technical Report</h1>{filled(text, amount.paper)}</article></body></html>"
        )
        web.put(f"https://arxiv.org/html/{paper}", Answer.html(page))


def put_epoch(web: StandIn, amount: Amount) -> None:
    """The reference table, and the larger one that is its fallback."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Model", "Organization", "Publication date", "Training compute (FLOP)", "Confidence"])
    writer.writerows([f"Standin {n}", "Stand-in Lab", "2026-01-05", "2e25", "Likely"] for n in range(250))
    for table in ("large_scale_ai_models", "notable_ai_models"):
        web.put(f"https://epoch.ai/data/{table}.csv", Answer.text(text.getvalue(), "text/csv"))


def put_models_dev(web: StandIn, amount: Amount) -> None:
    """models.dev's file."""
    models = {f"standin-{n}": {"name": f"Standin {n}", "release_date": "2026-01-05"} for n in range(120)}
    web.put("https://models.dev/api.json", Answer.json({"openai": {"models": models}}))


def put_openrouter(web: StandIn, amount: Amount) -> None:
    """OpenRouter's list."""
    rows = [{"id": f"openai/standin-{n}", "name": f"OpenAI: Standin {n}", "created": 1767600000} for n in range(120)]
    web.put("https://openrouter.ai/api/v1/models", Answer.json({"data": rows}))


def put_litellm(web: StandIn, amount: Amount) -> None:
    """LiteLLM's table."""
    rows = {f"standin-{n}": {"litellm_provider": "openai", "mode": "chat"} for n in range(120)}
    web.put(
        "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json", Answer.json(rows)
    )


WRITERS: dict[str, Callable[[StandIn, Amount], None]] = {
    "arena": lambda web, _: put_arena(web), "arxiv": put_arxiv, "epoch": put_epoch, "github": put_github,
    "huggingface": put_hub, "litellm": put_litellm, "models_dev": put_models_dev, "openrouter": put_openrouter,
}  # fmt: skip
"""Sources that are no news: what puts their pages. A new one needs its writer here."""


# --- what goes wrong -----------------------------------------------------------------------------------------------


def off(answer: Answer) -> Answer:
    """The connection is closed without a word."""
    return Answer(drop=True)


def captcha(answer: Answer) -> Answer:
    """Programs are sent to a page that asks for a human."""
    return Answer.redirect(ELSEWHERE)


def emptied(answer: Answer) -> Answer:
    """A whole page of the right type with nothing in it."""
    kind, body = _kind(answer), answer.body
    if kind == "json":
        return replace(answer, body=b"[]" if body.lstrip().startswith(b"[") else b"{}")
    if kind == "xml":
        root = re.search(rb"<(rss|feed|urlset)\b[^>]*>", body)
        assert root is not None
        inside = b"<channel></channel>" if root[1] == b"rss" else b""
        return replace(answer, body=b"".join((root[0], inside, b"</", root[1], b">")))
    if kind == "csv":
        return replace(answer, body=body.splitlines()[0] + b"\n")
    if kind == "parquet":
        return replace(answer, body=_parquet(lambda table: table.slice(0, 0), body))
    return replace(answer, body=b"<!doctype html><html><head><title>News</title></head><body></body></html>")


def changed(answer: Answer) -> Answer:
    """The same things under other names, in another order of things."""
    kind, body = _kind(answer), answer.body
    if kind == "json":
        return replace(answer, body=json.dumps({"v2": {"entries": _renamed(json.loads(body))}}).encode())
    if kind == "xml":
        return replace(answer, body=re.sub(rb"(</?)(item|entry|url|urlset|channel)\b", rb"\1new-\2", body))
    if kind == "csv":
        return replace(answer, body=re.sub(rb"\w+(?=[^\n]*\n)", rb"new_\g<0>", body, count=5))
    if kind == "parquet":
        return replace(
            answer, body=_parquet(lambda t: t.rename_columns([f"new_{name}" for name in t.column_names]), body)
        )
    words = re.sub(rb'"(\w+)"\s*:', rb'"new_\1":', re.sub(rb"<[^>]*>", b" ", body))
    return replace(answer, body=b"<html><body><div>" + words + b"</div></body></html>")


FAULTS: dict[str, Callable[[Answer], Answer]] = {
    "off": off, "captcha": captcha, "emptied": emptied, "changed": changed
}  # fmt: skip
"""What a source's site may do to its visitors."""


def strike(web: StandIn, fault: Callable[[Answer], Answer], only: set[str] | None = None) -> None:
    """From now on every page (``only`` these addresses) is answered with its fault."""
    web.put(ELSEWHERE, Answer.html(CAPTCHA))

    def change(request: Request, answer: Answer) -> Answer:
        if request.url == ELSEWHERE or answer.status != 200 or (only is not None and request.url not in only):
            return answer
        return fault(answer)

    web.change = change


def heal(web: StandIn) -> None:
    """All is well again."""
    web.change = lambda request, answer: answer


def _kind(answer: Answer) -> str:
    """The type of a page, from what it begins with."""
    start = answer.body.lstrip()[:200]
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"[", b"{")):
        return "json"
    if start.startswith(b"<?xml") or re.match(rb"<(?:rss|feed|urlset)\b", start):
        return "xml"
    return "html" if start.startswith(b"<") else "csv"


def _renamed(value: Any) -> Any:
    """JSON with other keys."""
    if isinstance(value, dict):
        return {f"new_{key}": _renamed(inner) for key, inner in value.items()}
    return [_renamed(inner) for inner in value] if isinstance(value, list) else value


def _parquet(change: Callable[[pyarrow.Table], pyarrow.Table], body: bytes) -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(change(pyarrow.parquet.read_table(io.BytesIO(body))), file)
    return file.getvalue()
