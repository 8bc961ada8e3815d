"""A press that makes many images: what is told before, what asks for a second press, what is refused."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QLocale, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QPlainTextEdit, QTextEdit, QToolButton, QWidget

from gptimg_desktop.core.connection import PRACTICE, Connection
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.sizes import Tier
from gptimg_desktop.ui.compose.second_press import SecondPress
from gptimg_desktop.ui.messages import sentence
from tests.ui.compose.hands import (
    button,
    click,
    ctrl_enter,
    file_reference,
    find,
    generate,
    prompt,
    spin,
    visible_text,
)
from tests.ui.eyes import heard

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gptimg_desktop.ui.compose.panel import ComposePanel

ENDLESS = QLocale().toString(10**12)
TWELVE = "an {oak|walnut|ash} chair in {red|blue|green|white}"


def preview(panel: ComposePanel) -> str:
    """What is told about the run; empty where nothing is."""
    widget = find(panel, QWidget, "runPreview")
    return visible_text(widget).replace("\u200b", "").strip() if widget.isVisible() else ""


def switch(panel: ComposePanel) -> QCheckBox:
    return find(panel, QCheckBox, "onePerLine")


def unfold(panel: ComposePanel) -> QTextEdit:
    click(find(panel, QToolButton, "runPreviewUnfold"))
    return find(panel, QTextEdit, "runPreviewList")


def rest(panel: ComposePanel) -> None:
    """As if the hand had rested for longer than a double click takes."""
    burst = panel.findChild(QTimer, "secondPressBurst")
    assert isinstance(burst, QTimer)
    if burst.isActive():
        assert burst.interval() == QApplication.doubleClickInterval()
    burst.stop()


@pytest.fixture
def sent(panel: ComposePanel) -> list[object]:
    return heard(panel.generate_requested)


# What is told


def test_a_prompt_that_is_only_itself_has_no_preview(panel: ComposePanel) -> None:
    for text in ("", "a cat", "a {material} cat", r"C:\new", "{|}"):
        prompt(panel).setPlainText(text)
        assert preview(panel) == ""
        assert not switch(panel).isVisible()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (r"a \{b|c\}", "a {b|c}"),
        ("{oak|oak} chair", "oak chair"),
        (r"file C:\{GUID}", "file C:{GUID}"),
        ("words\n" * 20 + r"of \{a\} cat" + "\nwords" * 20, None),
    ],
)
def test_one_prompt_that_is_not_the_text_is_told(
    panel: ComposePanel, sent: list[object], text: str, told: str | None
) -> None:
    prompt(panel).setPlainText(text)
    said = preview(panel).removeprefix("One prompt per line").strip()
    assert find(panel, QWidget, "runPreview").accessibleName() == said
    if told is None:
        assert said.startswith("Will be sent as: …")
        assert "words of {a} cat words" in said
        assert len(said) < 130
    else:
        assert said == f"Will be sent as: {told}"
        click(generate(panel))
        assert [each.requests[0].prompt for each in sent if isinstance(each, Draft)] == [told]
    whole = panel.draft().requests[0].prompt.replace("\n", " ")
    assert unfold(panel).toPlainText() == f"1\t{whole}"


@pytest.mark.parametrize(
    ("text", "copies", "told", "says"),
    [
        ("{a|b|c} {1|2}", 1, "6 images: 3 × 2 · $0.051", "Generate 6 · $0.051"),
        ("{a|b|c} {1|2}", 2, "12 images: 3 × 2 × 2 copies · $0.102", "Generate 12 · $0.102"),
        ("{a|b|c}", 1, "3 images · $0.0255", "Generate 3 · $0.0255"),
        ("{a|b|c}", 4, "12 images: 3 × 4 copies · $0.102", "Generate 12 · $0.102"),
        ("{a|b{1|2}} {x|y}", 1, "6 images: 3 × 2 · $0.051", "Generate 6 · $0.051"),
        ("{a|b|a} {x|y}", 1, "4 images · $0.034", "Generate 4 · $0.034"),
    ],
)
def test_how_many_images_why_and_at_what_price(
    panel: ComposePanel, text: str, copies: int, told: str, says: str
) -> None:
    prompt(panel).setPlainText(text)
    spin(panel, "copiesSpin").setValue(copies)
    assert preview(panel) == told
    assert generate(panel).text() == generate(panel).accessibleName() == says
    assert find(panel, QWidget, "runPreview").accessibleName() == told


def test_price_follows_the_tier_and_practice_is_free(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("{a|b|c} {1|2}")
    click(button(panel, "tier_2k"))
    assert preview(panel) == "6 images: 3 × 2 · $0.084"
    panel.set_connection(Connection(service=PRACTICE))
    assert preview(panel) == "6 images: 3 × 2 · free"
    assert generate(panel).text() == "Generate 6 (practice, free)"


def test_the_switch_comes_with_several_lines_and_makes_a_prompt_of_each(panel: ComposePanel) -> None:
    told = heard(panel.draft_changed)
    prompt(panel).setPlainText("one\n\ntwo {a|b}\n")
    assert switch(panel).isVisible()
    click(switch(panel))
    assert told[-1] == panel.draft() == Draft(prompt="one\n\ntwo {a|b}\n", one_per_line=True)
    assert preview(panel) == "3 images: 3 prompts from 2 lines · $0.0255"
    assert generate(panel).text() == "Generate 3 · $0.0255"
    panel.set_draft(Draft(prompt="only one", one_per_line=True))
    assert switch(panel).isVisible()  # it is on, so it must be seen
    assert preview(panel) == "1 image: 1 line · $0.0085"
    click(switch(panel))
    assert preview(panel) == ""
    assert not panel.draft().one_per_line


def test_the_mode_comes_back_with_the_draft_and_tells_nobody(panel: ComposePanel) -> None:
    told = heard(panel.draft_changed)
    draft = Draft(prompt="one\ntwo", one_per_line=True, copies=3)
    panel.set_draft(draft)
    assert panel.draft() == draft
    assert switch(panel).isChecked()
    assert preview(panel) == "6 images: 2 lines × 3 copies · $0.051"
    panel.set_draft(Draft(prompt="one\ntwo"))
    assert not switch(panel).isChecked()
    assert told == []


def test_the_list_holds_what_is_sent_word_for_word(panel: ComposePanel, sent: list[object]) -> None:
    prompt(panel).setPlainText(TWELVE)
    assert not find(panel, QTextEdit, "runPreviewList").isVisible()
    shown = unfold(panel)
    assert shown.isVisible()
    click(generate(panel))
    (draft,) = sent
    assert isinstance(draft, Draft)
    lines = [f"{number}\t{request.prompt}" for number, request in enumerate(draft.requests, 1)]
    assert shown.toPlainText().splitlines() == lines
    assert lines[5] == "6\tan walnut chair in blue"


def test_the_list_emphasises_what_differs(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("an {oak|ash} chair")
    document = unfold(panel).document()
    strong = []
    for number in range(document.blockCount()):
        iterator = document.findBlockByNumber(number).begin()
        while not iterator.atEnd():
            piece = iterator.fragment()
            if piece.charFormat().fontWeight() > 500:
                strong.append(piece.text())
            iterator += 1
    assert strong == ["oak", "ash"]


def test_the_list_follows_the_text_and_folds(panel: ComposePanel, qtbot: QtBot) -> None:
    prompt(panel).setPlainText("{a|b}")
    shown = unfold(panel)
    prompt(panel).setPlainText("{a|b|<b>c</b>}")
    qtbot.waitUntil(lambda: shown.toPlainText() == "1\ta\n2\tb\n3\t<b>c</b>")
    prompt(panel).setPlainText("a")
    assert not shown.isVisible()
    prompt(panel).setPlainText("{a|b}")
    assert shown.isVisible()
    fold = find(panel, QToolButton, "runPreviewUnfold")
    assert fold.accessibleName() == "Hide what will be sent"
    QTest.keyClick(fold, Qt.Key.Key_Space)
    assert not shown.isVisible()
    assert fold.accessibleName() == "Show what will be sent"


def test_of_long_prompts_the_list_shows_what_differs(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("word " * 3_000 + "{oak|ash}" + " word" * 3_000)
    text = unfold(panel).toPlainText()
    assert "oak" in text
    assert "ash" in text
    assert len(text) < 500


def test_the_list_can_be_read_by_keyboard_only(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("{a|b}")
    shown = unfold(panel)
    assert shown.isReadOnly()
    assert shown.accessibleName() == "What will be sent"
    assert shown.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClicks(shown, "x")
    assert shown.toPlainText() == "1\ta\n2\tb"


@pytest.mark.parametrize(
    ("text", "copies", "told"),
    [
        ("{a|b|c|d|e} {1|2|3|4|5} {x|y|z|v|w}", 1, "125 images: 5 × 5 × 5 · up to 100 at once"),
        ("{a|b|c}", 34, "102 images: 3 × 34 copies · up to 100 at once"),
        ("{a|b}" * 9, 1, "512 images: 2 × 2 × 2 × 2 × 2 × 2 × … · up to 100 at once"),
        ("{a|b}" * 99, 1, f"Over {ENDLESS} images: 2 × 2 × 2 × 2 × 2 × 2 × … · up to 100 at once"),
    ],
)
def test_too_many_are_told_at_their_place_and_nothing_goes_out(
    panel: ComposePanel, sent: list[object], text: str, copies: int, told: str
) -> None:
    prompt(panel).setPlainText("{a|b}")
    shown = unfold(panel)
    prompt(panel).setPlainText(text)
    spin(panel, "copiesSpin").setValue(copies)
    assert preview(panel) == told
    assert not shown.isVisible()
    assert "$" not in generate(panel).text()
    click(generate(panel))
    rest(panel)
    click(generate(panel))
    assert sent == []
    count = panel.draft().count
    assert sentence(Problem.of(ProblemKind.RUN_TOO_LARGE, count=count, limit=100)) in visible_text(panel)
    assert generate(panel).isEnabled()


def test_a_hundred_may_go_with_one_press_where_that_is_cheap_enough(
    panel: ComposePanel, sent: list[object]
) -> None:
    prompt(panel).setPlainText("{a|b|c|d|e|f|g|h|i|j} {1|2|3|4|5|6|7|8|9|0}")
    assert generate(panel).text() == "Generate 100 · $0.85"
    click(generate(panel))
    (draft,) = sent
    assert isinstance(draft, Draft)
    assert len(draft.requests) == 100


# The second press


def by_button(panel: ComposePanel) -> None:
    click(generate(panel))


def by_keys(panel: ComposePanel) -> None:
    ctrl_enter(prompt(panel))


PRESSES = pytest.mark.parametrize("press", [by_button, by_keys])


def costly(panel: ComposePanel) -> None:
    """Asks for 96 images at $0.021 each."""
    panel.set_draft(Draft(prompt=TWELVE, tier=Tier.K4, copies=8))


@PRESSES
def test_a_costly_press_is_asked_about_and_the_next_one_counts(
    panel: ComposePanel, sent: list[object], press: Callable[[ComposePanel], None]
) -> None:
    costly(panel)
    assert generate(panel).text() == "Generate 96 · $2.016"
    press(panel)
    assert sent == []
    assert generate(panel).text() == generate(panel).accessibleName() == "Press again: 96 images · $2.016"
    assert generate(panel).property("asking") == "true"
    assert generate(panel).isEnabled()
    assert "costs more than $1.00. Nothing was sent yet" in visible_text(panel)
    rest(panel)
    press(panel)
    assert len(sent) == 1
    assert generate(panel).text() == "Generate 96 · $2.016"
    assert generate(panel).property("asking") == "false"
    assert "Nothing was sent yet" not in visible_text(panel)
    rest(panel)
    press(panel)  # a run of its own, asked about anew
    assert len(sent) == 1
    assert generate(panel).text().startswith("Press again")


@PRESSES
def test_a_burst_of_presses_answers_nothing(
    panel: ComposePanel, sent: list[object], press: Callable[[ComposePanel], None]
) -> None:
    costly(panel)
    for _ in range(20):
        press(panel)
    assert sent == []
    assert generate(panel).text().startswith("Press again")
    rest(panel)
    for _ in range(20):
        press(panel)
    assert len(sent) == 1
    assert generate(panel).text() == "Generate 96 · $2.016"  # the burst that paid asks nothing anew either


def test_an_answer_is_to_what_was_asked_and_to_nothing_else(qtbot: QtBot) -> None:
    second = SecondPress()
    burst = second.findChild(QTimer, "secondPressBurst")
    assert isinstance(burst, QTimer)
    assert not second.lets_go("a chair")
    burst.stop()
    assert not second.lets_go("another chair")  # changed without a word
    burst.stop()
    assert second.lets_go("another chair")
    assert not second.is_asking
    assert not second.take_back()
    qtbot.waitUntil(lambda: not burst.isActive())


def test_a_double_click_does_not_pay(panel: ComposePanel, sent: list[object]) -> None:
    costly(panel)
    click(generate(panel))
    QTest.mouseDClick(generate(panel), Qt.MouseButton.LeftButton)
    assert sent == []


def test_a_held_key_answers_nothing(panel: ComposePanel, sent: list[object]) -> None:
    costly(panel)
    ctrl_enter(prompt(panel))
    rest(panel)
    for _ in range(20):
        ctrl_enter(prompt(panel), repeated=True)
        rest(panel)
    assert sent == []


def test_a_held_space_bar_answers_nothing_also_where_it_comes_as_pairs(
    panel: ComposePanel, sent: list[object]
) -> None:
    """X11 sends a held key as releases and presses of the same moment, not all of them marked as repeats."""
    costly(panel)
    press = QEvent.Type.KeyPress
    release = QEvent.Type.KeyRelease

    def send(kind: QEvent.Type, at: int) -> None:
        event = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", False)
        event.setTimestamp(at)
        QApplication.sendEvent(generate(panel), event)

    send(press, 1_000)
    for at in range(1_500, 2_400, 30):
        send(release, at)
        send(press, at)
        rest(panel)
    send(release, 2_400)
    assert sent == []
    assert generate(panel).text().startswith("Press again")


CHANGES: dict[str, Callable[[ComposePanel], object]] = {
    "text": lambda panel: QTest.keyClicks(prompt(panel), "x"),
    "copies": lambda panel: spin(panel, "copiesSpin").setValue(7),
    "tier": lambda panel: click(button(panel, "tier_2k")),
    "shape": lambda panel: click(button(panel, "ratio_3x2")),
    "channel": lambda panel: click(find(panel, QCheckBox, "officialFallback")),
    "reference": lambda panel: panel.add_reference(file_reference(1), None),
    "draft": lambda panel: panel.set_draft(Draft(prompt=TWELVE + "!", tier=Tier.K4, copies=8)),
    "sum": lambda panel: panel.set_ask_above(Decimal("1.5")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_takes_the_question_back(panel: ComposePanel, sent: list[object], change: str) -> None:
    costly(panel)
    click(generate(panel))
    CHANGES[change](panel)
    assert generate(panel).text().startswith("Generate ")
    rest(panel)
    click(generate(panel))
    assert sent == []
    assert generate(panel).text().startswith("Press again")


def key(number: int) -> Connection:
    """One service with one of two keys, at the same prices."""
    return Connection(service="https://images.example.com", key_hint=f"abc{number}")


def test_another_key_takes_the_question_back_with_what_was_said(
    panel: ComposePanel, sent: list[object]
) -> None:
    panel.set_connection(key(1))
    costly(panel)
    click(generate(panel))
    assert "Nothing was sent yet" in visible_text(panel)
    panel.set_connection(key(2))
    assert generate(panel).text() == "Generate 96 · $2.016"
    assert "Nothing was sent yet" not in visible_text(panel)
    rest(panel)
    click(generate(panel))
    assert sent == []


def test_another_sum_takes_back_what_was_said_and_the_same_sum_does_not(panel: ComposePanel) -> None:
    costly(panel)
    click(generate(panel))
    panel.set_ask_above(Decimal(1))
    assert generate(panel).text().startswith("Press again")
    assert "Nothing was sent yet" in visible_text(panel)
    panel.set_ask_above(Decimal(2))
    assert generate(panel).text() == "Generate 96 · $2.016"
    assert "Nothing was sent yet" not in visible_text(panel)


def test_what_is_said_of_other_things_stays_when_prices_come(panel: ComposePanel) -> None:
    panel.show_problem(Problem.of(ProblemKind.PROMPT_EMPTY))
    panel.set_connection(key(2))
    assert sentence(Problem.of(ProblemKind.PROMPT_EMPTY)) in visible_text(panel)


def test_escape_takes_the_question_back(panel: ComposePanel, sent: list[object], qtbot: QtBot) -> None:
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    costly(panel)
    panel.focus_prompt()
    for widget in (prompt(panel), spin(panel, "copiesSpin"), generate(panel)):
        widget.setFocus()
        rest(panel)
        click(generate(panel))
        assert generate(panel).text().startswith("Press again")
        QTest.keyClick(widget, Qt.Key.Key_Escape)
        assert generate(panel).text() == "Generate 96 · $2.016"
        assert "Nothing was sent yet" not in visible_text(panel)
    assert sent == []


def test_the_question_is_read_out(panel: ComposePanel, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[QAccessible.Event] = []
    monkeypatch.setattr(
        QAccessible,
        "updateAccessibility",
        lambda event: told.append(event.type()) if event.object() is generate(panel) else None,
    )
    costly(panel)
    click(generate(panel))
    assert told == [QAccessible.Event.Alert]


def test_below_the_sum_every_press_counts(panel: ComposePanel, sent: list[object]) -> None:
    panel.set_ask_above(Decimal("2.016"))
    costly(panel)
    for _ in range(20):
        click(generate(panel))
    assert len(sent) == 20


def test_a_sum_of_nothing_asks_at_every_paid_press_and_practice_is_never_asked_about(
    panel: ComposePanel, sent: list[object]
) -> None:
    panel.set_ask_above(Decimal(0))
    prompt(panel).setPlainText("a cat")
    click(generate(panel))
    assert sent == []
    assert generate(panel).text() == "Press again: 1 image · $0.0085"
    rest(panel)
    click(generate(panel))
    assert len(sent) == 1
    panel.set_connection(Connection(service=PRACTICE))
    costly(panel)
    for _ in range(3):
        click(generate(panel))
    assert len(sent) == 4


def test_a_blank_that_is_not_filled_in_is_asked_about(panel: ComposePanel, sent: list[object]) -> None:
    prompt(panel).setPlainText("a {material} chair")
    click(generate(panel))
    assert sent == []
    assert generate(panel).text() == "Press again: 1 image · $0.0085"
    assert "“material” is not filled in. Nothing was sent yet" in visible_text(panel)
    rest(panel)
    click(generate(panel))
    assert [draft.prompt for draft in sent if isinstance(draft, Draft)] == ["a {material} chair"]
    prompt(panel).setPlainText("an oak chair")
    click(generate(panel))
    assert len(sent) == 2


def test_what_cannot_be_sent_is_told_and_not_asked_about(panel: ComposePanel, sent: list[object]) -> None:
    panel.set_draft(Draft(prompt="{a|}", copies=50, tier=Tier.K4))
    click(generate(panel))
    assert sentence(Problem.of(ProblemKind.PROMPT_EMPTY)) in visible_text(panel)
    assert generate(panel).text().startswith("Generate ")
    assert sent == []


def test_a_message_moves_nothing_that_could_be_under_the_mouse(panel: ComposePanel) -> None:
    names = ["tier_1k", "sizePlate", "copiesSpin", "officialFallback", "generateButton"]

    def places() -> list[QPoint]:
        return [find(panel, QWidget, name).mapTo(panel, QPoint()) for name in names]

    for height in (712, 900):
        panel.resize(360, height)
        QTest.qWait(1)
        panel.set_draft(Draft())
        before = places()
        click(generate(panel))
        QTest.qWait(1)
        assert sentence(Problem.of(ProblemKind.PROMPT_EMPTY)) in visible_text(panel)
        assert places() == before
        costly(panel)
        rest(panel)
        before = places()
        click(generate(panel))
        QTest.qWait(1)
        assert "Nothing was sent yet" in visible_text(panel)
        assert places() == before


def test_a_question_that_is_too_long_for_the_button_keeps_its_price(panel: ComposePanel) -> None:
    panel.resize(320, 712)
    costly(panel)
    font = generate(panel).font()
    font.setPointSizeF(font.pointSizeF() * 2)
    generate(panel).setFont(font)
    click(generate(panel))
    assert panel.width() == 320
    assert generate(panel).text() == "Press again: 96 images · $2.016"
    assert generate(panel).width() <= 320


def catch_up(panel: ComposePanel) -> None:
    """As if nothing were typed for a while."""
    pause = panel.findChild(QTimer, "lintPause")
    assert isinstance(pause, QTimer)
    assert pause.isActive()
    pause.stop()
    pause.timeout.emit()


LONGEST = 32_000
ODD = ("{|", "{", "{|}", "{a}", "{a|b}", "{\n", "}", "\\{")


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_key_press_in_an_odd_text_takes_a_moment(panel: ComposePanel, odd: str) -> None:
    text = odd * (LONGEST // len(odd) - 10)
    prompt(panel).setPlainText(text)
    catch_up(panel)
    plain = QPlainTextEdit(panel)  # what Qt alone needs, up to 40 ms for a word of so many letters
    plain.resize(prompt(panel).size())
    plain.setPlainText(text)
    plain.show()
    assert shortest(prompt(panel)) - shortest(plain) < 0.016  # 5 ms when nothing else is done
    plain.hide()


def shortest(edit: QPlainTextEdit) -> float:
    """What a key press costs this thread at least, in seconds: others may be at work on the same machine."""
    taken = []
    for _ in range(7):
        begun = time.thread_time()
        QTest.keyClicks(edit, "x")
        taken.append(time.thread_time() - begun)
    return min(taken)


def test_what_a_press_makes_is_told_before_it_is_sent_also_where_reading_waits(
    panel: ComposePanel, sent: list[object]
) -> None:
    odd = "\\{" * 1_600
    prompt(panel).setPlainText(odd)
    assert preview(panel) == ""  # not read yet
    catch_up(panel)
    assert preview(panel).startswith("Will be sent as: {{{")
    prompt(panel).insertPlainText("{oak|ash}")
    assert generate(panel).text() == "Generate $0.0085"
    click(generate(panel))
    assert sent == []
    assert generate(panel).text() == "Generate 2 · $0.017"
    assert "the price on the button has changed" in visible_text(panel)
    click(generate(panel))
    assert [each.count for each in sent if isinstance(each, Draft)] == [2]
    QTest.keyClicks(prompt(panel), "x")  # the same number: no reason to ask
    click(generate(panel))
    assert len(sent) == 2


def test_what_waits_to_be_read_is_told_at_a_pause(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("{a|b}" + "\\|" * 1_600)
    assert generate(panel).text() == "Generate $0.0085"
    catch_up(panel)
    assert generate(panel).text() == "Generate 2 · $0.017"
    assert preview(panel) == "2 images · $0.017"


def test_a_draft_is_read_at_once_however_odd_it_is(panel: ComposePanel) -> None:
    panel.set_draft(Draft(prompt="{a|b}" + "\\|" * 1_600))
    assert generate(panel).text() == "Generate 2 · $0.017"


def test_a_key_press_in_the_longest_matrix_takes_a_moment(panel: ComposePanel) -> None:
    prompt(panel).setPlainText("".join(f"{'word ' * 62}{{a|b}}\n" for _ in range(100)))
    unfold(panel)
    telling = []
    for _ in range(5):
        begun = QTimer()
        begun.start(1_000)
        QTest.keyClicks(prompt(panel), "x")
        telling.append(1_000 - begun.remainingTime())
    assert sorted(telling)[2] < 100  # 3 ms when the machine has nothing else to do
