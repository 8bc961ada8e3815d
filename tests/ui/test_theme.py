"""Both themes can be read, and the whole program wears the one that was chosen."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QListWidget, QPushButton, QSpinBox, QToolButton

from gptimg_desktop.core.settings import Theme
from gptimg_desktop.ui import icons, theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

BOTH = pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
TEXT_ON_GROUND = [
    ("text", "window"),
    ("text", "panel"),
    ("text", "raised"),
    ("text", "hover"),
    ("muted", "panel"),
    ("muted", "raised"),
    ("accent", "raised"),
    ("accent", "accent_soft"),
    ("text", "accent_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("danger", "panel"),
    ("danger", "danger_soft"),
    ("warning", "panel"),
    ("warning", "warning_soft"),
    ("success", "panel"),
    ("text", "canvas"),
    ("muted", "canvas"),
]


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    yield qapp
    theme.apply(qapp, Theme.SYSTEM)


def _luminance(colour: str) -> float:
    """The relative luminance of WCAG, 0 to 1."""
    drawn = QColor(colour)
    channels = (drawn.redF(), drawn.greenF(), drawn.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@BOTH
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read_on_its_ground(tokens: theme.Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


@BOTH
def test_the_ground_of_pictures_is_neutral_and_stands_out(tokens: theme.Tokens) -> None:
    assert QColor(tokens.canvas).hslSaturation() <= 3
    assert contrast(tokens.canvas, tokens.window) >= 1.12
    assert contrast(tokens.canvas, tokens.raised) >= 1.12


@BOTH
def test_every_token_is_a_colour(tokens: theme.Tokens) -> None:
    assert all(QColor(getattr(tokens, field.name)).isValid() for field in fields(tokens))


@pytest.mark.parametrize(
    ("chosen", "tokens"), [(Theme.LIGHT, theme.LIGHT), (Theme.DARK, theme.DARK)], ids=["light", "dark"]
)
def test_widgets_wear_the_chosen_theme(
    dressed: QApplication, qtbot: QtBot, chosen: Theme, tokens: theme.Tokens
) -> None:
    theme.apply(dressed, chosen)
    button = QPushButton("x")
    qtbot.addWidget(button)
    button.setProperty("role", "primary")
    button.show()
    ground = button.grab().toImage().pixelColor(button.width() // 2, 4)
    assert theme.tokens_for(dressed.palette()) == tokens
    assert ground.name() == tokens.accent


@pytest.mark.parametrize("role", ["primary", "quiet", "chip"])
@pytest.mark.parametrize(
    ("chosen", "tokens"), [(Theme.LIGHT, theme.LIGHT), (Theme.DARK, theme.DARK)], ids=["light", "dark"]
)
def test_a_styled_widget_still_knows_its_theme(
    dressed: QApplication, qtbot: QtBot, role: str, chosen: Theme, tokens: theme.Tokens
) -> None:
    theme.apply(dressed, chosen)
    button = QToolButton()
    qtbot.addWidget(button)
    button.setProperty("role", role)
    button.show()
    assert theme.tokens_for(button.palette()) == tokens


def test_the_system_is_followed(dressed: QApplication) -> None:
    theme.apply(dressed, Theme.DARK)
    theme.apply(dressed, Theme.SYSTEM)
    assert theme.tokens_for(dressed.palette()) == theme.LIGHT  # a bare screen asks for no dark colours


def test_a_number_has_room_in_its_spin_box(dressed: QApplication, qtbot: QtBot) -> None:
    theme.apply(dressed, Theme.LIGHT)
    spin = QSpinBox()
    qtbot.addWidget(spin)
    spin.resize(80, 32)
    spin.show()
    assert spin.lineEdit().width() > 40


@pytest.mark.parametrize(
    ("chosen", "tokens"), [(Theme.LIGHT, theme.LIGHT), (Theme.DARK, theme.DARK)], ids=["light", "dark"]
)
def test_the_chosen_row_of_a_list_has_the_ground_of_every_choice(
    dressed: QApplication, qtbot: QtBot, chosen: Theme, tokens: theme.Tokens
) -> None:
    theme.apply(dressed, chosen)
    rows = QListWidget()
    qtbot.addWidget(rows)
    rows.addItems(["one", "two"])
    rows.setCurrentRow(1)
    rows.show()
    drawn = rows.viewport().grab().toImage()
    grounds = [rows.visualItemRect(rows.item(row)) for row in range(2)]
    shown = [drawn.pixelColor(ground.right() - 8, ground.center().y()).name() for ground in grounds]
    assert shown == [tokens.raised, tokens.accent_soft]


def test_colours_are_told_by_the_window_of_a_palette() -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor("#202020"))
    assert theme.tokens_for(palette) == theme.DARK
    palette.setColor(QPalette.ColorRole.Window, QColor("#f0f0f0"))
    assert theme.tokens_for(palette) == theme.LIGHT


def test_an_icon_is_drawn_in_its_colour_at_the_scale_of_the_screen(qapp: QApplication) -> None:
    drawn = icons.pixmap("plus", "#ff0000", 16, 2.0)
    assert (drawn.width(), drawn.devicePixelRatio()) == (32, 2.0)
    assert drawn.toImage().pixelColor(16, 16).name() == "#ff0000"


def test_a_disabled_icon_is_paler(qapp: QApplication) -> None:
    icon = icons.icon("plus", "#ff0000")
    strong = icon.pixmap(16, 16).toImage().pixelColor(8, 8).alpha()
    pale = icon.pixmap(16, 16, QIcon.Mode.Disabled).toImage().pixelColor(8, 8).alpha()
    assert 0 < pale < strong


def test_an_icon_that_is_not_shipped_is_a_mistake(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon", "#000000")
