"""Score the estimators on rows whose training compute is known: ``make bench-estimation``, or with another CSV.

    python -m tests.bench.score_estimation [CSV] [--plot SVG] [--calibration DATABASE]

The CSV has one model a row: model, organization, release_date, the fields of a run as plain numbers, training_flop,
and 1 in scored_operations and scored_hardware where the row counts for a method. ``training_flop`` is compared with
the results and goes nowhere else. Exits 1 where a method is below its aim, 2 where the CSV is missing.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import altair as alt
import pandas as pd

from flopcrawl import database
from flopcrawl.estimation import words
from flopcrawl.estimation.active import OPERATIONS, active_parameters
from flopcrawl.estimation.calibration import Calibration
from flopcrawl.estimation.combine import DISCLOSED, assess, run_all
from flopcrawl.estimation.distribution import interval
from flopcrawl.estimation.thresholds import LISTED_FROM, MAIN
from flopcrawl.estimation.types import Estimate, Input, ModelFacts
from flopcrawl.items import check_value
from flopcrawl.reports.statistics import BORDER, Share, in_border
from flopcrawl.vocabulary import Field, Method

ROWS = Path(__file__).parents[3] / "shared" / "facts" / "epoch" / "estimation_rows.csv"
WITHIN = 2.0
AIMS = {Method.OPERATIONS: 0.90, Method.HARDWARE: 0.92, Method.OPERATIONS_HARDWARE: 0.95}
LEVELS = [*(round(tenth / 10, 1) for tenth in range(1, 10)), 0.95]
INPUTS = (
    Field.PARAMETERS_TOTAL, Field.PARAMETERS_ACTIVE, Field.TOKENS_TRAINED, Field.DATASET_TOKENS, Field.EPOCHS,
    Field.GPU_TYPE, Field.GPU_COUNT, Field.GPU_HOURS, Field.TRAINING_DAYS, Field.MFU, Field.NUMBER_FORMAT,
    Field.ARCHITECTURE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One model: its facts, the value to compare with (FLOP), and the methods that the row counts for."""

    facts: ModelFacts
    value: float
    scored: frozenset[Method]


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV. Raises ValueError for a cell that cannot be what its column says."""
    with path.open(newline="", encoding="utf-8") as file:
        return [_row(cells) for cells in csv.DictReader(file)]


def _row(cells: dict[str, str]) -> Row:
    inputs = {}
    for field in INPUTS:
        if cells.get(field, "").strip():
            text, number = check_value(field, cells[field])
            inputs[field] = Input(text if number is None else number, f"column {field}")
    scored = {method for method in (Method.OPERATIONS, Method.HARDWARE) if cells.get(f"scored_{method}") == "1"}
    if len(scored) == 2:
        scored.add(Method.OPERATIONS_HARDWARE)
    facts = ModelFacts(
        cells["model"], cells["model"], cells.get("organization", ""), cells.get("release_date", ""),
        cells.get("domain", ""), inputs,
    )  # fmt: skip
    return Row(facts, float(cells["training_flop"]), frozenset(scored))


def estimate(row: Row, method: Method, calibration: Calibration) -> Estimate | None:
    """What a method says of a row; for both together, what stands where they conflict."""
    run = run_all(row.facts, calibration)
    wanted = run.pair if method is Method.OPERATIONS_HARDWARE and run.pair else method
    found = run.by_method.get(wanted)
    return found if found is not None and found.flop is not None else None


def why_missed(row: Row, found: Estimate | None, calibration: Calibration) -> str:
    """The reason of a miss, from what the value implies."""
    if found is None or found.flop is None:
        refused = run_all(row.facts, calibration).refused
        return "; ".join(each.reason for each in refused) or "the row lacks what the method needs"
    active = active_parameters(row.facts)
    share = row.value / found.flop
    if found.method is Method.HARDWARE:
        used = row.facts.number(Field.MFU)
        said = "stated utilization" if used is not None else "usual utilization"
        return f"the value implies {words.significant(share, 2):g} times the {said}, or that time on those chips"
    if active is not None and active.imputed:
        needed = row.value / found.flop * active.count
        return f"active parameters are imputed; the value implies {words.short(needed)}"
    tokens = row.value / OPERATIONS / active.count if active else 0.0
    cause = (
        "tokens in the row are the corpus, not what was seen, or count another unit"
        if share > 1
        else "fewer parameters or tokens were trained than the row says"
    )
    return f"{cause}: the value implies {words.short(tokens)} tokens"


def table(rows: Sequence[Row], calibration: Calibration) -> tuple[list[str], bool]:
    """Share within 2× by method, with every miss and its reason; and whether every aim is met."""
    lines, fine = [], True
    for method, aim in AIMS.items():
        of_method = [row for row in rows if method in row.scored]
        found = {row.facts.name: estimate(row, method, calibration) for row in of_method}
        misses = [row for row in of_method if not _within(found[row.facts.name], row.value)]
        share = Share(len(of_method) - len(misses), len(of_method))
        met = share.value is None or share.value >= aim
        fine &= met
        lines += ["", f"{method}: within 2× {share}, aim {100 * aim:.0f} % {'met' if met else 'MISSED'}"]
        for row in misses:
            result = found[row.facts.name]
            ratio = "none" if result is None or result.flop is None else f"{result.flop / row.value:.3g}×"
            lines.append(f"  {ratio:>9}  {row.facts.name}: {why_missed(row, result, calibration)}")
    return lines, fine


def _within(found: Estimate | None, value: float) -> bool:
    return found is not None and found.flop is not None and 1 / WITHIN <= found.flop / value <= WITHIN


def coverage(rows: Iterable[Row], calibration: Calibration) -> pd.DataFrame:
    """Nominal and observed coverage of the chosen estimates' central intervals, one line a level."""
    chosen = [(assess(row.facts, calibration).chosen, row.value) for row in rows if row.scored]
    judged = [(each, value) for each, value in chosen if each is not None and each.flop and each.method in DISCLOSED]
    records = []
    for level in LEVELS:
        inside = 0
        for each, value in judged:
            low, high = interval(each.flop or 0.0, each.sigma, level)
            inside += low <= value <= high
        share = Share(inside, len(judged))
        low_end, high_end = share.interval or (0.0, 1.0)
        records.append({"stated": level, "observed": share.value, "low": low_end, "high": high_end, "n": share.n})
    return pd.DataFrame(records)


