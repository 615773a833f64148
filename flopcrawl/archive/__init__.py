"""The pages: kept with every version, revalidated, served again when a source fails, replayed without a socket.

How one request goes, from the engine to the network and back (orders in :mod:`flopcrawl.settings`):

====  ==============================================================================================================
  10  :class:`~flopcrawl.archive.replay.ReplayMiddleware`: with ``FLOPCRAWL_REPLAY`` it answers everything itself.
 545  :class:`~flopcrawl.archive.fallback.FallbackMiddleware`: after the retries, the fallbacks of the request
      (``request.meta["fallbacks"]``), then the newest good copy.
 548  :class:`~flopcrawl.archive.breaker.CircuitBreakerMiddleware`: a host that keeps failing is left alone for a while.
 550  :class:`~flopcrawl.archive.retry.PatientRetryMiddleware`: retries; waits as long as the server asks.
 560  :class:`~flopcrawl.archive.middleware.ArchiveMiddleware`: Scrapy's HTTP cache over :class:`ArchiveStorage`.
 600  :class:`~flopcrawl.archive.redirect.EachRedirectMiddleware`: redirects, also where all pages lead to one
      (at 580 those of a page's ``<meta>``).
====  ==============================================================================================================

What a spider uses:

* ``request.meta["fallbacks"]``: further addresses of the same facts, tried in order.
* ``request.meta["expect"]``: what the answer must be (:mod:`flopcrawl.archive.quality`): ``json``, ``html``, …
* ``request.meta["fresh_for"]``: seconds for which a good copy is used without asking the server again.
* ``request.meta["optional"]``: the page need not exist (a model without a card): its absence is counted, no error.
* :func:`provenance`: where an answer came from, when it was last known to be true, and its hash.
* :func:`mark_good`: the spider has read what it expected, so this copy may stand in for the source from now on.
* :func:`unusable`: the spider found less than it must (an empty list, another shape): the next best answer, please.
"""

from flopcrawl.archive.fallback import UnusablePageError, unusable
from flopcrawl.archive.provenance import Provenance, mark_good, provenance
from flopcrawl.archive.replay import Replay, ReplayError, replay_of
from flopcrawl.archive.store import Archive, ArchiveError

__all__ = [
    "Archive",
    "ArchiveError",
    "Provenance",
    "Replay",
    "ReplayError",
    "UnusablePageError",
    "mark_good",
    "provenance",
    "replay_of",
    "unusable",
]
