"""What the window says by itself about what happened out of sight."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from gptimg_desktop.core.filter import View
from gptimg_desktop.ui.details.preview import Preview
from tests.support.desk import window

if TYPE_CHECKING:
    from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


def key(desk: Desk, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for each in keys:
        QTest.keyClick(desk.app.window.gallery.view, each, modifier)


async def test_a_missing_file_shows_what_is_remembered_and_the_way_to_find_it(tmp_path: Path) -> None:
    async with window(tmp_path) as desk:
        desk.generate()
        await desk.until_states("saved")
        desk.select()
        preview = desk.app.window.details.findChild(Preview)
        assert preview is not None
        await desk.until(lambda: not preview.image.isNull(), "the picture")
        await desk.until(lambda: desk.app.model.thumbnail(desk.jobs()[0].id) is not None, "the tile")
        Path(desk.jobs()[0].images[0].path).unlink()
        desk.app.parts.caring.look_for_missing()
        await desk.until(lambda: "File missing" in desk.texts())
        await desk.until(lambda: not preview.image.isNull(), "what is remembered of it")
        button = desk.find(QAbstractButton, "folderMovedButton")
        assert button.isVisible()


async def test_the_line_of_the_bin_follows_what_is_brought_back(tmp_path: Path) -> None:
    async with window(tmp_path) as desk:
        for prompt in ("a chair", "a table"):
            desk.generate(prompt)
        await desk.until_states("saved", "saved")
    async with window(tmp_path) as desk:  # what an earlier run made is not in hand
        await desk.until_states("saved", "saved")
        desk.select()
        key(desk, Qt.Key.Key_A, modifier=Qt.KeyboardModifier.ControlModifier)
        assert "2 selected" in desk.texts()
        key(desk, Qt.Key.Key_Delete)
        desk.app.window.top_bar.show_view(View.BIN)
        await desk.until(lambda: "2 in the bin" in desk.texts())
        await desk.until(lambda: len(desk.jobs()) == 2)
        desk.select()
        desk.click("restoreButton")
        await desk.until(lambda: "1 in the bin" in desk.texts())
