"""The program ends in the middle, in every state, and starts again: nothing is lost, nothing is sent twice.

The end is a real one: a process of its own, killed with SIGKILL. The start after it is the real window.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMessageBox, QPlainTextEdit

from tests.support import scripted_server as scripts
from tests.support.desk import window
from tests.support.scripted_server import KEY, ScriptedServer, picture, scripted_server

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.anyio


ONE_PRESS = ("-m", "tests.support.one_press")
ARMED_AND_DEAD = """
import os, runpy, signal
from gptimg_desktop.services.library.jobs import JobStore

arm = JobStore.arm

async def arm_and_die(*job, **more):
    await arm(*job, **more)
    os.kill(os.getpid(), signal.SIGKILL)

JobStore.arm = arm_and_die
runpy.run_module("tests.support.one_press", run_name="__main__")
"""


async def started(
    data_dir: Path, server: ScriptedServer, *references: Path, how: tuple[str, ...] = ONE_PRESS
) -> asyncio.subprocess.Process:
    """The program in a process of its own, which presses Generate once."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *how,
        str(data_dir),
        server.url,
        *map(str, references),
        env=os.environ | {"GPTIMG_API_KEY": KEY, "QT_QPA_PLATFORM": "offscreen"},
    )


async def run_until(
    data_dir: Path, server: ScriptedServer, reached: Callable[[], bool], *references: Path
) -> None:
    """Start the program in a process of its own, let it press Generate, and kill it once `reached`."""
    process = await started(data_dir, server, *references)
    try:
        async with asyncio.timeout(30):
            while not reached():
                assert process.returncode is None, "the program ended by itself"
                await asyncio.sleep(0.005)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


@pytest.mark.row(1)
async def test_killed_before_a_byte_left_it_sends_once(home: Path) -> None:
    """There is nobody to connect to, so the job cannot leave; at the next start there is."""
    async with scripted_server() as server:
        port = int(server.url.rpartition(":")[2])
        await server.stop_listening()
        await run_until(home / "data", server, lambda: _states(home / "data") == ["queued"])
        await server.listen(port)
        async with window(home / "data", server, notice_s=30.0) as desk:
            await desk.until_states("queued")
            assert "What waited when the program ended goes on now" in desk.texts()
            assert server.of_kind("submit") == []
            desk.press_notice("Go on now")
            await desk.until_states("saved")
        assert len(server.accepted) == len(server.of_kind("submit")) == 1


@pytest.mark.row(3)
async def test_killed_between_the_safety_record_and_the_last_byte_it_asks(home: Path) -> None:
    """Nothing was taken here, but nobody can know: a false alarm is better than paying twice."""
    async with scripted_server() as server:
        process = await started(home / "data", server, how=("-c", ARMED_AND_DEAD))
        assert await process.wait() == -signal.SIGKILL
        assert not any(request.is_whole for request in server.of_kind("submit"))
        async with window(home / "data", server) as desk:
            await desk.until_states("unconfirmed")
            desk.select()
            for name in ("unconfirmedLook", "unconfirmedEnterId", "unconfirmedSendAgain", "unconfirmedClose"):
                assert desk.find(QAbstractButton, name).isVisible()
            assert "may have been charged" in desk.texts()
        assert server.accepted == []
        assert len(server.of_kind("submit")) == 1


@pytest.mark.row(2)
async def test_killed_before_the_last_byte_it_sends_once(home: Path) -> None:
    """The server reads half of a large request and stops, so the rest cannot leave; the restart sends it."""
    noise = home / "noise.png"
    Image.frombytes("RGB", (2200, 2200), random.Random(2).randbytes(2200 * 2200 * 3)).save(noise)
    half_read = asyncio.Event()

    async def read_half_and_stop(exchange: scripts.Exchange) -> None:
        await exchange.reader.readexactly(1000)
        half_read.set()
        await asyncio.Event().wait()

    async with scripted_server() as server:
        server.submits = deque([read_half_and_stop, scripts.accept])
        await run_until(home / "data", server, half_read.is_set, noise)
        async with window(home / "data", server) as desk:
            await desk.until_states("saved")
        assert len(server.accepted) == 1
        assert len(server.of_kind("submit")[-1].json()["image_urls"]) == 1


