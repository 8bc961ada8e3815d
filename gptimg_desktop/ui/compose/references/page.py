"""A piece of HTML that a browser put into a drag or on the clipboard."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

_UNSEEN: Final = frozenset({"head", "script", "style", "title"})


class Page(HTMLParser):
    """The pictures on a page, and whether there is anything to read."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[str] = []
        self.has_text = False
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "img":
            self.pictures.append((dict(attrs).get("src") or "").strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._unseen:
            self.has_text = True
