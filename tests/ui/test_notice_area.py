"""The room above the gallery: however much is told, tiles are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.progress import Errand
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.main_window import MainWindow
from gptimg_desktop.ui.notice_area import NoticeArea
from tests.ui.eyes import text_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

TROUBLE = (ProblemKind.BACKUP_FAILED, ProblemKind.LIBRARY_IN_CLOUD, ProblemKind.TRASH_REFUSED)


def window_of(qtbot: QtBot) -> MainWindow:
    window = MainWindow(JobListModel())
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    return window


def area_of(window: MainWindow) -> NoticeArea:
    area = window.findChild(NoticeArea, "noticeArea")
    assert isinstance(area, NoticeArea)
    return area


def test_many_notices_leave_room_for_tiles_and_the_newest_is_in_sight(qtbot: QtBot) -> None:
    window = window_of(qtbot)
    assert area_of(window).height() == 0
    for kind in TROUBLE:
        window.notices.show_problem(Problem.of(kind, folder="/home/ada/pictures"))
    window.progress.finish(Errand.LOOK_FOR_FILES, "12 files are missing.", is_trouble=True)
    qtbot.waitUntil(lambda: area_of(window).height() > 60)
    assert area_of(window).height() <= window.height() // 6
    assert area_of(window).verticalScrollBar().maximum() > 0
    assert window.gallery.height() > 300


def test_one_notice_is_seen_whole_and_none_takes_no_room(qtbot: QtBot) -> None:
    window = window_of(qtbot)
    window.notices.set_gates((Gate(kind=GateKind.USER_PAUSE),))
    area = area_of(window)
    qtbot.waitUntil(lambda: area.height() > 30)
    assert area.verticalScrollBar().maximum() == 0
    window.notices.set_gates(())
    qtbot.waitUntil(lambda: area.height() == 0)


def test_how_an_errand_ended_goes_with_the_end_of_the_next(qtbot: QtBot) -> None:
    window = window_of(qtbot)
    window.progress.finish(Errand.LOOK_FOR_FILES, "12 files are missing.", more="Show them", is_trouble=True)
    window.progress.finish(Errand.RELINK, "12 of 12 missing files were found there.")
    told = text_of(window.progress)
    assert "found there" in told
    assert "are missing" not in told
