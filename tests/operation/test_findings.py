"""Every finding that the code can make has its row in the operator's page, and no row is of one that is no more."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATUSES = ("rejected", "conflict")
"""Of hand-edited rows that are told: what an f-string in the code stands for."""


def words(node: ast.expr) -> set[str]:
    """The kinds that an argument can be."""
    match node:
        case ast.Constant(value=str(word)):
            return {word}
        case ast.IfExp(body=one, orelse=other):
            return words(one) | words(other)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), ast.FormattedValue()]):
            return {start + status for status in STATUSES}
    raise AssertionError(f"a finding's kind is a literal word, so that it can be documented: {ast.unparse(node)}")


def made() -> set[str]:
    """The kinds of all findings in the code."""
    found: set[str] = set()
    for path in (ROOT / "flopcrawl").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Finding":
                if len(node.args) > 2:
                    found |= words(node.args[2])
                else:
                    assert any(isinstance(argument, ast.Starred) for argument in node.args), path
    return found


def test_every_finding_has_its_row() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = page[page.index("| finding |") :].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    documented = [kind for cell in cells for kind in re.findall(r"`([a-z-]+)`", cell)]
    assert len(documented) == len(set(documented))
    assert set(documented) == made()
    assert len(made()) > 20
