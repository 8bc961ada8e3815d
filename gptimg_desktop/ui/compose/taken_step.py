"""What was taken over into the composer, as one step that is undone and done again as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.ui.compose.prompt.prompt_step import PromptStep
    from gptimg_desktop.ui.compose.references.places import PlacesStep
    from gptimg_desktop.ui.compose.references.reference_tray import ReferenceTray

_MOST_STEPS: Final = 50
_CHOICES: Final = ("official_fallback", "copies", "one_per_line", "shrink")


class Composer(Protocol):
    """What the step needs of the composer."""

    def draft(self) -> Draft: ...

    def show_choices(self, draft: Draft) -> None: ...


class TakenStep:
    """Prompt and references keep steps of their own, each undone where the user is at that moment; `look`
    finds out, and the rest follows. What the user has changed himself since the take stays as he left it.
    """

    def __init__(
        self,
        *,
        composer: Composer,
        tray: ReferenceTray,
        prompt: PromptStep,
        places: PlacesStep | None,
        before: Draft,
    ) -> None:
        self._composer = composer
        self._tray = tray
        self._prompt = prompt
        self._places = places
        self._before = before
        self._after = composer.draft()
        self._is_done = True
        self._parts = (True, True)

    @property
    def stands(self) -> bool:
        """True while the composer is as it was just after the take."""
        return self._is_done and self._composer.draft() == self._after

    @property
    def is_lost(self) -> bool:
        """True where it was undone, and what was done since leads nowhere back to it."""
        return self._prompt.is_lost

    def look(self) -> None:
        """Something was changed: let the whole step follow where a part of it was undone or done again."""
        before, now = self._parts, self._parts_now()
        self._parts = now
        if any(was != part != self._is_done for was, part in zip(before, now, strict=True)):
            self._turn()

    def undo(self) -> None:
        """Bring back what stood there before."""
        if self._is_done:
            self._turn()

    def _parts_now(self) -> tuple[bool, bool]:
        """Which parts are done: the prompt's, where it can be reached, and the references'."""
        self._prompt.look()
        prompt = self._is_done if self._prompt.is_lost else self._prompt.is_done
        return prompt, self._is_done if self._places is None else self._places.is_done

    def _turn(self) -> None:
        """Take the step back, or do it again, as far as the user has not gone on from there."""
        self._is_done = not self._is_done
        here, there = (self._before, self._after) if self._is_done else (self._after, self._before)
        shown = self._composer.draft()
        if shown.prompt == here.prompt:
            self._turn_prompt()
        if shown.references == here.references:
            self._turn_places()
        self._composer.show_choices(_turned(self._composer.draft(), here, there))
        self._parts = self._parts_now()

    def _turn_prompt(self) -> None:
        if self._prompt.is_done != self._is_done and not self._prompt.is_lost:
            self._prompt.redo() if self._is_done else self._prompt.undo()

    def _turn_places(self) -> None:
        places = self._places
        step = self._tray.step_forth if self._is_done else self._tray.step_back
        while places is not None and places.is_done != self._is_done and step():
            pass


class TakenSteps:
    """Every take that can still be undone or done again, the last one at the end."""

    def __init__(self) -> None:
        self._steps: list[TakenStep] = []
        self._sent: list[TakenStep] = []

    def add(self, step: TakenStep) -> None:
        self._steps = [*self._steps[1 - _MOST_STEPS :], step]

    def forget(self) -> None:
        self._steps.clear()
        self._sent.clear()

    def note_sent(self) -> None:
        """What stands in the composer was sent: from elsewhere in the window no take is undone any more."""
        self._sent = list(self._steps)

    def offers(self, step: TakenStep) -> bool:
        """True while a take can be undone from elsewhere: it stands, and was not sent."""
        return step.stands and step in self._steps and step not in self._sent

    @property
    def last_stands(self) -> bool:
        """True while nothing was done since the last take."""
        return bool(self._steps) and self._steps[-1].stands

    def undo(self) -> None:
        """Take the last one back."""
        if self._steps:
            self._steps[-1].undo()

    def look(self) -> None:
        """Something was changed in the composer: steps follow where a part of them was undone."""
        for step in reversed(self._steps):
            step.look()
        if any(step.is_lost for step in self._steps):
            self._steps = [step for step in self._steps if not step.is_lost]


def _turned(shown: Draft, here: Draft, there: Draft) -> Draft:
    """What is shown, with every choice that still is as it was `here` as it was `there`."""
    changed = {name: getattr(there, name) for name in _CHOICES if getattr(shown, name) == getattr(here, name)}
    if (shown.size, shown.tier) == (here.size, here.tier):
        changed |= {"size": there.size, "tier": there.tier}
    return replace(shown, **changed)
