"""The viewer in the hands of a user: opening, leafing, zooming, moving, picking, leaving."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QNativeGestureEvent, QPointingDevice, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.connection import IMPORTED
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.core.mark import Mark, Marking
from gptimg_desktop.core.settings import Theme
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.core.take import Part, Take
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.viewer.bar import percent
from gptimg_desktop.ui.viewer.passing_word import PassingWord
from gptimg_desktop.ui.viewer.supply import PictureSupply
from gptimg_desktop.ui.viewer.viewer import Viewer
from tests.support.listed import fill, listing_of, put
from tests.ui.eyes import heard
from tests.ui.jobs import a_bitmap, a_queued_job
from tests.ui.viewer.pictures import PIXELS, colour_at, plain, saved, striped, viewed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.ui.viewer.viewed import ViewedPicture

RED = (200, 30, 40)
GREEN = (20, 140, 60)
MISSING = Problem.of(ProblemKind.IMAGE_FILE_MISSING, path="/pictures/chair-2_1.png")


class Desk:
    """A window that the viewer covers, and what the viewer asked for."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        self.window.resize(1000, 700)
        self.field = QLineEdit(self.window)
        self.model = JobListModel(self.window)
        fill(self.model, [saved(number) for number in range(1, 6)])
        self.viewer = Viewer(self.model, self.window)
        self.wanted: list[ViewedPicture] = []
        self.closed: list[str] = []
        self.marks: list[Marking] = []
        self.takes: list[Take] = []
        self.viewer.picture_wanted.connect(self.wanted.append)
        self.viewer.closed.connect(self.closed.append)
        self.viewer.mark_requested.connect(self.marks.append)
        self.viewer.take_requested.connect(self.takes.append)
        qtbot.addWidget(self.window)
        self.window.show()

    @property
    def canvas(self) -> QWidget:
        found = self.viewer.findChild(QWidget, "viewerCanvas")
        assert isinstance(found, QWidget)
        return found

    @property
    def busy(self) -> QWidget:
        found = self.viewer.findChild(QWidget, "viewerBusy")
        assert isinstance(found, QWidget)
        return found

    def open(self, number: int, bitmap: Bitmap | None = None) -> None:
        self.viewer.open_at(f"job-{number}")
        if bitmap is not None:
            self.viewer.set_picture(viewed(number), bitmap)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.viewer, key, modifier)

    def click(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def button(self, name: str) -> QToolButton:
        found = self.viewer.findChild(QToolButton, name)
        assert found is not None, name
        return found

    def label(self, name: str) -> str:
        found = self.viewer.findChild(QLabel, name)
        assert found is not None, name
        return found.text()

    def turn_wheel(self, at: QPoint, notches: int) -> None:
        wheel = QWheelEvent(
            QPointF(at),
            QPointF(self.canvas.mapToGlobal(at)),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.canvas, wheel)

    def seen(self) -> QImage:
        return self.canvas.grab().toImage()


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Desk:
    theme.apply(qapp, Theme.LIGHT)
    return Desk(qtbot)


# Opening and leaving


def test_it_covers_the_window_asks_for_the_picture_and_takes_the_keys(desk: Desk, qtbot: QtBot) -> None:
    desk.open(3)
    assert desk.viewer.isVisible()
    assert desk.viewer.geometry() == desk.window.rect()
    qtbot.waitUntil(lambda: desk.wanted == [viewed(3)])
    assert desk.viewer.hasFocus()
    assert desk.label("viewerPosition") == "3 of 5"
    assert desk.label("viewerName") == "chair-3_1.png"
    assert desk.label("viewerPixels") == "1600×1200"
    desk.window.resize(1200, 800)
    assert desk.viewer.geometry() == desk.window.rect()


def test_a_job_without_a_picture_opens_nothing(desk: Desk) -> None:
    put(desk.model, a_queued_job(9))
    for job_id in ("job-9", "nobody"):
        desk.viewer.open_at(job_id)
        assert not desk.viewer.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_keys_leave_it_and_the_last_shown_job_is_told(desk: Desk, key: Qt.Key) -> None:
    desk.open(3)
    desk.press(Qt.Key.Key_Right)
    desk.press(key)
    assert not desk.viewer.isVisible()
    assert desk.closed == ["job-2"]
    assert desk.viewer.viewed is None


def test_the_close_button_leaves_it(desk: Desk) -> None:
    desk.open(3)
    desk.click("viewerClose")
    assert desk.closed == ["job-3"]


def test_a_space_key_that_is_still_held_from_opening_leaves_it_open(desk: Desk) -> None:
    """On X11 a held key comes as pairs of release and press of the same moment, unmarked."""
    desk.open(3)
    none = Qt.KeyboardModifier.NoModifier
    for moment in (5_000, 5_040):
        for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
            event = QKeyEvent(kind, Qt.Key.Key_Space, none, " ")
            event.setTimestamp(moment)
            QApplication.sendEvent(desk.viewer, event)
    marked = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, none, " ", True)
    QApplication.sendEvent(desk.viewer, marked)
    assert desk.closed == []
    desk.press(Qt.Key.Key_Space)
    assert desk.closed == ["job-3"]


