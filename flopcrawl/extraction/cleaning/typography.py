"""Typography that stands between a reader and the words: odd spaces, ligatures, full-width digits, LaTeX."""

from __future__ import annotations

import re

from ftfy import fix_encoding

from flopcrawl.extraction.cleaning.limits import MAX_MENDED

SPACES = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000), " ")
NOTHING = dict.fromkeys(
    (
        0xAD, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFE0E, 0xFE0F, 0xFEFF,
        *range(0x00, 0x09), 0x0B, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF,
        *range(0xD800, 0xE000),
    )
)  # fmt: skip
"""What nobody sees: soft hyphens, zero-width and direction marks, control characters, halves of surrogate pairs."""

LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
HYPHENS = {0x2010: "-", 0x2011: "-", 0xFE63: "-"}
FULL_WIDTH = {
    code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
} | {ord(wide): narrow for wide, narrow in zip("％＋－．：～＝", "%+-.:~=", strict=True)}
MATHEMATICAL_DIGITS = {0x1D7CE + offset: str(offset % 10) for offset in range(50)}
"""Bold, double-struck, sans-serif and monospaced digits."""

TABLE = {**SPACES, **NOTHING, **LIGATURES, **HYPHENS, **FULL_WIDTH, **MATHEMATICAL_DIGITS}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
ODD = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\U0010ffff]+")
"""Runs of characters of which some may be in :data:`TABLE`: to look them up alone spares the plain ones."""
MISREAD = re.compile("Ã[\x80-\xbf–—‘’“”†‡•…€™š]|â€|Â[\xa0±·°]|ï¬")
"""UTF-8 that was once read as a Western encoding and saved so: ``Ã—`` for ``×``."""
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
MINUS_IN_NAME = re.compile(
    r"(?<=[A-Za-z])−(?=[A-Za-z])|(?<=[A-Za-z]{2})−(?=[A-Za-z0-9])|(?<=\d)−(?=[A-Z][a-z])|(?<=\d[BM])−(?=\d)"
)
"""A minus sign for the hyphen of a name (``Lyra−7B``): no formula has two letters before one."""
RAISED_AFTER_TEN = re.compile(r"10(?<![\d.,]10)([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})")

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
TIMES = re.compile(r" ?([×·]) ?")
BRACED_POWER = re.compile(r"\^\s*\{\s*([^{}]{0,40}?)\s*\}")
DOLLARS = re.compile(r"\$\$?([^$\n]{1,400}?)\$\$?")
MATHS = re.compile(r"[\\^]|^[\s\d.,~<>=≈×·+\-−KMBTkG%]+$")


def tidy(text: str) -> str:
    """Plain characters for odd ones: spaces, hyphens, ligatures, digits, powers of ten; what nobody sees is gone."""
    if "\r" in text or "\f" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    if text.isascii():
        return CONTROL.sub("", text)
    text = ODD.sub(lambda match: match[0].translate(TABLE), text)
    if "−" in text:
        text = MINUS_IN_NAME.sub("-", text)
    return RAISED_AFTER_TEN.sub(lambda match: f"10^{match[1].translate(SUPERSCRIPTS)}", text)


def mended(text: str) -> str:
    """A text some lines of which were saved in the wrong encoding, with those lines put right."""
    if not MISREAD.search(text):
        return text
    lines = text.split("\n")
    wrong = [index for index, line in enumerate(lines) if MISREAD.search(line)]
    for index in wrong[:MAX_MENDED]:
        lines[index] = fix_encoding(lines[index])
    return "\n".join(lines)


def plain_latex(text: str) -> str:
    r"""LaTeX in a running text, as a reader would say it: ``$3.8 \times 10^{25}$`` is ``3.8 × 10^25``."""
    if "\\" not in text and "$" not in text and "^" not in text:
        return text
    if "$" in text:
        # a price is no formula: dollars go only where what they enclose looks like one
        text = DOLLARS.sub(lambda match: match[1] if MATHS.search(match[1]) else match[0], text)
    if "\\" in text:
        times = "\\times" in text or "\\cdot" in text
        text = LATEX.sub(_said, text)
        text = TIMES.sub(r" \1 ", text) if times else text
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


HYPHENATED = re.compile(r"-\n(?<=[a-z]-\n)(?=[a-z]{2})")
BROKEN_AT_HYPHEN = re.compile(r"-\n(?<=\w-\n)(?=\w)")
SMALL_CAPS = re.compile(r"([A-Z])(?<!\w[A-Z]) ([A-Z]{2,})\b")
ALONE = frozenset("AI")
"""Letters that are words."""
LOWER = re.compile(r"[a-z]{2}")


def join_hyphenated(text: str) -> str:
    """Words split at the end of a line, whole again: ``trans-`` / ``former``; ``GPT-`` / ``4`` keeps its hyphen."""
    return BROKEN_AT_HYPHEN.sub("-", HYPHENATED.sub("", text))


def join_small_caps(text: str) -> str:
    """Headings in small capitals, whose first letters a PDF gives apart (``T ECHNICAL R EPORT``), whole again."""
    if not SMALL_CAPS.search(text):
        return text
    return "\n".join(_joined_caps(line) if SMALL_CAPS.search(line) else line for line in text.split("\n"))


def _joined_caps(line: str) -> str:
    """A line without its gaps, if it is such a heading: no small letters, and some gap that no single word explains."""
    if LOWER.search(line) or all(match[1] in ALONE for match in SMALL_CAPS.finditer(line)):
        return line
    return SMALL_CAPS.sub(r"\1\2", line)
