"""Typography that stands between a reader and the words: odd spaces, ligatures, full-width digits, LaTeX."""

from __future__ import annotations

import re

SPACES = dict.fromkeys(
    map(ord, "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"), " "
)
NOTHING = dict.fromkeys(
    map(
        ord,
        "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\ufeff\ufe0f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    ),
    None,
)
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
HYPHENS = {0x2010: "-", 0x2011: "-", 0xFE63: "-"}
FULL_WIDTH = {
    code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
} | {
    ord(wide): narrow
    for wide, narrow in (("％", "%"), ("＋", "+"), ("－", "-"), ("．", "."), ("：", ":"), ("～", "~"), ("＝", "="))
}
TABLE = {**SPACES, **NOTHING, **LIGATURES, **HYPHENS, **FULL_WIDTH}

LATEX_WORDS = {
    "times": "×", "cdot": "·", "approx": "≈", "sim": "~", "simeq": "≈", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥",
    "ll": "≪", "gg": "≫", "pm": "±", "percent": "%", "quad": " ", "qquad": " ", "dots": "…", "ldots": "…", "cdots": "…",
    "to": "→", "rightarrow": "→", "lt": "<", "gt": ">", "alpha": "α", "beta": "β", "gamma": "γ", "mu": "µ",
}  # fmt: skip
LATEX = re.compile(
    r"\\(?:mathrm|mathbf|mathit|text|textbf|textit|operatorname|mathsf|mbox|rm|bf)\s*\{([^{}]{0,200})\}"
    r"|\\([a-zA-Z]{2,12})(?![a-zA-Z])\s?"
    r"|\\([,;:! %$&#_~])"
    r"|\\([()\[\]])"
)
BRACED_POWER = re.compile(r"\^\s*\{\s*([^{}]{0,40}?)\s*\}")
DOLLARS = re.compile(r"\$\$?([^$\n]{1,400}?)\$\$?")
MATHS = re.compile(r"[\\^]|^[\s\d.,~<>=≈×·+\-−KMBTkG%]+$")


def tidy(text: str) -> str:
    """Plain characters for odd ones: spaces, hyphens, ligatures, full-width digits; zero-width ones are gone."""
    return text if text.isascii() else text.translate(TABLE)


def plain_latex(text: str) -> str:
    r"""LaTeX in a running text, as a reader would say it: ``$3.8 \times 10^{25}$`` is ``3.8 × 10^25``."""
    if "\\" not in text and "$" not in text and "^" not in text:
        return text
    if "$" in text:
        # a price is no formula: dollars go only where what they enclose looks like one
        text = DOLLARS.sub(lambda match: match[1] if MATHS.search(match[1]) else match[0], text)
    if "\\" in text:
        text = LATEX.sub(_said, text)
    return BRACED_POWER.sub(r"^\1", text) if "^" in text else text


def _said(match: re.Match[str]) -> str:
    """One LaTeX command as text. An unknown one stays as it is."""
    if match[1] is not None:
        return match[1]
    if match[2] is not None:
        said = LATEX_WORDS.get(match[2])
        return match[0] if said is None else said + (" " if match[0].endswith(" ") and said not in (" ", "~") else "")
    if match[3] is not None:
        return " " if match[3] in ",;: " else "" if match[3] == "!" else match[3]
    return ""


HYPHENATED = re.compile(r"(?<=[a-z])-\n(?=[a-z]{2})")


def join_hyphenated(text: str) -> str:
    """Words that were split at the end of a line, whole again (``trans-`` / ``former``)."""
    return HYPHENATED.sub("", text)
