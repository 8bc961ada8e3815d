"""What is looked at in words, and the buttons of the viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.deeds import Deed, with_key
from gptimg_desktop.ui.theme import UNIT
from gptimg_desktop.ui.viewer.one_line import OneLine

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QKeyEvent

    from gptimg_desktop.core.sizes import PixelSize

_ARROWS: Final = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})


class ViewerBar(QFrame):
    """Previous and next, position, name and size on the left; zoom, marks, use and close on the right."""

    previous_pressed = Signal()
    next_pressed = Signal()
    zoom_out_pressed = Signal()
    zoom_in_pressed = Signal()
    fit_pressed = Signal()
    full_pressed = Signal()
    pick_pressed = Signal()
    reject_pressed = Signal()
    use_pressed = Signal()
    reference_pressed = Signal()
    close_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewerBar")
        self.setProperty("role", "panel")
        self._position = self._label("viewerPosition", "muted")
        self._name = OneLine("heading", self)
        self._name.setObjectName("viewerName")
        self._pixels = self._label("viewerPixels", "muted")
        self._zoom = self._label("viewerZoom", "muted")
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance("3200 %") + UNIT)
        self._make_buttons()
        self._lay_out()

    # What is told

    def set_position(self, position: int | None, count: int) -> None:
        """Which of how many; None where the gallery does not show it any more."""
        if position is None:
            self._position.setText(self.tr("not in this list"))
        else:
            number = QLocale().toString
            words = self.tr("{position} of {count}")
            self._position.setText(words.format(position=number(position), count=number(count)))

    def set_ways(self, *, back: bool, on: bool) -> None:
        self._previous.setEnabled(back)
        self._next.setEnabled(on)

    def set_picture(self, name: str, pixels: PixelSize | None) -> None:
        self._name.say(name)
        self._pixels.setText("" if pixels is None else pixels.label)

    def set_zoom(self, scale: float | None, *, is_fitted: bool) -> None:
        """`scale`: 1.0 is 100 %; None where there is nothing to zoom."""
        self._zoom.setText("" if scale is None else percent(scale))
        has_picture = scale is not None
        self._zoom_out.setEnabled(has_picture and not is_fitted)
        for button in (self._zoom_in, self._fit, self._full):
            button.setEnabled(has_picture)
        self._fit.setChecked(is_fitted)
        self._full.setChecked(scale == 1.0)

    def set_marks(self, *, picked: bool, rejected: bool) -> None:
        self._pick.setChecked(picked)
        self._pick.call(with_key(self.tr("Take out of picks") if picked else self.tr("Pick"), Deed.PICK))
        self._reject.setChecked(rejected)
        reject = self.tr("No longer reject") if rejected else self.tr("Reject")
        self._reject.call(with_key(reject, Deed.REJECT))

    def set_usable(self, *, has_settings: bool) -> None:
        """Whether there are settings that can be taken; a picture that was imported has none."""
        self._use.setEnabled(has_settings)

    def texts(self) -> tuple[str, ...]:
        """Position, name and size, for a screen reader."""
        parts = (self._position.text(), self._name.accessibleName(), self._pixels.text())
        return tuple(part for part in parts if part)

    def buttons(self) -> tuple[QWidget, ...]:
        """Those that can take the focus now, from left to right."""
        return tuple(button for button in self._in_order if button.isEnabled())

    # Parts

    def _make_buttons(self) -> None:
        self._previous = self._button(
            "viewerPrevious", "chevron-left", self.tr("Previous picture (←)"), self.previous_pressed
        )
        self._next = self._button(
            "viewerNext", "chevron-right", self.tr("Next picture (→)"), self.next_pressed
        )
        self._zoom_out = self._button(
            "viewerZoomOut", "minus", self.tr("Zoom out (−)"), self.zoom_out_pressed
        )
        self._zoom_in = self._button("viewerZoomIn", "plus", self.tr("Zoom in (+)"), self.zoom_in_pressed)
        self._fit = self._button("viewerFit", "maximize", self.tr("Whole picture (0)"), self.fit_pressed)
        self._full = self._button("viewerFull", "scan", self.tr("100 % (1)"), self.full_pressed)
        self._full.setText("1:1")
        self._full.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._pick = self._button("viewerPick", "star", "", self.pick_pressed)
        self._reject = self._button("viewerReject", "thumbs-down", "", self.reject_pressed)
        self._use = self._button(
            "viewerUse",
            "arrow-left-to-line",
            with_key(self.tr("Use these settings"), Deed.USE_ALL),
            self.use_pressed,
        )
        self._reference = self._button(
            "viewerReference",
            "image-plus",
            with_key(self.tr("Use as reference"), Deed.AS_REFERENCE),
            self.reference_pressed,
        )
        self._close = self._button("viewerClose", "x", self.tr("Close (Esc)"), self.close_pressed)
        for button in (self._fit, self._full, self._pick, self._reject):
            button.setProperty("role", "chip")
            button.setCheckable(True)
        self._in_order = (
            self._previous,
            self._next,
            self._zoom_out,
            self._zoom_in,
            self._fit,
            self._full,
            self._pick,
            self._reject,
            self._use,
            self._reference,
            self._close,
        )
        self.set_marks(picked=False, rejected=False)

    def _button(self, name: str, sign: str, text: str, pressed: SignalInstance) -> BarButton:
        button = BarButton(sign, text, self, size=20)
        button.setObjectName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click the keys still belong to the picture
        button.clicked.connect(pressed)
        return button

    def _label(self, name: str, role: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setObjectName(name)
        label.setProperty("role", role)
        return label

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        row.setSpacing(UNIT // 2)
        row.addWidget(self._previous)
        row.addWidget(self._next)
        row.addSpacing(UNIT)
        row.addWidget(self._position)
        row.addSpacing(2 * UNIT)
        row.addWidget(self._name)
        row.addSpacing(UNIT)
        row.addWidget(self._pixels)
        row.addStretch(1)
        row.addSpacing(2 * UNIT)
        for part in (self._zoom_out, self._zoom, self._zoom_in):
            row.addWidget(part)
        row.addSpacing(UNIT)
        row.addWidget(self._fit)
        row.addWidget(self._full)
        row.addSpacing(2 * UNIT)
        row.addWidget(self._pick)
        row.addWidget(self._reject)
        row.addSpacing(UNIT)
        row.addWidget(self._use)
        row.addWidget(self._reference)
        row.addSpacing(2 * UNIT)
        row.addWidget(self._close)


class BarButton(IconButton):
    """Leaves the arrow keys to the viewer, where Qt would move the focus with them."""

    def call(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setToolTip(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)


def percent(scale: float) -> str:
    """A scale as people write it: "37 %", "8.3 %"."""
    value = 100 * scale
    return f"{value:.1f} %" if value < 10 and round(value, 1) != round(value) else f"{round(value)} %"
