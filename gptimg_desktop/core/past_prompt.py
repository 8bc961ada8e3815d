"""A prompt that was sent before."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPrompt:
    """The text as it was written, with its variables; when it was sent last (seconds since the epoch), and
    how often."""

    text: str
    used_at: float
    times: int
