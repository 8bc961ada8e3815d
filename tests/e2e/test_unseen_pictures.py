"""Pictures that are saved and cannot be shown, or came damaged: the tile says so, and goes with the truth."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.ui.details.preview import Preview
from gptimg_desktop.ui.gallery.model import Role
from tests.faults.test_download_rows import GOOD, HALF, flipped
from tests.support import scripted_server as scripts
from tests.support.desk import Desk, window
from tests.support.scripted_server import scripted_server

if TYPE_CHECKING:
    from gptimg_desktop.core.errors import Problem

pytestmark = pytest.mark.anyio


def unseen(desk: Desk) -> ProblemKind | None:
    """Why the tile shows no picture."""
    problem: Problem | None = desk.app.model.index(0).data(Role.UNSEEN)
    return None if problem is None else problem.kind


def said(desk: Desk) -> str:
    """What the tile tells a screen reader."""
    return str(desk.app.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole))


def thumbnail(desk: Desk) -> object:
    return desk.app.model.index(0).data(Role.THUMBNAIL)


async def test_a_tile_says_that_its_file_is_missing_until_it_is_back(home: Path) -> None:
    async with scripted_server() as server:
        async with window(home / "data", server) as desk:
            desk.generate()
            await desk.until_states("saved")
            path = Path(desk.jobs()[0].images[0].path)
        aside = path.rename(path.with_name("aside"))
        (home / "data" / "thumbnails.sqlite3").unlink(missing_ok=True)
        async with window(home / "data", server) as desk:
            await desk.until(lambda: unseen(desk) is ProblemKind.IMAGE_FILE_MISSING)
            assert "file missing" in said(desk)
            aside.rename(path)
            desk.select()
            await desk.until(lambda: thumbnail(desk) is not None)
            assert unseen(desk) is None
            assert "file missing" not in said(desk)


@pytest.mark.row(61)
@pytest.mark.parametrize(("content", "is_seen"), [(flipped(GOOD), False), (HALF, True)])
async def test_a_tile_says_that_its_picture_came_damaged(
    home: Path, content: bytes, *, is_seen: bool
) -> None:
    async with scripted_server() as server, window(home / "data", server) as desk:
        server.downloads = deque([scripts.whole_file(content)])
        desk.generate()
        await desk.until_states("saved")
        assert desk.jobs()[0].images[0].path.endswith(".damaged")
        await desk.until(lambda: thumbnail(desk) or unseen(desk))
        assert (thumbnail(desk) is not None) is is_seen
        assert "came damaged" in said(desk)
        assert "file damaged" not in said(desk)
        desk.select()
        await desk.until(lambda: "The service delivered a damaged file" in desk.texts())
        preview = desk.app.window.details.findChild(Preview)
        assert isinstance(preview, Preview)
        await desk.until(lambda: not preview.image.isNull() or unseen(desk))
        assert "cannot be read as a picture any more" not in desk.texts()