def test_tab_goes_round_inside_and_the_window_s_keys_rest(desk: Desk, qtbot: QtBot) -> None:
    fired: list[str] = []
    shortcut = QShortcut("Ctrl+L", desk.window)
    shortcut.activated.connect(lambda: fired.append("ctrl+l"))
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    desk.open(3, plain(RED))
    seen = set()
    for _ in range(12):
        QTest.keyClick(desk.window.focusWidget(), Qt.Key.Key_Tab)
        focused = desk.window.focusWidget()
        assert focused is desk.viewer or desk.viewer.isAncestorOf(focused)
        seen.add(focused.objectName())
    assert {"viewer", "viewerNext", "viewerPick", "viewerClose"} <= seen
    QTest.keyClick(desk.viewer, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert fired == []


def test_every_button_has_a_name_that_is_read_out(desk: Desk) -> None:
    names = ("Close", "Fit", "Full", "ZoomIn", "ZoomOut", "Previous", "Next", "Pick")
    assert all(desk.button(f"viewer{name}").accessibleName() for name in names)
    desk.open(3, plain(RED))
    assert desk.viewer.accessibleName() == "Picture viewer: 3 of 5, chair-3_1.png, 1600×1200"


# Leafing


def test_arrows_and_page_keys_and_buttons_leaf(desk: Desk) -> None:
    desk.open(3)
    places = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_PageDown, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_PageUp):
        desk.press(key)
        places.append(desk.viewer.viewed)
    assert places == [viewed(2), viewed(1), viewed(1), viewed(2), viewed(3)]
    desk.click("viewerNext")
    assert desk.viewer.viewed == viewed(2)
    desk.click("viewerPrevious")
    assert desk.viewer.viewed == viewed(3)


def test_at_an_end_there_is_no_way_on(desk: Desk) -> None:
    desk.open(5)
    assert not desk.button("viewerPrevious").isEnabled()
    assert desk.button("viewerNext").isEnabled()
    desk.open(1)
    assert not desk.button("viewerNext").isEnabled()


def test_the_pictures_of_one_job_follow_one_another(desk: Desk) -> None:
    put(desk.model, saved(3, images=3))
    desk.open(4)
    names = []
    for _ in range(4):
        desk.press(Qt.Key.Key_Right)
        names.append(desk.viewer.accessibleName().split(", ")[1])
    assert names == ["chair-3_1.png", "chair-3_2.png", "chair-3_3.png", "chair-2_1.png"]


