"""Width and height in pixels, with what is known about such sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gptimg_desktop.core.request import size_problem
from gptimg_desktop.core.sizes import (
    GRID,
    LEAST_PIXELS,
    LONGEST_EDGE,
    MOST_PIXELS,
    PixelSize,
    SizeAdvice,
    advice,
)
from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.compose.message_line import MessageLine
from gptimg_desktop.ui.compose.steady_spin_box import SteadySpinBox
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_TYPED: Final = (
    99_999  # more than any service makes, so that the answer is a sentence and not a dead key
)


class CustomSize(QWidget):
    """Two spin boxes. Advice is a hint; only an impossible size is an error. `edited` carries the `PixelSize`
    after each change by the user."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = self._build_edge("customWidth", self.tr("Width in pixels"))
        self._height = self._build_edge("customHeight", self.tr("Height in pixels"))
        self._hint = QLabel()
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._hint.setMinimumWidth(1)
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._message = MessageLine()
        self._lay_out()
        self.set_value(PixelSize(1024, 1024))
        for spin in (self._width, self._height):
            spin.valueChanged.connect(self._on_edited)

    def value(self) -> PixelSize:
        return PixelSize(self._width.value(), self._height.value())

    def set_value(self, size: PixelSize) -> None:
        """Show a size, telling nobody."""
        for spin, edge in ((self._width, size.width), (self._height, size.height)):
            spin.blockSignals(True)
            spin.setValue(edge)
            spin.blockSignals(False)
        self._explain()

    def focus_width(self) -> None:
        self._width.setFocus(Qt.FocusReason.OtherFocusReason)
        self._width.selectAll()

    def message(self) -> str:
        """Why the size is impossible; empty where it is not."""
        return self._message.text()

    def hint(self) -> str:
        """What speaks against the size; empty where nothing does."""
        return self._hint.text()

    def _build_edge(self, object_name: str, name: str) -> SteadySpinBox:
        spin = SteadySpinBox(object_name, name)
        spin.setToolTip(name)
        spin.setRange(0, _MOST_TYPED)
        spin.setSingleStep(GRID)
        spin.setSuffix(self.tr(" px"))
        return spin

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self._width, 1)
        row.addWidget(QLabel("×"))
        row.addWidget(self._height, 1)
        swap = IconButton("arrow-left-right", self.tr("Swap width and height"))
        swap.clicked.connect(self._swap)
        row.addWidget(swap)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(UNIT // 2)
        layout.addLayout(row)
        layout.addWidget(self._message)
        layout.addWidget(self._hint)

    def _swap(self) -> None:
        size = self.value()
        self.set_value(PixelSize(size.height, size.width))
        self._on_edited()

    def _on_edited(self) -> None:
        self._explain()
        self.edited.emit(self.value())

    def _explain(self) -> None:
        size = self.value()
        problem = size_problem(size)
        if problem is None:
            self._message.clear()
        else:
            self._message.show_problem(problem)
        self._hint.setText("" if problem else " ".join(_advice_sentences(size)))
        self._hint.setVisible(bool(self._hint.text()))
        for spin in (self._width, self._height):
            spin.setProperty("invalid", problem is not None)
            spin.style().unpolish(spin)
            spin.style().polish(spin)


def _advice_sentences(size: PixelSize) -> Iterator[str]:
    """One sentence for each advice. They warn, they do not forbid: the service has the last word."""
    sentences = {
        SizeAdvice.NOT_MULTIPLE_OF_16: _tr("Multiples of 16 are safest: {size}.").format(
            size=_rounded(size).label
        ),
        SizeAdvice.EDGE_TOO_LONG: _tr("Edges over {edge} px may be refused.").format(edge=LONGEST_EDGE),
        SizeAdvice.TOO_NARROW: _tr("Shapes longer than 3:1 may be refused."),
        SizeAdvice.TOO_FEW_PIXELS: _tr("Less than {limit} MP may be refused.").format(
            limit=f"{LEAST_PIXELS / 1_000_000:.2f}"
        ),
        SizeAdvice.TOO_MANY_PIXELS: _tr("More than {limit} MP may be refused.").format(
            limit=f"{MOST_PIXELS / 1_000_000:.2f}"
        ),
    }
    return (sentences[kind] for kind in advice(size))


def _rounded(size: PixelSize) -> PixelSize:
    """The nearest size whose edges are multiples of 16."""
    return PixelSize(*(max(GRID, round(edge / GRID) * GRID) for edge in (size.width, size.height)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("CustomSize", text)
