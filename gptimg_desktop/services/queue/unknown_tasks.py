"""When "the service does not know this task" is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.services.queue.clock import Clock

TIMES: Final = 3
APART_S: Final = 600.0


class UnknownTasks:
    """Right after acceptance such an answer is a lag, later perhaps a mistake; it is the truth after three of
    them, each at least ten minutes after the one before. Only answers to the key that sent the job count."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answers: dict[str, list[float]] = {}

    def heard(self, job: Job) -> bool:
        """Count one such answer about a job; True once it is believed."""
        answers = self._answers.setdefault(job.id, [])
        now = self._clock.monotonic()
        age_s = self._clock.now() - (job.accepted_at or 0)
        if age_s >= APART_S and (not answers or now - answers[-1] >= APART_S):
            answers.append(now)
        return len(answers) >= TIMES

    def known(self, job_id: str) -> None:
        """The service knows the task after all."""
        self._answers.pop(job_id, None)
