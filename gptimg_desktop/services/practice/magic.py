"""Everything that makes the practice service misbehave on purpose, so that it can be tried for nothing.

Words count in any case; Latin ones as whole words, Chinese ones anywhere in the prompt.

| in the prompt | what happens |
|---|---|
| `forbidden`, 禁止 | refused at once: 500 `build_request_failed: content moderation failed: …` |
| `gore`, 血腥 | refused at once: 400 `moderation_blocked` |
| `throttle`, 限流 | the first try is turned away with 429 and `Retry-After: 2`; the next try passes |
| `overloaded`, 过载 | the first try is turned away with 503 `get_channel_failed`; the next try passes |
| `fail`, 失败 | accepted; the task ends as failed, its price is given back |
| `unsafe`, 违规 | accepted; the task ends as failed for its content, its price is given back |

| the key begins with | what happens |
|---|---|
| `sk-wrong` | 401 everywhere, as without a key |
| `sk-empty` | an empty account: 402 on a submit and on the list of models, balance 0 |
| `sk-slow` | each second request is turned away with 429 and `Retry-After: 2` |

What was turned away once (prompt or key) is counted for all callers together.
"""

from __future__ import annotations

import re
from typing import Final

REFUSED_WORDS: Final = ("forbidden", "禁止")
UNSAFE_WORDS: Final = ("gore", "血腥")
THROTTLED_WORDS: Final = ("throttle", "限流")
BUSY_WORDS: Final = ("overloaded", "过载")
FAILING_WORDS: Final = ("fail", "失败")
BLOCKED_WORDS: Final = ("unsafe", "违规")

WRONG_KEYS: Final = "sk-wrong"
EMPTY_KEYS: Final = "sk-empty"
SLOW_KEYS: Final = "sk-slow"

RETRY_AFTER_S: Final = 2


def contains(prompt: str, words: tuple[str, ...]) -> bool:
    """True where a word stands in the prompt: Latin ones as whole words, Chinese ones anywhere."""
    text = prompt.casefold()
    return any(
        re.search(rf"\b{word}\b", text) is not None if word.isascii() else word in text for word in words
    )