def test_arrows_move_a_picture_that_is_zoomed_in_and_page_keys_still_leaf(desk: Desk) -> None:
    desk.open(3, Bitmap(width=1600, height=1200, rgba=_halves()))
    desk.press(Qt.Key.Key_1)
    edge = _edge(desk.seen())
    desk.press(Qt.Key.Key_Right)
    desk.press(Qt.Key.Key_Down)
    assert desk.viewer.viewed == viewed(3)
    assert _edge(desk.seen()) == edge - 80
    desk.press(Qt.Key.Key_PageDown)
    assert desk.viewer.viewed == viewed(2)


def test_leafing_fast_asks_for_the_last_one_alone(desk: Desk, qtbot: QtBot) -> None:
    desk.open(5)
    supply = desk.viewer.findChild(PictureSupply)
    assert supply is not None
    for _ in range(3):
        desk.press(Qt.Key.Key_Right)
        intervals = [timer.interval() for timer in supply.findChildren(QTimer) if timer.isActive()]
        assert min(intervals) > 40  # longer than a held key's repeats are apart
    qtbot.waitUntil(lambda: bool(desk.wanted))
    assert desk.wanted == [viewed(2)]


def test_whoever_comes_back_before_the_answer_asks_again(desk: Desk, qtbot: QtBot) -> None:
    desk.open(3)
    qtbot.waitUntil(lambda: desk.wanted == [viewed(3)])
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        desk.press(key)
    qtbot.waitUntil(lambda: desk.wanted == [viewed(3), viewed(3)])


# What arrives


def test_neighbours_are_asked_for_once_the_picture_is_there(desk: Desk, qtbot: QtBot) -> None:
    desk.open(3)
    qtbot.waitUntil(lambda: desk.wanted == [viewed(3)])
    desk.viewer.set_picture(viewed(3), plain(RED))
    assert desk.wanted == [viewed(3), viewed(2), viewed(4)]
    desk.viewer.set_picture(viewed(2), plain(GREEN))
    desk.press(Qt.Key.Key_Right)
    assert colour_at(desk.seen(), 500, 300) == "#148c3c"
    assert desk.wanted[3:] == [viewed(1)]


def test_a_neighbour_that_comes_first_brings_no_others(desk: Desk, qtbot: QtBot) -> None:
    desk.open(3)
    qtbot.waitUntil(lambda: desk.wanted == [viewed(3)])
    desk.viewer.set_picture(viewed(2), plain(GREEN))
    assert desk.wanted == [viewed(3)]


def test_neighbours_that_do_not_fit_are_not_asked_for(desk: Desk, qtbot: QtBot) -> None:
    huge = PixelSize(8000, 7900)
    fill(desk.model, [saved(1, pixels=huge), saved(2), saved(3)])
    desk.open(2)
    desk.viewer.set_picture(viewed(2), plain(RED, PixelSize(2000, 2000)))
    assert viewed(1) not in desk.wanted
    assert viewed(3) in desk.wanted


def test_the_thumbnail_stands_in_until_the_picture_is_there(desk: Desk, qtbot: QtBot) -> None:
    desk.model.set_thumbnail("job-3", a_bitmap(64, 48, GREEN))
    desk.open(3)
    small = desk.seen()
    assert colour_at(small, 500, 300) == "#148c3c"
    qtbot.waitUntil(desk.busy.isVisible)
    assert desk.viewer.accessibleDescription() == "Loading…"
    desk.viewer.set_picture(viewed(3), plain(RED))
    assert not desk.busy.isVisible()
    assert colour_at(desk.seen(), 500, 300) == "#c81e28"
    edges = [
        [image.pixelColor(x, 300).name() for x in range(image.width())] for image in (small, desk.seen())
    ]
    assert edges[0].index("#148c3c") == edges[1].index("#c81e28")


def test_a_thumbnail_that_comes_late_is_shown(desk: Desk) -> None:
    desk.open(3)
    desk.model.set_thumbnail("job-3", a_bitmap(64, 48, GREEN))
    assert colour_at(desk.seen(), 500, 300) == "#148c3c"


