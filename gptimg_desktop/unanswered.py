"""Presses of Generate that wait for the user's word, because files of theirs are gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gptimg_desktop.core.missing_files import MissingFiles
from gptimg_desktop.core.prices import FREE, PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.reference import FileReference
    from gptimg_desktop.engine import Payer


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """One press: what it would send, who was to pay when it was made, what is to be said where it is sent."""

    draft: Draft
    payer: Payer
    missing: tuple[FileReference, ...]
    notes: tuple[Problem, ...] = ()

    @property
    def is_free(self) -> bool:
        return self.payer.connection.is_practice

    @property
    def price(self) -> Decimal:
        """What all of its images cost, in US dollars."""
        each = FREE if self.is_free else PUBLISHED.estimate(self.draft.size, self.draft.tier)
        return each * self.draft.count


@dataclass(slots=True)
class _Question:
    number: int
    presses: list[Unsent] = field(default_factory=list)

    @property
    def missing(self) -> tuple[FileReference, ...]:
        return tuple(dict.fromkeys(each for press in self.presses for each in press.missing))


class Unanswered:
    """One question for each set of files that are gone, in the order in which they came up; the first is
    asked. A press whose missing files are all asked about already joins that question."""

    def __init__(self) -> None:
        self._questions: list[_Question] = []
        self._last = 0

    def __len__(self) -> int:
        """How many presses wait."""
        return sum(len(each.presses) for each in self._questions)

    @property
    def question(self) -> MissingFiles | None:
        """What is to be asked now; None where nothing waits."""
        if not self._questions:
            return None
        first = self._questions[0]
        missing = first.missing
        return MissingFiles(
            number=first.number,
            names=tuple({_file(each): each.name for each in missing}.values()),
            missing=missing,
            drafts=tuple(press.draft for press in first.presses),
            count=sum(press.draft.count for press in first.presses),
            price=sum((press.price for press in first.presses), FREE),
            free=sum(press.draft.count for press in first.presses if press.is_free),
            more=len(self) - len(first.presses),
        )

    def add(self, press: Unsent) -> None:
        """Ask about a press: by an open question that covers its files, or by one of its own."""
        files = _files(press.missing)
        for question in self._questions:
            if files <= _files(question.missing):
                break
        else:
            question = _Question(0)
            self._questions.append(question)
        self._last += 1
        question.number = self._last
        question.presses.append(press)

    def take(self, number: int) -> tuple[Unsent, ...]:
        """The presses of the question that has this number, which are asked about no more, in their order;
        none where it has another number by now."""
        if not self._questions or self._questions[0].number != number:
            return ()
        return tuple(self._questions.pop(0).presses)


def _file(reference: FileReference) -> str:
    return reference.origin.path if reference.origin is not None else reference.sha256


def _files(references: Iterable[FileReference]) -> frozenset[str]:
    return frozenset(map(_file, references))
