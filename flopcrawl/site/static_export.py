"""The site as files: every page that has an address of its own, written to a folder that any web server can serve.

Choices and queries need a server, so their forms stay, and lead to the page without them; a table of the database is
one CSV file. Pages are asked of the application itself, as a visitor would; links are made relative, so that the folder
can lie anywhere.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from flopcrawl.reports.exports import write_whole
from flopcrawl.site.data import DATABASE, rows_of
from flopcrawl.site.wording import path

LINK = re.compile(r'(?P<before>(?:href|src|action)=")(?P<address>/[^"]*)(?P<after>")')
START = (
    "/", "/as-of.csv", "/datapackage.json", "/models.csv", "/models.json", "/models.svg", "/models.png", "/robots.txt",
)  # fmt: skip
TABLES = f"/{DATABASE}"
DYNAMIC = "/-/"
"""What needs a server."""

LONGEST_NAME = 150
"""Bytes of a file's name; a longer one is left out, and counted."""


def file_of(address: str) -> str | None:
    """The file that an address is written to; None where it has none of its own."""
    parts = urlsplit(unescape(address))
    path = unquote(parts.path)
    if path == TABLES:
        return "queries/index.html"  # where tables and questions are named
    if path.startswith(f"{TABLES}/"):
        return f"tables/{posixpath.splitext(posixpath.basename(path))[0]}.csv"
    if path.startswith(DYNAMIC) or (parts.query and not path.startswith("/assets/")):
        return None
    pieces = [piece for piece in path.split("/") if piece]
    if any(piece in (".", "..") or len(piece.encode()) > LONGEST_NAME or "\x00" in piece for piece in pieces):
        return None
    if pieces and pieces[0] in ("model", "developer"):
        return posixpath.join(pieces[0], "-".join(pieces[1:]), "index.html")  # a name may have slashes, or end in .csv
    name = "/".join(pieces)
    return name if posixpath.splitext(name)[1] else posixpath.join(name, "index.html")


def asked(address: str) -> str:
    """What to ask the application for, to get the file of an address."""
    if not address.startswith(f"{TABLES}/"):
        return address
    name = posixpath.splitext(posixpath.basename(urlsplit(address).path))[0]
    return f"{TABLES}/{name}.csv?_stream=on"


def relative(text: str, file: str) -> str:
    """A page with the links that it can keep made relative to its own file."""

    def replace(match: re.Match[str]) -> str:
        address = match["address"]
        target = file_of(urlsplit(unescape(address)).path)
        if target is None:
            return match[0]
        fragment = urlsplit(address).fragment
        link = quote(posixpath.relpath(target, posixpath.dirname(file) or "."))  # a name may hold a quotation mark
        return f"{match['before']}{link}{f'#{fragment}' if fragment else ''}{match['after']}"

    return LINK.sub(replace, text)


def links(text: str) -> Iterator[str]:
    """The addresses of this site that a page leads to and that have a file."""
    for match in LINK.finditer(text):
        address = unescape(match["address"]).partition("#")[0]
        if address.startswith(f"{TABLES}/"):
            yield asked(address)
        elif file_of(address) is not None and not address.startswith(TABLES):
            yield address


async def export(application: Any, folder: Path) -> tuple[int, list[str]]:
    """Write the site to ``folder``; how many files, and the addresses that could not be written."""
    models = await rows_of(application, "SELECT model_key FROM models ORDER BY model_key")
    addresses = (f"/model/{path(row['model_key'])}" for row in models)
    waiting = [*(address for address in addresses if file_of(address)), *START]
    seen, failed, written = set(waiting), [], 0
    while waiting:
        address = waiting.pop()
        file = file_of(address)
        answer = await application.client.get(address)
        if answer.status_code != 200 or file is None:
            failed.append(address)
            continue
        if "html" in answer.headers["content-type"]:
            found = [link for link in links(answer.text) if link not in seen]
            seen.update(found)
            waiting += dict.fromkeys(found)
            write_whole(folder / file, relative(answer.text, file))
        else:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(answer.content)
        written += 1
    return written, failed
