"""Searching in the whole program: what stands in the field when the last key is up is what is shown."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.support.desk import Desk, window
from tests.support.seeded import Wishes, seed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


def search(desk: Desk) -> QLineEdit:
    return desk.find(QLineEdit, "searchEdit")


async def until_rows(desk: Desk, count: int) -> None:
    await desk.until(
        lambda: desk.app.model.is_settled and desk.app.model.rowCount() == count, f"{count} rows"
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    seed(tmp_path / "data", Wishes(jobs=300, has_thumbnails=False))
    return tmp_path / "data"


async def test_the_last_key_counts_however_fast_they_come(data: Path) -> None:
    async with window(data) as desk:
        await desk.until(lambda: desk.app.model.is_settled and desk.app.model.rowCount() > 200)
        everything = desk.app.model.rowCount()
        for pause in (None, 0.0, 0.003):
            for letter in "oak -chair tier:4k":
                QTest.keyClicks(search(desk), letter)
                if pause is not None:
                    await asyncio.sleep(pause)
            await desk.until(
                lambda: desk.app.model.is_settled and desk.app.model.filter.text == search(desk).text()
            )
            assert desk.app.model.rowCount() < everything
            assert all("chair" not in job.request.prompt for job in desk.jobs())
            search(desk).clear()
            await until_rows(desk, everything)


async def test_a_search_without_a_hit_is_cleared_by_its_button(data: Path) -> None:
    async with window(data) as desk:
        await desk.until(lambda: desk.app.model.is_settled and desk.app.model.rowCount() > 200)
        everything = desk.app.model.rowCount()
        QTest.keyClicks(search(desk), "zzzz")
        await until_rows(desk, 0)
        assert "“zzzz”" in desk.texts()
        desk.click("emptyClearSearch")
        await until_rows(desk, everything)
        assert search(desk).text() == ""


async def test_escape_leads_from_the_search_to_the_tiles(data: Path) -> None:
    async with window(data) as desk:
        await desk.until(lambda: desk.app.model.is_settled and desk.app.model.rowCount() > 200)
        desk.app.window.top_bar.focus_search()
        for _ in range(2):  # the list of what can follow, then the field
            QTest.keyClick(search(desk), Qt.Key.Key_Escape)
        assert desk.app.window.focusWidget() is desk.app.window.gallery.view
