"""The eye beside a field for a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gptimg_desktop.ui.compose.icon_button import IconButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class ShowKeyButton(IconButton):
    """Checked while the key can be read. Its sign and its name tell what a press would do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("eye", self.tr("Show the key"), parent)
        self.setObjectName("showKeyButton")
        self.setCheckable(True)
        self.toggled.connect(self._tell)

    def _tell(self, checked: bool) -> None:
        name = self.tr("Hide the key") if checked else self.tr("Show the key")
        self._sign = "eye-off" if checked else "eye"
        self._colour = ""
        self._colour_sign()
        self.setAccessibleName(name)
        self.setToolTip(name)
