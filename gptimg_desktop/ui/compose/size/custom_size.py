"""Width and height in pixels, and the nearest size that nothing speaks against."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QWidget

from gptimg_desktop.core.good_sizes import nearest_good
from gptimg_desktop.core.sizes import PixelSize, is_possible_edge
from gptimg_desktop.ui.compose.size.edge_spin_box import EdgeSpinBox
from gptimg_desktop.ui.theme import UNIT


class CustomSize(QWidget):
    """Two spin boxes and an offer that comes and goes in its own place. `edited` carries the `PixelSize`
    after each change by the user."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = EdgeSpinBox("customWidth", self.tr("Width in pixels"))
        self._height = EdgeSpinBox("customHeight", self.tr("Height in pixels"))
        self._use = self._build_offer()
        self._good = self._build_good()
        self._offer = QStackedWidget()
        self._lay_out()
        self.set_value(PixelSize(1024, 1024))
        for spin in (self._width, self._height):
            spin.valueChanged.connect(self._on_edited)
            spin.size_pasted.connect(self._take)
        self._width.cross_typed.connect(self._height.take_focus)

    def value(self) -> PixelSize:
        return PixelSize(self._width.value(), self._height.value())

    def set_value(self, size: PixelSize) -> None:
        """Show a size, telling nobody."""
        for spin, edge in ((self._width, size.width), (self._height, size.height)):
            spin.blockSignals(True)
            spin.setValue(edge)
            spin.blockSignals(False)
        self._judge()

    def take_focus(self) -> None:
        """Be where the next digit goes: in the first edge that nobody can make, else in the width."""
        edges = (self._width, self._height)
        next((spin for spin in edges if not is_possible_edge(spin.value())), self._width).take_focus()

    def _build_offer(self) -> QPushButton:
        use = QPushButton()
        use.setObjectName("nearestGoodSize")
        use.setProperty("role", "chip")
        use.setAutoDefault(False)
        use.setToolTip(self.tr("The nearest size that nothing speaks against"))
        use.clicked.connect(self._use_nearest)
        return use

    def _build_good(self) -> QLabel:
        good = QLabel(self.tr("A good size"))
        good.setProperty("role", "success")
        good.setMinimumWidth(1)
        return good

    def _lay_out(self) -> None:
        widest = self.tr("Use {size}").format(size="8888×8888")
        self._offer.setFixedWidth(self.fontMetrics().horizontalAdvance(widest) + 3 * UNIT)
        self._offer.addWidget(self._use)
        self._offer.addWidget(self._good)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        row.addWidget(self._width, 1)
        row.addWidget(QLabel("×"))
        row.addWidget(self._height, 1)
        row.addSpacing(UNIT // 2)
        row.addWidget(self._offer)

    def _take(self, size: PixelSize) -> None:
        self.set_value(size)
        self.edited.emit(self.value())

    def _use_nearest(self) -> None:
        had_focus = self._use.hasFocus()
        self._take(nearest_good(self.value()))
        if had_focus:  # what was pressed is gone
            self.take_focus()

    def _on_edited(self) -> None:
        self._judge()
        self.edited.emit(self.value())

    def _judge(self) -> None:
        size = self.value()
        nearest = nearest_good(size)
        self._use.setText(self.tr("Use {size}").format(size=nearest.label))
        self._use.setAccessibleName(self._use.text())
        self._offer.setCurrentWidget(self._good if nearest == size else self._use)
        self._mark()

    def _mark(self) -> None:
        for spin in (self._width, self._height):
            is_invalid = not is_possible_edge(spin.value())
            if spin.property("invalid") != is_invalid:
                spin.setProperty("invalid", is_invalid)
                spin.style().unpolish(spin)
                spin.style().polish(spin)
