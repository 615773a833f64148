"""A Scrapy add-on that shortens every delay alike, whatever spider or setting it is from (``STANDIN_SCALE``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrapy.settings import Settings

SECONDS = ("DOWNLOAD_DELAY", "AUTOTHROTTLE_START_DELAY", "AUTOTHROTTLE_MAX_DELAY", "RETRY_BACKOFF")


class Scaled:
    """Add-ons come after the spider's own settings, so that these are shortened as well."""

    def update_settings(self, settings: Settings) -> None:
        """Shorten."""
        scale = settings.getfloat("STANDIN_SCALE")
        for name in SECONDS:
            settings.set(name, settings.getfloat(name) * scale, priority="cmdline")
        slots: dict[str, dict[str, Any]] = settings.getdict("DOWNLOAD_SLOTS")
        shorter = {host: {**slot, "delay": slot["delay"] * scale} for host, slot in slots.items()}
        settings.set("DOWNLOAD_SLOTS", shorter, priority="cmdline")
