"""The settings, as one value in and one value out."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gptimg_desktop.core.connection import ALIASES, clean_base_url, clean_proxy
from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind
from gptimg_desktop.core.settings import DEFAULT_BASE_URL, Delivery, ProxyChoice, Settings, Theme
from gptimg_desktop.ui.clear_button import add_clear_button
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.settings.amount_field import AmountField
from gptimg_desktop.ui.settings.field_note import FieldNote
from gptimg_desktop.ui.settings.form import Form
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTH: Final = 84 * UNIT
_MOST_AT_ONCE: Final = 8
_MOMENTS: Final = frozenset({QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show})
_PROXY_EXAMPLE: Final = "http://proxy.example:8080"


class SettingsDialog(QDialog):
    """To be opened with `open()`. `settings_changed` carries the new settings, once, when they are usable.

    `given_address`: the service's address that the start was given, which cannot be changed here.
    """

    settings_changed = Signal(object)  # Settings

    def __init__(
        self,
        settings: Settings,
        default_pictures_folder: str,
        parent: QWidget | None = None,
        *,
        given_address: str = "",
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._given_address = given_address
        self._default_folder = default_pictures_folder
        self.setObjectName("settingsDialog")
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(_WIDTH)
        self._make_look()
        self._make_folder()
        self._make_service()
        self._make_proxy()
        self._make_sending()
        self._make_money()
        self._lay_out()

    def event(self, event: QEvent) -> bool:
        """Texts that wrap need room that Qt's layouts do not ask a window for."""
        handled = super().event(event)
        if event.type() in _MOMENTS and self.isVisible() and (layout := self.layout()) is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return handled

    def _make_look(self) -> None:
        names = {
            Theme.SYSTEM: self.tr("Like the system"),
            Theme.LIGHT: self.tr("Light"),
            Theme.DARK: self.tr("Dark"),
        }
        self._theme = _choice("themeCombo", self.tr("Theme"), names, self._settings.theme)

    def _make_folder(self) -> None:
        self._folder = QLineEdit(self._settings.pictures_folder)
        self._folder.setObjectName("picturesFolderEdit")
        self._folder.setAccessibleName(self.tr("Pictures folder"))
        self._folder.setPlaceholderText(self._default_folder)
        add_clear_button(self._folder, self.tr("Back to the usual folder"))
        self._folder_note = FieldNote(
            self._folder, self.tr("Pictures are plain files. Nothing old is moved.")
        )
        self._folder.textChanged.connect(self._folder_note.forgive)
        self._choose = QPushButton(self.tr("Choose…"))
        self._choose.setObjectName("chooseFolderButton")
        self._choose.setAccessibleName(self.tr("Choose the pictures folder"))
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self._ask_for_folder)

    def _make_service(self) -> None:
        self._services = QComboBox()
        self._services.setObjectName("baseUrlCombo")
        self._services.setAccessibleName(self.tr("Service address, known ones to choose from"))
        self._services.setEditable(True)
        self._services.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._services.addItems(ALIASES)
        self._services.setMinimumContentsLength(1)
        self._address = QLineEdit()
        self._services.setLineEdit(self._address)
        self._address.setObjectName("baseUrlEdit")
        self._address.setAccessibleName(self.tr("Service address"))
        self._address.setPlaceholderText(DEFAULT_BASE_URL)
        self._address.setCompleter(None)  # type: ignore[arg-type]  # an address is typed as it is meant
        self._services.setCurrentIndex(self._services.findText(self._settings.base_url))
        self._address.setText(self._given_address or self._settings.base_url)
        self._services.setEnabled(not self._given_address)
        self._address_note = FieldNote(
            self._address,
            self.tr("Given at the start, which wins over the settings. The key is sent only there.")
            if self._given_address
            else self.tr("The key is sent only to this address. The list holds others of the same service."),
            frame=self._services,
        )
        self._address.textChanged.connect(self._address_note.forgive)

    def _make_proxy(self) -> None:
        names = {
            ProxyChoice.SYSTEM: self.tr("Like the system"),
            ProxyChoice.NONE: self.tr("None"),
            ProxyChoice.GIVEN: self.tr("This one:"),
        }
        self._proxy = _choice("proxyCombo", self.tr("Proxy"), names, self._settings.proxy)
        self._proxy_address = QLineEdit(self._settings.proxy_address)
        self._proxy_address.setObjectName("proxyEdit")
        self._proxy_address.setAccessibleName(self.tr("Address of the proxy"))
        self._proxy_address.setPlaceholderText(_PROXY_EXAMPLE)
        self._proxy_note = FieldNote(self._proxy_address)
        self._proxy_address.textChanged.connect(self._proxy_note.forgive)
        self._proxy.currentIndexChanged.connect(self._show_proxy_field)
        self._proxy.activated.connect(self._enter_proxy_field)
        self._show_proxy_field()

    def _make_sending(self) -> None:
        names = {
            Delivery.INLINE: self.tr("Inside the request (base64)"),
            Delivery.UPLOAD: self.tr("Uploaded first"),
        }
        self._delivery = _choice(
            "deliveryCombo", self.tr("References are sent"), names, self._settings.delivery
        )
        most = max(_MOST_AT_ONCE, self._settings.submits_at_once)
        counts = {count: str(count) for count in range(1, most + 1)}
        self._at_once = _choice(
            "submitsCombo", self.tr("Sent at once"), counts, self._settings.submits_at_once
        )

    def _make_money(self) -> None:
        self._ask_above = AmountField(self._settings.ask_above)
        self._ask_above.setObjectName("askAbove")
        self._ask_above.setFixedWidth(10 * UNIT)
        self._ask_above.say_name(self.tr("Ask again above so many dollars at one press; 0 asks always"))

    def _lay_out(self) -> None:
        form = Form()
        form.begin_group(self.tr("Look"))
        form.add_row(self.tr("Theme"), self._theme, note=FieldNote(self._theme))
        form.begin_group(self.tr("Files"))
        form.add_row(self.tr("Pictures folder"), self._folder, self._choose, note=self._folder_note)
        form.begin_group(self.tr("Service"))
        form.add_row(self.tr("Service address"), self._services, note=self._address_note)
        form.add_row(self.tr("Proxy"), self._proxy, self._proxy_address, note=self._proxy_note)
        form.begin_group(self.tr("Sending"))
        form.add_row(
            self.tr("References are sent"),
            self._delivery,
            note=FieldNote(
                self._delivery,
                self.tr("Uploads have links that live 72 hours, and keep requests small."),
            ),
        )
        form.add_row(
            self.tr("Sent at once"),
            self._at_once,
            note=FieldNote(self._at_once, self.tr("How many requests go out side by side.")),
        )
        form.begin_group(self.tr("Money"))
        form.add_row(
            self.tr("Ask again above"),
            self._ask_above,
            PlainLabel(self.tr("at one press of Generate. 0: always, if it is paid."), role="muted"),
            note=FieldNote(self._ask_above),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addWidget(form)
        column.addStretch(1)
        column.addWidget(self._buttons())
        self.resize(_WIDTH, column.totalHeightForWidth(_WIDTH))

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
        cancel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)  # as high as Save
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

    def _show_proxy_field(self) -> None:
        self._proxy_address.setVisible(self._is_proxy_given())
        if not self._is_proxy_given():
            self._proxy_note.forgive()

    def _enter_proxy_field(self) -> None:
        if self._is_proxy_given():
            self._proxy_address.setFocus()

    def _is_proxy_given(self) -> bool:
        return ProxyChoice(self._proxy.currentData()) is ProxyChoice.GIVEN

    def _save(self) -> None:
        """Tell the new settings and close; a field that cannot be used keeps the dialog open."""
        proxy, address, folder = self._usable_proxy(), self._usable_address(), self._usable_folder()
        if proxy is None or address is None or folder is None:
            return
        changed = replace(
            self._settings,
            theme=Theme(self._theme.currentData()),
            pictures_folder=folder,
            base_url=address,
            proxy=ProxyChoice(self._proxy.currentData()),
            proxy_address=proxy,
            delivery=Delivery(self._delivery.currentData()),
            submits_at_once=int(self._at_once.currentData()),
            ask_above=self._ask_above.amount(),
        )
        self.accept()
        if changed != self._settings:
            self.settings_changed.emit(changed)

    def _usable_address(self) -> str | None:
        """The address as it will be used; None, with the reason told, where it cannot be."""
        if self._given_address:
            return self._settings.base_url
        try:
            return clean_base_url(self._address.text().strip() or DEFAULT_BASE_URL)
        except BadInputError as error:
            self._address_note.refuse(error.problem)
            return None

    def _usable_proxy(self) -> str | None:
        """The proxy's address, the old one where it does not count; None, with the reason told, for none."""
        if not self._is_proxy_given():
            return self._settings.proxy_address
        try:
            return clean_proxy(self._proxy_address.text())
        except BadInputError as error:
            self._proxy_note.refuse(error.problem)
            return None

    def _usable_folder(self) -> str | None:
        """The folder's whole path, empty for the usual one; None, with the reason told, for half a path."""
        text = self._folder.text().strip()
        whole = os.path.expanduser(text)  # noqa: PTH111 - pathlib fails for a user that is not there
        if not text or os.path.isabs(whole):  # noqa: PTH117 - it is still a text
            return whole
        reason = self.tr("type its whole path, such as {path}").format(path=self._default_folder)
        problem = Problem.of(ProblemKind.FOLDER_UNWRITABLE, folder=text, reason=reason)
        self._folder_note.refuse(problem)
        return None


def _choice(object_name: str, name: str, names: Mapping[Any, str], chosen: str | int) -> QComboBox:
    """A combo box of named choices, each with its own value (a text or a number) as data."""
    combo = QComboBox()
    combo.setObjectName(object_name)
    combo.setAccessibleName(name)
    combo.setMinimumContentsLength(1)
    for choice, text in names.items():
        combo.addItem(text, _plain(choice))
    combo.setCurrentIndex(combo.findData(_plain(chosen)))
    return combo


def _plain(choice: str | int) -> str | int:
    """Qt compares plain values; it knows no enumerations of ours."""
    return str(choice) if isinstance(choice, str) else choice
