"""What can be asked of finished, failed and waiting pictures, through the real window."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QPlainTextEdit, QSpinBox, QWidget

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.line import in_line
from gptimg_desktop.core.mark import Mark, Marking
from gptimg_desktop.core.reference import FileReference
from gptimg_desktop.core.sizes import Ratio
from gptimg_desktop.ui.details.relatives_row import RelativesRow
from gptimg_desktop.ui.details.wishes import TaskIdEntry
from tests.support import scripted_server as scripts
from tests.support.desk import Desk, window
from tests.support.scripted_server import picture, scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.ui.details.relative_tile import RelativeTile

pytestmark = pytest.mark.anyio


async def test_another_one_with_the_same_settings_is_one_more_paid_job(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.click("ratio_16x9")
        desk.click("tier_2k")
        desk.generate("an oak chair")
        await desk.until_states("saved")
        desk.type_prompt("something else")
        desk.select()
        assert "$0.014" in desk.find(QWidget, "generateAgainButton").property("text")
        desk.click("generateAgainButton")
        await desk.until_states("saved", "saved")
        first, second = (request.json() for request in server.of_kind("submit"))
        assert first == second
        assert desk.find(QPlainTextEdit, "promptEdit").toPlainText() == "something else"


def let_rest(desk: Desk) -> None:
    """As if the hand had rested for longer than a double click takes."""
    burst = desk.app.parts.wishes.findChild(QTimer, "repeatPressBurst")
    assert isinstance(burst, QTimer)
    assert burst.interval() == QApplication.doubleClickInterval()
    burst.stop()


async def test_quick_presses_for_another_one_are_one_and_a_later_one_is_meant(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate("an oak chair")
        await desk.until_states("saved")
        desk.generate("a lamp")
        await desk.until_states("saved", "saved")
        desk.select(0)
        for _ in range(3):
            desk.click("generateAgainButton")
        desk.select(1)
        desk.click("generateAgainButton")  # of another picture: no half of a double click
        await desk.until_states(*["saved"] * 4)
        let_rest(desk)
        desk.click("generateAgainButton")
        await desk.until_states(*["saved"] * 5)
        prompts = [request.json()["prompt"] for request in server.of_kind("submit")]
        assert sorted(prompts[2:]) == ["a lamp", "an oak chair", "an oak chair"]


async def test_another_one_that_costs_more_than_the_sum_is_asked_about(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate("an oak chair")
        await desk.until_states("saved")
        desk.app.parts.preferences.change(replace(desk.settings, ask_above=Decimal(0)))
        desk.type_prompt("something else")
        desk.select()
        for _ in range(3):
            desk.click("generateAgainButton")
        assert "this press costs $0.0085, and above $0.00 you are asked first" in desk.texts()
        assert desk.states() == ["saved"]
        let_rest(desk)
        desk.click("generateAgainButton")
        assert "you are asked first" not in desk.texts()
        await desk.until_states("saved", "saved")
        let_rest(desk)
        desk.click("generateAgainButton")  # a run of its own, asked about anew
        assert "you are asked first" in desk.texts()
        assert desk.find(QPlainTextEdit, "promptEdit").toPlainText() == "something else"
        assert len(server.of_kind("submit")) == 2


async def test_another_one_goes_the_way_of_all_presses(home: Path) -> None:
    """A copy of a reference that is gone is told before anything is queued."""
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.downloads = deque([scripts.whole_file(picture(160, 90))])
        desk.generate("an oak chair")
        await desk.until_states("saved")
        desk.app.window.details.references_requested.emit((desk.jobs()[0].seq,))
        await desk.until(lambda: len(desk.app.window.compose.draft().references) == 1)
        desk.generate("the same in ash")
        await desk.until_states("saved", "saved")
        for copy in (home / "data" / "references").iterdir():
            copy.unlink()
        desk.select(0)
        desk.click("generateAgainButton")
        await desk.until(lambda: "oak-chair" in desk.app.window.compose._tray.message())
        assert desk.states() == ["saved", "saved"]
        assert len(server.of_kind("submit")) == 2


async def test_a_failed_picture_says_why_and_comes_back_into_the_composer(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.queries = deque([scripts.failed])
        desk.click("ratio_9x16")
        desk.generate("an oak chair")
        await desk.until_states("failed")
        desk.click("ratio_1x1")
        desk.type_prompt("")
        desk.select()
        shown = desk.texts()
        assert "the model gave up" in shown
        assert "Not charged" in shown
        desk.click("editAgainButton")
        assert desk.find(QPlainTextEdit, "promptEdit").toPlainText() == "an oak chair"
        await desk.until(lambda: len(server.of_kind("query")) == 1 + 4)  # a failure is looked at again
        server.queries = deque([scripts.completed])
        desk.click("generateButton")
        await desk.until_states("saved", "failed")
        assert [request.json()["size"] for request in server.of_kind("submit")] == ["9:16", "9:16"]


async def test_a_picture_becomes_the_reference_of_the_next(home: Path) -> None:
    content = picture(160, 90)
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.downloads = deque([scripts.whole_file(content)])
        desk.generate("an oak chair")
        await desk.until_states("saved")
        desk.select()
        desk.app.window.details.references_requested.emit((desk.jobs()[0].seq,))
        await desk.until(lambda: len(desk.app.window.compose.draft().references) == 1)
        (reference,) = desk.app.window.compose.draft().references
        assert isinstance(reference, FileReference)
        assert reference.name == "an-oak-chair_0001.png"
        desk.generate("the same in ash")
        await desk.until_states("saved", "saved")
        assert len(server.of_kind("submit")[1].json()["image_urls"]) == 1


async def test_space_shows_the_picture_with_all_its_pixels_and_escape_goes_back(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.downloads = deque([scripts.whole_file(picture(2048, 1152))])
        desk.generate("one")
        await desk.until_states("saved")
        desk.generate("two")
        await desk.until_states("saved", "saved")
        view, viewer = desk.find(QAbstractItemView, "galleryView"), desk.app.window.viewer
        desk.select(1)
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Space)
        assert viewer.isVisible()
        await desk.until(lambda: "2048 × 1152" in desk.texts() or "2048×1152" in desk.texts())
        assert viewer.viewed is not None
        assert viewer.viewed.job_id == desk.jobs()[1].id
        QTest.keyClick(viewer, Qt.Key.Key_Left)
        assert viewer.viewed.job_id == desk.jobs()[0].id
        QTest.keyClick(viewer, Qt.Key.Key_Escape)
        assert not viewer.isVisible()
        assert view.currentIndex().row() == 0
        shown = desk.app.window.details.job
        assert shown is not None
        assert shown.request.prompt == "two"


async def test_a_picture_whose_file_is_gone_is_told_in_the_viewer(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate("one")
        await desk.until_states("saved")
        (image,) = desk.jobs()[0].images
        desk.select()
        (home / "data").joinpath(image.path).unlink()
        desk.app.window.viewer.open_at(desk.jobs()[0].id)
        await desk.until(lambda: "not where it was saved" in desk.texts())
        desk.app.window.viewer.leave()


async def prompts_waiting(desk: Desk, *prompts: str) -> None:
    desk.app.window.queue.pause_requested.emit()
    for prompt in prompts:
        desk.generate(prompt)
    await desk.until_states(*["queued"] * len(prompts))


def line(desk: Desk) -> list[str]:
    return [job.request.prompt for job in in_line(desk.jobs())]


async def test_waiting_jobs_are_reordered_and_sent_in_that_order(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.app.parts.preferences.change(replace(desk.settings, submits_at_once=1))
        await prompts_waiting(desk, "one", "two", "three")
        desk.select(0)  # the newest
        desk.click("sendNextButton")
        await desk.until(lambda: line(desk) == ["three", "one", "two"])
        desk.click("queueButton")
        assert desk.app.window.queue.isVisible()
        assert "paused" in desk.texts()
        desk.click("queuePause")
        await desk.until_states("saved", "saved", "saved")
        assert [prompt for _, prompt in server.accepted] == ["three", "one", "two"]


async def test_a_pause_outlives_the_program_and_all_can_be_taken_back(home: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await prompts_waiting(desk, "one", "two")
        async with window(home / "data", server) as desk:
            assert desk.states() == ["queued", "queued"]
            desk.click("queueButton")
            assert "paused" in desk.texts()
            desk.app.window.queue.cancel_requested.emit(tuple(job.id for job in desk.jobs()))
            await desk.until_states("cancelled", "cancelled")
            desk.click("queuePause")
        async with window(home / "data", server) as desk:
            assert "paused" not in desk.texts()
            desk.generate("three")
            await desk.until_states("saved", "cancelled", "cancelled")
        assert [prompt for _, prompt in server.accepted] == ["three"]


async def test_an_unconfirmed_picture_is_not_put_away_before_it_is_decided_about(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.submits = deque([scripts.accept_and_drop])
        desk.generate("one")
        await desk.until_states("unconfirmed")
        desk.app.window.gallery.mark_requested.emit(Marking(seqs=(desk.jobs()[0].seq,), mark=Mark.BINNED))
        await desk.until(lambda: "stays until you decide" in desk.texts())
        server.submits = deque([scripts.accept])
        desk.generate("two")  # by the time it is there, the wish before it has been dealt with
        await desk.until_states("saved", "unconfirmed")


async def test_a_mistyped_task_id_is_told_as_such(home: Path) -> None:
    unknown = scripts.answer(404, {"error": {"code": 404, "message": "task not found"}})
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.submits, server.queries = deque([scripts.accept_and_drop]), deque([unknown])
        desk.generate("one")
        await desk.until_states("unconfirmed")
        desk.select()
        desk.app.window.details.task_id_entered.emit(TaskIdEntry(job_id=desk.jobs()[0].id, task_id="hello"))
        await desk.until(lambda: "knows no task hello" in desk.texts())
        assert "accepted before" not in desk.texts()


async def test_a_picture_refused_for_its_content_after_all_is_told_as_such(home: Path) -> None:
    failed = scripts.task("failed", error={"code": 500, "message": "rejected by the safety system"})
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.queries = deque([failed])
        desk.generate("one")
        await desk.until_states("failed")
        desk.select()
        assert "content rules" in desk.texts()
        assert "may well succeed" not in desk.texts()


# Used again


def prompt(desk: Desk) -> QPlainTextEdit:
    return desk.find(QPlainTextEdit, "promptEdit")


def press(desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(desk.find(QAbstractItemView, "galleryView"), key, modifier)


async def test_settings_are_used_again_and_all_of_it_is_undone_at_once(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.click("ratio_16x9")
        desk.click("tier_2k")
        desk.generate("an oak chair")
        await desk.until_states("saved")
        desk.click("ratio_1x1")
        desk.click("tier_1k")
        desk.type_prompt("something else")
        before = desk.app.window.compose.draft()
        desk.select()
        desk.find(QAbstractItemView, "galleryView").setFocus()
        press(desk, Qt.Key.Key_U)
        assert desk.app.window.compose.draft() == Draft.of(desk.jobs()[0].request)
        assert "Settings taken" in desk.texts()
        assert desk.app.window.focusWidget() is desk.find(QAbstractItemView, "galleryView")
        desk.app.window.compose.focus_prompt()
        QTest.keyClick(prompt(desk), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert desk.app.window.compose.draft() == before
        assert "Settings taken" not in desk.texts()
        assert len(server.of_kind("submit")) == 1


async def test_parts_are_taken_from_several_pictures_with_the_hands_on_the_tiles(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.click("ratio_16x9")
        desk.generate("an oak chair")
        await desk.until_states("saved")
        desk.click("ratio_9x16")
        desk.generate("a lamp")
        await desk.until_states("saved", "saved")
        desk.click("ratio_1x1")
        desk.type_prompt("")
        desk.select(0)
        press(desk, Qt.Key.Key_S)
        desk.select(1)
        press(desk, Qt.Key.Key_T)
        draft = desk.app.window.compose.draft()
        assert (draft.prompt, draft.size) == ("an oak chair", Ratio.R9X16)
        press(desk, Qt.Key.Key_E)
        assert "without references" in desk.texts()
        press(desk, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await desk.until(lambda: desk.app.window.compose.draft().prompt == "")
        assert desk.app.window.compose.draft().size == Ratio.R9X16


async def test_undo_among_the_tiles_is_about_what_was_done_last(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate("an oak chair")
        await desk.until_states("saved")
        desk.type_prompt("mine")
        desk.select()
        press(desk, Qt.Key.Key_T)
        press(desk, Qt.Key.Key_P)
        await desk.until(lambda: desk.jobs()[0].picked)
        press(desk, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await desk.until(lambda: not desk.jobs()[0].picked)
        assert prompt(desk).toPlainText() == "an oak chair"
        press(desk, Qt.Key.Key_T)  # they are there already: nothing was done by it
        assert "has them already" in desk.texts()


async def test_what_was_taken_is_kept_for_the_next_start(home: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            desk.click("ratio_16x9")
            desk.generate("an oak chair")
            await desk.until_states("saved")
            desk.type_prompt("something else")
            desk.click("ratio_1x1")
            desk.select()
            desk.click("useAllButton")
        async with window(home / "data", server) as desk:
            assert desk.app.window.compose.draft().prompt == "an oak chair"
            assert desk.app.window.compose.draft().size == Ratio.R16X9


async def test_a_press_that_waits_is_not_changed_by_what_is_taken_after_it(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate("an oak chair")
        await desk.until_states("saved")
        desk.app.window.queue.pause_requested.emit()
        desk.click("ratio_16x9")
        desk.select()
        desk.generate("a lamp")
        press(desk, Qt.Key.Key_U)  # the press before has not been looked at yet
        assert desk.app.window.compose.draft().prompt == "an oak chair"
        await desk.until_states("queued", "saved")
        desk.app.window.queue.resume_requested.emit()
        await desk.until_states("saved", "saved")
        last = server.of_kind("submit")[-1].json()
        assert (last["prompt"], last["size"]) == ("a lamp", "16:9")
        assert len(server.of_kind("submit")) == 2


async def test_the_viewer_takes_all_and_its_button_brings_the_hands_to_the_prompt(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate("an oak chair")
        await desk.until_states("saved")
        desk.type_prompt("mine")
        desk.select()
        press(desk, Qt.Key.Key_Space)
        viewer = desk.app.window.viewer
        QTest.keyClick(viewer, Qt.Key.Key_S)
        QTest.keyClick(viewer, Qt.Key.Key_T)
        assert "Prompt taken" in desk.texts()
        assert viewer.isVisible()
        QTest.keyClick(viewer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await desk.until(lambda: prompt(desk).toPlainText() == "mine")
        QTest.keyClick(viewer, Qt.Key.Key_U)
        assert prompt(desk).toPlainText() == "an oak chair"
        assert viewer.isVisible()
        assert viewer.hasFocus()
        QTest.keyClick(viewer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await desk.until(lambda: prompt(desk).toPlainText() == "mine")
        desk.click("viewerUse")
        assert not viewer.isVisible()
        assert prompt(desk).toPlainText() == "an oak chair"
        assert desk.app.window.focusWidget() is prompt(desk)


# Where it came from


def relatives(desk: Desk, name: str) -> list[RelativeTile]:
    return list(desk.find(RelativesRow, name).tiles)


async def test_a_run_stands_together_and_one_walks_through_it(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.downloads = deque([scripts.whole_file(picture(160, 90))])
        desk.find(QSpinBox, "copiesSpin").setValue(3)
        desk.generate("an oak chair")
        await desk.until_states("saved", "saved", "saved")
        desk.select(1)
        await desk.until(lambda: len(relatives(desk, "relativesRun")) == 3)
        assert "Run of 3" in desk.texts()
        await desk.until(lambda: not any(tile.image.isNull() for tile in relatives(desk, "relativesRun")))
        QTest.mouseClick(relatives(desk, "relativesRun")[2], Qt.MouseButton.LeftButton)
        newest = desk.jobs()[0].id
        await desk.until(lambda: desk.app.window.details.job is not None)
        await desk.until(lambda: desk.app.window.details.job.id == newest)  # type: ignore[union-attr]
        assert desk.app.window.gallery.view.selected_seqs() == (desk.jobs()[0].seq,)


async def test_a_picture_leads_to_what_was_made_of_it_wherever_that_is(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.downloads = deque([scripts.whole_file(picture(160, 90))])
        desk.generate("an oak chair")
        await desk.until_states("saved")
        desk.select()
        press(desk, Qt.Key.Key_R)
        await desk.until(lambda: len(desk.app.window.compose.draft().references) == 1)
        desk.generate("the same in ash")
        await desk.until_states("saved", "saved")
        await desk.until(lambda: len(relatives(desk, "relativesLedTo")) == 1)  # told while it is looked at
        made = desk.jobs()[0]
        desk.click("filter_picks")
        await desk.until_states()
        desk.app.window.details.show_job_requested.emit(made.id)
        await desk.until_states("saved", "saved")
        await desk.until(lambda: len(relatives(desk, "relativesCameFrom")) == 1)
        assert relatives(desk, "relativesCameFrom")[0].job == desk.jobs()[1]
        desk.click("use_references")
        assert len(desk.app.window.compose.draft().references) == 1
