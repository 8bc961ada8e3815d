"""Identifiers as the live service makes them: 26 characters, 10 of time and 16 of chance."""

from __future__ import annotations

import re
import secrets
from typing import Final

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIME_DIGITS: Final = 10
_IDENTIFIER: Final = re.compile(f"[{_DIGITS}]{{26}}")


def new_identifier(now: float) -> str:
    """An identifier that sorts by its moment (Unix seconds) and cannot be guessed."""
    milliseconds, digits = int(now * 1000), []
    for _ in range(_TIME_DIGITS):
        milliseconds, digit = divmod(milliseconds, 32)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits)) + "".join(secrets.choice(_DIGITS) for _ in range(16))


def moment_of(identifier: str) -> float | None:
    """The moment (Unix seconds) in an identifier; None where the text is none of ours."""
    if _IDENTIFIER.fullmatch(identifier) is None:
        return None
    milliseconds = 0
    for digit in identifier[:_TIME_DIGITS]:
        milliseconds = milliseconds * 32 + _DIGITS.index(digit)
    return milliseconds / 1000
