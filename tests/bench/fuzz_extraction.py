"""Reads mutated pages and checks what must hold of each: ``python tests/bench/fuzz_extraction.py [PAGES] [FIRST]``.

Prints how many could be read, and the slowest. Any exception but ``UnreadableError`` ends it, naming the page.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from flopcrawl.extraction import UnreadableError, read
from tests.extraction.checks import check_document, check_reading
from tests.extraction.mutations import mutated


def main() -> None:
    """Fuzz."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    outcomes: Counter[str] = Counter()
    slowest = (0.0, 0)
    begun = time.perf_counter()
    for number in range(first, first + pages):
        kind, data = mutated(number)
        start = time.perf_counter()
        try:
            reading = read(data, kind=kind, name="page")
            check_document(reading.document)
            check_reading(reading)
            outcomes["read"] += 1
        except UnreadableError:
            outcomes["unreadable"] += 1
        except Exception:
            print(f"page {number} ({kind or 'kind unknown'}, {len(data)} bytes)")
            raise
        slowest = max(slowest, (time.perf_counter() - start, number))
    seconds = time.perf_counter() - begun
    print(f"{pages} mutated pages in {seconds:.0f} s: {dict(outcomes)}; slowest {slowest[0]:.2f} s (page {slowest[1]})")


if __name__ == "__main__":
    main()
