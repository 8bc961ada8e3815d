"""Drives that do not answer: they hold up neither another picture, nor a press, nor the end."""

from __future__ import annotations

import asyncio
import base64
import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from gptimg_desktop import app, composing
from gptimg_desktop.services.library.files import drives
from gptimg_desktop.services.library.files import folder_content as picture_files
from gptimg_desktop.services.library.references import origins
from gptimg_desktop.services.library.references import store as references
from gptimg_desktop.ui.compose.references.missing_question import MissingQuestion
from tests.e2e.test_references import let_go
from tests.e2e.test_repeating import add, content, files_of
from tests.support.desk import Desk, window
from tests.support.scripted_server import ScriptedServer, scripted_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.anyio, pytest.mark.row(122)]

LOOKING = "Looking at your pictures…"


class Drive:
    """The folder "far" as a drive that answers only while it is `awake`; `asked` counts each path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.awake = threading.Event()
        self.awake.set()
        self.asked: list[str] = []

    def wait(self, path: str) -> None:
        if path.startswith(str(self.folder)):
            self.asked.append(path)
            assert self.awake.wait(60)


@pytest.fixture
def drive(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drive]:
    """Hangs at the first byte of a file, and at the question what lies there."""
    drive = Drive(home / "far")
    drive.folder.mkdir()
    read, look = references.read_regular, picture_files.folder_content

    def hanging_read(path: Path) -> object:
        drive.wait(str(path))
        return read(path)

    def hanging_look(path: str) -> object:
        drive.wait(path)
        return look(path)

    monkeypatch.setattr(composing, "read_regular", hanging_read)
    monkeypatch.setattr(composing, "folder_content", hanging_look)
    yield drive
    drive.awake.set()


@pytest.fixture
def chair(drive: Drive) -> Path:
    path = drive.folder / "chair.png"
    path.write_bytes(content("teal"))
    return path


def pictures(server: ScriptedServer) -> list[list[bytes]]:
    """The references of each submit, in the order in which they came."""
    bodies = [request.json() for request in server.of_kind("submit")]
    return [
        [base64.b64decode(uri.partition(",")[2]) for uri in body.get("image_urls", ())] for body in bodies
    ]


def without_references(desk: Desk) -> None:
    compose = desk.app.window.compose
    compose.set_draft(compose.draft().with_references(()))


def waits(desk: Desk) -> str:
    label = desk.find(MissingQuestion, "missingQuestion").findChild(QLabel, "missingWaits")
    return label.text() if label is not None and label.isVisible() else ""


async def test_twenty_drops_on_a_silent_drive_hold_up_nothing_else(home: Path, drive: Drive) -> None:
    """Neither the threads of pictures nor those of everything else wait for it."""
    near = home / "near.png"
    near.write_bytes(content("red"))
    far = [drive.folder / f"{number}.png" for number in range(10)]
    for path in far:
        path.write_bytes(content("teal"))
    async with scripted_server() as server, window(home / "data", server) as desk:
        drive.awake.clear()
        for _ in range(2):
            assert let_go(desk, *far)
            without_references(desk)  # the user takes them out again
        await add(desk, near)
        desk.generate()
        await desk.until_states("saved")
        assert pictures(server) == [[content("red")]]
        drive.awake.set()


async def test_a_silent_drive_gives_its_places_up_and_says_so(home: Path, drive: Drive) -> None:
    far = [drive.folder / f"{number}.png" for number in range(12)]
    for path in far:
        path.write_bytes(content("teal"))
    async with scripted_server() as server, window(home / "data", server) as desk:
        assert desk.app.parts.composing.drives.patience_s == 30
        desk.app.parts.composing.drives.patience_s = 0.2
        drive.awake.clear()
        assert let_go(desk, *far)
        assert desk.app.window.compose._tray.waiting == 12
        await desk.until(lambda: not desk.app.window.compose._tray.waiting, "no place is kept any more")
        told = "“11.png” could not be read. Its drive does not answer; add it again when it does."
        await desk.until(lambda: told in desk.texts(), told)
        assert "“0.png” could not be read." in desk.texts()
        assert len(drive.asked) < 4  # a drive that owes several answers is not asked for more
        assert files_of(desk) == []
        drive.awake.set()
        await desk.until(lambda: not desk.app.parts.composing.drives._is_silent(str(far[0])), "it answers")
        await add(desk, far[0])


async def test_what_is_wrong_with_others_is_told_while_a_drive_is_silent(
    home: Path, chair: Path, drive: Drive
) -> None:
    damaged = home / "damaged.png"
    damaged.write_bytes(content("red")[:60])
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.app.parts.composing.drives.patience_s = 5.0
        drive.awake.clear()
        assert let_go(desk, chair, damaged)
        await desk.until(lambda: "“damaged.png” is damaged." in desk.texts(), "the one is told")
        assert desk.app.window.compose._tray.waiting == 1
        silent = "“chair.png” could not be read."
        await desk.until(lambda: silent in desk.texts(), "the other is told")
        assert "“damaged.png” is damaged." in desk.texts()


@pytest.mark.expects_log("a picture could not be taken")
async def test_a_bug_while_asking_a_drive_keeps_no_place(
    home: Path, chair: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(work: object, name: str) -> None:
        raise RuntimeError("can't start new thread")

    async with scripted_server() as server, window(home / "data", server) as desk:
        with monkeypatch.context() as patch:
            patch.setattr(drives, "begin_apart", no_thread)
            assert let_go(desk, chair)
            await desk.until(lambda: "RuntimeError" in desk.texts(), "the bug is told")
        assert not desk.app.window.compose._tray.waiting
        await add(desk, chair)


async def test_what_answers_slowly_is_waited_for(home: Path, chair: Path, drive: Drive) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        drive.awake.clear()
        assert let_go(desk, chair)
        asyncio.get_running_loop().call_later(0.5, drive.awake.set)
        await desk.until(lambda: files_of(desk), "the picture")


async def test_the_end_waits_for_no_drive(
    home: Path, chair: Path, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "ERRANDS_GRACE_S", 0.2)
    async with asyncio.timeout(20), scripted_server() as server:
        async with window(home / "data", server) as desk:
            drive.awake.clear()
            assert let_go(desk, chair, *(drive.folder / f"{number}.png" for number in range(3)))
            await desk.until(lambda: drive.asked, "it was asked")
        assert not drive.awake.is_set()


async def test_presses_in_line_wait_once_for_a_file_that_cannot_be_read(
    home: Path, chair: Path, drive: Drive
) -> None:
    """It has changed, and its drive falls silent: the copy is sent only where the user says so."""
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        asked_before = len(drive.asked)
        chair.write_bytes(content("navy"))
        drive.awake.clear()
        desk.app.parts.composing.drives.patience_s = 0.5
        for number in range(5):
            desk.generate(f"chair {number}")
        without_references(desk)
        desk.generate("plain")
        await desk.until_states("saved")
        assert [job.request.prompt for job in desk.jobs()] == ["plain"]
        assert waits(desk) == "5 presses wait: 5 images · $0.0425"
        assert len(drive.asked) - asked_before == 1
        question = desk.find(MissingQuestion, "missingQuestion")
        await desk.until(lambda: question.takes_answers, "the question stands")
        desk.click("sendCopyButton")
        await desk.until_states(*["saved"] * 6)
        assert pictures(server) == [[]] + [[content("teal")]] * 5
        drive.awake.set()


# What is seen while presses are looked at


@pytest.fixture
def slow_look(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """While the event is clear nobody tells what a file is now."""
    present = origins._present

    def hanging(path: str) -> object:
        drive.wait(path)
        return present(path)

    monkeypatch.setattr(origins, "_present", hanging)
    return drive.awake


async def test_presses_that_are_looked_at_for_a_while_are_told(
    home: Path, chair: Path, slow_look: threading.Event
) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        slow_look.clear()
        desk.generate("first")
        assert LOOKING not in desk.texts()
        await desk.until(lambda: f"{LOOKING} 1 press follows" in desk.texts(), LOOKING)
        desk.generate("second")
        assert f"{LOOKING} 2 presses follow" in desk.texts()
        slow_look.set()
        await desk.until_states("saved", "saved")
        assert LOOKING not in desk.texts()


async def test_presses_that_are_settled_at_once_say_nothing(
    home: Path, chair: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        told: list[int] = []
        monkeypatch.setattr(desk.app.window.compose, "show_settling", told.append)
        for number in range(3):
            desk.generate(f"chair {number}")
        await desk.until_states(*["saved"] * 3)
        await asyncio.sleep(0.4)  # longer than anything is looked at without a word
        assert told == []


# The window closes


async def test_a_press_just_before_the_end_sends_the_file_as_it_is(home: Path, chair: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await add(desk, chair)
            chair.write_bytes(content("navy"))
            desk.generate()
        async with window(home / "data", server) as desk:
            await desk.until_states("saved")
            assert pictures(server) == [[content("navy")]]


def notes(home: Path) -> list[str]:
    library = sqlite3.connect(home / "data" / "library.sqlite3")
    try:
        return [row[0] or "" for row in library.execute("SELECT note FROM job ORDER BY seq")]
    finally:
        library.close()


@pytest.mark.parametrize("is_cut_short", [True, False])
async def test_what_cannot_be_looked_at_before_the_end_says_that_its_copy_is_sent(
    is_cut_short: bool,
    home: Path,
    chair: Path,
    slow_look: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether the grace of the end is over first, or the patience of the look."""
    if is_cut_short:
        monkeypatch.setattr(app, "ERRANDS_GRACE_S", 0.2)
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await add(desk, chair)
            slow_look.clear()
            desk.app.parts.composing.pressing.origins.patience_s = 60.0 if is_cut_short else 0.2
            desk.generate("first")
            desk.generate("second")
        assert ["reference_unseen" in note and "chair.png" in note for note in notes(home)] == [True, True]
        slow_look.set()
        async with window(home / "data", server) as desk:
            await desk.until_states("saved", "saved")
            assert [job.request.prompt for job in desk.jobs()] == ["second", "first"]
            assert pictures(server) == [[content("teal")]] * 2


async def test_what_is_found_to_be_gone_after_the_end_is_not_sent(
    home: Path, chair: Path, slow_look: threading.Event
) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await add(desk, chair)
            chair.unlink()
            slow_look.clear()
            desk.generate()
            asyncio.get_running_loop().call_later(0.2, slow_look.set)
        async with window(home / "data", server) as desk:
            await desk.until(lambda: files_of(desk), "the draft")
            assert desk.states() == []
        assert server.of_kind("submit") == []
