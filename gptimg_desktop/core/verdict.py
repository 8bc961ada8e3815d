"""What the answer to one submit proves. Absence of an answer is not an answer.

The service has no idempotency key, no list of tasks and no cancel, so the one question after every submit is:
can this have been charged? `judge` answers it from the evidence alone; whatever it does not know is UNKNOWN.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.foreign_text import parse_json, words_in
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.schedule import retry_after_s
from gptimg_desktop.core.task import is_safe_task_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is known after one try to submit.

    `released`: the request's last byte may have left. `status` is None where no answer began. `complete`: the
    answer arrived whole. `failure` names what broke off the try, None where nothing did; `headers` are the
    few that matter, lower case.
    """

    released: bool
    status: int | None = None
    complete: bool = False
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    failure: Problem | None = None


class Outcome(StrEnum):
    """The four things an answer can prove."""

    ACCEPTED = "accepted"  # there is a task
    REFUSED = "refused"  # there is none, and there will be none for this request
    UNSENT = "unsent"  # there is none, and the same request may go later
    UNKNOWN = "unknown"  # there may be one; only the user may send again


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`gate` names what to wait for, None for a plain pause.

    `problem` is why there is no task, or what is to be told of one that there is. `recovered`: the task id
    came out of a broken answer.
    """

    outcome: Outcome
    task_ids: tuple[str, ...] = ()
    recovered: bool = False
    problem: Problem | None = None
    gate: GateKind | None = None
    retry_after_s: float | None = None


MESSAGE_LIMIT: Final = 2_000
MOST_WORDS: Final = 1_000_000
"""Characters of a message that are searched for telling words."""
MOST_IDS: Final = 16
"""How many tasks one submit is believed to have made; each is asked about. The raw answer keeps them all."""
_RECOGNISED_ID: Final = re.compile(rb"(?<![0-9A-Za-z_-])task_[0-9A-Z]{26}(?![0-9A-Za-z_-])")

# What may follow a word at the start of `message`; the service adds the request's id to many texts.
_REQUEST_ID: Final = re.compile(r"\s?\(request id: [^()\s]{1,200}\)\Z")
_AFTER_WORD: Final = (":", "：")
# Before the first of these marks the service speaks for itself; after it, it may quote the user's prompt.
_QUOTES_FROM: Final = re.compile(r"[:：\"“«`\n(\[{<]|\s'")

# Words that are a whole `code` or `type`, or that a message begins with.
BUSY_WORDS: Final = ("get_channel_failed",)
KEY_WORDS: Final = ("authentication_error", "invalid api key", "invalid_api_key")
RATE_WORDS: Final = ("rate_limit_error",)
REFUSAL_WORDS: Final = (
    "build_request_failed",
    "model_not_found",
    "invalid_request_error",
    "permission_error",
    "moderation_blocked",
)
BALANCE_WORDS: Final = (
    "payment_required",
    "insufficient_balance",
    "insufficient balance",
    "insufficient_user_quota",
)
# Words anywhere in the answer: it failed after it was forwarded, and may have been charged.
UNCLEAR_WORDS: Final = ("do_request_failed",)
# Words anywhere in the error.
MODERATION_WORDS: Final = ("moderation", "safety system", "content_policy")

_REFUSING_STATUSES: Final = frozenset({400, 401, 402, 403, 404, 405, 413, 415, 422})
_TURNED_AWAY_STATUSES: Final = frozenset({403, 404, 405, 413, 414, 431})


def is_about_content(message: str) -> bool:
    """True where a service's words name its content rules."""
    return any(word in message.lower() for word in MODERATION_WORDS)


def judge(evidence: Evidence) -> Verdict:
    """The verdict on one submit; the table of rules, from proof to doubt."""
    if not evidence.released:
        return _judge_unreleased(evidence)
    if evidence.status is None:
        return _unknown(evidence.failure or Problem.of(ProblemKind.ANSWER_LOST, reason="no answer"))
    parsed = parse_json(evidence.body) if evidence.complete else None
    ids = _task_ids(parsed)
    if ids and evidence.status < 300:
        return _accepted(ids)
    recovered = _recovered_id(evidence.body)
    if recovered is not None:
        return _accepted((recovered,), recovered=True)
    if ids:
        return _accepted(ids, recovered=True)
    if not evidence.complete:
        return _unknown(evidence.failure or Problem.of(ProblemKind.ANSWER_LOST, reason="cut short"))
    return _judge_answer(evidence, evidence.status, parsed)


