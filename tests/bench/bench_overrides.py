"""How long 10,000 hand-edited rows take to read and check, in processor time. Aim: under 2 seconds.

python tests/bench/bench_overrides.py
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from flopcrawl.overrides import load
from flopcrawl.overrides.checks import Known, check
from flopcrawl.vocabulary import Field

END = "as reported,https://example.org/page,kim,2025-03-01"


def write(folder: Path, rows: int) -> None:
    """Half of the rows in models.csv, half in corrections.csv; every hundredth is bad."""
    models = (
        f"Zorble {n},{n % 500 + 1}e9,15.6T,{END}" if n % 100 else f"Zorble {n},many,15T,{END}" for n in range(rows // 2)
    )
    corrections = (f"Zorble {n},release_date,2025-03-01,{END}" for n in range(rows // 2))
    tail = "reason,source_url,editor,date\n"
    (folder / "models.csv").write_text(f"name,parameters_total,tokens_trained,{tail}" + "\n".join(models) + "\n")
    (folder / "corrections.csv").write_text(f"model,field,value,{tail}" + "\n".join(corrections) + "\n")


def main() -> None:
    """Print one line for each size."""
    for rows in (1_000, 10_000):
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            write(folder, rows)
            keys = [f"zorble-{n}" for n in range(rows // 2)]
            known = Known(
                names={key: key for key in keys}, numbers={key: {Field.PARAMETERS_TOTAL: 1e11} for key in keys}
            )
            start = time.process_time()
            found = load(folder)
            read = time.process_time()
            problems = check(found, known)
            end = time.process_time()
        print(
            f"{rows} rows: {end - start:.2f} s of processor time (read {read - start:.2f} s, compared with what "
            f"is known {end - read:.2f} s), "
            f"{len(found.problems)} bad cells, {len(problems)} against what is known"
        )


if __name__ == "__main__":
    main()