@pytest.mark.row(4)
async def test_killed_while_the_answer_is_awaited_it_asks(home: Path) -> None:
    async with scripted_server() as server:
        server.submits = deque([scripts.accept_and_hang, scripts.accept])
        await run_until(home / "data", server, lambda: len(server.accepted) == 1)
        async with window(home / "data", server) as desk:
            await desk.until_states("unconfirmed")
            desk.select()
            for name in ("unconfirmedLook", "unconfirmedEnterId", "unconfirmedSendAgain", "unconfirmedClose"):
                assert desk.find(QAbstractButton, name).isVisible()
            assert "may have been charged" in desk.texts()
        assert len(server.accepted) == 1
        assert len(server.of_kind("submit")) == 1


async def test_killed_while_the_task_runs_it_goes_on(home: Path) -> None:
    async with scripted_server() as server:
        server.queries = deque([scripts.pending])
        await run_until(home / "data", server, lambda: len(server.of_kind("query")) >= 1)
        server.queries = deque([scripts.pending, scripts.completed])
        async with window(home / "data", server) as desk:
            await desk.until_states("saved")
        assert len(server.of_kind("submit")) == 1


async def test_killed_while_downloading_it_downloads_again(home: Path) -> None:
    never = asyncio.Event()
    async with scripted_server() as server:
        server.queries = deque([scripts.completed])
        server.downloads = deque([scripts.hold(never, scripts.accept)])
        await run_until(home / "data", server, lambda: len(server.of_kind("download")) == 1)
        server.downloads = deque([scripts.whole_file(picture())])
        async with window(home / "data", server) as desk:
            await desk.until_states("saved")
            assert Path(desk.jobs()[0].images[0].path).read_bytes() == picture()
        assert len(server.of_kind("submit")) == 1
        assert not list((home / "data" / "images").glob(".gptimg-*"))


async def test_killed_after_saving_everything_is_there(home: Path) -> None:
    async with scripted_server() as server:
        images = home / "data" / "images"
        await run_until(home / "data", server, lambda: any(images.rglob("[!.]*.png")))
        async with window(home / "data", server) as desk:
            await desk.until_states("saved")
        assert len(list(images.rglob("*.png"))) == 1  # the file that was there is taken up, not fetched twice
        assert len(server.of_kind("submit")) == 1


async def _one_unconfirmed(home: Path, server: ScriptedServer) -> None:
    server.submits = deque([scripts.accept_and_drop, scripts.accept])
    async with window(home / "data", server) as desk:
        desk.generate()
        await desk.until_states("unconfirmed")


@pytest.mark.row(5)
async def test_unconfirmed_stays_so_through_restarts(home: Path) -> None:
    async with scripted_server() as server:
        await _one_unconfirmed(home, server)
        for _ in range(3):
            async with window(home / "data", server) as desk:
                await desk.until_states("unconfirmed")
                desk.select()
                desk.click("unconfirmedLook")
        assert len(server.of_kind("submit")) == 1


async def test_unconfirmed_goes_on_with_the_id_that_the_user_found(home: Path) -> None:
    async with scripted_server() as server:
        await _one_unconfirmed(home, server)
        task_id, _ = server.accepted[0]
        async with window(home / "data", server) as desk:
            await desk.until_states("unconfirmed")
            desk.select()
            desk.click("unconfirmedEnterId")
            desk.find(QLineEdit, "unconfirmedIdEdit").setText(f" {task_id} ")
            desk.click("unconfirmedIdConfirm")
            await desk.until_states("saved")
        assert len(server.of_kind("submit")) == 1


async def test_an_id_that_the_service_does_not_know_is_refused(home: Path) -> None:
    unknown = {"error": {"message": "task does not exist or has expired", "type": "invalid_request_error"}}
    async with scripted_server() as server:
        await _one_unconfirmed(home, server)
        server.queries = deque([scripts.answer(400, unknown)])
        async with window(home / "data", server) as desk:
            await desk.until_states("unconfirmed")
            desk.select()
            desk.click("unconfirmedEnterId")
            desk.find(QLineEdit, "unconfirmedIdEdit").setText("task_mistyped")
            desk.click("unconfirmedIdConfirm")
            await desk.until(lambda: server.of_kind("query"))
            await desk.until(lambda: "knows no task task_mistyped" in desk.texts())
            assert desk.states() == ["unconfirmed"]


