"""Marks in the real window: put on by keys, told, taken back; what was put away is not paid for."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gptimg_desktop import app, marking
from gptimg_desktop.core.gate import Gate, GateKind
from tests.e2e.test_collections import chips
from tests.support import seeded
from tests.support.desk import window
from tests.support.scripted_server import Exchange, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.core.job import Job
    from tests.support.desk import Desk
    from tests.support.scripted_server import ScriptedServer

pytestmark = pytest.mark.anyio


async def made(desk: Desk, *names: str) -> None:
    """Pictures by these prompts, the last one newest."""
    for count, name in enumerate(names, 1):
        desk.generate(name)
        await desk.until_states(*["saved"] * count)


def press(desk: Desk, key: Qt.Key, *rows: int) -> None:
    """Select tiles, all of them where none is named, and press a key."""
    view = desk.app.window.gallery.view
    view.setFocus()
    if rows:
        desk.select(*rows)
    else:
        QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, key)


def undo(desk: Desk) -> None:
    view = desk.app.window.gallery.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def marks(desk: Desk) -> list[str]:
    """What each tile is marked with, newest first."""
    return ["picked" if job.picked else "rejected" if job.rejected else "" for job in desk.jobs()]


def prompts(desk: Desk) -> list[str]:
    return [job.request.prompt for job in desk.jobs()]


def sent(server: ScriptedServer) -> list[str]:
    return [str(request.json()["prompt"]) for request in server.of_kind("submit") if request.is_whole]


async def waiting(desk: Desk, prompt: str) -> Job:
    """A job in line, with the queue paused."""
    desk.app.parts.wishes.pause()
    desk.generate(prompt)
    await desk.until(lambda: "queued" in desk.states(), "it waits")
    return desk.jobs()[0]


async def test_what_came_back_is_selected_and_not_what_stood_in_its_place(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await made(desk, "an oak chair", "a table", "a lamp", "a rug")
        before = {job.request.prompt: job.seq for job in desk.jobs()}
        view = desk.app.window.gallery.view
        press(desk, Qt.Key.Key_Delete, 1)
        await desk.until(lambda: view.selected_seqs() == (before["a table"],), "the neighbour is selected")
        undo(desk)
        await desk.until(lambda: view.selected_seqs() == (before["a lamp"],), "what came back is selected")
        shown = desk.app.window.details.job
        assert shown is not None
        assert shown.request.prompt == "a lamp"
        view.select_rows({1, 2})
        QTest.keyClick(view, Qt.Key.Key_Delete)
        await desk.until(lambda: len(desk.jobs()) == 2)
        undo(desk)
        both = (before["a lamp"], before["a table"])
        await desk.until(lambda: view.selected_seqs() == both, "both are selected")


async def test_one_step_back_brings_every_tile_the_mark_that_it_had(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await made(desk, "an oak chair", "a table", "a lamp")
        press(desk, Qt.Key.Key_P, 0)
        await desk.until(lambda: marks(desk) == ["picked", "", ""])
        press(desk, Qt.Key.Key_X, 1)
        await desk.until(lambda: marks(desk) == ["picked", "rejected", ""])
        press(desk, Qt.Key.Key_X)
        await desk.until(lambda: marks(desk) == ["rejected"] * 3)
        assert "2 rejected." in desk.texts(), "those that changed"

        undo(desk)
        await desk.until(lambda: marks(desk) == ["picked", "rejected", ""], "the last one")
        assert "Undone." in desk.texts()
        undo(desk)
        await desk.until(lambda: marks(desk) == ["picked", "", ""], "the one before it")
        undo(desk)
        await desk.until(lambda: marks(desk) == ["", "", ""], "the first one")
        undo(desk)
        press(desk, Qt.Key.Key_P, 2)
        await desk.until(lambda: marks(desk) == ["", "", "picked"], "with nothing left nothing happens")
    async with scripted_server() as server, window(home / "data", server) as desk:
        await desk.until(lambda: marks(desk) == ["", "", "picked"], "as it was kept")


async def test_what_was_put_away_is_told_with_the_way_back(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await made(desk, "an oak chair", "a table", "a lamp")
        press(desk, Qt.Key.Key_Delete, 1)
        await desk.until(lambda: prompts(desk) == ["a lamp", "an oak chair"])
        assert "Moved to the bin. Ctrl+Z brings it back." in desk.texts()
        press(desk, Qt.Key.Key_Delete)
        await desk.until(lambda: prompts(desk) == [])
        assert "2 moved to the bin. Ctrl+Z brings them back." in desk.texts()
        undo(desk)
        await desk.until(lambda: prompts(desk) == ["a lamp", "an oak chair"])
        undo(desk)
        await desk.until(lambda: prompts(desk) == ["a lamp", "a table", "an oak chair"])


async def test_an_undo_waits_for_the_marking_that_is_under_way(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await made(desk, "an oak chair", "a table")
        press(desk, Qt.Key.Key_P)
        undo(desk)
        await desk.until(lambda: "Undone." in desk.texts())
        assert marks(desk) == ["", ""]


async def test_what_waits_is_not_sent_once_it_is_put_away_whatever_is_marked_meanwhile(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await made(desk, "an oak chair")
        await waiting(desk, "a table")
        async with desk.app.parts.marks._in_order:  # a hundred thousand are being marked
            press(desk, Qt.Key.Key_Delete, 0)
            await desk.until_states("cancelled", "saved")
            desk.app.parts.wishes.resume_all()
            desk.generate("a lamp")
            await desk.until_states("saved", "cancelled", "saved")
        await desk.until(lambda: prompts(desk) == ["a lamp", "an oak chair"], "its turn came")
        assert sent(server) == ["an oak chair", "a lamp"]
        undo(desk)
        await desk.until(lambda: prompts(desk) == ["a lamp", "a table", "an oak chair"])
        assert desk.states() == ["saved", "cancelled", "saved"], "it comes back as what it is"


async def test_what_was_put_away_just_before_the_end_is_not_sent_by_the_next_start(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "ERRANDS_GRACE_S", 0.05)
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await waiting(desk, "a table")
            await desk.app.parts.marks._in_order.acquire()  # a marking that does not end in time
            press(desk, Qt.Key.Key_Delete, 0)
        async with window(home / "data", server) as desk:
            desk.app.parts.wishes.resume(Gate(kind=GateKind.USER_PAUSE))
            desk.generate("a lamp")
            await desk.until_states("saved", "cancelled")
        assert sent(server) == ["a lamp"]


async def test_what_is_sent_goes_on_out_of_sight_and_comes_back_by_a_click(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        answered = asyncio.Event()

        async def accept_later(exchange: Exchange) -> None:
            await exchange.read_body()
            await answered.wait()
            await exchange.reply(200, {"data": [{"task_id": exchange.accept(), "status": "submitted"}]})

        server.submits = deque([accept_later])
        desk.generate("an oak chair")
        await desk.until_states("sending")
        press(desk, Qt.Key.Key_Delete, 0)
        await desk.until(lambda: prompts(desk) == [])
        answered.set()
        desk.click("noticeUndoHide")
        await desk.until_states("saved")
        assert sent(server) == ["an oak chair"]


async def test_marks_before_a_start_cannot_be_undone_by_the_next_one(home: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await made(desk, "an oak chair")
            press(desk, Qt.Key.Key_P, 0)
            await desk.until(lambda: marks(desk) == ["picked"])
        async with window(home / "data", server) as desk:
            await desk.until(lambda: marks(desk) == ["picked"])
            undo(desk)
            press(desk, Qt.Key.Key_X, 0)
            await desk.until(lambda: marks(desk) == ["rejected"])
            undo(desk)
            await desk.until(lambda: marks(desk) == ["picked"])


async def test_many_marks_are_told_as_what_they_are_and_collections_are_counted_after_the_last(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "MANY", 100)
    seeded.seed(home / "data", seeded.Wishes(jobs=3_000, has_thumbnails=False))
    async with window(home / "data") as desk:
        await desk.until(lambda: sum(counts(desk)) > 0, "the chips")
        before = counts(desk)
        said: list[str] = []
        monkeypatch.setattr(desk.app.window.status, "set_message", said.append)
        put_in_steps = desk.app.engine.queue._marks._store.put

        async def put_slowly(*step: Any) -> Any:
            """The library takes longer over the whole than it takes until the chips are counted anew."""
            await asyncio.sleep(0.1)
            return await put_in_steps(*step)

        monkeypatch.setattr(desk.app.engine.queue._marks._store, "put", put_slowly)
        press(desk, Qt.Key.Key_Delete)
        await desk.until(lambda: counts(desk) == [0] * len(before), "nothing is in them any more")
        assert said[0].startswith("Moving ")
        assert said[0].endswith(" to the bin…")
        undo(desk)
        await desk.until(lambda: counts(desk) == before, "all of it is back")
        assert any(words.startswith("Taking ") and words.endswith(" out of the bin…") for words in said)


def counts(desk: Desk) -> list[int]:
    return [int(text.rpartition("  ")[2].replace(",", "")) for text in chips(desk)]
