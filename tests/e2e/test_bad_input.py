"""What cannot work is told at the place where it happened; typed text stays, and jobs are in a true state."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import deque
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from tests.support import scripted_server as scripts
from tests.support.desk import Desk, window
from tests.support.scripted_server import KEY, picture, scripted_server
from tests.ui.compose.hands import drop

pytestmark = pytest.mark.anyio


def drop_files(desk: Desk, *files: Path) -> None:
    """Files let go over the reference tray."""
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    assert drop(desk.find(QWidget, "referenceTray"), content)


async def test_an_empty_prompt_makes_no_job(home: Path) -> None:
    async with window(home / "data") as desk:
        desk.type_prompt("   ")
        desk.click("generateButton")
        assert "Say what the picture shall show." in desk.texts()
        assert desk.states() == []


async def test_an_impossible_size_is_told_and_the_prompt_stays(home: Path) -> None:
    async with window(home / "data") as desk:
        desk.click("ratio_custom")
        desk.find(QSpinBox, "customWidth").setValue(5)
        desk.generate("a chair")
        assert "cannot be made. Each side must have 16 to 10000 pixels." in desk.texts()
        assert desk.states() == []
        assert desk.find(QPlainTextEdit, "promptEdit").toPlainText() == "a chair"


async def test_files_that_are_no_pictures_are_named(home: Path) -> None:
    notes = home / "notes.png"
    notes.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    cut = home / "cut.png"
    cut.write_bytes(picture(300, 300)[:-40])
    good = home / "good.png"
    good.write_bytes(picture())
    async with window(home / "data") as desk:
        drop_files(desk, notes)
        await desk.until(lambda: "notes.png" in desk.texts())
        drop_files(desk, cut)
        await desk.until(lambda: "cut.png" in desk.texts())
        drop_files(desk, home / "gone.png")
        await desk.until(lambda: "gone.png" in desk.texts())
        drop_files(desk, good)
        await desk.until(lambda: len(desk.app.window.compose.draft().references) == 1)


async def test_the_seventeenth_reference_has_to_replace_another(home: Path) -> None:
    files = []
    for number in range(17):
        files.append(home / f"{number}.png")
        files[-1].write_bytes(picture(20 + number, 20))
    async with window(home / "data") as desk:
        drop_files(desk, *files[:16])
        await desk.until(lambda: len(desk.app.window.compose.draft().references) == 16)
        drop_files(desk, files[16])
        await desk.until(lambda: "Choose what “16.png” replaces." in desk.texts())
        assert len(desk.app.window.compose.draft().references) == 16


async def test_a_wrong_key_is_told_and_a_right_one_goes_on(home: Path) -> None:
    error = {"error": {"code": "", "message": "invalid API key (request id: 42)", "type": "apimart_error"}}
    async with scripted_server() as server, window(home / "data", server, api_key="") as desk:
        field = desk.find(QLineEdit, "apiKeyEdit")
        field.setText("not a key")
        desk.click("connectButton")
        assert field.text() == "not a key"
        server.balances = deque([scripts.answer(401, error), scripts.not_here])
        field.setText("Bearer sk-wrong-0000000000")
        desk.click("connectButton")
        await desk.until(lambda: "request id: 42" in desk.texts())
        assert field.text() == "sk-wrong-0000000000"
        assert desk.app.engine.connection.is_practice
        desk.click("connectButton")  # this time the service does not say what it thinks of the key
        await desk.until(lambda: not desk.app.engine.connection.is_practice)
        server.submits = deque([scripts.answer(401, error), scripts.accept])
        desk.generate("a chair")
        await desk.until(lambda: "did not take the key" in desk.texts() and desk.states() == ["queued"])
        assert len(server.of_kind("submit")) == 1
        change = [
            b for b in desk.app.window.notices.findChildren(QAbstractButton) if b.text() == "Change key"
        ]
        change[0].click()
        server.balances = deque([scripts.answer(200, {"success": True, "remain_balance": "8.10"})])
        field.setText(f" {KEY} ")
        desk.click("connectButton")
        await desk.until_states("saved")
        await desk.until(lambda: "balance $8.10" in desk.texts())
        assert len(server.accepted) == 1


@pytest.mark.row(7)
async def test_no_network_is_told_and_the_job_waits(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server, pace=1.0) as desk:
        port = int(server.url.rpartition(":")[2])
        await server.stop_listening()
        desk.generate("a chair")
        await desk.until(lambda: "cannot be reached" in desk.texts())
        assert desk.states() == ["queued"]
        await server.listen(port)
        desk.press_notice("Try now")
        await desk.until_states("saved")
        assert len(server.accepted) == 1


async def test_an_unwritable_picture_folder_sends_nothing(home: Path) -> None:
    (home / "data").mkdir(mode=0o700)
    (home / "data" / "images").write_text("a file where the folder should be")
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate("a chair")
        await desk.until(lambda: str(home.resolve() / "data" / "images") in desk.texts())
        assert desk.states() == ["queued"]
        assert server.of_kind("submit") == []
        better = home / "better"
        desk.app.parts.preferences._use_folder(str(better))
        await desk.until_states("saved")
        assert Path(desk.jobs()[0].images[0].path).is_relative_to(better)
        assert len(server.accepted) == 1


async def test_a_library_of_a_newer_program_is_left_alone(home: Path) -> None:
    data = home / "data"
    data.mkdir(mode=0o700)
    connection = sqlite3.connect(data / "library.sqlite3")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    async with window(data) as desk:
        assert "newer" in desk.texts()
        assert not desk.find(QAbstractButton, "generateButton").isEnabled()


@pytest.mark.expects_log("the library makes no sense")
@pytest.mark.expects_log("the library is not used as it is")
async def test_a_library_that_makes_no_sense_is_told_and_nothing_is_sent(home: Path) -> None:
    data = home / "data"
    async with scripted_server() as server:
        async with window(data, server) as desk:
            desk.generate("a chair")
            await desk.until_states("saved")
            await desk.app.engine.safety.back_up(_untold)  # holds a job that makes as little sense, later on
            make_senseless(data / "library.sqlite3")
            make_senseless(next((data / "backups").iterdir()))
        async with window(data, server) as desk:
            await desk.until(lambda: "The library is damaged" in desk.texts())
            desk.generate("a table")
            await asyncio.sleep(0.1)
            assert len(server.of_kind("submit")) == 1
        async with window(data, server) as desk:  # goes through all of it, and says what came of it
            await desk.until(lambda: "unconfirmed" in desk.states())
            assert desk.find(QWidget, "restoredPanel").isVisible()
            desk.click("restoredGoOn")
            await desk.until(lambda: not desk.find(QWidget, "restoredPanel").isVisible())
        async with window(data, server) as desk:  # and it can be used from now on
            await desk.until(lambda: sorted(desk.states()) == ["saved", "unconfirmed"])
            desk.generate("a lamp")
            await desk.until(lambda: sorted(desk.states()) == ["saved", "saved", "unconfirmed"])
            assert "The library is damaged" not in desk.texts()
        assert [prompt for _, prompt in server.accepted] == ["a chair", "a lamp"]


def make_senseless(library: Path) -> None:
    with contextlib.closing(sqlite3.connect(library)) as connection:
        connection.execute("UPDATE job SET estimate = 'a lot'")
        connection.commit()


def _untold(_done: int, _total: int) -> None:
    """Nobody watches."""
