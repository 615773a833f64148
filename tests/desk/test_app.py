"""The local form: the same checks, one row at a time, and nothing for other sites' pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from flopcrawl.desk.app import Desk, make
from flopcrawl.overrides import load

GOOD = {
    "file": "exclude.csv", "line": "0", "model": "Some Merge", "reason": "a merge <b>", "source_url": "https://example.org/a",
    "editor": "kim", "date": "2025-01-02",
}  # fmt: skip


class Visitor:
    """A browser with the form open."""

    def __init__(self, client: TestClient, port: int) -> None:
        self.client = client
        self.headers = {"Host": f"127.0.0.1:{port}", "Origin": f"http://127.0.0.1:{port}"}

    async def form(self, file: str = "exclude.csv") -> dict[str, str]:
        answer = await self.client.get("/", params={"file": file}, headers={"Host": self.headers["Host"]})
        self.page = await answer.text()
        assert answer.status == 200, self.page
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        hidden = re.findall(r'name="(token|digest)" value="([^"]*)"', self.page)
        return dict(hidden)

    async def post(self, path: str, data: dict[str, str], **headers: str) -> tuple[int, str]:
        answer = await self.client.post(path, data=data, headers={**self.headers, **headers}, allow_redirects=False)
        return answer.status, await answer.text()


def visit(tmp_path: Path, act: Callable[[Visitor], Awaitable[Any]]) -> None:
    async def run() -> None:
        desk = Desk(tmp_path, tmp_path / "none.db", 0)
        server = TestServer(make(desk), host="127.0.0.1")
        async with TestClient(server) as client:
            assert server.port is not None
            desk.port = server.port
            await act(Visitor(client, server.port))

    asyncio.run(run())


def test_a_good_row_is_saved_edited_and_removed(tmp_path: Path) -> None:
    async def act(visitor: Visitor) -> None:
        assert (await visitor.post("/save", {**GOOD, **await visitor.form()}))[0] == 303
        assert [row.model for row in load(tmp_path).exclude] == ["Some Merge"]
        hidden = await visitor.form()
        assert "a merge &lt;b&gt;" in visitor.page
        assert (await visitor.post("/save", {**GOOD, **hidden, "line": "2", "model": "Other"}))[0] == 303
        assert [row.model for row in load(tmp_path).exclude] == ["Other"]
        hidden = await visitor.form()
        assert (await visitor.post("/remove", {**hidden, "file": "exclude.csv", "line": "2"}))[0] == 303
        assert load(tmp_path).exclude == []

    visit(tmp_path, act)


def test_a_bad_row_is_told_and_not_saved(tmp_path: Path) -> None:
    async def act(visitor: Visitor) -> None:
        status, page = await visitor.post("/save", {**GOOD, **await visitor.form(), "reason": "", "date": "7/9/2025"})
        assert status == 409
        assert "the reason is missing" in page
        assert "2025-07-09 or 2025-09-07" in page
        assert 'value="Some Merge"' in page, "what was typed is not lost"
        assert not (tmp_path / "exclude.csv").exists()

    visit(tmp_path, act)


def test_two_people_do_not_overwrite_each_other(tmp_path: Path) -> None:
    async def act(visitor: Visitor) -> None:
        first, second = await visitor.form(), await visitor.form()
        assert (await visitor.post("/save", {**GOOD, **first}))[0] == 303
        status, page = await visitor.post("/save", {**GOOD, **second, "model": "Late"})
        assert (status, "changed meanwhile" in page) == (409, True)

    visit(tmp_path, act)


def test_other_pages_cannot_change_anything(tmp_path: Path) -> None:
    async def act(visitor: Visitor) -> None:
        data = {**GOOD, **await visitor.form()}
        assert (await visitor.post("/save", {**data, "token": "guess"}))[0] == 403
        assert (await visitor.post("/save", data, Origin="https://evil.example"))[0] == 403
        assert (await visitor.post("/save", data, Origin="null"))[0] == 403
        assert (await visitor.post("/save", data, Host="evil.example"))[0] == 403
        assert (await visitor.post("/save", data, **{"Sec-Fetch-Site": "cross-site"}))[0] == 403
        answer = await visitor.client.get("/", headers={"Host": "rebound.example"})
        assert (answer.status, "token" in await answer.text()) == (403, False)
        assert (await visitor.post("/save", {**data, "file": "../../etc/passwd"}))[0] == 404
        assert not (tmp_path / "exclude.csv").exists()

    visit(tmp_path, act)
