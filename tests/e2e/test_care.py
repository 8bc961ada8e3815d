"""The whole program looks after the user's files: import, missing files, files that were moved."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QRadioButton

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.filter import JobFilter, Sort, View
from gptimg_desktop.core.importing import ImportWish
from gptimg_desktop.core.mark import Mark, Marking
from gptimg_desktop.core.progress import Errand
from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.details.wishes import SaveAs
from gptimg_desktop.ui.gallery.model import Role
from gptimg_desktop.ui.viewer.passing_word import PassingWord
from tests.support.desk import Desk, window
from tests.support.scripted_server import answer, hold, picture, scripted_server, whole_file
from tests.unit.library.pictures import png

pytestmark = pytest.mark.anyio


def stock(folder: Path, count: int) -> Path:
    """A folder of pictures, the first of them the oldest."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        path = folder / f"chair {number}.png"
        path.write_bytes(png(40, 40 + number))
        os.utime(path, (1_700_000_000 + number,) * 2)
    return folder


async def imported(desk: Desk, folder: Path, count: int, *, copies: bool = False) -> None:
    desk.app.parts.caring.import_(ImportWish(paths=(str(folder),), are_copied=copies))
    await desk.until(lambda: len(desk.jobs()) == count, f"{count} tiles")


def missing(desk: Desk) -> list[str]:
    return [job.request.prompt for job in desk.jobs() if job.images[0].is_missing]


async def test_a_folder_becomes_tiles_the_newest_first(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 12)
    async with window(tmp_path / "home") as desk:
        desk.app.parts.caring.offer((str(source),))
        dialog = desk.find(QDialog, "importDialog")
        assert dialog.isVisible()
        desk.find(QRadioButton, "importLeave").click()
        desk.click("importGo")
        await desk.until(lambda: "12 images were imported." in desk.texts())
        await desk.until(lambda: len(desk.jobs()) == 12)
        assert [job.request.prompt for job in desk.jobs()] == [f"chair {11 - number}" for number in range(12)]
        assert desk.states() == ["saved"] * 12
        assert {os.path.dirname(job.images[0].path) for job in desk.jobs()} == {str(source)}  # noqa: PTH120
        assert "today $0.00" in desk.texts()


async def test_it_is_all_there_after_a_restart(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 3)
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 3, copies=True)
    async with window(tmp_path / "home") as desk:
        await desk.until_states("saved", "saved", "saved")
        assert missing(desk) == []


async def test_files_dropped_on_the_gallery_are_offered_for_import(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 2)
    async with window(tmp_path / "home") as desk:
        ground = desk.app.window.gallery
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in sorted(source.iterdir())])
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(60, 60), copy, mime, left, none)
        QApplication.sendEvent(ground, enter)
        assert enter.isAccepted()
        assert "Drop to import into the library" in desk.texts()
        drop = QDropEvent(QPointF(60, 60), copy, mime, left, none)
        QApplication.sendEvent(ground, drop)
        assert drop.isAccepted()
        assert "Drop to import into the library" not in desk.texts()
        assert "Import 2 files and folders" in desk.texts()
        desk.click("importGo")
        await desk.until(lambda: len(desk.jobs()) == 2)
        folder = tmp_path / "home" / "images" / "Imported"
        assert len(list(folder.rglob("*.png"))) == 2
        again = QDragEnterEvent(QPoint(60, 60), copy, mime, left, none)
        QApplication.sendEvent(desk.app.window.gallery.view.viewport(), again)
        assert again.isAccepted(), "above tiles as well as above an empty gallery"


async def test_bad_files_are_listed_and_stop_nothing(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 2)
    (source / "broken.png").write_bytes(png()[:60])
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 2)
        await desk.until(lambda: "1 could not be imported." in desk.texts())
        desk.click("progressMore")
        assert "“broken.png” is damaged, or not all of it is there." in desk.texts()
        desk.find(QDialog, "leftOutDialog").close()


