"""The main job from a shell: refresh from a replay folder, rebuild, crawl one source; exit codes and what is said."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.building import dump, rows

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "sample"


def scrapy(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command with its own database and exports in ``folder``."""
    environment = {
        **os.environ,
        "FLOPCRAWL_DB": str(folder / "flopcrawl.db"),
        "FLOPCRAWL_EXPORTS": str(folder),
        "FLOPCRAWL_OVERRIDES": str(folder / "overrides"),
        "COLUMNS": "200",
    }
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("refreshed")
    return folder, scrapy(folder, "refresh", "--replay", str(SAMPLE))


Refreshed = tuple[Path, subprocess.CompletedProcess[str]]


def test_a_refresh_ends_with_a_table_and_the_number_of_models(refreshed: Refreshed) -> None:
    _, done = refreshed
    assert done.returncode == 0, done.stderr
    for word in (
        "source",
        "state",
        "pages",
        "items",
        "rejected",
        "seconds",
        "arena",
        "huggingface",
        "models (",
        "over",
    ):
        assert word in done.stdout


def test_it_is_quiet_where_nobody_asks_for_a_log(refreshed: Refreshed) -> None:
    assert "INFO" not in refreshed[1].stderr
    assert "Deprecat" not in refreshed[1].stderr


def test_the_sample_has_models_over_the_line_with_evidence(refreshed: Refreshed) -> None:
    path = refreshed[0] / "flopcrawl.db"
    listed = rows(path, "SELECT * FROM models_over_1e25")
    assert {"Llama 3.1-405B", "Nemotron-4 340B"} <= {row["name"] for row in listed}
    assert {row["origin"] for row in rows(path, "SELECT DISTINCT origin FROM claims")} == {"sample"}
    assert rows(path, "SELECT 1 FROM claims WHERE used = 1 AND quote IS NOT NULL LIMIT 1")


def test_the_exports_are_there(refreshed: Refreshed) -> None:
    assert (refreshed[0] / "models_over_1e25.csv").read_text().startswith("model_key,name,")


def test_every_spider_has_its_row_in_the_log_of_runs(refreshed: Refreshed) -> None:
    runs = {row["spider"]: row for row in rows(refreshed[0] / "flopcrawl.db", "SELECT * FROM runs")}
    assert runs["arena"]["source_state"] == "replay"
    assert runs["arena"]["finished_at"] >= runs["arena"]["started_at"]
    assert runs["epoch"]["source_state"] == "absent"


def test_a_second_refresh_and_a_rebuild_change_nothing(refreshed: Refreshed) -> None:
    path = refreshed[0] / "flopcrawl.db"
    before = rows(path, "SELECT * FROM models ORDER BY model_key")
    again = scrapy(refreshed[0], "refresh", "--replay", str(SAMPLE))
    assert again.returncode == 0
    rebuilt = scrapy(refreshed[0], "rebuild")
    assert rebuilt.returncode == 0
    assert " 0 changes" in again.stdout
    assert " 0 changes" in rebuilt.stdout
    assert rows(path, "SELECT * FROM models ORDER BY model_key") == before


def test_one_source_alone_derives_what_it_touched(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "crawl", "huggingface", "-s", f"FLOPCRAWL_REPLAY={SAMPLE}")
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "flopcrawl.db", "SELECT 1 FROM models WHERE estimation_method IS NOT NULL LIMIT 1")


def test_sources_one_after_the_other_make_the_same_models(refreshed: Refreshed, tmp_path: Path) -> None:
    names = [row["spider"] for row in rows(refreshed[0] / "flopcrawl.db", "SELECT spider FROM runs WHERE items > 0")]
    for name in sorted(set(names), reverse=True):
        assert scrapy(tmp_path, "crawl", name, "-s", f"FLOPCRAWL_REPLAY={SAMPLE}").returncode == 0
    columns = "model_key, name, organization, training_flop, classification, listed, reason, n_sources"
    query = f"SELECT {columns} FROM models ORDER BY model_key"
    assert rows(tmp_path / "flopcrawl.db", query) == rows(refreshed[0] / "flopcrawl.db", query)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["refresh", "--only", "nosuch", "--replay", str(SAMPLE)], "no source is called nosuch"),
        (["refresh", "--replay", "/nonexistent"], "index.csv"),
        (["refresh", "arena"], "--only arena"),
        (["rebuild"], "there is no database"),
        (["rebuild", "--from-archive"], "there is no archive"),
        (["query"], "there is no database"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = scrapy(tmp_path, *arguments)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_a_page_of_a_source_leaves_it_absent(tmp_path: Path) -> None:
    folder = tmp_path / "replay"
    folder.mkdir()
    (folder / "index.csv").write_text("url,status,content_type,fetched_at,file\n")
    done = scrapy(tmp_path, "refresh", "--replay", str(folder))
    assert done.returncode == 0
    assert "absent" in done.stdout


def test_a_corrupt_database_is_an_error_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "flopcrawl.db"
    path.write_bytes(b"this is no database" * 100)
    done = scrapy(tmp_path, "rebuild")
    assert done.returncode != 0
    assert path.read_bytes() == b"this is no database" * 100


def test_the_commands_are_listed(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "-h")
    for name in (
        "refresh",
        "rebuild",
        "query",
        "site",
        "extract",
        "identify",
        "calibrate",
        "validate",
        "checkoverrides",
    ):
        assert f"  {name} " in done.stdout
    assert done.stderr == ""


def test_the_database_is_whole_after_it_all(refreshed: Refreshed) -> None:
    with sqlite3.connect(refreshed[0] / "flopcrawl.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert dump(refreshed[0] / "flopcrawl.db")
