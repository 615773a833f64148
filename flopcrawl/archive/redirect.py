"""Redirects that are followed each for its own page.

Scrapy's middleware gives a redirect to its filter of duplicates: where a site sends all its pages to one address (a
login, a captcha), the second and every further request would vanish there, with neither an answer nor an error, and so
without a fallback or a last good copy.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.http import Response


class EachRedirectMiddleware(RedirectMiddleware):
    """Redirects by status. ``REDIRECT_MAX_TIMES`` bounds circles."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Follow a redirect, wherever others led before."""
        return _unfiltered(super().process_response(request, response))


class EachMetaRefreshMiddleware(MetaRefreshMiddleware):
    """Redirects by a page's own ``<meta http-equiv="refresh">``."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Follow a redirect, wherever others led before."""
        return _unfiltered(super().process_response(request, response))


def _unfiltered(answer: Request | Response) -> Request | Response:
    return answer.replace(dont_filter=True) if isinstance(answer, Request) else answer
