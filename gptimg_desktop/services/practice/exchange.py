"""One request and one answer, free of any HTTP library, and the error bodies that the API documents."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.services.practice.magic import RETRY_AFTER_S

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that arrived whole. `host` and `method` as sent, `path` decoded, `query` as it was sent."""

    method: str
    host: str
    path: str
    query: str = ""
    content_type: str = ""
    authorization: str = ""
    body: bytes | bytearray = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back. Content-Length is the carrier's business."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class RefusedError(Exception):
    """A request that the service turns down; carries the whole answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


_TYPES: Final = MappingProxyType(
    {
        401: "authentication_error",
        402: "payment_required",
        403: "permission_error",
        429: "rate_limit_error",
        502: "bad_gateway",
        503: "service_unavailable",
    }
)
_RATE_MESSAGE: Final = "Too many requests. Please slow down."


def as_json(status: int, content: Any) -> Answer:
    """An answer with a JSON body, in UTF-8."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status=status, headers={"Content-Type": "application/json; charset=utf-8"}, body=body)


def documented_error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    """The envelope of the vendor's documentation: the status again as `code`, and its type."""
    kind = _TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    answer = as_json(status, {"error": {"code": status, "message": message, "type": kind}})
    return replace(answer, headers={**answer.headers, **(headers or {})})


def rate_limit_error() -> Answer:
    """The answer to a caller that is to slow down, with the seconds to wait."""
    return documented_error(429, _RATE_MESSAGE, {"Retry-After": str(RETRY_AFTER_S)})


def observed_error(status: int, code: str, message: str) -> Answer:
    """The envelope that the live service was seen to use: `code` is a word, or empty."""
    return as_json(
        status, {"error": {"code": code, "message": message, "param": "", "type": "apimart_error"}}
    )


def storage_error(status: int, code: str, message: str) -> Answer:
    """The XML with which a file store turns a download away."""
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    text = f'<?xml version="1.0" encoding="UTF-8"?>{error}'
    return Answer(status=status, headers={"Content-Type": "application/xml"}, body=text.encode())
