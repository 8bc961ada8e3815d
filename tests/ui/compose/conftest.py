"""A composer on the screen, connected to a paid service whose queue is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gptimg_desktop.core.connection import Connection
from gptimg_desktop.core.settings import Theme
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.compose.panel import ComposePanel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

PAID = Connection(service="https://images.example.com")


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """What Python put there must be gone before Python is: Qt would delete it after the interpreter's end."""
    yield
    qapp.clipboard().clear()


@pytest.fixture
def panel(qapp: QApplication, qtbot: QtBot) -> ComposePanel:
    theme.apply(qapp, Theme.LIGHT)
    composer = ComposePanel()
    qtbot.addWidget(composer)
    composer.set_connection(PAID)
    composer.set_queue_open(True)
    composer.resize(360, 712)
    composer.show()
    return composer
