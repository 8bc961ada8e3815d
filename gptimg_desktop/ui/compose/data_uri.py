"""Pictures that come as text: `data:image/png;base64,…`."""

from __future__ import annotations

import base64
import binascii
from typing import Final
from urllib.parse import unquote

from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind

MOST_BYTES: Final = 20 * 1024 * 1024
"""Larger pictures are not even decoded; no service takes them."""

_SLICE: Final = 1 << 20  # characters; a multiple of 4
_SHOWN: Final = 40


def is_data_uri(text: str) -> bool:
    return text[:64].lstrip()[:5].lower() == "data:"


def encoded_picture(text: str) -> str:
    """The base64 text in the address of a picture; BadInputError where it is none, or too large a one."""
    head, _, body = text.strip().partition(",")
    media_type, *marks = (part.strip().lower() for part in head[len("data:") :].split(";"))
    if not media_type.startswith("image/") or "base64" not in marks:
        raise _bad(ProblemKind.REFERENCE_NOT_A_PICTURE, text)
    size = len(body) * 3 // 4
    if size > MOST_BYTES:
        raise _bad(ProblemKind.REFERENCE_TOO_LARGE, text, size_bytes=size, limit_bytes=MOST_BYTES)
    if not body:
        raise _bad(ProblemKind.REFERENCE_DAMAGED, text)
    return body


def decoded(body: str) -> bytes:
    """The bytes behind base64 text; BadInputError where it is not well formed.

    To be called in a thread. Python decodes one piece of text with everything else standing still, so it is
    done in slices: 20 MB at once would hold the window for a tenth of a second.
    """
    plain = unquote(body) if "%" in body else body
    plain = "".join(plain.split()).rstrip("=")
    plain += "=" * (-len(plain) % 4)
    try:
        pieces = [
            base64.b64decode(plain[start : start + _SLICE], validate=True)
            for start in range(0, len(plain), _SLICE)
        ]
    except (ValueError, binascii.Error):
        raise _bad(ProblemKind.REFERENCE_DAMAGED, f"data:image/…;base64,{body[:_SHOWN]}") from None
    return b"".join(pieces)


def _bad(kind: ProblemKind, text: str, **facts: int) -> BadInputError:
    """A problem that quotes the beginning of the address: the rest says nothing to a person."""
    start = text[: 2 * _SHOWN].strip()
    name = start if len(start) <= _SHOWN else f"{start[: _SHOWN - 1]}…"
    return BadInputError(Problem.of(kind, name=name, **facts))
