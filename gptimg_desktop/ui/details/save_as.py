"""Asks where a copy of a file shall go."""

from __future__ import annotations

from PySide6.QtCore import QFileInfo, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gptimg_desktop.ui.details.wishes import SaveAs


class SaveAsDialog(QFileDialog):
    """Asks for a new place for a file; `chosen` carries a SaveAs, agreed to by the user."""

    chosen = Signal(object)

    def __init__(self, source: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._source = source
        self.setObjectName("saveAsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Save as"))
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QFileDialog.FileMode.AnyFile)
        ending = QFileInfo(source).suffix()
        self.setNameFilters([self.tr("Pictures (*.{ending})").format(ending=ending)])
        self.setDefaultSuffix(ending)
        self.selectFile(QFileInfo(source).fileName())
        self.fileSelected.connect(self._tell)

    def _tell(self, target: str) -> None:
        self.chosen.emit(SaveAs(source=self._source, target=target))
