"""How ``scrapy extract`` shows facts and decisions to a person: tables in which the number stands out of its quote."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from flopcrawl.items import Fact
from flopcrawl.reading_pages.pages import PageFacts
from flopcrawl.vocabulary import Scope

QUOTE_LENGTH = 160
"""Characters of a quote that are shown; a longer one is cut around its number."""
CONTEXT = 45
"""Characters shown to either side of a number that is explained."""
SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
HIGHLIGHT = "bold yellow"


def readable(value: str | float) -> str:
    """A value as people write it: ``15.6T``, ``405B``, ``30,840,000``, ``3.8e+25``."""
    if isinstance(value, str):
        return value
    if value >= 1e16:
        return f"{value:.4g}"
    for scale, letter in SCALES:
        if value >= scale:
            return f"{value / scale:,.6g}{letter}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.6g}"


def facts_table(page: PageFacts) -> Table:
    """The facts of a page, the model's own first."""
    table = Table(title=Text(page.label), title_justify="left", expand=False)
    for name in ("model", "field", "value", "scope", "quote"):
        table.add_column(name, overflow="fold")
    for fact in sorted(page.facts, key=lambda fact: (fact.scope is not Scope.MODEL, fact.model or "", fact.field)):
        sign = "" if fact.qualifier.value in ("=", "range") else fact.qualifier.value
        value = f"{sign}{readable(fact.value)}"
        if fact.number_high is not None:
            value += f" to {readable(fact.number_high)}"
        table.add_row(
            Text(fact.model or "(no model)"), fact.field.value, Text(value), fact.scope.value, quoted(fact, page),
            style="" if fact.scope is Scope.MODEL else "dim",
        )  # fmt: skip
    return table


def quoted(fact: Fact, page: PageFacts) -> Text:
    """A fact's quote on one line, with its number highlighted; a computed value says so."""
    if fact.quote is None or fact.start is None or fact.end is None:
        return Text("(computed)", style="italic")
    marks = [
        (decision.start, decision.end)
        for decision in page.decisions
        if decision.taken and fact.start <= decision.start and decision.end <= fact.end
    ]
    return excerpt(page.text, fact.start, fact.end, marks or [(fact.start, fact.end)])


def excerpt(text: str, start: int, end: int, marks: list[tuple[int, int]]) -> Text:
    """A stretch of a text on one line, cut to :data:`QUOTE_LENGTH` around its first mark, its marks highlighted."""
    before = after = ""
    if end - start > QUOTE_LENGTH:
        low = max(start, marks[0][0] - QUOTE_LENGTH // 2)
        high = min(end, low + QUOTE_LENGTH)
        before, after = "… " if low > start else "", " …" if high < end else ""
        start, end = low, high
    shown = Text(before)
    shown.append("".join(" " if char.isspace() else char for char in text[start:end]))
    for mark_start, mark_end in marks:
        low, high = max(mark_start, start), min(mark_end, end)
        if low < high:
            shown.stylize(HIGHLIGHT, len(before) + low - start, len(before) + high - start)
    shown.append(after)
    return shown


def decisions_table(page: PageFacts) -> Table:
    """Every number of a page, and why it was taken or not."""
    table = Table(title=Text(page.label), title_justify="left", expand=False)
    for name in ("number", "taken", "why", "where"):
        table.add_column(name, overflow="fold")
    for decision in page.decisions:
        where = excerpt(
            page.text, max(0, decision.start - CONTEXT), min(len(page.text), decision.end + CONTEXT),
            [(decision.start, decision.end)],
        )  # fmt: skip
        table.add_row(
            Text(" ".join(decision.text.split())), "yes" if decision.taken else "no", Text(decision.reason), where,
            style="" if decision.taken else "dim",
        )  # fmt: skip
    return table
