"""What the references weigh in the request, and making that less."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.reference import (
    MOST_REFERENCE_BYTES,
    FileReference,
    Shrink,
    ShrinkWish,
    UrlReference,
)
from gptimg_desktop.ui.messages import sentence
from tests.ui.compose import hands

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gptimg_desktop.ui.compose.panel import ComposePanel

# popups on a screen that has no keyboard to grab
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)

MIDDLE = Shrink(longest_edge=1536, quality=80)


def heavy(number: int, size_bytes: int) -> FileReference:
    return replace(hands.file_reference(number), size_bytes=size_bytes)


def lighter(reference: FileReference, size_bytes: int = 300_000) -> FileReference:
    return replace(reference, sha256=f"{'f' * 8}{reference.sha256[8:]}", size_bytes=size_bytes)


class Maker:
    """Stands where pictures are made lighter: remembers what is asked for."""

    def __init__(self, panel: ComposePanel) -> None:
        self.panel = panel
        self.wishes: list[ShrinkWish] = []
        self.drafts: list[Draft] = []
        panel.shrink_wanted.connect(self.wishes.append)
        panel.generate_requested.connect(self.drafts.append)

    def deliver(self, wishes: Iterable[ShrinkWish]) -> None:
        for wish in wishes:
            self.panel.set_shrunk(wish, lighter(wish.reference))


@pytest.fixture
def maker(panel: ComposePanel) -> Maker:
    return Maker(panel)


def show(panel: ComposePanel, *references: FileReference | UrlReference) -> None:
    panel.set_draft(Draft(prompt="x", references=references))


def total(panel: ComposePanel) -> QLabel:
    return hands.find(panel, QLabel, "referenceWeight")


def choose(panel: ComposePanel, name: str) -> None:
    """Open the ways to shrink and click one."""
    hands.click(hands.find(panel, QPushButton, "shrinkButton"))
    popup = hands.find(panel, QWidget, "shrinkPopup")
    assert popup.isVisible()
    hands.click(hands.button(popup, name))
    popup.close()
    QApplication.processEvents()


def weights(panel: ComposePanel) -> str:
    return hands.find(panel, QLabel, "shrinkWeights").text()


def tells_of_changes(panel: ComposePanel) -> list[str]:
    return [chip.accessibleDescription() for chip in hands.chips(panel)]


def test_the_weight_stands_beside_the_count_as_it_goes_over_the_line(panel: ComposePanel) -> None:
    show(panel, heavy(1, 3_000_000), heavy(2, 6_000_000), hands.url_reference(3))
    assert total(panel).text() == "3 of 16 · 12 MB"
    assert total(panel).property("role") == "muted"
    show(panel, hands.url_reference(1))
    assert total(panel).text() == "1 of 16"
    assert not hands.find(panel, QPushButton, "shrinkButton").isVisible()
    show(panel)
    assert not total(panel).isVisible()


@pytest.mark.parametrize(
    ("sizes", "tone"),
    [
        ([15_900_000] * 3, "muted"),
        ([16_000_000] * 3 + [100], "warning"),
        ([MOST_REFERENCE_BYTES + 1], "danger"),
        ([16_000_000] * 16, "warning"),
        ([16_000_000] * 15 + [16_000_001], "danger"),
    ],
)
def test_the_tone_tells_what_is_too_much(panel: ComposePanel, sizes: list[int], tone: str) -> None:
    show(panel, *(heavy(number, size) for number, size in enumerate(sizes)))
    assert total(panel).property("role") == tone


@pytest.mark.row(120)
@pytest.mark.parametrize(
    ("sizes", "kind"),
    [
        ([3_000_000, MOST_REFERENCE_BYTES + 1], ProblemKind.REFERENCE_TOO_HEAVY),
        ([17_000_000] * 16, ProblemKind.REFERENCES_TOO_HEAVY),
    ],
)
def test_too_much_is_not_sent_and_leads_to_shrinking(
    panel: ComposePanel, maker: Maker, sizes: list[int], kind: ProblemKind
) -> None:
    show(panel, *(heavy(number, size) for number, size in enumerate(sizes)))
    hands.click(hands.generate(panel))
    assert maker.drafts == []
    tray = hands.find(panel, QWidget, "referenceTray")
    facts = {"size_bytes": sum(sizes), "limit_bytes": 256_000_000}
    if kind is ProblemKind.REFERENCE_TOO_HEAVY:
        facts = {"number": 2, "size_bytes": sizes[1], "limit_bytes": MOST_REFERENCE_BYTES}
    told = sentence(Problem.of(kind, name="sketch 1.png", **facts))
    assert told in hands.visible_text(tray)
    hands.click(hands.button(panel, "shrinkNowButton"))
    assert hands.find(panel, QWidget, "shrinkPopup").isVisible()
    hands.find(panel, QWidget, "shrinkPopup").close()
    choose(panel, "shrink_2048")
    maker.deliver(maker.wishes)
    assert told not in hands.visible_text(panel)
    hands.click(hands.generate(panel))
    assert [reference.size_bytes for reference in _files(maker.drafts[0])] == [300_000] * len(sizes)


def test_the_sentences_of_what_is_too_heavy() -> None:
    one = Problem.of(
        ProblemKind.REFERENCE_TOO_HEAVY, number=2, name="a.png", size_bytes=25_000_000, limit_bytes=20_971_520
    )
    assert sentence(one) == (
        "Reference 2, “a.png”, weighs 25 MB; up to 21 MB can be sent. Shrink what is sent, or take it out."
    )
    all_of_them = Problem.of(
        ProblemKind.REFERENCES_TOO_HEAVY, size_bytes=272_000_000, limit_bytes=256_000_000
    )
    assert sentence(all_of_them) == (
        "The references weigh 272 MB together; up to 256 MB can be sent. "
        "Shrink what is sent, or take some out."
    )


def _files(draft: Draft) -> list[FileReference]:
    return [reference for reference in draft.references if isinstance(reference, FileReference)]


def test_lighter_copies_are_sent_and_the_originals_kept(panel: ComposePanel, maker: Maker) -> None:
    first, second = heavy(1, 3_000_000), heavy(2, 6_000_000)
    show(panel, first, hands.url_reference(3), second)
    choose(panel, "shrink_1536")
    assert maker.wishes == [ShrinkWish(reference=each, shrink=MIDDLE) for each in (first, second)]
    assert panel.draft().shrink == MIDDLE
    assert weights(panel) == "12 MB → working…"
    hands.click(hands.generate(panel))
    assert maker.drafts == []
    assert "Still reading 2 pictures" in hands.visible_text(panel)
    maker.deliver(maker.wishes[:1])
    assert "Still reading a picture" in hands.visible_text(panel)
    maker.deliver(maker.wishes[1:])
    assert weights(panel) == "12 MB → 800 KB"
    assert total(panel).text() == "3 of 16 · 800 KB"
    hands.click(hands.generate(panel))
    assert maker.drafts[0].references == (lighter(first), hands.url_reference(3), lighter(second))
    assert panel.draft().references == (first, hands.url_reference(3), second)


def test_what_is_being_made_lighter_is_waited_for_and_not_refused(panel: ComposePanel, maker: Maker) -> None:
    show(panel, heavy(1, MOST_REFERENCE_BYTES + 1))
    choose(panel, "shrink_1536")
    hands.click(hands.generate(panel))
    assert "Still reading a picture" in hands.visible_text(panel)
    assert not hands.button(panel, "shrinkNowButton").isVisible()
    maker.deliver(maker.wishes)
    hands.click(hands.generate(panel))
    assert len(maker.drafts) == 1


def test_going_back_and_forth_asks_for_nothing_again(panel: ComposePanel, maker: Maker) -> None:
    show(panel, heavy(1, 3_000_000))
    choose(panel, "shrink_1024")
    maker.deliver(maker.wishes)
    choose(panel, "shrink_off")
    assert total(panel).text() == "1 of 16 · 4 MB"
    choose(panel, "shrink_1024")
    assert total(panel).text() == "1 of 16 · 400 KB"
    assert len(maker.wishes) == 1


def test_what_comes_later_is_made_lighter_too(panel: ComposePanel, maker: Maker) -> None:
    panel.set_draft(Draft(prompt="x", shrink=MIDDLE))
    panel.add_reference(heavy(1, 3_000_000), hands.bitmap())
    QApplication.processEvents()
    assert [wish.reference for wish in maker.wishes] == [heavy(1, 3_000_000)]


def test_another_draft_asks_in_its_own_way_alone(panel: ComposePanel, maker: Maker) -> None:
    panel.set_draft(Draft(shrink=Shrink(longest_edge=1024, quality=70)))
    panel.set_draft(Draft(references=(heavy(1, 3_000_000),), shrink=MIDDLE))
    QApplication.processEvents()
    assert [wish.shrink for wish in maker.wishes] == [MIDDLE]


def test_what_cannot_become_lighter_goes_as_it_is(panel: ComposePanel, maker: Maker) -> None:
    show(panel, heavy(1, 3_000_000))
    choose(panel, "shrink_1024")
    panel.set_shrunk(maker.wishes[0], maker.wishes[0].reference)
    hands.click(hands.generate(panel))
    assert maker.drafts[0].references == (heavy(1, 3_000_000),)


def test_two_of_one_content_keep_their_names(panel: ComposePanel, maker: Maker) -> None:
    first = heavy(1, 3_000_000)
    show(panel, first, replace(first, name="the same.png"))
    choose(panel, "shrink_1536")
    assert len(maker.wishes) == 1
    maker.deliver(maker.wishes)
    hands.click(hands.generate(panel))
    assert [reference.name for reference in _files(maker.drafts[0])] == ["sketch 1.png", "the same.png"]


def test_a_way_that_was_kept_is_shown(panel: ComposePanel) -> None:
    panel.set_draft(Draft(references=(heavy(1, 3_000_000),), shrink=Shrink(longest_edge=2048, quality=70)))
    button = hands.find(panel, QPushButton, "shrinkButton")
    assert (button.text(), button.isChecked()) == ("≤ 2048 px", True)
    popup = hands.find(panel, QWidget, "shrinkPopup")
    checked = [each.text() for each in popup.findChildren(QPushButton) if each.isChecked()]
    assert checked == ["2048", "70"]
    assert "Your files and the originals here stay untouched." in [
        label.text() for label in popup.findChildren(QLabel)
    ]


def test_each_chip_tells_its_weight_as_it_is_sent(panel: ComposePanel, maker: Maker) -> None:
    show(panel, heavy(1, 3_000_000))
    assert tells_of_changes(panel) == ["File · 40×20 · PNG · 3 MB"]
    choose(panel, "shrink_1536")
    maker.deliver(maker.wishes)
    assert tells_of_changes(panel) == ["File · 40×20 · PNG · 300 KB"]


def popup_of(panel: ComposePanel) -> QWidget:
    hands.click(hands.find(panel, QPushButton, "shrinkButton"))
    return hands.find(panel, QWidget, "shrinkPopup")


def test_the_ways_to_shrink_float_inside_the_composer(panel: ComposePanel) -> None:
    panel.resize(320, 712)
    show(panel, heavy(1, 3_000_000))
    QApplication.processEvents()
    popup = popup_of(panel)
    assert popup.window() is panel
    assert panel.rect().contains(popup.geometry())
    button = hands.find(panel, QPushButton, "shrinkButton")
    edge = popup.geometry().right()
    assert edge == button.mapTo(panel, button.rect().bottomRight()).x()
    hands.click(hands.button(popup, "shrink_1536"))
    QApplication.processEvents()
    assert button.text() == "≤ 1536 px"
    assert popup.geometry().right() == edge
    hands.click(button)
    assert not popup.isVisible()


def test_no_quality_is_chosen_while_nothing_is_shrunk(panel: ComposePanel) -> None:
    show(panel, heavy(1, 3_000_000))
    popup = popup_of(panel)

    def chosen() -> list[str]:
        return [each.text() for each in popup.findChildren(QPushButton) if each.isChecked()]

    assert chosen() == ["Off"]
    hands.click(hands.button(popup, "shrink_1024"))
    assert chosen() == ["1024", "80"]
    hands.click(hands.button(popup, "shrink_70"))
    hands.click(hands.button(popup, "shrink_off"))
    assert chosen() == ["Off"]
    hands.click(hands.button(popup, "shrink_2048"))
    assert chosen() == ["2048", "70"]


def test_the_ways_to_shrink_are_left_with_esc(panel: ComposePanel) -> None:
    panel.activateWindow()
    show(panel, heavy(1, 3_000_000))
    popup = popup_of(panel)
    assert hands.button(popup, "shrink_off").hasFocus()
    for name in ("shrink_2048", "shrink_1536", "shrink_1024", "shrink_off"):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        assert hands.button(popup, name).hasFocus()
    QTest.keyClick(hands.button(popup, "shrink_off"), Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert hands.find(panel, QPushButton, "shrinkButton").hasFocus()


def test_a_name_in_the_tool_tip_is_no_markup(panel: ComposePanel) -> None:
    show(panel, replace(heavy(1, MOST_REFERENCE_BYTES + 1), name="<b>&amp;.png"))
    assert "&lt;b&gt;&amp;amp;.png" in total(panel).toolTip()
