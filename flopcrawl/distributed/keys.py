"""Names of what is in Redis, one place. All of a run ends with it, a week after its last use at the latest."""

from __future__ import annotations

import os
import platform
from typing import Any

from redis import Redis
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings
from scrapy_redis.connection import get_redis_from_settings

KEPT_SECONDS = 7 * 24 * 3600


def connect(settings: BaseSettings) -> Redis:
    """The connection that ``REDIS_URL`` names."""
    client: Redis = get_redis_from_settings(settings)
    return client


def run_prefix(settings: BaseSettings) -> str:
    """What the keys of a run begin with.

    Raises:
        NotConfigured: the run has no name, so that nodes could not find each other.
    """
    run_id = str(settings["FLOPCRAWL_RUN_ID"])
    if not run_id:
        raise NotConfigured("FLOPCRAWL_RUN_ID is not set: every node and the writer of a run need the same one")
    return f"flopcrawl:{run_id}"


def node_name(settings: BaseSettings) -> str:
    """This node's name, different for every process."""
    return str(settings["FLOPCRAWL_NODE"] or platform.node()) + f":{os.getpid()}"


def as_text(value: Any) -> str:
    """A name from Redis."""
    return value.decode() if isinstance(value, bytes) else str(value)
