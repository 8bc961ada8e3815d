"""What holds the queue, and what lets it go on."""

from __future__ import annotations

import asyncio
import io
import random
from collections import deque
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.verdict import Evidence
from gptimg_desktop.services.queue.clock import Clock
from gptimg_desktop.services.queue.gates import Gates
from tests.support import scripted_server as scripts
from tests.support.bench import bench
from tests.support.scripted_server import KEY, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = "https://api.example.org"


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = 1000.0

    def read(self) -> float:
        return self.time

    @property
    def clock(self) -> Clock:
        return Clock(now=self.read, monotonic=self.read, chance=lambda: 0.5)


def gates_on(hands: Hands) -> tuple[Gates, list[tuple[Gate, ...]]]:
    told: list[tuple[Gate, ...]] = []
    return Gates(hands.clock, told.append), told


def test_never_less_is_waited_than_the_service_asked_for() -> None:
    hands = Hands()
    gates, _ = gates_on(hands)
    gates.close(GateKind.RATE, service=SERVICE, for_s=7)
    hands.time += 6.9
    gates.pass_due()
    assert gates.holds_submits(SERVICE)
    assert gates.holds_reads(SERVICE)
    hands.time += 1.0
    gates.pass_due()
    assert not gates.holds_submits(SERVICE)


@pytest.mark.parametrize(("paused", "resuming"), [(None, None), (None, SERVICE), (SERVICE, SERVICE)])
@pytest.mark.parametrize("paused_first", [True, False])
def test_nothing_is_said_to_go_on_while_the_user_holds_it(
    paused: str | None, resuming: str | None, paused_first: bool
) -> None:
    gates, _ = gates_on(Hands())
    steps = [(GateKind.USER_PAUSE, paused), (GateKind.RESUMING, resuming)]
    for kind, service in steps if paused_first else reversed(steps):
        gates.close(kind, service=service, for_s=3.0 if kind is GateKind.RESUMING else None)
    assert [gate.kind for gate in gates.closed] == [GateKind.USER_PAUSE]
    assert gates.next_due_s() is None
    gates.open(GateKind.USER_PAUSE, service=paused)
    assert not gates.holds_submits(SERVICE)


def test_one_service_held_lets_the_others_go_on_after_their_notice() -> None:
    gates, _ = gates_on(Hands())
    gates.close(GateKind.USER_PAUSE, service=SERVICE)
    gates.close(GateKind.RESUMING, for_s=3.0)
    assert {gate.kind for gate in gates.closed} == {GateKind.USER_PAUSE, GateKind.RESUMING}


def test_pauses_grow_until_something_succeeds() -> None:
    hands = Hands()
    gates, _ = gates_on(hands)
    pauses = []
    for _ in range(5):
        gates.close(GateKind.OFFLINE, service=SERVICE)
        pauses.append(gates.next_due_s() or 0)
        hands.time += pauses[-1]
        gates.pass_due()
    assert pauses == sorted(pauses)
    assert pauses[-1] > 5 * pauses[0]
    gates.reachable(SERVICE)
    gates.close(GateKind.OFFLINE, service=SERVICE)
    assert gates.next_due_s() == pytest.approx(pauses[0])


def test_a_gate_that_is_tried_again_keeps_its_one_notice() -> None:
    hands = Hands()
    gates, told = gates_on(hands)
    gates.close(GateKind.DISK)
    hands.time += 100
    gates.pass_due()
    assert not gates.holds_submits(SERVICE)
    gates.close(GateKind.DISK)
    assert [len(closed) for closed in told] == [1, 1]
    gates.folder_works()
    assert told[-1] == ()


@pytest.mark.row(18)
def test_a_gate_that_closes_again_and_again_is_closed_since_the_first_time() -> None:
    hands = Hands()
    gates, told = gates_on(hands)
    for _ in range(4):
        gates.close(GateKind.RATE, service=SERVICE)
        hands.time += 400
        gates.pass_due()
    assert [gate.since for closed in told for gate in closed] == [1000.0] * 4
    gates.reachable(SERVICE)
    gates.close(GateKind.RATE, service=SERVICE)
    assert told[-1][0].since == 2600.0


