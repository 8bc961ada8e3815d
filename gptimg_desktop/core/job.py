"""A job: one press, one image, one possible charge; its states and every legal way between them.

    QUEUED ──arm──► SENDING ──accept──► ACCEPTED ──deliver──► READY ──save──► SAVED
      │  ▲             │ ├──refuse──► REJECTED   └──fail──► FAILED ──deliver──► READY
      │  └──requeue────┘ └──doubt──► UNCONFIRMED    lose (ACCEPTED, READY) ──► LOST ──revive──► ACCEPTED
      ├──cancel──► CANCELLED           ├──accept──► ACCEPTED
      └──mistrust──► UNCONFIRMED       │
                                       ├──send_again──► QUEUED      (the user's click, never automatic)
                                       └──close──► CLOSED ──reopen──► UNCONFIRMED

A method returns a new Job or raises IllegalTransitionError, which is a bug of the caller.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.connection import IMPORTED, PRACTICE
from gptimg_desktop.core.mark import Mark
from gptimg_desktop.core.prices import FREE
from gptimg_desktop.core.searched import promised_area

if TYPE_CHECKING:
    from decimal import Decimal

    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.request import GenerationRequest
    from gptimg_desktop.core.sizes import PixelSize


class JobState(StrEnum):
    """Where a job stands, as committed in the library."""

    QUEUED = "queued"
    SENDING = "sending"
    UNCONFIRMED = "unconfirmed"
    ACCEPTED = "accepted"
    READY = "ready"
    SAVED = "saved"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    LOST = "lost"


RUNNING: Final = frozenset({JobState.QUEUED, JobState.SENDING, JobState.ACCEPTED, JobState.READY})
"""States that go on by themselves."""
NEEDS_USER: Final = frozenset({JobState.UNCONFIRMED, JobState.LOST})
"""States in which only the user can say what happens next."""

WITHOUT_PICTURE: Final = frozenset({JobState.FAILED, JobState.REJECTED, JobState.CANCELLED})
"""States in which it is clear that there is no picture and no charge."""
OVER: Final = WITHOUT_PICTURE | {JobState.SAVED, JobState.CLOSED, JobState.LOST}
"""States after which the same may be asked for once more; an unconfirmed job is not over."""

LINK_LIFE_S: Final = 86_400.0
"""How long the service keeps a finished picture at most, counted from the acceptance."""


class Charge(StrEnum):
    """Whether a job cost money, as far as anybody can know."""

    NONE = "none"
    CHARGED = "charged"
    UNKNOWN = "unknown"
    OPEN = "open"


_CHARGES: Final = {
    JobState.SENDING: Charge.OPEN,
    JobState.ACCEPTED: Charge.OPEN,
    JobState.UNCONFIRMED: Charge.UNKNOWN,
    JobState.CLOSED: Charge.UNKNOWN,
    JobState.READY: Charge.CHARGED,
    JobState.SAVED: Charge.CHARGED,
}


class IllegalTransitionError(RuntimeError):
    """A job was asked to do what its state does not allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedImage:
    """A result on disk: `path` is absolute, `format` is read from the bytes ("png", "jpeg", "webp").
    `is_missing`: its file was not there when it was last looked for; `is_changed`: it was there, and held
    something else than what was saved."""

    index: int
    path: str
    sha256: str
    size_bytes: int
    pixels: PixelSize
    format: str
    is_missing: bool = False
    is_changed: bool = False

    def at(self, path: str) -> SavedImage:
        """The same image under its name on disk."""
        return replace(self, path=path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One image that was asked for. Times are Unix seconds; money is US dollars.

    `seq` is the order of asking, given by the library. `key_fingerprint` is of the key that it was last sent
    with. `doubts` counts earlier attempts that may have been charged and were given up for another.
    `rank` says where it waits: the smaller goes first, and of equal ones the older. `problem` says why the
    job ended (or why it is unconfirmed); `note` says what holds just this job at the
    moment and goes with its next step.
    """

    id: str
    run_id: str
    service: str
    key_fingerprint: str
    request: GenerationRequest
    created_at: float
    estimate: Decimal
    seq: int = 0
    state: JobState = JobState.QUEUED
    attempt: int = 0
    armed_at: float | None = None
    accepted_at: float | None = None
    finished_at: float | None = None
    task_ids: tuple[str, ...] = ()
    status_word: str = ""
    links: tuple[str, ...] = ()
    expires_at: float | None = None
    cost: Decimal | None = None
    images: tuple[SavedImage, ...] = ()
    problem: Problem | None = None
    note: Problem | None = None
    doubts: int = 0
    rank: int = 0
    picked: bool = False
    rejected: bool = False
    binned_at: float | None = None

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def needs_user(self) -> bool:
        return self.state in NEEDS_USER

    @property
    def is_imported(self) -> bool:
        """True for a picture that the user brought along: nobody was asked for it, and nothing was paid."""
        return self.service == IMPORTED

    @property
    def area(self) -> int:
        """Pixels of its picture, or of the largest that may come; 0 where nobody can tell."""
        return self.images[0].pixels.pixels if self.images else promised_area(self.request)

    @property
    def price(self) -> Decimal:
        """US dollars that it cost, or may cost; 0 where it is clear that there is no charge."""
        if self.state in WITHOUT_PICTURE or self.service in {IMPORTED, PRACTICE}:
            return FREE
        return self.estimate if self.cost is None else self.cost

    @property
    def has_file(self) -> bool:
        """True where one of its pictures at least was there when it was last looked for."""
        return any(not image.is_missing for image in self.images)

    @property
    def gone_with_links(self) -> tuple[SavedImage, ...]:
        """Its pictures whose files are gone and whose links are known."""
        if self.state is not JobState.SAVED:
            return ()
        return tuple(image for image in self.images if image.is_missing and image.index < len(self.links))

    def can_be_fetched_again(self, now: float) -> bool:
        """True where a file is gone that may still be had by its link, free of charge."""
        return now < self.fetch_until and bool(self.gone_with_links)

    @property
    def charge(self) -> Charge:
        if self.is_imported:
            return Charge.NONE
        if self.state is JobState.LOST:  # links prove that the service was done; a task may have failed
            return Charge.CHARGED if self.links else Charge.UNKNOWN
        return _CHARGES.get(self.state, Charge.NONE)

    @property
    def fetch_until(self) -> float:
        """When its links probably die (Unix seconds): as the service told, where that can be true."""
        accepted_at = self.created_at if self.accepted_at is None else self.accepted_at
        day_after, told = accepted_at + LINK_LIFE_S, self.expires_at
        return day_after if told is None or told < accepted_at else min(told, day_after)

    # The way through

    def arm(self, at: float, *, key_fingerprint: str = "") -> Job:
        """The next byte may complete the request: from here on it may be charged, to that key's account."""
        self._require(JobState.QUEUED)
        return replace(
            self,
            state=JobState.SENDING,
            attempt=self.attempt + 1,
            armed_at=at,
            key_fingerprint=key_fingerprint or self.key_fingerprint,
            note=None,
            problem=None,
        )

    def accept(self, task_ids: tuple[str, ...], at: float) -> Job:
        """The service named its task (now, later, or through the user)."""
        self._require(JobState.SENDING, JobState.UNCONFIRMED)
        if not task_ids:
            raise IllegalTransitionError("accepted without a task id")
        return replace(
            self, state=JobState.ACCEPTED, task_ids=task_ids, accepted_at=at, problem=None, note=None
        )

    def hear(self, status_word: str, cost: Decimal | None) -> Job:
        """The task is still on its way."""
        self._require(JobState.ACCEPTED)
        return replace(self, status_word=status_word, cost=self.cost if cost is None else cost, note=None)

    def deliver(
        self,
        links: tuple[str, ...],
        *,
        expires_at: float | None,
        cost: Decimal | None,
        status_word: str = "completed",
    ) -> Job:
        """The service has the result; `links` are where it can be fetched."""
        self._require(JobState.ACCEPTED, JobState.FAILED, JobState.READY)
        if not links:
            raise IllegalTransitionError("delivered without a link")
        return replace(
            self,
            state=JobState.READY,
            links=links,
            status_word=status_word,
            expires_at=expires_at,
            cost=self.cost if cost is None else cost,
            problem=None,
            note=None,
            finished_at=None,
        )

    def save(self, images: tuple[SavedImage, ...], at: float) -> Job:
        """Every image is safe on disk."""
        self._require(JobState.READY)
        if not images:
            raise IllegalTransitionError("saved without an image")
        return replace(self, state=JobState.SAVED, images=images, finished_at=at, note=None)

    # The ways out

    def requeue(self, note: Problem) -> Job:
        """The submit was refused in a way that proves no charge and may pass: wait and go again."""
        self._require(JobState.SENDING)
        return replace(self, state=JobState.QUEUED, note=note)

    def refuse(self, problem: Problem, at: float) -> Job:
        """The service will not make this request, as its answer or its early answer says. No charge."""
        self._require(JobState.SENDING, JobState.QUEUED)
        return replace(self, state=JobState.REJECTED, problem=problem, note=None, finished_at=at)

    def doubt(self, problem: Problem) -> Job:
        """Nobody can tell whether the service took the request."""
        self._require(JobState.SENDING)
        return replace(self, state=JobState.UNCONFIRMED, problem=problem, note=None)

    def mistrust(self, problem: Problem) -> Job:
        """The library is an older copy: what waited in it may have been sent since."""
        self._require(JobState.QUEUED, JobState.SENDING)
        return replace(self, state=JobState.UNCONFIRMED, problem=problem, note=None)

    def find(self, images: tuple[SavedImage, ...], at: float) -> Job:
        """Its pictures are on disk, although the library, an older copy, did not know yet."""
        self._require(
            JobState.QUEUED, JobState.SENDING, JobState.UNCONFIRMED, JobState.ACCEPTED, JobState.READY
        )
        if not images:
            raise IllegalTransitionError("found without an image")
        return replace(self, state=JobState.SAVED, images=images, finished_at=at, problem=None, note=None)

    def fail(self, problem: Problem, at: float) -> Job:
        """The task failed. Nothing was charged."""
        self._require(JobState.ACCEPTED)
        return replace(self, state=JobState.FAILED, problem=problem, note=None, finished_at=at, cost=None)

    def lose(self, problem: Problem, at: float) -> Job:
        """Not to be had any more. Paid, where the service had named links; else nobody knows."""
        self._require(JobState.ACCEPTED, JobState.READY)
        return replace(self, state=JobState.LOST, problem=problem, note=None, finished_at=at)

    def cancel(self, at: float) -> Job:
        """Taken back before anything was sent."""
        self._require(JobState.QUEUED)
        return replace(self, state=JobState.CANCELLED, note=None, finished_at=at)

    # The user's choices

    def send_again(self) -> Job:
        """The user accepts that this may cost twice."""
        self._require(JobState.UNCONFIRMED)
        return replace(
            self, state=JobState.QUEUED, doubts=self.doubts + 1, problem=None, note=None, armed_at=None
        )

    def close(self, at: float) -> Job:
        """The user gives an unconfirmed job up; it stays in the money report as unknown."""
        self._require(JobState.UNCONFIRMED)
        return replace(self, state=JobState.CLOSED, note=None, finished_at=at)

    def reopen(self) -> Job:
        """The user wants to decide anew; the reason why nobody knows stands as it did."""
        self._require(JobState.CLOSED)
        return replace(self, state=JobState.UNCONFIRMED, finished_at=None, note=None)

    def revive(self) -> Job:
        """Look for a lost job once more; looking costs nothing."""
        self._require(JobState.LOST)
        return replace(self, state=JobState.ACCEPTED, problem=None, note=None, finished_at=None)

    # Marks that change no state

    def annotate(self, note: Problem | None) -> Job:
        return replace(self, note=note)

    def line_up(self, rank: int) -> Job:
        """Another place among those that wait."""
        return replace(self, rank=rank)

    def marked(self, mark: Mark, at: float) -> Job:
        """With a mark of the user; a binned job that is in flight goes on, out of sight since `at`."""
        if mark is Mark.BINNED:
            return replace(self, binned_at=at if self.binned_at is None else self.binned_at)
        if mark is Mark.RESTORED:
            return replace(self, binned_at=None)
        return replace(self, picked=mark is Mark.PICKED, rejected=mark is Mark.REJECTED)

    def _require(self, *states: JobState) -> None:
        if self.state not in states:
            raise IllegalTransitionError(f"job {self.id} is {self.state}")
