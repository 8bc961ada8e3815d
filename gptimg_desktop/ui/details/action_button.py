"""A button for a wish that may cost or destroy: one press is one wish, and its text is always whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QPushButton

from gptimg_desktop.ui.icons import BESIDE_TEXT, icon
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

_PRESS_KEYS: Final = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select})


class ActionButton(QPushButton):
    """A held key presses it once. A text too wide for it goes on in a second line.

    `sign` names the icon; `role` is the style sheet's. Without a text it is an icon alone, named by `name`.
    """

    def __init__(
        self,
        object_name: str,
        text: str,
        sign: str,
        parent: QWidget | None = None,
        *,
        role: str = "",
        presses: KeyPresses | None = None,
    ) -> None:
        self._words = text
        self._sign = sign
        self._colour = ""
        self._presses = presses or KeyPresses()
        super().__init__(parent)
        self.setObjectName(object_name)
        if role:
            self.setProperty("role", role)
        self.setAutoDefault(False)
        self.say(text)
        self._dress()

    @property
    def words(self) -> str:
        """The whole text, however many lines it takes."""
        return self._words

    @property
    def natural_width(self) -> int:
        """How wide it is with its text on one line, in device-independent pixels."""
        return self._chrome() + self.fontMetrics().horizontalAdvance(self._words)

    def say(self, text: str) -> None:
        """Show and read out another text."""
        self._words = text
        if text:
            self.setAccessibleName(text)
        self._break()

    def name(self, text: str) -> None:
        """Name a button that is an icon alone."""
        self.setAccessibleName(text)
        self.setToolTip(text)

    def set_role(self, role: str) -> None:
        """Look like another kind of button ("primary" for the one that is suggested)."""
        if role != (self.property("role") or ""):
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
            self._dress()

    def show_sign(self, sign: str) -> None:
        """Another icon."""
        if sign != self._sign:
            self._sign, self._colour = sign, ""
            self._dress()

    # Qt's side

    def sizeHint(self) -> QSize:
        """As wide as on one line, as high as now."""
        return QSize(self.natural_width, super().sizeHint().height()) if self._words else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(4 * UNIT, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._break()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._break()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _PRESS_KEYS:
            super().keyPressEvent(event)
        elif self._presses.is_new(event):
            self.click()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in _PRESS_KEYS:
            self._presses.note_release(event)
        else:
            super().keyReleaseEvent(event)

    # Looks

    def _break(self) -> None:
        shown = self._words
        if self.isVisible():  # else there is no room to go by, and finding it out takes its time
            shown = broken(shown, self.fontMetrics(), self.width() - self._chrome())
        if shown != self.text():
            self.setText(shown)

    def _chrome(self) -> int:
        """What the frame, the padding and the icon take of the width."""
        text = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        return super().sizeHint().width() - text.width()

    def _dress(self) -> None:
        tokens = tokens_for(self.palette())
        colour = tokens.on_accent if self.property("role") == "primary" else tokens.text
        if not self._sign or colour == self._colour:
            return
        self._colour = colour
        has_text = bool(self._words)
        self.setIcon(icon(self._sign, colour, beside_text=has_text))
        if has_text:
            self.setIconSize(BESIDE_TEXT)


def broken(text: str, metrics: QFontMetrics, room: int) -> str:
    """The text on one line where it fits into `room` pixels, else on two, as even as its blanks allow."""
    blanks = [place for place, character in enumerate(text) if character == " "]
    if metrics.horizontalAdvance(text) <= room or not blanks:
        return text
    middle = min(blanks, key=lambda place: abs(2 * place - len(text)))
    return f"{text[:middle]}\n{text[middle + 1 :]}"
