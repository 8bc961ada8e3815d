"""Whatever the service answers to a submit: the job stands in its true state, people are told why in plain
words, and what may have been taken is never sent a second time.

The engine works without a window against a real server, whose `accepted` is what a service would charge for.
Each case is a job with a script of its own; many of them run side by side.
"""

from __future__ import annotations

from collections import Counter, deque
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.gate import GateKind
from gptimg_desktop.core.job import Charge
from gptimg_desktop.ui.messages import gate_sentence
from tests.faults.by_case import charged, each, generate_all, once, states, submits, until_all
from tests.faults.odd_bodies import BLANKS, PAGE, USELESS, assert_plain_all_along, envelope, problem_of
from tests.support import scripted_server as scripts
from tests.support.bench import bench
from tests.support.scripted_server import Act, answer, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.scripted_server import Exchange

pytestmark = pytest.mark.anyio

BUSY = "Please wait and try again later."
REQUEST_ID = "invalid API key (request id: 20261122-42)"


def taken(status: int, body: bytes | Any, **headers: str) -> Act:
    """Take the job, which is charged from now on, and then say this."""

    async def act(exchange: Exchange) -> None:
        await exchange.read_body()
        exchange.accept()
        await exchange.reply(status, body, headers=headers)

    return act


def taken_as(template: str, *, status: int = 200, encoding: str = "utf-8") -> Act:
    """Take the job and say this, with the task's id where `ID` stands."""

    async def act(exchange: Exchange) -> None:
        await exchange.read_body()
        text = template.replace("ID", exchange.accept())
        await exchange.reply(status, text.encode(encoding))

    return act


# What may have been taken

MAYBE: dict[str, Act] = {
    **{name: taken(200, body) for name, body in USELESS.items()},
    "blanks without end": taken(200, BLANKS),
    "500 as documented": taken(500, envelope(500, "server_error")),
    "502 as documented": taken(502, envelope(502, "bad_gateway")),
    "503 as documented": taken(503, envelope(503, "service_unavailable")),
    "500 page": taken(500, PAGE),
    "503 without a word": taken(503, b""),
    "503 page": taken(503, PAGE),
    "504 page": taken(504, PAGE),
    "524": taken(524, PAGE),
    "520 without a word": taken(520, b""),
    "502 page": taken(502, PAGE),
    "504 deep": taken(504, USELESS["deep lists"]),
    "408": taken(408, envelope(408)),
    "409": taken(409, b""),
    "409, still at an earlier one": taken(409, envelope("request_in_progress", "", "wait for the first one")),
    "a bare string inside a 200": taken(200, {"error": "out of luck"}),
    "a bare string inside a 500": taken(500, {"error": "out of luck"}),
    "an empty code inside a 200": taken(200, envelope("", "", "out of luck")),
    "code 500 inside a 200": taken(200, {"code": 500, "message": "out of luck", "data": None}),
    "code 500 as text": taken(200, {"code": "500", "message": "out of luck"}),
    "a huge code": taken(200, {"code": 10**40, "message": "out of luck"}),
    "a code that is a list": taken(200, {"code": [401], "message": "out of luck"}),
    "a code that is true": taken(200, {"code": True, "message": "out of luck"}),
    "an error that is a list": taken(500, {"error": ["out of luck"]}),
    "an error that is a number": taken(200, {"error": 7}),
    "a key spoken of in a 500": taken(500, envelope(500, "server_error", "upstream said: invalid api key")),
    "half an answer": taken(200, b'{"code":200,"da', **{"Content-Length": "400"}),
}
UNUSABLE_IDS: dict[str, Any] = {
    "ten thousand letters": "t" * 10_240,
    "a way out": "../../../etc/passwd",
    "a slash": "task/1",
    "dots": "..",
    "a full stop": "task.1",
    "a blank": "task 1",
    "a new line": "task_1\nHost: evil.example",
    "a line end": "task_1\r\n",
    "a zero": "task\0",
    "a question": "task_1?language=zh",
    "percents": "%2e%2e%2f",
    "nothing": "",
    "blanks": "   ",
    "a number": 4711,
    "a fraction": 0.5,
    "yes": True,
    "null": None,
    "a list": ["task_1"],
    "an object": {"id": "task_1"},
    "foreign digits": "task_٤٧",
    "half a surrogate": "task_\ud800",
}


async def maybe_taken(home: Path, acts: dict[str, Act]) -> None:
    """Each case asks the user, and neither time nor a new start sends it again; what is new goes on."""
    new = "something new"
    script = {case: [act, scripts.accept] for case, act in acts.items()} | {new: [scripts.accept]}
    async with scripted_server() as server:
        server.submits = each(script)
        async with bench(home / "data", server) as desk:
            generate_all(desk, acts)
            await until_all(desk, acts, "unconfirmed")
            for job in desk.jobs.values():
                assert job.charge is Charge.UNKNOWN
                assert "may have been charged" in problem_of(job), job.request.prompt
            assert desk.gates == ()
            assert_plain_all_along(desk)
        async with bench(home / "data", server) as desk:
            generate_all(desk, [new])
            await desk.until(lambda: states(desk).get(new) == "saved")
            assert states(desk) == dict.fromkeys(acts, "unconfirmed") | {new: "saved"}
        assert submits(server) == charged(server) == once([*acts, new])


