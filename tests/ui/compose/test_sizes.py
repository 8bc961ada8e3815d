"""Choosing a size, and being told beforehand what will come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRegularExpression, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget

from gptimg_desktop.core.connection import PRACTICE, Connection
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, SizeChoice, Tier
from gptimg_desktop.ui.compose.size.ratio_grid import TALL, WIDE
from gptimg_desktop.ui.compose.size.ready_menu import ReadyMenu
from gptimg_desktop.ui.compose.size.size_drawing import SizeDrawing
from gptimg_desktop.ui.compose.size.size_heading import SizeHeading
from gptimg_desktop.ui.compose.size.tier_row import TierRow
from tests.ui.compose import hands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.ui.compose.panel import ComposePanel

TAB = Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("ratio", list(Ratio))
def test_every_ratio_has_its_button(panel: ComposePanel, ratio: Ratio) -> None:
    panel.set_draft(Draft(size=AUTO))
    pressed = hands.button(panel, "ratio_" + ratio.value.replace(":", "x"))
    hands.click(pressed)
    assert panel.draft().size is ratio
    assert [each.objectName() for each in _ratio_buttons(panel) if each.isChecked()] == [pressed.objectName()]


def test_auto_leaves_the_size_to_the_service(panel: ComposePanel) -> None:
    hands.click(hands.button(panel, "ratio_auto"))
    assert panel.draft().size == AUTO
    assert "The service decides" in plate_text(panel)
    assert "px" not in plate_text(panel)
    assert hands.find(panel, SizeDrawing, "").frames() == ()


def test_tab_enters_the_tiers_at_the_one_that_is_on_and_the_arrows_move(panel: ComposePanel) -> None:
    panel.activateWindow()
    panel.set_draft(Draft(tier=Tier.K2))
    stops = [tier for tier in Tier if hands.button(panel, f"tier_{tier}").focusPolicy() & TAB]
    assert stops == [Tier.K2]
    shape = hands.button(panel, "ratio_1x1")
    shape.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(shape, Qt.Key.Key_Tab)
    for key, tier in (
        (Qt.Key.Key_Right, Tier.K4),
        (Qt.Key.Key_Right, Tier.K4),
        (Qt.Key.Key_Left, Tier.K2),
        (Qt.Key.Key_Up, Tier.K1),
        (Qt.Key.Key_Left, Tier.K1),
        (Qt.Key.Key_Down, Tier.K2),
    ):
        focused = panel.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
        assert panel.focusWidget() is hands.button(panel, f"tier_{tier}")
        assert panel.draft().tier is tier
    QTest.keyClick(hands.button(panel, "tier_2k"), Qt.Key.Key_Tab)
    assert not panel.focusWidget().objectName().startswith("tier_")


def test_a_tier_that_comes_with_a_ready_size_takes_the_focus_along(panel: ComposePanel) -> None:
    panel.activateWindow()
    one = hands.button(panel, "tier_1k")
    one.setFocus(Qt.FocusReason.TabFocusReason)
    menu = ReadyMenu((), panel)
    menu.taken.connect(hands.find(panel, SizeHeading, "").choice_taken)
    menu.taken.emit(SizeChoice(Ratio.R16X9, Tier.K4))
    menu.deleteLater()
    assert panel.draft().tier is Tier.K4
    assert panel.focusWidget() is hands.button(panel, "tier_4k")
    assert hands.button(panel, "tier_4k").focusPolicy() & TAB


@pytest.mark.parametrize("tier", list(Tier))
def test_every_tier_has_its_button(panel: ComposePanel, tier: Tier) -> None:
    panel.set_draft(Draft(tier=Tier.K4 if tier is Tier.K1 else Tier.K1))
    hands.click(hands.button(panel, f"tier_{tier}"))
    assert panel.draft().tier is tier


def test_each_tall_shape_stands_below_its_wide_twin() -> None:
    assert [ratio.parts for ratio in WIDE] == [ratio.parts[::-1] for ratio in TALL]
    assert {*WIDE, *TALL, Ratio.R1X1} == set(Ratio)


def test_arrow_keys_walk_over_the_shapes(panel: ComposePanel) -> None:
    panel.set_draft(Draft(size=Ratio.R16X9))
    walk = [
        (Qt.Key.Key_Down, Ratio.R9X16),
        (Qt.Key.Key_Right, Ratio.R1X2),
        (Qt.Key.Key_Up, Ratio.R2X1),
        (Qt.Key.Key_Up, Ratio.R2X1),
        *(
            (Qt.Key.Key_Left, ratio)
            for ratio in (Ratio.R16X9, Ratio.R3X2, Ratio.R4X3, Ratio.R5X4, AUTO, AUTO)
        ),
        (Qt.Key.Key_Down, Ratio.R1X1),
        (Qt.Key.Key_Right, Ratio.R5X4),
        (Qt.Key.Key_Down, Ratio.R4X5),
        (Qt.Key.Key_Down, Ratio.R4X5),
        (Qt.Key.Key_Left, PixelSize(1024, 1280)),
        (Qt.Key.Key_Down, PixelSize(1024, 1280)),
        (Qt.Key.Key_Up, Ratio.R1X1),
        (Qt.Key.Key_Up, AUTO),
    ]
    for key, expected in walk:
        checked = next(each for each in _ratio_buttons(panel) if each.isChecked())
        QTest.keyClick(checked, key)
        assert panel.draft().size == expected
        assert next(each for each in _ratio_buttons(panel) if each.isChecked()).hasFocus()


def test_one_outcome_is_told_with_pixels_megapixels_and_shape(panel: ComposePanel) -> None:
    panel.set_draft(Draft(size=Ratio.R16X9, tier=Tier.K2))
    told = plate_text(panel)
    assert "2048×1152 px" in told
    assert "2.36 MP · 16:9" in told
    assert "173×98 mm at 300 ppi" in told
    assert "or " not in told
    assert hands.plate(panel).startswith("2048×1152 px")


def test_two_outcomes_are_both_told_and_drawn_to_one_scale(panel: ComposePanel) -> None:
    panel.set_draft(Draft(size=Ratio.R1X1, tier=Tier.K1))
    told = plate_text(panel)
    assert "1024×1024\n" in told
    assert "or 1254×1254\n" in told
    assert "1024×1024 px" in hands.plate(panel)
    assert "or 1254×1254 px" in hands.plate(panel)
    assert "1.05 MP · 1:1" in told
    assert "1.57 MP · 1:1" in told
    small, large = hands.find(panel, SizeDrawing, "").frames()
    assert large.width() / small.width() == pytest.approx(1254 / 1024)
    assert small.center() == large.center()


@pytest.mark.parametrize(
    ("ratio", "found"), [(Ratio.R3X1, "9:4"), (Ratio.R1X3, "1:2"), (Ratio.R5X4, "4:3")], ids=str
)
def test_a_shape_that_may_come_out_wrong_is_warned_of(panel: ComposePanel, ratio: Ratio, found: str) -> None:
    panel.set_draft(Draft(size=ratio, tier=Tier.K1))
    warning = f"May come back as {found}, not {ratio.value}."
    assert warning in plate_text(panel)
    assert warning.rstrip(".") in hands.plate(panel)
    offer = next(each for each in panel.findChildren(QPushButton) if each.text() == "Use 2K ($0.014)")
    hands.click(offer)
    assert panel.draft().tier is Tier.K2
    assert "May come back" not in plate_text(panel)
    assert not offer.isVisible()
    assert hands.generate(panel).text() == "Generate $0.014"


STEADY = (
    "ratio_",
    "swapButton",
    "favouriteButton",
    "readySizesButton",
    "copiesSpin",
    "officialFallback",
    "generateButton",
)
ANY_SIZE = (
    AUTO,
    *Ratio,
    *(PixelSize(*e) for e in ((1881, 836), (1888, 832), (5001, 100), (0, 0), (99_999, 3))),
)


@pytest.mark.parametrize("width", [320, 360, 420])
@pytest.mark.parametrize("is_practice", [True, False])
def test_nothing_moves_whatever_size_is_chosen(panel: ComposePanel, width: int, is_practice: bool) -> None:
    def places() -> set[tuple[str, int, int]]:
        used = (each for each in panel.findChildren(QWidget) if each.objectName() and each.isVisible())
        steady = (each for each in used if each.objectName().startswith(STEADY))
        named = (hands.find(panel, TierRow, ""), *steady)
        return {(each.objectName(), *each.mapTo(panel, QPoint(0, 0)).toTuple()) for each in named}

    if is_practice:
        panel.set_connection(Connection(service=PRACTICE))
    panel.resize(width, 607)
    panel.set_draft(Draft(size=AUTO))
    QApplication.processEvents()
    before, warned = places(), set()
    assert len(before) == 15 + 2 + 6 + 1
    for size in ANY_SIZE:
        for tier in Tier:
            panel.set_draft(Draft(size=size, tier=tier))
            for _ in range(3):
                QApplication.processEvents()
                assert places() == before, (size, tier)
            warned.add("May come back" in hands.plate(panel))
    assert warned == {True, False}


def test_everything_fits_a_window_of_900_by_700_without_scrolling(panel: ComposePanel) -> None:
    panel.resize(360, 607)  # what such a window leaves for it
    QApplication.processEvents()
    for name in ("promptEdit", "referenceTray", "ratio_1x3", "ratio_custom", "sizePlate", "generateButton"):
        each = hands.find(panel, QWidget, name)
        assert each.visibleRegion().boundingRect().size() == each.size(), name


def test_a_shape_that_comes_out_right_is_not_warned_of(panel: ComposePanel) -> None:
    panel.set_draft(Draft(size=Ratio.R16X9, tier=Tier.K1))
    assert "May come back" not in hands.plate(panel)


def test_custom_begins_with_the_size_that_was_shown(panel: ComposePanel) -> None:
    panel.set_draft(Draft(size=Ratio.R16X9, tier=Tier.K2))
    assert not hands.spin(panel, "customWidth").isVisible()
    hands.click(hands.button(panel, "ratio_custom"))
    assert hands.spin(panel, "customWidth").isVisible()
    assert panel.draft().size == PixelSize(2048, 1152)


def test_the_tier_follows_typed_pixels_and_comes_back(panel: ComposePanel) -> None:
    hands.click(hands.button(panel, "ratio_custom"))
    width, height = hands.spin(panel, "customWidth"), hands.spin(panel, "customHeight")
    for edge, tier in ((1024, Tier.K1), (2048, Tier.K2), (3600, Tier.K4)):
        for field in (width, height):
            field.selectAll()
            QTest.keyClicks(field, str(edge))
        assert panel.draft().size == PixelSize(edge, edge)
        assert panel.draft().tier is tier
        assert f"Probably billed as {tier.label}" in hands.plate(panel)
    hands.click(hands.button(panel, "ratio_3x2"))
    assert panel.draft().tier is Tier.K1


@pytest.mark.parametrize(
    ("size", "hint"),
    [
        (PixelSize(1881, 836), "May be refused: not in steps of 16."),
        (PixelSize(4096, 2048), "May be refused: over 3840 px; over 8.29 MP."),
        (PixelSize(3200, 800), "May be refused: longer than 3:1."),
        (PixelSize(512, 512), "May be refused: under 0.66 MP."),
        (PixelSize(3840, 3840), "May be refused: over 8.29 MP."),
    ],
    ids=str,
)
def test_advice_is_given_and_forbids_nothing(
    panel: ComposePanel, qtbot: QtBot, size: PixelSize, hint: str
) -> None:
    panel.set_draft(Draft(prompt="x", size=size))
    assert hint in hands.visible_text(panel)
    with qtbot.waitSignal(panel.generate_requested, timeout=1_000) as wish:
        hands.click(hands.generate(panel))
    assert wish.args[0].size == size


def test_a_good_size_needs_no_advice(panel: ComposePanel) -> None:
    panel.set_draft(Draft(size=PixelSize(1536, 1024)))
    assert "may be refused" not in hands.visible_text(panel)
    assert "A good size" in hands.visible_text(panel)


@pytest.mark.parametrize("size", [PixelSize(0, 0), PixelSize(0, 99_999), PixelSize(99_999, 1)], ids=str)
def test_absurd_sizes_are_told_and_not_drawn(panel: ComposePanel, size: PixelSize) -> None:
    panel.set_draft(Draft(size=size))
    panel.grab()
    assert hands.find(panel, SizeDrawing, "").frames() == ()
    told = plate_text(panel)
    assert f"{size.label} px" in told
    assert f"{size.width} × {size.height} pixels cannot be made" in told
    assert not any(word in told for word in ("MP", "mm", "billed", "sually", "$", "refused"))
    assert not any(word in hands.plate(panel) for word in ("MP", "mm", "billed", "sually", "$", "refused"))


def plate_text(panel: ComposePanel) -> str:
    """What can be read on the plate and in the warning that goes with it."""
    parts = (hands.find(panel, QWidget, name) for name in ("sizeWarning", "sizePlate"))
    return "\n".join(map(hands.visible_text, parts))


def _ratio_buttons(panel: ComposePanel) -> list[QPushButton]:
    return [each for each in panel.findChildren(QPushButton) if each.objectName().startswith("ratio_")]


def test_tab_stops_at_the_chosen_shape_once(panel: ComposePanel) -> None:
    def stops() -> list[str]:
        buttons = panel.findChildren(QAbstractButton, QRegularExpression("^ratio_"))
        return [b.objectName() for b in buttons if b.focusPolicy() & Qt.FocusPolicy.TabFocus]

    assert stops() == ["ratio_1x1"]
    hands.click(hands.button(panel, "ratio_9x16"))
    assert stops() == ["ratio_9x16"]
