"""The shared queue: one sorted set per host, leases on hosts, and a list of what is taken."""

from __future__ import annotations

import asyncio
import logging
import math
import pickle
import time
import uuid
from typing import Self

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.request import request_from_dict
from scrapy_redis.dupefilter import RFPDupeFilter

from flopcrawl.distributed.keys import KEPT_SECONDS, as_text, connect, node_name, run_prefix

logger = logging.getLogger(__name__)

CLAIM = """
-- KEYS: owner, queue, taken · ARGV: node, lease in ms · 1 where the node owns the host now
local owner = redis.call('GET', KEYS[1])
if owner == ARGV[1] then return 1 end
if owner then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
-- what the last owner had taken and did not finish comes first
for _, id in ipairs(redis.call('SMEMBERS', KEYS[3])) do redis.call('ZADD', KEYS[2], -1e9, id) end
redis.call('DEL', KEYS[3])
return 1
"""

TAKE = """
-- KEYS: owner, queue, taken, requests · ARGV: node · id and request, or nothing
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return nil end
local found = redis.call('ZPOPMIN', KEYS[2])
if #found == 0 then return nil end
redis.call('SADD', KEYS[3], found[1])
return {found[1], redis.call('HGET', KEYS[4], found[1])}
"""

RENEW = """
-- KEYS: owner · ARGV: node, lease in ms
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""

RELEASE = """
-- KEYS: owner · ARGV: node
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class DuplicateFilter(RFPDupeFilter):  # type: ignore[misc]
    """scrapy-redis' filter with the project's own fingerprint (a rendered page is another page)."""

    def __init__(self, crawler: Crawler, key: str) -> None:
        super().__init__(connect(crawler.settings), key)
        self.fingerprinter = crawler.request_fingerprinter

    def request_fingerprint(self, request: Request) -> str:
        """The fingerprint, as text."""
        assert self.fingerprinter is not None
        return self.fingerprinter.fingerprint(request).hex()


class SharedScheduler(BaseScheduler):
    """Scrapy's scheduler over Redis. Requests are pickled, so Redis must be as trusted as the nodes themselves."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.redis = connect(crawler.settings)
        self.prefix = run_prefix(crawler.settings)
        self.node = node_name(crawler.settings)
        self.lease = crawler.settings.getfloat("FLOPCRAWL_LEASE_SECONDS", 60.0)
        self.claim = self.redis.register_script(CLAIM)
        self.take = self.redis.register_script(TAKE)
        self.renew = self.redis.register_script(RENEW)
        self.release = self.redis.register_script(RELEASE)
        self.mine: dict[str, tuple[str, Request]] = {}
        self.owned: list[str] = []
        self.beating: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def key(self, *parts: str) -> str:
        """A key of this spider's run."""
        return ":".join((self.prefix, self.spider.name, *parts))

    def open(self, spider: Spider) -> None:
        """Join the run."""
        self.spider = spider
        self.filter = DuplicateFilter(self.crawler, self.key("seen"))
        self.beat()
        self.beating = asyncio.ensure_future(self._keep_beating())

    def close(self, reason: str) -> None:
        """Leave the run; what is taken and not finished is for the others. Who finds nothing left says so."""
        if self.beating:
            self.beating.cancel()
        self._finish()
        for host in list(self.owned):
            self._release(host)
        self.redis.zrem(self.key("nodes"), self.node)
        if reason == "finished":
            self.redis.set(self.key("finished"), 1, ex=KEPT_SECONDS)

    def enqueue_request(self, request: Request) -> bool:
        """Put a request into its host's queue, unless some node has had it before."""
        if not request.dont_filter and self.filter.request_seen(request):
            return False
        host = urlparse_cached(request).netloc
        number = uuid.uuid4().hex
        data = pickle.dumps(request.to_dict(spider=self.spider), protocol=pickle.HIGHEST_PROTOCOL)
        with self.redis.pipeline() as pipe:
            pipe.hset(self.key("requests"), number, data)
            pipe.zadd(self.key("queue", host), {number: -request.priority})
            pipe.sadd(self.key("hosts"), host)
            for name in ("requests", "hosts", "seen"):
                pipe.expire(self.key(name), KEPT_SECONDS)
            pipe.execute()
        return True

    def next_request(self) -> Request | None:
        """The next request of a host that this node owns or can have; None where there is none now."""
        self._finish()
        for host in self._hosts():
            keys = [self.key("owner", host), self.key("queue", host), self.key("taken", host), self.key("requests")]
            found = self.take(keys=keys, args=[self.node])
            if found:
                number, data = as_text(found[0]), found[1]
                request = request_from_dict(pickle.loads(data), spider=self.spider)  # noqa: S301
                self.mine[number] = (host, request)
                # the next one is another host's, so that no host waits for another's delay
                self.owned.append(self.owned.pop(self.owned.index(host)))
                return request
        return None

    def has_pending_requests(self) -> bool:
        """Whether anything waits or is taken, here or elsewhere: the crawl ends for all nodes together."""
        self._finish()
        return self.redis.hlen(self.key("requests")) > 0

    def _hosts(self) -> list[str]:
        """The hosts of this node: it claims free ones up to its fair share, and gives up what is more and at rest."""
        everyone = sorted(as_text(host) for host in self.redis.smembers(self.key("hosts")))
        nodes = max(1, self.redis.zcount(self.key("nodes"), time.time() - self.lease, "+inf"))
        fair = math.ceil(len(everyone) / nodes)
        for host in everyone:
            if host not in self.owned and len(self.owned) < fair:
                keys = [self.key("owner", host), self.key("queue", host), self.key("taken", host)]
                if self.claim(keys=keys, args=[self.node, int(1000 * self.lease)]):
                    self.owned.append(host)
        busy = {host for host, _ in self.mine.values()}
        for host in [host for host in self.owned if host not in busy][: max(0, len(self.owned) - fair)]:
            self._release(host)
        return list(self.owned)

    def _release(self, host: str) -> None:
        """Let another node have a host, if it is still this node's."""
        self.owned.remove(host)
        self.release(keys=[self.key("owner", host)], args=[self.node])

    def _finish(self) -> None:
        """Strike what this node has taken and finished: the engine keeps a request until its items have gone."""
        slot = self.crawler.engine._slot if self.crawler.engine else None
        running = slot.inprogress if slot else set()
        for number, (host, request) in list(self.mine.items()):
            if request not in running:
                with self.redis.pipeline() as pipe:
                    pipe.srem(self.key("taken", host), number)
                    pipe.hdel(self.key("requests"), number)
                    pipe.execute()
                del self.mine[number]

    def beat(self) -> None:
        """Show that this node is alive, and renew its leases; a host whose lease was lost is not its own any more."""
        self.redis.zadd(self.key("nodes"), {self.node: time.time()})
        self.redis.expire(self.key("nodes"), KEPT_SECONDS)
        for host in list(self.owned):
            if not self.renew(keys=[self.key("owner", host)], args=[self.node, int(1000 * self.lease)]):
                self.owned.remove(host)

    async def _keep_beating(self) -> None:
        """Beat three times in a lease, and let the engine look for work that other nodes have put into the queue."""
        while True:
            await asyncio.sleep(self.lease / 3)
            self.beat()
            slot = self.crawler.engine._slot if self.crawler.engine else None
            if slot:
                slot.nextcall.schedule()
