"""The Qt application, with a gentle end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from gptimg_desktop.ui.desktop.app_icon import app_icon

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "GPTImg"
DESKTOP_ID = "io.github.gptimg_desktop.GptimgDesktop"
"""By this desktops find the entry, and with it name and icon, that belong to our windows."""


class Application(QApplication):
    """Quitting (menu, keyboard, log-off) closes the windows, so that the program can put itself away."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))
        self.setApplicationName(NAME)
        self.setDesktopFileName(DESKTOP_ID)
        self.setWindowIcon(app_icon())
        self.setQuitOnLastWindowClosed(False)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Quit:
            self.closeAllWindows()
            return True
        return super().event(event)
