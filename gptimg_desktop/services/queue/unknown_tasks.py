"""When "the service does not know this task" is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.services.queue.clock import Clock

TIMES: Final = 3
APART_S: Final = 600.0


class UnknownTasks:
    """Right after acceptance such an answer is a lag, later perhaps a mistake: it is the truth once it was
    repeated three times, each at least ten minutes after the one before, without another answer between.

    Only answers to the key that sent the job count, and only the monotonic clock: a machine whose date is
    wrong gives nothing up sooner.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answers: dict[str, list[float]] = {}

    def heard(self, job: Job) -> bool:
        """Count one such answer about a job; True once it is believed."""
        now = self._clock.monotonic()
        answers = self._answers.setdefault(job.id, [])
        if not answers or now - answers[-1] >= APART_S:
            answers.append(now)
        return len(answers) > TIMES

    def is_believed(self, job_id: str) -> bool:
        """True from the answer that made it so until the task is known."""
        return len(self._answers.get(job_id, ())) > TIMES

    def known(self, job_id: str) -> None:
        """The service knows the task after all."""
        self._answers.pop(job_id, None)
