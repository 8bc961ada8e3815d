"""Ctrl+Z takes back what was done last, whatever it was: marks, collections, what was taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gptimg_desktop.core.bin import Clearing
from gptimg_desktop.core.collection import Gathering
from gptimg_desktop.core.mark import Mark, Marking
from tests.e2e.test_collections import chips, gather, made
from tests.support.desk import window
from tests.support.scripted_server import scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.desk import Desk

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),  # popups, offscreen
]
CTRL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def press(desk: Desk, key: Qt.Key, row: int | None = None, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    view = desk.app.window.gallery.view
    view.setFocus()
    if row is not None:
        desk.select(row)
    QTest.keyClick(view, key, modifier)


def undo(desk: Desk) -> None:
    press(desk, Qt.Key.Key_Z, None, CTRL)


def stands(desk: Desk) -> tuple[str, list[str], str]:
    """The tiles' marks, newest first; the collections; the prompt."""
    marks = "".join("P" if job.picked else "X" if job.rejected else "-" for job in desk.jobs())
    return marks, chips(desk), desk.find(QPlainTextEdit, "promptEdit").toPlainText()


async def until(desk: Desk, marks: str, in_collections: list[str], prompt: str = "") -> None:
    """What is done is done, and the window stands like this."""
    wanted = (marks, in_collections, prompt)
    await desk.until(lambda: not desk.app.tasks._tasks and stands(desk) == wanted, f"{wanted}")


async def begin(desk: Desk) -> None:
    """Two pictures, and nothing in the composer."""
    await made(desk, "a lamp", "a chair")
    desk.type_prompt("")
    await until(desk, "--", [])


