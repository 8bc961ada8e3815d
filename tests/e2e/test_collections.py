"""Collections in the real window: tiles put into them by keys, new runs that go there, a filter, and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from gptimg_desktop.ui.collections.bar import CollectionBar
from gptimg_desktop.ui.collections.chip import CollectionChip
from tests.support.desk import window
from tests.support.scripted_server import scripted_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.desk import Desk

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),  # popups, offscreen
]


def chips(desk: Desk) -> list[str]:
    """The texts of the chips in their order."""
    bar = desk.find(CollectionBar, "collectionBar")
    found = [chip for chip in bar.findChildren(CollectionChip) if chip.isVisible()]
    return [chip.text() for chip in sorted(found, key=lambda chip: chip.x())]


def prompts(desk: Desk) -> list[str]:
    return [job.request.prompt for job in desk.jobs()]


async def made(desk: Desk, *names: str) -> None:
    """Pictures by these prompts, the last one newest."""
    for count, name in enumerate(names, 1):
        desk.generate(name)
        await desk.until_states(*["saved"] * count)


def gather(desk: Desk, name: str) -> None:
    """The key for a collection, a name, Enter."""
    view = desk.app.window.gallery.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_C)
    field = desk.find(QLineEdit, "collectionListSearch")
    assert field.isVisible()
    field.setText(name)
    QTest.keyClick(field, Qt.Key.Key_Return)


async def test_a_tile_goes_into_a_new_collection_and_out_again_by_keys(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        assert not desk.find(CollectionBar, "collectionBar").isVisible()
        await made(desk, "an oak chair", "a table")
        desk.select(1)
        gather(desk, "Chairs")
        await desk.until(lambda: chips(desk) == ["Chairs  1"], "the chip")
        desk.select(0)
        gather(desk, "chairs")
        await desk.until(lambda: chips(desk) == ["Chairs  2"], "the second one in it")

        QTest.keyClick(desk.app.window.gallery.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await desk.until(lambda: chips(desk) == ["Chairs  1"], "one step back")

        desk.click("collection_1")
        await desk.until(lambda: prompts(desk) == ["an oak chair"], "the collection alone")
        desk.click("collection_1")
        await desk.until(lambda: prompts(desk) == ["a table", "an oak chair"], "everything again")


async def test_new_runs_go_into_the_current_collection(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        bar = desk.find(CollectionBar, "collectionBar")
        bar.begin_naming()
        QTest.keyClicks(desk.find(QLineEdit, "collectionName"), "Chairs")
        QTest.keyClick(desk.find(QLineEdit, "collectionName"), Qt.Key.Key_Return)
        await desk.until(lambda: chips(desk) == ["Chairs  0"], "the chip")
        bar.current_requested.emit(1)
        await made(desk, "an oak chair")
        await desk.until(lambda: chips(desk) == ["Chairs  1"], "the new picture in it")

        desk.click("collection_1")
        await desk.until(lambda: prompts(desk) == ["an oak chair"], "the collection alone")
        desk.generate("a second chair")
        await desk.until(lambda: prompts(desk) == ["a second chair", "an oak chair"], "it comes here too")
        await desk.until_states("saved", "saved")


async def test_a_collection_that_is_removed_leaves_its_pictures_and_can_come_back(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await made(desk, "an oak chair", "a table")
        desk.select(1)
        gather(desk, "Chairs")
        await desk.until(lambda: chips(desk) == ["Chairs  1"], "the chip")
        desk.click("collection_1")
        await desk.until(lambda: len(desk.jobs()) == 1, "the collection alone")

        QTest.keyClick(desk.find(CollectionChip, "collection_1"), Qt.Key.Key_Delete)
        await desk.until(lambda: len(desk.jobs()) == 2, "both are there again")
        assert chips(desk) == []
        assert "“Chairs” removed" in desk.texts()
        desk.click("collectionUndo")
        await desk.until(lambda: chips(desk) == ["Chairs  1"], "it is back")


def undo(desk: Desk) -> None:
    QTest.keyClick(desk.app.window.gallery.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def current(desk: Desk) -> list[str]:
    bar = desk.find(CollectionBar, "collectionBar")
    found = [chip.collection for chip in bar.findChildren(CollectionChip) if chip.isVisible()]
    return [each.name for each in found if each.is_current]


async def test_where_new_pictures_go_is_said_and_can_be_undone(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await made(desk, "an oak chair", "a table")
        for row, name in enumerate(("Tables", "Chairs")):
            desk.select(row)
            gather(desk, name)
            await desk.until(lambda name=name: f"{name}  1" in chips(desk), "the chip")  # type: ignore[misc]
        bar = desk.find(CollectionBar, "collectionBar")
        bar.current_requested.emit(1)
        await desk.until(lambda: current(desk) == ["Tables"])
        assert "New generations go into “Tables” from now on." in desk.texts()
        bar.current_requested.emit(2)
        await desk.until(lambda: current(desk) == ["Chairs"])
        desk.click("collectionUndo")
        await desk.until(lambda: current(desk) == ["Tables"])
        undo(desk)
        await desk.until(lambda: current(desk) == [])
        assert sorted(chips(desk)) == ["Chairs  1", "Tables  1"]


async def test_a_new_collection_that_has_taken_runs_is_not_undone_with_them(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        await made(desk, "an oak chair")
        desk.select(0)
        gather(desk, "Chairs")
        await desk.until(lambda: chips(desk) == ["Chairs  1"], "the chip")
        await desk.app.engine.collections.make_current(1)
        desk.generate("a second chair")
        await desk.until_states("saved", "saved")
        undo(desk)
        await desk.until(lambda: "“Chairs” stays, since pictures have come into it" in desk.texts())
        await desk.until(lambda: chips(desk) == ["Chairs  2"], "all of it is there")


async def test_a_name_that_is_taken_is_said_where_it_is_typed(home: Path) -> None:
    async with window(home / "data") as desk:
        bar = desk.find(CollectionBar, "collectionBar")
        field = desk.find(QLineEdit, "collectionName")
        for name in ("Chairs", "CHAIRS"):
            bar.begin_naming()
            QTest.keyClicks(field, name)
            QTest.keyClick(field, Qt.Key.Key_Return)
            if name == "Chairs":
                await desk.until(lambda: chips(desk) == ["Chairs  0"], "the chip")
        await desk.until(lambda: bool(field.property("invalid")), "the complaint")

        assert field.isVisible()
        assert "“Chairs” is there already." in desk.texts()
        assert chips(desk) == ["Chairs  0"]


async def test_collections_are_there_after_a_restart(home: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            await made(desk, "an oak chair")
            desk.select()
            gather(desk, "Chairs")
            await desk.until(lambda: chips(desk) == ["Chairs  1"], "the chip")
        async with window(home / "data", server) as desk:
            await desk.until(lambda: chips(desk) == ["Chairs  1"], "the chip")


async def test_after_the_end_nothing_more_is_asked_of_the_library(home: Path) -> None:
    """What is committed at the very end is published still, when the library may be closed already."""
    async with scripted_server() as server, window(home / "data", server) as desk:
        await made(desk, "an oak chair")
        desk.select(0)
        gather(desk, "Chairs")
        await desk.until(lambda: chips(desk) == ["Chairs  1"], "the chip")
        collecting, emptying = desk.app.parts.collecting, desk.app.parts.emptying
        desk.click("filter_bin")
        await desk.until(lambda: not desk.jobs())
        desk.app.parts.stop()
        desk.app.publish(desk.app.engine.queue._ledger.all()[0])
        assert not collecting._pause.isActive()
        assert not emptying._pause.isActive()
