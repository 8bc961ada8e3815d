"""Sizes to take at once, the shape of a reference, and how long pictures usually take."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from gptimg_desktop.core.connection import PRACTICE, Connection
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.ready_sizes import READY_SIZES
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, SizeChoice, Tier
from gptimg_desktop.core.usual_times import UsualTime, UsualTimes
from gptimg_desktop.ui.compose.size.ready_menu import ReadyMenu
from gptimg_desktop.ui.compose.size.size_box import SizeBox
from tests.ui.compose import hands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QAction

    from gptimg_desktop.core.sizes import Size
    from gptimg_desktop.ui.compose.panel import ComposePanel

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen

WIDE = SizeChoice(Ratio.R16X9, Tier.K2)
FREE = SizeChoice(PixelSize(1888, 832), Tier.K1)


@pytest.fixture
def menu(panel: ComposePanel) -> Iterator[QMenu]:
    """The open popup, with two favourites in it."""
    panel.set_favourites((WIDE, FREE))
    hands.click(hands.find(panel, QWidget, "readySizesButton"))
    opened = hands.find(panel, QMenu, "readySizesMenu")
    assert opened.isVisible()
    yield opened
    if shiboken6.isValid(opened):
        opened.close()
    QApplication.processEvents()


def _row(menu: QMenu, words: str) -> QAction:
    return next(action for action in menu.actions() if action.text().startswith(words))


def _click(menu: QMenu, action: QAction) -> None:
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


def test_every_ready_size_is_there_and_says_what_it_maps_to(menu: QMenu) -> None:
    rows = dict(action.text().split("\t") for action in menu.actions() if "\t" in action.text())
    assert len(rows) == len(READY_SIZES) + 2
    assert rows["Story"] == "9:16 · 1152×2048 · 2K"
    assert rows["Video thumbnail"] == "16:9 · 1536×864 or 1672×941 · 1K"
    assert rows["Link preview"] == "1216×640 · 1K"
    assert rows["A4, portrait"] == "2240×3168 · 4K · 190×268 mm"
    assert all(not action.icon().isNull() for action in menu.actions() if "\t" in action.text())


def test_favourites_are_on_top_the_latest_first(menu: QMenu) -> None:
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts[:4] == [
        "Favourites",
        "1888×832\t1K",
        "16:9 · 2K\t2048×1152",
        "Social media",
    ]


@pytest.mark.parametrize(
    ("size", "tier", "told"),
    [
        (Ratio.R1X3, Tier.K4, "1:3 · 4K\t1280×3840"),
        (Ratio.R1X1, Tier.K1, "1:1 · 1K\t1024×1024 or 1254×1254"),
        (AUTO, Tier.K2, "Auto · 2K\t"),
        (PixelSize(2240, 3168), Tier.K4, "A4, portrait\t2240×3168 · 4K"),
    ],
)
def test_a_favourite_without_a_ready_name_is_named_after_its_size(
    panel: ComposePanel, size: Size, tier: Tier, told: str
) -> None:
    menu = ReadyMenu((SizeChoice(size, tier),), panel)
    assert menu.actions()[1].text() == told
    menu.deleteLater()


@pytest.mark.parametrize("ready", READY_SIZES, ids=lambda ready: ready.purpose.value)
def test_a_click_takes_size_and_tier_at_once(panel: ComposePanel, menu: QMenu, ready: object) -> None:
    rows = [action for action in menu.actions() if "\t" in action.text()][2:]
    choice = READY_SIZES[READY_SIZES.index(ready)].choice
    action = next(row for row in rows if row.data() == choice)
    _click(menu, action)
    assert (panel.draft().size, panel.draft().tier) == (choice.size, choice.tier)
    assert choice.tier.label in hands.plate(panel) or not isinstance(choice.size, PixelSize)


def test_the_keyboard_takes_one_too(panel: ComposePanel, menu: QMenu) -> None:
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert panel.draft().size == FREE.size


def test_escape_takes_nothing(panel: ComposePanel, menu: QMenu) -> None:
    before = panel.draft()
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert panel.draft() == before


def test_the_star_keeps_a_size_with_its_tier_and_lets_it_go(panel: ComposePanel) -> None:
    told: list[tuple[SizeChoice, ...]] = []
    panel.favourites_changed.connect(told.append)
    star = hands.find(panel, QWidget, "favouriteButton")
    panel.set_favourites((FREE,))
    panel.set_draft(Draft(size=WIDE.size, tier=WIDE.tier))
    assert star.accessibleName() == "Keep among the favourites"
    hands.click(star)
    assert star.accessibleName() == "Take out of the favourites"
    hands.click(hands.button(panel, "tier_1k"))
    assert star.accessibleName() == "Keep among the favourites"
    hands.click(hands.button(panel, "tier_2k"))
    assert star.accessibleName() == "Take out of the favourites"
    hands.click(star)
    assert told == [(FREE, WIDE), (FREE,)]


def test_favourites_that_are_shown_are_told_to_nobody(panel: ComposePanel) -> None:
    told: list[object] = []
    panel.favourites_changed.connect(told.append)
    panel.set_favourites((SizeChoice(Ratio.R1X1, Tier.K1),))
    assert told == []
    assert hands.find(panel, QWidget, "favouriteButton").accessibleName() == "Take out of the favourites"


@pytest.mark.parametrize(
    ("pixels", "size", "told"),
    [
        (PixelSize(6000, 4000), Ratio.R3X2, "3:2, as reference 1"),
        (PixelSize(210, 297), PixelSize(1408, 1984), "1408×1984, as reference 1"),
        (PixelSize(9000, 1000), PixelSize(3072, 1024), "3072×1024, as reference 1"),
    ],
    ids=str,
)
def test_the_shape_of_a_reference_is_taken_and_told(
    panel: ComposePanel, pixels: PixelSize, size: object, told: str
) -> None:
    panel.set_draft(Draft(size=AUTO, tier=Tier.K2))
    box = hands.find(panel, SizeBox, "")
    box.match(pixels, like="reference 1")
    assert (panel.draft().size, panel.draft().tier) == (size, Tier.K2)
    names = [each.accessibleName() for each in box.findChildren(QWidget) if each.isVisible()]
    assert told in names
    assert {"Shape", "·"} <= set(hands.visible_text(box).split("\n"))
    hands.click(hands.button(panel, "ratio_1x1"))
    assert told not in [each.accessibleName() for each in box.findChildren(QWidget)]


def _times(is_practice: bool, tier: Tier, low: float, high: float) -> UsualTimes:
    usual = UsualTime(low=low, median=low, high=high, count=12)
    return UsualTimes(known=MappingProxyType({(is_practice, tier): usual}))


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (41.2, 57.8, "usually 41–58 s (your last 12)"),
        (0.1, 0.2, "usually 1 s (your last 12)"),
        (30, 119, "usually 30–119 s (your last 12)"),
        (100, 170, "usually 2–3 min (your last 12)"),
        (120, 125, "usually 2 min (your last 12)"),
    ],
)
def test_usual_seconds_come_from_the_users_own_pictures(
    panel: ComposePanel, low: float, high: float, told: str
) -> None:
    panel.set_draft(Draft(size=Ratio.R3X2, tier=Tier.K2))
    assert "$0.014 · usually 30–60 s" in hands.visible_text(panel)
    panel.set_usual_times(_times(False, Tier.K2, low, high))
    assert f"$0.014 · {told}" in hands.visible_text(panel)
    assert told in hands.plate(panel)
    hands.click(hands.button(panel, "tier_4k"))
    assert "$0.021 · usually 30–60 s" in hands.visible_text(panel)


def test_practice_has_times_of_its_own_and_none_before(panel: ComposePanel) -> None:
    panel.set_usual_times(_times(False, Tier.K1, 40, 60))
    panel.set_connection(Connection(service=PRACTICE))
    assert "sually" not in hands.visible_text(panel)
    panel.set_usual_times(_times(True, Tier.K1, 4, 6))
    assert "Free · usually 4–6 s (your last 12)" in hands.visible_text(panel)


def test_free_pixels_go_by_the_times_of_their_probable_tier(panel: ComposePanel) -> None:
    panel.set_usual_times(_times(False, Tier.K4, 70, 90))
    panel.set_draft(Draft(size=PixelSize(2880, 2880), tier=Tier.K1))
    assert "Usually 70–90 s (your last 12)" in hands.visible_text(panel)
