"""The jobs that the gallery holds: those near what is looked at, and those that go on."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job

MOST_JOBS: Final = 2_048
MOST_HELD: Final = 64


class Pages:
    """Jobs by number. Of those that nobody needs to have at hand the longest unused go first.

    Jobs that run or need the user stay, and so do the last ones that somebody held.
    """

    def __init__(self, most: int = MOST_JOBS) -> None:
        self._most = most
        self._jobs: OrderedDict[int, Job] = OrderedDict()
        self._in_hand: dict[int, Job] = {}
        self._seqs: dict[str, int] = {}
        self._held: deque[int] = deque(maxlen=MOST_HELD)

    def __contains__(self, seq: int) -> bool:
        return seq in self._jobs or seq in self._in_hand

    def __len__(self) -> int:
        return len(self._jobs) + len(self._in_hand)

    def get(self, seq: int) -> Job | None:
        job = self._jobs.get(seq)
        if job is None:
            return self._in_hand.get(seq)
        self._jobs.move_to_end(seq)
        return job

    def seq_of(self, job_id: str) -> int | None:
        """The number of a job that is here."""
        return self._seqs.get(job_id)

    def named(self, job_id: str) -> Job | None:
        seq = self._seqs.get(job_id)
        return None if seq is None else self.get(seq)

    def put(self, job: Job) -> None:
        """A job as it is now."""
        self._forget(job.seq)
        (self._in_hand if job.is_running or job.needs_user else self._jobs)[job.seq] = job
        self._seqs[job.id] = job.seq
        if len(self._jobs) > self._most:
            self._make_room()

    def hold(self, seq: int) -> None:
        """Keep a job until as many others were held after it as can be."""
        if seq in self._held:
            self._held.remove(seq)
        self._held.append(seq)

    def _make_room(self) -> None:
        """The longest unused one goes."""
        held = set(self._held)
        longest = next((seq for seq in self._jobs if seq not in held), None)
        if longest is not None:
            self._forget(longest)

    def _forget(self, seq: int) -> None:
        job = self._jobs.pop(seq, None) or self._in_hand.pop(seq, None)
        if job is not None:
            self._seqs.pop(job.id, None)
