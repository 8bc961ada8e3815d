"""What a prompt is turned away for before it becomes a task: content, too many requests, no channel."""

from __future__ import annotations

from typing import Final

from gptimg_desktop.services.practice.alternation import Alternation
from gptimg_desktop.services.practice.exchange import Answer, observed_error, rate_limit_error
from gptimg_desktop.services.practice.magic import (
    BUSY_WORDS,
    REFUSED_WORDS,
    THROTTLED_WORDS,
    UNSAFE_WORDS,
    contains,
)

SAFETY_MESSAGE: Final = "Your request was rejected by the safety system. safety_violations=[violence]"


class Moderation:
    """Judges prompts by their words; remembers which it asked to come again."""

    def __init__(self) -> None:
        self._throttled = Alternation()
        self._busy = Alternation()

    def refusal(self, prompt: str) -> Answer | None:
        """The answer to a prompt that is not let through this time; None where it may pass."""
        if contains(prompt, REFUSED_WORDS):
            message = "build_request_failed: content moderation failed: the prompt breaks the content policy"
            return observed_error(500, "build_request_failed", message)
        if contains(prompt, UNSAFE_WORDS):
            return observed_error(400, "moderation_blocked", SAFETY_MESSAGE)
        if contains(prompt, THROTTLED_WORDS) and self._throttled.is_odd(prompt):
            return rate_limit_error()
        if contains(prompt, BUSY_WORDS) and self._busy.is_odd(prompt):
            return no_channel()
        return None


def no_channel() -> Answer:
    """Nothing was taken, and later it may work."""
    return observed_error(503, "get_channel_failed", "Please wait and try again later.")
