"""What a user's hands do in the composer, and what the eyes find there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QSpinBox, QWidget

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.reference import FileReference, UrlReference
from gptimg_desktop.ui.compose.references.chip_grid import ChipGrid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gptimg_desktop.ui.compose.references.reference_chip import ReferenceChip

Kind = TypeVar("Kind", bound=QWidget)


def find(panel: QWidget, kind: type[Kind], name: str) -> Kind:
    found = panel.findChild(kind, name)
    assert found is not None, name
    return found


def prompt(panel: QWidget) -> QPlainTextEdit:
    return find(panel, QPlainTextEdit, "promptEdit")


def generate(panel: QWidget) -> QPushButton:
    return find(panel, QPushButton, "generateButton")


def button(panel: QWidget, name: str) -> QPushButton:
    return find(panel, QPushButton, name)


def spin(panel: QWidget, name: str) -> QSpinBox:
    return find(panel, QSpinBox, name)


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def plate(panel: QWidget) -> str:
    """What the size plate tells a screen reader."""
    return find(panel, QWidget, "sizePlate").accessibleDescription()


def visible_text(widget: QWidget) -> str:
    """Every label that can be read now."""
    labels: Sequence[QLabel] = widget.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible()).replace("\u200b", "")


def ctrl_enter(widget: QWidget, *, repeated: bool = False) -> None:
    """One key press as the keyboard sends it, first or repeated while held."""
    press = QKeyEvent(
        QEvent.Type.KeyPress,
        Qt.Key.Key_Return,
        Qt.KeyboardModifier.ControlModifier,
        "\r",
        repeated,
    )
    QApplication.sendEvent(widget, press)


def files(*paths: str) -> QMimeData:
    """What a file manager hands over: addresses, and the same as text."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    mime.setText("\n".join(f"file://{path}" for path in paths))
    return mime


def links(*addresses: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(address) for address in addresses])
    mime.setText("\n".join(addresses))
    return mime


def drop(widget: QWidget, mime: QMimeData) -> bool:
    """Carry something over a widget and let go; True where it was taken."""
    action, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(8, 8), action, mime, left, none)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(8, 8), action, mime, left, none)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def file_reference(number: int) -> FileReference:
    return FileReference(
        sha256=f"{number:064x}",
        media_type="image/png",
        size_bytes=1_000,
        width=40,
        height=20,
        name=f"sketch {number}.png",
    )


def url_reference(number: int) -> UrlReference:
    return UrlReference(url=f"https://pictures.example.com/{number}.png")


def bitmap(colour: bytes = b"\xff\x00\x00\xff") -> Bitmap:
    return Bitmap(width=40, height=20, rgba=colour * 800)


def chips(panel: QWidget) -> list[ReferenceChip]:
    """The chips of the tray in the order of their numbers."""
    return list(find(panel, ChipGrid, "referenceChips").chips)


def hold(focused: Callable[[], QWidget], key: Qt.Key, times: int) -> None:
    """Press a key and keep it down, so that it is repeated, each time for what has the focus by then."""
    for number in range(times):
        press = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", number > 0)
        QApplication.sendEvent(focused(), press)
