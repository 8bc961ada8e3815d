"""What an answer to a submit proves, row by row: the verdict table, the submit faults, the API's errors."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.verdict import Evidence, Outcome, Verdict, judge

ID = "task_01KT48E134GCG3W870HKHPVMNA"
OTHER_ID = "task_01KT48E134GCG3W870HKHPVMNB"
HTML = b"<!DOCTYPE html><html><body>cloudflare</body></html>"

ACCEPTED, REFUSED, UNSENT, UNKNOWN = Outcome.ACCEPTED, Outcome.REFUSED, Outcome.UNSENT, Outcome.UNKNOWN


def error(message: str = "", *, code: object = "", kind: str = "") -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "type": kind}}


def answered(status: int, body: object = b"", **headers: str) -> Verdict:
    """The verdict on a whole answer to a request that left whole."""
    return judge(_answer(status, body, released=True, headers=headers))


def _answer(
    status: int,
    body: object,
    *,
    released: bool,
    complete: bool = True,
    headers: dict[str, str] | None = None,
) -> Evidence:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
    return Evidence(released=released, status=status, complete=complete, body=raw, headers=named)


def kind_of(verdict: Verdict) -> ProblemKind | None:
    return verdict.problem.kind if verdict.problem else None


# Before the last byte was released, every failure proves that nothing was taken


@pytest.mark.parametrize(
    ("kind", "gate"),
    [
        pytest.param(ProblemKind.UNREACHABLE, GateKind.OFFLINE, id="7-connection-refused"),
        pytest.param(ProblemKind.UNREACHABLE, GateKind.OFFLINE, id="8-no-such-name"),
        pytest.param(ProblemKind.UNREACHABLE, GateKind.OFFLINE, id="9-connect-hangs"),
        pytest.param(ProblemKind.TLS_UNTRUSTED, GateKind.TLS, id="10-certificate-not-trusted"),
        pytest.param(ProblemKind.CUT_OFF, None, id="11-reset-in-the-handshake"),
        pytest.param(ProblemKind.TIMED_OUT, None, id="12-upload-stalls"),
        pytest.param(ProblemKind.CUT_OFF, None, id="13-reset-in-mid-body"),
        pytest.param(ProblemKind.LIBRARY_UNWRITABLE, None, id="39-arming-not-committed"),
    ],
)
def test_unreleased_failure_is_unsent(kind: ProblemKind, gate: GateKind | None) -> None:
    verdict = judge(Evidence(released=False, failure=Problem.of(kind, host="h", reason="r")))
    assert (verdict.outcome, kind_of(verdict), verdict.gate) == (UNSENT, kind, gate)


def test_unreleased_without_a_known_failure_is_unsent() -> None:
    assert judge(Evidence(released=False)).outcome is UNSENT


@pytest.mark.parametrize("status", [200, 500, 502, 524])
def test_unreleased_answer_that_says_nothing_is_unsent(status: int) -> None:
    assert judge(_answer(status, HTML, released=False)).outcome is UNSENT


def test_14_early_413_that_was_seen_is_final() -> None:
    verdict = judge(_answer(413, error("request too large"), released=False))
    assert (verdict.outcome, kind_of(verdict)) == (REFUSED, ProblemKind.REQUEST_REFUSED)
    assert verdict.problem is not None
    assert dict(verdict.problem.facts) == {"message": "request too large", "status": 413}


def test_14_early_413_that_was_cut_off_goes_again() -> None:
    evidence = _answer(413, b'{"error":', released=False, complete=False)
    assert judge(evidence).outcome is UNSENT


# After it, silence proves nothing


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(ProblemKind.TIMED_OUT, id="6-never-answers"),
        pytest.param(ProblemKind.ANSWER_LOST, id="5-accepts-and-closes"),
        pytest.param(ProblemKind.CUT_OFF, id="connection-reset"),
        pytest.param(ProblemKind.UNREACHABLE, id="even-where-it-sounds-like-no-connection"),
        pytest.param(ProblemKind.TLS_UNTRUSTED, id="even-where-it-sounds-like-no-trust"),
        pytest.param(ProblemKind.INTERNAL, id="a-failure-nobody-foresaw"),
        pytest.param(ProblemKind.PROGRAM_ENDED, id="the-program-ended"),
    ],
)
def test_released_failure_is_unknown(kind: ProblemKind) -> None:
    verdict = judge(Evidence(released=True, failure=Problem.of(kind)))
    assert (verdict.outcome, kind_of(verdict), verdict.gate) == (UNKNOWN, kind, None)


def test_released_without_any_word_is_unknown() -> None:
    verdict = judge(Evidence(released=True))
    assert (verdict.outcome, kind_of(verdict)) == (UNKNOWN, ProblemKind.ANSWER_LOST)


@pytest.mark.parametrize("status", [200, 400, 401, 402, 403, 404, 413, 422, 429, 500, 503])
def test_released_answer_that_was_cut_short_is_unknown(status: int) -> None:
    body = b'{"error":{"code":"get_channel_failed","message":"Please'
    verdict = judge(_answer(status, body, released=True, complete=False))
    assert (verdict.outcome, kind_of(verdict)) == (UNKNOWN, ProblemKind.ANSWER_LOST)


# A task id is an acceptance


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(200, {"code": 200, "data": [{"status": "submitted", "task_id": ID}]}, id="list"),
        pytest.param(200, {"code": 200, "data": {"id": ID, "status": "pending"}}, id="31-object-with-id"),
        pytest.param(200, {"data": [{"id": ID}]}, id="31-list-with-id"),
        pytest.param(200, {"data": {"task_id": ID}}, id="31-object-with-task-id"),
        pytest.param(201, {"data": [{"task_id": ID}]}, id="31-created"),
        pytest.param(202, {"data": [{"task_id": ID}]}, id="31-accepted"),
        pytest.param(200, {"code": "0", "data": [{"task_id": ID, "id": "7"}]}, id="task-id-before-id"),
        pytest.param(200, {"data": [{"task_id": ID}, {"task_id": ID}]}, id="said-twice"),
        pytest.param(200, {"data": [None, 7, {"task_id": ID}]}, id="among-junk"),
    ],
)
def test_whole_answer_with_a_task_is_accepted(status: int, body: object) -> None:
    assert answered(status, body) == Verdict(outcome=ACCEPTED, task_ids=(ID,))


@pytest.mark.parametrize("task_id", ["abc", "7-of-9", "x" * 128])
def test_task_id_of_another_shape_is_taken_where_it_belongs(task_id: str) -> None:
    assert answered(200, {"data": [{"task_id": task_id}]}).task_ids == (task_id,)


def test_32_two_tasks_are_both_kept() -> None:
    verdict = answered(200, {"data": [{"task_id": ID}, {"task_id": OTHER_ID}]})
    assert (verdict.outcome, verdict.task_ids, verdict.recovered) == (ACCEPTED, (ID, OTHER_ID), False)
    assert verdict.problem == Problem.of(ProblemKind.SEVERAL_TASKS, found=2)


@pytest.mark.parametrize(
    "evidence",
    [
        pytest.param(
            _answer(
                200, f'{{"code":200,"data":[{{"task_id":"{ID}","sta'.encode(), released=True, complete=False
            ),
            id="30-cut-short",
        ),
        pytest.param(_answer(200, f"ok {ID}".encode(), released=True), id="no-json"),
        pytest.param(_answer(200, {"result": {"job": ID}}, released=True), id="in-another-place"),
        pytest.param(_answer(500, {"data": {"task_id": ID}}, released=True), id="with-a-5xx"),
        pytest.param(_answer(400, error(f"duplicate of {ID}"), released=True), id="in-an-error"),
        pytest.param(_answer(302, ID.encode(), released=True), id="with-a-redirect"),
        pytest.param(_answer(200, (ID + " " + ID).encode(), released=True), id="twice-the-same"),
    ],
)
def test_one_well_formed_id_in_an_odd_answer_is_recovered(evidence: Evidence) -> None:
    told = Problem.of(ProblemKind.TASK_RECOVERED)
    assert judge(evidence) == Verdict(outcome=ACCEPTED, task_ids=(ID,), recovered=True, problem=told)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"{ID} {OTHER_ID}", id="two-ids"),
        pytest.param(ID[:-1], id="cut-in-the-id"),
        pytest.param(ID + "X", id="too-long"),
        pytest.param("sub" + ID, id="the-end-of-another-word"),
        pytest.param(ID.lower(), id="lower-case"),
    ],
)
def test_anything_less_than_one_well_formed_id_is_unknown(body: str) -> None:
    assert judge(_answer(200, body.encode(), released=True, complete=False)).outcome is UNKNOWN


@pytest.mark.parametrize("task_id", ["../../x", "x" * 10_240, "a\u0007b", "", "a b", "ä", 7, None, ["x"], {}])
def test_33_hostile_task_id_is_unknown(task_id: object) -> None:
    verdict = answered(200, {"data": [{"task_id": task_id}]})
    assert (verdict.outcome, kind_of(verdict)) == (UNKNOWN, ProblemKind.ANSWER_WITHOUT_TASK)


# A success that is none


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(HTML, ProblemKind.ANSWER_WAS_WEB_PAGE, id="27-captive-portal"),
        pytest.param(b" \n<html>", ProblemKind.ANSWER_WAS_WEB_PAGE, id="27-after-blanks"),
        pytest.param({"code": 200, "data": []}, ProblemKind.ANSWER_WITHOUT_TASK, id="29-no-task"),
        pytest.param({}, ProblemKind.ANSWER_WITHOUT_TASK, id="29-empty-object"),
        pytest.param(b"", ProblemKind.ANSWER_UNCLEAR, id="empty"),
        pytest.param(b'{"code":200,"data":[', ProblemKind.ANSWER_UNCLEAR, id="no-json"),
        pytest.param(b"[" * 100_000, ProblemKind.ANSWER_UNCLEAR, id="nested-too-deep"),
        pytest.param(b"9" * 10_000, ProblemKind.ANSWER_UNCLEAR, id="a-number-too-long"),
        pytest.param(b"\xff\xfe\x00", ProblemKind.ANSWER_UNCLEAR, id="no-text"),
        pytest.param([], ProblemKind.ANSWER_UNCLEAR, id="a-list"),
        pytest.param(7, ProblemKind.ANSWER_UNCLEAR, id="a-number"),
    ],
)
def test_success_without_task_or_error_is_unknown(body: object, kind: ProblemKind) -> None:
    verdict = answered(200, body)
    assert (verdict.outcome, kind_of(verdict)) == (UNKNOWN, kind)


@pytest.mark.parametrize(
    ("body", "outcome", "gate"),
    [
        pytest.param(
            {"code": 500, **error("boom", code=500, kind="server_error")}, UNKNOWN, None, id="server"
        ),
        pytest.param({"code": 500, "message": "boom"}, UNKNOWN, None, id="only-a-code"),
        pytest.param({"code": 200, "error": "boom"}, UNKNOWN, None, id="bare-string"),
        pytest.param({"code": 408, "message": "time out"}, UNKNOWN, None, id="time-out"),
        pytest.param({"code": 400, "message": "bad size"}, REFUSED, None, id="bad-request"),
        pytest.param({"code": "400", "msg": "bad size"}, REFUSED, None, id="code-as-text"),
        pytest.param(error("bad", kind="invalid_request_error"), REFUSED, None, id="refusal-by-type"),
        pytest.param({"error": "build_request_failed: no"}, REFUSED, None, id="refusal-as-bare-string"),
        pytest.param(error("wait", code="get_channel_failed"), UNSENT, None, id="busy"),
        pytest.param({"code": 401, "message": "no"}, UNSENT, GateKind.KEY, id="key"),
        pytest.param({"code": 402, "message": "no"}, UNSENT, GateKind.BALANCE, id="balance"),
        pytest.param({"code": 429, "message": "no"}, UNSENT, GateKind.RATE, id="rate"),
        pytest.param(
            {"code": 429, **error("slow", kind="rate_limit_error")}, UNSENT, GateKind.RATE, id="429"
        ),
        pytest.param({"code": 503, "message": "insufficient balance"}, UNSENT, GateKind.BALANCE, id="503"),
        pytest.param({"code": 500, "message": "insufficient balance"}, UNKNOWN, None, id="500"),
        pytest.param({"code": 400, "message": "retry after get_channel_failed"}, REFUSED, None, id="400"),
        # a status that is none counts like a 5xx
        pytest.param(error("slow", kind="rate_limit_error"), UNKNOWN, None, id="no-status-rate"),
        pytest.param(error("no", kind="authentication_error"), UNKNOWN, None, id="no-status-key"),
        pytest.param(error("no", kind="payment_required"), UNKNOWN, None, id="no-status-balance"),
        pytest.param({"error": "insufficient balance"}, UNKNOWN, None, id="no-status-balance-text"),
        pytest.param({"code": 200, **error("Invalid API key")}, UNKNOWN, None, id="status-200-key"),
        pytest.param({"code": 7, **error("no", code="invalid_api_key")}, UNKNOWN, None, id="status-7-key"),
    ],
)
def test_28_error_inside_a_200_counts_as_itself(
    body: object, outcome: Outcome, gate: GateKind | None
) -> None:
    verdict = answered(200, body)
    assert (verdict.outcome, verdict.gate) == (outcome, gate)


# Refusals before the service took anything


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 415, 422])
def test_json_refusal_is_final_and_keeps_the_services_words(status: int) -> None:
    verdict = answered(status, error("not like this", code=status, kind="whatever_error"))
    assert verdict == Verdict(
        outcome=REFUSED,
        problem=Problem.of(ProblemKind.REQUEST_REFUSED, message="not like this", status=status),
    )


@pytest.mark.parametrize("status", [403, 404, 405, 413, 414, 431])
@pytest.mark.parametrize("body", [HTML, b"go away", b""], ids=["page", "text", "empty"])
def test_turned_away_on_the_way_waits(status: int, body: bytes) -> None:
    verdict = answered(status, body)
    assert (verdict.outcome, kind_of(verdict)) == (UNSENT, ProblemKind.REFUSED_ON_THE_WAY)
    assert verdict.gate is GateKind.OFFLINE
    assert verdict.problem is not None
    assert verdict.problem.facts["status"] == status


@pytest.mark.parametrize("status", [400, 415, 422])
@pytest.mark.parametrize("body", [HTML, b""], ids=["page", "empty"])
def test_refusal_in_no_words_of_the_service_is_unknown(status: int, body: bytes) -> None:
    assert answered(status, body).outcome is UNKNOWN


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_34_redirect_is_not_followed(status: int) -> None:
    verdict = answered(status, b"", location="https://elsewhere.example/v1")
    assert (verdict.outcome, kind_of(verdict), verdict.gate) == (UNSENT, ProblemKind.MOVED, GateKind.OFFLINE)
    assert verdict.problem is not None
    assert verdict.problem.facts["location"] == "https://elsewhere.example/v1"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(HTML, id="page"),
        pytest.param(error("Request timeout", code=408, kind="timeout"), id="json"),
        pytest.param(error("Request timeout", kind="invalid_request_error"), id="with-a-refusing-type"),
        pytest.param(error("get_channel_failed: timeout"), id="with-a-busy-word"),
    ],
)
def test_408_is_unknown(body: object) -> None:
    assert answered(408, body).outcome is UNKNOWN


@pytest.mark.parametrize("body", [b"", HTML, error("in progress"), {}], ids=["empty", "page", "json", "bare"])
def test_41_409_without_a_known_code_is_unknown(body: object) -> None:
    assert answered(409, body).outcome is UNKNOWN


@pytest.mark.parametrize("status", [402, 406, 410, 418, 425, 451, 499])
def test_status_that_nobody_foresaw_is_never_final(status: int) -> None:
    assert answered(status, error("what")).outcome is not REFUSED


# 429: wait as long as the service asks


@pytest.mark.parametrize(
    "body",
    [b"", HTML, error("slow down", code=429, kind="rate_limit_error"), {"message": "slow down"}],
    ids=["empty", "page", "json", "no-error-member"],
)
def test_15_429_closes_the_rate_gate(body: object) -> None:
    verdict = answered(429, body, retry_after="7")
    assert (verdict.outcome, kind_of(verdict)) == (UNSENT, ProblemKind.RATE_LIMITED)
    assert (verdict.gate, verdict.retry_after_s) == (GateKind.RATE, 7)


def test_16_date_in_retry_after_is_measured_by_the_servers_clock() -> None:
    verdict = answered(429, retry_after="Fri, 01 Jan 1999 12:00:20 GMT", date="Fri, 01 Jan 1999 12:00:00 GMT")
    assert verdict.retry_after_s == 20


@pytest.mark.parametrize("value", ["-5", "abc", "1e9", "", "7, 7"])
def test_17_nonsense_in_retry_after_is_ignored(value: str) -> None:
    assert answered(429, retry_after=value).retry_after_s is None


def test_17_endless_retry_after_is_clamped() -> None:
    assert answered(429, retry_after="99999999999999999999").retry_after_s == 3600


# Words of the service that prove a refusal, whatever the status


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(
            500,
            error("build_request_failed: invalid size: 3x3"),
            ProblemKind.REQUEST_REFUSED,
            id="19-bad-size",
        ),
        pytest.param(
            500,
            error("build_request_failed: content moderation failed: violence"),
            ProblemKind.MODERATED,
            id="19-moderation-in-a-500",
        ),
        pytest.param(
            500, error("no", code="build_request_failed"), ProblemKind.REQUEST_REFUSED, id="19-by-code"
        ),
        pytest.param(
            400,
            error("rejected by the safety system. safety_violations=[x]", code="moderation_blocked"),
            ProblemKind.MODERATED,
            id="moderation-blocked",
        ),
        pytest.param(
            503, error("no", code="model_not_found"), ProblemKind.REQUEST_REFUSED, id="model-not-found"
        ),
        pytest.param(
            500,
            error("moderation_blocked: no (request id: 2026)", kind="server_error"),
            ProblemKind.MODERATED,
            id="moderation-at-the-start-of-a-500",
        ),
        pytest.param(
            400, error("no", code="moderation_blocked"), ProblemKind.MODERATED, id="moderation-by-code-alone"
        ),
        pytest.param(503, error("Model_Not_Found：gpt"), ProblemKind.REQUEST_REFUSED, id="with-a-wide-colon"),
        pytest.param(
            500, error("no", kind="invalid_request_error"), ProblemKind.REQUEST_REFUSED, id="invalid-request"
        ),
        pytest.param(502, error("no", kind="permission_error"), ProblemKind.REQUEST_REFUSED, id="permission"),
        pytest.param(403, error("no", kind="permission_error"), ProblemKind.REQUEST_REFUSED, id="25-403"),
        pytest.param(
            400,
            error("bad", code=400, kind="invalid_request_error"),
            ProblemKind.REQUEST_REFUSED,
            id="26-documented-400",
        ),
    ],
)
def test_known_refusal_is_final(status: int, body: object, kind: ProblemKind) -> None:
    verdict = answered(status, body)
    assert (verdict.outcome, kind_of(verdict), verdict.gate) == (REFUSED, kind, None)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(400, error("get_channel_failed: Please wait and try again later."), id="400-message"),
        pytest.param(503, error("Please wait", code="get_channel_failed"), id="503-code"),
        pytest.param(503, error("Please wait", kind="get_channel_failed"), id="503-type"),
        pytest.param(500, error("get_channel_failed"), id="500-the-word-alone"),
        pytest.param(503, error(" get_channel_failed (request id: 20260101abc)"), id="503-with-a-request-id"),
        pytest.param(503, error("Get_Channel_Failed：稍后再试"), id="503-with-a-wide-colon"),
        pytest.param(200, error("get_channel_failed: wait"), id="200-message"),
    ],
)
def test_21_busy_service_goes_again_later(status: int, body: object) -> None:
    verdict = answered(status, body, retry_after="3")
    assert (verdict.outcome, kind_of(verdict)) == (UNSENT, ProblemKind.SERVICE_BUSY)
    assert (verdict.gate, verdict.retry_after_s) == (None, 3)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(
            401, error("invalid API key (request id: 2026)", kind="apimart_error"), id="401-as-really-seen"
        ),
        pytest.param(401, error("no", code=401, kind="authentication_error"), id="401-documented"),
        pytest.param(401, b"", id="401-empty"),
        pytest.param(403, error("no", kind="authentication_error"), id="25-403-by-type"),
        pytest.param(400, error("Invalid API key"), id="400-by-words"),
        pytest.param(400, error("invalid API key (request id: 2026)"), id="400-with-a-request-id"),
        pytest.param(400, error("no", code="invalid_api_key"), id="400-by-code"),
    ],
)
def test_23_refused_key_closes_the_key_gate(status: int, body: object) -> None:
    verdict = answered(status, body)
    assert (verdict.outcome, kind_of(verdict)) == (UNSENT, ProblemKind.KEY_REFUSED)
    assert verdict.gate is GateKind.KEY


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(402, error("no", code=402, kind="payment_required"), id="402-documented"),
        pytest.param(402, b"", id="402-empty"),
        pytest.param(402, error("no", kind="invalid_request_error"), id="402-by-status"),
        pytest.param(403, error("Sorry: insufficient balance"), id="24-403-by-words"),
        pytest.param(403, error("no", code="insufficient_user_quota"), id="24-403-by-code"),
        pytest.param(503, error("Your account has insufficient balance"), id="24-503-by-words"),
        pytest.param(503, error("no", kind="payment_required"), id="24-503-by-type"),
        pytest.param(400, error("no", code="insufficient_user_quota"), id="24-400-by-code"),
        pytest.param(429, error("no", code="insufficient_balance"), id="24-429-by-code"),
    ],
)
def test_24_empty_account_closes_the_balance_gate(status: int, body: object) -> None:
    verdict = answered(status, body)
    assert (verdict.outcome, kind_of(verdict)) == (UNSENT, ProblemKind.BALANCE_EMPTY)
    assert verdict.gate is GateKind.BALANCE


# Everything else from the server's side is unknown


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 520, 522, 524, 599])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(HTML, id="20-page"),
        pytest.param(b"", id="22-bare"),
        pytest.param(b"upstream error", id="text"),
        pytest.param({}, id="empty-object"),
        pytest.param(error("boom", code=500, kind="server_error"), id="server-error"),
        pytest.param(error("boom", code=502, kind="bad_gateway"), id="bad-gateway"),
        pytest.param(error("boom", code=503, kind="service_unavailable"), id="service-unavailable"),
        pytest.param(error("do_request_failed: Post: EOF"), id="do-request-failed"),
        pytest.param(error("boom", code="do_request_failed"), id="do-request-failed-as-code"),
        pytest.param(error("slow", kind="rate_limit_error"), id="not-on-the-refusal-list"),
    ],
)
def test_server_trouble_is_unknown(status: int, body: object) -> None:
    verdict = answered(status, body)
    assert (verdict.outcome, verdict.gate) == (UNKNOWN, None)


BURIED = [
    pytest.param({"code": "upstream_error", "message": "retry after get_channel_failed gave up"}, id="busy"),
    pytest.param({"message": "upstream: get_channel_failed: wait"}, id="busy-after-a-colon"),
    pytest.param({"message": "get_channel_failed_then_done: ok"}, id="a-longer-word"),
    pytest.param({"message": "get_channel_failed was mended, the picture was made"}, id="no-colon"),
    pytest.param({"message": "done", "code": "after_get_channel_failed"}, id="inside-a-code"),
    pytest.param({"message": "we saw build_request_failed before it went through"}, id="refusal"),
    pytest.param({"message": "Invalid API key"}, id="key"),
    pytest.param({"message": "no", "code": "invalid_api_key"}, id="key-by-code"),
    pytest.param({"message": "no", "type": "authentication_error"}, id="key-by-type"),
    pytest.param({"message": "rate_limit_error: slow"}, id="rate"),
    pytest.param({"message": "no", "code": "rate_limit_error"}, id="rate-by-code"),
    pytest.param({"message": "no", "code": "after_payment_required"}, id="balance-inside-a-code"),
]


@pytest.mark.parametrize("status", [500, 502, 503, 524])
@pytest.mark.parametrize("inner", BURIED)
def test_a_word_that_is_only_mentioned_proves_nothing(status: int, inner: dict[str, str]) -> None:
    assert answered(status, {"error": {"type": "server_error", **inner}}).outcome is UNKNOWN
    assert answered(200, {"error": {"type": "server_error", **inner}}).outcome is UNKNOWN


@pytest.mark.parametrize("status", [500, 502, 504, 524])
@pytest.mark.parametrize(
    "inner",
    [
        {"message": "insufficient balance"},
        {"message": "insufficient_user_quota: 0"},
        {"message": "no", "code": "insufficient_balance"},
    ],
)
def test_24_empty_account_behind_another_5xx_is_unknown(status: int, inner: dict[str, str]) -> None:
    assert answered(status, {"error": inner}).outcome is UNKNOWN


@pytest.mark.parametrize("status", [400, 404, 422])
def test_24_balance_in_the_text_of_another_refusal_is_that_refusal(status: int) -> None:
    assert answered(status, error("insufficient balance of colours")).outcome is REFUSED


@pytest.mark.parametrize("status", [200, 400, 402, 403, 429, 500, 503])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(error("x" * 5_000 + " do_request_failed", code="get_channel_failed"), id="far-behind"),
        pytest.param({"error": {"code": "get_channel_failed", "why": ["do_request_failed"]}}, id="elsewhere"),
        pytest.param({"detail": "do_request_failed", **error("get_channel_failed")}, id="beside-the-error"),
        pytest.param(
            b'{"error":{"message":"get_channel_failed: do\\u005frequest_failed"}}', id="in-another-spelling"
        ),
    ],
)
def test_forwarded_and_failed_is_seen_wherever_it_stands(status: int, body: object) -> None:
    assert answered(status, body).outcome is UNKNOWN


@pytest.mark.parametrize("status", [400, 500])
def test_forwarded_and_failed_outweighs_every_other_word(status: int) -> None:
    body = error("oops: do_request_failed: EOF", kind="invalid_request_error")
    assert answered(status, body).outcome is UNKNOWN


@pytest.mark.parametrize(
    "message",
    [
        'failed while drawing "a tightrope walker with insufficient balance"',
        "failed while drawing 'insufficient balance'",
        "failed: prompt=insufficient balance",
        "failed (prompt get_channel_failed)",
        "failed on “model_not_found, a poster”",
    ],
)
def test_words_of_the_prompt_prove_nothing(message: str) -> None:
    assert answered(500, error(message, kind="server_error")).outcome is UNKNOWN


def test_long_message_is_clipped() -> None:
    problem = answered(400, error("x" * 900_000, code=400)).problem
    assert problem is not None
    assert len(str(problem.facts["message"])) == 2_000


@pytest.mark.parametrize("message", [["odd"] * 1_000, {"a": {"b": 1}}, [None], True])
def test_a_message_that_is_no_text_is_not_quoted(message: object) -> None:
    problem = answered(400, {"error": {"message": message}}).problem
    assert problem is not None
    assert problem.facts["message"] == ""


@pytest.mark.parametrize("message", [" " * 500_000 + "x", "(request id: " * 50_000, "(" * 500_000 + ")"])
def test_a_long_odd_message_is_judged_at_once(message: str) -> None:
    started = time.perf_counter()
    assert answered(500, error(message)).outcome is UNKNOWN
    assert time.perf_counter() - started < 1


def test_message_can_be_stored_whatever_the_service_says() -> None:
    problem = answered(400, error("half \ud800 of a pair")).problem
    assert problem is not None
    assert str(problem.facts["message"]).encode() == b"half ? of a pair"


@pytest.mark.parametrize("odd", [None, 7, [], "", {"message": None}, {"code": {}, "type": []}, True])
def test_error_of_any_shape_is_judged(odd: object) -> None:
    assert answered(500, {"error": odd}).outcome is UNKNOWN
    assert answered(400, {"error": odd}).outcome is REFUSED
