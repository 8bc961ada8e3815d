"""The settings: one value in, one value out, and what cannot be used is told where it stands."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from gptimg_desktop.core.connection import ALIASES
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.settings import Delivery, ProxyChoice, Settings, Theme
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.messages import sentence
from gptimg_desktop.ui.settings.dialog import SettingsDialog

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

NO_PROXY = sentence(Problem.of(ProblemKind.PROXY_UNUSABLE))
NOT_IN_THE_DIALOG = {"kept_keys", "paused", "favourite_sizes", "former_folders", "window"}
GIVEN = Settings(proxy=ProxyChoice.GIVEN, proxy_address="http://me:secret@proxy.example:8080")


class Desk:
    """A dialog that was opened, and what it told."""

    def __init__(self, qtbot: QtBot, settings: Settings | None = None) -> None:
        self.dialog = SettingsDialog(settings or Settings(), "/home/me/Pictures/GPTImg")
        self.told: list[Settings] = []
        self.dialog.settings_changed.connect(self.told.append)
        qtbot.addWidget(self.dialog)
        self.dialog.open()

    def field(self, name: str) -> QLineEdit:
        found = self.dialog.findChild(QLineEdit, name)
        assert isinstance(found, QLineEdit), name
        return found

    def combo(self, name: str) -> QComboBox:
        found = self.dialog.findChild(QComboBox, name)
        assert isinstance(found, QComboBox), name
        return found

    def choose(self, name: str, text: str) -> None:
        """Pick an entry of a list by what it says, with the keyboard."""
        combo = self.combo(name)
        entry = combo.findText(text)
        assert entry >= 0, text
        key = Qt.Key.Key_Down if entry > combo.currentIndex() else Qt.Key.Key_Up
        for _ in range(abs(entry - combo.currentIndex())):
            QTest.keyClick(combo, key)

    def save(self) -> None:
        button = self.dialog.findChild(QPushButton, "settingsSave")
        assert isinstance(button, QPushButton)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def text(self) -> str:
        labels = [label.text() for label in self.dialog.findChildren(QLabel) if label.isVisible()]
        return "\n".join(labels).replace("\u200b", "")


def type_amount(desk: Desk, text: str) -> None:
    spin = desk.dialog.findChild(QDoubleSpinBox, "askAbove")
    assert isinstance(spin, QDoubleSpinBox)
    spin.selectAll()
    QTest.keyClicks(spin, text)


def test_all_choices_come_back_in_one_value(qtbot: QtBot) -> None:
    desk = Desk(qtbot, Settings(window="kept", kept_keys=("https://kept.example",), paused=True))
    desk.choose("themeCombo", "Dark")
    desk.choose("submitsCombo", "5")
    desk.choose("proxyCombo", "This one:")
    desk.choose("deliveryCombo", "Uploaded first")
    type_amount(desk, "2.5")
    desk.field("picturesFolderEdit").setText("/mnt/pictures")
    desk.field("baseUrlEdit").setText("https://example.com/v1/")
    desk.field("proxyEdit").setText(" me:secret@proxy.example:8080/ ")
    desk.save()
    assert {setting.name for setting in fields(Settings)} == NOT_IN_THE_DIALOG | {
        setting.name
        for setting in fields(Settings)
        if getattr(desk.told[0], setting.name) != getattr(Settings(), setting.name)
    }
    assert desk.told == [
        Settings(
            theme=Theme.DARK,
            pictures_folder="/mnt/pictures",
            base_url="https://example.com",
            proxy=ProxyChoice.GIVEN,
            proxy_address="http://me:secret@proxy.example:8080",
            delivery=Delivery.UPLOAD,
            submits_at_once=5,
            ask_above=Decimal("2.50"),
            kept_keys=("https://kept.example",),
            paused=True,
            window="kept",
        )
    ]
    assert not desk.dialog.isVisible()


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        GIVEN,
        Settings(proxy=ProxyChoice.NONE, proxy_address="socks5://127.0.0.1:1080", delivery=Delivery.UPLOAD),
        Settings(theme=Theme.LIGHT, base_url="https://other.example/gpt", submits_at_once=17),
        Settings(base_url=ALIASES[2]),
    ],
)
def test_what_stands_there_is_left_as_it_is(qtbot: QtBot, settings: Settings) -> None:
    desk = Desk(qtbot, settings)
    desk.save()
    assert desk.told == []
    assert not desk.dialog.isVisible()
    desk = Desk(qtbot, settings)
    desk.field("picturesFolderEdit").setText("/mnt/p")
    desk.save()
    assert desk.told == [settings.with_pictures_folder("/mnt/p")]


class TestAddress:
    """The service's address, typed or one of those that are known."""

    def test_the_known_ones_can_be_chosen(self, qtbot: QtBot) -> None:
        desk = Desk(qtbot)
        combo = desk.combo("baseUrlCombo")
        assert [combo.itemText(index) for index in range(combo.count())] == list(ALIASES)
        assert desk.field("baseUrlEdit").text() == ALIASES[0]
        desk.choose("baseUrlCombo", ALIASES[1])
        assert desk.field("baseUrlEdit").text() == ALIASES[1]
        desk.save()
        assert desk.told == [Settings(base_url=ALIASES[1])]

    def test_one_of_ones_own_can_be_left_for_a_known_one(self, qtbot: QtBot) -> None:
        desk = Desk(qtbot, Settings(base_url="https://other.example"))
        assert desk.field("baseUrlEdit").text() == "https://other.example"
        desk.choose("baseUrlCombo", ALIASES[0])
        desk.save()
        assert desk.told == [Settings()]

    def test_what_is_typed_is_not_completed(self, qtbot: QtBot) -> None:
        desk = Desk(qtbot)
        desk.dialog.activateWindow()
        desk.field("baseUrlEdit").setFocus()
        qtbot.waitUntil(desk.field("baseUrlEdit").hasFocus)
        desk.field("baseUrlEdit").clear()
        QTest.keyClicks(desk.field("baseUrlEdit"), "https://api.a")
        assert desk.field("baseUrlEdit").text() == "https://api.a"

    def test_nothing_means_the_usual_one(self, qtbot: QtBot) -> None:
        desk = Desk(qtbot, Settings(base_url="https://other.example"))
        desk.field("baseUrlEdit").setText("  ")
        desk.save()
        assert desk.told == [Settings()]

    def test_an_unusable_one_keeps_the_dialog_open(self, qtbot: QtBot) -> None:
        desk = Desk(qtbot)
        desk.field("baseUrlEdit").setText("http://example.com")
        desk.save()
        assert desk.told == []
        assert desk.dialog.isVisible()
        assert "This address cannot be used" in desk.text()
        assert desk.combo("baseUrlCombo").property("invalid")
        desk.choose("baseUrlCombo", ALIASES[1])
        assert "This address cannot be used" not in desk.text()
        assert not desk.combo("baseUrlCombo").property("invalid")


