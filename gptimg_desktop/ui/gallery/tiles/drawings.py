"""Signs that were drawn before: tiles at work are painted many times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gptimg_desktop.ui.icons import pixmap

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPixmap

_MOST: Final = 256


class Drawings:
    """Keeps icons by name, colour, size and pixel ratio, and other drawings by what makes them."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], QPixmap] = {}

    def get(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        wanted = (name, colour, size, ratio)
        return self._kept.get(wanted) or self.made(wanted, lambda: pixmap(name, colour, size, ratio))

    def made(self, wanted: tuple[Any, ...], make: Callable[[], QPixmap]) -> QPixmap:
        """What was made for the same, or is made now."""
        drawing = self._kept.get(wanted)
        if drawing is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            drawing = self._kept[wanted] = make()
        return drawing
