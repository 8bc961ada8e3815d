"""Uploading one reference, as the other way to send it: the request then names its address."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import NotOfferedError
from gptimg_desktop.core.reference import url_problem
from gptimg_desktop.services.api.reference_file import pieces_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from typing import Any

    from gptimg_desktop.core.reference import FileReference
    from gptimg_desktop.services.api.reads import Reads

MOST_BYTES: Final = 20 * 1024 * 1024
DEADLINE_S: Final = 300.0
LIFE_S: Final = 72 * 3600.0
"""How long an uploaded picture can be named."""
_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


async def upload(reads: Reads, reference: FileReference, path: Path) -> str:
    """The address of a reference that is uploaded now.

    NotOfferedError where the service takes no uploads, any other AppError where it did not take this one.
    """
    boundary = secrets.token_hex(16)
    ending = _ENDINGS.get(reference.media_type, "bin")
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{reference.sha256[:16]}.{ending}"\r\n'
        f"Content-Type: {reference.media_type}\r\n\r\n"
    ).encode()
    tail = f"\r\n--{boundary}--\r\n".encode()

    async def content() -> AsyncIterator[bytes]:
        yield head
        async for piece in pieces_of(reference, path):
            yield piece
        yield tail

    told = await reads.ask(
        "POST",
        "uploads/images",
        content=content(),
        headers={
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(head) + reference.size_bytes + len(tail)),
        },
        deadline_s=DEADLINE_S,
    )
    address = _address(told.parsed) if told.is_success else None
    if address is not None:
        return address
    error = told.error()
    raise NotOfferedError(error.problem) if told.is_success else error


def _address(parsed: Any) -> str | None:
    """The `url` at the top of the answer or under `data`, where it can be sent on."""
    data = parsed.get("data") if isinstance(parsed, dict) else None
    fields = data if isinstance(data, dict) else parsed
    found = fields.get("url") if isinstance(fields, dict) else None
    return found if isinstance(found, str) and url_problem(found) is None else None
