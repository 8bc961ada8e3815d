"""Pressing Generate: what goes out, what is refused, what the button says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QScrollBar, QToolButton, QWidget

from gptimg_desktop.core.connection import PRACTICE, Connection
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.prices import PUBLISHED, PriceTable
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Size, Tier
from gptimg_desktop.ui.compose.panel import ComposePanel
from gptimg_desktop.ui.compose.steady_scroll import SteadyScroll
from gptimg_desktop.ui.messages import sentence
from tests.ui.compose import hands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Ears:
    """Remembers what a signal carried."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    def hear(self, value: object) -> None:
        self.heard.append(value)


@pytest.fixture
def ears(panel: ComposePanel) -> Ears:
    listener = Ears()
    panel.generate_requested.connect(listener.hear)
    return listener


def test_what_was_chosen_goes_out(panel: ComposePanel, ears: Ears) -> None:
    QTest.keyClicks(hands.prompt(panel), "a red kite")
    hands.click(hands.button(panel, "ratio_16x9"))
    hands.click(hands.button(panel, "tier_2k"))
    hands.click(hands.find(panel, QCheckBox, "officialFallback"))
    hands.spin(panel, "copiesSpin").setValue(4)
    hands.click(hands.generate(panel))
    wanted = Draft(prompt="a red kite", size=Ratio.R16X9, tier=Tier.K2, official_fallback=True, copies=4)
    assert ears.heard == [wanted]
    assert panel.draft() == wanted


def test_twenty_presses_are_twenty_wishes(panel: ComposePanel, ears: Ears) -> None:
    QTest.keyClicks(hands.prompt(panel), "x")
    for _ in range(20):
        hands.click(hands.generate(panel))
    assert len(ears.heard) == 20
    assert hands.generate(panel).isEnabled()


def test_a_click_leaves_text_and_focus_in_the_prompt(panel: ComposePanel) -> None:
    panel.activateWindow()
    panel.focus_prompt()
    QTest.keyClicks(hands.prompt(panel), "x")
    hands.click(hands.generate(panel))
    assert panel.focusWidget() is hands.prompt(panel)
    assert hands.prompt(panel).toPlainText() == "x"


def test_ctrl_enter_generates_and_writes_nothing(panel: ComposePanel, ears: Ears) -> None:
    QTest.keyClicks(hands.prompt(panel), "x")
    hands.ctrl_enter(hands.prompt(panel))
    hands.ctrl_enter(hands.spin(panel, "copiesSpin"))
    assert len(ears.heard) == 2
    assert hands.prompt(panel).toPlainText() == "x"


@pytest.mark.row(37)
def test_a_held_key_generates_once(panel: ComposePanel, ears: Ears) -> None:
    QTest.keyClicks(hands.prompt(panel), "x")
    hands.ctrl_enter(hands.prompt(panel))
    for _ in range(20):
        hands.ctrl_enter(hands.prompt(panel), repeated=True)
    assert len(ears.heard) == 1


def test_nothing_goes_out_before_the_queue_is_open(panel: ComposePanel, ears: Ears) -> None:
    assert not hands.generate(ComposePanel(panel)).isEnabled()
    panel.set_queue_open(False)
    QTest.keyClicks(hands.prompt(panel), "x")
    hands.click(hands.generate(panel))
    hands.ctrl_enter(hands.prompt(panel))
    assert ears.heard == []
    assert not hands.generate(panel).isEnabled()


def test_an_empty_prompt_is_refused_in_words(panel: ComposePanel, ears: Ears) -> None:
    hands.click(hands.generate(panel))
    said = sentence(Problem.of(ProblemKind.PROMPT_EMPTY))
    assert ears.heard == []
    assert said in hands.visible_text(panel)
    QTest.keyClicks(hands.prompt(panel), "x")
    assert said not in hands.visible_text(panel)


