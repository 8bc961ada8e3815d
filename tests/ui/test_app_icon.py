"""The program's own icon: there at every size, sharp where pixels are few, and on every window."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QImage

from gptimg_desktop.resources import resource
from gptimg_desktop.ui.desktop.app_icon import app_icon, app_picture

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

GROUND, LINE = "#2f60dc", "#c4d5ff"
BLUE, WHITE, SUN = "#2f60dc", "#ffffff", "#ffbf47"


def shares(picture: QImage) -> dict[str, float]:
    """How much of the picture comes near to each of the icon's colours; the rest is clear or in between."""
    edge = picture.width()
    found = dict.fromkeys((BLUE, WHITE, SUN), 0.0)
    for x in range(edge):
        for y in range(edge):
            seen = picture.pixelColor(x, y)
            for name in found:
                wanted = QColor(name)
                near = max(abs(seen.red() - wanted.red()), abs(seen.green() - wanted.green()))
                if seen.alpha() > 200 and near < 40 and abs(seen.blue() - wanted.blue()) < 60:
                    found[name] += 1 / edge**2
    return found


@pytest.mark.parametrize("edge", [16, 22, 24, 32, 48, 64, 128, 256])
def test_every_size_shows_ground_hill_and_sun_and_leaves_the_corners_clear(
    qapp: QApplication, edge: int
) -> None:
    picture = app_picture(edge)
    assert (picture.width(), picture.height()) == (edge, edge)
    assert picture.pixelColor(0, 0).alpha() < 128
    found = shares(picture)
    assert found[BLUE] > 0.3
    assert found[WHITE] > 0.05
    assert found[SUN] > 0.015


@pytest.mark.parametrize(("edge", "column", "rows"), [(16, 4, (3, 4)), (22, 6, (5, 6)), (24, 7, (6, 7))])
def test_small_sizes_have_whole_pixels(
    qapp: QApplication, edge: int, column: int, rows: tuple[int, int]
) -> None:
    """The first line of text has its own colour in just these two rows, and the ground's around them."""
    picture = app_picture(edge)
    seen = {row: picture.pixelColor(column, row).name() for row in range(rows[0] - 1, rows[1] + 2)}
    assert [row for row, colour in seen.items() if colour == LINE] == list(rows)
    assert [row for row, colour in seen.items() if colour == GROUND] == [rows[0] - 1, rows[1] + 1]


def test_the_windows_icon_has_the_sizes_that_desktops_ask_for(qapp: QApplication) -> None:
    sizes = {size.width() for size in app_icon().availableSizes()}
    assert sizes == {16, 24, 32, 48, 64, 128}
    assert {size.width() for size in qapp.windowIcon().availableSizes()} == sizes


@pytest.mark.parametrize("name", ["gptimg-desktop", "gptimg-desktop-16", "gptimg-desktop-24"])
def test_the_drawings_use_only_what_every_renderer_knows(name: str) -> None:
    text = resource("app", f"{name}.svg").read_text(encoding="utf-8")
    known = {"svg", "title", "defs", "linearGradient", "stop", "rect", "circle", "path"}
    assert set(re.findall(r"<([A-Za-z]+)", text)) <= known
    assert "style=" not in text
