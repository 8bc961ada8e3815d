"""A button that chooses one view of the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QLocale, QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton

from gptimg_desktop.ui.icons import BESIDE_TEXT, icon
from gptimg_desktop.ui.theme import tokens_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.filter import View

_ALONE: Final = QSize(16, 16)


class ViewButton(QPushButton):
    """Its name, with a sign before it; the sign alone where room is short, and a count where there is one.

    `only_when_short`: the name alone says enough while there is room for it. Without a sign the name stays.
    """

    def __init__(
        self,
        view: View,
        name: str,
        sign: str = "",
        *,
        only_when_short: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._name = name
        self._sign = sign
        self._only_when_short = only_when_short
        self._count = 0
        self._is_short = False
        self._drawn: tuple[str, bool, bool] | None = None
        super().__init__(parent)
        self.setObjectName(f"filter_{view}")
        self.setCheckable(True)
        self.setProperty("role", "chip")
        self._say()
        self._draw()

    @property
    def shortening(self) -> int:
        """How much narrower it is, or would be, with its sign alone."""
        if not self._sign:
            return 0
        gained = self.fontMetrics().horizontalAdvance(self._name)
        return gained - (BESIDE_TEXT.width() if self._only_when_short else 0)

    def set_count(self, count: int) -> None:
        """How many there are in the view; told after every change of a job."""
        if count != self._count:
            self._count = count
            self._say()
            self._draw()

    def set_short(self, *, short: bool) -> None:
        if short != self._is_short and self._sign:
            self._is_short = short
            self._say()
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _say(self) -> None:
        shown = "" if self._is_short else self._name
        count = QLocale().toString(self._count)
        counted = f"{shown}  {count}".strip() if self._count else shown
        self.setText(counted)
        told = self.tr("{name}: {count}").format(name=self._name, count=count)
        self.setAccessibleName(told if self._count else self._name)
        self.setToolTip(self.accessibleName() if self._is_short else "")

    def _draw(self) -> None:
        """Drawing takes its time, and the count is told often: only where something else is to be seen."""
        tokens = tokens_for(self.palette())
        is_shown = bool(self._sign) and (self._is_short or not self._only_when_short)
        wanted = (tokens.warning if self._count else tokens.muted, is_shown, bool(self.text()))
        if wanted != self._drawn:
            self._drawn = wanted
            colour, _, has_text = wanted
            self.setIconSize(BESIDE_TEXT if has_text else _ALONE)
            self.setIcon(icon(self._sign, colour, beside_text=has_text) if is_shown else QIcon())
