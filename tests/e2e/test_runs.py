"""One press that makes many images: a job for each prompt and copy, each sent once, in the order told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QSpinBox, QTextEdit

from gptimg_desktop.core.line import in_line
from tests.support.desk import Desk, window
from tests.support.scripted_server import scripted_server

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

MATRIX = "an {oak|walnut|ash} chair in {red|blue}"
STANDS_FOR = [
    f"an {wood} chair in {colour}" for wood in ("oak", "walnut", "ash") for colour in ("red", "blue")
]


def shown(desk: Desk) -> list[str]:
    """The prompts that the preview lists, unfolded for it."""
    desk.click("runPreviewUnfold")
    lines = desk.find(QTextEdit, "runPreviewList").toPlainText().splitlines()
    return [line.partition("\t")[2] for line in lines]


def says(desk: Desk) -> str:
    return desk.find(QPushButton, "generateButton").text()


def rest(desk: Desk) -> None:
    """As if the hand had rested for longer than a double click takes."""
    burst = desk.app.window.findChild(QTimer, "secondPressBurst")
    assert isinstance(burst, QTimer)
    burst.stop()


async def test_a_matrix_is_sent_as_the_preview_lists_it_each_once(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.app.parts.preferences.change(replace(desk.settings, submits_at_once=1))
        desk.find(QPlainTextEdit, "promptEdit").setPlainText(MATRIX)
        assert shown(desk) == STANDS_FOR
        assert says(desk) == "Generate 6 · $0.051"
        desk.click("generateButton")
        await desk.until_states(*["saved"] * 6)
        assert [request.json()["prompt"] for request in server.of_kind("submit")] == STANDS_FOR
        assert {request.json()["n"] for request in server.of_kind("submit")} == {1}
        jobs = desk.jobs()
        assert len({job.run_id for job in jobs}) == 1
        assert [job.request.prompt for job in reversed(jobs)] == STANDS_FOR
        assert {job.estimate for job in jobs} == {Decimal("0.0085")}
        assert desk.find(QPlainTextEdit, "promptEdit").toPlainText() == MATRIX


async def test_copies_and_lines_multiply_and_another_press_is_another_run(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.app.window.queue.pause_requested.emit()
        desk.find(QPlainTextEdit, "promptEdit").setPlainText("a red kite\n\na {blue|green} kite")
        desk.click("onePerLine")
        desk.find(QSpinBox, "copiesSpin").setValue(2)
        assert shown(desk) == ["a red kite", "a blue kite", "a green kite"]
        desk.click("generateButton")
        await desk.until_states(*["queued"] * 6)
        wanted = [prompt for prompt in shown_again(desk) for _ in range(2)]
        assert [job.request.prompt for job in in_line(desk.jobs())] == wanted
        desk.click("generateButton")
        await desk.until_states(*["queued"] * 12)
        assert len({job.run_id for job in desk.jobs()}) == 2
        assert server.of_kind("submit") == []


def shown_again(desk: Desk) -> list[str]:
    lines = desk.find(QTextEdit, "runPreviewList").toPlainText().splitlines()
    return [line.partition("\t")[2] for line in lines]


async def test_the_sum_of_the_settings_asks_at_once_and_after_a_restart(home: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            desk.app.window.queue.pause_requested.emit()
            desk.generate("an oak chair")
            await desk.until_states("queued")
            desk.app.parts.preferences.change(replace(desk.settings, ask_above=Decimal(0)))
            desk.click("generateButton")
            assert says(desk) == "Press again: 1 image · $0.0085"
            rest(desk)
            desk.click("generateButton")
            await desk.until_states("queued", "queued")
        async with window(home / "data", server) as desk:
            await desk.until(lambda: says(desk) == "Generate $0.0085")
            desk.click("generateButton")
            assert says(desk) == "Press again: 1 image · $0.0085"
            assert desk.states() == ["queued", "queued"]


async def test_a_press_that_is_asked_about_sends_nothing_until_it_is_answered(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.find(QPlainTextEdit, "promptEdit").setPlainText("a {material} chair")
        for _ in range(5):
            desk.click("generateButton")
        assert says(desk).startswith("Press again")
        QTest.keyClick(desk.find(QPlainTextEdit, "promptEdit"), Qt.Key.Key_X)
        assert says(desk) == "Generate $0.0085"
        await desk.until(lambda: desk.app.engine is not None)
        assert desk.jobs() == []
        rest(desk)
        desk.click("generateButton")
        rest(desk)
        desk.click("generateButton")
        await desk.until_states("saved")
        assert [request.json()["prompt"] for request in server.of_kind("submit")] == ["xa {material} chair"]
