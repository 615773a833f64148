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
from flopcrawl.extraction.cleaning.limits import MAX_FRONT_MATTER
from flopcrawl.extraction.cleaning.typography import tidy
from flopcrawl.extraction.document import Document

FRONT_MATTER = re.compile(r"\A\ufeff?\s{0,100}---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
DATE_KEYS = ("date", "createdAt", "published", "pubDate", "release_date")
JSX = re.compile(r"(?m)^(?:import [^\n]{0,200} from ['\"][^\n]{0,200}|export (?:const|default|function) [^\n]*)$")
OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE
"""HTML in Markdown is kept (tables are often written so); one tilde means "about", not "struck out"."""

PLAIN_LINE = re.compile(r"^([A-Za-z_][\w-]{0,40}):[ \t]+(\S[^\n]{0,500})$", re.MULTILINE)


def clean(text: str) -> Document:
    """Clean a Markdown file. Front matter that is no YAML is read line by line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front, above, body = split_front_matter(text)
    rendered = cmarkgfm.github_flavored_markdown_to_html(JSX.sub("", body.replace("\0", "")), OPTIONS)
    document = html.clean(rendered, whole_page=False)
    published = next((day for key in DATE_KEYS if (day := iso_day(front.get(key)))), document.published)
    title = tidy(str(front["title"])).strip() if isinstance(front.get("title"), str) else ""
    document = replace(document, kind="md", title=title or document.title, published=published, front_matter=front)
    return document.with_about(tidy(above).strip())


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str, str]:
    """The mapping above the text (empty where there is none), as it was written, and the text."""
    match = FRONT_MATTER.match(text[:MAX_FRONT_MATTER])
    if match is None:
        return {}, "", text
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(match[1], yaml.CSafeLoader)):
            return {}, "", text  # a few lines of aliases can stand for gigabytes
        loaded = yaml.load(match[1], yaml.CSafeLoader)  # it is a safe loader
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
        # a colon in an unquoted title is enough; the other lines still say what they say
        loaded = dict(PLAIN_LINE.findall(match[1]))
    if not isinstance(loaded, dict) or not loaded:
        return {}, "", text
    return {str(key): value for key, value in loaded.items()}, match[1], text[match.end() :]
