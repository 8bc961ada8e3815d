"""How many references there are, what they weigh in the request, the ways to make that less, and to take back
what was just done to them."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from gptimg_desktop.core.reference import (
    MOST_REFERENCES,
    FileReference,
    Reference,
    Shrink,
    weight,
    weight_problem,
)
from gptimg_desktop.ui import icons
from gptimg_desktop.ui.compose.references.shrink_popup import ShrinkPopup
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.messages import file_size, sentence
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QResizeEvent

    from gptimg_desktop.ui.compose.references.undo_line import UndoLine

HEAVY_BYTES: Final = 64 * 1000 * 1000
"""A request of this weight takes long to send over most lines."""


class WeightLine(QWidget):
    """Nothing is to be seen while there are no references, and nothing to take back. `undo` stands in the
    middle of it, so that nothing else moves when it comes or goes.

    `shrink_chosen` carries a `Shrink` or None.
    """

    shrink_chosen = Signal(object)

    def __init__(self, undo: UndoLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._undo = undo
        self._count = 0
        self._sign = IconLabel("triangle-alert", "warning", 14)
        self._text = QLabel()
        self._text.setObjectName("referenceWeight")
        self._text.setMinimumWidth(1)  # rather a cut word than a wider composer
        self._popup = ShrinkPopup(self)
        self._button = self._build_button()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        row.addWidget(self._sign)
        row.addWidget(self._text)
        row.addWidget(undo, 1)
        row.addWidget(self._button)
        self._popup.chosen.connect(self.shrink_chosen)
        undo.changed.connect(self._show)
        self._colour()

    def show_references(
        self, count: int, kept: tuple[Reference, ...], sent: tuple[Reference, ...], *, awaited: int
    ) -> None:
        """Tell `count` places; `kept` are the references as given, `sent` as they are sent, of which
        `awaited` are still to be made lighter."""
        total = weight(sent)
        self._count = count
        text = self.tr("{count} of {most}").format(count=count, most=MOST_REFERENCES)
        has_files = any(isinstance(reference, FileReference) for reference in kept)
        self._text.setText(f"{text} · {file_size(total)}" if has_files else text)
        self._set_tone(sent, total)
        self._button.setVisible(has_files)
        self._popup.show_weights(weight(kept), total, awaited=awaited)
        self._show()

    def set_shrink(self, shrink: Shrink | None) -> None:
        """How pictures are made lighter; None for as they are."""
        self._popup.set_shrink(shrink)
        is_on = shrink is not None
        self._button.setChecked(is_on)
        told = self.tr("Up to {edge} px").format(edge=shrink.longest_edge) if shrink else ""
        self._button.setAccessibleDescription(told)
        self._button.setText(f"≤ {shrink.longest_edge} px" if shrink else self.tr("Shrink"))
        self._fit()

    def open_popup(self) -> None:
        """Offer the ways to shrink, by the button."""
        self._button.setChecked(self._popup.shrink is not None)
        self._popup.open_by(self._button)

    def keep_popup_above(self, room: QWidget) -> None:
        """Offer nothing over what lies below `room`, which may cost."""
        self._popup.keep_above(room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange:
            self._colour()

    def _build_button(self) -> QPushButton:
        button = QPushButton()
        button.setObjectName("shrinkButton")
        button.setProperty("role", "link")
        button.setCheckable(True)
        button.setText(self.tr("Shrink"))
        button.setAccessibleName(self.tr("Shrink what is sent"))
        button.setToolTip(self.tr("Shrink what is sent; your files stay as they are"))
        button.setIconSize(icons.BESIDE_TEXT)
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(self._toggle_popup)
        return button

    def _toggle_popup(self) -> None:
        if self._popup.isVisible():
            self._button.setChecked(self._popup.shrink is not None)
            self._popup.shut()
        else:
            self.open_popup()

    def _show(self) -> None:
        self._text.setVisible(self._count > 0)
        self.setVisible(self._count > 0 or bool(self._undo.text()))
        self._fit()

    def _fit(self) -> None:
        """Rather the way back is a sign alone than the weight a cut word."""
        others = [each for each in (self._sign, self._text, self._button) if not each.isHidden()]
        taken = sum(each.sizeHint().width() + UNIT // 2 for each in others)
        self._undo.fit_into(self.width() - taken)

    def _set_tone(self, sent: tuple[Reference, ...], total: int) -> None:
        problem = weight_problem(sent)
        tone = "danger" if problem else "warning" if total > HEAVY_BYTES else "muted"
        self._sign.show_icon("circle-alert" if problem else "triangle-alert", tone)
        self._sign.setVisible(tone != "muted")
        if tone != self._text.property("role"):
            self._text.setProperty("role", tone)
            self._text.style().unpolish(self._text)
            self._text.style().polish(self._text)
        self._text.setToolTip(f"<qt>{self._explained(sent, total)}</qt>")

    def _explained(self, sent: tuple[Reference, ...], total: int) -> str:
        if problem := weight_problem(sent):
            return html.escape(sentence(problem))
        told = self.tr("What goes over the line with each image: the pictures, packed, are a third heavier.")
        if total > HEAVY_BYTES:
            told += " " + self.tr("This much takes a while to send. Shrinking makes it quicker.")
        return told

    def _colour(self) -> None:
        self._button.setIcon(icons.icon("minimize-2", tokens_for(self.palette()).accent, beside_text=True))
