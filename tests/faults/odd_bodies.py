"""Bodies that no service should send, and the mark of a sentence that people can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gptimg_desktop.core.gate import Gate
from gptimg_desktop.core.job import Job
from gptimg_desktop.ui.messages import gate_sentence, sentence

if TYPE_CHECKING:
    from gptimg_desktop.core.errors import Problem
    from tests.support.bench import Bench

PAGE = b"<!DOCTYPE html><html><head><title>524</title></head><body>A timeout occurred</body></html>"
BLANKS = b" " * (5 * 1024 * 1024)
DEPTH = 10_000

USELESS: dict[str, bytes] = {
    "empty": b"",
    "blanks": b" \r\n\t ",
    "null": b"null",
    "true": b"true",
    "a number": b"200",
    "a text": b'"ok"',
    "an empty list": b"[]",
    "an empty object": b"{}",
    "a page": PAGE,
    "plain words": b"upstream connect error or disconnect/reset before headers",
    "cut in a word": b'{"code":200,"data":[{"stat',
    "cut before its end": b'{"code":200,"data":[{"status":"submitted"}]',
    "two values": b'{"code":200}{"code":200}',
    "deep lists": b"[" * DEPTH,
    "deep and closed lists": b"[" * DEPTH + b"]" * DEPTH,
    "deep objects": b'{"data":' * DEPTH + b"1" + b"}" * DEPTH,
    "deep data": b'{"code":200,"data":' + b"[" * DEPTH + b"]" * DEPTH + b"}",
    "not a number": b'{"code":NaN,"data":NaN}',
    "endless": b'{"code":200,"data":-Infinity}',
    "a huge number": b'{"code":200,"data":' + b"9" * 6_000 + b"}",
    "a huge exponent": b'{"code":200,"data":1e99999}',
    "another charset": '{"code":200,"data":"für später"}'.encode("latin-1"),
    "half a character": b'{"code":200,"data":"\xe2\x82"}',
    "half a surrogate": b'{"code":200,"data":"\\ud800"}',
    "zero bytes": bytes(2_000),
    "data is null": b'{"code":200,"data":null}',
    "data is a text": b'{"code":200,"data":"soon"}',
    "data is a number": b'{"code":200,"data":7}',
    "data is empty": b'{"code":200,"data":[]}',
    "data is an empty object": b'{"code":200,"data":{}}',
    "entries are null": b'{"code":200,"data":[null,null]}',
    "lists in lists": b'{"code":200,"data":[[[]],[]]}',
    "the same name twice": b'{"data":{"id":7},"data":null,"code":200,"code":200}',
}
"""Bytes that tell nothing, whatever was asked."""

_NEVER_SHOWN = ("Traceback", "Exception", "None", "{", "}", 'File "', "\n", "object at 0x")


def envelope(status: Any, kind: str = "", message: Any = "no") -> dict[str, Any]:
    """An error as the service documents it."""
    return {"error": {"code": status, "message": message, "type": kind}}


def assert_plain(told: str) -> None:
    """Words for people: something is said, and nothing that only programs understand."""
    assert told.strip()
    assert [word for word in _NEVER_SHOWN if word in told] == []


def assert_told_plainly(*told: Problem | Gate | Job | None) -> None:
    """The same for the sentences of problems and gates, and for all that a job has to say."""
    for item in told:
        if isinstance(item, Job):
            assert_told_plainly(item.note, item.problem)
        elif isinstance(item, Gate):
            assert_plain(gate_sentence(item))
        elif item is not None:
            assert_plain(sentence(item))


def assert_plain_all_along(desk: Bench) -> None:
    """Everything that the engine told on its way has a sentence for people."""
    assert_told_plainly(*desk.history, *desk.gates)
    assert desk.complaints == []


def problem_of(job: Job) -> str:
    """Why a job ended, in words."""
    assert job.problem is not None, job.request.prompt
    return sentence(job.problem)
