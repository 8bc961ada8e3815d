"""How far long errands have come, above the gallery, each with its way out."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.core.progress import Errand, Progress
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.notice_area import Teller, Told, Weight
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

PATIENCE_MS: Final = 400
"""What is over sooner is not worth moving the gallery for; only how it ended is told."""
TOLD_MS: Final = 20_000
"""How long it is told how an errand ended."""
_ICONS: Final = {
    Errand.IMPORT: "image-plus",
    Errand.LOOK_FOR_FILES: "search",
    Errand.RELINK: "folder-open",
    Errand.THUMBNAILS: "images",
    Errand.EMPTY_BIN: "trash-2",
    Errand.BACK_UP: "save",
    Errand.RESTORE: "archive-restore",
}
_SOON_UNTRUE: Final = frozenset({Errand.LOOK_FOR_FILES, Errand.RELINK})
"""What is told of them may be true no more when another errand has ended."""


class ProgressStrip(Teller):
    """One line for one errand, hidden while there is none. `cancel_requested` comes once for each press of a
    button; the line stays until `finish` says that the errand has ended."""

    cancel_requested = Signal(object)  # Errand
    more_requested = Signal(object)  # Errand: the user wants to read what else there is to say

    def __init__(self, parent: QWidget | None = None) -> None:
        self._lines: dict[Errand, _Line] = {}
        super().__init__(parent)
        self.setObjectName("progressStrip")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, UNIT, 0, 0)
        self._column.setSpacing(UNIT)
        self.hide()

    def show_progress(self, progress: Progress) -> None:
        """An errand has begun, or has come this far."""
        line = self._lines.get(progress.errand)
        if line is None or line.is_over:
            self._drop(progress.errand)
            line = self._make(progress.errand)
        line.show_progress(progress)

    def finish(self, errand: Errand, text: str = "", *, more: str = "", is_trouble: bool = False) -> None:
        """An errand has ended. `text` says how and is shown for a while, with a button named `more` where
        there is more to read; nothing is left where it is empty. Trouble stays until it was seen."""
        if not text:
            self._drop(errand)
            return
        for other in [each for each, line in self._lines.items() if line.is_over and each is not errand]:
            if other in _SOON_UNTRUE or not self._lines[other].is_trouble:
                self._drop(other)
        line = self._lines.get(errand) or self._make(errand)
        line.finish(text, more=more, is_trouble=is_trouble)

    def told(self) -> list[Told]:
        """The lines from top to bottom; how well something went weighs least."""
        return [
            Told(
                card=line,
                weight=Weight.TOLD if line.is_over and not line.is_trouble else Weight.DEED,
                text=line.text,
            )
            for line in self._lines.values()
            if line.is_due
        ]

    def tells_end_of(self, errand: Errand) -> bool:
        """True while it can be read how an errand ended."""
        line = self._lines.get(errand)
        return line is not None and line.is_over

    def _make(self, errand: Errand) -> _Line:
        line = _Line(errand, self)
        line.cancel_requested.connect(self.cancel_requested)
        line.more_requested.connect(self.more_requested)
        line.over.connect(self._drop)
        line.shown.connect(self.settle)
        self._lines[errand] = line
        self._column.addWidget(line)
        return line

    def _drop(self, errand: Errand) -> None:
        line = self._lines.pop(errand, None)
        if line is not None:
            line.put_away()
            self._column.removeWidget(line)
        self.settle()


class _Line(QFrame):
    """An icon, words, a thin bar below them, and a button."""

    cancel_requested = Signal(object)
    more_requested = Signal(object)
    over = Signal(object)
    shown = Signal()

    def __init__(self, errand: Errand, parent: QWidget) -> None:
        super().__init__(parent)
        self._errand = errand
        self.is_over = False
        self.is_trouble = False
        self.is_due = False
        self.setObjectName(f"progress_{errand}")
        self.setProperty("role", "card")
        self._icon = IconLabel(_ICONS[errand], "muted", parent=self)
        self._text = PlainLabel(parent=self)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_beginning(errand))
        self._more = self._button("progressMore", "")
        self._more.clicked.connect(self._ask_for_more)
        self._more.hide()
        self._stop = self._button("progressCancel", self.tr("Cancel"))
        self._stop.clicked.connect(self._cancel)
        self._lay_out()
        self._stop.setVisible(errand is not Errand.RESTORE)  # nothing can be opened before it is done
        self._waiting = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._waiting.timeout.connect(self._appear)
        self._fading = QTimer(self, singleShot=True, interval=TOLD_MS)
        self._fading.timeout.connect(self._fade)
        self.hide()
        self._waiting.start()

    @property
    def text(self) -> str:
        return self._text.text()

    def show_progress(self, progress: Progress) -> None:
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        self._text.say(_told(progress))

    def finish(self, text: str, *, more: str, is_trouble: bool) -> None:
        self.is_over = True
        self.is_trouble = is_trouble
        self._bar.hide()
        self._text.say(text)
        self._icon.show_icon(*(("triangle-alert", "warning") if is_trouble else ("circle-check", "success")))
        self._more.setText(more)
        self._more.setAccessibleName(more)
        self._more.setVisible(bool(more))
        self._stop.setEnabled(True)
        self._name_stop(self.tr("Dismiss"))
        self._appear()
        if not is_trouble:
            self._fading.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self._text, QAccessible.Event.Alert))

    def put_away(self) -> None:
        self._waiting.stop()
        self._fading.stop()
        self.hide()
        self.deleteLater()

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setProperty("role", "small")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus where it was
        return button

    def _name_stop(self, text: str) -> None:
        self._stop.setText(text)
        self._stop.setAccessibleName(text)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(UNIT // 2)
        words.addStretch(1)
        words.addWidget(self._text)
        words.addWidget(self._bar)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * UNIT - 4, UNIT, UNIT, UNIT)
        row.setSpacing(UNIT)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self._more, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignVCenter)

    def _appear(self) -> None:
        self._waiting.stop()
        self.is_due = True
        self.shown.emit()

    def _cancel(self) -> None:
        if self.is_over:
            self._fade()
            return
        self._stop.setEnabled(False)
        self._name_stop(self.tr("Cancelling…"))
        self.cancel_requested.emit(self._errand)

    def _ask_for_more(self) -> None:
        self.more_requested.emit(self._errand)

    def _fade(self) -> None:
        self.over.emit(self._errand)


def _told(progress: Progress) -> str:
    """What is being done, and how much of it is; the numbers as the user's language writes them."""
    beginning = _beginning(progress.errand)
    if not progress.total:
        return f"{beginning}…"
    said = QCoreApplication.translate("ProgressStrip", "{errand}: {done} of {total}")
    written = QLocale().toString
    return said.format(errand=beginning, done=written(progress.done), total=written(progress.total))


def _beginning(errand: Errand) -> str:
    say = QCoreApplication.translate
    return {
        Errand.IMPORT: say("ProgressStrip", "Importing images"),
        Errand.LOOK_FOR_FILES: say("ProgressStrip", "Looking for missing files"),
        Errand.RELINK: say("ProgressStrip", "Finding the moved files"),
        Errand.THUMBNAILS: say("ProgressStrip", "Rebuilding thumbnails"),
        Errand.EMPTY_BIN: say("ProgressStrip", "Emptying the bin"),
        Errand.BACK_UP: say("ProgressStrip", "Backing up the library"),
        Errand.RESTORE: say("ProgressStrip", "Restoring the library"),
    }[errand]
