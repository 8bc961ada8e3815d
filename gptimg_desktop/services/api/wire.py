"""Readers of the service's answers, lenient: any shape that was ever seen is read, the rest is left out."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.task import TaskReport, TaskState

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATES: Final = {
    "completed": TaskState.COMPLETED,
    "succeeded": TaskState.COMPLETED,
    "failed": TaskState.FAILED,
    "cancelled": TaskState.FAILED,
}
_UNKNOWN_TASK_WORDS: Final = (
    "does not exist or has expired",
    "task not exist",
    "task not found",
    "task_not_exist",
)
_MOST_TEXT: Final = 2_000
_MILLISECONDS_FROM: Final = 100_000_000_000  # as seconds that would be the year 5138


def parse_json(body: bytes) -> Any:
    """The JSON value, None for anything that is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def read_task(parsed: Any, task_id: str, raw: bytes) -> TaskReport | None:
    """The report in an answer about one task; None where the answer tells of no task.

    Without an envelope, only what names the task is about it: gateways speak of a `status` of their own.
    """
    enveloped = isinstance(parsed, dict) and "data" in parsed
    data = parsed["data"] if enveloped else parsed
    if isinstance(data, list):
        data = data[0] if data else None
    if not isinstance(data, dict) or "status" not in data:
        return None
    if not enveloped and task_id not in (data.get("id"), data.get("task_id")):
        return None
    word = data["status"]
    status_word = _storable(word.strip()[:100]) if isinstance(word, str) else ""
    state = _STATES.get(status_word.lower(), TaskState.PENDING)
    images = _images(data)
    return TaskReport(
        task_id=task_id,
        state=state,
        status_word=status_word,
        links=tuple(dict.fromkeys(link for image in images for link in _links(image))),
        expires_at=_earliest(image.get("expires_at") for image in images if isinstance(image, dict)),
        cost=read_money(data.get("cost")),
        message=error_message(data),
        raw=raw,
    )


def error_message(source: Any) -> str:
    """The text of the error that an object carries, as an object or a bare string; empty without one."""
    error = source.get("error") if isinstance(source, dict) else None
    if isinstance(error, dict):
        error = error.get("message") or error.get("code")
    if error is None and isinstance(source, dict):
        error = source.get("message")
    return _storable(str(error)[:_MOST_TEXT]) if error else ""


def _storable(text: str) -> str:
    """The text with a mark for every lone half of a surrogate pair, which no file takes."""
    return text.encode("utf-8", "replace").decode()


def says_unknown_task(message: str) -> bool:
    """True for the service's words for a task that it does not know (any more)."""
    text = message.casefold()
    return any(words in text for words in _UNKNOWN_TASK_WORDS)


def read_money(value: Any) -> Decimal | None:
    """Dollars from a number or a numeric string; None where it is neither, or no sane amount."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value).strip()[:40])
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 1_000_000 else None


def _images(data: dict[str, Any]) -> list[Any]:
    result = data.get("result")
    images = result.get("images") if isinstance(result, dict) else None
    return images if isinstance(images, list) else [images]


def _links(image: Any) -> Iterator[str]:
    """Every address in an image entry: `url` as text, list or object, at any depth that was seen."""
    if isinstance(image, str):
        link = image.strip()
        if link and link == _storable(link):
            yield link
    elif isinstance(image, list):
        for item in image[:100]:
            yield from _links(item)
    elif isinstance(image, dict):
        yield from _links(image.get("url"))


def _earliest(values: Iterator[Any]) -> float | None:
    times = [time for value in values if (time := _unix_time(value)) is not None]
    return min(times, default=None)


def _unix_time(value: Any) -> float | None:
    """Unix seconds from seconds or milliseconds, number or text; None for nonsense."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        time = float(value)
    except (ValueError, OverflowError):
        return None
    if time >= _MILLISECONDS_FROM:
        time /= 1000
    return time if 0 < time < _MILLISECONDS_FROM else None
