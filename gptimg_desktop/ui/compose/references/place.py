"""One place in the tray: a reference with its picture, or what is kept free for one that is still read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gptimg_desktop.core.reference import FileReference, Reference, UrlReference

if TYPE_CHECKING:
    from PySide6.QtGui import QImage


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A reference that is still being read. `source` says where from, `name` is what the user knows it as."""

    source: str
    name: str


class Place:
    """It stays the same while it moves, is filled, is taken out and brought back.

    A place may turn into others: a folder's into those of its pictures, one that cannot be filled into the
    one that it was to replace, or into nothing. `listing` are the files of a folder whose place was taken
    out before it was known what is in there. `was_read_anew`: its file had changed, and the user has done
    nothing here since.
    """

    __slots__ = ("_became", "content", "image", "instead_of", "listing", "was_read_anew")

    def __init__(
        self, content: Reference | Awaited, image: QImage | None = None, *, instead_of: Place | None = None
    ) -> None:
        self.content = content
        self.image = image
        self.instead_of = instead_of
        self.listing: tuple[str, ...] = ()
        self.was_read_anew = False
        self._became: tuple[Place, ...] | None = None

    @property
    def reference(self) -> Reference | None:
        """What is sent; None while it is awaited."""
        return None if isinstance(self.content, Awaited) else self.content

    @property
    def file(self) -> FileReference | None:
        """The picture that is kept here; None for an address and for what is awaited."""
        return self.content if isinstance(self.content, FileReference) else None

    @property
    def source(self) -> str:
        """Where the awaited reference comes from; empty once it is there."""
        return self.content.source if isinstance(self.content, Awaited) else ""

    @property
    def title(self) -> str:
        """The file's name, or the host that the address names."""
        return self.content.host if isinstance(self.content, UrlReference) else self.content.name

    @property
    def present(self) -> tuple[Place, ...]:
        """The places that stand here now: mostly just this one."""
        if self._became is None:
            return (self,)
        return tuple(place for each in self._became for place in each.present)

    def fill(self, reference: Reference, image: QImage | None) -> None:
        self.content = reference
        self.image = image

    def become(self, places: tuple[Place, ...]) -> None:
        """Give way to others for good."""
        self._became = places

    def give_up(self) -> None:
        """Nothing comes: what was to be replaced stays, or else the place goes."""
        self.become(() if self.instead_of is None else (self.instead_of,))
