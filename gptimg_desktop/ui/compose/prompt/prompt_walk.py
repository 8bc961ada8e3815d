"""Stepping through earlier prompts, and back to what was being written."""

from __future__ import annotations


class PromptWalk:
    """One walk: from the text that was being written, which is its near end, to the oldest prompt. Where it
    leads stays as it was at its beginning, whatever is sent meanwhile."""

    def __init__(self, written: str, past: tuple[str, ...]) -> None:
        self._texts = (written, *(text for text in dict.fromkeys(past) if text != written))
        self._at = 0

    @property
    def written(self) -> str:
        """What was being written when it began."""
        return self._texts[0]

    @property
    def shown(self) -> str:
        """What is shown now."""
        return self._texts[self._at]

    @property
    def has_left(self) -> bool:
        """True while something else is shown than what was being written."""
        return self._at > 0

    def step(self, steps: int) -> bool:
        """Go to an older prompt, or with a negative number to a newer one; False where there is none."""
        wanted = self._at + steps
        if not 0 <= wanted < len(self._texts):
            return False
        self._at = wanted
        return True
