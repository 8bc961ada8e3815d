"""Choices that are drawn once for each look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFont

from gptimg_desktop.core.settings import Theme
from gptimg_desktop.core.sizes import Ratio, Tier
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.compose.size.ratio_button import RatioButton, WideRatioButton
from gptimg_desktop.ui.compose.size.tier_picker import TierButton

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.ui.compose.choice_button import ChoiceButton


def seen(button: ChoiceButton) -> QImage:
    return button.grab().toImage()


def a_choice(qtbot: QtBot) -> ChoiceButton:
    button = WideRatioButton("Auto", Ratio.R1X1)
    qtbot.addWidget(button)
    button.resize(120, 32)
    return button


@pytest.mark.parametrize(
    "change",
    [
        lambda button: button.setChecked(True),
        lambda button: button.setEnabled(False),
        lambda button: button.setDown(True),
        lambda button: button.setText("Other"),
        lambda button: button.setFont(QFont(button.font().family(), 22)),
        lambda button: button.resize(90, 48),
    ],
    ids=["checked", "disabled", "down", "text", "font", "size"],
)
def test_a_choice_is_drawn_as_it_is_now(qtbot: QtBot, change: Callable[[ChoiceButton], None]) -> None:
    drawn_before, fresh = a_choice(qtbot), a_choice(qtbot)
    before = seen(drawn_before)
    change(drawn_before)
    change(fresh)
    assert seen(drawn_before) == seen(fresh) != before


def test_a_choice_follows_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, Theme.LIGHT)
    button = a_choice(qtbot)
    light = seen(button)
    theme.apply(qapp, Theme.DARK)
    try:
        assert seen(button) == seen(a_choice(qtbot)) != light
    finally:
        theme.apply(qapp, Theme.SYSTEM)


def test_a_tier_shows_its_new_price(qtbot: QtBot) -> None:
    button = TierButton(Tier.K2)
    qtbot.addWidget(button)
    button.resize(100, 44)
    button.set_price("$0.014")
    before = seen(button)
    button.set_price("$0.028")
    assert seen(button) != before


def test_a_focus_is_seen(qtbot: QtBot) -> None:
    button = RatioButton(Ratio.R16X9)
    qtbot.addWidget(button)
    button.resize(40, 44)
    with qtbot.waitExposed(button):
        button.show()
    button.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    before = seen(button)
    button.clearFocus()
    assert seen(button) != before
