"""Work that several requests ask for at the same moment, done once for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


class Shared:
    """Coroutines under way, by what they work out. Who comes while one runs waits for it, and gets what it gives."""

    def __init__(self) -> None:
        self.under_way: dict[object, asyncio.Task[Any]] = {}

    async def run(self, key: object, work: Callable[[], Awaitable[Any]]) -> Any:
        """What ``work`` gives, started only where nobody has started it for the same ``key``."""
        task = self.under_way.get(key)
        if task is None:
            task = self.under_way[key] = asyncio.ensure_future(self._tracked(key, work))
        return await asyncio.shield(task)  # one visitor who leaves must not stop it for the others

    async def _tracked(self, key: object, work: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await work()
        finally:
            del self.under_way[key]