async def test_cancel_keeps_what_was_imported(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 300)
    async with window(tmp_path / "home") as desk:
        desk.app.parts.caring.import_(ImportWish(paths=(str(source),), are_copied=True))
        await desk.until(lambda: len(desk.jobs()) >= 20)
        desk.app.window.progress.cancel_requested.emit(Errand.IMPORT)
        await desk.until(lambda: "Cancelled." in desk.texts())
        assert 20 <= len(desk.states()) < 300
        kept = len(list((tmp_path / "home" / "images").rglob("*.png")))
    async with window(tmp_path / "home") as desk:
        await desk.until(lambda: len(desk.states()) == kept, f"{kept} tiles")
        assert not list((tmp_path / "home" / "images").rglob(".*"))


async def test_closing_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 300)
    async with window(tmp_path / "home") as desk:
        desk.app.parts.caring.import_(ImportWish(paths=(str(source),), are_copied=True))
        await desk.until(lambda: len(desk.jobs()) >= 20)
    kept = len(list((tmp_path / "home" / "images").rglob("*.png")))
    assert 20 <= kept < 300
    async with window(tmp_path / "home") as desk:
        await desk.until(lambda: len(desk.states()) == kept, f"{kept} tiles")
        await imported(desk, source, 300, copies=True)
        assert len(list((tmp_path / "home" / "images").rglob("*.png"))) == 300


@pytest.mark.row(87)
async def test_missing_files_are_told_and_found_where_they_were_moved(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 4)
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 4)
        source.rename(tmp_path / "moved")
        desk.app.parts.caring.look_for_missing()
        await desk.until(lambda: "4 files are missing." in desk.texts())
        await desk.until(lambda: len(missing(desk)) == 4)
        desk.app.parts.caring.relink(str(tmp_path / "moved"))
        await desk.until(lambda: "4 of 4 missing files were found there." in desk.texts())
        await desk.until(lambda: missing(desk) == [])
        assert all(job.images[0].path.startswith(str(tmp_path / "moved")) for job in desk.jobs())


async def test_a_file_that_came_back_is_seen(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 2)
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 2)
        (source / "chair 1.png").rename(tmp_path / "away.png")
        desk.app.parts.caring.look_for_missing()
        await desk.until(lambda: missing(desk) == ["chair 1"])
        (tmp_path / "away.png").rename(source / "chair 1.png")
        desk.app.parts.caring.look_for_missing()
        await desk.until(lambda: missing(desk) == [])
        assert "No file is missing. 1 is there again." in desk.texts()


async def test_thumbnails_are_rebuilt(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 5)
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 5)
        desk.app.parts.caring.rebuild_thumbnails()
        await desk.until(lambda: "Thumbnails are rebuilt." in desk.texts())


async def test_a_mark_after_a_folder_was_moved_leaves_the_new_place_alone(home: Path) -> None:
    """The queue made the picture in this session, and knew it where it was then."""
    async with scripted_server() as server, window(home / "data", server) as desk:
        desk.generate()
        await desk.until_states("saved")
        (old,) = (Path(image.path) for image in desk.jobs()[0].images)
        (home / "moved").mkdir()
        old.rename(home / "moved" / old.name)
        desk.app.parts.caring.look_for_missing()
        await desk.until(lambda: len(missing(desk)) == 1)
        desk.app.parts.marks.mark(Marking(seqs=(desk.jobs()[0].seq,), mark=Mark.REJECTED))
        await desk.until(lambda: desk.jobs()[0].rejected)
        assert len(missing(desk)) == 1
        desk.app.parts.caring.relink(str(home / "moved"))
        await desk.until(lambda: missing(desk) == [])
        desk.app.parts.marks.mark(Marking(seqs=(desk.jobs()[0].seq,), mark=Mark.PICKED))
        await desk.until(lambda: desk.jobs()[0].picked)
        assert desk.jobs()[0].images[0].path == str(home / "moved" / old.name)
        assert missing(desk) == []


