"""A small window to drag things out of, as another program on the screen."""

from __future__ import annotations

import argparse
import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QDrag, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

TITLE = "drag source"
PLACE = (1380, 830, 50, 50)  # x, y, width, height on the screen


class Source(QLabel):
    """Offers files, or a picture with its address as browsers do, from the press of the mouse on."""

    def __init__(self, files: list[str], link: str) -> None:
        super().__init__(TITLE)
        self._files, self._link = files, link
        self.setWindowTitle(TITLE)
        self.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.setGeometry(*PLACE)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802
        drag = QDrag(self)
        drag.setMimeData(self._content())
        drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction)

    def _content(self) -> QMimeData:
        mime = QMimeData()
        if not self._link:
            mime.setUrls([QUrl.fromLocalFile(path) for path in self._files])
            return mime
        picture = QImage(64, 48, QImage.Format.Format_RGB32)
        picture.fill(QColor("#3366cc"))
        mime.setUrls([QUrl(self._link)])
        mime.setHtml(f'<img src="{self._link}">')
        mime.setImageData(picture)
        return mime


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--link", default="")
    options.add_argument("--shot", help="take a picture of the screen instead")
    options.add_argument("files", nargs="*")
    given = options.parse_args()
    application = QApplication(sys.argv[:1])
    if given.shot:
        return 0 if application.primaryScreen().grabWindow(0).save(given.shot) else 1
    source = Source(given.files, given.link)
    source.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
