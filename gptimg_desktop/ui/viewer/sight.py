"""What part of a picture is seen, and how large: plain arithmetic in device pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF

if TYPE_CHECKING:
    from gptimg_desktop.core.sizes import PixelSize

MOST_SCALE: Final = 32.0
"""Device pixels for one pixel of the picture at the nearest look."""
_SAME: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A picture seen through a room (the widget), both in pixels.

    `scale` is device pixels per pixel of the picture, 1.0 being 100 %. `x` and `y` are the point of the
    picture in the middle of the room. `margin` is kept free round a fitted picture.
    """

    picture: PixelSize
    room: PixelSize
    margin: int
    scale: float
    x: float
    y: float

    @classmethod
    def fitted(cls, picture: PixelSize, room: PixelSize, margin: int = 0) -> Sight:
        """The whole picture, at 100 % where the room is larger than it."""
        sight = cls(picture=picture, room=room, margin=margin, scale=1.0, x=0.0, y=0.0)
        return sight.looking_at(sight.fit_scale, picture.width / 2, picture.height / 2)

    @property
    def fit_scale(self) -> float:
        """The scale at which all can be seen; never above 1, because that only blurs."""
        across = (self.room.width - 2 * self.margin) / self.picture.width
        down = (self.room.height - 2 * self.margin) / self.picture.height
        return max(1 / max(self.picture.width, self.picture.height), min(1.0, across, down))

    @property
    def is_fitted(self) -> bool:
        return abs(self.scale - self.fit_scale) < _SAME

    @property
    def can_pan(self) -> bool:
        """True where some of the picture is out of sight."""
        return self.can_pan_across or self.place.height() > self.room.height

    @property
    def can_pan_across(self) -> bool:
        """True where the picture is wider than the room."""
        return self.place.width() > self.room.width

    @property
    def place(self) -> QRect:
        """Where the whole picture lies in the room, on whole device pixels."""
        left = round(self.room.width / 2 - self.x * self.scale)
        top = round(self.room.height / 2 - self.y * self.scale)
        width, height = self.picture.width * self.scale, self.picture.height * self.scale
        return QRect(left, top, max(1, round(width)), max(1, round(height)))

    def piece(self) -> tuple[QRect, QRectF]:
        """The pixels of the picture that can be seen, and where they belong in the room."""
        place = self.place
        left = max(0, math.floor(-place.left() / self.scale))
        top = max(0, math.floor(-place.top() / self.scale))
        right = min(self.picture.width, math.ceil((self.room.width - place.left()) / self.scale))
        bottom = min(self.picture.height, math.ceil((self.room.height - place.top()) / self.scale))
        source = QRect(left, top, max(1, right - left), max(1, bottom - top))
        target = QRectF(
            place.left() + left * self.scale,
            place.top() + top * self.scale,
            source.width() * self.scale,
            source.height() * self.scale,
        )
        return source, target

    # Other sights

    def fit(self) -> Sight:
        return Sight.fitted(self.picture, self.room, self.margin)

    def resized(self, room: PixelSize, margin: int) -> Sight:
        """In another room: what was fitted stays fitted, else the middle stays in the middle."""
        if self.is_fitted:
            return Sight.fitted(self.picture, room, margin)
        other = replace(self, room=room, margin=margin)
        return other.looking_at(self.scale, self.x, self.y)

    def zoomed_to(self, scale: float, at: tuple[float, float] | None = None) -> Sight:
        """At another scale; the point of the picture that is at `at` in the room stays there."""
        across, down = at if at is not None else (self.room.width / 2, self.room.height / 2)
        aside, below = across - self.room.width / 2, down - self.room.height / 2
        wanted = min(MOST_SCALE, max(self.fit_scale, scale))
        x = self.x + aside / self.scale - aside / wanted
        y = self.y + below / self.scale - below / wanted
        return self.looking_at(wanted, x, y)

    def zoomed_by(self, factor: float, at: tuple[float, float] | None = None) -> Sight:
        """Nearer (`factor` above 1) or farther; 100 % is never jumped over."""
        wanted = self.scale * factor
        if min(self.scale, wanted) < 1.0 - _SAME and max(self.scale, wanted) > 1.0 + _SAME:
            wanted = 1.0
        return self.zoomed_to(wanted, at)

    def panned(self, across: float, down: float) -> Sight:
        """The picture moved by so many device pixels, no farther than to its edges."""
        return self.looking_at(self.scale, self.x - across / self.scale, self.y - down / self.scale)

    def looking_at(self, scale: float, x: float, y: float) -> Sight:
        """This point of the picture in the middle, or the nearest that leaves no needless ground."""
        return replace(
            self,
            scale=scale,
            x=_kept_in(x, self.picture.width, self.room.width / scale),
            y=_kept_in(y, self.picture.height, self.room.height / scale),
        )


def _kept_in(middle: float, length: int, seen: float) -> float:
    """The middle of what is seen along one side, so that nothing beyond the picture is seen needlessly."""
    if length <= seen:
        return length / 2
    return min(length - seen / 2, max(seen / 2, middle))
