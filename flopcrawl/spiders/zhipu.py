"""Z.ai's (Zhipu's) release notes: one page with a block per release, whose anchor is its day.

Fallback: the last good copy; GLM models come through the hub and GitHub.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Entries
from flopcrawl.base_spiders.news import NewsSpider


class ZhipuSpider(NewsSpider):
    """See the module."""

    name = "zhipu"
    title = "Z.ai release notes"
    organization = "Z.ai (Zhipu AI)"
    home = "https://docs.z.ai/release-notes/new-released"
    listings = (
        Entries(
            "https://docs.z.ai/release-notes/new-released",
            css=".update-container, [data-component-name='update-container']",
            title="h1, h2, h3, [data-component-part='update-description']",
        ),
    )
