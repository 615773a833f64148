"""A web of its own on 127.0.0.1, which fails in every way that real ones do. See :mod:`tests.standin.server`."""

from tests.standin.server import Answer, Request, StandIn, settings_for

__all__ = ["Answer", "Request", "StandIn", "settings_for"]
