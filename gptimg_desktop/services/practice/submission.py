"""Reading the body of a submit: big JSON without long stops, and everything that can be wrong with it.

The interpreter's lock is shared with the window, so nothing here may hold it for long: the base64 of the
references never goes through the JSON decoder, and is decoded piece by piece.
"""

from __future__ import annotations

import binascii
import io
import json
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.reference import MOST_REFERENCES, url_problem
from gptimg_desktop.core.request import MODEL, MOST_PROMPT_CHARACTERS, prompt_problem
from gptimg_desktop.core.sizes import AUTO, MOST_PIXELS, PixelSize, Size, Tier, is_impossible, parse_size
from gptimg_desktop.services.practice.exchange import RefusedError, documented_error
from gptimg_desktop.services.practice.prints import placeholder
from gptimg_desktop.services.practice.reference_files import UNREADABLE, small_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Fetch = Callable[[str], bytes | None]

LONG_STRING: Final = 64 * 1024
"""From this length on a data URI is taken out before the JSON is decoded."""

_PIECE: Final = 1024 * 1024  # base64 characters decoded at once; a multiple of four
_HEADER: Final = re.compile(rb"data:image/(png|jpeg|jpg|webp|gif);base64,", re.IGNORECASE)
_LONGEST_HEADER: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A submit that was found in order. `references` are small PNG files, 1 for each that was sent."""

    prompt: str
    size: Size
    tier: Tier
    references: tuple[bytes, ...] = ()


class GoneError(Exception):
    """An address of the service's own that leads to no picture any more."""


def fetch_nothing(address: str) -> None:
    """For callers without uploads: no address is the service's own."""


def read_submission(body: bytes | bytearray, fetch: Fetch = fetch_nothing) -> Submission:
    """The submission that a JSON body holds; RefusedError with the documented answer where it is wrong.

    `fetch` gives the picture file behind an address of the service's own, None for an address elsewhere, and
    raises GoneError where nothing is there any more.
    """
    fields, long_strings = _decode(body)
    if fields.get("model") != MODEL:
        raise _refused(f"model must be {MODEL}")
    _check_number(fields.get("n", 1))
    if not isinstance(fields.get("official_fallback", False), bool):
        raise _refused("official_fallback must be a boolean")
    return Submission(
        prompt=_prompt(fields.get("prompt")),
        size=_size(fields.get("size", "1:1")),
        tier=_tier(fields.get("resolution", Tier.K1.value)),
        references=_references(fields.get("image_urls", []), long_strings, fetch),
    )


def _refused(message: str) -> RefusedError:
    return RefusedError(documented_error(400, message))


def _decode(body: bytes | bytearray) -> tuple[dict[str, Any], Mapping[str, memoryview]]:
    """The object in a JSON body, long data URIs replaced by tokens, and what the tokens stand for."""
    slim, long_strings = _without_long_strings(body)
    try:
        fields = json.loads(slim)
    except (ValueError, RecursionError):
        raise _refused("the body is not valid JSON") from None
    if not isinstance(fields, dict):
        raise _refused("the body must be a JSON object")
    return fields, long_strings


def _without_long_strings(body: bytes | bytearray) -> tuple[bytes, dict[str, memoryview]]:
    """The body with a token in place of each long data URI that is written without escapes."""
    secret = secrets.token_hex(8)
    view, position = memoryview(body), 0
    found: dict[str, memoryview] = {}
    kept: list[bytes | memoryview] = []
    start = body.find(b'"data:')
    while start >= 0:
        end = body.find(b'"', start + 1)
        if end < 0:
            break
        escaped = body[start - 1 : start] == b"\\" or body.find(b"\\", start, end) >= 0
        if not escaped and end - start > LONG_STRING:
            token = f"{secret}:{len(found)}"
            found[token] = view[start + 1 : end]
            kept += [view[position : start + 1], token.encode()]
            position = end
        start = body.find(b'"data:', end)
    return b"".join([*kept, view[position:]]), found


def _check_number(value: object) -> None:
    if type(value) is not int or value != 1:
        raise _refused("n must be 1")


def _prompt(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _refused("prompt is required")
    problem = prompt_problem(value)
    if problem is not None and problem.kind is ProblemKind.PROMPT_TOO_LONG:
        raise _refused(f"prompt must not be longer than {MOST_PROMPT_CHARACTERS} characters")
    if problem is not None:
        raise _refused("prompt has a character that is no text")
    return value


def _size(value: object) -> Size:
    try:
        size = parse_size(value) if isinstance(value, str) else None
    except ValueError:
        size = None
    if size is None or not _is_drawable(size):
        raise _refused(f"invalid size: {json.dumps(value, ensure_ascii=False)[:40]}")
    return size


def _is_drawable(size: Size) -> bool:
    """False for free sizes larger than the largest picture of the service's own table."""
    if size == AUTO or not isinstance(size, PixelSize):
        return True
    return not is_impossible(size) and size.pixels <= MOST_PIXELS


def _tier(value: object) -> Tier:
    try:
        return Tier(str(value))
    except ValueError:
        raise _refused(f"invalid resolution: {json.dumps(value, ensure_ascii=False)[:40]}") from None


def _references(value: object, long_strings: Mapping[str, memoryview], fetch: Fetch) -> tuple[bytes, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _refused("image_urls must be an array of strings")
    if len(value) > MOST_REFERENCES:
        raise _refused(f"image_urls takes at most {MOST_REFERENCES} images")
    edge = 512 if len(value) <= 2 else 256
    return tuple(
        _linked(item, number, edge, fetch)
        if _is_address(item, long_strings)
        else _embedded(long_strings.get(item, item), number, edge)
        for number, item in enumerate(value)
    )


def _is_address(item: str, long_strings: Mapping[str, memoryview]) -> bool:
    return item not in long_strings and item[:5].lower() != "data:"


def _linked(address: str, number: int, edge: int, fetch: Fetch) -> bytes:
    """A small PNG of an upload. Other addresses are never fetched: a drawn print stands for their picture."""
    if url_problem(address) is not None:
        raise _refused(f"image_urls[{number}] is neither a URL nor a data URI")
    try:
        content = fetch(address)
        return placeholder(address, edge) if content is None else small_copy(io.BytesIO(content), edge)
    except GoneError:
        raise _refused(f"image_urls[{number}] names an upload that does not exist or has expired") from None
    except UNREADABLE:
        raise _refused(f"image_urls[{number}] is not a readable image") from None


def _embedded(item: str | memoryview, number: int, edge: int) -> bytes:
    """A small PNG of a picture that came as a data URI."""
    data = item if isinstance(item, memoryview) else memoryview(item.encode("utf-8", "replace"))
    try:
        return small_copy(_unwrapped(data), edge)
    except UNREADABLE:
        raise _refused(f"image_urls[{number}] is not a readable image") from None


def _unwrapped(data: memoryview) -> io.BytesIO:
    """The file inside a base64 data URI; ValueError where it is none."""
    header = _HEADER.match(bytes(data[:_LONGEST_HEADER]))
    if header is None:
        raise ValueError("not a base64 image")
    payload, file = data[header.end() :], io.BytesIO()
    for start in range(0, len(payload), _PIECE):
        file.write(binascii.a2b_base64(payload[start : start + _PIECE], strict_mode=True))
    file.seek(0)
    return file
