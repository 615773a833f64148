"""A validation as people read it: Markdown, HTML, CSV and a chart; and what has dropped since the last one."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from pathlib import Path

import altair as alt
import pandas as pd
from markdown_it import MarkdownIt

from flopcrawl.drops import Shares, drops
from flopcrawl.estimation import words
from flopcrawl.reports.exports import as_csv, write_whole
from flopcrawl.reports.statistics import BORDER
from flopcrawl.reports.validation import AT, Measure, Validation

PAIR_COLUMNS = (
    "model", "organization", "released", "domain", "confidence", "flop", "over", "model_key", "present", "name",
    "training_flop", "training_flop_low", "training_flop_high", "estimation_method", "our confidence", "auto_method",
    "auto_flop", "ratio", "probability_over_1e25", "classification", "listed", "origin", "source_url",
)  # fmt: skip
"""Columns of exports/validation.csv: the reference's first, ours after ``model_key``."""

CREDIT = "Reference values: Epoch AI, CC-BY 4.0. They are compared here and used for nothing else."

BORDER_NOTE = (
    f"False and true are decided at even chance; models within {100 * (BORDER - 1):.0f} % of the line are left out and "
    "counted apart."
)


def alerts(validation: Validation, before: Shares) -> list[str]:
    """Watched shares that have dropped since the validation ``before``."""
    now = {(m.name, m.cell, m.threshold): m.value for m in validation.measures if m.value is not None}
    return [str(drop) for drop in drops(now, before)]


def rows(validation: Validation, date: str) -> list[tuple[object, ...]]:
    """The validation as rows of the table ``validations``."""
    return [
        (date, validation.vintage, m.threshold, m.name, m.cell, m.value, m.low, m.high, m.n)
        for m in validation.measures
    ]


def markdown(validation: Validation, date: str, dropped: Sequence[str] = (), checks: Sequence[str] = ()) -> str:
    """The whole report as Markdown; ``dropped`` are alerts, ``checks`` lines on leaks and live precision."""
    known = validation.pairs["flop"].notna().sum()
    lines = [
        "# Validation",
        "",
        f"{date}, against {_cell(validation.vintage)}: {len(validation.pairs)} models, {known} with a value.",
        "Shares with 95 % intervals (Wilson), medians with bootstrap intervals.",
        "",
        CREDIT,
    ]
    if dropped:
        lines += ["", "**Alert: lower than at the last validation**", "", *(f"- {_cell(drop)}" for drop in dropped)]
    for threshold in AT:
        lines += ["", f"## At {words.flop(threshold)} FLOP", "", *_measures(validation, threshold)]
        lines += ["", BORDER_NOTE, ""]
        lines += _table("Missing", validation.missing, threshold)
        lines += _table("Extra, with our evidence", validation.extra, threshold)
    lines += ["", "## Accuracy of automatic values", "", *_accuracy(validation)]
    lines += ["", "### Further than 3× apart", "", *_far(validation)]
    lines += ["", "## Intervals and freshness", ""]
    lines += [f"- {m.name}: {m.text}" for m in validation.measures if "cover" in m.name and not m.threshold]
    lines += [f"- {m.name}: {m.text}" for m in validation.measures if m.name.startswith("days")]
    if checks:
        lines += ["", "## Checks", "", *(f"- {_cell(check)}" for check in checks)]
    lines += ["", "## What the reference itself changed", ""]
    if validation.revisions.empty:
        lines.append("Nothing, or only one vintage is known.")
    else:
        counts = validation.revisions.groupby(["from", "to", "change"]).size().reset_index(name="models")
        lines += [*_rows(counts), "", *_rows(validation.revisions[validation.revisions["change"] != "added"])]
    return "\n".join(lines).rstrip() + "\n"


def _measures(validation: Validation, threshold: float) -> list[str]:
    found = [m for m in validation.measures if m.threshold == threshold]
    return ["| measure | of | share |", "|---|---|---|", *(f"| {m.name} | {m.cell} | {m.text} |" for m in found)]


def _accuracy(validation: Validation) -> list[str]:
    names = ["within 2×", "within 3×", "median ratio", "spread (median |log10 ratio|)"]
    by_cell: dict[str, dict[str, Measure]] = {}
    for measure in validation.measures:
        if measure.name in names:
            by_cell.setdefault(measure.cell, {})[measure.name] = measure
    lines = ["| models | within 2× | within 3× | median ratio | spread, decades |", "|---|---|---|---|---|"]
    return lines + [
        f"| {_cell(cell)} | {' | '.join(found[name].text for name in names)} |" for cell, found in by_cell.items()
    ]


