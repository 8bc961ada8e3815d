"""What becomes of the references of a press: each is what its file is at that moment."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.draft import draft_problems
from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.reference import FileReference, Origin, Reference
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.library.references.kept_copies import KeptCopies
    from gptimg_desktop.services.library.references.origins import Findings
    from gptimg_desktop.ui.compose.panel import ComposePanel

_GONE: Final = frozenset(
    {
        ProblemKind.REFERENCE_MISSING,
        ProblemKind.REFERENCE_NOT_A_FILE,
        ProblemKind.REFERENCE_UNREADABLE,
        ProblemKind.REFERENCE_SILENT,
    }
)

Read = tuple["FileReference", "Bitmap"]


@dataclass(slots=True)
class Outcome:
    """What was found out: what is sent instead of what, which files are gone, what keeps the press from being
    sent, and what is only worth knowing."""

    draft: Draft
    instead: dict[Reference, FileReference] = field(default_factory=dict)
    missing: list[FileReference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def settled(self) -> Draft:
        """The draft as it is to be sent; what is missing stands in it as its copy."""
        references = tuple(self.instead.get(each, each) for each in self.draft.references)
        return self.draft.with_references(references)

    @property
    def obstacles(self) -> tuple[Problem, ...]:
        """Why it cannot be sent, whatever the user says; empty where it can."""
        return tuple(self.problems) or draft_problems(self.settled)[:1]


class Settling:
    """Finds out about references. `read_file` reads a picture file as when it was added."""

    def __init__(
        self,
        *,
        engine: Engine,
        compose: ComposePanel,
        copies: KeptCopies,
        read_file: Callable[[str], Awaitable[Read]],
    ) -> None:
        self._engine = engine
        self._compose = compose
        self._copies = copies
        self._read_file = read_file
        self._read: dict[Origin, Read] = {}

    def forget(self) -> None:
        """No press is in line any more that could need what was read."""
        self._read.clear()

    async def outcome(self, draft: Draft, files: tuple[FileReference, ...], findings: Findings) -> Outcome:
        """What is to be sent, as `findings` tell about the files of its references."""
        outcome = Outcome(draft)
        lost = await asyncio.to_thread(self._copies.lost, files)
        for reference in files:
            await self._settle(reference, findings, outcome, is_lost=reference in lost)
        return outcome

    async def _settle(
        self, reference: FileReference, findings: Findings, outcome: Outcome, *, is_lost: bool
    ) -> None:
        """Find out what one reference is at this press."""
        origin = reference.origin
        is_seen = origin is not None and origin in findings
        present = findings[origin] if origin is not None and is_seen else None
        if present is not None and (present != origin or is_lost):
            await self._read_anew(reference, present, outcome)
        elif is_lost:
            outcome.problems.append(Problem.of(ProblemKind.REFERENCE_MISSING, name=reference.name))
        elif is_seen and present is None:
            outcome.missing.append(reference)
        elif origin is not None and not is_seen:
            outcome.notes.append(Problem.of(ProblemKind.REFERENCE_UNSEEN, name=reference.name))

    async def _read_anew(self, reference: FileReference, present: Origin, outcome: Outcome) -> None:
        """Take the file as it is now; its chip follows, whatever becomes of the press."""
        try:
            new, bitmap = await self._present(present)
        except BadInputError as error:
            if error.problem.kind in _GONE:
                outcome.missing.append(reference)
            else:
                outcome.problems.append(error.problem)
            return
        sent = new
        if outcome.draft.shrink is not None:
            shrunk = partial(self._engine.references.shrunk, new, outcome.draft.shrink)
            sent = await self._engine.imaging.run(shrunk)
        self._compose.replace_reference(reference, new, bitmap)
        outcome.instead[reference] = sent
        if sent.sha256 != reference.sha256:
            outcome.notes.append(Problem.of(ProblemKind.REFERENCE_CHANGED, name=reference.name))

    async def _present(self, present: Origin) -> Read:
        """The picture in a file, read once for all presses in line."""
        if present not in self._read:
            self._read[present] = await self._read_file(present.path)
        return self._read[present]
