"""What tiles tell that is not in their jobs: the line, what holds it, how long pictures usually take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.gate import PASSING
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.usual_times import UsualTimes
from gptimg_desktop.ui.gallery.caption import elapsed, place_in_line, present_note, started_at, time_line
from gptimg_desktop.ui.messages import brief, gate_brief

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gptimg_desktop.core.gate import Gate
    from gptimg_desktop.core.job import Job


class Circumstances:
    """Told from outside as they change; asked for each tile that is painted."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._gates: tuple[Gate, ...] = ()
        self._usual = UsualTimes()

    def set_line(self, line: Sequence[Job]) -> bool:
        """The waiting jobs in the order in which they will be sent; True where anything is new."""
        places = {job.id: place for place, job in enumerate(line, 1)}
        is_new = places != self._places
        self._places = places
        return is_new

    def set_gates(self, gates: tuple[Gate, ...]) -> None:
        self._gates = gates

    def set_usual_times(self, usual: UsualTimes) -> None:
        self._usual = usual

    def place(self, job: Job) -> str:
        """Where a job stands in line, in words; "" where it does not."""
        place = self._places.get(job.id) if job.state is JobState.QUEUED else None
        return "" if place is None else place_in_line(place, len(self._places))

    def hold_up(self, job: Job) -> str:
        """What a waiting job waits for at present besides its turn."""
        if job.state is not JobState.QUEUED:
            return ""
        gates = [gate for gate in self._gates if gate.service in {None, job.service}]
        if gates:
            return gate_brief(min(gates, key=_goes_on_by_itself))
        note = present_note(job)
        return "" if note is None else brief(note)

    def short(self, job: Job, now: float) -> str:
        """The place or the time alone: "3/12", "0:23"."""
        place, began = self._places.get(job.id), started_at(job)
        if job.state is JobState.QUEUED and place is not None:
            return f"{place}/{len(self._places)}"
        return "" if began is None else elapsed(now - began)

    def time(self, job: Job, now: float) -> str:
        """How long a job has been worked on, and how long that usually takes."""
        usual = self._usual.of(job.request.tier, is_practice=job.service == PRACTICE)
        return time_line(job, now, usual)


def _goes_on_by_itself(gate: Gate) -> tuple[bool, bool]:
    """What waits for the user is told before what passes, and that before what ends at a time."""
    return gate.kind in PASSING, gate.until is not None