def test_a_picture_that_comes_late_for_another_changes_nothing(desk: Desk) -> None:
    desk.open(3, plain(RED))
    for number in (2, 1):
        desk.viewer.set_picture(viewed(number), plain(GREEN))
        assert colour_at(desk.seen(), 500, 300) == "#c81e28"
    desk.viewer.show_problem(viewed(4), MISSING)
    assert colour_at(desk.seen(), 500, 300) == "#c81e28"
    desk.press(Qt.Key.Key_Escape)
    desk.viewer.set_picture(viewed(3), plain(RED))
    desk.viewer.show_problem(viewed(3), MISSING)
    assert not desk.viewer.isVisible()


def test_a_zoom_made_while_waiting_stays_when_the_picture_comes(desk: Desk) -> None:
    desk.open(3)
    desk.press(Qt.Key.Key_1)
    desk.viewer.set_picture(viewed(3), plain(RED))
    assert desk.label("viewerZoom") == "100 %"


def test_a_problem_is_told_and_leafing_goes_on(desk: Desk, qtbot: QtBot) -> None:
    desk.open(3, plain(RED))
    desk.viewer.show_problem(viewed(2), MISSING)
    desk.press(Qt.Key.Key_Right)
    told = desk.viewer.findChild(QWidget, "viewerProblem")
    assert told is not None
    assert told.isVisible()
    assert "not where it was saved" in desk.viewer.accessibleDescription()
    assert not desk.button("viewerZoomIn").isEnabled()
    desk.press(Qt.Key.Key_Plus)
    desk.press(Qt.Key.Key_Left)
    assert not told.isVisible()
    desk.press(Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: viewed(2) in desk.wanted[2:])  # looked for once more


def test_a_missing_picture_can_be_looked_for_where_its_folder_went(desk: Desk, qtbot: QtBot) -> None:
    asked = heard(desk.viewer.folder_moved_requested)
    desk.open(3)
    desk.viewer.show_problem(viewed(3), MISSING)
    button = desk.viewer.findChild(QPushButton, "viewerFolderMoved")
    assert isinstance(button, QPushButton)
    assert button.isVisible()
    QTest.keyClick(desk.viewer, Qt.Key.Key_Tab)
    assert button.hasFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert asked == [None]
    assert desk.viewer.isVisible()
    desk.wanted.clear()
    job = desk.model.job("job-3")
    assert job is not None
    found = replace(job, images=(replace(job.images[0], path="/moved/armchair.png"),))
    put(desk.model, found)
    qtbot.waitUntil(lambda: desk.wanted == [viewed(3)], timeout=5000)
    assert desk.label("viewerName") == "armchair.png"
    desk.viewer.set_picture(viewed(3), plain(RED))
    assert not button.isVisible()


def test_what_is_no_matter_of_folders_offers_none(desk: Desk) -> None:
    desk.open(3)
    desk.viewer.show_problem(viewed(3), Problem.of(ProblemKind.IMAGE_FILE_DAMAGED, path="/a.png"))
    button = desk.viewer.findChild(QPushButton, "viewerFolderMoved")
    assert isinstance(button, QPushButton)
    assert not button.isVisible()


def test_a_picture_that_was_changed_is_said_to_be(desk: Desk) -> None:
    desk.open(3, plain(RED))
    job = desk.model.job("job-3")
    assert job is not None
    desk.wanted.clear()
    put(desk.model, replace(job, images=(replace(job.images[0], is_changed=True),)))
    word = desk.viewer.findChild(PassingWord)
    assert isinstance(word, PassingWord)
    assert word.text == "The file has been changed since it was saved"
    assert desk.wanted == [], "what is shown is what is there"


def test_bytes_that_are_no_picture_are_a_problem(desk: Desk) -> None:
    desk.open(3, Bitmap(width=40, height=40, rgba=b"123"))
    assert "went wrong" in desk.viewer.accessibleDescription()