def test_an_impossible_size_is_told_at_its_place(panel: ComposePanel, ears: Ears) -> None:
    QTest.keyClicks(hands.prompt(panel), "my words")
    hands.click(hands.button(panel, "ratio_custom"))
    for name in ("customWidth", "customHeight"):
        hands.spin(panel, name).selectAll()
        QTest.keyClicks(hands.spin(panel, name), "5")
    hands.click(hands.generate(panel))
    facts = {"width": 5, "height": 5, "least": 16, "most": 10_000}
    said = sentence(Problem(kind=ProblemKind.SIZE_IMPOSSIBLE, facts=facts))
    assert panel.draft().size == PixelSize(5, 5)
    assert ears.heard == []
    assert hands.visible_text(panel).count(said) == 1
    assert "may be refused" not in hands.visible_text(panel)
    assert hands.prompt(panel).toPlainText() == "my words"


def test_the_button_names_the_price(panel: ComposePanel) -> None:
    assert hands.generate(panel).text() == "Generate $0.0085"
    hands.spin(panel, "copiesSpin").setValue(4)
    assert hands.generate(panel).text() == "Generate 4 · $0.034"
    hands.click(hands.button(panel, "tier_4k"))
    assert hands.generate(panel).text() == "Generate 4 · $0.084"
    assert hands.generate(panel).accessibleName() == "Generate 4 · $0.084"


def test_practice_is_free_and_says_so(panel: ComposePanel) -> None:
    panel.set_connection(Connection(service=PRACTICE))
    assert hands.generate(panel).text() == "Generate (practice, free)"
    assert "free" in hands.button(panel, "tier_4k").accessibleName()


def test_prices_can_change(panel: ComposePanel) -> None:
    doubled = {tier: price * 2 for tier, price in PUBLISHED.per_image.items()}
    panel.set_prices(PriceTable(as_of=PUBLISHED.as_of, per_image=doubled))
    assert hands.generate(panel).text() == "Generate $0.017"
    assert doubled[Tier.K2] == Decimal("0.028")
    assert "$0.028" in hands.button(panel, "tier_2k").accessibleName()


def test_copies_go_by_buttons_and_stay_in_their_range(panel: ComposePanel) -> None:
    named = {each.accessibleName(): each for each in panel.findChildren(QToolButton)}
    hands.click(named["One copy more"])
    assert panel.draft().copies == 2
    for _ in range(3):
        hands.click(named["One copy fewer"])
    assert panel.draft().copies == 1
    hands.spin(panel, "copiesSpin").setValue(1_000)
    assert panel.draft().copies == 100


