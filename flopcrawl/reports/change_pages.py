"""A report of changes as people read it: Markdown, and one HTML file with its charts in it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import vl_convert
from markdown_it import MarkdownIt

from flopcrawl.estimation import words
from flopcrawl.estimation.thresholds import MAIN
from flopcrawl.reports.changes import Report
from flopcrawl.reports.exports import write_whole
from flopcrawl.reports.tasks import WEEKLY_MINUTES, within

MOST_ROWS = 30
COUNTED = ("models", "on the list", "over", "uncertain", "under", "unknown", "excluded")

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse;display:block;overflow-x:auto}}td,th{{border:1px solid #ccc;padding:.2rem .5rem;
text-align:left;vertical-align:top}}figure{{margin:1rem 0}}</style></head><body>
{body}
{charts}
</body></html>
"""


def text_of(value: object) -> str:
    """Other people's text: one line that can neither break a table nor be taken for markup."""
    return re.sub(r"([\\|*_`\[\]<>#~])", r"\\\1", " ".join(str(value if value is not None else "").split()))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A Markdown table, or the word None; long ones are cut and say so."""
    every = list(rows)
    if not every:
        return ["None.", ""]
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(text_of(cell) for cell in row)} |" for row in every[:MOST_ROWS]]
    if len(every) > MOST_ROWS:
        lines += ["", f"… and {len(every) - MOST_ROWS} more."]
    return [*lines, ""]


def model_rows(rows: Iterable[dict[str, Any]]) -> list[tuple[object, ...]]:
    """Models as rows of a table."""
    return [
        (
            row.get("name"), row.get("organization"), row.get("release_date"),
            words.flop(row["training_flop"]) if row.get("training_flop") else "", row.get("classification"),
            row.get("reason"),
        )
        for row in rows
    ]  # fmt: skip


MODEL_COLUMNS = ("model", "organization", "released", "FLOP", "at 1e25", "why")


def markdown(report: Report) -> str:
    """The whole report."""
    start, end = report.period.bounds
    lines = [
        f"# What changed: {report.period.name}", "",
        f"From {start} to {end}. Manual work that came up: about {report.minutes} minutes.", "",
        *table(
            ("", "before", "after"),
            [(name, report.before.get(name, 0), report.after.get(name, 0)) for name in COUNTED],
        ),
        f"## New on the list: {len(report.listed)}", "", *table(MODEL_COLUMNS, model_rows(report.listed)),
        f"## No longer on the list: {len(report.unlisted)}", "", *table(MODEL_COLUMNS, model_rows(report.unlisted)),
        f"## Crossed the threshold: {len(report.crossed)}", "", *table(("model", "was", "is"), report.crossed),
        f"## New models: {len(report.new)}", "", *table(MODEL_COLUMNS, model_rows(report.new)),
        f"## Gone (merged with another, or withdrawn): {len(report.gone)}", "",
        *table(("model",), [(name,) for name in report.gone]),
        f"## Changed estimates: {len(report.moved)}", "",
        *table(
            ("model", "before", "after", "factor", "cause"),
            [
                (moved.name, words.flop(moved.before), words.flop(moved.after), words.factor(moved.factor), moved.cause)
                for moved in report.moved
            ],
        ),
        f"## What needs a person, the most valuable first: {len(report.tasks)}", "",
        work(report), "",
        *table(
            ("what", "why", "minutes", "since"),
            [(task.what, task.why, task.minutes, task.since[:10]) for task in report.tasks],
        ),
        f"## Sources: {len(report.sources)}", "",
        *table(
            ("source", "runs", "failed", "last state", "items", "stale pages", "errors", "requests", "MB"),
            [
                (s.source, s.runs, s.failed, s.state, s.items, s.stale, s.errors, s.requests, f"{s.megabytes:.1f}")
                for s in report.sources
            ],
        ),
        f"## Findings: {len(report.findings)}", "",
        *table(("severity", "where", "what", "what to do"), report.findings),
    ]  # fmt: skip
    return "\n".join(lines).rstrip() + "\n"


def work(report: Report) -> str:
    """How much manual work there is, and how far a person's week gets."""
    first = within(report.tasks)
    worth = sum(task.value for task in report.tasks)
    text = (
        f"{len(report.arisen)} came up in this period (about {report.minutes} minutes); with what was open before, "
        f"about {report.open_minutes} minutes."
    )
    if len(first) < len(report.tasks) and worth:
        share = sum(task.value for task in first) / worth
        text += f" The first {len(first)} fill {WEEKLY_MINUTES} minutes and hold {share:.0%} of the value."
    return text


def list_chart(report: Report) -> Any:
    """The length of the list over time."""
    data = pd.DataFrame(report.history, columns=["day", "models"])
    data["day"] = pd.to_datetime(data["day"])
    return (
        alt.Chart(data)
        .mark_line(interpolate="step-after", point=True)
        .encode(x=alt.X("day:T", title=None), y=alt.Y("models:Q", title="models on the list"))
        .properties(width=640, height=220, title="The list over time")
    )


def compute_chart(report: Report) -> Any:
    """Training compute by release date, with the threshold."""
    data = pd.DataFrame(
        [
            {"released": row["release_date"], "flop": row["training_flop"], "at 1e25": row["classification"]}
            for row in report.models
        ],
        columns=["released", "flop", "at 1e25"],
    )
    data["released"] = pd.to_datetime(data["released"], format="ISO8601", errors="coerce")
    points = (
        alt.Chart(data.dropna())
        .mark_point(filled=True, opacity=0.7)
        .encode(
            x=alt.X("released:T", title=None),
            y=alt.Y(
                "flop:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format=".0e"), title="training compute (FLOP)"
            ),
            color="at 1e25:N",
        )
    )
    line = alt.Chart(pd.DataFrame({"flop": [MAIN]})).mark_rule(strokeDash=[4, 4]).encode(y="flop:Q")
    return alt.layer(points, line).properties(width=640, height=320, title="Models by release date")


def page(report: Report, text: str) -> str:
    """The report as one HTML file: no script, no request; raw HTML in names stays text."""
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    charts = [chart(report) for chart, data in ((list_chart, report.history), (compute_chart, report.models)) if data]
    drawn = [vl_convert.vegalite_to_svg(chart.to_dict()) for chart in charts]
    return PAGE.format(
        title=html.escape(f"What changed: {report.period.name}"),
        body=body,
        charts="\n".join(f"<figure>{svg[svg.index('<svg') :]}</figure>" for svg in drawn),
    )


def write(report: Report, folder: Path, name: str) -> list[Path]:
    """Write ``NAME.md`` and ``NAME.html`` and return them."""
    text = markdown(report)
    paths = [folder / f"{name}.md", folder / f"{name}.html"]
    write_whole(paths[0], text)
    write_whole(paths[1], page(report, text))
    return paths
