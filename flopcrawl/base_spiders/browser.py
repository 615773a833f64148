"""A browser for pages that a script fills: the system's Chromium through scrapy-playwright."""

from __future__ import annotations

import shutil
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
"""How systems call it, the free one first."""

NO_CHROMIUM = (
    "no Chromium on this machine, and this source's pages need one: install it (Debian, Ubuntu: apt install chromium) "
    "or leave this source off; all others work without"
)
HANDLER = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
TIMEOUT_MS = 30_000


def chromium() -> str | None:
    """The path of the system's Chromium, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def settings_of() -> dict[str, Any]:
    """Scrapy settings for a spider that renders; none where there is no browser."""
    path = chromium()
    if path is None:
        return {}
    return {
        "DOWNLOAD_HANDLERS": {"http": HANDLER, "https": HANDLER},
        "PLAYWRIGHT_LAUNCH_OPTIONS": {"executable_path": path},
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": TIMEOUT_MS,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 2,
        # pictures, films and fonts say nothing about models
        "PLAYWRIGHT_ABORT_REQUEST": "flopcrawl.base_spiders.browser.is_ballast",
        "CONCURRENT_REQUESTS": 2,
    }


def rendering(wait_for: str) -> dict[str, Any]:
    """Request meta that lets the browser render a page, and take it when ``wait_for`` is there.

    Without something to wait for, the page comes back before its script has run.
    """
    from scrapy_playwright.page import PageMethod

    return {
        "playwright": True,
        "playwright_page_methods": [PageMethod("wait_for_selector", wait_for, state="attached", timeout=TIMEOUT_MS)],
    }


def is_ballast(request: Any) -> bool:
    """Need the browser not fetch this?"""
    return request.resource_type in ("image", "media", "font")
