"""The sources' own sites on the stand-in web, small and made up: a leaderboard and a model hub."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pyarrow
import pyarrow.parquet

from tests.standin.server import Answer, Request

if TYPE_CHECKING:
    from tests.standin.server import StandIn

HUB = "https://huggingface.co"
BOARDS = ("text", "text_style_control")
ARENA = {
    board: f"{HUB}/datasets/lmarena-ai/leaderboard-dataset/resolve/main/{board}/latest-00000-of-00001.parquet"
    for board in BOARDS
}
SERVER = "https://datasets-server.huggingface.co/filter"
LISTING = f"{HUB}/api/models"
LABS = ("Qwen", "deepseek-ai", "mistralai")


def arena_rows(number: int = 320, published: str = "2026-01-05", first: float = 1500.0) -> list[dict[str, Any]]:
    """Rows of a board: made-up models of a made-up lab, each one point below the one before."""
    return [
        {
            "model_name": f"standin-{n:03}", "organization": "Stand-in Lab", "license": "Proprietary",
            "rating": first - n, "rating_lower": first - n - 5, "rating_upper": first - n + 5, "variance": 6.5,
            "vote_count": 5000.0 + n, "rank": float(n + 1), "category": "overall",
            "leaderboard_publish_date": published,
        }
        for n in range(number)
    ]  # fmt: skip


def parquet(rows: list[dict[str, Any]]) -> Answer:
    """Rows as the data set's file."""
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), file)
    return Answer(body=file.getvalue(), content_type="application/octet-stream")


def put_arena(web: StandIn, rows: list[dict[str, Any]] | None = None) -> None:
    """The leaderboard: its files, and the server that is their fallback."""
    rows = arena_rows() if rows is None else rows
    for board in BOARDS:
        web.put(ARENA[board], parquet(rows))
    web.offsets(SERVER, rows)


def repository(lab: str, number: int) -> dict[str, Any]:
    """A row of the hub's listing: a model of 70 billion parameters and more."""
    return {
        "id": f"{lab}/{lab.title()}-Standin-{number}-70B", "author": lab,
        "createdAt": f"2025-0{number % 9 + 1}-11T08:00:00.000Z",
        "lastModified": "2025-12-01T08:00:00.000Z", "downloads": 50_000 + number, "gated": False,
        "library_name": "transformers", "pipeline_tag": "text-generation", "tags": ["license:apache-2.0"],
        "safetensors": {"parameters": {"BF16": 70_000_000_000 + number}},
    }  # fmt: skip


def put_hub(web: StandIn, each: int = 100, size: int = 50) -> None:
    """The hub: listings of three labs in pages of ``size`` with their cards, and nothing of all others."""
    rows = {lab: [repository(lab, n) for n in range(each)] for lab in LABS}

    def listing(request: Request) -> Answer:
        author, page = request.query.get("author", ""), int(request.query.get("cursor", 0))
        found = rows.get(author, []) if author else rows["Qwen"]
        part = found[page * size : (page + 1) * size]
        rest = urlencode({**request.query, "limit": size, "cursor": page + 1})
        more = f'<{LISTING}?{rest}>; rel="next"'
        return Answer.json(part, headers={"Link": more} if found[(page + 1) * size :] else {})

    web.route(LISTING, listing)
    for lab in LABS:
        for row in rows[lab][:10]:
            name = row["id"].split("/")[1]
            web.put(
                f"{HUB}/{row['id']}/resolve/main/README.md",
                Answer.text(
                    f"# {name}\n\n{name} was pretrained on 15T tokens and has 70B parameters.\n", "text/markdown"
                ),
            )
