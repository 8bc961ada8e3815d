"""The pace of status reads: so much time between two of them to one host, whoever asks."""

from __future__ import annotations

import asyncio


class ReadPace:
    """Shared by all connections to one service."""

    def __init__(self) -> None:
        self._free_at = 0.0

    def free_in_s(self) -> float:
        """Seconds until the next read may begin; 0 where it may at once."""
        return max(0.0, self._free_at - asyncio.get_running_loop().time())

    async def turn(self, between_s: float) -> None:
        """Wait for the next turn and take it: in the order of asking, `between_s` seconds apart."""
        wait_s = self.free_in_s()
        self._free_at = asyncio.get_running_loop().time() + wait_s + between_s
        if wait_s:
            await asyncio.sleep(wait_s)
