"""The strips round the gallery: notices, status."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from gptimg_desktop.core.connection import Connection, KeySource
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.settings import DEFAULT_BASE_URL
from gptimg_desktop.ui.gallery.caption import day_and_time
from gptimg_desktop.ui.notice_bar import LONG_S, NoticeBar
from tests.ui.eyes import heard, press, text_of, visible_buttons
from tests.ui.jobs import a_job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

SESSION = Connection(service=DEFAULT_BASE_URL, key_source=KeySource.SESSION, key_hint="a1b2")


class TestNoticeBar:
    """One line for one reason."""

    @pytest.fixture
    def bar(self, qtbot: QtBot) -> Iterator[NoticeBar]:
        holder = QWidget()
        qtbot.addWidget(holder)
        holder.resize(700, 400)
        made = NoticeBar(holder)
        made.resize(700, 300)
        holder.show()
        yield made
        holder.close()

    def test_it_is_hidden_while_there_is_nothing_to_say(self, bar: NoticeBar) -> None:
        assert not bar.isVisible()
        bar.set_gates((Gate(kind=GateKind.OFFLINE),))
        assert bar.isVisible()
        bar.set_gates(())
        assert not bar.isVisible()

    @pytest.mark.parametrize(
        ("kind", "buttons"),
        [
            (GateKind.KEY, {"Change key", "Try now"}),
            (GateKind.BALANCE, {"Try now"}),
            (GateKind.OFFLINE, {"Try now"}),
            (GateKind.TLS, {"Try now"}),
            (GateKind.RATE, {"Try now"}),
            (GateKind.DATABASE, {"Try now"}),
            (GateKind.DISK, {"Try now", "Choose another folder"}),
            (GateKind.RESUMING, {"Pause", "Go on now"}),
            (GateKind.USER_PAUSE, {"Resume"}),
        ],
    )
    def test_each_gate_offers_what_opens_it(self, bar: NoticeBar, kind: GateKind, buttons: set[str]) -> None:
        bar.set_gates((Gate(kind=kind),))
        assert visible_buttons(bar) == buttons

    def test_gates_of_one_kind_are_one_line_and_are_opened_together(self, bar: NoticeBar) -> None:
        first, second = Gate(kind=GateKind.OFFLINE, service="a"), Gate(kind=GateKind.OFFLINE, service="b")
        bar.set_gates((first, second))
        resumes = heard(bar.resume_requested)
        assert text_of(bar).count("cannot be reached") == 1
        press(bar, "noticeTryNow")
        assert resumes == [first, second]

    @pytest.mark.parametrize("passing", [GateKind.RATE, GateKind.OFFLINE])
    @pytest.mark.parametrize("stuck", [GateKind.KEY, GateKind.BALANCE])
    def test_that_it_goes_on_by_itself_is_not_told_where_it_waits_for_the_user(
        self, bar: NoticeBar, passing: GateKind, stuck: GateKind
    ) -> None:
        by_itself = Gate(kind=passing, service="a")
        bar.set_gates((by_itself, Gate(kind=stuck, service="a")))
        assert "by itself" not in text_of(bar)
        assert "Nothing is sent until" in text_of(bar)
        bar.set_gates((by_itself, Gate(kind=stuck, service="b")))
        assert "by itself" in text_of(bar)
        bar.set_gates((by_itself, Gate(kind=stuck, service="a")))
        assert "by itself" not in text_of(bar)
        bar.set_gates((by_itself,))
        assert "by itself" in text_of(bar)

    def test_a_click_on_a_notice_takes_no_focus(self, bar: NoticeBar) -> None:
        bar.set_gates(tuple(Gate(kind=kind) for kind in GateKind))
        bar.show_hidden(("job-1",))
        bar.show_problem(Problem.of(ProblemKind.INTERNAL, name="x"))
        buttons = [each for each in bar.findChildren(QPushButton) if each.isVisible()]
        assert len(buttons) > 8
        assert {each.focusPolicy() for each in buttons} == {Qt.FocusPolicy.TabFocus}

    def test_each_wish_has_its_signal(self, bar: NoticeBar, qtbot: QtBot) -> None:
        bar.set_gates(tuple(Gate(kind=kind) for kind in (GateKind.KEY, GateKind.DISK, GateKind.RESUMING)))
        with qtbot.waitSignal(bar.change_key_requested):
            press(bar, "noticeChangeKey")
        with qtbot.waitSignal(bar.choose_folder_requested):
            press(bar, "noticeChooseFolder")
        with qtbot.waitSignal(bar.pause_requested):
            press(bar, "noticePause")
        with qtbot.waitSignal(bar.resume_requested):
            press(bar, "noticeGoOn")

    def test_a_known_end_is_counted_down(self, bar: NoticeBar) -> None:
        bar.set_gates((Gate(kind=GateKind.RATE, until=time.time() + 65),))
        assert "Next try in 1:0" in text_of(bar)
        bar.set_gates((Gate(kind=GateKind.RATE, until=time.time() - 5),))
        assert "Next try" not in text_of(bar)

    def test_a_pause_of_a_moment_does_not_move_the_gallery(self, bar: NoticeBar) -> None:
        bar.set_gates((Gate(kind=GateKind.RATE, until=time.time() + 2),))
        assert not bar.isVisible()
        bar.set_gates((Gate(kind=GateKind.RATE, until=time.time() + 60),))
        assert bar.isVisible()

    @pytest.mark.row(18)
    def test_a_service_that_limits_for_long_is_told_with_since_when(self, bar: NoticeBar) -> None:
        now = time.time()
        since = now - LONG_S - 1
        fresh = Gate(kind=GateKind.RATE, service="a", since=now - LONG_S + 60, until=now + 60)
        bar.set_gates((fresh,))
        assert "asked for a pause" in text_of(bar)
        bar.set_gates((fresh, Gate(kind=GateKind.RATE, service="b", since=since, until=now + 60)))
        told = text_of(bar)
        assert f"The service has been limiting us since {day_and_time(since, now)}." in told
        assert "Everything that waits is safe" in told
        assert "asked for a pause" not in told
        assert "Next try in" in told

    def test_other_gates_need_no_time_of_day(self, bar: NoticeBar) -> None:
        bar.set_gates((Gate(kind=GateKind.OFFLINE, since=time.time() - 10 * LONG_S),))
        assert "since" not in text_of(bar)

    def test_without_a_key_there_is_nothing_to_try(self, bar: NoticeBar) -> None:
        missing = Problem.of(ProblemKind.KEY_MISSING, service="https://api.example.com")
        bar.set_gates((Gate(kind=GateKind.KEY, service="https://api.example.com", problem=missing),))
        assert visible_buttons(bar) == {"Connect"}
        bar.set_gates((Gate(kind=GateKind.KEY),))
        assert visible_buttons(bar) == {"Change key", "Try now"}

    def test_a_problem_that_is_no_more_is_forgotten(self, bar: NoticeBar) -> None:
        bar.show_problem(Problem.of(ProblemKind.FOLDER_UNWRITABLE, folder="/proc", reason="no"))
        bar.forget(ProblemKind.FOLDER_UNWRITABLE)
        assert not bar.isVisible()

    def test_a_line_that_stays_keeps_its_buttons(self, bar: NoticeBar) -> None:
        bar.set_gates((Gate(kind=GateKind.OFFLINE),))
        before = bar.findChild(QPushButton, "noticeTryNow")
        bar.set_gates((Gate(kind=GateKind.OFFLINE, until=time.time() + 9), Gate(kind=GateKind.KEY)))
        assert bar.findChild(QPushButton, "noticeTryNow") is before

    def test_a_problem_is_told_until_it_is_dismissed(self, bar: NoticeBar) -> None:
        bar.show_problem(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path="/a.png"))
        bar.show_problem(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path="/b.png"))
        assert "/b.png" in text_of(bar)
        assert "/a.png" not in text_of(bar)
        notice = next(found for found in bar.findChildren(QPushButton, "noticeDismiss") if found.isVisible())
        QTest.mouseClick(notice, Qt.MouseButton.LeftButton)
        assert not bar.isVisible()

    def test_thirty_problems_are_not_thirty_lines(self, bar: NoticeBar) -> None:
        for kind in list(ProblemKind)[:30]:
            bar.show_problem(Problem.of(kind))
        assert sum(button.isVisible() for button in bar.findChildren(QPushButton, "noticeDismiss")) == 3

    def test_each_paid_task_keeps_its_line_until_the_user_takes_it(self, bar: NoticeBar) -> None:
        ids = [f"task_{number}" for number in range(5)]
        for task_id in ids:
            bar.show_problem(Problem.of(ProblemKind.ANSWER_IN_JOURNAL, task_id=task_id, reason="full"))
        for kind in (ProblemKind.TIMED_OUT, ProblemKind.CUT_OFF, ProblemKind.MOVED, ProblemKind.DISK_FULL):
            bar.show_problem(Problem.of(kind))
        told = text_of(bar)
        assert all(task_id in told for task_id in ids)

    def test_without_room_it_is_told_how_long_pictures_wait_on_the_service(self, bar: NoticeBar) -> None:
        now = time.time()
        full = Gate(kind=GateKind.DISK, problem=Problem.of(ProblemKind.DISK_FULL, folder="/pictures"))
        ready = a_job(JobState.READY, 1, at=now)
        bar.set_gates((full,))
        bar.set_unfetched([a_job(JobState.SAVED, 3, at=now)])
        assert "still on the service" not in text_of(bar)
        bar.set_unfetched([ready])
        assert "The picture is still on the service until tomorrow" in text_of(bar)
        assert "23 h left" in text_of(bar)
        bar.set_unfetched([ready, a_job(JobState.READY, 2, at=now - 80_000)])
        assert "2 pictures are still on the service" in text_of(bar)
        assert "h left" not in text_of(bar).replace("1 h left", "")
        bar.set_gates((Gate(kind=GateKind.OFFLINE),))
        assert "still on the service" not in text_of(bar)

    def test_hidden_jobs_are_told_once_and_can_be_brought_back(self, bar: NoticeBar) -> None:
        restores = heard(bar.restore_requested)
        bar.show_hidden(("job-1",))
        bar.show_hidden(("job-2", "job-3"))
        assert text_of(bar).count("cannot be taken back") == 1
        assert "2 jobs were sent" in text_of(bar)
        undo = next(each for each in bar.findChildren(QPushButton, "noticeUndoHide") if each.isVisible())
        QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
        assert restores == [("job-2", "job-3")]
        assert not bar.isVisible()

    def test_that_jobs_go_on_hidden_is_told_for_a_while(self, bar: NoticeBar, qtbot: QtBot) -> None:
        timer = next(each for each in bar.findChildren(QTimer) if each.isSingleShot())
        timer.setInterval(1)
        bar.show_hidden(("job-1",))
        assert bar.isVisible()
        qtbot.waitUntil(lambda: not bar.isVisible())
