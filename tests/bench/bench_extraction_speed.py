"""How fast pages are cleaned and read: ``python tests/bench/bench_extraction_speed.py``.

Prints megabytes a second for each kind of page, whether time grows with length alone, memory over 1,000 pages, and
the seconds that large and hostile pages take. Asserts nothing.
"""

# ruff: noqa: E501 — one line, one figure

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from flopcrawl.extraction import UnreadableError, clean, read, read_document
from tests.extraction.mutations import HTML, MARKDOWN, PAGES, TEXT

FILLER = (
    "The model follows a standard design with grouped attention and is evaluated on a set of public tasks. Its data "
    "come from the web, from books and from code, and are filtered for quality, safety and repetition before use.\n\n"
)
MEGABYTE = 1_000_000


def page_of(kind: str, size: int) -> str:
    """A page of a kind, about ``size`` characters long: mostly prose, with facts now and then as in a real report."""
    page = {
        "md": MARKDOWN.split("---\n", 2)[2],
        "html": HTML.split("<article>")[1].split("</article>")[0],
        "txt": TEXT,
    }[kind]
    filler = "".join(f"<p>{part}</p>" for part in FILLER.split("\n\n") if part) if kind == "html" else FILLER
    unit = page + filler * 60
    return (unit * (size // len(unit) + 1))[:size]


def seconds(work: Callable[[], object]) -> float:
    """Processor time that ``work`` takes."""
    start = time.process_time()
    try:
        work()
    except UnreadableError as error:
        print(f"    refused: {error}")
    return time.process_time() - start


def memory() -> float:
    """Megabytes that this process has ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


HOSTILE: dict[str, tuple[str, str]] = {
    "open brackets": ("md", "[" * MEGABYTE),
    "block quotes": ("md", ">" * MEGABYTE),
    "stars": ("md", "*a " * (MEGABYTE // 3)),
    "aliases": ("md", "---\na: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\nx"),
    "nested div": ("html", "<div>" * (MEGABYTE // 5)),
    "nested tables": ("html", "<table><tr><td>a" * (MEGABYTE // 16)),
    "spans": ("html", "<table><tr>" + "<td rowspan=999 colspan=999>1" * (MEGABYTE // 29)),
    "dollars": ("html", "<p>" + "$" * MEGABYTE),
    "LaTeX": ("html", "<p>" + "\\times^{" * (MEGABYTE // 8)),
    "quotes in scripts": ("html", "<script>" + '"a \\"' * (MEGABYTE // 5)),
    "line ends": ("txt", "\n" * MEGABYTE),
    "form feeds": ("txt", "1\f" * (MEGABYTE // 2)),
    "digits": ("txt", "9" * MEGABYTE),
    "numbers": ("txt", "15T " * (MEGABYTE // 40)),
    "letters": ("txt", "A" * MEGABYTE),
    "dashes": ("txt", "A-" * (MEGABYTE // 2)),
    "deep JSON": ("json", "[" * MEGABYTE),
    "deep feed": ("atom", "<a>" * (MEGABYTE // 3)),
    "doctypes": ("atom", "<!DOCTYPE[" * (MEGABYTE // 10)),
}


def main() -> None:
    """Measure."""
    print("speed, 1 MB of each kind (MB/s)      clean    read    both")
    for kind in ("md", "html", "txt"):
        page = page_of(kind, MEGABYTE)
        document = clean(page, kind=kind)
        cleaning, reading = (
            seconds(lambda p=page, k=kind: clean(p, kind=k)),
            seconds(lambda d=document: read_document(d)),
        )  # type: ignore[misc]
        print(f"  {kind:34} {1 / cleaning:7.2f} {1 / reading:7.2f} {1 / (cleaning + reading):7.2f}")

    print("growth, time for 4 MB / time for 1 MB (4.0 is linear)")
    for kind in ("md", "html", "txt"):
        one, four = (seconds(lambda s=size, k=kind: read(page_of(k, s), kind=k)) for size in (MEGABYTE, 4 * MEGABYTE))  # type: ignore[misc]
        print(f"  {kind:34} {four / one:7.2f}")

    print("large pages (s)")
    print(
        f"  5 MB of text                       {seconds(lambda: read(page_of('txt', 5 * MEGABYTE), kind='txt')):7.2f}"
    )
    table = "| Model | Size | Tokens |\n|---|---|---|\n" + "".join(
        f"| Kestrel {n} | {n}B | 2T |\n" for n in range(100_000)
    )
    start = time.process_time()
    document = clean(table, kind="md")
    middle = time.process_time()
    read_document(document)
    print(
        f"  table of 100,000 rows              {middle - start:7.2f} cleaning, {time.process_time() - middle:.2f} reading"
    )

    print("hostile pages of about 1 MB (s)       clean    read")
    for name, (kind, page) in HOSTILE.items():
        cleaning = seconds(lambda p=page, k=kind: clean(p, kind=k))  # type: ignore[misc]
        both = seconds(lambda p=page, k=kind: read(p, kind=k))  # type: ignore[misc]
        print(f"  {name:34} {cleaning:7.2f} {max(0.0, both - cleaning):7.2f}", flush=True)


def flat() -> None:
    """Memory before and after 1,000 pages; measured first, as large pages would hide it."""
    for kind, data in PAGES.items():
        read(data, kind=kind)
    before = memory()
    for _ in range(1000 // len(PAGES)):
        for kind, data in PAGES.items():
            read(data, kind=kind)
    print(f"memory: {before:.0f} MB before, {memory():.0f} MB after 1,000 pages")


if __name__ == "__main__":
    flat()
    main()
