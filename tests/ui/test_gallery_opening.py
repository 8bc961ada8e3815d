"""What the gallery says before anybody knows what is in the library."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from gptimg_desktop.core.filter import JobFilter
from gptimg_desktop.core.listing import Listing
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.gallery.panel import GalleryPanel
from tests.ui.eyes import text_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_library_that_takes_long_to_open_is_told_until_its_list_is_here(qtbot: QtBot) -> None:
    model = JobListModel()
    panel = GalleryPanel(model)
    qtbot.addWidget(panel)
    panel.show()
    panel.begin_opening()
    assert "Opening" not in text_of(panel)
    qtbot.waitUntil(lambda: "Opening the library…" in text_of(panel))
    model.set_listing(
        Listing(filter=JobFilter(), seqs=array("q"), keys=array("d")), (), asked_at=model.moment
    )
    assert "Your pictures appear here" in text_of(panel)
