"""What arms a request is on the disk before the byte that completes it may leave."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.powercut.cut import GONE, jobs_and_health, lay
from tests.sweep.strace import SERVER, Call
from tests.sweep.subject import LAST_BYTE, PROMPT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from tests.powercut.recording import Recording
    from tests.sweep.trial import Trial

SUBMITS: Final = 20
_LOG: Final = "library.sqlite3-wal"
_NUMBER: Final = re.compile(PROMPT.encode() + rb" (\d{3})")
"""The number of a press, as its request holds it."""
_ARMED: Final = re.compile(
    PROMPT.encode() + rb" (\d{3})" + rb"(?:(?!" + PROMPT.encode() + rb").)*?\}[\d.]+sending", re.DOTALL
)
"""A job's row in a page of the library, in the state in which it is armed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How many last bytes left, and what was wrong with each that left too early."""

    last_bytes: int
    breaches: tuple[str, ...]


async def order(recording: Recording, trial: Trial) -> Order:
    """Look at every last byte: the library's log is synced, and a disk that keeps only what was synced tells
    of the request that it completes."""
    unsynced = tuple(_sent_over_unsynced(recording.calls))
    unarmed = [breach async for breach in _sent_unarmed(recording, trial)]
    return Order(last_bytes=sum(map(_is_last_byte, recording.calls)), breaches=(*unsynced, *unarmed))


def _sent_over_unsynced(calls: Iterable[Call]) -> Iterator[str]:
    """Last bytes that left before the write that arms their request was followed by a finished sync."""
    words: dict[str, bytes] = {}
    armings: list[tuple[bytes, int]] = []
    synced: list[tuple[int, int]] = []
    for call in sorted(calls, key=lambda call: call.entered):
        if call.about.endswith(_LOG) and call.name == "pwrite64":
            armings += [(number, call.left) for number in _ARMED.findall(call.texts[0])]
        elif call.about.endswith(_LOG) and call.name == "fdatasync":
            synced.append((call.entered, call.left))
        elif _is_last_byte(call):
            number = _NUMBER.findall(words.pop(_socket(call), b""))[-1:]
            written = [left for armed, left in armings if [armed] == number]
            if not any(began > min(written, default=began) and end < call.entered for began, end in synced):
                yield f"line {call.entered}: the last byte left before the library's log was synced"
        elif call.about == SERVER and call.name == "sendto":
            words[_socket(call)] = words.get(_socket(call), b"") + call.texts[0]


def _socket(call: Call) -> str:
    """Which connection a call is about."""
    return call.arguments.partition(",")[0]


async def _sent_unarmed(recording: Recording, trial: Trial) -> AsyncIterator[str]:
    for moment in recording.moments():
        if moment.about_to_send:
            lay(moment, GONE, trial)
            jobs, _ = await jobs_and_health(trial.data)
            armed = sum(job.attempt > 0 for job in jobs.values())
            if armed <= moment.sent:
                yield f"last byte {moment.sent + 1} left with {armed} armed on the disk"


def _is_last_byte(call: Call) -> bool:
    return call.name == "sendto" and call.about == SERVER and call.texts == (LAST_BYTE,)
