"""Words that a page has only in the data for its own JavaScript (``__NEXT_DATA__``, ``window.__STATE__ = …``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from flopcrawl.extraction.cleaning.limits import MAX_DEPTH, MAX_SCRIPT

ASSIGNED = re.compile(r"(?:\A\s*|=\s*)(?=[{\[])")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.){40,})"')
"""A JSON text long enough to be a sentence."""
MIN_SENTENCE = 40
CODE = re.compile(r"[{};]\s*(?:\n|$)|=>|function\s*\(|^[\w\s.#>:,-]+\{")


def hidden_words(root: Any) -> Iterator[str]:
    """Sentences (some of them in HTML) in the data of a page's scripts, in order."""
    left = MAX_SCRIPT
    for script in root.iter("script"):
        source = (script.text or "")[:left]
        left -= len(source)
        for text in _texts(source):
            if len(text) >= MIN_SENTENCE and " " in text.strip() and not CODE.search(text):
                yield text


def _texts(source: str) -> Iterator[str]:
    """Every text in a script: of its JSON, where it is or assigns some, else its literals and what they enclose."""
    begins = ASSIGNED.search(source)
    if begins:
        try:
            data, _ = json.JSONDecoder().raw_decode(source, begins.end())
        except (ValueError, RecursionError):
            pass  # a program, not data
        else:
            yield from strings(data)
            return
    for match in LITERAL.finditer(source):
        text = _decoded(match[1])
        inner = [_decoded(found[1]) for found in LITERAL.finditer(text)]
        yield from inner or [text]


def _decoded(literal: str) -> str:
    """The text that a JSON literal (without its quotes) stands for; "" where it is none."""
    try:
        return str(json.loads(f'"{literal}"'))
    except ValueError:
        return ""


def strings(data: Any) -> Iterator[str]:
    """Every text in a JSON value, in order; what is nested beyond :data:`MAX_DEPTH` is left out."""
    stack: list[tuple[Any, int]] = [(data, 0)]
    while stack:
        value, depth = stack.pop()
        if isinstance(value, str):
            yield value
        elif depth < MAX_DEPTH and isinstance(value, dict):
            stack.extend((child, depth + 1) for child in reversed(value.values()))
        elif depth < MAX_DEPTH and isinstance(value, list):
            stack.extend((child, depth + 1) for child in reversed(value))
