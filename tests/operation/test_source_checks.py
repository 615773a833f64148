"""The checks of one source: each fires on its trouble, and an ordinary run makes no noise."""

from __future__ import annotations

from typing import Any

import pytest

from flopcrawl.operation.findings import Severity
from flopcrawl.operation.sources import SourceRun, check_source

USUAL = [{"items": 400.0, "field/arena_rating": 400.0, "field/license": 380.0}] * 5
STATS = {
    "flopcrawl/archive/live": 40, "flopcrawl/field/arena_rating": 410, "flopcrawl/field/license": 390,
    "flopcrawl/rejected": 3,
}  # fmt: skip


def found(items: int = 410, **changes: Any) -> list[tuple[str, Severity]]:
    stats = {**STATS, **changes.pop("stats", {})}
    run = SourceRun("arena", stats, items, **{"minimum": 300, "maximum": 3000, "history": USUAL, **changes})
    return [(finding.check, finding.severity) for finding in check_source(run)]


def test_an_ordinary_run_makes_no_noise() -> None:
    assert found() == []
    assert found(history=[]) == []
    assert found(stats={"flopcrawl/archive/stale": 1, "flopcrawl/archive/failed": 1}) == []


@pytest.mark.parametrize(
    ("arguments", "check", "severity"),
    [
        ({"finish_reason": "closespider_timeout"}, "ended", Severity.ERROR),
        ({"stats": {"spider_exceptions/count": 1}}, "exceptions", Severity.ERROR),
        ({"items": 12}, "minimum", Severity.ERROR),
        ({"items": 0, "minimum": 1}, "minimum", Severity.ERROR),
        ({"items": 4000, "maximum": 3000}, "maximum", Severity.WARNING),
        ({"items": 190, "minimum": 1}, "drop", Severity.ERROR),
        ({"items": 900}, "rise", Severity.WARNING),
        ({"stats": {"flopcrawl/archive/failed": 9}}, "failed-pages", Severity.WARNING),
        ({"stats": {"flopcrawl/archive/failed": 90}}, "failed-pages", Severity.ERROR),
        ({"stats": {"flopcrawl/archive/stale": 9}}, "stale-pages", Severity.WARNING),
        ({"stats": {"flopcrawl/archive/stale": 9}, "stale_before": True}, "stale-pages", Severity.ERROR),
        ({"stats": {"flopcrawl/archive/unusable": 1}}, "unusable-pages", Severity.WARNING),
        ({"stats": {"flopcrawl/archive/not_kept": 1}}, "archive-full", Severity.ERROR),
        ({"stats": {"flopcrawl/rejected": 300}}, "rejected", Severity.WARNING),
        ({"stats": {"flopcrawl/field/license": 100}}, "coverage", Severity.WARNING),
    ],
)
def test_each_trouble_is_seen(arguments: dict[str, Any], check: str, severity: Severity) -> None:
    assert (check, severity) in found(**arguments)


def test_a_finding_says_what_to_do_and_is_known_again() -> None:
    run = SourceRun("arena", {**STATS, "flopcrawl/field/license": 0}, 410, history=USUAL)
    [finding] = check_source(run)
    assert finding.key == "arena/coverage/license"
    assert "license in 0% of the items" in finding.message
    assert "fixture" in finding.remedy
