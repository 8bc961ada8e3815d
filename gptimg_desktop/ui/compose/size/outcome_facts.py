"""One size that may come back, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from gptimg_desktop.core.sizes import PRINT_PPI, PixelSize, is_impossible, print_size, simplest_ratio
from gptimg_desktop.ui.compose.size.ratio_button import small_font


class OutcomeFacts(QWidget):
    """A title in bold with its details in small below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = fact_label("heading")
        self._details = tuple(fact_label("muted") for _ in range(2))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for label in (self._title, *self._details):
            column.addWidget(label)

    def say(self, title: str, *details: str) -> None:
        """Show these; nothing at all without a title."""
        texts = (*details, "", "")
        for label, text in zip((self._title, *self._details), (title, *texts), strict=False):
            label.setText(text)
            label.setVisible(bool(text))
        self.setVisible(bool(title))


def fact_label(role: str) -> QLabel:
    """A plain label that wraps; all but headings are small."""
    label = QLabel()
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    if role != "heading":
        label.setFont(small_font(label.font()))
    return label


def pixels_and_shape(size: PixelSize) -> str:
    """Megapixels and the true shape; nothing of a size that nobody can make."""
    if is_impossible(size):
        return ""
    words = _tr("{megapixels} MP · {ratio}")
    return words.format(megapixels=f"{size.megapixels:.2f}", ratio=simplest_ratio(size))


def paper(size: PixelSize, *, with_ppi: bool = False) -> str:
    """How large it is in print; nothing of a size that nobody can make."""
    if is_impossible(size):
        return ""
    width, height = print_size(size)
    words = _tr("{width}×{height} mm at {ppi} ppi") if with_ppi else _tr("{width}×{height} mm")
    return words.format(width=width, height=height, ppi=PRINT_PPI)


def _tr(text: str) -> str:
    return QCoreApplication.translate("OutcomeFacts", text)