def test_a_shorter_wait_does_not_take_back_a_longer_one() -> None:
    hands = Hands()
    gates, _ = gates_on(hands)
    gates.close(GateKind.RATE, service=SERVICE, for_s=60)
    gates.close(GateKind.RATE, service=SERVICE, for_s=5)
    hands.time += 59
    gates.pass_due()
    assert gates.holds_submits(SERVICE)
    hands.time += 5
    gates.pass_due()
    assert not gates.holds_submits(SERVICE)


def test_what_fails_together_is_one_failure() -> None:
    hands = Hands()
    gates, _ = gates_on(hands)
    for _ in range(10):
        gates.close(GateKind.OFFLINE, service=SERVICE)
    assert (gates.next_due_s() or 0) <= 2


@pytest.mark.parametrize(
    ("asked_s", "least_s", "most_s"), [(0, 0.2, 2), (7, 7, 7.7), (3600, 3600, 3600), (1e9, 3600, 3600)]
)
@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_a_wait_that_is_asked_for_is_kept_and_a_little_more_up_to_an_hour(
    asked_s: float, least_s: float, most_s: float, chance: float
) -> None:
    gates = Gates(Clock(monotonic=lambda: 0.0, chance=lambda: chance), print)
    gates.close(GateKind.RATE, service=SERVICE, for_s=asked_s)
    assert least_s <= (gates.next_due_s() or 0) <= most_s


def test_a_wait_that_was_asked_for_outlives_the_jobs_that_met_it() -> None:
    hands = Hands()
    gates, told = gates_on(hands)
    gates.close(GateKind.RATE, service=SERVICE, for_s=60)
    gates.close(GateKind.OFFLINE, service=SERVICE)
    gates.forget_passing()
    assert [gate.kind for gate in told[-1]] == [GateKind.RATE]
    assert gates.holds_submits(SERVICE)
    hands.time += 67
    gates.pass_due()
    gates.forget_passing()
    assert told[-1] == ()


def test_a_line_that_came_back_ends_waits_for_it_and_no_other() -> None:
    hands = Hands()
    gates, _ = gates_on(hands)
    gates.close(GateKind.OFFLINE, service=SERVICE)
    gates.try_line()
    assert not gates.holds_submits(SERVICE)
    gates.close(GateKind.RATE, service=SERVICE, for_s=60)
    gates.try_line()
    assert gates.holds_submits(SERVICE)


@pytest.mark.parametrize(
    ("status", "headers", "holds"),
    [
        (503, {"retry-after": "60"}, True),
        (429, {"retry-after": "60"}, True),
        (503, {}, False),
        (503, {"retry-after": "soon"}, False),
        (200, {"retry-after": "60"}, False),
        (None, {}, False),
    ],
)
def test_an_answer_to_a_submit_is_heeded_where_it_asks_for_a_wait(
    status: int | None, headers: dict[str, str], holds: bool
) -> None:
    gates, _ = gates_on(Hands())
    gates.heed(Evidence(released=True, status=status, headers=headers), SERVICE)
    assert gates.holds_submits(SERVICE) is holds


def test_one_service_does_not_hold_another() -> None:
    gates, _ = gates_on(Hands())
    gates.close(GateKind.KEY, service=SERVICE)
    assert gates.holds_submits(SERVICE)
    assert not gates.holds_submits("https://other.example.org")
    gates.close(GateKind.USER_PAUSE)
    assert gates.holds_submits("https://other.example.org")
    assert not gates.holds_reads("https://other.example.org")


