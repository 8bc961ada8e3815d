"""The body of an HTTP request, read whole: by its length or in chunks, and never more than there may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from email.message import Message
    from io import BufferedIOBase

MOST_BYTES: Final = 512 * 1024 * 1024

_PIECE: Final = 1024 * 1024
_LONGEST_LINE: Final = 4_096
_MOST_TRAILERS: Final = 100


class BadBodyError(Exception):
    """A body that cannot be read to its end; `status` is what to answer, and the connection is spoilt."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def declared_length(headers: Message) -> int | None:
    """How long the body says it is, None for a body in chunks; BadBodyError where that makes no sense."""
    lengths = set(headers.get_all("Content-Length", []))
    coding = headers.get("Transfer-Encoding")
    if coding is not None:
        if lengths or coding.strip().lower() != "chunked":
            raise BadBodyError(400, "a body comes with Content-Length or in chunks")
        return None
    text = lengths.pop().strip() if len(lengths) == 1 else "0"
    if lengths or not (text.isascii() and text.isdigit()):
        raise BadBodyError(400, "Content-Length is not a number")
    if len(text) > 15 or int(text) > MOST_BYTES:
        raise _too_large()
    return int(text)


def read_body(stream: BufferedIOBase, headers: Message) -> bytearray:
    """The whole body; BadBodyError where it is wrong, too long or breaks off."""
    length, body = declared_length(headers), bytearray()
    if length is not None:
        _read(stream, length, body)
        return body
    while size := _chunk_size(stream):
        if len(body) + size > MOST_BYTES:
            raise _too_large()
        _read(stream, size, body)
        if stream.readline(3) != b"\r\n":
            raise BadBodyError(400, "a chunk does not end where it says")
    for _ in range(_MOST_TRAILERS):
        if stream.readline(_LONGEST_LINE).strip() == b"":
            return body
    raise BadBodyError(400, "too many trailers")


def _read(stream: BufferedIOBase, length: int, body: bytearray) -> None:
    """Append exactly the length."""
    end = len(body) + length
    while len(body) < end:
        piece = stream.read(min(_PIECE, end - len(body)))
        if not piece:
            raise BadBodyError(400, "the body breaks off")
        body += piece


def _chunk_size(stream: BufferedIOBase) -> int:
    text = stream.readline(_LONGEST_LINE).partition(b";")[0].strip()
    if not 0 < len(text) <= 12 or not set(text) <= set(b"0123456789abcdefABCDEF"):
        raise BadBodyError(400, "a chunk does not say how long it is")
    return int(text, 16)


def _too_large() -> BadBodyError:
    return BadBodyError(413, f"the body is larger than {MOST_BYTES // 1024**2} MB")
