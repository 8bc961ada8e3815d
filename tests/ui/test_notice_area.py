"""The room above the gallery: however much is told, tiles are seen."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QWidget

from gptimg_desktop.core.collection import Collection
from gptimg_desktop.core.connection import Connection, KeySource
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.progress import Errand
from gptimg_desktop.core.settings import DEFAULT_BASE_URL, Theme
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.main_window import MainWindow
from gptimg_desktop.ui.notice_area import NoticeArea
from gptimg_desktop.ui.theme import UNIT
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


def cards_of(window: MainWindow) -> list[QFrame]:
    """The cards that are seen, from top to bottom."""
    shown = [each for each in area_of(window).findChildren(QFrame) if each.property("role") == "card"]
    return sorted((each for each in shown if each.isVisible()), key=top_of)


def top_of(card: QWidget) -> int:
    return card.mapTo(card.window(), card.rect().topLeft()).y()


def words_of(window: MainWindow) -> str:
    """What the cards that are seen say."""
    return "\n".join(text_of(card) for card in cards_of(window))


def assert_in_order(window: MainWindow) -> None:
    """Each card is as high as its text, inside the area, and nothing lies over anything."""
    area, panel = area_of(window), window.connect_panel
    assert panel.height() == panel.heightForWidth(panel.width())
    bottom = 0
    for card in cards_of(window):
        assert card.height() == card.heightForWidth(card.width())
        assert top_of(card) >= bottom
        bottom = top_of(card) + card.height()
    assert bottom <= top_of(area) + area.height()
    below = [each for each in (window.collections, window.gallery) if each.isVisible()]
    assert min(map(top_of, below)) >= top_of(area) + area.height()


def settled(window: MainWindow) -> bool:
    QApplication.processEvents()
    area, panel = area_of(window), window.connect_panel
    is_right = panel.height() == panel.heightForWidth(panel.width())
    return is_right and area.height() == area.heightForWidth(area.width())


TROUBLES = tuple(Problem.of(kind, folder="/home/ada/pictures") for kind in TROUBLE)
PAID = Problem.of(ProblemKind.ANSWER_IN_JOURNAL, task_id="task_1", reason="full")


def test_no_card_is_cut_and_the_rest_is_one_line_that_opens_them(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, Theme.LIGHT)
    window = window_of(qtbot)
    area = area_of(window)
    assert area.height() == 0
    window.notices.set_gates((Gate(kind=GateKind.USER_PAUSE),))
    for problem in (PAID, *TROUBLES[:2]):
        window.notices.show_problem(problem)
    window.progress.finish(Errand.LOOK_FOR_FILES, "12 files are missing.", is_trouble=True)
    qtbot.waitUntil(lambda: settled(window) and area.height() > 60)
    assert_in_order(window)
    assert area.height() <= 16 * UNIT
    assert window.gallery.height() > 300
    assert "task_1" in text_of(cards_of(window)[0])
    more = window.findChild(QPushButton, "noticeMore")
    assert isinstance(more, QPushButton)
    assert more.text().startswith(f"{5 - len(cards_of(window))} more: ")
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: settled(window) and len(cards_of(window)) == 5)
    assert more.text() == "Show fewer"
    card, panel = cards_of(window)[0], window.connect_panel
    assert card.mapTo(window, card.rect().topRight()).x() == panel.mapTo(window, panel.rect().topRight()).x()
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: settled(window) and len(cards_of(window)) < 5)
    assert_in_order(window)


def test_money_comes_before_deeds_and_those_before_what_is_only_told(qtbot: QtBot) -> None:
    window = window_of(qtbot)
    window.notices.show_problem(TROUBLES[0])
    window.notices.set_gates((Gate(kind=GateKind.OFFLINE), Gate(kind=GateKind.DISK)))
    window.notices.show_problem(PAID)
    more = window.findChild(QPushButton, "noticeMore")
    assert isinstance(more, QPushButton)
    qtbot.waitUntil(lambda: settled(window) and more.isVisible())
    more.click()
    qtbot.waitUntil(lambda: len(cards_of(window)) == 4)
    told = [text_of(card) for card in cards_of(window)]
    assert "task_1" in told[0]
    assert "cannot be saved" in told[1]


def test_what_is_paid_in_a_moment_is_seen_before_all_else(qtbot: QtBot) -> None:
    window = window_of(qtbot)
    for number in (1, 2, 3):
        window.notices.show_problem(
            Problem.of(ProblemKind.ANSWER_IN_JOURNAL, task_id=f"task_{number}", reason="full")
        )
    window.notices.set_gates((Gate(kind=GateKind.RESUMING, until=time.time() + 3),))
    more = window.findChild(QPushButton, "noticeMore")
    assert isinstance(more, QPushButton)
    qtbot.waitUntil(lambda: settled(window) and more.isVisible())
    assert "goes on now" in text_of(cards_of(window)[0])


def test_a_folded_card_comes_back_where_another_goes(qtbot: QtBot) -> None:
    window = window_of(qtbot)
    window.notices.set_gates((Gate(kind=GateKind.DISK), Gate(kind=GateKind.BALANCE)))
    window.progress.finish(Errand.THUMBNAILS, "Thumbnails are rebuilt.")
    qtbot.waitUntil(lambda: settled(window) and "rebuilt" not in words_of(window))
    window.notices.set_gates(())
    qtbot.waitUntil(lambda: settled(window) and "rebuilt" in words_of(window))
    assert_in_order(window)


@pytest.mark.parametrize("size", [(900, 700), (1000, 700), (1440, 900)])
def test_another_size_in_one_step_leaves_everything_in_its_place(qtbot: QtBot, size: tuple[int, int]) -> None:
    window = window_of(qtbot)
    window.collections.set_collections(
        tuple(Collection(number=number, name=f"Chairs {number}", count=3) for number in range(1, 9))
    )
    window.resize(1360, 860)
    window.notices.set_gates((Gate(kind=GateKind.USER_PAUSE), Gate(kind=GateKind.BALANCE)))
    window.notices.show_problem(PAID)
    qtbot.waitUntil(lambda: settled(window))
    assert_in_order(window)
    window.resize(*size)
    for _ in range(6):
        QApplication.processEvents()
    assert_in_order(window)


def test_a_lower_window_shows_fewer_cards_and_a_higher_one_more(qtbot: QtBot) -> None:
    window = window_of(qtbot)
    window.notices.set_gates((Gate(kind=GateKind.USER_PAUSE), Gate(kind=GateKind.BALANCE)))
    window.notices.show_problem(PAID)
    seen = []
    for height in (1300, 700, 1300):
        window.resize(900, height)
        for _ in range(6):
            QApplication.processEvents()
        assert_in_order(window)
        seen.append(len(cards_of(window)))
    assert seen[0] == seen[2] == 3
    assert seen[1] < 3


def test_one_notice_is_seen_whole_and_none_takes_no_room(qtbot: QtBot) -> None:
    window = window_of(qtbot)
    window.notices.set_gates((Gate(kind=GateKind.USER_PAUSE),))
    area = area_of(window)
    qtbot.waitUntil(lambda: settled(window) and area.height() > 30)
    assert_in_order(window)
    window.notices.set_gates(())
    qtbot.waitUntil(lambda: area.height() == 0)


def test_a_missing_key_is_told_once_where_it_is_asked_for(qtbot: QtBot) -> None:
    window = window_of(qtbot)
    missing = Problem.of(ProblemKind.KEY_MISSING, service=DEFAULT_BASE_URL)
    window.notices.set_gates((Gate(kind=GateKind.KEY, service=DEFAULT_BASE_URL, problem=missing),))
    assert "There is no key for" in text_of(window.connect_panel)
    assert not window.notices.isVisible()
    in_use = Connection(service="https://other.example", key_source=KeySource.SESSION, key_hint="a1b2")
    window.connect_panel.set_connection(in_use)
    assert "There is no key for" not in text_of(window.connect_panel)
    assert "There is no key for" in text_of(window.notices)
    window.notices.set_gates(())
    window.connect_panel.set_connection(Connection(service=DEFAULT_BASE_URL))
    assert "There is no key for" not in text_of(window.connect_panel)


def test_what_was_not_imported_stays_to_be_read(qtbot: QtBot) -> None:
    window = window_of(qtbot)
    window.progress.finish(Errand.IMPORT, "1 could not be imported.", more="Which ones…", is_trouble=True)
    window.progress.finish(Errand.LOOK_FOR_FILES, "No file is missing.")
    told = text_of(window.progress)
    assert "could not be imported" in told
    assert "No file is missing" in told
    window.progress.finish(Errand.THUMBNAILS, "Thumbnails are rebuilt.")
    assert "No file is missing" not in text_of(window.progress)


def test_how_an_errand_ended_goes_with_the_end_of_the_next(qtbot: QtBot) -> None:
    window = window_of(qtbot)
    window.progress.finish(Errand.LOOK_FOR_FILES, "12 files are missing.", more="Show them", is_trouble=True)
    window.progress.finish(Errand.RELINK, "12 of 12 missing files were found there.")
    told = text_of(window.progress)
    assert "found there" in told
    assert "are missing" not in told