def _accepted(ids: tuple[str, ...], *, recovered: bool = False) -> Verdict:
    """There is a task; where the answer was broken, or names more than one, people are told."""
    note = Problem.of(ProblemKind.TASK_RECOVERED) if recovered else None
    if len(ids) > 1:
        note = Problem.of(ProblemKind.SEVERAL_TASKS, found=len(ids))
    return Verdict(outcome=Outcome.ACCEPTED, task_ids=ids, recovered=recovered, problem=note)


def _judge_unreleased(evidence: Evidence) -> Verdict:
    """The request never left whole, which proves that nothing was taken."""
    if evidence.status is not None and evidence.complete:
        early = _judge_answer(evidence, evidence.status, parse_json(evidence.body))
        if early.outcome is not Outcome.UNKNOWN:
            return early
    problem = evidence.failure or Problem.of(ProblemKind.CUT_OFF, host="", reason="upload stopped")
    gate = {ProblemKind.UNREACHABLE: GateKind.OFFLINE, ProblemKind.TLS_UNTRUSTED: GateKind.TLS}
    return Verdict(outcome=Outcome.UNSENT, problem=problem, gate=gate.get(problem.kind))


def _judge_answer(evidence: Evidence, status: int, parsed: Any) -> Verdict:
    """A whole answer without a task id."""
    error = _error_in(parsed)
    if 200 <= status < 300:
        if error is None:
            return _unknown(_unusable(status, evidence.body, parsed))
        return _judge_error(error, _inner_status(parsed), evidence)
    if 300 <= status < 400:
        location = evidence.headers.get("location", "")[:200]
        problem = Problem.of(ProblemKind.MOVED, location=location)
        return Verdict(outcome=Outcome.UNSENT, problem=problem, gate=GateKind.OFFLINE)
    if error is None:
        error = _as_error(parsed) if isinstance(parsed, dict) else None
    if error is not None:
        return _judge_error(error, status, evidence)
    if status == 429:
        return _rate_limited("", evidence)
    if status == 402:
        return _waiting(ProblemKind.BALANCE_EMPTY, GateKind.BALANCE, "")
    if status == 401:
        return _waiting(ProblemKind.KEY_REFUSED, GateKind.KEY, "")
    if status in _TURNED_AWAY_STATUSES:
        problem = Problem.of(ProblemKind.REFUSED_ON_THE_WAY, status=status)
        return Verdict(outcome=Outcome.UNSENT, problem=problem, gate=GateKind.OFFLINE)
    return _unknown(_unusable(status, evidence.body, parsed))


@dataclass(frozen=True, slots=True)
class _ServiceError:
    """`codes` and `text` (the whole message) are lower case, to find words; `message` is for people."""

    codes: frozenset[str]
    text: str
    message: str

    def is_coded(self, words: tuple[str, ...]) -> bool:
        """True where a word is the whole of `code` or `type`."""
        return not self.codes.isdisjoint(words)

    def is_named(self, words: tuple[str, ...]) -> bool:
        """True where a word is the whole of `code` or `type`, or the message begins with it."""
        start = _REQUEST_ID.sub("", self.text.strip())
        opens = tuple(word + mark for word in words for mark in _AFTER_WORD)
        return self.is_coded(words) or start in words or start.startswith(opens)

    def says(self, words: tuple[str, ...]) -> bool:
        """True where a word stands anywhere in the error."""
        return any(word in part for word in words for part in (*self.codes, self.text))

    def says_itself(self, words: tuple[str, ...]) -> bool:
        """True where a word is the whole of `code` or `type`, or stands before anything quoted."""
        own = _QUOTES_FROM.split(self.text, maxsplit=1)[0]
        return self.is_coded(words) or any(word in own for word in words)


def _judge_error(error: _ServiceError, status: int, evidence: Evidence) -> Verdict:
    """A refusal in the service's own words: `status` is the answer's, or the one inside a 200 (0 for none).

    Only a 4xx proves by itself that nothing was taken; behind any other status the words have to.
    """
    message = error.message
    if status == 408 or _is_unclear(error, evidence.body):
        return _unknown(Problem.of(ProblemKind.ANSWER_UNCLEAR, status=status, message=message))
    if error.is_named(BUSY_WORDS):
        problem = Problem.of(ProblemKind.SERVICE_BUSY, message=message)
        return Verdict(outcome=Outcome.UNSENT, problem=problem, retry_after_s=_retry_after(evidence))
    if _is_about_balance(error, status):
        return _waiting(ProblemKind.BALANCE_EMPTY, GateKind.BALANCE, message)
    turned_down = 400 <= status < 500
    if status == 401 or (turned_down and error.is_named(KEY_WORDS)):
        return _waiting(ProblemKind.KEY_REFUSED, GateKind.KEY, message)
    if status == 429 or (turned_down and error.is_named(RATE_WORDS)):
        return _rate_limited(message, evidence)
    if status in _REFUSING_STATUSES or error.is_named(REFUSAL_WORDS):
        if error.says(MODERATION_WORDS):
            problem = Problem.of(ProblemKind.MODERATED, message=message)
        else:
            problem = Problem.of(ProblemKind.REQUEST_REFUSED, message=message, status=status)
        return Verdict(outcome=Outcome.REFUSED, problem=problem)
    return _unknown(Problem.of(ProblemKind.ANSWER_UNCLEAR, status=status, message=message))


