"""The local form as a web application, for 127.0.0.1 only and safe against other sites' pages.

A request must name this very address (``Host``: no other name that was made to point here), a change must come from a
page of ours (``Origin`` or ``Sec-Fetch-Site``) and carry a secret that only our pages know. There are no scripts.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, PackageLoader, select_autoescape

from flopcrawl.database import open_for_reading
from flopcrawl.overrides import Problem, load
from flopcrawl.overrides.checks import check
from flopcrawl.overrides.files import COLUMNS, WORDS
from flopcrawl.overrides.sheet import Sheet, SheetError
from flopcrawl.reports import handmade
from flopcrawl.vocabulary import Decision, Field

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
STRANGER = "A change must come from this page: open it again."
MAX_BODY = 200_000
"""Bytes of one form."""

TITLES = {
    "corrections.csv": "Correct a value",
    "models.csv": "Add a model",
    "aliases.csv": "Two names are one model",
    "not_same.csv": "Two names are two models",
    "exclude.csv": "Take a model off the list",
    "decisions.csv": "Accept or reject a claim",
}
CHOICES: dict[str, tuple[str, ...]] = {
    "field": tuple(Field),
    "decision": tuple(Decision),
    "confirmed": ("", "yes"),
    **{str(name): words for name, words in WORDS.items() if name is not Field.DOMAIN},
}
"""Columns that are chosen rather than typed."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Desk:
    """What the form works on: the folder of the files, the database (which need not exist), and where it listens."""

    folder: Path
    database: Path
    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def hosts(self) -> frozenset[str]:
        """The names by which a browser may call us."""
        return frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})


def make(desk: Desk) -> web.Application:
    """The application; the caller binds it to 127.0.0.1."""
    pages = Environment(loader=PackageLoader("flopcrawl.desk"), autoescape=select_autoescape(default=True))

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        refused = _refusal(request, desk)
        if not refused and request.method == "POST":
            given = str((await request.post()).get("token", ""))
            refused = "" if secrets.compare_digest(given.encode(), desk.token.encode()) else STRANGER
        response = web.Response(status=403, text=refused) if refused else await handler(request)
        response.headers.update(HEADERS)
        return response

    async def page(file: str, **more: object) -> web.Response:
        """The page of one file."""
        rows, error, digest = {}, "", ""
        try:
            sheet = Sheet(desk.folder / file, COLUMNS[file])
            rows, digest = sheet.rows, sheet.digest
        except SheetError as problem:
            error = str(problem)
        problems = await asyncio.to_thread(_problems, desk, desk.folder)
        shown = {
            "cells": {}, "line": 0, "told": [], "message": "", "error": error, "rows": rows, "digest": digest,
            "problems": [problem for problem in problems if problem.file == file], "others": problems,
        }  # fmt: skip
        html = pages.get_template("form.html").render(
            file=file, titles=TITLES, columns=COLUMNS[file], choices=CHOICES, token=desk.token, **{**shown, **more}
        )
        return web.Response(text=html, content_type="text/html", status=409 if more.get("told") else 200)

    async def show(request: web.Request) -> web.Response:
        """A file's rows and its form; with ``line`` the form holds that row."""
        file = _file(request.query.get("file", "corrections.csv"))
        line = request.query.get("line", "")
        if not line.isdigit():
            return await page(file, message=request.query.get("said", "")[:100])
        cells = Sheet(desk.folder / file, COLUMNS[file]).rows.get(int(line), {})
        return await page(file, line=int(line), cells=cells)

    async def save(request: web.Request) -> web.StreamResponse:
        """Check the row, and write it only where it is good."""
        form = await request.post()
        file = _file(str(form.get("file", "")))
        digest, line = str(form.get("digest", "")), str(form.get("line", "0"))
        cells = {column: str(form.get(column, "")).strip() for column in COLUMNS[file]}
        try:
            sheet = Sheet(desk.folder / file, COLUMNS[file])
            at = sheet.replace(int(line), cells) if line.isdigit() and int(line) else sheet.append(cells)
            told = await asyncio.to_thread(_check_changed, desk, file, sheet.data(), at)
            if told:
                return await page(file, cells=cells, line=int(line) if line.isdigit() else 0, told=told)
            sheet.save(digest)
        except SheetError as error:
            problem = Problem(file, 0, "", str(error), "")
            return await page(file, cells=cells, line=int(line) if line.isdigit() else 0, told=[problem])
        raise web.HTTPSeeOther(f"/?file={file}&said=saved+line+{at}")

    async def remove(request: web.Request) -> web.StreamResponse:
        """Take a row out: its effect is undone at the next refresh or rebuild."""
        form = await request.post()
        file, line = _file(str(form.get("file", ""))), str(form.get("line", ""))
        try:
            sheet = Sheet(desk.folder / file, COLUMNS[file])
            sheet.remove(int(line) if line.isdigit() else 0)
            sheet.save(str(form.get("digest", "")))
        except SheetError as error:
            return await page(file, told=[Problem(file, 0, "", str(error), "")])
        raise web.HTTPSeeOther(f"/?file={file}&said=removed+line+{line}")

    async def preview(request: web.Request) -> web.Response:
        """What the files as they are would change."""
        found = await asyncio.to_thread(handmade.preview, desk.database, desk.folder)
        html = pages.get_template("preview.html").render(preview=found, titles=TITLES, file="")
        return web.Response(text=html, content_type="text/html")

    application = web.Application(middlewares=[guard], client_max_size=MAX_BODY)
    application.add_routes(
        [web.get("/", show), web.post("/save", save), web.post("/remove", remove), web.get("/preview", preview)]
    )
    return application


def _refusal(request: web.Request, desk: Desk) -> str:
    """Why a request is not ours; "" where its address and its origin are right."""
    if request.headers.get("Host", "") not in desk.hosts:
        return "This page answers to 127.0.0.1 only."
    if request.method == "POST":
        origin = request.headers.get("Origin", "")
        if origin.removeprefix("http://") not in desk.hosts or not origin.startswith("http://"):
            return STRANGER
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return STRANGER
    elif request.method not in ("GET", "HEAD"):
        return "There is nothing of this kind here."
    return ""


def _file(name: str) -> str:
    """One of the files that can be edited.

    Raises:
        HTTPNotFound: it is none of them.
    """
    if name not in COLUMNS:
        raise web.HTTPNotFound(text=f"There is no file {name[:40]!r}.")
    return name


def _problems(desk: Desk, folder: Path) -> list[Problem]:
    """Everything that is wrong with the files of a folder."""
    found = load(folder)
    problems = list(found.problems)
    if desk.database.exists():
        with open_for_reading(desk.database) as db:
            problems += check(found, handmade.known(db))
    return problems


def _check_changed(desk: Desk, file: str, data: bytes, line: int) -> list[Problem]:
    """What would be wrong with a row, and with others because of it, if a file held ``data``."""
    before = {(p.file, p.line, p.message) for p in _problems(desk, desk.folder)}
    with tempfile.TemporaryDirectory(prefix="flopcrawl-desk-") as made:
        folder = Path(made)
        for name in COLUMNS:
            if (desk.folder / name).exists():
                shutil.copy(desk.folder / name, folder / name)
        (folder / file).write_bytes(data)
        after = _problems(desk, folder)
    return [p for p in after if (p.file, p.line) == (file, line) or (p.file, p.line, p.message) not in before]
