"""What will come back, before it is paid for: frames to scale, pixels, megapixels, true shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from gptimg_desktop.core.sizes import (
    AUTO,
    PixelSize,
    Size,
    Tier,
    is_impossible,
    outcomes,
    probable_tier,
    simplest_ratio,
)
from gptimg_desktop.ui.compose.size_drawing import SizeDrawing
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_MM_PER_PIXEL: Final = 25.4 / 300
_MOST_LINES: Final = 5
"""Two outcomes of two lines each, and a note."""


class SizePlate(QFrame):
    """Shows one size at one tier, in a height that stays, so that nothing above it moves under the mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_free = False
        self._size: Size = AUTO
        self._tier = Tier.K1
        self.setObjectName("sizePlate")
        self.setAccessibleName(self.tr("Size of the result"))
        self._drawing = SizeDrawing()
        self._titles = [_label("heading") for _ in range(2)]
        self._details = [_label("muted") for _ in range(2)]
        self._note = _label("muted")
        self._lay_out()
        self.show_size(self._size, self._tier)

    def set_free(self, is_free: bool) -> None:
        """Whether the practice service makes the image."""
        self._is_free = is_free
        self.show_size(self._size, self._tier)

    def show_size(self, size: Size, tier: Tier) -> None:
        self._size, self._tier = size, tier
        found = outcomes(size, tier)
        self._drawing.show_sizes(found)
        if size == AUTO:
            self._show_lines(
                [(self.tr("The service decides"), self.tr("Shape and pixels follow the prompt."))]
            )
        else:
            self._show_lines([self._line(index, pixels) for index, pixels in enumerate(found)])
        self._show_note()

    def facts(self) -> str:
        """All that the plate says, as one text."""
        labels = [label for pair in zip(self._titles, self._details, strict=True) for label in pair]
        texts = [label.text() for label in [*labels, self._note]]
        return ". ".join(text.rstrip(".") for text in texts if text)

    def _lay_out(self) -> None:
        facts = QVBoxLayout()
        facts.setSpacing(0)
        for title, detail in zip(self._titles, self._details, strict=True):
            facts.addWidget(title)
            facts.addWidget(detail)
        facts.addWidget(self._note)
        facts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT + UNIT // 2)
        row.addStrut(_MOST_LINES * self.fontMetrics().lineSpacing())
        row.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(facts, 1)

    def _line(self, index: int, size: PixelSize) -> tuple[str, str]:
        """Title and detail of one outcome."""
        words = self.tr("or {size} px") if index else self.tr("{size} px")
        if is_impossible(size):
            return words.format(size=size.label), ""
        detail = self.tr("{megapixels} MP · {ratio} · {width}×{height} mm")
        return words.format(size=size.label), detail.format(
            megapixels=f"{size.megapixels:.2f}",
            ratio=simplest_ratio(size),
            width=round(size.width * _MM_PER_PIXEL),
            height=round(size.height * _MM_PER_PIXEL),
        )

    def _show_lines(self, lines: list[tuple[str, str]]) -> None:
        for index in range(len(self._titles)):
            title, detail = lines[index] if index < len(lines) else ("", "")
            for label, text in ((self._titles[index], title), (self._details[index], detail)):
                label.setText(text)
                label.setVisible(bool(text))
        self.setToolTip(self.tr("Millimetres are for print at 300 ppi."))

    def _show_note(self) -> None:
        text = ""
        if isinstance(self._size, PixelSize):
            text = self.tr("Probably billed as {tier}").format(tier=probable_tier(self._size).label)
        elif not self._is_free:
            text = self.tr("Usually ready in 30–60 s")
        self._note.setText(text)
        self._note.setVisible(bool(text))


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
