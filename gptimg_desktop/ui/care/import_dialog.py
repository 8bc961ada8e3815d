"""Asks once, before pictures are imported, where their files shall live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QRadioButton, QVBoxLayout

from gptimg_desktop.core.filenames import shown_name
from gptimg_desktop.core.importing import ImportWish
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_INDENT = 3 * UNIT  # where the words of a radio button begin


class ImportDialog(QDialog):
    """`chosen` carries the `ImportWish`, agreed to by the user. `folder` is the picture folder."""

    chosen = Signal(object)

    def __init__(self, paths: tuple[str, ...], folder: str, parent: QWidget, *, copies: bool = True) -> None:
        super().__init__(parent)
        self._paths = paths
        self.setObjectName("importDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Import images"))
        self._copy = self._choice("importCopy", self.tr("Copy them into the picture folder"))
        self._leave = self._choice("importLeave", self.tr("Leave them where they are"))
        (self._copy if copies else self._leave).setChecked(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        column.addWidget(PlainLabel(self._heading(), "heading", self))
        column.addWidget(
            PlainLabel(self.tr("What is in the library already is not imported twice."), "muted", self)
        )
        column.addSpacing(UNIT)
        column.addWidget(self._copy)
        column.addWidget(self._note(folder))
        column.addSpacing(UNIT // 2)
        column.addWidget(self._leave)
        column.addWidget(
            self._note(self.tr("Where they are moved or deleted later, the library shows them as missing."))
        )
        column.addSpacing(UNIT)
        column.addWidget(self._buttons())
        width = 52 * UNIT
        self.setMinimumWidth(width)
        self.resize(width, column.totalHeightForWidth(width))

    def _heading(self) -> str:
        if len(self._paths) == 1:
            name = shown_name(self._paths[0].rstrip("/\\").replace("\\", "/").rpartition("/")[2])
            return self.tr("Import “{name}”").format(name=name)
        count = self.locale().toString(len(self._paths))
        return self.tr("Import {count} files and folders").format(count=count)

    def _choice(self, name: str, text: str) -> QRadioButton:
        button = QRadioButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        return button

    def _note(self, text: str) -> PlainLabel:
        label = PlainLabel(text, "muted", self)
        label.setContentsMargins(_INDENT, 0, 0, 0)
        return label

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        cancel = QPushButton(self.tr("Cancel"), box)
        cancel.setObjectName("importCancel")
        go = QPushButton(self.tr("Import"), box)
        go.setObjectName("importGo")
        go.setDefault(True)
        go.setProperty("role", "primary")
        for button, role in (
            (cancel, QDialogButtonBox.ButtonRole.RejectRole),
            (go, QDialogButtonBox.ButtonRole.AcceptRole),
        ):
            button.setAccessibleName(button.text())
            box.addButton(button, role)
        box.rejected.connect(self.reject)
        box.accepted.connect(self._agree)
        return box

    def _agree(self) -> None:
        self.chosen.emit(ImportWish(paths=self._paths, are_copied=self._copy.isChecked()))
        self.accept()
