"""What changes while a press, a look or an answer is under way: nothing is paid that was not asked for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from gptimg_desktop import app
from gptimg_desktop.services.library.references import origins
from tests.faults.test_reference_files import SEND_COPY, add, png, question, waiting
from tests.support.desk import window
from tests.support.scripted_server import KEY, scripted_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gptimg_desktop.core.reference import Origin
    from tests.support.desk import Desk

pytestmark = [pytest.mark.anyio, pytest.mark.row(122)]


class SlowFolder:
    """Looks into the folder `slow` hang until `let_go`; `looks` are the paths that were asked for there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = str(folder)
        self._gone_on = threading.Event()
        self._present = origins._present
        self.looks: list[str] = []

    def present(self, path: str) -> Origin | None:
        if path.startswith(self._folder):
            self.looks.append(path)
            self._gone_on.wait(30)
        return self._present(path)

    def let_go(self) -> None:
        self._gone_on.set()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[SlowFolder]:
    folder = SlowFolder(home / "slow")
    monkeypatch.setattr(origins, "_present", folder.present)
    yield folder
    folder.let_go()


def picture(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(png("teal"))
    return path


def without_references(desk: Desk) -> None:
    compose = desk.app.window.compose
    compose.set_draft(compose.draft().with_references(()))


async def test_what_is_known_to_be_gone_is_not_sent_at_the_end(
    home: Path, slow: SlowFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "ERRANDS_GRACE_S", 0.5)
    table, chair = picture(home / "slow" / "table.png"), picture(home / "given" / "chair.png")
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await add(desk, table)
            desk.generate("slow one")
            without_references(desk)
            await add(desk, chair)
            chair.unlink()
            desk.generate("gone one")
            gone = desk.app.parts.composing.pressing._line[-1]
            await desk.until(lambda: gone.look.tells_gone)
        slow.let_go()
        async with window(home / "data", server) as desk:
            await desk.until(lambda: bool(desk.jobs()))
            assert [job.request.prompt for job in desk.jobs()] == ["slow one"]


async def test_a_folder_that_hangs_is_not_asked_again_after_another_press(
    home: Path, slow: SlowFolder
) -> None:
    table, chair = picture(home / "slow" / "table.png"), picture(home / "given" / "chair.png")
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.app.parts.composing.pressing.origins.patience_s = 0.3
        for number, path in enumerate((table, chair), 1):
            without_references(desk)
            await add(desk, path)
            desk.generate(f"press {number}")
        await desk.until(lambda: len(desk.jobs()) == 2)
        asked = len(slow.looks)
        without_references(desk)
        await add(desk, table)
        desk.generate("press 3")
        await desk.until(lambda: len(desk.jobs()) == 3)
        assert len(slow.looks) == asked


async def test_a_click_answers_the_question_that_stood_there_when_it_began(home: Path) -> None:
    chair = picture(home / "given" / "chair.png")
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        chair.unlink()
        desk.generate("one")
        await desk.until(lambda: question(desk).takes_answers)
        send, asked = desk.find(QAbstractButton, SEND_COPY), waiting(desk)
        QTest.mousePress(send, Qt.MouseButton.LeftButton)
        desk.generate("two")
        await desk.until(lambda: waiting(desk) != asked)
        await desk.until(lambda: question(desk).takes_answers)
        QTest.mouseRelease(send, Qt.MouseButton.LeftButton)
        assert question(desk).isVisible()
        assert desk.jobs() == []
        QTest.mouseClick(send, Qt.MouseButton.LeftButton)
        await desk.until(lambda: len(desk.jobs()) == 2)


async def test_a_click_that_began_as_free_practice_is_not_paid(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server, api_key="") as desk:
        desk.type_prompt("a chair for nothing")
        button = desk.find(QAbstractButton, "generateButton")
        QTest.mousePress(button, Qt.MouseButton.LeftButton)
        desk.app.engine.use_key(KEY)
        desk.app.parts.connecting.show()
        QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
        assert "Nothing was sent" in desk.texts()
        desk.click("generateButton")
        await desk.until(lambda: len(desk.jobs()) == 1)
