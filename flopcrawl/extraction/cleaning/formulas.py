"""MathML as one line of text, the way a reader would type it: ``3.8×10^25``."""

from __future__ import annotations

from typing import Any

from flopcrawl.extraction.cleaning.typography import plain_latex

SILENT = frozenset({"annotation", "annotation-xml", "mphantom", "none"})


def formula(math: Any) -> str:
    """A ``math`` element as text: its own TeX where it carries some, else its tree."""
    tex = math.get("alttext") or _annotation(math)
    if tex:
        return plain_latex(f"${tex}$") if "\\" in tex or "^" in tex else tex
    return " ".join(linear(math).split())


def linear(element: Any) -> str:
    """An element of a formula as text. A tree is no deeper than the HTML parser lets it be."""
    tag = _local(element)
    if tag in SILENT:
        return ""
    parts = [linear(child) for child in element]
    match tag, parts:
        case "msup", [base, power]:
            return f"{base}^{power}"
        case "msub", [base, index]:
            return f"{base}_{index}"
        case "msubsup", [base, index, power]:
            return f"{base}_{index}^{power}"
        case "mfrac", [above, below]:
            return f"{above}/{below}"
        case "mspace", _:
            return " "
    tails = [child.tail or "" for child in element]
    inner = "".join(part + tail for part, tail in zip(parts, tails, strict=True))
    return f"{element.text or ''}{inner}".strip("\n\t")


def _annotation(math: Any) -> str:
    """The TeX that a formula carries beside its tree."""
    for element in math.iter():
        if _local(element) == "annotation" and "tex" in (element.get("encoding") or "").lower():
            return element.text or ""
    return ""


def _local(element: Any) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower() if isinstance(tag, str) else "none"
