"""Reading the body of a batch query."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from gptimg_desktop.services.practice.exchange import RefusedError, documented_error

MOST_IDS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Which tasks are asked for. `language` is empty where the body names none."""

    task_ids: frozenset[str]
    language: str = ""


def read_batch(body: bytes | bytearray) -> Batch:
    """The query that a JSON body holds; RefusedError with the documented answer where it is wrong."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise _refused("the body is not valid JSON") from None
    if not isinstance(fields, dict):
        raise _refused("the body must be a JSON object")
    language = fields.get("language", "")
    if not isinstance(language, str):
        raise _refused("language must be a string")
    return Batch(task_ids=_task_ids(fields.get("task_ids")), language=language)


def _task_ids(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise _refused("task_ids must be a non-empty array of strings")
    if len(value) > MOST_IDS:
        raise _refused(f"task_ids takes at most {MOST_IDS} ids")
    return frozenset(value)


def _refused(message: str) -> RefusedError:
    return RefusedError(documented_error(400, message))
