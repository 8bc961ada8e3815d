"""The bin in the real window: nothing leaves it without a word, nothing paid for is lost by it."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from gptimg_desktop.core.bin import KEPT_S
from gptimg_desktop.core.errors import Problem, ProblemKind
from tests.support.desk import window
from tests.support.jobs import new_job
from tests.support.scripted_server import scripted_server
from tests.support.trashes import use_home_trash, use_no_trash

if TYPE_CHECKING:
    from tests.support.desk import Desk
    from tests.support.trashes import HomeTrash

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def trash(home: Path, monkeypatch: pytest.MonkeyPatch) -> HomeTrash:
    return use_home_trash(monkeypatch, home)


def files_of(desk: Desk) -> list[Path]:
    return [Path(image.path) for job in desk.jobs() for image in job.images]


async def made(desk: Desk, *names: str) -> list[Path]:
    """Pictures by these prompts; their files."""
    for count, name in enumerate(names, 1):
        desk.generate(name)
        await desk.until_states(*["saved"] * count)
    return files_of(desk)


async def put_away(desk: Desk, count: int = 1) -> None:
    """The newest tiles go into the bin, which is looked at then."""
    view, left = desk.app.window.gallery.view, len(desk.jobs())
    for number in range(1, count + 1):
        desk.select()
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Delete)
        await desk.until(lambda number=number: len(desk.jobs()) == left - number, "one less")  # type: ignore[misc]
    desk.click("filter_bin")
    await desk.until(lambda: len(desk.jobs()) == count, "the bin")


def question(name: str) -> QMessageBox | None:
    found = [box for box in QApplication.topLevelWidgets() if box.objectName() == name and box.isVisible()]
    return found[0] if found and isinstance(found[0], QMessageBox) else None


async def answer(desk: Desk, name: str, button: str) -> None:
    """Wait for a question, and press one of its buttons."""
    await desk.until(lambda: question(name), f"the question {name}")
    box = question(name)
    assert box is not None
    found = [each for each in box.buttons() if each.objectName() == button]
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def age(home: Path, seconds: float) -> None:
    """Let everything in the bin be there for so long."""
    with closing(sqlite3.connect(home / "data" / "library.sqlite3")) as library, library:
        library.execute("UPDATE job SET binned_at = ? WHERE binned_at IS NOT NULL", (time.time() - seconds,))


async def test_emptying_asks_then_puts_the_files_into_the_trash(home: Path, trash: HomeTrash) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            kept, gone = None, None
            gone, kept = await made(desk, "an oak chair", "a table")
            content = gone.read_bytes()
            assert not desk.find(QWidget, "binBar").isVisible()
            await put_away(desk)
            await desk.until(lambda: "1 in the bin" in desk.texts(), "what is in it")
            assert "Kept for 30 days" in desk.texts()

            desk.click("emptyBin")
            await answer(desk, "clearQuestion", "clearNo")
            assert gone.exists()
            desk.click("emptyBin")
            await answer(desk, "clearQuestion", "clearYes")
            await desk.until(lambda: not desk.jobs(), "the tile is gone")

            assert question("foreverQuestion") is None
            assert trash.origins() == {str(gone): content}
            desk.click("filter_all")
            await desk.until(lambda: files_of(desk) == [kept], "the other one stays")
        async with window(home / "data", server) as desk:
            await desk.until(lambda: files_of(desk) == [kept], "and is there after a restart")


async def test_a_picture_of_a_former_folder_is_ours_to_remove_also_after_a_restart(
    home: Path, trash: HomeTrash
) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            (gone,) = await made(desk, "an oak chair")
            content = gone.read_bytes()
            for name in ("elsewhere", "third"):
                changed = desk.settings.with_pictures_folder(str(home / name))
                desk.app.parts.preferences.change(changed)
            assert desk.settings.former_folders == (str(home / "elsewhere"), str(home / "data" / "images"))
            await put_away(desk)
        async with window(home / "data", server) as desk:
            desk.click("filter_bin")
            await desk.until(lambda: "1 in the bin" in desk.texts(), "what is in it")
            desk.click("emptyBin")
            await answer(desk, "clearQuestion", "clearYes")
            await desk.until(lambda: not desk.jobs(), "the tile is gone")
            assert trash.origins() == {str(gone): content}


async def test_del_in_the_bin_asks_about_the_selected_ones_alone(home: Path, trash: HomeTrash) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await made(desk, "an oak chair", "a table")
        await put_away(desk, 2)
        desk.select(0)
        (first, second) = files_of(desk)
        desk.app.window.gallery.view.setFocus()
        QTest.keyClick(desk.app.window.gallery.view, Qt.Key.Key_Delete)
        await answer(desk, "clearQuestion", "clearYes")
        await desk.until(lambda: files_of(desk) == [second], "one is gone")

        assert list(trash.origins()) == [str(first)]


async def test_without_a_trash_it_asks_again_before_anything_is_deleted(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_no_trash(monkeypatch, home)
    async with scripted_server() as server, window(home / "data", server) as desk:
        (path,) = await made(desk, "an oak chair")
        await put_away(desk)
        await desk.until(lambda: "1 in the bin" in desk.texts(), "what is in it")
        for word in ("clearNo", "clearYes"):
            desk.click("emptyBin")
            await answer(desk, "clearQuestion", "clearYes")
            await desk.until(lambda: question("foreverQuestion"), "the second question")
            assert path.exists()
            assert len(desk.jobs()) == 1
            await answer(desk, "foreverQuestion", word)
        await desk.until(lambda: not desk.jobs(), "the tile is gone")

        assert not path.exists()


async def test_a_start_lets_go_of_what_is_due_and_of_nothing_else(home: Path, trash: HomeTrash) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            kept, path = None, None
            path, kept = await made(desk, "an oak chair", "a table")
            await put_away(desk)
        async with window(home / "data", server) as desk:
            desk.click("filter_bin")
            await desk.until(lambda: files_of(desk) == [path], "it is in the bin")
        age(home, KEPT_S + 60)
        async with window(home / "data", server) as desk:
            await desk.until(lambda: not path.exists(), "it went")
            await desk.until(lambda: "1 picture that was in the bin for 30 days went to" in desk.texts())
            await desk.until(lambda: files_of(desk) == [kept], "the other one stays")

    assert list(trash.origins()) == [str(path)]


async def test_a_start_without_a_trash_deletes_nothing_and_the_bin_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_no_trash(monkeypatch, home)
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            (path,) = await made(desk, "an oak chair")
            await put_away(desk)
        age(home, KEPT_S + 60)
        async with window(home / "data", server) as desk:
            desk.click("filter_bin")
            await desk.until(lambda: "they stay here until you delete them" in desk.texts(), "what is so")
            await desk.until(lambda: files_of(desk) == [path], "it is in the bin")

            assert path.exists()
            assert question("foreverQuestion") is None


async def test_what_left_the_bin_is_not_brought_back_by_an_undo(home: Path, trash: HomeTrash) -> None:
    """Its file is in the trash: a tile for it would have nothing behind it."""
    async with scripted_server() as server, window(home / "data", server) as desk:
        kept, gone = None, None
        gone, kept = await made(desk, "an oak chair", "a table")
        await put_away(desk)
        await desk.until(lambda: "1 in the bin" in desk.texts(), "what is in it")
        desk.click("emptyBin")
        await answer(desk, "clearQuestion", "clearYes")
        await desk.until(lambda: not desk.jobs(), "the tile is gone")
        desk.click("filter_all")
        await desk.until(lambda: files_of(desk) == [kept])
        desk.app.parts.undoing.undo()
        await desk.until(lambda: not desk.app.tasks._tasks, "the undo is done")
        assert files_of(desk) == [kept]
        assert list(trash.origins()) == [str(gone)]


async def test_a_clearing_that_is_stopped_before_its_turn_removes_nothing(
    home: Path, trash: HomeTrash
) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        (path,) = await made(desk, "an oak chair")
        await put_away(desk)
        await desk.until(lambda: "1 in the bin" in desk.texts(), "what is in it")
        emptying = desk.app.parts.emptying
        async with emptying._in_order:  # as the sweep of a start holds it
            desk.click("emptyBin")
            await answer(desk, "clearQuestion", "clearYes")
            await desk.until(lambda: emptying._stops, "it waits for its turn")
            emptying.stop()
        await desk.until(lambda: not emptying._stops, "its turn came")
        assert path.exists()
        assert trash.origins() == {}


async def test_a_file_that_the_user_copied_himself_is_left_to_him(home: Path, trash: HomeTrash) -> None:
    """Our own is gone, and his copy was taken for it."""
    async with scripted_server() as server, window(home / "data", server) as desk:
        (path,) = await made(desk, "an oak chair")
        copied = desk.app.engine.pictures_folder / "Client" / "final.png"
        copied.parent.mkdir()
        copied.write_bytes(path.read_bytes())
        path.unlink()
        desk.app.parts.caring.relink(str(copied.parent))
        await desk.until(lambda: files_of(desk) == [copied], "it is found there")
        await put_away(desk)
        await desk.until(lambda: "1 in the bin" in desk.texts(), "what is in it")
        desk.click("emptyBin")
        await answer(desk, "clearQuestion", "clearYes")
        await desk.until(lambda: not desk.jobs(), "the tile is gone")
        assert copied.exists()
        assert trash.origins() == {}


async def test_an_empty_gallery_tells_where_its_pictures_are(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await made(desk, "an oak chair")
        desk.select()
        view = desk.app.window.gallery.view
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Delete)
        await desk.until(lambda: "All pictures are in the bin" in desk.texts(), "where it is")
        desk.click("filter_bin")
        await desk.until(lambda: "1 in the bin" in desk.texts(), "what is in it")
        desk.click("emptyBin")
        await answer(desk, "clearQuestion", "clearYes")
        await desk.until(lambda: not desk.jobs(), "the tile is gone")
        desk.click("filter_all")
        await desk.until(lambda: "Nothing is here" in desk.texts(), "nothing is there any more")


async def test_a_removed_job_that_is_reopened_has_its_place_again(home: Path) -> None:
    """The details may show it still: what only the user can decide about is never out of sight."""
    doubt = Problem.of(ProblemKind.PROGRAM_ENDED)
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            store = desk.app.engine.store
            (job,) = await store.add((new_job(service=server.url),))
            armed = await store.arm(job, time.time())
            doubted = await store.advance(armed, armed.doubt(doubt))
            await store.advance(doubted, doubted.close(time.time()))
            desk.app.browsing.list_again()
            await desk.until_states("closed")
            await put_away(desk)
            await desk.until(lambda: "1 in the bin" in desk.texts(), "what is in it")
            desk.click("emptyBin")
            await answer(desk, "clearQuestion", "clearYes")
            await desk.until(lambda: not desk.jobs(), "the tile is gone")
            desk.app.engine.queue.reopen(job.id)
            desk.click("filter_all")
            await desk.until_states("unconfirmed")
        async with window(home / "data", server) as desk:
            await desk.until_states("unconfirmed")
            desk.click("filter_bin")
            await desk.until(lambda: not desk.jobs(), "another list")
            desk.click("filter_all")
            await desk.until_states("unconfirmed")
