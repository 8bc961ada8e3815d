"""What was restored, above the gallery, until the user has read it: nothing is sent before that."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.core.restored import RestoreCause, Restored
from gptimg_desktop.ui.details.facts import moment
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Callable


class RestoredPanel(QWidget):
    """Hidden until `show_restored`. `seen` comes when the user has read it and lets the queue go on."""

    seen = Signal()
    show_unconfirmed_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("restoredPanel")
        self._task_ids = ""
        card = QFrame(self)
        card.setProperty("role", "card")
        self._title = PlainLabel(parent=card)
        self._title.setProperty("role", "heading")
        self._asks = PlainLabel(parent=card)
        self._asks.setObjectName("restoredAsks")
        self._text = PlainLabel(parent=card)
        self._text.setProperty("role", "muted")
        self._text.setObjectName("restoredText")
        self._show = self._button("restoredShow", self.tr("Show what needs you"), self._show_unconfirmed)
        self._copy = self._button("restoredCopy", self.tr("Copy task ids"), self._copy_task_ids)
        self._go_on = self._button("restoredGoOn", self.tr("I have read it. Go on"), self._was_seen)
        self._go_on.setProperty("role", "primary")
        self._lay_out(card)
        self.hide()

    def show_restored(self, restored: Restored | None) -> None:
        """Tell what was restored; None where that is not known any more."""
        self._title.say(_title(self, restored))
        self._asks.say(_asks(self, restored))
        self._text.say("\n".join(f"·  {line}" for line in _lines(self, restored)) if restored else "")
        self._text.setVisible(restored is not None)
        self._task_ids = "\n".join(restored.task_ids) if restored else ""
        self._show.setVisible(restored is None or restored.doubted > 0)
        self._copy.setVisible(bool(self._task_ids))
        self._go_on.setEnabled(True)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self._asks, QAccessible.Event.Alert))

    def put_away(self) -> None:
        """It is noted that the user has read it."""
        self.hide()

    def ask_again(self) -> None:
        """It could not be noted: the button can be pressed once more."""
        self._go_on.setEnabled(True)

    def _button(self, name: str, text: str, wish: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.clicked.connect(wish)
        return button

    def _lay_out(self, card: QFrame) -> None:
        head = QHBoxLayout()
        head.setSpacing(UNIT)
        head.addWidget(IconLabel("archive-restore", "accent", parent=card), 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self._title, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(UNIT)
        buttons.addStretch(1)
        for button in (self._show, self._copy, self._go_on):
            buttons.addWidget(button)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(2 * UNIT - 4, UNIT + 4, 2 * UNIT - 4, UNIT + 4)
        inside.setSpacing(UNIT)
        inside.addLayout(head)
        inside.addWidget(self._asks)
        inside.addWidget(self._text)
        inside.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT, UNIT, 0)
        column.addWidget(card)

    def _was_seen(self) -> None:
        self._go_on.setEnabled(False)
        self.seen.emit()

    def _show_unconfirmed(self) -> None:
        self.show_unconfirmed_requested.emit()

    def _copy_task_ids(self) -> None:
        QGuiApplication.clipboard().setText(self._task_ids)


def _title(panel: QWidget, restored: Restored | None) -> str:
    if restored is None:
        return panel.tr("The library was restored.")
    return {
        RestoreCause.DAMAGED: panel.tr("The library was damaged and has been restored."),
        RestoreCause.EMPTY: panel.tr("The library's file was empty. The library has been restored."),
        RestoreCause.MISSING: panel.tr("The library's file was gone. The library has been restored."),
        RestoreCause.OLDER: panel.tr("This library is older than what this program last wrote."),
        RestoreCause.ASKED: panel.tr("The library went back to the backup that you chose."),
    }[restored.cause]


def _asks(panel: QWidget, restored: Restored | None) -> str:
    """What the user has to do, before anything that is good to know."""
    held = panel.tr("Nothing is sent until you let it go on.")
    if restored is None or not restored.doubted:
        return held
    asking = panel.tr("{count} jobs waited in it and may have been sent since: each of them asks you first.")
    if restored.doubted == 1:
        asking = panel.tr("One job waited in it and may have been sent since: it asks you first.")
    return f"{asking.format(count=QLocale().toString(restored.doubted))} {held}"


def _lines(panel: QWidget, restored: Restored) -> list[str]:
    """What else there is to know; what did not happen is not told."""
    counted = (
        (
            len(restored.task_ids),
            panel.tr("One paid task has no job any more; the service's support finds it by its id."),
            panel.tr(
                "{count} paid tasks have no job any more; the service's support finds them by their ids."
            ),
        ),
        (
            restored.followed,
            panel.tr("One paid task is followed by its id."),
            panel.tr("{count} paid tasks are followed by their ids."),
        ),
        (
            restored.read_back,
            panel.tr("One job was read back from the file that was replaced."),
            panel.tr("{count} jobs were read back from the file that was replaced."),
        ),
        (
            restored.found,
            panel.tr("One job found its picture on the disk."),
            panel.tr("{count} jobs found their pictures on the disk."),
        ),
        (
            restored.adopted,
            panel.tr("One picture on the disk had no job and is in the gallery again."),
            panel.tr("{count} pictures on the disk had no job and are in the gallery again."),
        ),
        (
            restored.left_out,
            panel.tr("One picture that was imported since is not in the gallery; its file is where it was."),
            panel.tr(
                "{count} pictures that were imported since are not in the gallery; their files are where "
                "they were."
            ),
        ),
    )
    told = [
        (one if count == 1 else many).format(count=QLocale().toString(count))
        for count, one, many in counted
        if count
    ]
    return [_begun(panel, restored), *told, *_rest(panel, restored)]


def _begun(panel: QWidget, restored: Restored) -> str:
    if restored.backup_at is not None:
        return panel.tr("Restored from the backup of {when}.").format(when=moment(restored.backup_at))
    if restored.cause is RestoreCause.OLDER:
        return panel.tr("Another file was put in its place, or its newest part is lost.")
    return panel.tr("There was no good backup to restore it from.")


def _rest(panel: QWidget, restored: Restored) -> list[str]:
    missing = panel.tr(
        "What was generated after that may be missing, unless its picture or its task id was found."
    )
    kept = panel.tr("The former file is kept beside the new one: {name}")
    aside = kept.format(name=PurePath(restored.set_aside).name)
    is_lossless = restored.cause is RestoreCause.ASKED
    return [*([] if is_lossless else [missing]), *([aside] if restored.set_aside else [])]
