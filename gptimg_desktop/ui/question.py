"""The dress of the few questions that the program asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from gptimg_desktop.ui.icons import pixmap
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox


def dress_as_warning(box: QMessageBox) -> None:
    """The house's own sign instead of the system's, and what is asked as a heading."""
    warning = tokens_for(box.palette()).warning
    box.setIconPixmap(pixmap("triangle-alert", warning, 4 * UNIT, box.devicePixelRatioF()))
    heading = box.findChild(QLabel, "qt_msgbox_label")
    if heading is not None:
        heading.setProperty("role", "heading")
