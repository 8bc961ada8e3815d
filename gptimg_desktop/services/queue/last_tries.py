"""When a link that stayed dead after its time is given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gptimg_desktop.services.queue.clock import Clock

TIMES: Final = 3
APART_S: Final = 600.0


class LastTries:
    """Whether everything had its time is told by the date, which may be wrong. So a picture is given up only
    after three tries more, each at least ten minutes after the one before on the monotonic clock: a date that
    is put right meanwhile comes in time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tries: dict[str, list[float]] = {}

    def failed(self, job_id: str) -> bool:
        """Count one such try; True once no other is due."""
        now, tries = self._clock.monotonic(), self._tries.setdefault(job_id, [])
        if not tries or now - tries[-1] >= APART_S:
            tries.append(now)
        return len(tries) >= TIMES

    def forget(self, job_id: str) -> None:
        """Its time is not over, or the job is."""
        self._tries.pop(job_id, None)
