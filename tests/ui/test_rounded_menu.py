"""Menus have the corners of cards, whoever draws the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage

from gptimg_desktop.core.settings import Theme
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.rounded_menu import RoundedMenu, rounded

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@pytest.mark.parametrize("size", [(40, 24), (220, 600)])
def test_corners_are_cut_away_and_edges_are_not(size: tuple[int, int]) -> None:
    place = QRect(0, 0, *size)
    shape = rounded(place)
    corners = (place.topLeft(), place.topRight(), place.bottomLeft(), place.bottomRight())
    assert not any(shape.contains(corner) for corner in corners)
    assert shape.boundingRect() == place
    assert shape.contains(place.center())


def test_a_menu_paints_nothing_in_its_corners(qapp: QApplication) -> None:
    theme.apply(qapp, Theme.LIGHT)
    menu = RoundedMenu()
    menu.addAction("Copy")
    menu.resize(menu.sizeHint())
    shown = QImage(menu.size(), QImage.Format.Format_ARGB32_Premultiplied)
    shown.fill(QColor("#ff00ff"))
    menu.render(shown)
    right, bottom = shown.width() - 1, shown.height() - 1
    corners = {shown.pixelColor(x, y).name() for x in (0, right) for y in (0, bottom)}
    assert corners == {"#ff00ff"}
    assert shown.pixelColor(shown.width() // 2, 2).name() == theme.LIGHT.raised
    menu.deleteLater()
