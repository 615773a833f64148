"""Charts as files: one picture with its own style, legend, date and licence, as SVG or PNG."""

from __future__ import annotations

import asyncio
from typing import Any

import vl_convert
from datasette.utils.asgi import Response

from flopcrawl.site.pages import attachment, render
from flopcrawl.site.plots import Plot

COLOURS = {
    "confident": "#0b6b4b", "likely": "#1a5fa8", "speculative": "#96500a", "other": "#5c6675", "series-0": "#1a5fa8",
    "series-1": "#b3410e", "series-2": "#0b6b4b", "series-3": "#86358c", "series-4": "#8a6100", "series-5": "#0a6c7c",
    "series-6": "#a3275b",
}  # fmt: skip
"""Of the styles of marks; those of the light page."""

STYLE = (
    "svg{font-family:sans-serif;background:#fff}text{font-size:12px;fill:#444}.title{font-size:15px;fill:#18202a}"
    ".grid{stroke:#ddd}.point,.bar{color:#1a5fa8;fill:currentColor}.range,.cut{stroke:currentColor;opacity:.45;fill:none}"
    ".line{fill:none;stroke:#b3261e;stroke-width:2}.band{fill:#b3261e;opacity:.12}.forecast{opacity:.5}"
    ".threshold{stroke:#b3261e;stroke-width:1.5;stroke-dasharray:6 4}"
    ".threshold-label{fill:#b3261e;paint-order:stroke;stroke:#fff;stroke-width:4px}"
) + "".join(f".{name}{{color:{colour}}}" for name, colour in COLOURS.items())


async def picture(datasette: Any, plot: Plot, name: str, kind: str) -> Response:
    """A chart as a download called ``name``; ``kind`` is svg or png."""
    text = await render(datasette, "picture.svg", plot=plot, style=STYLE, colours=COLOURS)
    if kind == "svg":
        return attachment(text, f"{name}.svg", "image/svg+xml")
    return attachment(await asyncio.to_thread(vl_convert.svg_to_png, text, scale=2), f"{name}.png", "image/png")
