"""Everything that can be used has a name, for scripts and for screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.settings import Theme
from gptimg_desktop.core.sizes import PixelSize, Ratio
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.compose.references.reference_chip import ReferenceChip
from tests.ui.compose import hands

if TYPE_CHECKING:
    from gptimg_desktop.ui.compose.panel import ComposePanel

RATIOS = [f"ratio_{ratio.value.replace(':', 'x')}" for ratio in Ratio]
CONTRACT: list[tuple[str, type[QWidget]]] = [
    ("promptEdit", QPlainTextEdit),
    ("generateButton", QPushButton),
    ("copiesSpin", QSpinBox),
    ("customWidth", QSpinBox),
    ("customHeight", QSpinBox),
    ("officialFallback", QCheckBox),
    ("sizePlate", QWidget),
    ("referenceTray", QWidget),
    ("addReferenceButton", QToolButton),
    ("referenceUrlEdit", QLineEdit),
    *(
        (name, QPushButton)
        for name in [*RATIOS, "ratio_auto", "ratio_custom", "tier_1k", "tier_2k", "tier_4k"]
    ),
]


@pytest.mark.parametrize(("name", "kind"), CONTRACT, ids=[name for name, _ in CONTRACT])
def test_the_window_contract_is_kept(panel: ComposePanel, name: str, kind: type[QWidget]) -> None:
    found = panel.findChildren(QWidget, name)
    assert len(found) == 1
    assert isinstance(found[0], kind)
    assert found[0].accessibleName()


def test_choices_can_be_checked(panel: ComposePanel) -> None:
    for name in [*RATIOS, "ratio_auto", "ratio_custom", "tier_1k", "tier_2k", "tier_4k"]:
        assert hands.button(panel, name).isCheckable()


def test_everything_that_can_be_used_has_a_name(panel: ComposePanel) -> None:
    panel.set_draft(Draft(size=PixelSize(1024, 1024), references=(hands.file_reference(1),)))
    used = (QAbstractButton, QLineEdit, QSpinBox, QPlainTextEdit, ReferenceChip)
    nameless = [
        f"{type(each).__name__} {each.objectName()!r}"
        for each in panel.findChildren(QWidget)
        if isinstance(each, used)
        and not each.accessibleName()
        and not isinstance(each.parent(), QSpinBox)  # a spin box's inside
    ]
    assert nameless == []


def test_the_ranges_let_impossible_numbers_be_typed(panel: ComposePanel) -> None:
    for name in ("customWidth", "customHeight"):
        assert (hands.spin(panel, name).minimum(), hands.spin(panel, name).maximum()) == (0, 99_999)
    assert (hands.spin(panel, "copiesSpin").minimum(), hands.spin(panel, "copiesSpin").maximum()) == (1, 100)


@pytest.mark.parametrize("chosen", [Theme.LIGHT, Theme.DARK])
def test_the_panel_is_drawn_in_both_themes(panel: ComposePanel, qapp: QApplication, chosen: Theme) -> None:
    theme.apply(qapp, chosen)
    panel.set_draft(Draft(references=(hands.file_reference(1), hands.url_reference(2))))
    ground = panel.grab().toImage().pixelColor(2, 2).name()
    assert ground == theme.tokens_for(qapp.palette()).panel


def test_everything_but_the_custom_size_fits_a_small_window(panel: ComposePanel, qapp: QApplication) -> None:
    for width in (320, 420):
        panel.resize(width, 712)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        hidden = [
            name
            for name, _ in CONTRACT
            if not name.startswith("custom")
            and hands.find(panel, QWidget, name).visibleRegion().boundingRect().size()
            != hands.find(panel, QWidget, name).size()
        ]
        assert hidden == []


def test_the_scrolled_part_never_moves_sideways(panel: ComposePanel) -> None:
    panel.resize(320, 712)
    panel.set_draft(Draft(prompt="x" * 400, size=PixelSize(99_999, 99_999)))
    for label in panel.findChildren(QWidget):
        if label.isVisible() and label.parentWidget() is not None:
            right = label.mapTo(panel, label.rect().topRight()).x()
            assert right <= panel.width(), label
    assert hands.generate(panel).focusPolicy() == Qt.FocusPolicy.TabFocus
