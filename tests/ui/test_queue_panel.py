"""The queue's controls: pausing, cancelling, reordering, and how the panel comes and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QListView, QPushButton, QWidget

from gptimg_desktop.core.line import Move, in_line, moved
from gptimg_desktop.core.settings import Theme
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.queue.cancel_all import CancelAll
from gptimg_desktop.ui.queue.model import LineModel
from gptimg_desktop.ui.queue.panel import QueuePanel
from tests.ui.eyes import heard
from tests.ui.jobs import a_queued_job, a_request

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.core.job import Job


def a_line(count: int) -> tuple[Job, ...]:
    return tuple(a_queued_job(number, a_request(f"picture {number}")) for number in range(1, count + 1))


def after(line: tuple[Job, ...], move: Move) -> tuple[Job, ...]:
    """The line once a move was made, as the library would tell it."""
    ranks = moved(line, move)
    return in_line(job.line_up(ranks.get(job.id, job.rank)) for job in line)


class Desk:
    """A window with a panel over a button, and hands to use it with."""

    def __init__(self, window: QWidget) -> None:
        self.window = window
        self.anchor = QPushButton("counts", window)
        self.anchor.setGeometry(8, 560, 160, 30)
        self.elsewhere = QPushButton("elsewhere", window)
        self.elsewhere.setGeometry(500, 8, 90, 30)
        self.panel = QueuePanel(window)
        self.anchor.clicked.connect(self.toggle)

    def toggle(self) -> None:
        self.panel.toggle_over(self.anchor)

    def open(self, line: tuple[Job, ...], running: int = 0) -> None:
        self.panel.set_jobs(running, line)
        self.panel.popup_over(self.anchor)

    def button(self, name: str) -> QAbstractButton:
        found = self.panel.findChild(QAbstractButton, name)
        assert isinstance(found, QAbstractButton), name
        return found

    def press(self, name: str) -> None:
        assert self.button(name).isVisible(), name
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    @property
    def view(self) -> QListView:
        found = self.panel.findChild(QListView, "queueList")
        assert isinstance(found, QListView)
        return found

    def choose(self, row: int) -> None:
        QTest.mouseClick(
            self.view.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            self.middle_of(row),
        )

    def middle_of(self, row: int) -> QPoint:
        return self.view.visualRect(self.view.model().index(row, 0)).center()

    def chosen(self) -> str:
        return str(self.view.currentIndex().data())

    def drag(self, start: QPoint, *way: QPoint, drop: bool = True) -> None:
        """Take the mouse from a place of the list along a way, pressed."""
        left, port = Qt.MouseButton.LeftButton, self.view.viewport()
        QTest.mousePress(port, left, Qt.KeyboardModifier.NoModifier, start)
        for point in way:
            QTest.mouseMove(port, point)
        if drop:
            QTest.mouseRelease(port, left, Qt.KeyboardModifier.NoModifier, way[-1])

    def text(self) -> str:
        labels = [label.text() for label in self.panel.findChildren(QLabel) if label.isVisible()]
        return "\n".join(labels).replace("\u200b", "")

    def rows(self) -> list[str]:
        model = self.view.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 600)
    made = Desk(window)
    window.show()
    return made


def count(signal: SignalInstance) -> list[None]:
    told: list[None] = []
    signal.connect(lambda: told.append(None))
    return told


HELD = ["marked", "pairs", "presses"]


def hold(widget: QWidget, key: Qt.Key, how: str) -> None:
    """Hold a key: repeats are marked and without a time, or pairs of release and press of one moment as X11
    has them, or presses alone. Each goes to where the focus is by then."""
    at = 5_000
    send(widget, QEvent.Type.KeyPress, key, at)
    for _ in range(20):
        at += 30
        is_marked, time = how == "marked", 0 if how == "marked" else at
        if how != "presses":
            send(focused(widget), QEvent.Type.KeyRelease, key, time, flagged=is_marked)
        send(focused(widget), QEvent.Type.KeyPress, key, time, flagged=is_marked)
    send(focused(widget), QEvent.Type.KeyRelease, key, at + 40)


def focused(otherwise: QWidget) -> QWidget:
    return QApplication.focusWidget() or otherwise


def send(widget: QWidget, kind: QEvent.Type, key: Qt.Key, at: int, *, flagged: bool = False) -> None:
    event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", flagged)
    event.setTimestamp(at)
    QApplication.sendEvent(widget, event)


class TestWords:
    """What is told."""

    def test_counts_prices_and_order(self, desk: Desk) -> None:
        desk.open(a_line(3), running=2)
        assert "3 waiting" in desk.text()
        assert "2 being made" in desk.text()
        assert "about $0.042 in all" in desk.text()
        assert desk.rows() == ["picture 1", "picture 2", "picture 3"]
        first = desk.view.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        assert first == "1 of 3, picture 1, 16:9 · 2K · 2048×1152, $0.014"

    def test_an_empty_queue_offers_nothing_to_cancel(self, desk: Desk) -> None:
        desk.open(())
        assert "Nothing is waiting" in desk.text()
        assert not desk.view.isVisible()
        assert not desk.button("queueCancelAll").isVisible()
        assert desk.button("queuePause").isVisible()

    def test_practice_costs_nothing(self, desk: Desk) -> None:
        desk.open((a_queued_job(practice=True),))
        assert "$" not in desk.text()

    def test_every_control_has_a_name(self, desk: Desk) -> None:
        desk.open(a_line(2))
        desk.press("queueCancelAll")
        for button in desk.panel.findChildren(QAbstractButton):
            assert button.accessibleName(), button.objectName()


class TestPause:
    """Pausing and going on."""

    def test_the_button_wishes_what_it_says(self, desk: Desk) -> None:
        pauses, resumes = count(desk.panel.pause_requested), count(desk.panel.resume_requested)
        desk.open(a_line(1))
        desk.press("queuePause")
        assert (len(pauses), len(resumes)) == (1, 0)
        desk.panel.set_paused(True)
        assert desk.button("queuePause").accessibleName() == "Resume"
        assert "Paused" in desk.text()
        desk.press("queuePause")
        assert (len(pauses), len(resumes)) == (1, 1)
        desk.panel.set_paused(False)
        assert "Paused" not in desk.text()


class TestCancel:
    """Taking back what waits."""

    def test_all_are_asked_about_in_place(self, desk: Desk) -> None:
        cancels = heard(desk.panel.cancel_requested)
        desk.open(a_line(3))
        desk.press("queueCancelAll")
        assert "Cancel 3 jobs?" in desk.text()
        assert QApplication.activeModalWidget() is None
        desk.press("queueCancelNo")
        assert cancels == []
        desk.press("queueCancelAll")
        desk.press("queueCancelYes")
        assert cancels == [("job-1", "job-2", "job-3")]
        assert desk.button("queueCancelAll").isVisible()

    def test_only_what_was_asked_about_and_still_waits_is_cancelled(self, desk: Desk) -> None:
        cancels = heard(desk.panel.cancel_requested)
        line = a_line(4)
        desk.open(line[:3])
        desk.press("queueCancelAll")
        desk.panel.set_jobs(1, line[1:])
        assert "Cancel 2 jobs?" in desk.text()
        desk.press("queueCancelYes")
        assert cancels == [("job-2", "job-3")]

    def test_the_question_goes_when_all_were_sent_meanwhile(self, desk: Desk) -> None:
        desk.open(a_line(2))
        desk.press("queueCancelAll")
        desk.panel.set_jobs(2, a_line(4)[2:])
        assert not desk.button("queueCancelYes").isVisible()
        assert "Cancel all waiting (2)" in desk.button("queueCancelAll").accessibleName()

    @pytest.mark.parametrize("how", HELD)
    @pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
    def test_a_held_key_asks_once_and_answers_nothing(self, desk: Desk, key: Qt.Key, how: str) -> None:
        cancels = heard(desk.panel.cancel_requested)
        desk.open(a_line(3))
        desk.button("queueCancelAll").setFocus()
        hold(desk.button("queueCancelAll"), key, how)
        assert desk.button("queueCancelNo").hasFocus()
        desk.button("queueCancelYes").setFocus()
        hold(desk.button("queueCancelYes"), key, how)
        assert len(cancels) == 1

    @pytest.mark.parametrize("how", HELD)
    def test_a_held_delete_takes_out_one(self, desk: Desk, how: str) -> None:
        line = a_line(9)

        def take_out(gone: object) -> None:
            assert isinstance(gone, tuple)
            cancels.append(gone)
            desk.panel.set_jobs(0, tuple(job for job in line if (job.id,) not in cancels))

        cancels: list[tuple[str, ...]] = []
        desk.panel.cancel_requested.connect(take_out)
        desk.open(line)
        desk.choose(2)
        hold(desk.view, Qt.Key.Key_Delete, how)
        assert cancels == [("job-3",)]
        assert desk.chosen() == "picture 4"
        QTest.keyClick(desk.view, Qt.Key.Key_Delete)
        assert cancels == [("job-3",), ("job-4",)]

    def test_the_button_takes_out_the_selected_one(self, desk: Desk) -> None:
        cancels = heard(desk.panel.cancel_requested)
        desk.open(a_line(3))
        desk.choose(1)
        desk.press("queueCancelOne")
        assert cancels == [("job-2",)]


class TestOrder:
    """Standing elsewhere in the line."""

    @pytest.mark.parametrize(
        ("row", "name", "move"),
        [
            (1, "queueUp", Move(job_id="job-2", before="job-1")),
            (1, "queueDown", Move(job_id="job-2", before="job-4")),
            (2, "queueDown", Move(job_id="job-3")),
            (3, "queueFirst", Move(job_id="job-4", before="job-1")),
        ],
    )
    def test_buttons_move_the_selected_one(self, desk: Desk, row: int, name: str, move: Move) -> None:
        moves = heard(desk.panel.move_requested)
        desk.open(a_line(4))
        desk.choose(row)
        desk.press(name)
        assert moves == [move]

    def test_moves_that_lead_nowhere_cannot_be_pressed(self, desk: Desk) -> None:
        desk.open(a_line(2))
        desk.choose(0)
        enabled = {name: desk.button(name).isEnabled() for name in ("queueUp", "queueFirst", "queueDown")}
        assert enabled == {"queueUp": False, "queueFirst": False, "queueDown": True}
        desk.choose(1)
        assert not desk.button("queueDown").isEnabled()

    def test_alt_and_arrows_move_and_the_selection_goes_along(self, desk: Desk) -> None:
        line = a_line(4)
        moves: list[Move] = []

        def make(move: object) -> None:
            nonlocal line
            assert isinstance(move, Move)
            moves.append(move)
            line = after(line, move)
            desk.panel.set_jobs(0, line)

        desk.panel.move_requested.connect(make)
        desk.open(line)
        desk.choose(2)
        alt = Qt.KeyboardModifier.AltModifier
        for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up):
            QTest.keyClick(desk.view, key, alt)
        assert desk.rows() == ["picture 3", "picture 1", "picture 2", "picture 4"]
        assert desk.chosen() == "picture 3"
        assert len(moves) == 2
        for _ in range(5):
            QTest.keyClick(desk.view, Qt.Key.Key_Down, alt)
        assert desk.rows() == ["picture 1", "picture 2", "picture 4", "picture 3"]
        QTest.keyClick(desk.view, Qt.Key.Key_Home, alt)
        assert desk.rows()[0] == "picture 3"
        assert desk.chosen() == "picture 3"

    @pytest.mark.parametrize(
        ("row", "target", "move"),
        [
            (0, 2, Move(job_id="job-1", before="job-3")),
            (3, 0, Move(job_id="job-4", before="job-1")),
            (1, 4, Move(job_id="job-2")),
        ],
    )
    def test_a_row_is_dragged_into_a_gap(self, desk: Desk, row: int, target: int, move: Move) -> None:
        moves = heard(desk.panel.move_requested)
        desk.open(a_line(4))
        start = desk.middle_of(row)
        height = desk.middle_of(1).y() - desk.middle_of(0).y()
        gap = QPoint(start.x(), target * height + (2 if target < 4 else -2))
        desk.drag(start, start + QPoint(0, 12), gap)
        assert moves == [move]

    def test_a_click_and_a_drag_back_move_nothing(self, desk: Desk) -> None:
        moves = heard(desk.panel.move_requested)
        desk.open(a_line(4))
        start = desk.middle_of(1)
        desk.choose(2)
        desk.drag(start, start + QPoint(0, 30), start + QPoint(0, 1))
        assert moves == []

    def test_escape_lets_a_dragged_row_go_and_the_panel_stays(self, desk: Desk) -> None:
        moves = heard(desk.panel.move_requested)
        desk.open(a_line(4))
        start = desk.middle_of(0)
        desk.drag(start, start + QPoint(0, 60), drop=False)
        QTest.keyClick(desk.view, Qt.Key.Key_Escape)
        port = desk.view.viewport()
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
        assert moves == []
        assert desk.panel.isVisible()

    def test_a_row_that_is_sent_while_it_is_dragged_is_let_go(self, desk: Desk) -> None:
        moves = heard(desk.panel.move_requested)
        line = a_line(4)
        desk.open(line)
        start = desk.middle_of(0)
        desk.drag(start, start + QPoint(0, 60), drop=False)
        desk.panel.set_jobs(1, line[1:])
        port = desk.view.viewport()
        QTest.mouseRelease(
            port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start + QPoint(0, 60)
        )
        assert moves == []


class TestComingAndGoing:
    """A popover, not a window."""

    def test_it_stands_above_its_button_inside_the_window(self, desk: Desk) -> None:
        desk.open(a_line(40))
        assert desk.panel.geometry().bottom() < desk.anchor.geometry().top()
        assert desk.window.rect().contains(desk.panel.geometry())
        desk.window.resize(380, 600)
        QTest.qWait(1)
        assert desk.window.rect().contains(desk.panel.geometry())

    def test_it_grows_and_shrinks_with_its_list(self, desk: Desk) -> None:
        desk.open(a_line(1))
        small, foot = desk.panel.height(), desk.panel.geometry().bottom()
        desk.panel.set_jobs(0, a_line(5))
        assert desk.panel.height() > small
        assert desk.panel.geometry().bottom() == foot
        desk.panel.set_jobs(0, a_line(1))
        assert desk.panel.height() == small

    def test_a_second_press_closes_it(self, desk: Desk) -> None:
        QTest.mouseClick(desk.anchor, Qt.MouseButton.LeftButton)
        assert desk.panel.isVisible()
        QTest.mouseClick(desk.anchor, Qt.MouseButton.LeftButton)
        assert not desk.panel.isVisible()

    def test_a_press_elsewhere_closes_it_and_still_counts(self, desk: Desk, qtbot: QtBot) -> None:
        desk.open(a_line(2))
        desk.choose(1)
        assert desk.panel.isVisible()
        with qtbot.waitSignal(desk.elsewhere.clicked):
            QTest.mouseClick(desk.elsewhere, Qt.MouseButton.LeftButton)
        assert not desk.panel.isVisible()

    def test_escape_closes_it_before_any_shortcut_and_gives_the_keys_back(
        self, desk: Desk, qtbot: QtBot
    ) -> None:
        desk.window.activateWindow()
        qtbot.waitUntil(desk.window.isActiveWindow)
        taken = count(QShortcut(Qt.Key.Key_Escape, desk.window).activated)
        desk.open(a_line(2))
        assert desk.view.hasFocus()
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Escape)
        assert not desk.panel.isVisible()
        assert desk.anchor.hasFocus()
        assert taken == []

    def test_escape_withdraws_the_question_first(self, desk: Desk) -> None:
        desk.open(a_line(2))
        desk.press("queueCancelAll")
        QTest.keyClick(desk.button("queueCancelNo"), Qt.Key.Key_Escape)
        assert desk.panel.isVisible()
        assert desk.button("queueCancelAll").isVisible()

    def test_a_question_does_not_survive_closing(self, desk: Desk) -> None:
        desk.open(a_line(2))
        desk.press("queueCancelAll")
        desk.toggle()
        desk.toggle()
        assert not desk.button("queueCancelYes").isVisible()


class TestLongLine:
    """A thousand jobs."""

    @pytest.mark.usefixtures("qapp")
    def test_changes_are_worked_in_row_by_row(self) -> None:
        model = LineModel()
        tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
        resets, removals = count(model.modelReset), count(model.rowsRemoved)
        line = a_line(60)
        shuffled = (*line[30:], *line[:15], *a_line(70)[60:])
        for wanted in (line, line[1:], (), line, line[::2], shuffled, shuffled[::-1], ()):
            removals.clear()
            model.set_line(wanted)
            rows = [str(model.index(row).data()) for row in range(model.rowCount())]
            assert rows == [job.request.prompt for job in wanted]
            if not wanted:
                assert len(removals) == 1
        assert resets == []
        tester.deleteLater()

    def test_selection_and_place_stay_while_the_head_is_sent(self, desk: Desk) -> None:
        line = a_line(1000)
        desk.open(line)
        row = 500
        desk.view.setCurrentIndex(desk.view.model().index(row, 0))
        shown_at = desk.middle_of(row)
        desk.panel.set_jobs(1, line[1:])
        assert desk.chosen() == "picture 501"
        assert desk.view.viewport().rect().contains(desk.middle_of(row - 1))
        assert abs(desk.middle_of(row - 1).y() - shown_at.y()) <= 2 * desk.view.sizeHintForRow(0)

    def test_no_widget_per_row(self, desk: Desk) -> None:
        desk.open(a_line(2))
        before = len(desk.panel.findChildren(QWidget))
        desk.panel.set_jobs(0, a_line(1000))
        assert len(desk.panel.findChildren(QWidget)) == before


@pytest.mark.parametrize("count", [6, 7, 12])
def test_taking_all_back_keeps_its_height_before_during_and_after_the_question(
    desk: Desk, qtbot: QtBot, qapp: QApplication, count: int
) -> None:
    theme.apply(qapp, Theme.LIGHT)  # as the window always is

    def heights() -> set[int]:
        qtbot.wait(1)
        names = ("queueCancelAll", "queueCancelYes", "queueCancelNo")
        shown = [button for button in map(desk.button, names) if button.isVisible()]
        parts = {desk.panel.findChild(CancelAll), *shown}
        return {part.height() for part in parts if part is not None}

    desk.open(a_line(14))
    desk.panel.set_jobs(0, a_line(count))
    before = heights()
    assert len(before) == 1
    desk.press("queueCancelAll")
    assert heights() == before
    desk.press("queueCancelNo")
    assert heights() == before
    desk.panel.set_jobs(0, a_line(count))
    assert heights() == before


def test_it_stands_beside_what_it_must_not_cover_and_goes_with_it(desk: Desk) -> None:
    beside = QWidget(desk.window)
    beside.setGeometry(200, 0, 400, 560)
    beside.show()
    desk.panel.set_jobs(0, a_line(3))
    desk.panel.toggle_over(desk.anchor, beside=beside)
    assert desk.panel.x() == 208
    assert desk.panel.geometry().right() < 600
    assert desk.panel.geometry().bottom() < desk.anchor.y()
    beside.setGeometry(300, 0, 300, 560)
    assert desk.panel.x() == 308
    assert desk.panel.geometry().right() < 600
    desk.panel.toggle_over(desk.anchor, beside=beside)
    assert not desk.panel.isVisible()
