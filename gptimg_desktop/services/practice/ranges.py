"""A part of a file instead of all of it, as a download that goes on where it broke off asks for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from gptimg_desktop.services.practice.exchange import Answer

_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def part_of(answer: Answer, wanted: str, only_if: str) -> Answer:
    """The answer, cut down to the range that is `wanted` (a Range header, "" for none).

    The whole file goes back where the header asks for something else than one range of bytes, and where
    `only_if` (an If-Range header, "" for none) names another state of the file. 416 where the range lies
    behind the end of the file.
    """
    tag = answer.headers.get("ETag")
    if answer.status != 200 or tag is None:
        return answer
    whole = replace(answer, headers={**answer.headers, "Accept-Ranges": "bytes"})
    span = _span(wanted, len(answer.body))
    if span is None or only_if not in {"", tag}:
        return whole
    start, end = span
    if start >= end:
        return Answer(status=416, headers={"Content-Range": f"bytes */{len(answer.body)}"})
    told = {**whole.headers, "Content-Range": f"bytes {start}-{end - 1}/{len(answer.body)}"}
    return Answer(status=206, headers=told, body=answer.body[start:end])


def _span(wanted: str, length: int) -> tuple[int, int] | None:
    """Where the range begins and ends (exclusive); None where the header is none that counts."""
    match = _RANGE.fullmatch(wanted.strip())
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        return max(0, length - int(last)), length
    if last and int(last) < int(first):
        return None
    return int(first), min(length, int(last) + 1 if last else length)
