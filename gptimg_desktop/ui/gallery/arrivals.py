"""What is new and has not been seen yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gptimg_desktop.core.job import JobState

if TYPE_CHECKING:
    from collections.abc import Collection

    from gptimg_desktop.core.job import Job


class Arrivals:
    """Counts jobs, by number: new tiles above what is looked at, results that came out of sight, and results
    that the filter does not show. Each counts once, until it is seen."""

    def __init__(self) -> None:
        self._on_their_way: set[int] = set()
        self._unseen: set[int] = set()
        self._hidden: set[int] = set()

    def __len__(self) -> int:
        return len(self._unseen | self._hidden)

    @property
    def unseen(self) -> Collection[int]:
        """Those that have a row."""
        return self._unseen

    @property
    def hidden(self) -> Collection[int]:
        """Those that have none."""
        return self._hidden

    def has_landed(self, job: Job) -> bool:
        """Note a job's new state; True where its picture was saved just now."""
        if job.is_running:
            self._on_their_way.add(job.seq)
            return False
        was_on_its_way = job.seq in self._on_their_way
        self._on_their_way.discard(job.seq)
        if job.binned_at is not None:
            self._unseen.discard(job.seq)
        return was_on_its_way and job.state is JobState.SAVED and job.binned_at is None

    def add(self, seq: int) -> None:
        """Something new that is out of sight."""
        self._unseen.add(seq)

    def add_hidden(self, seq: int) -> None:
        """Something new that the filter does not show."""
        self._unseen.discard(seq)
        self._hidden.add(seq)

    def see(self, seqs: Collection[int]) -> None:
        """These are in sight now."""
        self._unseen.difference_update(seqs)

    def forget(self) -> None:
        """Another list is shown: nobody waits for what the former one lacked."""
        self._unseen.clear()
        self._hidden.clear()
