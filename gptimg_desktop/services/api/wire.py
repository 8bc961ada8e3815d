"""Readers of the service's answers, lenient: any shape that was ever seen is read, the rest is left out."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.account import Balance
from gptimg_desktop.core.foreign_text import storable, words_in
from gptimg_desktop.core.task import TaskReport, TaskState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    "任务不存在",
    "任務不存在",
)
CREDITS_PER_DOLLAR: Final = 10
MOST_MONEY: Final = 1_000_000
_MOST_TEXT: Final = 2_000
_MILLISECONDS_FROM: Final = 100_000_000_000  # as seconds that would be the year 5138


def read_task(parsed: Any, task_id: str, raw: bytes) -> TaskReport | None:
    """The report in an answer about one task; None where the answer tells of no task.

    What names another task is about that one. Without an envelope, and beside an error, only what names the
    task is about it: gateways speak of a `status` of their own.
    """
    enveloped = isinstance(parsed, dict) and "data" in parsed
    data = parsed["data"] if enveloped else parsed
    if isinstance(data, list):
        data = data[0] if data else None
    if not isinstance(data, dict) or "status" not in data:
        return None
    ids = [name for name in (data.get("id"), data.get("task_id")) if isinstance(name, str) and name]
    is_told_to_fail = told_status(parsed, 200) >= 400
    is_of_another = any(name.startswith("task_") for name in ids)
    if task_id not in ids and (is_of_another or is_told_to_fail or not enveloped):
        return None
    return _report(data, task_id, raw)


def read_tasks(parsed: Any, task_ids: Iterable[str]) -> dict[str, TaskReport] | None:
    """The reports in an answer about several tasks, by id; None where the answer is no list of tasks.

    Tasks come as a list, as an object keyed by id, or as either of them under `tasks` or `items`; ids that
    were not asked for are left out, and so is what has no status that can be read. Of several reports about
    one task the last counts, but none takes back that it is over.
    """
    wanted = frozenset(task_ids)
    data = parsed["data"] if isinstance(parsed, dict) and "data" in parsed else parsed
    entries = _task_entries(data, wanted)
    if entries is None:
        return None
    reports: dict[str, TaskReport] = {}
    for name, entry in entries:
        if name in wanted and isinstance(entry.get("status"), str):
            report = _report(entry, name, json.dumps(entry).encode())
            if name not in reports or report.state is not TaskState.PENDING:
                reports[name] = report
    return reports


def _task_entries(data: Any, wanted: frozenset[str]) -> list[tuple[str, dict[str, Any]]] | None:
    """Each task with its id; None where there is no place for tasks."""
    if isinstance(data, dict):
        inside = next((data[name] for name in ("tasks", "items") if name in data), None)
        if inside is not None:
            return _task_entries(inside, wanted)
        named = [(name, entry) for name, entry in data.items() if name in wanted and isinstance(entry, dict)]
        return named if named or not data else None
    if not isinstance(data, list):
        return None
    entries = [entry for entry in data if isinstance(entry, dict)]
    return [(_id_of(entry), entry) for entry in entries] if entries or not data else None


def _id_of(entry: dict[str, Any]) -> str:
    found = entry.get("task_id") or entry.get("id")
    return found if isinstance(found, str) else ""


def _report(data: dict[str, Any], task_id: str, raw: bytes) -> TaskReport:
    word = data["status"]
    status_word = storable(word.strip()[:100]) if isinstance(word, str) else ""
    state = _STATES.get(status_word.lower(), TaskState.PENDING)
    images = _images(data)
    return TaskReport(
        task_id=task_id,
        state=state,
        status_word=status_word,
        links=tuple(dict.fromkeys(link for image in images for link in _links(image))),
        expires_at=_earliest(image.get("expires_at") for image in images if isinstance(image, dict)),
        cost=_cost(data),
        message=error_message(data),
        raw=raw,
    )


def error_message(source: Any) -> str:
    """The text of the error that an object carries, as an object or a bare string; empty without one."""
    if not isinstance(source, dict):
        return ""
    return words_in(source.get("error"), most=_MOST_TEXT) or words_in(source.get("message"), most=_MOST_TEXT)


def says_unknown_task(message: str) -> bool:
    """True for the service's words for a task that it does not know (any more)."""
    text = message.casefold()
    return any(words in text for words in _UNKNOWN_TASK_WORDS)


def told_status(parsed: Any, status: int) -> int:
    """The status that an answer means: its own, or of an error inside a 200 the one that the error names."""
    if status >= 300 or not isinstance(parsed, dict):
        return status
    inner = parsed.get("error")
    codes = (source.get("code") for source in (inner, parsed) if isinstance(source, dict))
    return next((code for code in map(_status_code, codes) if code >= 400), status)


def _status_code(code: Any) -> int:
    text = str(code).strip() if isinstance(code, int | str) else ""
    return int(text) if re.fullmatch("[1-9][0-9]{2}", text) else 0


def read_balance(parsed: Any) -> Balance | None:
    """The account's balance, at the top of the answer or under `data`; None where there is none."""
    data = parsed.get("data") if isinstance(parsed, dict) else None
    fields = data if isinstance(data, dict) else parsed
    if not isinstance(fields, dict) or fields.get("success", True) in {False, "false"}:
        return None
    remaining = _first_amount(fields, "remain_balance", "remain_credits")
    unlimited = str(fields.get("unlimited_quota")).lower() == "true"
    if remaining is None and not unlimited:
        return None
    return Balance(
        remaining=None if unlimited else remaining,
        used=_first_amount(fields, "used_balance", "used_credits"),
        unlimited=unlimited,
    )


def _first_amount(fields: dict[str, Any], dollars: str, credits_: str) -> Decimal | None:
    """Dollars under one name, or credits under another; an account may be below zero."""
    amount, tokens = _sane(fields.get(dollars)), _sane(fields.get(credits_))
    return amount if amount is not None or tokens is None else tokens / CREDITS_PER_DOLLAR


def _cost(data: dict[str, Any]) -> Decimal | None:
    told, in_credits = read_money(data.get("cost")), read_money(data.get("credits_cost"))
    return told if told is not None or in_credits is None else in_credits / CREDITS_PER_DOLLAR


def read_money(value: Any) -> Decimal | None:
    """Dollars from a number or a numeric string; None where it is neither, or no sane amount."""
    amount = _sane(value)
    return amount if amount is not None and amount >= 0 else None


def _sane(value: Any) -> Decimal | None:
    """An amount that an account or a picture can have."""
    amount = _number(value)
    return amount if amount is not None and abs(amount) < MOST_MONEY else None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value).strip()[:40])
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _images(data: dict[str, Any]) -> list[Any]:
    result = data.get("result")
    images = result.get("images") if isinstance(result, dict) else None
    return images if isinstance(images, list) else [images]


def _links(image: Any) -> Iterator[str]:
    """Every web address in an image entry: `url` as text, list or object, at any depth that was seen."""
    if isinstance(image, str):
        link = image.strip()
        if link.lower().startswith(("http://", "https://")) and link == storable(link):
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