async def test_marks_and_collections_go_back_in_the_order_in_which_they_were_done(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await begin(desk)
        press(desk, Qt.Key.Key_P, 0)
        await until(desk, "P-", [])
        desk.select(0)
        gather(desk, "Rooms")
        await until(desk, "P-", ["Rooms  1"])
        desk.select(1)
        gather(desk, "Rooms")
        await until(desk, "P-", ["Rooms  2"])
        press(desk, Qt.Key.Key_P, 1)
        await until(desk, "PP", ["Rooms  2"])

        undo(desk)
        await until(desk, "P-", ["Rooms  2"])
        undo(desk)
        await until(desk, "P-", ["Rooms  1"])
        undo(desk)
        await until(desk, "P-", [])
        undo(desk)
        await until(desk, "--", [])
        undo(desk)
        await desk.until(lambda: "nothing left to undo" in desk.texts())


async def test_what_was_taken_over_has_its_place_among_the_marks(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await begin(desk)
        press(desk, Qt.Key.Key_X, 1)
        await until(desk, "-X", [])
        press(desk, Qt.Key.Key_T, 0)
        await until(desk, "-X", [], "a chair")
        press(desk, Qt.Key.Key_P, 0)
        await until(desk, "PX", [], "a chair")
        press(desk, Qt.Key.Key_T, 1)
        await until(desk, "PX", [], "a lamp")

        undo(desk)
        await until(desk, "PX", [], "a chair")
        assert "The composer is as it was before." in desk.texts()
        undo(desk)
        await until(desk, "-X", [], "a chair")
        undo(desk)
        await until(desk, "-X", [], "")
        undo(desk)
        await until(desk, "--", [], "")


async def test_the_press_counts_and_not_how_long_a_deed_takes(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await begin(desk)
        gathering = Gathering(seqs=(desk.jobs()[1].seq,), name="Rooms")
        async with desk.app.parts.collecting._in_order:  # the commit of the collection is slow
            desk.app.window.collection_picker.gather_requested.emit(gathering)
            press(desk, Qt.Key.Key_P, 0)
            await desk.until(lambda: stands(desk) == ("P-", [], ""))
        await until(desk, "P-", ["Rooms  1"])
        undo(desk)
        await until(desk, "--", ["Rooms  1"])
        undo(desk)
        await until(desk, "--", [])


async def test_what_changed_nothing_does_not_stand_in_the_way(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await begin(desk)
        press(desk, Qt.Key.Key_P, 0)
        await until(desk, "P-", [])
        press(desk, Qt.Key.Key_Delete, 1)
        await until(desk, "P", [])
        press(desk, Qt.Key.Key_T, 0)
        await until(desk, "P", [], "a chair")
        mark = Marking(seqs=(desk.jobs()[0].seq,), mark=Mark.RESTORED)
        desk.app.window.details.mark_requested.emit(mark)
        await until(desk, "P", [], "a chair")
        undo(desk)
        await until(desk, "P", [], "")
        undo(desk)
        await until(desk, "P-", [], "")


async def test_what_is_gone_for_good_is_passed_over(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await begin(desk)
        press(desk, Qt.Key.Key_P, 1)
        await until(desk, "-P", [])
        gone = desk.jobs()[0].seq
        press(desk, Qt.Key.Key_Delete, 0)
        await until(desk, "P", [])
        desk.app.parts.emptying._clear(Clearing(seqs=(gone,), forever=True))
        await until(desk, "P", [])
        undo(desk)
        await until(desk, "-", [])


async def test_what_is_written_after_a_take_is_not_undone_from_the_tiles(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await begin(desk)
        press(desk, Qt.Key.Key_P, 1)
        await until(desk, "-P", [])
        press(desk, Qt.Key.Key_T, 0)
        desk.type_prompt("a blue house")
        undo(desk)
        await until(desk, "--", [], "a blue house")


async def test_what_was_sent_is_not_taken_back_out_of_the_composer(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await begin(desk)
        press(desk, Qt.Key.Key_P, 1)
        await until(desk, "-P", [])
        press(desk, Qt.Key.Key_T, 0)
        desk.click("generateButton")
        await desk.until_states("saved", "saved", "saved")
        undo(desk)
        await until(desk, "---", [], "a chair")


async def test_the_button_of_the_bar_takes_back_what_it_tells_of(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await begin(desk)
        desk.select(0)
        gather(desk, "Rooms")
        await until(desk, "--", ["Rooms  1"])
        press(desk, Qt.Key.Key_P, 0)
        await until(desk, "P-", ["Rooms  1"])
        desk.click("collectionUndo")
        await until(desk, "P-", [])
        undo(desk)
        await until(desk, "--", [])


async def test_ctrl_z_on_the_names_of_collections_undoes_what_was_done_last_anywhere(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await begin(desk)
        desk.select(0)
        gather(desk, "Rooms")
        await until(desk, "--", ["Rooms  1"])
        press(desk, Qt.Key.Key_P, 0)
        await until(desk, "P-", ["Rooms  1"])
        chip = desk.find(QWidget, "collection_1")
        chip.setFocus()
        QTest.keyClick(chip, Qt.Key.Key_Z, CTRL)
        await until(desk, "--", ["Rooms  1"])
        QTest.keyClick(chip, Qt.Key.Key_Delete)
        await until(desk, "--", [])
        QTest.keyClick(desk.find(QWidget, "newCollection"), Qt.Key.Key_Z, CTRL)
        await until(desk, "--", ["Rooms  1"])
        assert "Undone: “Rooms” removed" in desk.texts()


async def test_a_collection_that_came_back_is_the_one_it_was(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await begin(desk)
        for row in (0, 1):
            desk.select(row)
            gather(desk, "Rooms")
            await until(desk, "--", [f"Rooms  {row + 1}"])
        desk.app.window.collections.remove_requested.emit(1)
        await until(desk, "--", [])
        undo(desk)
        await until(desk, "--", ["Rooms  2"])
        undo(desk)
        await until(desk, "--", ["Rooms  1"])
        assert "Undone: Put into “Rooms”." in desk.texts()


async def test_an_undo_in_the_viewer_says_so_there(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await begin(desk)
        viewer = desk.app.window.viewer
        viewer.open_at(desk.jobs()[0].id)
        QTest.keyClick(viewer, Qt.Key.Key_P)
        await until(desk, "P-", [])
        said: list[str] = []
        desk.app.parts.undoing.told.connect(said.append)
        QTest.keyClick(viewer, Qt.Key.Key_Z, CTRL)
        await until(desk, "--", [])
        assert said == ["Undone."]
        assert viewer._word.text == "Undone."
        assert viewer._word.isVisible()


async def test_a_waiting_job_is_told_as_cancelled(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await begin(desk)
        desk.app.parts.wishes.pause()
        desk.generate("a table")
        await desk.until_states("queued", "saved", "saved")
        press(desk, Qt.Key.Key_Delete, 0)
        await desk.until_states("saved", "saved")
        await until(desk, "--", [], "a table")
        assert "Cancelled and moved to the bin. Nothing was sent." in desk.texts()
        assert "Ctrl+Z brings the tile back; it stays cancelled." in desk.texts()
        undo(desk)
        await desk.until_states("cancelled", "saved", "saved")

        for prompt in ("one", "two"):
            desk.generate(prompt)
        await desk.until_states("queued", "queued", "cancelled", "saved", "saved")
        desk.app.window.gallery.view.selectAll()
        press(desk, Qt.Key.Key_Delete)
        told = "5 moved to the bin; 2 that waited stay cancelled. Ctrl+Z brings the tiles back."
        await desk.until(lambda: told in desk.texts())
        desk.generate("three")
        await desk.until_states("queued")
        undo(desk)
        await desk.until_states("queued", *["cancelled"] * 3, "saved", "saved")
        desk.app.window.gallery.view.selectAll()
        press(desk, Qt.Key.Key_Delete)
        again = "6 moved to the bin; 1 that waited stays cancelled. Ctrl+Z brings the tiles back."
        await desk.until(lambda: again in desk.texts())
        assert len(server.of_kind("submit")) == 2
