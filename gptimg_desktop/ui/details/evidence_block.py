"""What was found out about an unconfirmed job, to look at beside the four ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gptimg_desktop.core.findings import Leaning
from gptimg_desktop.ui.details.action_button import ActionButton
from gptimg_desktop.ui.details.came_back_dialog import CameBackDialog
from gptimg_desktop.ui.details.copy_field import CopyField
from gptimg_desktop.ui.details.facts_grid import FactsGrid
from gptimg_desktop.ui.details.selectable import SelectableLabel
from gptimg_desktop.ui.details.trail import figures, headline, reason
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from gptimg_desktop.core.findings import Findings

_SIGNS: Final = {
    Leaning.PROBABLY_CHARGED: ("coins", "warning"),
    Leaning.PROBABLY_NOT: ("circle-check", "success"),
    Leaning.CANNOT_TELL: ("circle-help", "muted"),
}


class EvidenceBlock(QWidget):
    """Says what the balance suggests and shows the sums that it follows from, and what came back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: Findings | None = None
        self._sign = IconLabel("circle-help", parent=self)
        self._headline = PlainLabel(role="heading", parent=self)
        self._headline.setObjectName("unconfirmedLeaning")
        self._reason = SelectableLabel(parent=self)
        self._reason.setObjectName("unconfirmedReason")
        self._figures = FactsGrid(self)
        self._ids = CopyField(self.tr("Task id in the answer"), self)
        self._answer = ActionButton("unconfirmedCameBack", self.tr("What came back…"), "eye", self)
        self._answer.clicked.connect(self._show_answer)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        line = QFrame(self)
        line.setProperty("role", "line")
        head = QHBoxLayout()
        head.setSpacing(UNIT)
        head.addWidget(self._sign)
        head.addWidget(self._headline, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, UNIT, 0, 0)
        column.setSpacing(UNIT)
        column.addWidget(line)
        column.addSpacing(UNIT // 2)
        column.addLayout(head)
        column.addWidget(self._reason)
        column.addSpacing(UNIT // 2)
        for widget in (self._figures, self._ids, self._answer):
            column.addWidget(widget)

    def set_findings(self, findings: Findings | None) -> None:
        """Show what was found; None while nothing is known."""
        self._findings = findings
        self.setVisible(findings is not None)
        if findings is None:
            return
        trail, answer = findings.trail, findings.came_back
        self._sign.show_icon(*_SIGNS[trail.leaning])
        self._headline.say(headline(trail))
        self._reason.say_if_new(reason(trail))
        groups = figures(trail)
        self._figures.set_groups(groups)
        self._figures.setVisible(bool(groups))
        self._ids.set_text("" if answer is None else " ".join(answer.task_ids))
        self._answer.setVisible(answer is not None)

    def _show_answer(self) -> None:
        if self._findings is not None and self._findings.came_back is not None:
            CameBackDialog(self._findings.came_back, self.window()).open()
