"""Of the models that a reference calls larger than 1e25 FLOP: how many do saved pages show by name, and which source.

Reads the replay and the corpus beside the project (``../shared``), where there are some; nothing is arranged: each page
goes through the spider of its source, and a model counts as detected when identity says that an item is about it.

    python tests/bench/bench_detection.py
"""

from __future__ import annotations

import csv
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
warnings.simplefilter("ignore")

from flopcrawl.archive import Replay
from flopcrawl.base_spiders.listings import Feed, as_page
from flopcrawl.base_spiders.reading import announced, items_of
from flopcrawl.extraction import UnreadableError, read
from flopcrawl.identity import Registry
from flopcrawl.identity.organizations import OrganizationIndex, organizations
from flopcrawl.items import ModelItem
from tests.spiders.reading import answer, make, spiders

SHARED = ROOT.parent / "shared"
REFERENCE = SHARED / "facts" / "epoch" / "models_over_1e25_2025-08.csv"
NOT_SOURCES = {"epoch", "pasted"}


def replayed() -> Iterator[tuple[str, str]]:
    """(source, name) of every item that the spiders make of the replay's pages."""
    made = [make(spider) for spider in spiders() if spider.name not in NOT_SOURCES]
    for row in Replay.load(SHARED / "replay" / "dev").rows.values():
        for spider in made:
            if spider.reader(row.url):
                response = answer(row.url, row.path.read_bytes(), row.content_type)
                yield from ((spider.name, item.name) for item in spider.parse(response) if isinstance(item, ModelItem))


def corpus() -> Iterator[tuple[str, str]]:
    """(source, name) of every model that an article, a paper or a feed of the corpus announces."""
    for path in sorted((SHARED / "corpus" / "blogs").glob("*")):
        yield from ((f"news of {path.name.split('__')[0]}", name) for name in names(path, articles=True))
    for path in sorted((SHARED / "corpus" / "papers").glob("*")):
        yield from (("arxiv", name) for name in names(path, articles=True))
    for path in sorted((SHARED / "corpus" / "cards").glob("*")):
        yield from (("huggingface or github", name) for name in names(path, articles=False))
    for path in sorted((SHARED / "corpus" / "feeds").glob("*.xml")):
        for article in Feed("").articles(answer("https://feed.example/", path.read_bytes(), "application/xml")):
            reading = read(as_page(article), kind="html", url=article.url)
            yield from ((f"news of {path.name.split('__')[0]}", name) for name, _ in announced(reading))


def names(path: Path, articles: bool) -> Iterator[str]:
    """The models that a file announces (or, for a card, has facts of)."""
    try:
        reading = read(path.read_bytes(), name=path.name)
    except UnreadableError:
        return
    yield from (name for name, _ in (announced(reading) if articles else items_of(reading)))


def would_show(maker: str) -> str:
    """The sources of a maker's own words; a model that has none is for a person to paste."""
    known = OrganizationIndex(organizations()).find(maker)
    own = [spider.name for spider in spiders() if known and spider.organization == known.name]
    return ", ".join([*own, "arxiv, where there is a paper", "a pasted page"])


def main() -> None:
    """Print the count and, per model, the sources."""
    if not REFERENCE.exists():
        print(f"{REFERENCE} is not there: nothing to compare with")
        return
    with REFERENCE.open(encoding="utf-8-sig", newline="") as file:
        wanted = {" ".join(row["Model"].split()): row["Organization"] for row in csv.DictReader(file)}
    registry = Registry.load()
    keys = {registry.resolve(name, maker).model_key: name for name, maker in wanted.items()}
    seen: dict[str, set[str]] = defaultdict(set)
    resolved: dict[str, str] = {}
    for found in (replayed(), corpus()):
        for source, name in found:
            key = resolved.setdefault(name, registry.resolve(name).model_key)
            if key in keys:
                seen[keys[key]].add(source)
    for name in wanted:
        print(f"{name:32} {', '.join(sorted(seen[name])) or f'-  (would be shown by: {would_show(wanted[name])})'}")
    by_source: dict[str, int] = defaultdict(int)
    for sources in seen.values():
        for source in sources:
            by_source[source] += 1
    print(f"\n{sum(bool(sources) for sources in seen.values())} of {len(wanted)} detected by name; per source:")
    for source, count in sorted(by_source.items(), key=lambda each: (-each[1], each[0])):
        print(f"  {count:3} {source}")


if __name__ == "__main__":
    main()