@pytest.mark.row(20, 22, 27, 28, 29, 30, 41)
async def test_what_may_have_been_taken_asks_the_user_and_is_never_sent_again(home: Path) -> None:
    await maybe_taken(home, MAYBE)


@pytest.mark.row(33)
async def test_a_task_id_that_no_path_can_hold_is_no_task_id(home: Path) -> None:
    entry = {"status": "submitted"}
    await maybe_taken(
        home,
        {
            case: taken(200, {"code": 200, "data": [entry | {"task_id": odd}]})
            for case, odd in UNUSABLE_IDS.items()
        },
    )


# Odd answers that name the task all the same

NAMED: dict[str, Act] = {
    "as observed": taken_as('{"code":200,"data":[{"status":"submitted","task_id":"ID"}]}'),
    "an object": taken_as('{"code":200,"data":{"id":"ID","status":"pending"}}'),
    "code as text": taken_as('{"code":"200","data":[{"task_id":"ID"}]}'),
    "no code": taken_as('{"data":[{"task_id":"ID"}]}'),
    "a code that is no number": taken_as('{"code":NaN,"data":[{"task_id":"ID","cost":-Infinity}]}'),
    "after null": taken_as('{"code":200,"data":[null,7,"x",[],{"task_id":"ID"}]}'),
    "twice": taken_as('{"code":200,"data":[{"task_id":"ID"},{"task_id":"ID"}]}'),
    "the same name twice": taken_as('{"data":null,"data":[{"task_id":"a b","task_id":"ID"}]}'),
    "in lists of lists": taken_as('{"code":200,"data":[[[{"task_id":"ID"}]]]}'),
    "elsewhere": taken_as('{"code":200,"result":{"task":"ID"},"data":null}'),
    "cut behind it": taken_as('{"code":200,"data":[{"task_id":"ID","sta'),
    "on a page": taken_as("<html><body>queued: ID</body></html>"),
    "deep below": taken_as("[" * 10_000 + '"ID"' + "]" * 10_000),
    "beside a huge number": taken_as('{"data":[{"task_id":"ID","n":' + "9" * 6_000 + "}]}"),
    "beside an error": taken_as('{"error":{"message":"late"},"data":[{"task_id":"ID"}]}'),
    "behind a 202": taken_as('{"data":[{"id":"ID","status":"queued"}]}', status=202),
    "behind a 409": taken_as('{"data":[{"task_id":"ID"}],"message":"replayed"}', status=409),
    "behind a 201": taken_as('{"data":{"task_id":"ID"}}', status=201),
    "behind a 500": taken_as('{"data":[{"task_id":"ID"}]}', status=500),
    "behind a 524": taken_as("<html>ID</html>", status=524),
    "in another charset": taken_as('{"data":[{"task_id":"ID","status":"erhält"}]}', encoding="latin-1"),
    "in wide characters": taken_as('{"data":[{"task_id":"ID"}]}', encoding="utf-16"),
    "behind a mark": taken_as('\ufeff{"data":[{"task_id":"ID"}]}'),
    "after many blanks": taken_as(" " * 500_000 + '{"data":[{"task_id":"ID"}]}'),
}