def _is_unclear(error: _ServiceError, body: bytes) -> bool:
    raw = body.lower()
    return error.says(UNCLEAR_WORDS) or any(word.encode() in raw for word in UNCLEAR_WORDS)


def _is_about_balance(error: _ServiceError, status: int) -> bool:
    """True for an empty account, which the service also tells in the text of a 403 or 503."""
    if status in {402, 403}:
        return status == 402 or error.says(BALANCE_WORDS)
    if status == 503:
        return error.says_itself(BALANCE_WORDS)
    return 400 <= status < 500 and error.is_coded(BALANCE_WORDS)


def _waiting(kind: ProblemKind, gate: GateKind, message: str) -> Verdict:
    return Verdict(outcome=Outcome.UNSENT, problem=Problem.of(kind, message=message), gate=gate)


def _rate_limited(message: str, evidence: Evidence) -> Verdict:
    return Verdict(
        outcome=Outcome.UNSENT,
        problem=Problem.of(ProblemKind.RATE_LIMITED, message=message),
        gate=GateKind.RATE,
        retry_after_s=_retry_after(evidence),
    )


def _unknown(problem: Problem) -> Verdict:
    return Verdict(outcome=Outcome.UNKNOWN, problem=problem)


def _unusable(status: int, body: bytes, parsed: Any) -> Problem:
    if body.lstrip()[:1] == b"<":
        return Problem.of(ProblemKind.ANSWER_WAS_WEB_PAGE, status=status)
    if status < 300 and isinstance(parsed, dict):
        return Problem.of(ProblemKind.ANSWER_WITHOUT_TASK, status=status)
    return Problem.of(ProblemKind.ANSWER_UNCLEAR, status=status, message="")


def _retry_after(evidence: Evidence) -> float | None:
    return retry_after_s(evidence.headers.get("retry-after"), date=evidence.headers.get("date"))


def _task_ids(parsed: Any) -> tuple[str, ...]:
    """Every usable id in a submit's answer: `data` as a list or an object, `task_id` or `id`."""
    return tuple(islice(dict.fromkeys(_ids_in(parsed)), MOST_IDS))


def _ids_in(parsed: Any) -> Iterator[str]:
    data = parsed.get("data") if isinstance(parsed, dict) else None
    for item in data if isinstance(data, list) else [data]:
        found = (item.get("task_id") or item.get("id")) if isinstance(item, dict) else None
        if isinstance(found, str) and is_safe_task_id(found):
            yield found


def _recovered_id(body: bytes) -> str | None:
    """The one well-formed id that stands anywhere in the bytes; None where there is none or more than one."""
    found = set(_RECOGNISED_ID.findall(body))
    return found.pop().decode("ascii") if len(found) == 1 else None


def _error_in(parsed: Any) -> _ServiceError | None:
    """The error that a JSON answer carries: an `error` member, or a `code` that is not a success."""
    if not isinstance(parsed, dict):
        return None
    if parsed.get("error"):
        return _as_error(parsed)
    code = parsed.get("code")
    succeeded = code is None or str(code).strip() in {"", "0", "200", "201", "202"}
    return None if succeeded else _as_error(parsed)


def _as_error(parsed: dict[str, Any]) -> _ServiceError:
    inner = parsed.get("error")
    source = inner if isinstance(inner, dict) else parsed
    message = inner if isinstance(inner, str) else source.get("message") or source.get("msg")
    text = words_in(message, most=MOST_WORDS)
    return _ServiceError(
        codes=frozenset(str(source.get(name) or "").strip().lower() for name in ("code", "type")),
        text=text.lower(),
        message=text[:MESSAGE_LIMIT],
    )


def _inner_status(parsed: dict[str, Any]) -> int:
    """The status that an error inside a 200 names for itself; 0 where it names none."""
    inner = parsed.get("error")
    for source in (inner, parsed):
        code = source.get("code") if isinstance(source, dict) else None
        if (
            isinstance(code, int | str)
            and str(code).isascii()
            and str(code).isdigit()
            and len(str(code)) == 3
        ):
            return int(code)
    return 0
