"""Addresses on the web, read from what browsers put into a drag or on the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from PySide6.QtCore import QUrl

from gptimg_desktop.core.reference import url_problem
from gptimg_desktop.ui.compose.references.data_uri import is_data_uri

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

_FIREFOX: Final = "text/x-moz-url"
_PICTURE_ENDINGS: Final = (".png", ".jpg", ".jpeg", ".webp")
_MOST_HTML: Final = 200_000  # characters; a page is no picture


def addresses(mime: QMimeData) -> tuple[str, ...]:
    """Addresses and data URIs, in the order in which they were selected; empty where there is none.

    A link round a picture leads to a page more often than to the picture; so a picture that is all there
    is to see in the HTML beside a single link wins, unless the link itself names a picture file.
    """
    listed = _listed(mime) or _firefox(mime)
    if len(listed) > 1 or (listed and names_picture(listed[0])):
        return listed
    return _shown(mime) or listed or words_of(mime.text() if mime.hasFormat("text/plain") else "")


def words_of(text: str) -> tuple[str, ...]:
    """One data URI, or addresses with blanks or line ends between them; empty for any other text."""
    if is_data_uri(text):
        return (text,)
    if not _is_address(text[:64].lstrip()):
        return ()
    words = text.split()
    return tuple(as_sent(word) for word in words) if all(map(_is_address, words)) else ()


def as_sent(address: str) -> str:
    """The address as it goes to the service: percent-encoded where it was not."""
    if url_problem(address) is None or is_data_uri(address):
        return address
    return encoded(QUrl(address)) or address


def encoded(url: QUrl) -> str:
    return bytes(url.toEncoded().data()).decode("ascii", "replace")


def _is_address(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://"))


def _can_be_used(address: str) -> bool:
    return _is_address(address) or is_data_uri(address)


def _listed(mime: QMimeData) -> tuple[str, ...]:
    """The list of addresses; with at least one of use in it the others belong to it, to be told."""
    urls = mime.urls() if mime.hasUrls() else []
    found = tuple(encoded(url) for url in urls if url.scheme())
    return found if any(map(_can_be_used, found)) else ()


def _firefox(mime: QMimeData) -> tuple[str, ...]:
    """Lines of UTF-16, by turns an address and its title."""
    if not mime.hasFormat(_FIREFOX):
        return ()
    lines = bytes(mime.data(_FIREFOX).data()).decode("utf-16", "replace").replace("\0", "").splitlines()
    return tuple(as_sent(line.strip()) for line in lines[::2] if _can_be_used(line.strip()))


def _shown(mime: QMimeData) -> tuple[str, ...]:
    """The address of the one picture that is all there is to see in the HTML."""
    text = mime.html() if mime.hasHtml() else ""
    if "<img" not in text[:_MOST_HTML].lower() or len(text) > _MOST_HTML:
        return ()
    from gptimg_desktop.ui.compose.references.page import Page  # noqa: PLC0415 - brings all of HTML's names

    page = Page()
    try:
        page.feed(text)
        page.close()
    except AssertionError:  # what Python raises for a declaration that it does not know
        return ()
    pictures = [address for address in page.pictures if _can_be_used(address)]
    return (as_sent(pictures[0]),) if len(page.pictures) == len(pictures) == 1 and not page.has_text else ()


def names_picture(address: str) -> bool:
    """True where an address on the web ends in the name of a picture file."""
    if not _is_address(address):
        return False
    try:
        return urlsplit(address).path.lower().endswith(_PICTURE_ENDINGS)
    except ValueError:
        return False
