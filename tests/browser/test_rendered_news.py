"""News on pages that a script fills, with a real Chromium on a local web; and what is said where there is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flopcrawl.base_spiders import browser
from flopcrawl.base_spiders.browser import chromium, settings_of
from flopcrawl.vocabulary import SourceState
from tests.spiders.reading import make

LISTING = """<!doctype html><html><head><title>News</title></head><body><div id="root"></div><script>
setTimeout(() => { document.getElementById("root").innerHTML =
  '<a href="/blog/aria-1">Aria-1</a><a href="/blog/aria-2">Aria-2</a><a href="/blog/aria-3">Aria-3</a>'; }, 300);
</script></body></html>"""
ARTICLE = """<!doctype html><html><head><title>Introducing NAME</title></head><body><div id="root"></div><script>
setTimeout(() => { document.getElementById("root").innerHTML = '<h1>Introducing NAME</h1><p>' +
  'Today we release NAME, our new language model. NAME has 70B parameters and was trained on 15T tokens. ' +
  'It is for all who write, read and reckon. '.repeat(6) + '</p>'; }, 300);
</script></body></html>"""
SCRIPT = """
import json, sys
from scrapy.crawler import CrawlerProcess
from scrapy.utils.project import get_project_settings
from flopcrawl.base_spiders.listings import Links
from flopcrawl.base_spiders.news import RenderedNewsSpider
from flopcrawl.items import ModelItem

site = sys.argv[1]
seen = []

class Lab(RenderedNewsSpider):
    name = "lab"
    organization = "Example Lab"
    listings = (Links(site + "/blog", css="a[href]"),)
    article = r"/blog/[^/]+$"
    custom_settings = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False}

class Keep:
    def process_item(self, item):
        if isinstance(item, ModelItem):
            seen.append([item.name, {str(f.field): f.value for f in item.facts}.get("tokens_trained")])
        return item

settings = get_project_settings()
for name, value in {"ITEM_PIPELINES": {Keep: 1}, "EXTENSIONS": {}, "LOG_LEVEL": "ERROR"}.items():
    settings.set(name, value, "cmdline")
process = CrawlerProcess(settings)
crawler = process.create_crawler(Lab)
process.crawl(crawler)
process.start()
print(json.dumps([sorted(seen), crawler.spider.verdict()[0]]))
"""


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[-1]
        page = LISTING if name == "blog" else ARTICLE.replace("NAME", name.capitalize()) if "aria" in name else ""
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
def test_a_browser_renders_listing_and_articles(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT, f"http://127.0.0.1:{server.server_address[1]}"],
            capture_output=True, text=True, timeout=120, check=False,
            env={**os.environ, "FLOPCRAWL_ARCHIVE": f"{tmp_path}/archive.db", "FLOPCRAWL_DB": f"{tmp_path}/x.db"},
        )  # fmt: skip
    finally:
        server.shutdown()
    assert run.returncode == 0, run.stderr
    seen, state = json.loads(run.stdout.splitlines()[-1])
    assert seen == [["Aria-1", 15e12], ["Aria-2", 15e12], ["Aria-3", 15e12]]
    assert state == SourceState.LIVE


def test_without_a_browser_the_source_says_so_and_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    assert settings_of() == {}
    spider = make("xai")

    async def collect() -> list[Any]:
        return [each async for each in spider.start()]

    assert asyncio.run(collect()) == []
    state, problem = spider.verdict()
    assert state is SourceState.FAILED
    assert "apt install chromium" in problem


def test_a_rendered_request_waits_for_what_the_script_brings() -> None:
    [request] = list(make("xai").listing())
    assert request.meta["playwright"]
    [wait] = request.meta["playwright_page_methods"]
    assert (wait.method, wait.args[0]) == ("wait_for_selector", "a[href]")
