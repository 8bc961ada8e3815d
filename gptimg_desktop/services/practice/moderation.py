"""The few words that the practice service refuses or fails on, so that both can be tried for nothing."""

from __future__ import annotations

import re
from typing import Final

from gptimg_desktop.services.practice.exchange import Answer, observed_error

REFUSED_WORDS: Final = ("forbidden", "禁止")
"""Refused at once, in the words of the check that runs before a task is made."""

UNSAFE_WORDS: Final = ("gore", "血腥")
"""Refused at once, in the words of the upstream safety system."""

FAILING_WORDS: Final = ("fail", "失败")
"""Accepted; the task then ends as failed."""


def contains(prompt: str, words: tuple[str, ...]) -> bool:
    """True where a word stands in the prompt: Latin ones as whole words, Chinese ones anywhere."""
    text = prompt.casefold()
    return any(
        re.search(rf"\b{word}\b", text) is not None if word.isascii() else word in text for word in words
    )


def refusal(prompt: str) -> Answer | None:
    """The answer to a prompt that is not let through, in one of the two forms the live service uses."""
    if contains(prompt, REFUSED_WORDS):
        message = "build_request_failed: content moderation failed: the prompt breaks the content policy"
        return observed_error(500, "build_request_failed", message)
    if contains(prompt, UNSAFE_WORDS):
        message = "Your request was rejected by the safety system. safety_violations=[violence]"
        return observed_error(400, "moderation_blocked", message)
    return None
