"""The one question that closing ever asks: paid tasks whose ids could be written down nowhere."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from gptimg_desktop.ui.question import dress_as_warning


class UnkeptDialog(QMessageBox):
    """Shows the task ids, copies them, and emits `gave_up` where the user closes the program all the same."""

    gave_up = Signal()

    def __init__(self, task_ids: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._copied = ""
        self.setObjectName("unkeptDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dress_as_warning(self)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWindowTitle(self.tr("Paid pictures would be lost"))
        self.setText(self.tr("The ids of paid tasks could not be written to the disk."))
        self.show_ids(task_ids)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        copy = self.addButton(self.tr("Copy the ids"), QMessageBox.ButtonRole.ActionRole)
        copy.setObjectName("unkeptCopy")
        copy.clicked.disconnect()  # else the box closes, and the question with it
        copy.clicked.connect(self._copy)
        self._leave = self.addButton(self.tr("Close all the same"), QMessageBox.ButtonRole.DestructiveRole)
        self._leave.setObjectName("unkeptClose")
        stay = self.addButton(self.tr("Stay"), QMessageBox.ButtonRole.RejectRole)
        stay.setObjectName("unkeptStay")
        self.setDefaultButton(stay)
        self.setEscapeButton(stay)
        self.buttonClicked.connect(self._answer)

    def show_ids(self, task_ids: tuple[str, ...]) -> None:
        """The ids as they are now; with none there is nothing to ask any more."""
        self._copied = "\n".join(task_ids)
        self.setInformativeText(
            self.tr(
                "Make room on the disk, and they are kept by themselves. Or copy them: with its id a picture "
                "can be found on the service's web page."
            )
            + f"\n\n{self._copied}"
        )
        if not task_ids:
            self.reject()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._copied)

    def _answer(self, button: object) -> None:
        if button is self._leave:
            self.gave_up.emit()
