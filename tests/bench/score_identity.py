"""Scores identity on ``../shared/facts`` (read in place): true pairs found and wrong merges.

Three measures: with the project's data; with a third of the aliases held out in turn, so that rules must find them;
with no alias at all. ``python tests/bench/score_identity.py [FACTS_FOLDER]``; exits 1 on a wrong merge with the data,
or when fewer than 95 % of the pairs are found.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from flopcrawl.identity import Registry, organizations
from flopcrawl.identity.registry import shipped_aliases, shipped_not_same

FOLDS = 3


def read(path: Path, *columns: str) -> list[tuple[str, ...]]:
    """The given columns of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [tuple(row[column] for column in columns) for row in csv.DictReader(file)]


def found(registry: Registry, pairs: list[tuple[str, ...]]) -> int:
    """How many pairs (alias, model) have one key; the others are printed."""
    count = 0
    for alias, model in pairs:
        a, b = registry.resolve(alias), registry.resolve(model)
        count += a.model_key == b.model_key
        if a.model_key != b.model_key:
            print(f"  not found: {alias!r} ({a.model_key}) is {model!r} ({b.model_key})")
    return count


def wrong(registry: Registry, aliases: list[tuple[str, ...]], apart: list[tuple[str, ...]]) -> int:
    """How many keys are shared by two models, and how many pairs of the not-same table are one; each is printed."""
    models: dict[str, set[str]] = {}
    for alias, model in aliases:
        for name in (alias, model):
            models.setdefault(registry.resolve(name).model_key, set()).add(model)
    merged = [sorted(names) for names in models.values() if len(names) > 1]
    merged += [list(pair) for pair in apart if len({registry.resolve(name).model_key for name in pair}) == 1]
    for names in merged:
        print(f"  wrongly one: {names}")
    return len(merged)


def main() -> int:
    """Print the three measures."""
    facts = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/facts")
    if not (facts / "aliases.csv").exists():
        print(f"nothing to score: {facts / 'aliases.csv'} is missing", file=sys.stderr)
        return 1
    aliases = read(facts / "aliases.csv", "alias", "canonical")
    apart = read(facts / "not_same.csv", "a", "b")
    registry = Registry.load()
    share = found(registry, aliases) / len(aliases)
    errors = wrong(registry, aliases, apart)
    print(f"with the data: {share:.1%} of {len(aliases)} pairs found, {errors} wrong merges")

    shipped = shipped_aliases()
    models = [(model, model) for _, model in shipped]
    held_found = held_wrong = 0
    for fold in range(FOLDS):
        held = {alias for alias, model in aliases[fold::FOLDS] if alias != model}
        rest = [(alias, model) for alias, model in shipped if alias not in held]
        registry = Registry(models + rest, shipped_not_same(), organizations())
        held_found += found(registry, [pair for pair in aliases if pair[0] in held])
        held_wrong += wrong(registry, aliases, apart)
    total = sum(alias != model for alias, model in aliases)
    print(f"each held out once: {held_found / total:.1%} of {total} pairs found, {held_wrong} wrong merges")

    registry = Registry([(model, model) for _, model in aliases], apart, organizations())
    print(f"rules alone: {found(registry, aliases) / len(aliases):.1%} found, {wrong(registry, aliases, apart)} wrong")
    return int(share < 0.95 or errors > 0)


if __name__ == "__main__":
    sys.exit(main())
