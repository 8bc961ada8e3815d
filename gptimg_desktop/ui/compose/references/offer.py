"""What a drop, a paste or a typed line brings to the tray, in its order.

Files win over pictures, and pictures over addresses. A browser that offers a bitmap beside the address of
its file is taken at its bitmap: that is what the user saw. The address may lead to a page, need the browser's
login, or show something else by the time the service looks at it.

A web page may put a path on another computer into a drag, and reading it would tell that computer who asks.
What is read from there is only what the user chose.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QSysInfo, QUrl
from PySide6.QtGui import QImage

from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind
from gptimg_desktop.core.filenames import shown_name
from gptimg_desktop.core.reference import UrlReference, url_problem
from gptimg_desktop.ui.compose.references.addresses import (
    addresses,
    as_sent,
    encoded,
    names_picture,
    words_of,
)
from gptimg_desktop.ui.compose.references.data_uri import encoded_picture, is_data_uri
from gptimg_desktop.ui.images import bitmap_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QMimeData

    from gptimg_desktop.core.bitmap import Bitmap

_AS_THEY_ARE: Final = ("image/png", "image/jpeg")
"""Formats of which the bytes are passed on, the better one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedFile:
    """A local file that is still to be read."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedPicture:
    """A PNG or JPEG file's bytes where it came as such, else its pixels, because encoding them here would
    hold the window up; or base64 text that is still to be decoded. `name` is that of the file which came
    along as an address; empty where there was none."""

    picture: bytes | Bitmap | str
    name: str = ""


Item = OfferedFile | OfferedPicture | UrlReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What can be used, in its order, and what is wrong with the rest."""

    items: tuple[Item, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items or self.problems)

    @classmethod
    def of_files(cls, paths: Iterable[str]) -> Offer:
        return cls(items=tuple(OfferedFile(path=path) for path in paths if path))


def name_of(item: Item) -> str:
    """What the user knows it as; of an address, its host and the last part."""
    if isinstance(item, UrlReference):
        last = QUrl(item.url).fileName()
        return shown_name(f"{item.host}/{last}" if last else item.host)
    if isinstance(item, OfferedFile):
        return shown_name(PurePath(item.path).name)
    return item.name or QCoreApplication.translate("Intake", "Pasted picture")


def brings_picture(mime: QMimeData) -> bool:
    """True where `read_offer` would find something; cheap, for use while the mouse still moves."""
    return bool(_has_file(mime) or _has_picture(mime) or addresses(mime))


def brings_only_text(mime: QMimeData) -> bool:
    """True for words that a text field may want for itself, be they an address or not."""
    others = mime.hasUrls() or mime.hasImage() or mime.hasHtml() or mime.hasFormat("text/x-moz-url")
    return mime.hasText() and not others and not is_data_uri(mime.text())


def read_offer(mime: QMimeData) -> Offer:
    """What a drop or the clipboard brings; empty where it is nothing for the tray."""
    if _has_file(mime):
        return _offer(_file_or_reference(url) for url in _urls(mime))
    if picture := _picture(mime):
        return Offer(items=(OfferedPicture(picture=picture, name=_name_beside(mime)),))
    return _offer(map(_reference, addresses(mime)))


def read_text(text: str) -> Offer:
    """What a user wrote as one or several addresses; whatever it is, it is taken or its problem told."""
    words = words_of(text) or (text.strip(),)
    return _offer(map(_reference, words))


def _offer(found: Iterable[Item | Problem]) -> Offer:
    items: list[Item] = []
    problems: list[Problem] = []
    for each in found:
        if isinstance(each, Problem):
            problems.append(each)
        else:
            items.append(each)
    return Offer(items=tuple(items), problems=tuple(problems))


def _file_or_reference(url: QUrl) -> Item | Problem:
    if not url.isLocalFile():
        return _reference(encoded(url))
    host = url.host()
    if host in {"", "localhost", QSysInfo.machineHostName().lower()}:
        return OfferedFile(path=QUrl.fromLocalFile(url.path()).toLocalFile() if host else url.toLocalFile())
    return Problem.of(ProblemKind.REFERENCE_ELSEWHERE, name=url.fileName(), host=host)


def _reference(text: str) -> Item | Problem:
    if is_data_uri(text):
        try:
            return OfferedPicture(picture=encoded_picture(text))
        except BadInputError as error:
            return error.problem
    address = as_sent(text) if len(text.split()) == 1 else text
    problem = url_problem(address)
    return UrlReference(url=address) if problem is None else url_problem(text) or problem


def _has_file(mime: QMimeData) -> bool:
    return any(url.isLocalFile() for url in _urls(mime))


def _urls(mime: QMimeData) -> list[QUrl]:
    urls = mime.urls() if mime.hasUrls() else []
    return [url for url in urls if url.scheme() and not (url.isLocalFile() and not url.path())]


def _has_picture(mime: QMimeData) -> bool:
    return mime.hasImage() or any(map(mime.hasFormat, _AS_THEY_ARE))


def _name_beside(mime: QMimeData) -> str:
    """What the file is called of which a browser gave a bitmap; empty where its address does not tell."""
    address = next(filter(names_picture, addresses(mime)), "")
    return shown_name(QUrl(address).fileName()) if address else ""


def _picture(mime: QMimeData) -> bytes | Bitmap | None:
    for name in _AS_THEY_ARE:
        if mime.hasFormat(name) and (delivered := bytes(mime.data(name).data())):
            return delivered
    image = mime.imageData() if mime.hasImage() else None
    return bitmap_of(image) if isinstance(image, QImage) and not image.isNull() else None