def decisions(rows: Iterable[Row], calibration: Calibration) -> list[str]:
    """Precision and recall at 1e25 with those near the line left out and counted."""
    border, hits, listed, over = 0, 0, 0, 0
    for row in rows:
        if in_border(row.value, MAIN):
            border += 1
            continue
        main = next(each for each in assess(row.facts, calibration).statements if each.threshold == MAIN)
        says = main.probability is not None and main.probability >= LISTED_FROM
        is_over = row.value > MAIN
        hits, listed, over = hits + (says and is_over), listed + says, over + is_over
    return [
        "",
        f"at {words.flop(MAIN)}: precision {Share(hits, listed)}, recall {Share(hits, over)}; "
        f"{border} within {100 * (BORDER - 1):.0f} % of the line left out",
    ]


def plot(table: pd.DataFrame, path: Path) -> None:
    """The reliability plot: observed against stated coverage, with 95 % intervals."""
    base = alt.Chart(table).encode(
        x=alt.X("stated:Q", title="stated coverage", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    )
    ideal = (
        alt.Chart(pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]}))
        .mark_line(strokeDash=[4, 4], color="#888")
        .encode(x="x:Q", y="y:Q")
    )
    bars = base.mark_rule(color="#1f6feb").encode(y=alt.Y("low:Q", title="observed coverage"), y2="high:Q")
    points = base.mark_point(filled=True, size=60, color="#1f6feb").encode(
        y=alt.Y("observed:Q", title="observed coverage", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    )
    n = int(table["n"].iloc[0]) if len(table) else 0
    chart = (ideal + bars + points).properties(width=360, height=360, title=f"Stated intervals, tried on {n} models")
    chart.save(path, format="svg")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the score and return the exit code."""
    parser = argparse.ArgumentParser(description="Score the estimators on rows of known training compute.")
    parser.add_argument("csv", nargs="?", type=Path, default=ROWS)
    parser.add_argument("--plot", type=Path, help="write the reliability plot (SVG) here")
    parser.add_argument("--calibration", type=Path, help="take the spreads of this database, not the shipped ones")
    options = parser.parse_args(arguments)
    if not options.csv.exists():
        sys.stderr.write(f"{options.csv} is missing: give the CSV to score on\n")
        return 2
    calibration = Calibration.shipped()
    if options.calibration is not None:
        db = database.open_for_writing(options.calibration)
        calibration = Calibration.from_rows(database.calibrations(db))
    rows = read_rows(options.csv)
    lines, fine = table(rows, calibration)
    covered = coverage(rows, calibration)
    lines += ["", "stated intervals of the chosen estimates:"]
    lines += [
        f"  {100 * r.stated:.0f} % intervals cover {100 * r.observed:.1f} % (n = {r.n})" for r in covered.itertuples()
    ]
    lines += decisions(rows, calibration)
    print("\n".join(lines).strip())
    if options.plot is not None:
        plot(covered, options.plot)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