@pytest.mark.row(31, 41)
async def test_a_task_that_is_named_in_any_way_is_brought_home(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = each({case: [act, scripts.accept] for case, act in NAMED.items()})
        generate_all(desk, NAMED)
        await until_all(desk, NAMED, "saved")
        assert submits(server) == charged(server) == once(NAMED)
        assert_plain_all_along(desk)


# Refusals for good

REFUSED: dict[str, Act] = {
    "400 as documented": answer(400, envelope(400, "invalid_request_error")),
    "403 as documented": answer(403, envelope(403, "permission_error")),
    "404": answer(404, envelope(404, "invalid_request_error", "no such path")),
    "405": answer(405, envelope(405, "invalid_request_error")),
    "413": answer(413, envelope(413, "invalid_request_error", "too large")),
    "415": answer(415, envelope(415, "", "not like this")),
    "422": answer(422, envelope(422, "", "a size that is none")),
    "wrong model": answer(503, envelope("model_not_found", "apimart_error", "no such model")),
    "bad size": answer(500, envelope("", "apimart_error", "build_request_failed: invalid size: 9:99")),
    "bad size, coded": answer(500, envelope("build_request_failed", "", "invalid size: 9:99")),
    "moderation behind a 500": answer(
        500, envelope("", "", "build_request_failed: content moderation failed: violence")
    ),
    "moderation": answer(
        400,
        envelope("moderation_blocked", "", "rejected by the safety system. safety_violations=[violence]"),
    ),
    "a bare string": answer(400, {"error": "bad size"}),
    "a code as text": answer(400, envelope("400", "invalid_request_error")),
    "an empty code": answer(400, envelope("", "")),
    "no code": answer(400, {"error": {"message": "bad size"}}),
    "no message": answer(400, {"error": {"code": 400}}),
    "null everywhere": answer(400, envelope(None, "", None)),
    "a message that is a number": answer(400, envelope(400, "", 7)),
    "without an envelope": answer(400, {"code": 400, "message": "bad size"}),
    "code 400 inside a 200": answer(200, {"code": 400, "message": "bad size", "data": None}),
    "code 400 inside a 200 as text": answer(200, {"code": "400", "message": "bad size"}),
    "an error inside a 200": answer(200, envelope(400, "invalid_request_error", "bad size")),
    "moderation inside a 200": answer(200, envelope("moderation_blocked", "", "safety system")),
    "a long message": answer(400, envelope(400, "", "no " * 100_000)),
    "half a surrogate": answer(400, b'{"error":{"code":400,"message":"odd \\ud800 \\u0000 word"}}'),
}


@pytest.mark.row(19, 25, 26, 28)
async def test_a_refusal_is_final_and_costs_nothing(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = each({case: [act, scripts.accept] for case, act in REFUSED.items()})
        generate_all(desk, REFUSED)
        await until_all(desk, REFUSED, "rejected")
        for job in desk.jobs.values():
            assert job.charge is Charge.NONE
            assert "Nothing was charged" in problem_of(job)
        assert submits(server) == once(REFUSED)
        assert server.accepted == []
        assert desk.gates == ()
        assert_plain_all_along(desk)


# What was not taken, and may go again

PASSING: dict[str, Act] = {
    "429 as documented": answer(429, envelope(429, "rate_limit_error")),
    "429 with seconds": answer(429, b"", retry_after="0"),
    "429 with a date": answer(429, b"", retry_after=formatdate(0, usegmt=True)),
    "429 with nonsense": answer(429, PAGE, retry_after="soon"),
    "429 inside a 200": answer(200, {"code": 429, "message": "slow down"}),
    "busy behind a 400": answer(400, envelope("get_channel_failed", "apimart_error", BUSY)),
    "busy behind a 503": answer(503, envelope("get_channel_failed", "apimart_error", BUSY)),
    "busy in its message": answer(503, envelope("", "", f"get_channel_failed: {BUSY}")),
    "busy inside a 200": answer(200, {"error": {"code": "get_channel_failed", "message": BUSY}}),
    "a firewall's 403": answer(403, PAGE),
    "a page of a 404": answer(404, PAGE),
    "too large for a proxy": answer(413, b"too large"),
    "moved": answer(302, b"", location="https://elsewhere.example/v1"),
    "moved to nowhere": answer(307, b"", location="http://[broken"),
}


@pytest.mark.row(21, 25, 28)
async def test_what_was_not_taken_goes_again_and_is_paid_once(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = each({case: [act, scripts.accept] for case, act in PASSING.items()})
        generate_all(desk, PASSING)
        await until_all(desk, PASSING, "saved")
        assert submits(server) == Counter(dict.fromkeys(PASSING, 2))
        assert charged(server) == once(PASSING)
        assert desk.gates == ()
        assert_plain_all_along(desk)


HELD: dict[str, tuple[Act, GateKind]] = {
    "401 as documented": (answer(401, envelope(401, "authentication_error")), GateKind.KEY),
    "401 as observed": (answer(401, envelope("", "apimart_error", REQUEST_ID)), GateKind.KEY),
    "401 without a word": (answer(401, b""), GateKind.KEY),
    "401 inside a 200": (answer(200, {"code": "401", "message": REQUEST_ID}), GateKind.KEY),
    "402 as documented": (answer(402, envelope(402, "payment_required")), GateKind.BALANCE),
    "402 page": (answer(402, PAGE), GateKind.BALANCE),
    "402 inside a 200": (answer(200, envelope(402, "payment_required")), GateKind.BALANCE),
    "a key, told in a 403": (answer(403, envelope(403, "authentication_error")), GateKind.KEY),
    "no money, told in a 503": (answer(503, envelope("", "", "insufficient balance")), GateKind.BALANCE),
    "no money, told in a 403": (answer(403, envelope("insufficient_user_quota")), GateKind.BALANCE),
}


@pytest.mark.parametrize(("act", "gate"), HELD.values(), ids=HELD.keys())
@pytest.mark.row(23, 24, 25, 28)
async def test_a_wrong_key_and_an_empty_account_hold_the_queue(home: Path, act: Act, gate: GateKind) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        server.submits = deque([act, scripts.accept])
        desk.generate()
        await desk.until(lambda: desk.gate_kinds == {gate} and desk.states == ["queued"])
        assert desk.job.charge is Charge.NONE
        assert len(server.of_kind("submit")) == 1
        assert server.accepted == []
        if desk.gates[0].problem is not None and "request id" in str(desk.gates[0].problem.facts):
            assert REQUEST_ID in gate_sentence(desk.gates[0])
        assert_plain_all_along(desk)
