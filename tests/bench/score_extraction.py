"""Precision and recall of the reader on real pages with hand-made truth, in ``../shared/corpus``, scored in place.

A sixth of the files (by a hash of the name) is held out: it is scored apart, and its misses and false finds are printed
only with ``--held-out``, so that nobody tunes a rule on them. Another sixth was held out until the rules of reader
version 2 were written: it was opened for them and counts as development since, so figures of development and of the
held-out part from before and after are not of the same pages. Exits 1 below the floors in extraction_floors.csv.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from flopcrawl.extraction import UnreadableError, read

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FLOORS = Path(__file__).parent / "extraction_floors.csv"
FOLDERS = ("cards", "blogs", "papers")
ROW = re.compile(r"^(all|(?:field|kind) \w+)\s+([\d.]+|nan)\s+(\d+)\s+([\d.]+|nan)\s+(\d+)$", re.MULTILINE)


def part_of(file: str) -> str:
    """``held-out`` for a sixth of the files, ``development`` for the others."""
    digest = hashlib.sha1(file.encode(), usedforsecurity=False).hexdigest()
    return "held-out" if int(digest, 16) % 6 == 0 else "development"


def read_corpus() -> dict[str, list[dict[str, object]]]:
    """The facts of every page, by part."""
    facts: dict[str, list[dict[str, object]]] = {"development": [], "held-out": []}
    started, size = time.perf_counter(), 0
    for path in sorted(path for folder in FOLDERS for path in (CORPUS / folder).iterdir()):
        file = path.relative_to(CORPUS).as_posix()
        data = path.read_bytes()
        size += len(data)
        try:
            reading = read(data, name=path.name)
        except UnreadableError as error:
            print(f"{file}: {error}")
            continue
        facts[part_of(file)] += [fact.as_dict(file) for fact in reading.facts]
    seconds = time.perf_counter() - started
    print(f"{size / 1e6:.1f} MB in {seconds:.1f} s: {size / 1e6 / seconds:.2f} MB/s, cleaning included\n")
    return facts


def split(name: str, part: str, folder: Path) -> Path:
    """The rows of a truth table that belong to a part, as a file of their own."""
    with (CORPUS / name).open(encoding="utf-8", newline="") as source:
        rows = [row for row in csv.DictReader(source) if part_of(row["file"]) == part]
    target = folder / f"{part}-{name}"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target


def score(part: str, facts: list[dict[str, object]], folder: Path, show: int) -> str:
    """What the corpus's own scorer prints of a part."""
    answers = folder / f"{part}.json"
    answers.write_text(json.dumps(facts), encoding="utf-8")
    tables = ["--truth", split("truth.csv", part, folder), "--traps", split("traps.csv", part, folder)]
    command = [sys.executable, CORPUS / "score.py", answers, *tables, "--show", str(show)]
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False).stdout


def below_floors(part: str, report: str) -> list[str]:
    """What a report falls short of."""
    with FLOORS.open(encoding="utf-8", newline="") as file:
        floors = {row["key"]: row for row in csv.DictReader(file) if row["part"] == part}
    short: list[str] = []
    seen: set[str] = set()
    for key, recall, _, precision, _ in ROW.findall(report):
        seen.add(key)
        for measure, value in (("recall", recall), ("precision", precision)):
            floor = floors.get(key, {}).get(measure, "")
            if floor and value != "nan" and float(value) < float(floor):
                short.append(f"{part}: {key}: {measure} {value} is below {floor}")
    return short + [f"{part}: {key}: not scored" for key in floors.keys() - seen]


def main() -> int:
    """Score both parts; 1 where a floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--held-out", action="store_true", help="print the held-out part's misses and false finds too")
    parser.add_argument("--show", type=int, default=60, help="how many misses and false finds to print")
    options = parser.parse_args()
    if not CORPUS.is_dir():
        print(f"There is no corpus at {CORPUS}: nothing to score.")
        return 0
    short: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for part, facts in read_corpus().items():
            show = options.show if part == "development" or options.held_out else 0
            report = score(part, facts, Path(folder), show)
            print(f"== {part}\n{report}")
            short += below_floors(part, report)
    print("\n".join(short) or "All floors are held.")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
