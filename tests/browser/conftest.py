"""A real Chromium over the real site, for the tests of this folder; they are skipped where there is none."""

import asyncio
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flopcrawl.site import app
from tests.site.make_db import make_database

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site over a made-up database, served on a free port of this machine."""
    path = make_database(tmp_path_factory.mktemp("browser") / "flopcrawl.db")
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = app.server(app.build(path, ROOT / "datasette-metadata.json"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, as the system has it; closed with its module, since its event loop would block those of other tests."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
