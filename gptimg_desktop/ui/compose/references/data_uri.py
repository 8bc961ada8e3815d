"""Pictures that come as text: `data:image/png;base64,…`."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES: Final = 100 * 1000 * 1000
"""Larger pictures are not even decoded, as larger files are not read."""

_SLICE: Final = 1 << 20  # characters; a multiple of 4
_SHOWN: Final = 40
_HEAD: Final = 1000  # characters; far more than what says the kind of a picture
_FILLING: Final = "= \t\r\n"


def is_data_uri(text: str) -> bool:
    return text[:64].lstrip()[:5].lower() == "data:"


def encoded_picture(text: str) -> str:
    """The address of a picture, still to be decoded; BadInputError where it is that of none, or of one too
    large. Nothing of its length is copied."""
    address = text.strip()
    head, comma, _ = address[:_HEAD].partition(",")
    media_type, *marks = (part.strip().lower() for part in head[len("data:") :].split(";"))
    if not media_type.startswith("image/") or "base64" not in marks:
        raise _bad(ProblemKind.REFERENCE_NOT_A_PICTURE, text)
    length = len(address) - len(head) - len(comma)
    size = length * 3 // 4
    if size > MOST_BYTES:
        raise _bad(ProblemKind.REFERENCE_TOO_LARGE, text, size_bytes=size, limit_bytes=MOST_BYTES)
    if not length:
        raise _bad(ProblemKind.REFERENCE_DAMAGED, text)
    return address


def decoded(address: str) -> bytes:
    """The bytes of a picture in its address; BadInputError where its base64 is not well formed.

    To be called in a thread. Python handles one piece of text with everything else standing still, so it is
    done in slices: 100 MB at once would hold the window for half a second.
    """
    start = address.find(",") + 1
    if "%" in address:
        address, start = unquote(address[start:]), 0
    try:
        return b"".join(_pieces(address, start))
    except (ValueError, binascii.Error):
        begins = address[start : start + _SHOWN]
        raise _bad(ProblemKind.REFERENCE_DAMAGED, f"data:image/…;base64,{begins}") from None


def _pieces(text: str, start: int) -> Iterator[bytes]:
    """What base64 text stands for, blanks and lines within it passed over, its filling there or not."""
    end, left = len(text), ""
    while end > start and text[end - 1] in _FILLING:
        end -= 1
    for place in range(start, end, _SLICE):
        plain = left + "".join(text[place : min(place + _SLICE, end)].split())
        whole = len(plain) - len(plain) % 4
        left = plain[whole:]
        yield base64.b64decode(plain[:whole], validate=True)
    yield base64.b64decode(left + "=" * (-len(left) % 4), validate=True)


def _bad(kind: ProblemKind, text: str, **facts: int) -> BadInputError:
    """A problem that quotes the beginning of the address: the rest says nothing to a person."""
    start = text[: 2 * _SHOWN].strip()
    name = start if len(start) <= _SHOWN else f"{start[: _SHOWN - 1]}…"
    return BadInputError(Problem.of(kind, name=name, **facts))
