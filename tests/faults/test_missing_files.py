"""The question about files that are gone: it keeps its presses, what they cost and who pays, until it is
answered."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QSpinBox

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.reference import Shrink
from gptimg_desktop.ui.compose.references.missing_question import MissingQuestion
from tests.e2e.test_repeating import add, content, files_of
from tests.support.desk import Desk, window
from tests.support.scripted_server import KEY, ScriptedServer, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.anyio, pytest.mark.row(122)]

OTHER_KEY = "sk-canary-of-another-account"


@pytest.fixture
def chair(home: Path) -> Path:
    path = home / "chair.png"
    path.write_bytes(content("teal"))
    return path


@pytest.fixture
def table(home: Path) -> Path:
    path = home / "table.png"
    path.write_bytes(content("navy"))
    return path


def question(desk: Desk) -> MissingQuestion:
    return desk.find(MissingQuestion, "missingQuestion")


def asked(desk: Desk) -> str:
    """What the question says that can be read now; empty where nothing is asked."""
    labels = question(desk).findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible() and label.text())


async def until_asked(desk: Desk, *texts: str) -> None:
    await desk.until(lambda: all(text in asked(desk) for text in texts), f"the question {texts}")


async def answer(desk: Desk, button: str) -> None:
    await desk.until(lambda: question(desk).takes_answers, "a question")
    desk.click(button)


def use(desk: Desk, *files: int) -> None:
    """Leave only these of the references that are there."""
    compose = desk.app.window.compose
    there = compose.draft().references
    compose.set_draft(compose.draft().with_references(tuple(there[number] for number in files)))


def sent(server: ScriptedServer) -> list[str]:
    return [request.json()["prompt"] for request in server.of_kind("submit")]


async def test_two_presses_are_one_question_and_both_are_sent_in_their_order(home: Path, chair: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        chair.unlink()
        desk.generate("first")
        await until_asked(desk, "“chair.png” is not there any more", "1 press waits: 1 image · $0.0085")
        desk.find(QSpinBox, "copiesSpin").setValue(2)
        desk.generate("second")
        await until_asked(desk, "2 presses wait: 3 images · $0.0255")
        assert desk.states() == []
        await answer(desk, "sendCopyButton")
        await desk.until_states("saved", "saved", "saved")
        assert [job.request.prompt for job in desk.jobs()] == ["second", "second", "first"]
        uris = [request.json()["image_urls"] for request in server.of_kind("submit")]
        assert {base64.b64decode(uri.partition(",")[2]) for (uri,) in uris} == {content("teal")}
        assert asked(desk) == ""


async def test_the_same_press_three_times_is_three_runs(home: Path, chair: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        chair.unlink()
        desk.type_prompt("x")
        for _ in range(3):
            desk.click("generateButton")
        await until_asked(desk, "3 presses wait: 3 images · $0.0255")
        await answer(desk, "sendCopyButton")
        await desk.until_states("saved", "saved", "saved")
        assert len(server.of_kind("submit")) == 3


async def test_what_was_free_at_the_press_stays_free(home: Path, chair: Path) -> None:
    """Connecting a key neither removes the question nor lets its presses cost something."""
    async with scripted_server() as server, window(home / "data", server, api_key="") as desk:
        await add(desk, chair)
        chair.unlink()
        desk.find(QSpinBox, "copiesSpin").setValue(4)
        desk.generate()
        await until_asked(desk, "1 press waits: 4 images · free")
        desk.app.window.connect_panel.key_entered.emit(KEY)
        await desk.until(lambda: "$" in desk.find(QPushButton, "generateButton").text(), "connected")
        assert "4 images · free" in asked(desk)
        desk.find(QSpinBox, "copiesSpin").setValue(2)
        desk.generate("and this is paid for")
        await until_asked(desk, "2 presses wait: 6 images · $0.017, 4 of them free")
        await answer(desk, "sendCopyButton")
        await desk.until(lambda: len(desk.states()) == 6, "6 jobs")
        assert sum((job.estimate for job in desk.jobs()), Decimal(0)) == Decimal("0.017")
        assert {job.request.prompt for job in desk.jobs() if job.service != PRACTICE} == {
            "and this is paid for"
        }
        await desk.until_states(*["saved"] * 6)
        assert sent(server) == ["and this is paid for"] * 2


async def test_a_press_is_paid_by_the_key_that_was_there_when_it_was_made(home: Path, chair: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        chair.unlink()
        payer = desk.app.engine.payer
        desk.generate()
        await until_asked(desk, "$0.0085")
        desk.app.engine.use_key(OTHER_KEY)
        assert desk.app.engine.payer != payer
        await answer(desk, "sendCopyButton")
        await desk.until(desk.states, "the job")
        assert [job.key_fingerprint for job in desk.jobs()] == [payer.key_fingerprint]


def noise(seed: int) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((600, 600), 60 + seed).convert("RGB").save(file, "PNG")
    return file.getvalue()


async def test_nothing_but_an_answer_ends_the_question(home: Path, chair: Path, table: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        compose = desk.app.window.compose
        await add(desk, chair)
        chair.unlink()
        desk.generate("an oak chair")
        await until_asked(desk, "1 press waits: 1 image · $0.0085")
        assert "“an oak chair”" not in asked(desk)  # it stands in the composer
        QTest.keyClicks(desk.find(QPlainTextEdit, "promptEdit"), " and")
        await until_asked(desk, "“an oak chair”", "1 press waits")
        compose.show_problem(Problem.of(ProblemKind.REFERENCE_DAMAGED, name="other.png"))
        assert "“other.png” is damaged." in desk.texts()
        await until_asked(desk, "1 press waits")
        await add(desk, table)
        desk.click("tier_4k")
        compose.set_draft(replace(compose.draft(), shrink=Shrink(longest_edge=20, quality=80)))
        await desk.until(lambda: not compose._tray.waiting, "the lighter copies")
        compose.set_draft(replace(compose.draft(), prompt="something else", references=(), copies=40))
        await until_asked(desk, "“chair.png” is not", "1 press waits: 1 image · $0.0085", "“an oak chair”")
        assert desk.states() == []
        await answer(desk, "sendCopyButton")
        await desk.until_states("saved")
        assert sent(server) == ["an oak chair"]
        assert asked(desk) == ""


async def test_a_lighter_copy_that_arrives_does_not_end_the_question(
    home: Path, chair: Path, table: Path
) -> None:
    chair.write_bytes(noise(1))
    table.write_bytes(noise(2))
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair, table)
        compose = desk.app.window.compose
        compose._tray._on_shrink_chosen(Shrink(longest_edge=200, quality=80))
        await desk.until(lambda: not compose._tray.waiting, "the lighter copies")
        chair.write_bytes(noise(3))
        table.unlink()
        desk.generate()
        await until_asked(desk, "“table.png” is not there any more", "1 press waits")
        await desk.until(lambda: not compose._tray.waiting, "the lighter copy of what has changed")
        await answer(desk, "sendCopyButton")
        await desk.until_states("saved")
        assert "“chair.png” has changed since it was added." in desk.texts()
        assert len(server.of_kind("submit")[0].json()["image_urls"]) == 2


async def test_what_is_not_to_be_sent_is_not_and_says_so(home: Path, chair: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        chair.unlink()
        desk.generate("first")
        desk.generate("second")
        await until_asked(desk, "2 presses wait")
        await answer(desk, "dropPressesButton")
        assert asked(desk) == "Nothing was sent."
        use(desk)
        desk.generate("third")
        await desk.until_states("saved")
        assert sent(server) == ["third"]
        assert asked(desk) == ""


async def test_presses_without_the_missing_file_go_on(home: Path, chair: Path, table: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair, table)
        chair.unlink()
        desk.generate("with both")
        await until_asked(desk, "1 press waits")
        use(desk, 1)
        desk.generate("with the table")
        await desk.until_states("saved")
        assert sent(server) == ["with the table"]
        await until_asked(desk, "“chair.png” is not", "1 press waits", "“with both”")


async def test_another_missing_file_is_another_question_after_the_first(
    home: Path, chair: Path, table: Path
) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair, table)
        both = desk.app.window.compose.draft()
        chair.unlink()
        table.unlink()
        use(desk, 0)
        desk.generate("with the chair")
        await until_asked(desk, "“chair.png” is not")
        desk.app.window.compose.set_draft(both.with_references(both.references[1:]))
        desk.generate("with the table")
        await until_asked(desk, "“chair.png” is not", "1 press waits", "1 more press waits for other files.")
        await desk.until(lambda: question(desk).takes_answers, "a question")
        QTest.mouseDClick(desk.find(QPushButton, "sendCopyButton"), Qt.MouseButton.LeftButton)
        desk.click("sendCopyButton")  # the same movement of the hand answers one question only
        await until_asked(desk, "“table.png” is not", "1 press waits")
        await desk.until_states("saved")
        assert sent(server) == ["with the chair"]
        await answer(desk, "dropPressesButton")
        assert asked(desk) == "Nothing was sent."


async def test_a_click_that_was_meant_for_something_else_answers_nothing(home: Path, chair: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await add(desk, chair)
        chair.unlink()
        desk.generate()
        await desk.until(lambda: question(desk).asked is not None, "the question")
        assert QApplication.doubleClickInterval() >= 200
        desk.click("sendCopyButton")
        desk.click("dropPressesButton")
        await until_asked(desk, "1 press waits")
        assert desk.states() == []
        await answer(desk, "sendCopyButton")
        await desk.until_states("saved")
        assert len(server.of_kind("submit")) == 1


async def test_a_question_that_is_open_when_the_window_closes_sends_nothing(home: Path, chair: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await add(desk, chair)
            chair.unlink()
            desk.generate("an oak chair")
            await until_asked(desk, "1 press waits")
        log = (home / "data" / "logs" / "gptimg-desktop.log").read_text(encoding="utf-8")
        assert "closed while 1 presses waited for a word about missing files: not sent" in log
        async with window(home / "data", server) as desk:
            await desk.until(lambda: files_of(desk), "the draft")
            assert desk.app.window.compose.draft().prompt == "an oak chair"
            assert desk.states() == []
            assert asked(desk) == ""
        assert server.of_kind("submit") == []
