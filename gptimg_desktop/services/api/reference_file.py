"""Reading a kept reference while it is sent: piece by piece, in a worker thread, checked on the way."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path
    from typing import BinaryIO

    from gptimg_desktop.core.reference import FileReference

PIECE_BYTES: Final = 192 * 1024
"""A multiple of 3, so that pieces of base64 join without padding."""


async def pieces_of(
    reference: FileReference, path: Path, encode: Callable[[bytes], bytes] = bytes
) -> AsyncGenerator[bytes, None]:
    """The reference's bytes, each piece as `encode` makes it; StorageError, at the latest at the end, where
    they are gone or have changed."""
    left, digest = reference.size_bytes, hashlib.sha256()

    def next_piece(file: BinaryIO) -> tuple[int, bytes]:
        piece = file.read(min(PIECE_BYTES, left))
        digest.update(piece)
        return len(piece), encode(piece)

    try:
        with await asyncio.to_thread(path.open, "rb") as file:
            while left:
                count, piece = await asyncio.to_thread(next_piece, file)
                if not count:
                    break
                left -= count
                yield piece
    except OSError:
        left = -1
    if left or digest.hexdigest() != reference.sha256:
        raise StorageError(Problem.of(ProblemKind.REFERENCE_MISSING, name=reference.name))
