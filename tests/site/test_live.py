"""What ``make run`` does: the sample where there is nothing, the real database once it has models, and a line of it."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flopcrawl import database
from flopcrawl.site import app
from flopcrawl.site.app import Live, has_models
from flopcrawl.site.data import served_path
from tests.site.make_db import make_database

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def live(tmp_path: Path) -> Live:
    """A site with a sample (2 models) and no real database."""
    live = Live(tmp_path / "real" / "flopcrawl.db", tmp_path, tmp_path / "no-pages", ROOT / "datasette-metadata.json")
    live.real.parent.mkdir()
    live.sample.parent.mkdir()
    make_database(live.sample, ordinary=2)
    return live


def real_database(path: Path, name: str) -> None:
    """A database of one developer, as a refresh would leave it."""
    make_database(path, ordinary=1)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE models SET organization = ?", [name])
        db.execute("UPDATE information SET value = 'scrape' WHERE key = 'origin'")


def refresh_that(monkeypatch: pytest.MonkeyPatch, does: Callable[[], None]) -> None:
    """Put a function in the place of the refresh and its process."""

    def instead(arguments: list[str], environment: dict[str, str]) -> int:
        assert arguments == []
        assert environment
        does()
        return 0

    monkeypatch.setattr(app, "run_refresh", instead)


def page(site: Any, path: str = "/developers") -> str:
    return str(asyncio.run(site.client.get(path)).text)


def refreshed(live: Live, site: Any) -> None:
    thread = live.refresh_behind(site)
    thread.join(120)
    assert not thread.is_alive()


def test_the_site_changes_over_when_the_refresh_has_models(
    live: Live, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site = live.application()
    before = [page(site) for _ in range(6)]  # every reading thread has its connection to the sample
    assert all("Sample data" in text for text in before)
    refresh_that(monkeypatch, lambda: real_database(live.real, "Really Scraped Lab"))
    refreshed(live, site)
    after = [page(site, f"/developers?n={n}") for n in range(6)]
    assert all("Really Scraped Lab" in text and "Sample data" not in text for text in after)
    assert served_path(site) == live.real
    assert capsys.readouterr().err.count("\n") == 1


def empty(path: Path) -> None:
    with database.writer_lock(path):
        database.open_for_writing(path).close()


def only_names(path: Path) -> None:
    real_database(path, "Names Only")
    with sqlite3.connect(path) as db:
        db.execute("UPDATE models SET listed = 0, training_flop = NULL")


def no_database(path: Path) -> None:
    path.write_bytes(b"not a database")


@pytest.mark.parametrize("left", [empty, only_names, no_database, lambda path: None])
def test_without_models_the_site_stays_with_the_sample_and_says_so(
    live: Live, left: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site = live.application()
    refresh_that(monkeypatch, lambda: left(live.real))
    refreshed(live, site)
    assert not has_models(live.real)
    assert "Sample data" in page(site)
    assert served_path(site) == live.sample
    assert capsys.readouterr().err == "the sources could not be read: the site keeps showing sample data\n"


def test_a_real_database_is_shown_at_once_and_kept_when_the_refresh_fails(
    live: Live, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real_database(live.real, "Here Already")
    site = live.application()
    assert "Here Already" in page(site)
    refresh_that(monkeypatch, lambda: None)
    refreshed(live, site)
    assert "Here Already" in page(site)
    assert "sample" not in capsys.readouterr().err


def test_the_sample_is_made_where_there_is_none(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    live.sample.unlink()

    def instead(arguments: list[str], environment: dict[str, str]) -> int:
        assert arguments == ["--replay", str(live.sample_pages)]
        assert environment["FLOPCRAWL_DB"] == str(live.sample)
        make_database(live.sample, ordinary=1)
        return 0

    monkeypatch.setattr(app, "run_refresh", instead)
    assert "Sample data" in page(live.application())


def test_pages_are_ready_before_they_are_asked_for_and_again_when_the_data_change(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = app.build(live.sample, ROOT / "datasette-metadata.json")
    asked: list[str] = []
    states = iter(["one", "one", "two", "two", "two"])  # the state changes, then stands still

    async def served(scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def no_wait(seconds: float) -> None:
        assert seconds == app.LOOK_SECONDS

    monkeypatch.setattr(app, "stamp", lambda _: next(states))
    monkeypatch.setattr(app.asyncio, "sleep", no_wait)
    with pytest.raises(RuntimeError, match="StopIteration"):
        asyncio.run(app.keep_ready(site, served))
    assert asked.count("/trends") == 2