async def test_what_is_rebuilt_reaches_the_tiles(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 2)
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 2)
        model, (newest, oldest) = desk.app.model, desk.jobs()
        await desk.until(lambda: model.thumbnail(newest.id) is not None, "its picture")
        problem = Problem.of(ProblemKind.IMAGE_NOT_SHOWN, path=oldest.images[0].path)
        model.set_thumbnail_problem(oldest.id, problem)
        before = model.thumbnail(newest.id)
        assert before is not None
        desk.app.parts.caring.rebuild_thumbnails()
        await desk.until(lambda: "Thumbnails are rebuilt." in desk.texts())

        def is_new() -> bool:
            after = model.thumbnail(newest.id)
            return after is not None and after.cacheKey() != before.cacheKey()

        await desk.until(is_new, "the new picture")
        index = model.index_of(oldest.id)
        await desk.until(lambda: index.data(Role.UNSEEN) is None, "no problem any more")


async def test_missing_files_are_led_to_where_tiles_show_them(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 2)
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 2)
        top_bar, caring = desk.app.window.top_bar, desk.app.parts.caring
        shown = JobFilter(sort=Sort.SIZE, reverse=True, view=View.PICKS)
        top_bar.set_filter(shown)
        caring.show_more(Errand.LOOK_FOR_FILES)
        assert top_bar.filter == JobFilter(sort=Sort.SIZE, reverse=True, text="is:missing")
        top_bar.set_filter(JobFilter())
        await desk.until(lambda: len(desk.jobs()) == 2)
        (source / "chair 0.png").unlink()
        caring.look_for_missing()
        await desk.until(lambda: "1 file is missing." in desk.texts())
        assert "Show them" in desk.texts()
        desk.app.parts.marks.mark(Marking(seqs=(desk.jobs()[1].seq,), mark=Mark.BINNED))
        await desk.until(lambda: len(desk.jobs()) == 1)
        caring.look_for_missing()
        await desk.until(lambda: "1 file is missing. It lies in the bin." in desk.texts())
        assert "Show them" not in desk.texts()


async def test_what_is_said_of_missing_files_follows_what_the_quiet_looks_find(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 3)
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 3)
        for number in range(2):
            (source / f"chair {number}.png").rename(tmp_path / f"{number}.png")
        caring = desk.app.parts.caring
        caring.look_for_missing()
        await desk.until(lambda: "2 files are missing." in desk.texts())
        for number, told in enumerate(("1 file is missing. 1 is there again.", "No file is missing. 2 are")):
            (tmp_path / f"{number}.png").rename(source / f"chair {number}.png")
            await caring._look_at_jobs(tuple(job.seq for job in desk.jobs()))
            await desk.until(lambda told=told: told in desk.texts(), told)  # type: ignore[misc]
        assert "2 files are missing." not in desk.texts()


async def test_what_was_dismissed_does_not_come_back(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 2)
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 2)
        (source / "chair 1.png").rename(tmp_path / "away.png")
        caring = desk.app.parts.caring
        caring.look_for_missing()
        await desk.until(lambda: "1 file is missing." in desk.texts())
        desk.click("progressCancel")
        (tmp_path / "away.png").rename(source / "chair 1.png")
        await caring._look_at_jobs(tuple(job.seq for job in desk.jobs()))
        await desk.until(lambda: missing(desk) == [])
        await caring._tell_what_is_missing_now()
        assert "missing" not in desk.texts()


def changed(desk: Desk) -> list[str]:
    return [job.request.prompt for job in desk.jobs() if job.images[0].is_changed]


def turn_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.row(87)
async def test_a_picture_that_was_changed_is_told_where_it_is_opened(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 2)
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 2)
        newest = desk.jobs()[0]
        turn_a_bit(source / "chair 1.png")
        desk.select(0)
        await desk.until(lambda: changed(desk) == ["chair 1"])
        assert "has been changed since it was saved" in desk.texts()
        spoken = desk.app.model.index_of(newest.id).data(Qt.ItemDataRole.AccessibleTextRole)
        assert "file changed since it was saved" in spoken
        desk.select(1)
        await desk.until(lambda: "has been changed since it was saved" not in desk.texts())
        desk.app.window.viewer.open_at(newest.id)
        await desk.until(lambda: "has been changed since it was saved" in desk.texts())
        desk.app.window.viewer.leave()


