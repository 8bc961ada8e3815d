"""Reading a kept reference while it is sent: piece by piece, in a worker thread, checked on the way."""

from __future__ import annotations

import asyncio
import hashlib
from functools import partial
from io import FileIO
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.services.to_the_end import to_the_end

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path
    from typing import BinaryIO

    from gptimg_desktop.core.reference import FileReference

PIECE_BYTES: Final = 192 * 1024
"""A multiple of 3, so that pieces of base64 join without padding. Each piece is sent under a time limit of
its own, so a slow line needs them small."""
PIECES_AT_A_TIME: Final = 8
"""How many are made ready by one turn of the worker thread: handing over takes about as long as a piece."""


async def pieces_of(
    reference: FileReference, path: Path, encode: Callable[[bytes], bytes] = bytes
) -> AsyncGenerator[bytes, None]:
    """The reference's bytes, each piece as `encode` makes it; StorageError, at the latest at the end, where
    they are gone or have changed."""
    content = _Content(reference, encode)
    try:
        with await to_the_end(partial(FileIO, path), FileIO.close) as file:
            while pieces := await asyncio.to_thread(content.next_pieces, file):
                for piece in pieces:
                    yield piece
    except OSError:
        is_whole = False
    else:
        is_whole = content.is_whole
    if not is_whole:
        raise StorageError(Problem.of(ProblemKind.REFERENCE_MISSING, name=reference.name))


class _Content:
    """What was read of a reference so far. A file that goes on behind its end is read no further."""

    def __init__(self, reference: FileReference, encode: Callable[[bytes], bytes]) -> None:
        self._reference = reference
        self._encode = encode
        self._left = reference.size_bytes
        self._digest = hashlib.sha256()

    @property
    def is_whole(self) -> bool:
        """True once all of it was read, and it is what was kept."""
        return not self._left and self._digest.hexdigest() == self._reference.sha256

    def next_pieces(self, file: BinaryIO) -> list[bytes]:
        """The next ones, encoded; none at the end."""
        pieces: list[bytes] = []
        while self._left and len(pieces) < PIECES_AT_A_TIME and (piece := self._next(file)):
            pieces.append(self._encode(piece))
        return pieces

    def _next(self, file: BinaryIO) -> bytes:
        piece = _full(file, min(PIECE_BYTES, self._left))
        self._left -= len(piece)
        self._digest.update(piece)
        return piece


def _full(file: BinaryIO, count: int) -> bytes:
    """So many bytes, fewer only at the file's end: a disk behind a network may hand over less at a time."""
    piece = file.read(count)
    while piece and len(piece) < count and (more := file.read(count - len(piece))):
        piece += more
    return piece
