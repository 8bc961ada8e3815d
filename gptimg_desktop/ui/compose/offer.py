"""What a drop or a paste brings, read from Qt's clipboard format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl

_PNG: Final = "image/png"
_LIGHT_COMPRESSION: Final = 90  # of 100; a 4K bitmap in a blink, at a third of its raw size


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Local files, addresses on the web, and a bitmap as PNG bytes; at most one of them is filled."""

    paths: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    png: bytes = b""

    def __bool__(self) -> bool:
        return bool(self.paths or self.links or self.png)


def brings_picture(mime: QMimeData) -> bool:
    """True where `read_offer` would find something; cheap, for use while the mouse still moves."""
    return bool(_paths(mime) or mime.hasImage() or _links(mime))


def read_offer(mime: QMimeData) -> Offer:
    """Files win over a bitmap, a bitmap over addresses: a browser's link often leads to a page."""
    if paths := _paths(mime):
        return Offer(paths=paths)
    if mime.hasImage() and (png := _png(mime)):
        return Offer(png=png)
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


def _png(mime: QMimeData) -> bytes:
    """The bitmap as PNG; as it came where it came as PNG, for encoding a large one takes its time."""
    if mime.hasFormat(_PNG) and (delivered := bytes(mime.data(_PNG).data())):
        return delivered
    image = mime.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return b""
    encoded = QByteArray()
    buffer = QBuffer(encoded)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", _LIGHT_COMPRESSION)  # type: ignore[call-overload]
    return bytes(encoded.data())