def _far(validation: Validation) -> list[str]:
    ratio = validation.pairs["ratio"]
    far = validation.pairs[(ratio > 3) | (ratio < 1 / 3)]
    columns = ["model", "released", "flop", "auto_flop", "ratio", "auto_method", "confidence"]
    return _rows(far[columns]) if len(far) else ["None."]


def _table(title: str, table: pd.DataFrame, threshold: float) -> list[str]:
    of_threshold = table[table["threshold"] == threshold].drop(columns="threshold")
    lines = [f"### {title} at {words.flop(threshold)}: {len(of_threshold)}", ""]
    return [*lines, *(_rows(of_threshold) if len(of_threshold) else ["None."]), ""]


def _rows(table: pd.DataFrame) -> list[str]:
    """A table as Markdown."""
    lines = [f"| {' | '.join(table.columns)} |", f"|{'---|' * len(table.columns)}"]
    return lines + [f"| {' | '.join(_cell(value) for value in row)} |" for row in table.itertuples(index=False)]


def _cell(value: object) -> str:
    """A cell that can neither break the table nor be taken for markup: names and notes are other people's text."""
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return words.flop(value) if value >= 1e15 else f"{value:.3g}"
    text = " ".join(str(value).split())
    for character in "\\|*_`[]<>#":
        text = text.replace(character, f"\\{character}")
    return text


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Validation</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse;display:block;overflow-x:auto}}td,th{{border:1px solid #ccc;padding:.2rem .5rem;
vertical-align:top;text-align:left}}</style></head><body>
{body}
<figure>{chart}<figcaption>{caption}</figcaption></figure>
</body></html>
"""

CAPTION = "Our automatic value against the reference's, with the line of equality and a factor of two on either side."


def page(text: str, chart: str) -> str:
    """The report as one HTML file with its chart in it; raw HTML in names stays text."""
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return PAGE.format(body=body, chart=chart[chart.index("<svg") :], caption=html.escape(CAPTION))


def chart(validation: Validation) -> alt.LayerChart | alt.FacetChart:
    """Our automatic values against the reference's on logarithmic axes, coloured by method."""
    table = validation.pairs.loc[validation.pairs["ratio"].notna(), ["model", "flop", "auto_flop", "method"]]
    ends = [1e22, 1e27] if table.empty else [
        10.0 ** math.floor(math.log10(min(table["flop"].min(), table["auto_flop"].min()))),
        10.0 ** math.ceil(math.log10(max(table["flop"].max(), table["auto_flop"].max()))),
    ]  # fmt: skip
    decades = range(round(math.log10(ends[0])), round(math.log10(ends[1])) + 1)
    axis = alt.Axis(format=".0e", values=[10.0**decade for decade in decades])
    scale = alt.Scale(type="log", domain=ends)
    layers: list[alt.Chart] = []
    for factor, dash in ((1.0, [1, 0]), (2.0, [4, 4]), (0.5, [4, 4])):
        line = pd.DataFrame({"x": ends, "y": [end * factor for end in ends]})
        layers.append(
            alt.Chart(line).mark_line(color="#888", strokeDash=dash, clip=True).encode(
                x=alt.X("x:Q", scale=scale, axis=axis, title="reference (FLOP)"),
                y=alt.Y("y:Q", scale=scale, axis=axis, title="ours (FLOP)"),
            )
        )  # fmt: skip
    layers.append(
        alt.Chart(table).mark_point(filled=True, opacity=0.7).encode(
            x=alt.X("flop:Q", scale=scale, axis=axis), y=alt.Y("auto_flop:Q", scale=scale, axis=axis),
            color=alt.Color("method:N", title="method"), tooltip=["model:N", "flop:Q", "auto_flop:Q"],
        )
    )  # fmt: skip
    return alt.layer(*layers).properties(width=480, height=480, title=f"{len(table)} models with both values")


def write(
    validation: Validation, date: str, folder: Path, dropped: Sequence[str] = (), checks: Sequence[str] = ()
) -> list[Path]:
    """Write validation.md, .html, .csv and .svg into ``folder`` and return them."""
    text = markdown(validation, date, dropped, checks)
    drawing = svg(chart(validation))
    table = validation.pairs[list(PAIR_COLUMNS)].astype(object)
    table = table.where(table.notna(), None)
    contents = {
        "validation.md": text,
        "validation.svg": drawing,
        "validation.html": page(text, drawing),
        "validation.csv": as_csv(PAIR_COLUMNS, table.itertuples(index=False, name=None)),
    }
    for name, content in contents.items():
        write_whole(folder / name, content)
    return [folder / name for name in contents]


def svg(drawing: alt.LayerChart | alt.FacetChart) -> str:
    """A chart as SVG text, drawn in this process."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(drawing.to_dict()))
