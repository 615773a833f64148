"""Markdown: front matter in YAML, then the text by way of HTML (cmark, GitHub's own reader)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import cmarkgfm
import yaml
from cmarkgfm.cmark import Options

from flopcrawl.extraction.cleaning import html
from flopcrawl.extraction.cleaning.dates import iso_day
from flopcrawl.extraction.document import Document

FRONT_MATTER = re.compile(r"\A\ufeff?\s*---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
MAX_FRONT_MATTER = 200_000
DATE_KEYS = ("date", "createdAt", "published", "pubDate", "release_date")
JSX = re.compile(r"(?m)^(?:import|export) .*$")


def clean(text: str) -> Document:
    """Clean a Markdown file. Front matter that is no YAML is read as text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front, body = split_front_matter(text)
    rendered = cmarkgfm.github_flavored_markdown_to_html(JSX.sub("", body), Options.CMARK_OPT_UNSAFE)
    document = html.clean(rendered, whole_page=False)
    published = next((day for key in DATE_KEYS if (day := iso_day(front.get(key)))), document.published)
    title = str(front.get("title") or "").strip() or document.title
    return replace(document, kind="md", title=title, published=published, front_matter=front)


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """The YAML mapping above the text (empty where there is none), and the text."""
    match = FRONT_MATTER.match(text[:MAX_FRONT_MATTER])
    if match is None:
        return {}, text
    try:
        loaded = yaml.safe_load(match[1])
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, text
    if not isinstance(loaded, dict):
        return {}, text
    return {str(key): value for key, value in loaded.items()}, text[match.end() :]
