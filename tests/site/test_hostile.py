"""Names that try to break a page, on every route and in every export: scripts, SQL, formulas, direction, 10 kB."""

import asyncio
import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from lxml import etree, html

from flopcrawl import database
from flopcrawl.database import VIEWS
from flopcrawl.site.app import build
from flopcrawl.site.plugin import ROUTES
from flopcrawl.site.trends import TRENDS
from tests.site.make_db import HOSTILE, make_database

ROOT = Path(__file__).resolve().parents[2]
METADATA = json.loads((ROOT / "datasette-metadata.json").read_text())
RAW = ("<script>window.broken", "<img src=x", 'onerror=window.broken=1">')
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")
TURNS, ENDS = "\u202e", "\u202c"
LONG = "x" * 500
"""What a name of ten thousand letters must not put on a page of ours."""

KEYS = ("models", "claims", "estimates", "classifications", "changes", "overrides", "runs", "information")
EVIL = [quote(name, safe="") for name in HOSTILE]

ADDRESSES: dict[str, list[str]] = {
    r"^/$": ["/", "/?threshold=1e23&colour=developer", *(f"/?q={quote_plus(name)}" for name in HOSTILE)],
    r"^/models\.csv$": ["/models.csv"],
    r"^/models\.json$": ["/models.json"],
    r"^/models\.(?P<kind>svg|png)$": ["/models.svg", "/models.svg?colour=developer", "/models.png"],
    r"^/model/(?P<key>[^/]+)$": ["MODELS"],
    r"^/trends$": ["/trends"],
    r"^/chart/(?P<name>[a-z0-9-]+)\.(?P<kind>csv|svg|png)$": [
        f"/chart/{name}.{kind}" for name in TRENDS for kind in ("csv", "svg")
    ],
    r"^/developers$": ["/developers"],
    r"^/developer/(?P<name>.+)$": [f"/developer/{name}" for name in EVIL],
    r"^/as-of(?:\.csv)?$": ["/as-of", "/as-of?from=2001-01-01", "/as-of.csv", *(f"/as-of?date={n}" for n in EVIL)],
    r"^/accuracy$": ["/accuracy"],
    r"^/review$": ["/review"],
    r"^/derivatives$": ["/derivatives"],
    r"^/sources$": ["/sources"],
    r"^/changes$": ["/changes"],
    r"^/changes\.atom$": ["/changes.atom"],
    r"^/method$": ["/method"],
    r"^/glossary$": ["/glossary"],
    r"^/queries$": ["/queries"],
    r"^/datapackage\.json$": ["/datapackage.json"],
    r"^/robots\.txt$": ["/robots.txt"],
    r"^/-/health$": ["/-/health"],
    r"^/-/metrics$": ["/-/metrics"],
}
"""Every route of the site, and the addresses that are asked of it."""

