"""Typing a size in pixels: nothing is in the way, and what it leads to is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gptimg_desktop.core.connection import PRACTICE, Connection
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Tier, outcomes
from tests.ui.compose import hands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.ui.compose.panel import ComposePanel

CTRL = Qt.KeyboardModifier.ControlModifier


def _type(widget: QWidget | None, text: str) -> None:
    """Press the keys of a text, one after the other."""
    assert widget is not None
    QTest.keyClicks(widget, text)


def _shown(panel: ComposePanel, name: str) -> str:
    return hands.spin(panel, name).lineEdit().text()


def test_a_click_on_custom_leads_to_the_width_and_what_is_typed_replaces_it(panel: ComposePanel) -> None:
    hands.click(hands.button(panel, "ratio_custom"))
    focused = QApplication.focusWidget()
    assert focused is hands.spin(panel, "customWidth")
    _type(focused, "1600")
    assert panel.draft().size == PixelSize(1600, 1024)


def test_the_arrow_keys_go_over_custom_and_stay_among_the_shapes(panel: ComposePanel) -> None:
    hands.button(panel, "ratio_1x1").setFocus()
    QTest.keyClick(hands.button(panel, "ratio_1x1"), Qt.Key.Key_Down)
    assert hands.button(panel, "ratio_custom").hasFocus()
    QTest.keyClick(hands.button(panel, "ratio_custom"), Qt.Key.Key_Space)
    assert hands.spin(panel, "customWidth").hasFocus()


def test_an_x_leads_on_to_the_height_as_in_1888x832(panel: ComposePanel) -> None:
    hands.click(hands.button(panel, "ratio_custom"))
    for key in "1888x832":
        _type(QApplication.focusWidget(), key)
    assert panel.draft().size == PixelSize(1888, 832)
    assert hands.spin(panel, "customHeight").hasFocus()


@pytest.mark.parametrize("copied", ["1920x1080", "1920 × 1080 px", " 1920X1080\n"])
def test_a_size_that_was_copied_goes_into_both_fields(
    panel: ComposePanel, qapp: QApplication, copied: str
) -> None:
    hands.click(hands.button(panel, "ratio_custom"))
    qapp.clipboard().setText(copied)
    QTest.keyClick(hands.spin(panel, "customHeight"), Qt.Key.Key_V, CTRL)
    assert panel.draft().size == PixelSize(1920, 1080)


def test_a_number_that_was_copied_goes_where_it_is_pasted(panel: ComposePanel, qapp: QApplication) -> None:
    hands.click(hands.button(panel, "ratio_custom"))
    qapp.clipboard().setText("777")
    QTest.keyClick(hands.spin(panel, "customWidth"), Qt.Key.Key_V, CTRL)
    assert panel.draft().size == PixelSize(777, 1024)


def test_what_is_typed_stands_as_it_is_until_the_field_is_left(panel: ComposePanel) -> None:
    hands.click(hands.button(panel, "ratio_custom"))
    width = hands.spin(panel, "customWidth")
    seen = []
    for key in "0700":
        _type(width, key)
        seen.append(_shown(panel, "customWidth"))
    assert seen == ["0", "07", "070", "0700"]
    assert panel.draft().size == PixelSize(700, 1024)
    QTest.keyClick(width, Qt.Key.Key_Left)
    _type(width, "1")
    assert _shown(panel, "customWidth") == "07010"


def test_an_emptied_field_is_no_size_and_never_the_one_before(panel: ComposePanel, qtbot: QtBot) -> None:
    panel.set_draft(Draft(prompt="x", size=PixelSize(1024, 1024)))
    width = hands.spin(panel, "customWidth")
    width.setFocus()
    width.selectAll()
    QTest.keyClick(width, Qt.Key.Key_Delete)
    assert _shown(panel, "customWidth") == ""
    assert panel.draft().size == PixelSize(0, 1024)
    assert "0 × 1024 pixels cannot be made" in hands.plate(panel)
    with qtbot.assertNotEmitted(panel.generate_requested):
        hands.ctrl_enter(width)
    assert width.hasFocus()


def test_plate_and_price_follow_each_key_within_its_own_event(panel: ComposePanel) -> None:
    hands.click(hands.button(panel, "ratio_custom"))
    seen = []
    for key in "3600":
        _type(hands.spin(panel, "customWidth"), key)
        told = hands.visible_text(hands.find(panel, QWidget, "sizePlate"))
        seen.append((told.partition("\n")[0], hands.generate(panel).text()))
    assert seen == [
        ("3×1024 px", "Generate"),
        ("36×1024 px", "Generate $0.0085"),
        ("360×1024 px", "Generate $0.0085"),
        ("3600×1024 px", "Generate $0.014"),
    ]
    assert "Probably billed as 2K: $0.014" in hands.plate(panel)


@pytest.mark.parametrize("ratio", list(Ratio))
@pytest.mark.parametrize("tier", list(Tier))
def test_plate_and_price_follow_a_click_within_its_own_event(
    panel: ComposePanel, ratio: Ratio, tier: Tier
) -> None:
    prices = {Tier.K1: "$0.0085", Tier.K2: "$0.014", Tier.K4: "$0.021"}
    panel.set_draft(Draft(size=AUTO))
    hands.click(hands.button(panel, "ratio_" + ratio.value.replace(":", "x")))
    hands.click(hands.button(panel, f"tier_{tier}"))
    told = hands.visible_text(hands.find(panel, QWidget, "sizePlate"))
    assert all(size.label in told for size in outcomes(ratio, tier))
    assert prices[tier] in told
    assert hands.generate(panel).text() == f"Generate {prices[tier]}"


def test_the_nearest_good_size_is_one_click_away(panel: ComposePanel) -> None:
    panel.set_draft(Draft(size=PixelSize(1881, 836)))
    use = hands.button(panel, "nearestGoodSize")
    assert (use.isVisible(), use.text()) == (True, "Use 1888×832")
    hands.click(use)
    assert panel.draft().size == PixelSize(1888, 832)
    assert not use.isVisible()
    assert "refused" not in hands.plate(panel)
    assert hands.visible_text(hands.find(panel, QWidget, "sizePlate")).startswith("1888×832 px")


def test_the_nearest_good_size_by_keyboard_leaves_the_focus_in_the_fields(panel: ComposePanel) -> None:
    panel.set_draft(Draft(size=PixelSize(1, 1)))
    use = hands.button(panel, "nearestGoodSize")
    use.setFocus()
    QTest.keyClick(use, Qt.Key.Key_Space)
    assert panel.draft().size == PixelSize(816, 816)
    assert hands.spin(panel, "customWidth").hasFocus()


def test_free_pixels_tell_their_probable_tier_and_its_price(panel: ComposePanel) -> None:
    panel.set_draft(Draft(size=PixelSize(2048, 2048)))
    assert "Probably billed as 2K: $0.014" in hands.plate(panel)
    panel.set_connection(Connection(service=PRACTICE))
    assert "Free" in hands.plate(panel)
    assert "illed" not in hands.plate(panel)


def _swap(panel: ComposePanel) -> QWidget:
    return hands.find(panel, QWidget, "swapButton")


@pytest.mark.parametrize("ratio", [ratio for ratio in Ratio if ratio is not Ratio.R1X1])
def test_a_click_turns_a_shape_and_another_turns_it_back(panel: ComposePanel, ratio: Ratio) -> None:
    panel.set_draft(Draft(size=ratio, tier=Tier.K2))
    hands.click(_swap(panel))
    assert panel.draft().size == Ratio(":".join(reversed(ratio.value.split(":"))))
    assert panel.draft().tier is Tier.K2
    hands.click(_swap(panel))
    assert panel.draft().size is ratio


def test_free_pixels_are_turned_too(panel: ComposePanel) -> None:
    panel.set_draft(Draft(size=PixelSize(1600, 912)))
    hands.click(_swap(panel))
    assert panel.draft().size == PixelSize(912, 1600)
    assert (_shown(panel, "customWidth"), _shown(panel, "customHeight")) == ("912", "1600")


@pytest.mark.parametrize("size", [AUTO, Ratio.R1X1, PixelSize(1024, 1024)], ids=str)
def test_where_there_is_nothing_to_turn_the_button_says_so(panel: ComposePanel, size: Ratio) -> None:
    panel.set_draft(Draft(size=size))
    assert not _swap(panel).isEnabled()
    panel.set_draft(Draft(size=Ratio.R4X3))
    assert _swap(panel).isEnabled()


def test_x_turns_the_shape_and_the_focus_goes_with_it(panel: ComposePanel) -> None:
    hands.click(hands.button(panel, "ratio_16x9"))
    QTest.keyClick(hands.button(panel, "ratio_16x9"), Qt.Key.Key_X)
    assert panel.draft().size is Ratio.R9X16
    assert hands.button(panel, "ratio_9x16").hasFocus()
    QTest.keyClick(hands.button(panel, "ratio_9x16"), Qt.Key.Key_Right)
    assert panel.draft().size is Ratio.R1X2


def test_a_shortcut_turns_the_shape_from_anywhere(panel: ComposePanel, qtbot: QtBot) -> None:
    panel.set_draft(Draft(prompt="x", size=Ratio.R3X2))
    panel.activateWindow()
    hands.prompt(panel).setFocus()
    keys = CTRL | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(hands.prompt(panel), Qt.Key.Key_X, keys)
    qtbot.waitUntil(lambda: panel.draft().size is Ratio.R2X3, timeout=1_000)
    assert panel.draft().prompt == "x"


def test_leaving_free_pixels_leaves_no_focus_in_hidden_fields(panel: ComposePanel) -> None:
    panel.set_draft(Draft(size=PixelSize(1600, 912)))
    hands.spin(panel, "customWidth").setFocus()
    panel.set_draft(Draft(size=Ratio.R3X2))
    assert hands.prompt(panel).hasFocus()
    assert hands.button(panel, "tier_1k").isVisible()
    assert not hands.spin(panel, "customWidth").isVisible()
