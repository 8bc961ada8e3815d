"""How many pixels: a tier for a shape with a name, width and height for a free one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QStackedWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class TierRow(QStackedWidget):
    """One of the two at a time, in one place and height. Until the fields are given there are only tiers."""

    def __init__(self, tiers: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.addWidget(tiers)

    def set_fields(self, fields: QWidget) -> None:
        """Take in what is shown for a free size."""
        self.addWidget(fields)

    def show_fields(self, are_wanted: bool) -> None:
        self.setCurrentIndex(min(int(are_wanted), self.count() - 1))
