"""The profile ``distributed``: the project's settings, with queue, duplicate filter and items in Redis."""

import os

from flopcrawl.settings import *  # noqa: F403 (a settings module is its names)

SCHEDULER = "flopcrawl.distributed.scheduler.SharedScheduler"
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
FLOPCRAWL_NODE = os.environ.get("FLOPCRAWL_NODE", "")  # a name for this node; host and process id where it is empty
FLOPCRAWL_RUN_ID = os.environ.get("FLOPCRAWL_RUN_ID", "")  # the same on every node and on the writer
FLOPCRAWL_LEASE_SECONDS = 60  # a node that is silent for so long has lost its hosts

ITEM_PIPELINES = {"flopcrawl.distributed.items.SendPipeline": 300}
# the run log, the monitors and the memory write or read the database, which only the writer has
EXTENSIONS = {
    "flopcrawl.extensions.limits.ByteLimit": 700,
    "flopcrawl.extensions.jsonlog.JsonLog": 900,
}
SPIDERMON_ENABLED = False
