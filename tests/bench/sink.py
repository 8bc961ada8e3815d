"""A server that throws away what it is sent, and says that all is well.

Usage: python -m tests.bench.sink  (until standard input ends)
"""

from __future__ import annotations

import asyncio
import sys

from tests.bench.child import tell
from tests.bench.server import content_length

READ_BYTES = 1024 * 1024
ANSWER = b"HTTP/1.1 200 So\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    left = content_length(head)
    while left and (piece := await reader.read(READ_BYTES)):
        left -= len(piece)
    writer.write(ANSWER)
    await writer.drain()
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(take, "127.0.0.1", 0, limit=READ_BYTES)
    tell({"url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"})
    await asyncio.to_thread(sys.stdin.read)
    server.close()
    tell({})


if __name__ == "__main__":
    asyncio.run(main())
