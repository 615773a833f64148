"""Reading every kept page again gives what was read the first time, without a request."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.faults.killing import run
from tests.standin import StandIn
from tests.standin.server import arguments_for
from tests.standin.sites import put_arena, put_hub


@pytest.mark.slow
def test_a_rebuild_from_the_archive_changes_nothing(tmp_path: Path) -> None:
    def tables() -> list[Any]:
        with sqlite3.connect(tmp_path / "db") as db:
            claims = db.execute(
                "SELECT claim_id, status, fetched_at, origin, page_sha256 FROM claims ORDER BY 1"
            ).fetchall()
            models = db.execute("SELECT * FROM models ORDER BY model_key").fetchall()
            return [claims, models, db.execute("SELECT count(*) FROM changes").fetchall()]

    with StandIn() as web:
        put_arena(web)
        put_hub(web, 70)
        names = ("DB", "ARCHIVE", "EXPORTS", "OVERRIDES", "BACKUPS")
        arguments = arguments_for(web, **{f"FLOPCRAWL_{name}": tmp_path / name.lower() for name in names})
        assert run(["refresh", "--only", "arena,huggingface", *arguments]).exit_code == 0
        before = tables()
        assert len(before[1]) == 530
        web.clear()
        assert run(["rebuild", "--from-archive", *arguments]).exit_code == 0
        assert tables() == before
        assert web.requests == []
