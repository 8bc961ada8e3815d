"""The window tells the truth, and nothing in it costs by accident."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QSpinBox, QWidget

from gptimg_desktop.core.job import JobState
from gptimg_desktop.ui.gallery.model import Role
from tests.support import scripted_server as scripts
from tests.support.desk import Desk, window
from tests.support.scripted_server import scripted_server
from tests.ui.eyes import text_of

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.core.job import Job

pytestmark = pytest.mark.anyio

REFUSED = {"error": {"code": 401, "message": "invalid API key", "type": "authentication_error"}}


@pytest.mark.row(133)
async def test_a_tile_says_saved_only_from_the_committed_row(home: Path) -> None:
    reached, may_commit = asyncio.Event(), asyncio.Event()
    async with scripted_server() as server, window(home / "data", server) as desk:
        store = desk.app.engine.store
        advance = store.advance

        async def slow_disk(before: Job, after: Job, **more: Any) -> Job:
            if after.state is JobState.SAVED:
                reached.set()
                await may_commit.wait()
            return await advance(before, after, **more)

        store.advance = slow_disk  # type: ignore[method-assign]
        desk.generate()
        await reached.wait()
        assert len(list((home / "data" / "images").rglob("[!.]*.png"))) == 1
        desk.select()
        await desk.until_states("ready")
        assert "Saved" not in desk.texts()
        may_commit.set()
        await desk.until_states("saved")
        assert "Saved" in desk.texts()


def notices(desk: Desk) -> list[QWidget]:
    """The lines above the gallery that can be seen."""
    bar = desk.app.window.notices
    found = bar.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [notice for notice in found if notice.isVisible()]


def press_delete(desk: Desk) -> None:
    view = desk.app.window.gallery.view
    QTest.keyClick(view, Qt.Key.Key_Delete)


@pytest.mark.row(135)
async def test_what_was_sent_is_hidden_goes_on_and_is_found_in_the_bin(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.queries = deque([scripts.pending])
        desk.generate()
        await desk.until_states("accepted")
        desk.select()
        press_delete(desk)
        await desk.until_states()
        assert [text_of(notice).count("cannot be taken back") for notice in notices(desk)] == [1]
        assert desk.app.window.findChildren(QDialog) == []
        server.queries = deque([scripts.completed])
        desk.click("filter_bin")
        await desk.until_states("saved")
        assert len(server.accepted) == 1


@pytest.mark.row(135)
async def test_hiding_can_be_undone_where_it_is_told(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.queries = deque([scripts.pending])
        desk.generate()
        await desk.until_states("accepted")
        desk.select()
        press_delete(desk)
        await desk.until_states()
        desk.press_notice("Undo")
        await desk.until_states("accepted")
        assert notices(desk) == []


@pytest.mark.row(135)
async def test_what_was_hidden_and_turns_out_unconfirmed_comes_back_into_sight(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        may_drop = asyncio.Event()

        async def drop_later(exchange: scripts.Exchange) -> None:
            await exchange.read_body()
            exchange.accept()
            await may_drop.wait()
            exchange.abort()

        server.submits = deque([drop_later])
        desk.generate()
        await desk.until_states("sending")
        desk.select()
        press_delete(desk)
        await desk.until_states()
        may_drop.set()
        await desk.until_states("unconfirmed")
        counts = desk.app.window.status.queue_button
        await desk.until(lambda: "1 needs you" in counts.accessibleName())


@pytest.mark.row(137)
async def test_thirty_jobs_with_one_trouble_are_one_notice(home: Path) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.submits = deque([scripts.answer(401, REFUSED)])
        desk.find(QSpinBox, "copiesSpin").setValue(30)
        desk.generate()
        await desk.until(lambda: notices(desk) and desk.states() == ["queued"] * 30)
        assert [text_of(notice).count("did not take the key") for notice in notices(desk)] == [1]
        assert desk.app.window.findChildren(QDialog) == []
        assert len(server.of_kind("submit")) <= desk.app.engine.queue.submits_at_once


@pytest.mark.row(138)
@pytest.mark.parametrize("spoil", ["gone", "unreadable"])
async def test_small_pictures_are_made_anew_and_never_bought_again(home: Path, spoil: str) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            desk.generate()
            await desk.until_states("saved")
            await desk.until(lambda: has_picture(desk))
        small = home / "data" / "thumbnails.sqlite3"
        for file in small.parent.glob("thumbnails.sqlite3*"):
            file.unlink()
        if spoil == "unreadable":
            small.write_bytes(b"no database " * 900)
        asked = len(server.of_kind("query"))
        async with window(home / "data", server) as desk:
            await desk.until_states("saved")
            await desk.until(lambda: has_picture(desk))
        assert len(server.of_kind("query")) == asked
        assert len(server.of_kind("submit")) == len(server.of_kind("download")) == 1


def has_picture(desk: Desk) -> bool:
    model = desk.app.model
    image = model.data(model.index(0, 0), Role.THUMBNAIL)
    return isinstance(image, QImage) and not image.isNull()