def test_new_results_do_not_move_what_is_looked_at(desk: Desk) -> None:
    desk.open(3, striped())
    desk.press(Qt.Key.Key_1)
    before = desk.seen()
    for number in (6, 7):
        put(desk.model, a_queued_job(number))
        put(desk.model, saved(number))
    assert desk.seen() == before
    assert desk.viewer.viewed == viewed(3)
    assert desk.label("viewerPosition") == "5 of 7"


def test_a_picture_that_leaves_the_list_stays_shown(desk: Desk) -> None:
    picked = [saved(number).marked(Mark.PICKED, 0.0) for number in (1, 2, 3)]
    fill(desk.model, picked, JobFilter(view=View.PICKS))
    desk.open(2, plain(RED))
    desk.press(Qt.Key.Key_P)
    put(desk.model, saved(2))
    assert desk.marks == [Marking(seqs=(2,), mark=Mark.PLAIN)]
    assert desk.label("viewerPosition") == "not in this list"
    assert not desk.button("viewerPick").isChecked()
    assert colour_at(desk.seen(), 500, 300) == "#c81e28"
    put(desk.model, saved(2).marked(Mark.PICKED, 0.0))
    assert desk.button("viewerPick").isChecked()
    desk.press(Qt.Key.Key_Right)
    assert desk.viewer.viewed == viewed(1)


def test_the_pick_mark_follows_the_job_and_not_the_press(desk: Desk) -> None:
    desk.open(3)
    desk.click("viewerPick")
    assert desk.marks == [Marking(seqs=(3,), mark=Mark.PICKED)]
    assert not desk.button("viewerPick").isChecked()
    put(desk.model, saved(3).marked(Mark.PICKED, 0.0))
    assert desk.button("viewerPick").isChecked()
    assert "Take out" in desk.button("viewerPick").accessibleName()
    desk.press(Qt.Key.Key_X)
    desk.click("viewerReject")
    assert desk.marks[1:] == [Marking(seqs=(3,), mark=Mark.REJECTED)] * 2
    assert not desk.button("viewerReject").isChecked()
    put(desk.model, saved(3).marked(Mark.REJECTED, 0.0))
    assert desk.button("viewerReject").isChecked()
    desk.press(Qt.Key.Key_X)
    assert desk.marks[-1] == Marking(seqs=(3,), mark=Mark.PLAIN)


# Use it again


@pytest.mark.parametrize(
    ("key", "part"),
    [
        (Qt.Key.Key_U, Part.ALL),
        (Qt.Key.Key_T, Part.PROMPT),
        (Qt.Key.Key_S, Part.SIZE),
        (Qt.Key.Key_E, Part.REFERENCES),
    ],
)
def test_what_is_taken_by_key_leaves_the_picture_in_view(desk: Desk, key: Qt.Key, part: Part) -> None:
    desk.open(3)
    desk.press(key)
    assert desk.takes == [Take(job_id="job-3", part=part, by_key=True)]
    assert desk.viewer.isVisible()
    assert desk.viewer.hasFocus()
    desk.viewer.say("Prompt taken")
    word = desk.viewer.findChild(QWidget, "viewerWord")
    assert isinstance(word, PassingWord)
    assert word.text == "Prompt taken"
    assert desk.viewer.rect().contains(word.geometry())
    desk.viewer.leave()
    assert word.text == ""
    desk.viewer.say("too late")
    assert word.text == ""


def test_the_button_for_all_settings_leads_back_to_the_composer(desk: Desk) -> None:
    desk.open(3)
    desk.press(Qt.Key.Key_Right)
    desk.click("viewerUse")
    assert not desk.viewer.isVisible()
    assert desk.closed == ["job-2"]
    assert desk.takes == [Take(job_id="job-2", part=Part.ALL)]


def test_references_and_undo_have_their_keys(desk: Desk) -> None:
    references, undone = heard(desk.viewer.references_requested), heard(desk.viewer.undo_requested)
    desk.open(3)
    desk.press(Qt.Key.Key_R)
    desk.click("viewerReference")
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert references == [(3,), (3,)]
    assert undone == [None]


