"""The JSON body of one submit, streamed, with its last byte apart.

The body is never whole in memory: pictures are read and encoded piece by piece, in a worker thread. Without
the closing brace it is not JSON, so a service that has not seen the last byte cannot act on the rest.
"""

from __future__ import annotations

import base64
import contextlib
import json
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.reference import FileReference, UrlReference
from gptimg_desktop.core.request import MODEL, GenerationRequest
from gptimg_desktop.services.api.reference_file import pieces_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping
    from pathlib import Path

LAST_BYTE: Final = b"}"


class RequestBody:
    """`length` is the size of the whole body in bytes, known before the first byte is read.

    `reference_path` finds a reference's bytes by their sha256; those that were uploaded before have an
    address in `uploaded`, by their sha256 too, and go as that.
    """

    def __init__(
        self,
        request: GenerationRequest,
        reference_path: Callable[[str], Path],
        uploaded: Mapping[str, str] | None = None,
    ) -> None:
        self._reference_path = reference_path
        self._parts = list(_parts(request, uploaded or {}))
        self.length = len(LAST_BYTE) + sum(map(_part_length, self._parts))

    async def all_but_last_byte(self) -> AsyncGenerator[bytes, None]:
        """The body up to its closing brace; StorageError where a reference is gone or has changed."""
        for part in self._parts:
            if isinstance(part, bytes):
                yield part
            else:
                path = self._reference_path(part.sha256)
                # qasync's loop does not end a generator that is left half-way, and this one holds a file.
                async with contextlib.aclosing(pieces_of(part, path, base64.b64encode)) as pieces:
                    async for piece in pieces:
                        yield piece


def _parts(request: GenerationRequest, uploaded: Mapping[str, str]) -> list[bytes | FileReference]:
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
        elif address := uploaded.get(reference.sha256):
            parts.append(comma + json.dumps(address).encode())
        else:
            parts += [comma + f'"data:{reference.media_type};base64,'.encode(), reference, b'"']
    return [*parts, b"]"]


def _part_length(part: bytes | FileReference) -> int:
    return len(part) if isinstance(part, bytes) else (part.size_bytes + 2) // 3 * 4
