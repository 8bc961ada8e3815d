"""What a press is asked about, or refused, before anything is paid: told once, at its place, without a price
that nobody could pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.settings import Theme
from gptimg_desktop.core.sizes import PixelSize, Ratio, Tier
from gptimg_desktop.ui import theme
from tests.ui.compose.hands import (
    button,
    click,
    file_reference,
    find,
    generate,
    prompt,
    spin,
    visible_text,
)
from tests.ui.eyes import heard

if TYPE_CHECKING:
    from gptimg_desktop.ui.compose.panel import ComposePanel

TOLD = "There is no reference 20. Nothing was sent yet: press again to generate, Esc to leave it."


def rest(panel: ComposePanel) -> None:
    """As if the hand had rested for longer than a double click takes."""
    burst = panel.findChild(QTimer, "secondPressBurst")
    assert isinstance(burst, QTimer)
    burst.stop()


@pytest.fixture
def sent(panel: ComposePanel) -> list[object]:
    return heard(panel.generate_requested)


def test_a_mention_without_its_reference_is_asked_about(panel: ComposePanel, sent: list[object]) -> None:
    prompt(panel).setPlainText("the chair of [20]")
    click(generate(panel))
    assert sent == []
    assert TOLD in visible_text(panel)
    assert generate(panel).text() == "Press again: 1 image · $0.0085"
    rest(panel)
    click(generate(panel))
    assert sent == [Draft(prompt="the chair of [20]")]


@pytest.mark.parametrize("mention", ["image 20", "图20"])
def test_a_mention_as_the_prompt_asks_for_it_is_asked_about_too(
    panel: ComposePanel, sent: list[object], mention: str
) -> None:
    assert "image 2" in prompt(panel).placeholderText()
    prompt(panel).setPlainText(f"the chair of {mention}")
    click(generate(panel))
    assert sent == []
    assert TOLD in visible_text(panel)


def test_a_mention_whose_reference_is_there_is_not(panel: ComposePanel, sent: list[object]) -> None:
    panel.add_reference(file_reference(1), None)
    prompt(panel).setPlainText("the chair of [1], at [0] and {oak|ash}[1]")
    click(generate(panel))
    assert len(sent) == 1


def test_a_mention_is_asked_about_behind_any_number_of_sizes(panel: ComposePanel, sent: list[object]) -> None:
    prompt(panel).setPlainText("16:9, " * 150 + "[20]")
    click(generate(panel))
    assert sent == []
    assert TOLD in visible_text(panel)


def test_the_notice_has_the_colour_of_the_question(panel: ComposePanel, qapp: QApplication) -> None:
    prompt(panel).setPlainText("a {material} chair")
    click(generate(panel))
    (notice,) = (label for label in panel.findChildren(QLabel) if "press again" in label.text())
    for which, tokens in ((Theme.LIGHT, theme.LIGHT), (Theme.DARK, theme.DARK)):
        theme.apply(qapp, which)
        assert notice.palette().color(notice.foregroundRole()) == QColor(tokens.warning)
    theme.apply(qapp, Theme.LIGHT)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft(prompt="a chair", size=PixelSize(8, 1024)), "customWidth"),
        (Draft(prompt="a chair", size=PixelSize(1024, 20_000)), "customHeight"),
        (Draft(prompt="a chair", size=PixelSize(8, 8)), "customWidth"),
    ],
)
def test_a_size_that_nobody_makes_has_no_price_and_a_press_goes_to_its_edge(
    panel: ComposePanel, sent: list[object], draft: Draft, field: str
) -> None:
    panel.activateWindow()
    panel.set_draft(draft)
    assert generate(panel).text() == generate(panel).accessibleName() == "Generate"
    assert generate(panel).isEnabled()
    click(generate(panel))
    assert sent == []
    assert visible_text(panel).count("cannot be made") == 1
    assert panel.focusWidget() is spin(panel, field)
    invalid = {name for name in ("customWidth", "customHeight") if spin(panel, name).property("invalid")}
    size = draft.size
    assert isinstance(size, PixelSize)
    edges = {"customWidth": size.width, "customHeight": size.height}
    assert invalid == {name for name, edge in edges.items() if not 16 <= edge <= 10_000}


def test_more_than_one_press_makes_has_no_price_and_is_explained_once(
    panel: ComposePanel, sent: list[object]
) -> None:
    prompt(panel).setPlainText("{a|b|c|d|e} {1|2|3|4|5} {x|y|z} {u|v}")
    assert generate(panel).text() == "Generate"
    assert "150 images: 5 × 5 × 3 × 2 · up to 100 at once" in visible_text(panel)
    assert "One press" not in visible_text(panel)
    click(generate(panel))
    assert sent == []
    assert visible_text(panel).count("One press makes up to 100 images.") == 1
    prompt(panel).setPlainText("a chair")
    assert generate(panel).text() == "Generate $0.0085"


def test_a_button_that_would_refuse_looks_quiet_and_wakes_up(panel: ComposePanel) -> None:
    awake = generate(panel).grab().toImage().pixelColor(6, 16)
    panel.set_draft(Draft(prompt="a chair", size=PixelSize(1, 1)))
    assert generate(panel).grab().toImage().pixelColor(6, 16) != awake
    panel.set_draft(Draft(prompt="a chair", size=Ratio.R1X1, tier=Tier.K1))
    assert generate(panel).grab().toImage().pixelColor(6, 16) == awake


def test_one_line_with_variables_tells_them_and_not_itself(panel: ComposePanel) -> None:
    panel.set_draft(Draft(prompt="{a|b|c|d|e} {1|2|3|4|5} {x|y|z} {u|v}", one_per_line=True))
    assert "150 images: 5 × 5 × 3 × 2" in visible_text(panel)
    panel.set_draft(Draft(prompt="{a|b} {1|2}\n{a|b} {3|4}", one_per_line=True))
    assert "8 images: 8 prompts from 2 lines" in visible_text(panel)


def test_the_focus_of_the_size_fields_is_there_to_type(panel: ComposePanel) -> None:
    panel.activateWindow()
    click(button(panel, "ratio_custom"))
    assert panel.focusWidget() is spin(panel, "customWidth")
    assert find(panel, QPushButton, "generateButton").text() == "Generate $0.0085"


def test_the_sign_of_the_list_turns_with_it(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("{a|b} chair")
    unfold = find(panel, QToolButton, "runPreviewUnfold")
    closed = unfold.icon().pixmap(16).toImage()
    click(unfold)
    assert unfold.accessibleName() == "Hide what will be sent"
    assert unfold.icon().pixmap(16).toImage() != closed
    click(unfold)
    assert unfold.icon().pixmap(16).toImage() == closed