def test_what_was_imported_has_no_settings(desk: Desk) -> None:
    put(desk.model, replace(saved(4), service=IMPORTED))
    desk.open(4)
    assert not desk.button("viewerUse").isEnabled()
    desk.press(Qt.Key.Key_U)
    assert desk.viewer.isVisible()


def test_leafing_on_waits_for_what_has_to_be_read(desk: Desk) -> None:
    jobs = [saved(number) for number in range(1, 6)]
    desk.model.set_listing(listing_of(jobs), jobs[:3])
    fresh = JobListModel(desk.window)
    fresh.set_listing(listing_of(jobs), [jobs[2]])
    viewer = Viewer(fresh, desk.window)
    viewer.open_at("job-3")
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.viewed == viewed(3)
    fresh.take_page([jobs[1]])
    assert viewer.viewed == viewed(2)
    fresh.take_page([jobs[0], jobs[3]])
    assert viewer.viewed == viewed(2)
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.viewed == viewed(1)
    viewer.leave()


def test_another_step_counts_instead_of_one_that_still_waits(desk: Desk) -> None:
    jobs = [saved(number) for number in range(1, 6)]
    fresh = JobListModel(desk.window)
    fresh.set_listing(listing_of(jobs), [jobs[2], jobs[3]])
    viewer = Viewer(fresh, desk.window)
    viewer.open_at("job-3")
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    QTest.keyClick(viewer, Qt.Key.Key_Left)
    assert viewer.viewed == viewed(4)
    fresh.take_page(jobs)
    assert viewer.viewed == viewed(4)
    viewer.leave()


# Zooming and moving


def test_at_100_percent_every_pixel_is_one_of_the_screen(desk: Desk) -> None:
    desk.open(3, striped())
    desk.press(Qt.Key.Key_1)
    seen = desk.seen()
    row = [colour_at(seen, x, 200) for x in range(400, 440)]
    assert set(row) == {"#000000", "#ffffff"}
    assert all(one != other for one, other in pairwise(row))
    assert desk.label("viewerZoom") == "100 %"
    assert desk.button("viewerFull").isChecked()


def test_the_whole_picture_is_seen_with_its_edges(desk: Desk) -> None:
    desk.open(3, plain(RED))
    seen = desk.seen()
    reds = [x for x in range(seen.width()) if colour_at(seen, x, 300) == "#c81e28"]
    height = desk.canvas.height() - 32
    assert len(reds) == pytest.approx(height * 4 / 3, abs=2)
    assert colour_at(seen, 4, 300) == theme.LIGHT.canvas
    assert desk.button("viewerFit").isChecked()
    assert not desk.button("viewerZoomOut").isEnabled()


def test_zoom_keys_and_buttons(desk: Desk) -> None:
    desk.open(3, plain(RED))
    fitted = desk.label("viewerZoom")
    desk.press(Qt.Key.Key_Plus)
    nearer = desk.label("viewerZoom")
    assert nearer != fitted
    desk.press(Qt.Key.Key_Minus)
    assert desk.label("viewerZoom") == fitted
    desk.click("viewerZoomIn")
    assert desk.label("viewerZoom") == nearer
    desk.click("viewerZoomOut")
    desk.click("viewerFull")
    assert desk.label("viewerZoom") == "100 %"
    desk.click("viewerFull")
    assert desk.button("viewerFull").isChecked()
    desk.press(Qt.Key.Key_0)
    assert desk.label("viewerZoom") == fitted


def test_the_wheel_zooms_at_the_pointer(desk: Desk) -> None:
    frame = Bitmap(width=1600, height=1200, rgba=_halves())
    desk.open(3, frame)
    desk.press(Qt.Key.Key_1)
    at = QPoint(500, 300)
    edge = _edge(desk.seen())
    desk.turn_wheel(QPoint(edge, at.y()), 3)
    assert _edge(desk.seen()) == pytest.approx(edge, abs=2)
    assert desk.label("viewerZoom") == "195 %"
    desk.turn_wheel(QPoint(edge, at.y()), -40)
    assert desk.label("viewerZoom") == "100 %"
    desk.turn_wheel(QPoint(edge, at.y()), -40)
    assert desk.button("viewerFit").isChecked()


