"""What a drop or a paste brings, read from Qt's clipboard format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QImage

from gptimg_desktop.ui.images import bitmap_of

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData, QUrl

    from gptimg_desktop.core.bitmap import Bitmap

_AS_THEY_ARE: Final = ("image/png", "image/jpeg")
"""Formats of which the bytes are passed on, the better one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Local files, addresses on the web, and a picture: a PNG or JPEG file's bytes where it came as such,
    else its pixels, because encoding them here would hold the window up. At most one of them is filled."""

    paths: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    picture: bytes | Bitmap | None = None

    def __bool__(self) -> bool:
        return bool(self.paths or self.links or self.picture)


def brings_picture(mime: QMimeData) -> bool:
    """True where `read_offer` would find something; cheap, for use while the mouse still moves."""
    return bool(_paths(mime) or _has_picture(mime) or _links(mime))


def read_offer(mime: QMimeData) -> Offer:
    """Files win over a bitmap, a bitmap over addresses: a browser's link often leads to a page."""
    if paths := _paths(mime):
        return Offer(paths=paths)
    if picture := _picture(mime):
        return Offer(picture=picture)
    return Offer(links=_links(mime))


def is_link(text: str) -> bool:
    """True for one http(s) address and nothing else."""
    word = text.strip()
    return word.lower().startswith(("http://", "https://")) and len(word.split()) == 1


def _paths(mime: QMimeData) -> tuple[str, ...]:
    return tuple(url.toLocalFile() for url in _urls(mime) if url.isLocalFile())


def _links(mime: QMimeData) -> tuple[str, ...]:
    """Addresses as they would go to the service: percent-encoded."""
    urls = [bytes(url.toEncoded().data()).decode("ascii", "replace") for url in _urls(mime)]
    return tuple(url for url in urls if is_link(url))


def _urls(mime: QMimeData) -> list[QUrl]:
    return mime.urls() if mime.hasUrls() else []


def _has_picture(mime: QMimeData) -> bool:
    return mime.hasImage() or any(map(mime.hasFormat, _AS_THEY_ARE))


def _picture(mime: QMimeData) -> bytes | Bitmap | None:
    for name in _AS_THEY_ARE:
        if mime.hasFormat(name) and (delivered := bytes(mime.data(name).data())):
            return delivered
    image = mime.imageData() if mime.hasImage() else None
    return bitmap_of(image) if isinstance(image, QImage) and not image.isNull() else None
