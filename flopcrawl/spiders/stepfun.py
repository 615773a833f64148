"""StepFun's research pages, which a script fills. Needs a browser, so off by default.

Step's models come through the hub and GitHub.
"""

from __future__ import annotations

from flopcrawl.base_spiders.listings import Links
from flopcrawl.base_spiders.news import RenderedNewsSpider


class StepFunSpider(RenderedNewsSpider):
    """See the module."""

    name = "stepfun"
    title = "StepFun research"
    organization = "StepFun"
    home = "https://stepfun.ai/research"
    listings = (Links("https://stepfun.ai/research", css="a[href*='/research/']"),)
    article = r"^https://(?:www\.)?stepfun\.ai/research/(?:en/)?[^/]+/?$"
