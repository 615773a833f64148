"""A replay folder made of the saved real pages beside the project: the replay, and the corpus at its public addresses.

Articles saved as text or Markdown are wrapped into HTML, which is what their sources read; nothing else is arranged. A
page whose address no source knows is left out and counted.
"""

from __future__ import annotations

import csv
import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

from tests.spiders.reading import make, spiders

SHARED = Path(__file__).parents[3] / "shared"
COLUMNS = ("url", "status", "content_type", "fetched_at", "file")
FETCHED = "2026-11-23T00:00:00Z"
NOT_SOURCES = {"epoch", "pasted"}
TYPES = {
    ".html": "text/html; charset=utf-8", ".md": "text/markdown; charset=utf-8", ".txt": "text/plain; charset=utf-8",
}  # fmt: skip

ARXIV = {
    "apertus": "2509.14233", "deepseek-coder-v2": "2406.11931", "deepseek-prover-v2": "2504.21801",
    "deepseek-r1": "2501.12948", "deepseek-v3": "2412.19437", "internvl2.5": "2412.05271", "kimi-audio": "2504.18425",
    "longcat-flash-thinking": "2509.18883", "mimo-7b": "2505.07608", "minicpm4": "2506.07900",
    "minimax-m1": "2506.13585", "moonlight": "2502.16982", "orion-14b": "2401.12246", "pangu-ultra": "2504.07866",
    "qwen": "2309.16609", "qwen2.5-omni": "2503.20215", "qwen3": "2505.09388", "rwkv": "2305.13048",
    "seed-coder": "2506.03524", "seed-thinking-v1.5": "2504.13914", "skywork-13b": "2310.19341",
    "skywork-moe": "2406.06563", "step3-sys": "2507.19427",
}  # fmt: skip
"""Where the reports that the corpus holds as PDF text are published."""


def address(file: str, origin: str) -> str:
    """The public address of a file of the corpus, from the line of ``PROVENANCE.tsv``; "" where there is none."""
    name = Path(file).stem
    if file.startswith("papers/") and name in ARXIV:
        return f"https://arxiv.org/html/{ARXIV[name]}"
    if file.startswith(("papers/", "html/")) and (number := re.search(r"\d{4}\.\d{4,5}", file + origin)):
        return f"https://arxiv.org/html/{number[0]}"
    if page := re.search(r"(?:item|page) (https?://[^\s;,]+)", origin):
        return page[1].rstrip("/")
    if code := re.match(r"github:(\S+?) (\S+)", origin):
        return f"https://raw.githubusercontent.com/{code[1]}/HEAD/{code[2]}"
    return ""


def title_of(text: str) -> str:
    """The title of a report in PDF text, whose capitals stand apart (``P ANGU``), after a line that says what it is."""
    lines = [re.sub(r"\b([A-Z]) ([A-Z]{2,})", r"\1\2", line.strip()) for line in text.splitlines() if line.strip()]
    return next((line for line in lines if not re.fullmatch(r"(?:a )?technical report|\W*\d*\W*", line.lower())), "")


def as_html(path: Path) -> str:
    """A page of text or Markdown as HTML, with the title and the day of its front matter."""
    body, head = path.read_text(encoding="utf-8", errors="replace"), ""
    if path.suffix == ".md":
        if matter := re.match(r"---\n(.*?)\n---\n", body, re.DOTALL):
            body = body[matter.end() :]
            if title := re.search(r"^title:\s*[\"']?(.+?)[\"']?$", matter[1], re.MULTILINE):
                head += f"<title>{html.escape(title[1])}</title>"
            if day := re.search(r"^date:\s*[\"']?(\d{4}-\d\d-\d\d)", matter[1], re.MULTILINE):
                head += f'<meta property="article:published_time" content="{day[1]}">'
        text = MarkdownIt("commonmark").enable("table").render(body)
    else:
        head = f"<title>{html.escape(title_of(body))}</title>"
        text = "".join(f"<p>{html.escape(part)}</p>" for part in re.split(r"\n\s*\n", body))
    return (
        f'<!doctype html><html><head><meta charset="utf-8">{head}</head><body><article>{text}</article></body></html>'
    )


def corpus(folder: Path) -> Iterator[dict[str, str]]:
    """Copy what a source would read of the corpus into ``folder`` and give its rows of the index."""
    known = [make(spider) for spider in spiders() if spider.name not in NOT_SOURCES]
    for line in (SHARED / "corpus" / "PROVENANCE.tsv").read_text(encoding="utf-8").splitlines():
        file, origin, *_ = [*line.split("\t"), ""]
        source = SHARED / "corpus" / file
        url = address(file, origin) if file.startswith(("blogs/", "papers/", "html/")) and source.is_file() else ""
        if not url or source.suffix not in TYPES or not any(spider.reader(url) for spider in known):
            continue
        target = folder / file.replace("/", "__")
        if source.suffix == ".html":  # the first line is the collector's, with the day of the collection
            text = source.read_text(encoding="utf-8", errors="replace")
            target.write_text(re.sub(r"\A<!-- collector.*?-->\s*", "", text, flags=re.DOTALL), encoding="utf-8")
        elif "raw.githubusercontent" not in url:
            target = target.with_suffix(".html")
            target.write_text(as_html(source), encoding="utf-8")
        else:
            shutil.copy(source, target)
        yield {"url": url, "content_type": TYPES[target.suffix], "fetched_at": FETCHED, "file": target.name}


def build(folder: Path) -> int:
    """Make the replay folder and return how many pages it has."""
    folder.mkdir(parents=True)
    replay = SHARED / "replay" / "dev"
    rows: dict[str, dict[str, str]] = {}
    with (replay / "index.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            (folder / row["file"]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(replay / row["file"], folder / row["file"])
            rows[row["url"]] = row
    for row in corpus(folder):
        rows.setdefault(row["url"], {"status": "200", **row})
    with (folder / "index.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows.values())
    return len(rows)
