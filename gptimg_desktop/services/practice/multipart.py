"""Reading one field out of a form that was sent as multipart/form-data."""

from __future__ import annotations

import email
from dataclasses import dataclass
from email.utils import collapse_rfc2231_value
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

_LONGEST_BOUNDARY: Final = 200
_LONGEST_HEADERS: Final = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. `filename` is empty where it is no file."""

    name: str
    filename: str
    content: bytes


def find_field(content_type: str, body: bytes | bytearray, name: str) -> Field | None:
    """The first field of a name; ValueError, with a reason, where the body is no whole form."""
    for block in _blocks(body, _boundary(content_type)):
        field = _field(block)
        if field.name == name:
            return field
    return None


def _boundary(content_type: str) -> bytes:
    header = _headers(f"Content-Type: {content_type}")
    boundary = header.get_boundary("")
    if header.get_content_type() != "multipart/form-data" or not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        raise ValueError("the body must be multipart/form-data with a boundary")
    return boundary.encode("utf-8", "replace")


def _blocks(body: bytes | bytearray, boundary: bytes) -> Iterator[bytes]:
    """What stands between the marks: a line break, headers, an empty line, content."""
    mark = b"\r\n--" + boundary
    start = 0 if body.startswith(mark[2:]) else body.find(mark) + 2
    if start == 1:
        raise ValueError("the form does not begin with its boundary")
    start += len(mark) - 2
    while body[start : start + 2] != b"--":
        end = body.find(mark, start)
        if end < 0:
            raise ValueError("the form breaks off")
        yield bytes(body[start:end])
        start = end + len(mark)


def _field(block: bytes) -> Field:
    end = block.find(b"\r\n\r\n", 0, _LONGEST_HEADERS)
    if end < 0:
        raise ValueError("a field of the form has no headers")
    headers = _headers(block[:end].decode("utf-8", "replace").strip())
    return Field(
        name=_parameter(headers, "name"),
        filename=_parameter(headers, "filename"),
        content=block[end + 4 :],
    )


def _headers(text: str) -> Message:
    return email.message_from_string(text + "\r\n\r\n")


def _parameter(headers: Message, name: str) -> str:
    value = headers.get_param(name, "", header="content-disposition")
    return collapse_rfc2231_value(value) if value else ""
