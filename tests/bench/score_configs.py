"""Scores parameter counts on ``../shared/corpus/configs_truth.csv`` (read in place).

``python tests/bench/score_configs.py [CORPUS_FOLDER]``; exits 1 when a total is off by more than 10 % or an
active count by more than 25 %.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

from flopcrawl.extraction.config import UnknownConfigError, count_parameters

TOTAL_WITHIN, ACTIVE_WITHIN = 0.10, 0.25


def off(value: int, truth: str) -> float:
    """How far ``value`` is from the true number, as a share; 0 where none is known."""
    return abs(value / float(truth) - 1) if truth else 0.0


def main() -> int:
    """Print one line for each configuration."""
    corpus = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/corpus")
    if not (corpus / "configs_truth.csv").exists():
        print(f"nothing to score: {corpus / 'configs_truth.csv'} is missing", file=sys.stderr)
        return 1
    missed = 0
    with (corpus / "configs_truth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                count = count_parameters(json.loads((corpus / row["file"]).read_text(encoding="utf-8")))
            except UnknownConfigError as error:
                print(f"MISS {row['file']}: {error}")
                missed += 1
                continue
            total, active = off(count.total, row["parameters_total"]), off(count.active, row["parameters_active"])
            bad = total > TOTAL_WITHIN or active > ACTIVE_WITHIN
            missed += bad
            print(
                f"{'MISS' if bad else 'ok':4} {Path(row['file']).stem:52} total {count.total:>16,} ({total:.1%})"
                f"  active {count.active:>15,} ({active:.1%})  {count.architecture}"
            )
    print(f"{missed} missed")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
