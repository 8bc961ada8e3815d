"""Nothing is squeezed and nothing jumps: the composer scrolls before its parts become too small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QToolButton, QWidget

from gptimg_desktop.ui.compose.scroll_shade import ScrollShade
from gptimg_desktop.ui.compose.scrolled_column import ScrolledColumn
from gptimg_desktop.ui.compose.steady_scroll import SteadyScroll
from tests.ui.compose.hands import bitmap, button, file_reference, find, prompt

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.ui.compose.panel import ComposePanel

BESIDE_THE_HEADING = ("promptHistoryButton", "templatesButton")
LAST_ROW = ("ratio_custom", "ratio_1x3", "ratio_4x5")


def places(panel: ComposePanel) -> dict[str, object]:
    """Where the parts above the references stand, and how large they are."""
    widgets: list[QWidget] = [find(panel, QToolButton, name) for name in BESIDE_THE_HEADING]
    widgets.append(prompt(panel))
    scrolled = find(panel, ScrolledColumn, "")
    return {each.objectName(): (each.mapTo(scrolled, QPoint()), each.size()) for each in widgets}


def scroll(panel: ComposePanel) -> SteadyScroll:
    return find(panel, SteadyScroll, "")


def is_whole(panel: ComposePanel, name: str) -> bool:
    """Whether a shape can be read with its name."""
    shape = button(panel, name)
    return shape.visibleRegion().boundingRect() == shape.rect()


@pytest.mark.parametrize("height", [480, 560, 610, 712, 900])
def test_references_push_nothing_together(panel: ComposePanel, qtbot: QtBot, height: int) -> None:
    panel.resize(360, height)
    qtbot.waitUntil(lambda: scroll(panel).height() > 100)
    before = places(panel)
    for number in range(1, 17):
        panel.add_reference(file_reference(number), bitmap())
    qtbot.waitUntil(lambda: scroll(panel).verticalScrollBar().maximum() > 0)
    qtbot.waitUntil(lambda: places(panel) == before)
    for name in BESIDE_THE_HEADING:
        icon = find(panel, QToolButton, name)
        assert icon.size() == icon.sizeHint()


@pytest.mark.parametrize("height", [620, 712, 800, 1000])
def test_a_prompt_that_grows_leaves_the_shapes_in_sight(
    panel: ComposePanel, qtbot: QtBot, height: int
) -> None:
    panel.resize(360, height)
    least = prompt(panel).height()
    prompt(panel).setPlainText("\n".join(["a line"] * 40))
    qtbot.wait(0)
    qtbot.waitUntil(lambda: all(is_whole(panel, name) for name in LAST_ROW))
    assert prompt(panel).height() >= least
    assert prompt(panel).verticalScrollBar().maximum() > 0
    assert scroll(panel).verticalScrollBar().maximum() == 0
    panel.resize(360, height + 60)
    qtbot.waitUntil(lambda: all(is_whole(panel, name) for name in LAST_ROW))


def test_where_all_cannot_fit_the_prompt_still_has_a_share(panel: ComposePanel, qtbot: QtBot) -> None:
    panel.resize(360, 900)
    least = prompt(panel).height()
    for number in range(1, 17):
        panel.add_reference(file_reference(number), bitmap())
    prompt(panel).setPlainText("\n".join(["a line"] * 40))
    qtbot.waitUntil(lambda: scroll(panel).verticalScrollBar().maximum() > 0)
    qtbot.waitUntil(lambda: prompt(panel).height() > 1.5 * least)
    assert prompt(panel).height() < scroll(panel).viewport().height() / 2


def test_what_is_cut_off_below_is_shaded_and_the_mouse_goes_through(
    panel: ComposePanel, qtbot: QtBot
) -> None:
    (shade,) = panel.findChildren(ScrollShade)
    panel.resize(360, 1000)
    qtbot.waitUntil(lambda: not shade.isVisible())
    panel.resize(360, 480)
    qtbot.waitUntil(shade.isVisible)
    area = scroll(panel)
    assert shade.geometry().bottom() == area.viewport().geometry().bottom()
    assert shade.geometry().right() == area.viewport().geometry().right()
    edge = area.mapTo(panel, QPoint(area.width() // 2, area.viewport().height() - 2))
    assert panel.childAt(edge) is not shade
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    assert not shade.isVisible()


def test_the_block_that_never_scrolls_is_low(panel: ComposePanel) -> None:
    block = button(panel, "generateButton").parentWidget()
    assert block is not None
    assert block.height() <= 230 * panel.fontMetrics().lineSpacing() / 14
