"""A decoded picture on its way to the screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bitmap:
    """`rgba` holds width × height × 4 bytes, rows from the top, no padding, alpha not premultiplied."""

    width: int
    height: int
    rgba: bytes