TABLES = [*KEYS, *VIEWS, *METADATA["databases"]["flopcrawl"]["queries"]]
DATASETTES = [f"/flopcrawl/{name}{form}" for name in TABLES for form in ("", ".csv", ".json")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The site over a database whose every text that comes from outside is hostile."""
    path = make_database(tmp_path_factory.mktemp("hostile") / "flopcrawl.db", ordinary=12)
    with database.writer_lock(path):
        db = database.open_for_writing(path)
        with db.atomic():
            for number, name in enumerate(HOSTILE):
                evil = f"{name} {name}"
                db.execute(
                    "INSERT INTO overrides SELECT ?, ?, model_key, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM models "
                    "WHERE name LIKE ? || '%'",
                    [evil, number, *[evil] * 7, "conflict", evil, name[:20]],
                )
                db.execute(
                    "INSERT INTO reference_epoch SELECT ?, '2026', model_key, ?, ?, 3e25, ?, '{}', ? FROM models "
                    "WHERE name LIKE ? || '%'",
                    [evil, evil, evil, evil, "javascript:alert(1)", name[:20]],
                )
                db.execute(
                    "INSERT INTO findings VALUES ('r', '2026-01-01T00:00:00Z', 'warning', ?, ?, ?, ?, ?)", [evil] * 5
                )
                db.execute(
                    "INSERT INTO runs VALUES ('r', ?, '2026-01-01T00:00:00Z', NULL, ?, 1, 1, 0, 0, 1, 0, 0, ?)",
                    [evil] * 3,
                )
            db.execute(
                "UPDATE models SET organization = (SELECT organization FROM models o WHERE o.name LIKE 'Long%'), "
                "domain = name, license = name, architecture = name, country = name, accessibility = name, "
                "reason = name, review = name, base_model_key = model_key, source_url = 'javascript:' || name "
                "WHERE name NOT LIKE 'Testmodel%' AND organization = 'Meta AI'"
            )
        db.close()
    return build(path, ROOT / "datasette-metadata.json")


def get(site: Any, address: str) -> Any:
    return asyncio.run(site.client.get(address, follow_redirects=True))


def expanded(site: Any, addresses: list[str]) -> list[str]:
    """The addresses, every model's page for the word that stands for them."""
    if addresses != ["MODELS"]:
        return addresses
    rows = json.loads(get(site, "/flopcrawl/models.json?_shape=array&_size=max").text)
    return [f"/model/{quote(row['model_key'], safe='')}" for row in rows]


def test_every_route_is_asked() -> None:
    assert ADDRESSES.keys() == {pattern for pattern, _ in ROUTES}


@pytest.mark.parametrize("route", ADDRESSES)
def test_hostile_text_is_text_on_every_page_and_in_every_export(site: Any, route: str) -> None:
    for address in expanded(site, ADDRESSES[route]):
        answer = get(site, address)
        assert answer.status_code in (200, 404), address
        check(answer, address, own=True)


@pytest.mark.parametrize("address", DATASETTES)
def test_hostile_text_is_text_in_every_table(site: Any, address: str) -> None:
    answer = get(site, address)
    assert answer.status_code == 200
    check(answer, address, own=False)


def check(answer: Any, address: str, *, own: bool) -> None:
    """Nothing of a hostile text does anything, whatever kind of answer it is in."""
    kind = answer.headers["content-type"].partition(";")[0]
    assert answer.headers["x-content-type-options"] == "nosniff"
    if kind == "text/html":
        check_page(answer.text, address, own)
    elif kind == "text/csv" or ".csv" in address:
        for row in csv.reader(io.StringIO(answer.text)):
            assert [cell[:60] for cell in row if FORMULA.match(cell) and not NUMBER.fullmatch(cell)] == [], address
    elif kind == "application/json":
        json.loads(answer.text)
    elif kind in ("image/svg+xml", "application/atom+xml"):
        tree = etree.fromstring(answer.content)
        assert not tree.xpath("//*[local-name() = 'script' or local-name() = 'img']"), address
        assert not tree.xpath("//@*[starts-with(., 'javascript:')]"), address
    elif kind == "text/plain":
        assert LONG not in answer.text
    else:
        assert kind == "image/png", (address, kind)


def check_page(text: str, address: str, own: bool) -> None:
    """A page has no element, address or direction that came from a text, and is not filled by a long one."""
    assert [raw for raw in RAW if raw in text] == [], address
    tree = html.document_fromstring(text.replace("\x00", ""))
    assert not tree.xpath("//script[not(@src)] | //img | //@onerror | //@onclick | //@style"), address
    assert not tree.xpath("//@href[starts-with(., 'javascript:')]"), address
    for said in [*tree.xpath("//text()"), *tree.xpath("//@*[not(name() = 'href' or name() = 'value')]")]:
        assert said.count(TURNS) <= said.count(ENDS) or stands_alone(said), (address, said[:300])
    if own:
        shown = tree.xpath("//text()[not(ancestor::*[@class = 'paste'])]")  # what is pasted must be whole
        assert LONG not in "".join(shown), address
        assert LONG not in "".join(tree.xpath("//@*[not(name() = 'href' or name() = 'value')]")), address


def stands_alone(said: Any) -> bool:
    """Is a text all that its cell holds, or kept apart for being copied as it is?"""
    around = [said.getparent(), *said.getparent().iterancestors()]
    block = next(each for each in around if each.tag in ("td", "th", "li", "p", "body"))
    return around[0].tag == "bdi" or "".join(block.itertext()).strip().rstrip(ENDS) == said.strip()
