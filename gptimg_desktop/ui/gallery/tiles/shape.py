"""Where the parts of a tile stand, and what there is room for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt

from gptimg_desktop.ui.theme import UNIT

TEXT_ROOM: Final = 120
"""The least width of a stage with words on it."""
CAPTION_ROOM: Final = 120
"""The least width of a tile with lines of text below it."""
SMALL: Final = 136
"""Below this width of a tile, what surrounds a picture shrinks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileShape:
    """`ground` is all of it, `stage` the neutral place of the picture, `caption` the lines below (empty where
    there are none), `room` the part of the stage that pictures and words keep to."""

    ground: QRect
    stage: QRect
    caption: QRect
    room: QRect

    @classmethod
    def of(cls, tile: QRect, *, foot: int) -> TileShape:
        """The parts of a tile whose caption is `foot` high, 0 for none."""
        is_small = tile.width() < SMALL
        margin = 2 if is_small else UNIT // 2
        inner = tile.adjusted(margin, margin, -margin, -margin)
        stage = inner.adjusted(0, 0, 0, -foot)
        caption = QRect(inner.left(), stage.bottom() + 1, inner.width(), foot)
        inset = UNIT // 2 if is_small else UNIT
        return cls(
            ground=tile, stage=stage, caption=caption, room=stage.adjusted(inset, inset, -inset, -inset)
        )

    @property
    def has_words(self) -> bool:
        return self.stage.width() >= TEXT_ROOM

    @property
    def has_caption(self) -> bool:
        return self.caption.height() > 0

    @property
    def badge(self) -> int:
        """The width of a round sign on a picture."""
        return 18 if self.stage.width() < SMALL else 24


def fit(size: QSize, room: QRect) -> QRect:
    """The largest rectangle of a shape in a room, in the middle of it, at least one pixel in both ways."""
    scaled = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    width, height = max(1, scaled.width()), max(1, scaled.height())
    left = room.left() + (room.width() - width) // 2
    top = room.top() + (room.height() - height) // 2
    return QRect(left, top, width, height)