@pytest.mark.anyio
@pytest.mark.row(23)
async def test_a_refused_key_pauses_once_and_a_new_one_goes_on(home: Path) -> None:
    refusal = scripts.answer(
        401, {"error": {"code": "", "message": "invalid API key", "type": "apimart_error"}}
    )
    async with scripted_server() as server, bench(home / "data", server, api_key="") as desk:
        desk.engine.use_key("sk-wrong-key-000000")
        server.submits = deque([refusal])
        for _ in range(5):
            desk.generate()
        await desk.until(lambda: GateKind.KEY in desk.gate_kinds)
        assert desk.gate_kinds == {GateKind.KEY}
        assert len(server.of_kind("submit")) <= 3  # those that were on their way together
        server.submits = deque([scripts.accept])
        desk.engine.use_key(f"  Bearer {KEY}\n")
        await desk.until_states(*["saved"] * 5)
        assert desk.gates == ()
        assert len(server.accepted) == 5
        assert server.of_kind("submit")[-1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.anyio
@pytest.mark.row(24)
async def test_an_empty_account_holds_until_the_user_says_go(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server) as desk:
        error = {"error": {"code": 402, "message": "Insufficient balance", "type": "payment_required"}}
        server.submits = deque([scripts.answer(402, error), scripts.accept])
        desk.generate()
        await desk.until_states("queued")
        await desk.until(lambda: desk.gate_kinds == {GateKind.BALANCE} and desk.states == ["queued"])
        desk.engine.queue.resume(desk.gates[0])
        await desk.until_states("saved")
        assert len(server.accepted) == 1


@pytest.mark.anyio
@pytest.mark.row(7)
async def test_no_network_waits_and_goes_on_by_itself(home: Path) -> None:
    async with scripted_server() as server:
        port = int(server.url.rpartition(":")[2])
        async with bench(home / "data", server) as desk:
            await server.stop_listening()
            desk.generate()
            await desk.until(lambda: GateKind.OFFLINE in desk.gate_kinds)
            assert desk.states == ["queued"]
            await server.listen(port)
            await desk.until_states("saved")
            assert desk.gates == ()
        assert len(server.accepted) == 1


@pytest.mark.anyio
async def test_a_cancelled_job_leaves_no_notice_behind(home: Path) -> None:
    async with scripted_server() as server, bench(home / "data", server, pace=1.0) as desk:
        await server.stop_listening()
        desk.generate()
        await desk.until(lambda: GateKind.OFFLINE in desk.gate_kinds)
        desk.engine.queue.cancel(desk.job.id)
        await desk.until_states("cancelled")
        assert desk.gates == ()


@pytest.mark.anyio
async def test_jobs_of_a_service_without_a_key_wait_for_it(home: Path) -> None:
    async with scripted_server() as server:
        server.queries = deque([scripts.pending])
        async with bench(home / "data", server) as desk:
            desk.generate()
            await desk.until_states("accepted")
        server.queries = deque([scripts.completed])
        async with bench(home / "data", server, api_key="") as desk:
            await desk.until(lambda: GateKind.KEY in desk.gate_kinds)
            assert desk.states == ["accepted"]
            desk.engine.use_key(KEY)
            await desk.until_states("saved")
        assert len(server.of_kind("submit")) == 1


@pytest.mark.anyio
async def test_a_job_taken_back_during_its_upload_is_not_sent(home: Path) -> None:
    stalled = asyncio.Event()

    async def read_a_little(exchange: scripts.Exchange) -> None:
        await exchange.reader.readexactly(1000)
        stalled.set()
        await exchange.reader.read()  # the line ends without the rest

    async with scripted_server() as server, bench(home / "data", server) as desk:
        noise = random.Random(3).randbytes(1500 * 1500 * 3)
        picture = io.BytesIO()
        Image.frombytes("RGB", (1500, 1500), noise).save(picture, "PNG")
        reference, _ = desk.engine.references.add_bytes(picture.getvalue(), "noise.png")
        server.submits = deque([read_a_little])
        desk.generate(references=(reference,) * 3)
        await desk.until(stalled.is_set)
        desk.engine.queue.cancel(desk.job.id)
        await desk.until_states("cancelled")
        await desk.until(lambda: not server.connections)
        assert server.accepted == []
