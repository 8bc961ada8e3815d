"""Sample jobs in every state, made by the real transitions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.job import Job, JobState, SavedImage
from gptimg_desktop.core.request import GenerationRequest
from gptimg_desktop.core.settings import DEFAULT_BASE_URL
from gptimg_desktop.core.sizes import PixelSize, Ratio, Size, Tier, outcomes

if TYPE_CHECKING:
    from gptimg_desktop.core.reference import Reference

CREATED: Final = 1_790_000_000.0
SENT: Final = CREATED + 1
TASK: Final = "task_01HZX3J6Y8Q4W5E6R7T8Y9U0I1"


def a_request(
    prompt: str = "oak chair by a window",
    size: Size = Ratio.R16X9,
    tier: Tier = Tier.K2,
    references: tuple[Reference, ...] = (),
) -> GenerationRequest:
    return GenerationRequest(prompt=prompt, size=size, tier=tier, references=references)


def a_queued_job(
    number: int = 1, request: GenerationRequest | None = None, *, practice: bool = False, at: float = CREATED
) -> Job:
    return Job(
        id=f"job-{number}",
        run_id="run-1",
        service=PRACTICE if practice else DEFAULT_BASE_URL,
        key_fingerprint="" if practice else "f00d",
        request=request or a_request(),
        created_at=at,
        estimate=Decimal(0) if practice else Decimal("0.014"),
        seq=number,
    )


def an_image(pixels: PixelSize, path: str = "/pictures/GPTImg/oak-chair_0001.png") -> SavedImage:
    return SavedImage(index=0, path=path, sha256="0" * 64, size_bytes=2_400_000, pixels=pixels, format="png")


def a_job(
    state: JobState = JobState.SAVED,
    number: int = 1,
    request: GenerationRequest | None = None,
    *,
    practice: bool = False,
    pixels: PixelSize | None = None,
    at: float = CREATED,
) -> Job:
    """A job that came into `state` the way the queue brings it there."""
    queued = a_queued_job(number, request, practice=practice, at=at)
    if state is JobState.QUEUED:
        return queued
    if state is JobState.CANCELLED:
        return queued.cancel(at + 5)
    sending = queued.arm(at + 1)
    lost_answer = Problem.of(ProblemKind.ANSWER_LOST, reason="no answer")
    refused = Problem.of(ProblemKind.MODERATED, message="moderation_blocked: the prompt was rejected")
    early = {
        JobState.SENDING: sending,
        JobState.UNCONFIRMED: sending.doubt(lost_answer),
        JobState.CLOSED: sending.doubt(lost_answer).close(at + 90),
        JobState.REJECTED: sending.refuse(refused, at + 3),
    }
    return early[state] if state in early else _later(sending.accept((TASK,), at + 2), state, pixels, at)


def _later(accepted: Job, state: JobState, pixels: PixelSize | None, at: float) -> Job:
    request = accepted.request
    ready = accepted.deliver(
        ("https://cdn.example/1.png",), expires_at=at + 86_400, cost=accepted.estimate or None
    )
    size = pixels or (outcomes(request.size, request.tier) or (PixelSize(1024, 1024),))[0]
    return {
        JobState.ACCEPTED: accepted,
        JobState.READY: ready,
        JobState.SAVED: ready.save((an_image(size),), at + 41),
        JobState.FAILED: accepted.fail(
            Problem.of(ProblemKind.TASK_FAILED, message="upstream overloaded"), at + 60
        ),
        JobState.LOST: accepted.lose(
            Problem.of(ProblemKind.TASK_UNKNOWN, message="does not exist"), at + 9_000
        ),
    }[state]


def a_bitmap(width: int = 64, height: int = 36, colour: tuple[int, int, int] = (120, 90, 60)) -> Bitmap:
    return Bitmap(width=width, height=height, rgba=bytes((*colour, 255)) * (width * height))
