"""A file on its way here, in one go or in several: what of it has come, and of which version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import httpx

PIECE_BYTES: Final = 64 * 1024
_STRONG_TAG: Final = re.compile(r'"[\x21\x23-\x7e]{1,512}"')
_RANGE: Final = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")


class AnotherVersionError(Exception):
    """What the server sends does not continue what is here."""


class Arrival:
    """Gathers what comes into pieces of 64 KiB and hands them to `write`.

    With `begin_anew`, which throws away all that was written, a file that broke off can be continued, where
    the server gave its version a name that stands for these very bytes (a strong ETag) and nobody can doubt
    what was written: a write that was itself broken off ends that.
    """

    def __init__(
        self,
        write: Callable[[bytes], Awaitable[None]],
        begin_anew: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.received = 0
        self._write = write
        self._begin_anew = begin_anew
        self._waiting = bytearray()
        self._version = ""
        self._total: int | None = None

    @property
    def can_continue(self) -> bool:
        """True where something is here that a server can be asked to continue."""
        return self.received > 0 and self._version != ""

    @property
    def headers(self) -> Mapping[str, str]:
        """What asks for the rest: of this version only, else for the whole file."""
        if not self.can_continue:
            return {}
        return {"Range": f"bytes={self.received}-", "If-Range": self._version}

    async def begin(self, response: httpx.Response, declared: int | None) -> None:
        """The whole file comes, `declared` bytes of it where the server says so."""
        await self.forget()
        tag = response.headers.get("etag", "")
        if self._begin_anew is not None and _STRONG_TAG.fullmatch(tag):
            self._version, self._total = tag, declared

    def check_continuation(self, response: httpx.Response) -> None:
        """AnotherVersionError unless an answer (206) goes on with the next byte of the same version."""
        found = _RANGE.fullmatch(response.headers.get("content-range", ""))
        if found is None or response.headers.get("etag") != self._version:
            raise AnotherVersionError
        first, last, total = map(int, found.groups())
        if first != self.received or last != total - 1 or self._total not in {None, total}:
            raise AnotherVersionError
        self._total = total

    async def take(self, piece: bytes) -> None:
        self.received += len(piece)
        self._waiting += piece
        if len(self._waiting) >= PIECE_BYTES:
            await self.flush()

    async def flush(self) -> None:
        """Write what waits for its piece to be full."""
        if self._waiting:
            piece = bytes(self._waiting)
            self._waiting.clear()
            version, self._version = self._version, ""  # broken off, it may be made later, in part, or never
            await self._write(piece)
            self._version = version

    async def forget(self) -> None:
        """Nothing of it is here any more."""
        self._waiting.clear()
        self._version = ""  # before what follows is broken off
        if self.received and self._begin_anew is not None:
            await self._begin_anew()
        self.received, self._total = 0, None
