"""What is taken over from an earlier job into the composer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from gptimg_desktop.core.draft import Draft

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.request import GenerationRequest


class Part(StrEnum):
    """A part of what was asked for, or all of it."""

    ALL = "all"
    PROMPT = "prompt"
    SIZE = "size"  # with its tier
    REFERENCES = "references"


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """The wish to have a part of what one job asked for in the composer. Nothing is sent by it. Who wishes it
    `by_key` goes on with keys where that one was pressed."""

    job_id: str
    part: Part
    by_key: bool = False


def takeable(job: Job) -> tuple[Part, ...]:
    """What a job has to give: nobody was asked for a picture that was brought along, and a job without
    references has none to give."""
    if job.is_imported:
        return ()
    parts = (Part.ALL, Part.PROMPT, Part.SIZE)
    return (*parts, Part.REFERENCES) if job.request.references else parts


def taken(draft: Draft, request: GenerationRequest, part: Part) -> Draft:
    """The draft with that part of the request in the place of its own.

    References are taken as they were sent, so nothing makes them lighter once more; a prompt is one prompt,
    however many lines it has.
    """
    whole = Draft.of(request)
    if part is Part.ALL:
        return whole
    if part is Part.PROMPT:
        return replace(draft, prompt=whole.prompt, one_per_line=False)
    if part is Part.SIZE:
        return replace(draft, size=whole.size, tier=whole.tier)
    return replace(draft, references=whole.references, shrink=None)
