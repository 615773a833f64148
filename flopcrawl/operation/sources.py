"""What is checked of one source after its run, against what it promises and against its own last runs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from flopcrawl.archive.fallback import REASONS
from flopcrawl.operation.findings import Finding, Severity

HISTORY = 8
"""Runs that a source is compared with: two months of weekly ones."""

LEAST_HISTORY = 3
"""Runs that a median needs before it says anything."""

DROP, RISE = 0.5, 2.0
"""Items against the median of the last runs: under the first an error (half of a source is gone), over the second a
warning (a listing that repeats itself)."""

ERROR_SHARE, STALE_SHARE, REJECTED_SHARE = 0.1, 0.1, 0.3
"""Of the pages that failed, of those that a copy stood in for, of the items that were rejected: a warning above. It is
an error where more than half of the pages failed, and where copies stand in for the second time in a row."""

COVERAGE_DROP = 0.3
"""Share of the items that lost a field which they used to have: a page that changed its shape."""

LEAST_ITEMS = 20
"""Items below which shares say nothing."""


@dataclass(frozen=True, slots=True)
class SourceRun:
    """One run of one source: its stats as Scrapy counts them, what it promises, and the figures of its last runs.

    ``items`` is the number of different models that it read; ``history`` holds the figures of successful runs, newest
    first: ``items`` and ``field/NAME`` (items with a fact). ``stale_before``: the run before this one was served last
    good copies as well.
    """

    source: str
    stats: Mapping[str, Any]
    items: int
    finish_reason: str = "finished"
    minimum: int = 1
    maximum: int | None = None
    history: Sequence[Mapping[str, float]] = ()
    stale_before: bool = False

    def count(self, name: str) -> float:
        """A stat, 0 where it was never counted."""
        return float(self.stats.get(name, 0) or 0)

    def usual(self, name: str) -> float | None:
        """The median of a figure over the last runs; None where there are too few of them."""
        values = [run[name] for run in self.history[:HISTORY] if name in run]
        return median(values) if len(values) >= LEAST_HISTORY else None


def check_source(run: SourceRun) -> list[Finding]:
    """Return everything that the checks have seen, worst first."""
    found = [finding for check in CHECKS for finding in check(run)]
    order = [Severity.ERROR, Severity.WARNING, Severity.INFO]
    return sorted(found, key=lambda finding: order.index(finding.severity))


def ended(run: SourceRun) -> Iterator[Finding]:
    """Whether the run came to its end, and no callback raised."""
    if run.finish_reason != "finished":
        yield Finding(
            Severity.ERROR, run.source, "ended", f"the run ended early ({run.finish_reason}); what it read is kept",
            "raise the limit of this name in flopcrawl/settings.py if the source has grown; else see the run's log for "
            "what it waited for",
        )  # fmt: skip
    raised = run.count("spider_exceptions/count")
    if raised:
        yield Finding(
            Severity.ERROR, run.source, "exceptions", f"{raised:.0f} pages made the spider raise an exception",
            "the log has the traceback: save such a page as a fixture and correct the spider",
        )  # fmt: skip


def number_of_items(run: SourceRun) -> Iterator[Finding]:
    """Whether there are as many items as the source promises, and as its last runs had."""
    items, usual = run.items, run.usual("items")
    remedy = f"run `scrapy crawl {run.source}` and compare one page with its fixture: its listing or its shape changed"
    if items < run.minimum:
        yield Finding(
            Severity.ERROR, run.source, "minimum", f"{items} models, at least {run.minimum} are expected", remedy
        )
    elif run.maximum is not None and items > run.maximum:
        yield Finding(
            Severity.WARNING, run.source, "maximum", f"{items} models, at most {run.maximum} are expected", remedy
        )
    elif usual and items < DROP * usual:
        yield Finding(Severity.ERROR, run.source, "drop", f"{items} models, {usual:.0f} are usual", remedy)
    elif usual and items > RISE * usual and items >= LEAST_ITEMS:
        yield Finding(Severity.WARNING, run.source, "rise", f"{items} models, {usual:.0f} are usual", remedy)


def shares(run: SourceRun) -> Iterator[Finding]:
    """Which share of the pages failed, was a last good copy, or was unusable; which share of the items was refused."""
    archive = {
        name: run.count(f"flopcrawl/archive/{name}")
        for name in ("live", "fallback", "stale", "replay", "failed", "unusable")
    }
    pages = sum(archive[name] for name in ("live", "fallback", "stale", "replay", "failed"))
    if pages and archive["failed"] > ERROR_SHARE * pages:
        yield Finding(
            Severity.ERROR if archive["failed"] > 0.5 * pages else Severity.WARNING, run.source, "failed-pages",
            f"{archive['failed']:.0f} of {pages:.0f} pages could not be had{because(run)}",
            "the log names each with its reason; an address that moved is changed in the spider",
        )  # fmt: skip
    if pages and archive["stale"] > STALE_SHARE * pages:
        yield Finding(
            Severity.ERROR if run.stale_before else Severity.WARNING, run.source, "stale-pages",
            f"{archive['stale']:.0f} of {pages:.0f} pages are last good copies{because(run)}"
            + (", not for the first time" if run.stale_before else ""),
            "open the source in a browser; if it refuses programs, give the spider a fallback or switch it off",
        )  # fmt: skip
    if archive["unusable"]:
        yield Finding(
            Severity.WARNING, run.source, "unusable-pages",
            f"{archive['unusable']:.0f} answers were not the page (a captcha, another type, cut off, too little)",
            "the log says which; if it stays, the page changed its shape: save it as a fixture",
        )  # fmt: skip
    if run.count("flopcrawl/archive/not_kept"):
        yield Finding(
            Severity.ERROR, run.source, "archive-full", "pages could not be kept in the archive",
            "free space on its disk or make it writable, then run again",
        )  # fmt: skip
    items, rejected = run.items, run.count("flopcrawl/rejected")
    if items + rejected >= LEAST_ITEMS and rejected > REJECTED_SHARE * (items + rejected):
        yield Finding(
            Severity.WARNING, run.source, "rejected", f"{rejected:.0f} of {items + rejected:.0f} items were refused",
            "the table `rejected` has each with its reason",
        )  # fmt: skip


def because(run: SourceRun) -> str:
    """Why most addresses failed, as the end of a sentence; "" where that was not counted."""
    reasons: Mapping[str, int] = run.stats.get(REASONS, {})
    if not reasons:
        return ""
    why, times = max(reasons.items(), key=lambda each: each[1])
    return f": {why}" + (f" ({times} times, {len(reasons) - 1} other reasons)" if len(reasons) > 1 else "")


def shape(run: SourceRun) -> Iterator[Finding]:
    """Whether the items still have the fields that they used to have."""
    items = run.items
    if items < LEAST_ITEMS:
        return
    fields = sorted({name for past in run.history for name in past if name.startswith("field/")})
    for name in fields:
        before = [past.get(name, 0.0) / past["items"] for past in run.history[:HISTORY] if past.get("items")]
        if len(before) < LEAST_HISTORY:
            continue
        usual, present = median(before), run.count(f"flopcrawl/{name}") / items
        if usual - present > COVERAGE_DROP:
            field = name.removeprefix("field/")
            yield Finding(
                Severity.WARNING, run.source, "coverage",
                f"{field} in {present:.0%} of the items, {usual:.0%} are usual: the page changed its shape",
                "save a page as a fixture and correct where the spider finds this field", subject=field,
            )  # fmt: skip


CHECKS = (ended, number_of_items, shares, shape)
