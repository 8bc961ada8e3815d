"""The settings, as one value in and one value out."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gptimg_desktop.core.connection import clean_base_url
from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind
from gptimg_desktop.core.settings import DEFAULT_BASE_URL, Settings, Theme
from gptimg_desktop.ui.clear_button import add_clear_button
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

_MOST_AT_ONCE: Final = 8


class SettingsDialog(QDialog):
    """To be opened with `open()`. `settings_changed` carries the new settings, once, when they are usable."""

    settings_changed = Signal(object)  # Settings

    def __init__(
        self, settings: Settings, default_pictures_folder: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._default_folder = default_pictures_folder
        self.setObjectName("settingsDialog")
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(60 * UNIT)
        self._make_look()
        self._make_folder()
        self._make_service()
        self._lay_out()

    def _make_look(self) -> None:
        self._theme = QComboBox(self)
        self._theme.setObjectName("themeCombo")
        self._theme.setAccessibleName(self.tr("Theme"))
        names = {
            Theme.SYSTEM: self.tr("Like the system"),
            Theme.LIGHT: self.tr("Light"),
            Theme.DARK: self.tr("Dark"),
        }
        for theme, name in names.items():
            self._theme.addItem(name, theme.value)
        self._theme.setCurrentIndex(self._theme.findData(self._settings.theme.value))

    def _make_folder(self) -> None:
        self._folder = QLineEdit(self._settings.pictures_folder, self)
        self._folder.setObjectName("picturesFolderEdit")
        self._folder.setAccessibleName(self.tr("Pictures folder"))
        self._folder.setPlaceholderText(self._default_folder)
        add_clear_button(self._folder, self.tr("Back to the usual folder"))
        self._folder.textChanged.connect(self._forgive_folder)
        self._folder_problem = self._problem_line("settingsFolderProblem")
        self._choose = QPushButton(self.tr("Choose…"), self)
        self._choose.setObjectName("chooseFolderButton")
        self._choose.setAccessibleName(self.tr("Choose the pictures folder"))
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self._ask_for_folder)

    def _make_service(self) -> None:
        self._address = QLineEdit(self._settings.base_url, self)
        self._address.setObjectName("baseUrlEdit")
        self._address.setAccessibleName(self.tr("Service address"))
        self._address.setPlaceholderText(DEFAULT_BASE_URL)
        self._address.textChanged.connect(self._forgive_address)
        self._address_problem = self._problem_line("settingsProblem")
        self._at_once = QComboBox(self)
        self._at_once.setObjectName("submitsCombo")
        self._at_once.setAccessibleName(self.tr("Sent at once"))
        for count in range(1, max(_MOST_AT_ONCE, self._settings.submits_at_once) + 1):
            self._at_once.addItem(str(count), count)
        self._at_once.setCurrentIndex(self._at_once.findData(self._settings.submits_at_once))
        self._at_once.setMaximumWidth(12 * UNIT)

    def _problem_line(self, name: str) -> PlainLabel:
        line = PlainLabel(role="danger", parent=self)
        line.setObjectName(name)
        line.hide()
        return line

    def _lay_out(self) -> None:
        folder = QHBoxLayout()
        folder.setSpacing(UNIT)
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._choose)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * UNIT)
        grid.setVerticalSpacing(UNIT)
        grid.setColumnStretch(1, 1)
        self._line(grid, self.tr("Theme"), self._theme)
        self._line(
            grid,
            self.tr("Pictures folder"),
            folder,
            self.tr("Pictures are plain files. Nothing old is moved."),
        )
        grid.addWidget(self._folder_problem, grid.rowCount(), 1)
        self._line(
            grid, self.tr("Service address"), self._address, self.tr("The key is sent only to this address.")
        )
        grid.addWidget(self._address_problem, grid.rowCount(), 1)
        self._line(
            grid, self.tr("Sent at once"), self._at_once, self.tr("How many requests go out side by side.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        column.setSpacing(3 * UNIT)
        column.addLayout(grid)
        column.addStretch(1)
        column.addWidget(self._buttons())

    @staticmethod
    def _line(grid: QGridLayout, label: str, field: QWidget | QHBoxLayout, advice: str = "") -> None:
        row = grid.rowCount()
        name = QLabel(label)
        name.setProperty("role", "heading")
        grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignVCenter)
        if isinstance(field, QWidget):
            grid.addWidget(field, row, 1)
        else:
            grid.addLayout(field, row, 1)
        if advice:
            grid.addWidget(PlainLabel(advice, "muted"), row + 1, 1)

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        save = QPushButton(self.tr("Save"), box)
        save.setObjectName("settingsSave")
        save.setAccessibleName(self.tr("Save the settings"))
        save.setProperty("role", "primary")
        save.setDefault(True)
        box.addButton(save, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = QPushButton(self.tr("Cancel"), box)  # a standard one would bring the style's own icon
        cancel.setAccessibleName(self.tr("Cancel"))
        cancel.setMinimumHeight(save.sizeHint().height())
        box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        box.accepted.connect(self._save)
        box.rejected.connect(self.reject)
        return box

    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Pictures folder"), self._folder.text() or self._default_folder)
        dialog.setObjectName("folderDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.open()

    def _forgive_folder(self) -> None:
        _forgive(self._folder, self._folder_problem)

    def _forgive_address(self) -> None:
        _forgive(self._address, self._address_problem)

    def _save(self) -> None:
        """Tell the new settings and close; a field that cannot be used keeps the dialog open."""
        address, folder = self._usable_address(), self._usable_folder()
        if address is None or folder is None:
            return
        changed = replace(
            self._settings,
            theme=Theme(self._theme.currentData()),
            pictures_folder=folder,
            base_url=address,
            submits_at_once=int(self._at_once.currentData()),
        )
        self.accept()
        if changed != self._settings:
            self.settings_changed.emit(changed)

    def _usable_address(self) -> str | None:
        """The address as it will be used; None, with the reason told, where it cannot be."""
        try:
            return clean_base_url(self._address.text().strip() or DEFAULT_BASE_URL)
        except BadInputError as error:
            _refuse(self._address, self._address_problem, error.problem)
            return None

    def _usable_folder(self) -> str | None:
        """The folder's whole path, empty for the usual one; None, with the reason told, for half a path."""
        text = self._folder.text().strip()
        whole = os.path.expanduser(text)  # noqa: PTH111 - pathlib fails for a user that is not there
        if not text or os.path.isabs(whole):  # noqa: PTH117 - it is still a text
            return whole
        reason = self.tr("type its whole path, such as {path}").format(path=self._default_folder)
        problem = Problem.of(ProblemKind.FOLDER_UNWRITABLE, folder=text, reason=reason)
        _refuse(self._folder, self._folder_problem, problem)
        return None


def _refuse(field: QLineEdit, line: PlainLabel, problem: Problem) -> None:
    """Say what is wrong with a field, and go there."""
    line.say(sentence(problem))
    line.show()
    _mark(field, invalid=True)
    field.setFocus()


def _forgive(field: QLineEdit, line: PlainLabel) -> None:
    line.hide()
    _mark(field, invalid=False)


def _mark(field: QLineEdit, *, invalid: bool) -> None:
    field.setProperty("invalid", invalid)
    field.style().unpolish(field)
    field.style().polish(field)