class TestProxy:
    """Like the system, none, or a given one."""

    def test_only_a_given_one_has_an_address(self, qtbot: QtBot) -> None:
        desk = Desk(qtbot, GIVEN)
        assert desk.field("proxyEdit").isVisible()
        assert desk.field("proxyEdit").text() == GIVEN.proxy_address
        for choice in ("None", "Like the system"):
            desk.choose("proxyCombo", choice)
            assert not desk.field("proxyEdit").isVisible()
        desk.choose("proxyCombo", "This one:")
        assert desk.field("proxyEdit").isVisible()

    def test_the_address_is_kept_for_the_next_time(self, qtbot: QtBot) -> None:
        desk = Desk(qtbot, GIVEN)
        desk.choose("proxyCombo", "None")
        desk.save()
        assert desk.told == [Settings(proxy=ProxyChoice.NONE, proxy_address=GIVEN.proxy_address)]

    @pytest.mark.parametrize("text", ["", "  ", "nonsense proxy", "ftp://proxy.example", "proxy:99999"])
    def test_an_unusable_one_keeps_the_dialog_open_until_it_is_mended(self, qtbot: QtBot, text: str) -> None:
        desk = Desk(qtbot)
        desk.choose("proxyCombo", "This one:")
        desk.field("proxyEdit").setText(text)
        desk.save()
        assert desk.told == []
        assert desk.dialog.isVisible()
        assert NO_PROXY in desk.text()
        assert desk.field("proxyEdit").property("invalid")
        desk.field("proxyEdit").setText("socks5://127.0.0.1:1080")
        assert NO_PROXY not in desk.text()
        desk.save()
        assert desk.told == [Settings(proxy=ProxyChoice.GIVEN, proxy_address="socks5://127.0.0.1:1080")]

    def test_what_does_not_count_does_not_keep_the_dialog_open(self, qtbot: QtBot) -> None:
        desk = Desk(qtbot)
        desk.choose("proxyCombo", "This one:")
        desk.field("proxyEdit").setText("nonsense proxy")
        desk.save()
        desk.choose("proxyCombo", "None")
        assert NO_PROXY not in desk.text()
        desk.save()
        assert desk.told == [Settings(proxy=ProxyChoice.NONE)]


