"""The numbers of the README: three databases made anew, each compared with two references; the block is rewritten.

One database from the sample with the hand-made rows, and two from the saved real pages beside the project
(``../shared``), without and with them. ``--check`` rewrites nothing and exits 1 where the README says something else.

    python tests/bench/write_validation.py [--check]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from flopcrawl.clock import now
from flopcrawl.reports import validating
from flopcrawl.reports.validation import Validation
from tests.bench.corpus_replay import SHARED, build

README = ROOT / "README.md"
BEGIN, END = "<!-- numbers: make validation writes them -->", "<!-- end of numbers -->"
REFERENCES = SHARED / "facts" / "epoch"
LIST, TABLE = REFERENCES / "models_over_1e25_2025-08.csv", REFERENCES / "large_scale_ai_models.csv"

COLUMNS = (
    ("the sample, with the hand-made rows", "sample", True),
    ("saved real pages, nothing by hand", "pages", False),
    ("saved real pages, with the hand-made rows", "pages", True),
)
"""What a column is called, what it is made from, and whether with the hand-made rows."""

MEASURES = (
    (LIST, "on Epoch's list over 1e25: we have", "coverage: present", "all", 1e25),
    (LIST, "… over or uncertain with us", "coverage: over or uncertain", "all", 1e25),
    (LIST, "… on our list (even chance or more)", "coverage: detected with overrides", "all", 1e25),
    (LIST, "… so by programs alone", "coverage: detected automatically", "all", 1e25),
    (LIST, "false negatives, border of ±12 % apart", "false negatives", "all", 1e25),
    (TABLE, "false positives in Epoch's table, border apart", "false positives", "all", 1e25),
    (TABLE, "automatic value within 2×: all", "within 2×", "all", 0.0),
    (TABLE, "… where the developer disclosed facts", "within 2×", "disclosed facts", 0.0),
    (TABLE, "… where Epoch is Confident or Likely", "within 2×", "reference Confident or Likely", 0.0),
    (TABLE, "90 % intervals that hold Epoch's value", "90 % intervals cover", "all", 0.0),
    (TABLE, "in Epoch's table over 1e23: we have", "coverage: present", "all", 1e23),
)
"""Reference, what a line is called, and the measure, cell and threshold (FLOP) that it shows."""


def refreshed(folder: Path, replay: Path, by_hand: bool) -> Path:
    """A database in ``folder`` made from a replay folder; raises CalledProcessError where the refresh fails."""
    folder.mkdir(parents=True)
    (folder / "none").mkdir()
    environment = {
        **os.environ, "FLOPCRAWL_DB": str(folder / "flopcrawl.db"), "FLOPCRAWL_EXPORTS": str(folder / "exports"),
        "FLOPCRAWL_ARCHIVE": str(folder / "archive.db"), "FLOPCRAWL_OVERRIDES": str(overrides(folder, by_hand)),
    }  # fmt: skip
    command = [sys.executable, "-m", "scrapy", "refresh", "--replay", str(replay)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return folder / "flopcrawl.db"


def overrides(folder: Path, by_hand: bool) -> Path:
    """The hand-made rows, or an empty folder."""
    return ROOT / "overrides" if by_hand else folder / "none"


def column(folder: Path, replay: Path, by_hand: bool) -> list[str]:
    """What each measure is for a database made from a replay folder."""
    path = refreshed(folder, replay, by_hand)
    results: dict[Path, Validation] = {
        reference: validating.run(
            path, overrides(folder, by_hand), folder / "exports", now(), reference_csv=reference, keep=False
        ).result
        for reference in (LIST, TABLE)
    }
    return [results[reference].find(name, cell, threshold).text for reference, _, name, cell, threshold in MEASURES]


def block(columns: dict[str, list[str]]) -> str:
    """The table of the README."""
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    lines += [
        f"| {called} | {' | '.join(cells[number] for cells in columns.values())} |"
        for number, (_, called, *_) in enumerate(MEASURES)
    ]
    return "\n".join([BEGIN, "", *lines, "", END])


def written(readme: str) -> dict[str, list[str]]:
    """The columns that a README shows now, as :func:`block` takes them; {} where it has no table."""
    inside = readme.partition(BEGIN)[2].partition(END)[0]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in inside.splitlines() if "|" in line]
    return {} if not table else {name: [row[at] for row in table[2:]] for at, name in enumerate(table[0]) if at}


def main() -> int:
    """Make the databases, compare, and write or check the block."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 where the README says otherwise")
    options = parser.parse_args()
    if not (LIST.exists() and TABLE.exists()):
        print(f"There is no reference at {REFERENCES}: nothing to compare with.")
        return 0
    readme = README.read_text(encoding="utf-8")
    columns: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        pages = Path(temporary) / "pages"
        print(f"{build(pages)} saved pages", flush=True)
        replays = {"sample": ROOT / "sample", "pages": pages}
        for number, (called, source, by_hand) in enumerate(COLUMNS):
            columns[called] = column(Path(temporary) / str(number), replays[source], by_hand)
            print(f"{called}: {'; '.join(columns[called])}", flush=True)
    if options.check:
        return int(written(readme) != columns)
    before, _, rest = readme.partition(BEGIN)
    README.write_text(before + block(columns) + rest.partition(END)[2], encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