async def test_only_the_users_yes_sends_an_unconfirmed_job_again(home: Path) -> None:
    async with scripted_server() as server:
        await _one_unconfirmed(home, server)
        async with window(home / "data", server) as desk:
            await desk.until_states("unconfirmed")
            desk.select()
            desk.click("unconfirmedSendAgain")
            dialog = desk.find(QMessageBox, "sendAgainDialog")
            dialog.reject()
            assert desk.states() == ["unconfirmed"]
            desk.click("unconfirmedSendAgain")
            dialog = desk.app.window.findChildren(QMessageBox, "sendAgainDialog")[-1]
            sends = [b for b in dialog.buttons() if dialog.buttonRole(b) != QMessageBox.ButtonRole.RejectRole]
            sends[0].click()
            await desk.until_states("saved")
        assert len(server.of_kind("submit")) == 2


async def test_closing_an_unconfirmed_job_keeps_it_in_the_books(home: Path) -> None:
    async with scripted_server() as server:
        await _one_unconfirmed(home, server)
        async with window(home / "data", server) as desk:
            await desk.until_states("unconfirmed")
            desk.select()
            desk.click("unconfirmedClose")
            await desk.until_states("closed")
        async with window(home / "data", server) as desk:
            await desk.until_states("closed")
        assert len(server.of_kind("submit")) == 1


async def test_waiting_jobs_hold_back_for_a_moment_and_can_be_paused(home: Path) -> None:
    async with scripted_server() as server:
        server.submits = deque([scripts.answer(401, {"error": {"message": "invalid API key", "type": "x"}})])
        async with window(home / "data", server) as desk:
            desk.generate()
            await desk.until(lambda: server.of_kind("submit"))
            await desk.until_states("queued")
        server.submits = deque([scripts.accept])
        async with window(home / "data", server, notice_s=30.0) as desk:
            await desk.until_states("queued")
            desk.press_notice("Pause")
            assert server.accepted == []
            desk.press_notice("Resume")
            await desk.until_states("saved")
        assert len(server.accepted) == 1


async def test_the_composer_is_as_it_was(home: Path) -> None:
    async with window(home / "data") as desk:
        desk.click("ratio_9x16")
        desk.click("tier_4k")
        desk.type_prompt("half a thought")
    async with window(home / "data") as desk:
        assert desk.find(QPlainTextEdit, "promptEdit").toPlainText() == "half a thought"
        assert desk.find(QAbstractButton, "ratio_9x16").isChecked()
        assert desk.find(QAbstractButton, "tier_4k").isChecked()


async def test_the_composer_survives_a_kill(home: Path) -> None:
    """The press in the other process leaves its prompt in the composer, which is killed with it."""
    async with scripted_server() as server:
        server.queries = deque([scripts.pending])
        database = home / "data" / "library.sqlite3"
        await run_until(home / "data", server, lambda: _draft_is_kept(database))
        async with window(home / "data", server) as desk:
            assert desk.find(QPlainTextEdit, "promptEdit").toPlainText() == "an oak chair"


def _states(data_dir: Path) -> list[str]:
    """The states of all jobs, as committed; none where there is no library yet."""
    database = data_dir / "library.sqlite3"
    if not database.exists():
        return []
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return [str(state) for (state,) in connection.execute("SELECT state FROM job")]
    except sqlite3.OperationalError:
        return []
    finally:
        connection.close()


def _draft_is_kept(database: Path) -> bool:
    if not database.exists():
        return False
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return (
            connection.execute("SELECT content FROM draft WHERE content LIKE '%oak%'").fetchone() is not None
        )
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()


async def test_a_start_throws_away_parts_of_jobs_that_are_over_and_no_others(home: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            desk.generate()
            await desk.until_states("saved")
            saved = desk.jobs()[0].id
        images = home / "data" / "images"
        part, foreign = images / f".gptimg-{saved}-0.part", images / ".gptimg-somebody-0.part"
        part.write_bytes(b"left over")
        foreign.write_bytes(b"of another library that uses this folder")
        async with window(home / "data", server) as desk:
            await desk.until(lambda: not part.exists())
            assert foreign.exists()
