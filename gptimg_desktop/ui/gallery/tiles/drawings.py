"""Icons that were drawn before: tiles at work are painted many times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gptimg_desktop.ui.icons import pixmap

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

_MOST: Final = 256


class Drawings:
    """Keeps icons by name, colour, size and pixel ratio."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, int, float], QPixmap] = {}

    def get(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        wanted = (name, colour, size, ratio)
        drawing = self._kept.get(wanted)
        if drawing is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            drawing = self._kept[wanted] = pixmap(name, colour, size, ratio)
        return drawing