def test_the_wheel_changes_no_number_that_costs_money(panel: ComposePanel) -> None:
    spin = hands.spin(panel, "copiesSpin")
    spin.setFocus()
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(spin.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(spin, turn)
    assert panel.draft().copies == 1


def test_a_problem_from_elsewhere_stands_by_the_button(panel: ComposePanel) -> None:
    problem = Problem.of(ProblemKind.KEY_MISSING, service="https://images.example.com")
    panel.show_problem(problem)
    assert sentence(problem) in hands.visible_text(panel)
    QTest.keyClicks(hands.prompt(panel), "x")
    assert sentence(problem) not in hands.visible_text(panel)


def test_a_draft_is_shown_as_it_was_and_silently(panel: ComposePanel) -> None:
    told = Ears()
    panel.draft_changed.connect(told.hear)
    sizes: tuple[Size, ...] = (Ratio.R9X21, AUTO, PixelSize(2160, 3840))
    for size in sizes:
        draft = Draft(
            prompt="first line\nsecond line",
            size=size,
            tier=Tier.K4,
            references=(hands.url_reference(1), hands.file_reference(2)),
            official_fallback=True,
            copies=7,
        )
        panel.set_draft(draft)
        assert panel.draft() == draft
    assert told.heard == []


@pytest.mark.parametrize(
    ("kept", "tier", "says"),
    [
        (Draft(prompt="a kite", size=PixelSize(1024, 1024), tier=Tier.K4), Tier.K1, "Generate $0.0085"),
        (Draft(prompt="a kite", size=PixelSize(3840, 2160), tier=Tier.K1), Tier.K4, "Generate $0.021"),
    ],
)
def test_pixels_are_sent_with_the_tier_that_the_price_is_told_for(
    panel: ComposePanel, ears: Ears, kept: Draft, tier: Tier, says: str
) -> None:
    panel.set_draft(kept)
    assert hands.generate(panel).text() == says
    hands.click(hands.generate(panel))
    assert ears.heard == [replace(kept, tier=tier)]


def test_a_prompt_that_was_replaced_comes_back_with_undo(panel: ComposePanel) -> None:
    QTest.keyClicks(hands.prompt(panel), "long thought about")
    panel.set_draft(Draft(prompt="another"))
    hands.prompt(panel).undo()
    assert hands.prompt(panel).toPlainText() == "long thought about"


def test_every_change_by_the_user_is_told(panel: ComposePanel) -> None:
    told = Ears()
    panel.draft_changed.connect(told.hear)
    QTest.keyClicks(hands.prompt(panel), "x")
    hands.click(hands.button(panel, "ratio_3x2"))
    hands.click(hands.button(panel, "tier_2k"))
    hands.click(hands.find(panel, QCheckBox, "officialFallback"))
    hands.spin(panel, "copiesSpin").setValue(3)
    panel.add_reference(hands.url_reference(1), None)
    wanted = Draft(
        prompt="x",
        size=Ratio.R3X2,
        tier=Tier.K2,
        references=(hands.url_reference(1),),
        official_fallback=True,
        copies=3,
    )
    assert len(told.heard) == 6
    assert told.heard[-1] == wanted


def test_the_prompt_grows_with_its_text_and_then_scrolls(panel: ComposePanel) -> None:
    editor = hands.prompt(panel)
    small = editor.height()
    editor.setPlainText("\n".join(["中文提示词"] * 8))
    grown = editor.height()
    assert grown > small
    assert editor.verticalScrollBar().maximum() == 0
    editor.setPlainText("\n".join(["line"] * 200))
    assert grown < editor.height() < 2.5 * grown
    assert editor.verticalScrollBar().maximum() > 0
    editor.clear()
    assert editor.height() == small


def test_the_scrolled_part_and_the_block_below_end_in_one_line(panel: ComposePanel, qtbot: QtBot) -> None:
    def right_edges() -> set[int]:
        widgets = [hands.prompt(panel), hands.find(panel, QWidget, "referenceTray"), hands.generate(panel)]
        return {widget.mapTo(panel, widget.rect().topRight()).x() for widget in widgets}

    bar = hands.find(panel, SteadyScroll, "").viewport().findChild(QScrollBar)
    assert isinstance(bar, QScrollBar)
    panel.resize(360, 1600)
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert len(right_edges()) == 1
    panel.resize(360, 480)
    qtbot.waitUntil(bar.isVisible)
    qtbot.waitUntil(lambda: len(right_edges()) == 1)


@pytest.mark.parametrize("name", ["One copy more", "One copy fewer"])
def test_the_buttons_beside_the_number_of_copies_leave_it_unmarked(panel: ComposePanel, name: str) -> None:
    spin = hands.spin(panel, "copiesSpin")
    spin.setValue(5)
    button = next(each for each in panel.findChildren(QToolButton) if each.accessibleName() == name)
    hands.click(button)
    assert spin.value() != 5
    assert not spin.lineEdit().hasSelectedText()


def test_a_prompt_that_came_back_is_written_on_at_its_end(panel: ComposePanel) -> None:
    panel.set_draft(Draft(prompt="a red"))
    QTest.keyClicks(hands.prompt(panel), " kite")
    assert hands.prompt(panel).toPlainText() == "a red kite"
    panel.set_draft(Draft(prompt="a blue"))
    QTest.keyClicks(hands.prompt(panel), " kite")
    assert hands.prompt(panel).toPlainText() == "a blue kite"
