"""The local service on a socket, in a process of its own.

Usage: python -m tests.bench.server SHORTEST LONGEST [EDGE]  (seconds that a task takes, pixels of a picture)

Tells its address, serves until standard input ends, and then tells what it counted.
"""

from __future__ import annotations

import asyncio
import sys

from tests.bench.child import tell
from tests.bench.service import EDGE, Service


class Line:
    """Speaks HTTP/1.1 for a service, as much of it as our own client needs; connections are kept open."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until the other side ends it."""
        try:
            while True:
                await self._answer_one(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client is through
        finally:
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, path, _ = head.split(" ", 2)
        body = await reader.readexactly(content_length(head))
        status, kind, content = self._service.answer(method, path, body)
        lines = (f"HTTP/1.1 {status} So", f"Content-Type: {kind}", f"Content-Length: {len(content)}", "", "")
        writer.write("\r\n".join(lines).encode() + content)
        await writer.drain()


def content_length(head: str) -> int:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


async def main(shortest_s: float, longest_s: float, edge: int = EDGE) -> None:
    service = Service(shortest_s, longest_s, edge=edge)
    server = await asyncio.start_server(Line(service).serve, "127.0.0.1", 0)
    service.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    tell({"url": service.address})
    await asyncio.to_thread(sys.stdin.read)
    server.close()
    tell(service.found())


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), float(sys.argv[2]), *map(int, sys.argv[3:])))