def test_two_fingers_zoom(desk: Desk) -> None:
    desk.open(3, plain(RED))
    desk.press(Qt.Key.Key_1)
    spot = QPointF(300, 300)
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        spot,
        spot,
        QPointF(desk.canvas.mapToGlobal(spot)),
        0.5,
        QPointF(),
    )
    QApplication.sendEvent(desk.canvas, pinch)
    assert desk.label("viewerZoom") == "150 %"


def test_a_zoomed_picture_is_dragged_by_hand(desk: Desk) -> None:
    desk.open(3, Bitmap(width=1600, height=1200, rgba=_halves()))
    assert desk.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    desk.press(Qt.Key.Key_1)
    assert desk.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    edge = _edge(desk.seen())
    QTest.mousePress(desk.canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    assert desk.canvas.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseMove(desk.canvas, QPoint(460, 300))
    QTest.mouseRelease(desk.canvas, Qt.MouseButton.LeftButton, pos=QPoint(460, 300))
    assert desk.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    assert _edge(desk.seen()) == edge + 60


def test_a_double_click_goes_to_100_percent_and_back(desk: Desk) -> None:
    desk.open(3, plain(RED))
    QTest.mouseDClick(desk.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert desk.label("viewerZoom") == "100 %"
    QTest.mouseDClick(desk.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert desk.button("viewerFit").isChecked()


def test_a_picture_made_smaller_is_drawn_with_care_after_a_rest(desk: Desk, qtbot: QtBot) -> None:
    """Fine stripes must melt into grey; drawn in haste they flicker between black and white."""

    def is_grey() -> bool:
        seen = desk.seen()
        tones = [seen.pixelColor(x, 300).lightness() for x in range(300, 700)]
        return max(tones) - min(tones) < 60

    desk.open(3, striped(PixelSize(4000, 3000)))
    qtbot.waitUntil(is_grey)
    desk.press(Qt.Key.Key_Plus)
    assert not is_grey()
    qtbot.waitUntil(is_grey)


def test_scales_are_written_as_people_do() -> None:
    assert [percent(scale) for scale in (0.3667, 1.0, 0.0834, 0.03, 32)] == [
        "37 %",
        "100 %",
        "8.3 %",
        "3 %",
        "3200 %",
    ]


def test_the_size_that_came_counts_where_it_is_not_the_one_that_was_told(desk: Desk) -> None:
    desk.open(3, plain(RED, PixelSize(300, 200)))
    assert desk.label("viewerZoom") == "100 %"
    assert PIXELS.label == desk.label("viewerPixels")


def _halves() -> bytes:
    """1600 × 1200 pixels, black on the left, white on the right."""
    row = b"\x00\x00\x00\xff" * 800 + b"\xff\xff\xff\xff" * 800
    return row * 1200


def _edge(seen: QImage) -> int:
    """Where white begins, in pixels from the left."""
    return next(x for x in range(1, seen.width()) if seen.pixelColor(x, 300).lightness() > 128)


def test_arrows_leaf_where_the_picture_is_only_higher_than_the_view(desk: Desk) -> None:
    tall = PixelSize(600, 2400)
    put(desk.model, saved(3, pixels=tall))
    desk.open(3, plain(RED, tall))
    desk.press(Qt.Key.Key_1)
    desk.press(Qt.Key.Key_Up)
    desk.press(Qt.Key.Key_Down)
    assert desk.viewer.viewed == viewed(3)
    desk.press(Qt.Key.Key_Right)
    assert desk.viewer.viewed == viewed(2)
    desk.open(3)
    desk.press(Qt.Key.Key_1)
    desk.press(Qt.Key.Key_Left)
    assert desk.viewer.viewed == viewed(4)