@pytest.mark.row(87)
async def test_a_changed_picture_is_saved_and_sent_as_it_is_and_that_is_said(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 2)
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 2)
        told = "“chair 1.png” has been changed since it was saved; it was taken as it is now."
        path = source / "chair 1.png"
        path.write_bytes(png(99, 99))
        desk.app.parts.errands.save_as(SaveAs(source=str(path), target=str(tmp_path / "copy.png")))
        await desk.until(lambda: told in desk.texts())
        assert (tmp_path / "copy.png").read_bytes() == path.read_bytes() == png(99, 99)
        await desk.until(lambda: changed(desk) == ["chair 1"], "the tile that says so")
        desk.app.window.status.set_message("")
        desk.app.parts.reuse.use_as_references((desk.jobs()[0].seq,))
        await desk.until(lambda: told in desk.texts())
        await desk.until(lambda: len(desk.app.window.compose.draft().references) == 1, "the reference")


@pytest.mark.row(87)
async def test_the_viewer_leads_to_a_picture_whose_folder_was_moved(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 2)
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 2)
        source.rename(tmp_path / "moved")
        viewer = desk.app.window.viewer
        viewer.open_at(desk.jobs()[0].id)
        await desk.until(lambda: "not where it was saved" in desk.texts())
        desk.click("viewerFolderMoved")
        dialog = desk.find(QFileDialog, "movedFolderDialog")
        dialog.fileSelected.emit(str(tmp_path / "moved"))
        dialog.close()
        await desk.until(lambda: "not where it was saved" not in desk.texts(), "the picture")
        word = desk.find(PassingWord, "viewerWord")
        await desk.until(lambda: word.text == "2 of 2 missing files were found there.", "how it ended")
        assert viewer.isVisible()
        viewer.leave()


async def test_a_missing_file_is_no_reference_and_that_is_said(tmp_path: Path) -> None:
    source = stock(tmp_path / "source", 20)
    async with window(tmp_path / "home") as desk:
        await imported(desk, source, 20)
        for number in range(2, 20):
            (source / f"chair {number}.png").unlink()
        desk.app.parts.caring.look_for_missing()
        await desk.until(lambda: len(missing(desk)) == 18)
        seqs = tuple(job.seq for job in desk.jobs())
        desk.app.parts.reuse.use_as_references(seqs[:18])
        await desk.until(lambda: "The picture's file is not where it was saved" in desk.texts())
        assert not desk.app.window.compose.draft().references
        desk.app.parts.reuse.use_as_references(seqs)
        await desk.until(lambda: len(desk.app.window.compose.draft().references) == 2, "those that are there")


@pytest.mark.row(87)
async def test_a_deleted_file_is_fetched_again_for_nothing(tmp_path: Path) -> None:
    content, may_go = picture(160, 90), asyncio.Event()
    async with scripted_server() as server, window(tmp_path / "home", server) as desk:
        server.downloads = deque([whole_file(content)])
        desk.generate()
        await desk.until(lambda: desk.states() == ["saved"])
        path = Path(desk.jobs()[0].images[0].path)
        desk.select(0)
        assert not desk.find(QAbstractButton, "fetchAgainButton").isVisible()
        path.unlink()
        desk.app.parts.caring.look_for_missing()
        await desk.until(lambda: "1 file is missing." in desk.texts())
        button = desk.find(ActionButton, "fetchAgainButton")
        await desk.until(button.isVisible, "the button")
        server.downloads = deque([answer(403, b"<Error/>"), hold(may_go, whole_file(content))])
        desk.click("fetchAgainButton")
        await desk.until(lambda: "The link gives the picture no more" in desk.texts())
        assert button.words == "Fetch the file again (free)"
        desk.click("fetchAgainButton")
        assert button.words == "Fetching…"
        may_go.set()
        await desk.until(lambda: missing(desk) == [], "the file")
        await desk.until(lambda: "No file is missing. 1 is there again." in desk.texts())
        assert path.read_bytes() == content
        assert not button.isVisible()
        assert "not where it was saved" not in desk.texts()
        assert "The link gives the picture no more" not in desk.texts()
        await desk.until(lambda: desk.app.model.thumbnail(desk.jobs()[0].id) is not None, "the picture")
        assert len(server.of_kind("submit")) == 1
