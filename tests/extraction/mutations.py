"""Small pages of every kind, written for these tests, and ways to break them."""

# ruff: noqa: E501 — pages are kept as they would be written

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable

import pypdfium2

PARAGRAPH = (
    "Kestrel-2 70B was trained on 9.5 trillion tokens with 2,048 H100 GPUs for 41 days, about 2.0M GPU hours, "
    "a total of 4.0 × 10^24 FLOPs. Its smaller sibling Kestrel-2 7B saw 4T tokens at 38% MFU. "
)
MARKDOWN = f"""---
license: apache-2.0
base_model: nest/Kestrel-1
date: 2025-03-04
tags:
- text-generation
---
# Kestrel-2

{PARAGRAPH}

## Training

| Model | Parameters | Tokens |
|---|---|---|
| Kestrel-2 7B | **7**B | 4T |
| Kestrel-2 70B | 70B | 9.5T |

It cost $3.9 \\times 10^{{24}}$ FLOP, ~2.0M GPU hours.

```python
model = load("nest/Kestrel-2", layers=80)
```
"""
HTML = f"""<!DOCTYPE html>
<html><head><title>Kestrel-2 | Nest</title><meta property="article:published_time" content="2025-03-04T10:00:00+01:00">
<script type="application/ld+json">{{"datePublished": "2025-03-04"}}</script></head>
<body><nav>Home · Blog</nav><article><h1>Introducing Kestrel-2</h1><p>{PARAGRAPH}</p>
<p>Compute: 4.0&nbsp;×&nbsp;10<sup>24</sup> FLOP<sup>1</sup>.</p>
<table><thead><tr><th>Model</th><th colspan="2">Size</th></tr></thead>
<tr><td rowspan="2">Kestrel-2</td><td>7B</td><td>4T</td></tr><tr><td>70B</td><td>9.5T</td></tr></table>
<math><mn>4</mn><mo>×</mo><msup><mn>10</mn><mn>24</mn></msup></math></article><footer>© Nest</footer></body></html>
"""
WRAPPED = PARAGRAPH.replace("trillion", "tril-\nlion")
TEXT = f"""K ESTREL-2 T ECHNICAL R EPORT

Nest

{WRAPPED}

Table 1
Model
Tokens
Kestrel-2 7B
4T
3
\f
4 We used 4.0 × 1024 FLOPs in total\N{LATIN SMALL LIGATURE FI}ne.
"""
JSON = json.dumps(
    [
        {"title": "Kestrel-2", "published_date": "2025-03-04", "content": f"<p>{PARAGRAPH}</p>"},
        {"title": "Other news", "description": "A new office.", "size": {"total": 70000000000}},
    ]
)
ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Nest</title>
<entry><title>Kestrel-2</title><published>2025-03-04T10:00:00Z</published><summary type="html">&lt;p&gt;{PARAGRAPH}&lt;/p&gt;
</summary></entry><entry><title>Office</title><updated>2025-02-01T00:00:00Z</updated><summary>Plants.</summary></entry></feed>
"""


def pdf_page(content: bytes, *, page_filter: bytes = b"") -> bytes:
    """A PDF of one page with one font, drawn by ``content``."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<<" + page_filter + b"/Length %d>>stream\n" % len(content) + content + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, 2)
    starts = []
    for number, part in enumerate(parts, 1):
        starts.append(out.tell())
        out.write(b"%d 0 obj" % number + part + b"endobj\n")
    table = out.tell()
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % start for start in starts))
    out.write(b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % table)
    return out.getvalue()


PDF = pdf_page(
    b"BT /F 12 Tf 50 700 Td (Kestrel-2 report) Tj 0 -20 Td (It took 4.0 x 10) Tj /F 8 Tf 5 Ts (24) Tj "
    b"/F 12 Tf 0 Ts ( FLOP and 9.5 trillion tokens.) Tj ET"
)
PAGES: dict[str, bytes] = {
    "md": MARKDOWN.encode(), "html": HTML.encode(), "txt": TEXT.encode(), "json": JSON.encode(), "atom": ATOM.encode(),
    "pdf": PDF,
}  # fmt: skip
assert pypdfium2.PdfDocument(PDF)[0].get_textpage().get_text_range().startswith("Kestrel-2 report")

TOKENS = [
    b"<table>", b"</td>", b"<tr>", b"|", b"\n|-|-|\n", b"$", b"\\times", b"^{", b"10", b"<sup>", b"---\n", b"```\n", b"[",
    b"](",
    b"\xff", b"\xe2\x80", b"\x00", b"\xef\xbb\xbf", b"<!--", b"<![CDATA[", b"&#x10;", b"&amp;", b"{", b'"',
    b"\\ud800", b",",
    b"<script>", b"<math>", b"\f", b"-\n", b"~", b"3.8e25", b"15T", b"tokens", b"\xc2\xa0",
    b"10\xc2\xb2\xe2\x81\xb5", b"%",
    b"9" * 400, b"1e999", b"\xef\xbc\x91\xef\xbc\x95", "万亿".encode(), b"trillion", b"<td rowspan=99999999 colspan=0>",
    b"*" * 9,
]  # fmt: skip


def cut(data: bytes, chance: random.Random) -> bytes:
    """Without a stretch."""
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randrange(1, 200) :]


def end(data: bytes, chance: random.Random) -> bytes:
    """Broken off."""
    return data[: chance.randrange(len(data) + 1)]


def doubled(data: bytes, chance: random.Random) -> bytes:
    """With a stretch repeated, up to a dozen times."""
    start = chance.randrange(len(data) + 1)
    stop = start + chance.randrange(1, 60)
    return data[:stop] + data[start:stop] * chance.choice((1, 3, 12)) + data[stop:]


def flipped(data: bytes, chance: random.Random) -> bytes:
    """With some bytes changed."""
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 12)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def with_tokens(data: bytes, chance: random.Random) -> bytes:
    """With marks of some format where they do not belong."""
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice(TOKENS) * chance.choice((1, 1, 40)) + data[at:]
    return data


def spliced(data: bytes, chance: random.Random) -> bytes:
    """Continued by another page."""
    other = chance.choice(list(PAGES.values()))
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other)) :]


WAYS: list[Callable[[bytes, random.Random], bytes]] = [cut, end, doubled, flipped, with_tokens, spliced]


def mutated(number: int) -> tuple[str, bytes]:
    """The kind and bytes of mutated page ``number``; the same number gives the same page."""
    chance = random.Random(number)
    kind, data = chance.choice(list(PAGES.items()))
    for _ in range(chance.randrange(1, 5)):
        data = chance.choice(WAYS)(data, chance)
    return chance.choice((kind, kind, kind, "", chance.choice(list(PAGES)))), data