class TestFolder:
    """Where pictures go."""

    def test_one_in_the_home_is_told_by_its_whole_path(self, qtbot: QtBot, home: Path) -> None:
        desk = Desk(qtbot)
        desk.field("picturesFolderEdit").setText("~/Pics")
        desk.save()
        assert desk.told == [Settings(pictures_folder=str(home / "Pics"))]

    @pytest.mark.parametrize("text", ["Pics", "./Pics", "../Pics", "~nobody-of-this-name/Pics"])
    def test_half_a_path_keeps_the_dialog_open_until_it_is_mended(self, qtbot: QtBot, text: str) -> None:
        desk = Desk(qtbot)
        desk.field("picturesFolderEdit").setText(text)
        desk.save()
        assert desk.told == []
        assert desk.field("picturesFolderEdit").property("invalid")
        assert f"{text} (type its whole path, such as /home/me/Pictures/GPTImg)" in desk.text()
        desk.field("picturesFolderEdit").setText("/mnt/pictures")
        assert "whole path" not in desk.text()
        desk.save()
        assert desk.told == [Settings(pictures_folder="/mnt/pictures")]

    def test_the_button_that_clears_it_has_a_name(self, qtbot: QtBot) -> None:
        desk = Desk(qtbot)
        inside = desk.field("picturesFolderEdit").findChildren(QToolButton)
        assert [button.accessibleName() for button in inside] == ["Back to the usual folder"]


def test_all_fields_can_be_wrong_at_once_and_the_first_is_gone_to(qtbot: QtBot) -> None:
    desk = Desk(qtbot, GIVEN)
    desk.field("picturesFolderEdit").setText("Pics")
    desk.field("baseUrlEdit").setText("http://example.com")
    desk.field("proxyEdit").setText("nonsense proxy")
    desk.save()
    for told in ("whole path", "This address cannot be used", NO_PROXY):
        assert told in desk.text()
    assert desk.dialog.focusWidget() is desk.field("picturesFolderEdit")


def test_everything_that_can_be_used_has_a_name(qtbot: QtBot) -> None:
    desk = Desk(qtbot, GIVEN)
    used = (QAbstractButton, QLineEdit, QComboBox)
    nameless = [
        f"{type(each).__name__} {each.objectName()!r}"
        for each in desk.dialog.findChildren(QWidget)
        if isinstance(each, used) and not each.accessibleName()
    ]
    assert nameless == []


@pytest.mark.parametrize("chosen", [Theme.LIGHT, Theme.DARK])
def test_it_fits_a_small_screen_and_nothing_is_cut_off(
    qtbot: QtBot, qapp: QApplication, chosen: Theme
) -> None:
    theme.apply(qapp, chosen)
    desk = Desk(qtbot, GIVEN)
    assert desk.dialog.height() <= 560
    desk.field("picturesFolderEdit").setText("Pics")
    desk.field("baseUrlEdit").setText("http://example.com")
    desk.field("proxyEdit").setText("nonsense proxy")
    desk.save()
    qtbot.waitUntil(lambda: NO_PROXY in desk.text() and not cut_off(desk.dialog))
    assert desk.dialog.height() <= 600


def cut_off(dialog: QWidget) -> list[str]:
    """Texts whose label is lower than its lines."""
    labels = [label for label in dialog.findChildren(QLabel) if label.isVisible()]
    return [label.text() for label in labels if label.height() < label.heightForWidth(label.width())]


@pytest.mark.parametrize(
    ("typed", "asked_above"), [("0", "0.00"), ("0.5", "0.50"), ("12.34", "12.34"), ("9999", "9999.00")]
)
def test_the_sum_above_which_a_press_is_asked_about_can_be_typed(
    qtbot: QtBot, typed: str, asked_above: str
) -> None:
    desk = Desk(qtbot)
    type_amount(desk, typed)
    desk.save()
    assert [str(settings.ask_above) for settings in desk.told] == [asked_above]


def test_a_sum_that_is_not_touched_keeps_every_digit(qtbot: QtBot) -> None:
    desk = Desk(qtbot, Settings(ask_above=Decimal("0.0085")))
    desk.choose("themeCombo", "Dark")
    desk.save()
    assert [settings.ask_above for settings in desk.told] == [Decimal("0.0085")]
