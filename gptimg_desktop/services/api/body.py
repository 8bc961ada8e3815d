"""The JSON body of one submit, streamed, with its last byte apart.

The body is never whole in memory: pictures are read and encoded piece by piece, in a worker thread. Without
the closing brace it is not JSON, so a service that has not seen the last byte cannot act on the rest.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.core.request import MODEL, FileReference, GenerationRequest, UrlReference

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

PIECE_BYTES: Final = 192 * 1024  # a multiple of 3, so that pieces of base64 join without padding
LAST_BYTE: Final = b"}"


class RequestBody:
    """`length` is the size of the whole body in bytes, known before the first byte is read.

    `reference_path` finds a reference's bytes by their sha256.
    """

    def __init__(self, request: GenerationRequest, reference_path: Callable[[str], Path]) -> None:
        self._reference_path = reference_path
        self._parts = list(_parts(request))
        self.length = len(LAST_BYTE) + sum(map(_part_length, self._parts))

    async def all_but_last_byte(self) -> AsyncIterator[bytes]:
        """The body up to its closing brace; StorageError where a reference is gone or has changed."""
        for part in self._parts:
            if isinstance(part, bytes):
                yield part
            else:
                async for piece in self._encoded(part):
                    yield piece

    async def _encoded(self, reference: FileReference) -> AsyncIterator[bytes]:
        left, digest = reference.size_bytes, hashlib.sha256()

        def next_piece(file: BinaryIO) -> tuple[int, bytes]:
            piece = file.read(min(PIECE_BYTES, left))
            digest.update(piece)
            return len(piece), base64.b64encode(piece)

        try:
            with await asyncio.to_thread(self._reference_path(reference.sha256).open, "rb") as file:
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


def _parts(request: GenerationRequest) -> list[bytes | FileReference]:
    """The body without its last byte, as JSON text with the pictures left as what they are."""
    fields: dict[str, Any] = {
        "model": MODEL,
        "prompt": request.prompt,
        "n": 1,
        "size": str(request.size),
        "resolution": request.tier.value,
    }
    if request.official_fallback:
        fields["official_fallback"] = True
    text = json.dumps(fields, ensure_ascii=False).encode().removesuffix(LAST_BYTE)
    if not request.references:
        return [text]
    parts: list[bytes | FileReference] = [text + b', "image_urls": [']
    for position, reference in enumerate(request.references):
        comma = b", " if position else b""
        if isinstance(reference, UrlReference):
            parts.append(comma + json.dumps(reference.url).encode())
        else:
            parts += [comma + f'"data:{reference.media_type};base64,'.encode(), reference, b'"']
    return [*parts, b"]"]


def _part_length(part: bytes | FileReference) -> int:
    return len(part) if isinstance(part, bytes) else (part.size_bytes + 2) // 3 * 4
