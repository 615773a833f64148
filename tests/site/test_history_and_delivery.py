"""The list on a past day is the list; kept answers change with the data; the site as files leads nowhere wrong."""

import asyncio
import csv
import io
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from lxml import html

from flopcrawl import database
from flopcrawl.derive import MODEL_COLUMNS
from flopcrawl.site.app import build
from flopcrawl.site.delivery import Delivery
from flopcrawl.site.history import UNTIL, as_of
from flopcrawl.site.static_export import export, file_of, relative
from flopcrawl.site.trends import doubling, forecast
from tests.site.make_db import make_database

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_database(tmp_path_factory.mktemp("history") / "flopcrawl.db", ordinary=12)


@pytest.fixture(scope="module")
def site(path: Path) -> Any:
    return build(path, ROOT / "datasette-metadata.json")


def get(site: Any, address: str, **headers: str) -> Any:
    async def ask() -> Any:
        return await site.client.get(address, headers=headers)

    return asyncio.run(ask())


def test_the_record_of_changes_alone_gives_the_table_of_today(path: Path) -> None:
    with database.open_for_reading(path) as db:
        past = as_of(dict(row) for row in db.execute(UNTIL, {"end": "9999"}))
        today = {row["model_key"]: dict(row) for row in db.execute("SELECT * FROM models")}
    assert past.keys() == today.keys()
    for key, row in past.items():
        same = [column for column in MODEL_COLUMNS if column != "name"]  # one name was made long behind its back
        assert [row[column] for column in same] == [today[key][column] for column in same]


def test_before_the_record_begins_nothing_was_listed(site: Any) -> None:
    assert "Nothing was on the list" in get(site, "/as-of?date=2001-01-01").text


def test_where_nothing_was_ever_recorded_every_day_has_an_empty_list(tmp_path: Path) -> None:
    path = tmp_path / "flopcrawl.db"
    with database.writer_lock(path):
        database.open_for_writing(path).close()
    empty = build(path, ROOT / "datasette-metadata.json")
    for address in ("/as-of", "/as-of?date=2025-01-01", "/as-of?date=2025-01-01&from=2024-01-01"):
        answer = get(empty, address)
        assert (answer.status_code, "Nothing was on the list" in answer.text) == (200, True)
    assert get(empty, "/as-of.csv").text == "model_key\n"


@pytest.mark.parametrize("day", ["soon", "2024-13-01", "9999-12-31", ""])
def test_a_day_that_is_none_is_no_error(site: Any, day: str) -> None:
    assert get(site, f"/as-of?date={day}&from={day}").status_code == 200


def test_an_answer_is_tagged_and_not_sent_twice(site: Any) -> None:
    first = get(site, "/glossary")
    assert first.headers["etag"]
    again = get(site, "/glossary", **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_kept_answer_goes_when_the_data_change(tmp_path: Path) -> None:
    path = make_database(tmp_path / "flopcrawl.db", ordinary=3)
    site = build(path, ROOT / "datasette-metadata.json")
    assert "Quite another name" not in get(site, "/developers").text
    with sqlite3.connect(path) as db:
        db.execute("UPDATE models SET organization = 'Quite another name'")
    assert "Quite another name" in get(site, "/developers").text


def test_no_page_allows_an_inline_script_and_none_has_one(site: Any) -> None:
    for address in ("/", "/flopcrawl", "/flopcrawl/models", "/flopcrawl/near_the_line", "/-/versions"):
        answer = get(site, address)
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "<style" not in answer.text
        assert "<script>" not in answer.text


def test_datasettes_own_csv_is_safe_too(site: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(get(site, "/flopcrawl/models.csv?_stream=on").text)))
    assert next(row["name"] for row in rows if "HYPERLINK" in row["name"]).startswith("'=")


def test_a_file_is_never_outside_the_folder() -> None:
    assert file_of("/model/../../etc/passwd") is None
    assert file_of("/model/%2e%2e/%2e%2e/x") is None
    assert file_of("/developer/a%2Fb.csv") == "developer/a-b.csv/index.html"
    assert file_of("/-/versions.json") is None
    assert file_of("/flopcrawl/../../etc/passwd") == "tables/passwd.csv"
    assert file_of("/flopcrawl/models?organization=x") == "tables/models.csv"
    assert file_of("/?q=x") is None


def test_links_are_relative() -> None:
    assert relative('<a href="/trends">', "model/x/index.html") == '<a href="../../trends/index.html">'


def test_the_site_as_files_has_every_page_and_no_link_leads_nowhere(site: Any, tmp_path: Path) -> None:
    written, failed = asyncio.run(export(site, tmp_path))
    assert failed == []
    assert written > 30
    for name in ("index.html", "trends/index.html", "datapackage.json", "models.svg", "tables/claims.csv", "as-of.csv"):
        assert (tmp_path / name).exists(), name
    for page in tmp_path.rglob("*.html"):
        for link in html.document_fromstring(page.read_text()).xpath("//@href | //@src"):
            parts = urlsplit(link)
            if not parts.scheme and parts.path:
                long = len(unquote(parts.path).encode()) > 150  # a name that no file can have needs the server
                assert long or (page.parent / unquote(parts.path)).exists(), (page, link)


def test_the_published_build_has_addresses_that_may_be_kept(path: Path) -> None:
    published = build(path, ROOT / "datasette-metadata.json", immutable=True)
    moved = get(published, "/flopcrawl/models")
    assert moved.status_code == 302
    assert moved.headers["location"].startswith("/flopcrawl-")
    table = get(published, moved.headers["location"])
    assert (table.status_code, "max-age=31536000" in table.headers["cache-control"]) == (200, True)
    assert "unsafe" not in table.headers["content-security-policy"]
    assert get(published, "/").headers["cache-control"] == "no-cache"


def test_what_many_ask_for_at_once_is_made_once() -> None:
    made = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        made.append(scope["path"])
        await asyncio.sleep(0)  # the others come now
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b"x" * 5000})

    delivery = Delivery(app, lambda: "one state", lambda *_: True)

    async def ask() -> list[Any]:
        transport = httpx.ASGITransport(app=delivery)
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            return await asyncio.gather(*(client.get("/page") for _ in range(20)))

    answers = asyncio.run(ask())
    assert made == ["/page"]
    assert {answer.text for answer in answers} == {"x" * 5000}


def test_a_doubling_each_year_is_found() -> None:
    found = doubling([0, 365.25, 730.5, 1095.75, 1461], [1e24, 2e24, 4e24, 8.1e24, 16e24])
    assert found is not None
    assert found[0] == pytest.approx(12, rel=0.02)
    assert found[1] < found[0] < found[2]
    assert doubling([1, 2], [1.0, 2.0]) is None


def test_a_forecast_continues_what_was() -> None:
    ((mean, low, high),) = forecast([(n, 6 if n in (0, 3, 4, 7) else 4) for n in range(8)], [8])
    assert mean == pytest.approx(5, rel=0.05)
    assert low < mean < high


def test_two_models_whose_escaped_addresses_differ_are_two_pages(site: Any) -> None:
    assert get(site, "/developer/a%2Fb%3Fc%23d%252F").status_code == 200
    assert get(site, "/developer/a/b").status_code == 404


def test_what_depends_on_the_moment_is_not_kept(site: Any) -> None:
    address = "/flopcrawl.json?_shape=arrays&sql=select+random()"
    assert get(site, address).json()["rows"] != get(site, address).json()["rows"]
