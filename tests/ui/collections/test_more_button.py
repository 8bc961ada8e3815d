"""The button behind which collections are that have no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from gptimg_desktop.core.collection import Collection, Gathering
from gptimg_desktop.ui.collections.bar import CollectionBar
from gptimg_desktop.ui.collections.chip import CollectionChip
from tests.ui.eyes import heard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

COPY = Qt.DropAction.CopyAction


def test_tiles_held_over_it_bring_hidden_collections_into_sight_for_as_long_as_they_are(
    qtbot: QtBot,
) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    bar = CollectionBar(holder)
    gathered = heard(bar.gather_requested)
    bar.set_collections(tuple(Collection(number=n, name=f"Posters number {n}", count=n) for n in range(1, 9)))
    bar.resize(420, 40)
    holder.resize(420, 40)
    holder.show()
    last = bar.findChild(CollectionChip, "collection_8")
    more = bar.findChild(QWidget, "moreCollections")
    assert isinstance(last, CollectionChip)
    assert isinstance(more, QWidget)
    assert not last.isVisible()
    drag = QDrag(holder)
    jobs = QMimeData()
    jobs.setData("application/x-gptimg-jobs", b"[3, 4]")
    around = (COPY, jobs, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter, fall = QDragEnterEvent(QPoint(2, 2), *around), QDropEvent(QPointF(2, 2), *around)
    for event in (enter, fall):
        setattr(event, "source", lambda: holder)  # noqa: B010 - a test's drag has none by itself
    more.dragEnterEvent(enter)
    qtbot.waitUntil(last.isVisible)
    more.dragLeaveEvent(QDragLeaveEvent())
    last.dropEvent(fall)
    assert gathered == [Gathering(seqs=(3, 4), number=8)]
    more.dragEnterEvent(enter)
    more.dragLeaveEvent(QDragLeaveEvent())
    drag.deleteLater()  # as Qt does once it is over, wherever that was
    qtbot.waitUntil(lambda: not last.isVisible())
    first = bar.findChild(CollectionChip, "collection_1")
    assert isinstance(first, CollectionChip)
    assert first.isVisible()
