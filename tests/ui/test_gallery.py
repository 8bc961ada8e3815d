"""The gallery by hand and keys, and what it says where it is empty."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QDrag, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gptimg_desktop.core.job import JobState
from gptimg_desktop.ui.gallery.drag_picture import drag_picture
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.gallery.panel import GalleryPanel
from gptimg_desktop.ui.gallery.tile_drag import JOBS_MIME
from gptimg_desktop.ui.gallery.view import GalleryView
from gptimg_desktop.ui.images import image_of
from gptimg_desktop.ui.theme import LIGHT
from tests.support.listed import fill, put
from tests.ui.eyes import heard
from tests.ui.jobs import a_bitmap, a_job, a_queued_job

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Drags:
    """Keeps what is dragged instead of carrying it away."""

    def __init__(self) -> None:
        self.made: list[tuple[QDrag, list[str], list[str]]] = []
        self.actions: Qt.DropAction | None = None
        self.selected: tuple[int, ...] = ()

    def keep(self, drag: QDrag, actions: Qt.DropAction, _default: Qt.DropAction) -> Qt.DropAction:
        mime, view = drag.mimeData(), drag.source()
        assert isinstance(view, GalleryView)
        self.made.append((drag, [url.toLocalFile() for url in mime.urls()], mime.formats()))
        self.selected = view.selected_seqs()
        self.actions = actions
        return Qt.DropAction.CopyAction

    def drag(self) -> QDrag:
        assert len(self.made) == 1
        return self.made[0][0]

    def files(self) -> list[str]:
        assert len(self.made) == 1
        return self.made[0][1]

    def formats(self) -> list[str]:
        return self.made[0][2]


@pytest.fixture
def drags(monkeypatch: pytest.MonkeyPatch) -> Drags:
    """Qt's own loop of a drag would wait for a hand that lets go."""
    kept = Drags()

    def take(drag: QDrag, actions: Qt.DropAction, default: Qt.DropAction) -> Qt.DropAction:
        return kept.keep(drag, actions, default)

    monkeypatch.setattr(QDrag, "exec", take)
    return kept


@pytest.fixture
def panel(qtbot: QtBot) -> GalleryPanel:
    model = JobListModel()
    made = GalleryPanel(model)
    model.setParent(made)
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    return made


def model_of(panel: GalleryPanel) -> JobListModel:
    model = panel.view.model()
    assert isinstance(model, JobListModel)
    return model


def middle_of(panel: GalleryPanel, job_id: str) -> QPoint:
    return panel.view.visualRect(model_of(panel).index_of(job_id)).center()


def double_click(panel: GalleryPanel, at: QPoint) -> None:
    """As a hand does it: the first click of the two comes before."""
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def press_space(panel: GalleryPanel, kind: QEvent.Type, moment: int, *, repeated: bool = False) -> None:
    event = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", repeated)
    event.setTimestamp(moment)
    QApplication.sendEvent(panel.view, event)


def drag(panel: GalleryPanel, job_id: str) -> None:
    """Press on a tile and move well away from there."""
    ground, start = panel.view.viewport(), middle_of(panel, job_id)
    QTest.mousePress(ground, Qt.MouseButton.LeftButton, pos=start)
    for step in (6, 14, 30):
        QTest.mouseMove(ground, start + QPoint(step, step))
    QTest.mouseRelease(ground, Qt.MouseButton.LeftButton, pos=start + QPoint(30, 30))


def test_an_empty_gallery_shows_no_grid(panel: GalleryPanel) -> None:
    fill(model_of(panel), [])
    assert not panel.view.isVisible()
    put(model_of(panel), a_queued_job())
    assert panel.view.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_key_opens_the_current_picture(panel: GalleryPanel, key: Qt.Key) -> None:
    views: list[str] = []
    panel.view_requested.connect(views.append)
    fill(model_of(panel), [a_job(JobState.SAVED, 1), a_queued_job(2)])
    panel.select("job-1")
    QTest.keyClick(panel.view, key)
    panel.select("job-2")
    QTest.keyClick(panel.view, key)
    assert views == ["job-1"]
    assert panel.view.selected_seqs() == (2,)


def test_a_double_click_opens_the_picture_under_it_and_no_other(panel: GalleryPanel) -> None:
    views: list[str] = []
    panel.view_requested.connect(views.append)
    fill(model_of(panel), [a_job(JobState.SAVED, 1), a_queued_job(2)])
    for job_id in ("job-1", "job-2"):
        double_click(panel, middle_of(panel, job_id))
    assert views == ["job-1"]
    panel.select("job-1")
    double_click(panel, QPoint(300, 580))
    assert views == ["job-1"]


def test_a_held_key_opens_once(panel: GalleryPanel) -> None:
    views: list[str] = []
    panel.view_requested.connect(views.append)
    fill(model_of(panel), [a_job(JobState.SAVED)])
    panel.select("job-1")
    press_space(panel, QEvent.Type.KeyPress, 1_000)
    for moment in (1_500, 1_540, 1_580):
        press_space(panel, QEvent.Type.KeyRelease, moment)
        press_space(panel, QEvent.Type.KeyPress, moment)
    press_space(panel, QEvent.Type.KeyPress, 1_600, repeated=True)
    assert views == ["job-1"]
    press_space(panel, QEvent.Type.KeyRelease, 1_700)
    press_space(panel, QEvent.Type.KeyPress, 2_000)
    assert views == ["job-1", "job-1"]


def test_coming_back_from_the_viewer_makes_the_last_one_current(panel: GalleryPanel, qtbot: QtBot) -> None:
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    fill(model_of(panel), [a_job(JobState.SAVED, number) for number in range(40)])
    panel.select("job-39")
    panel.return_to("job-3")
    assert panel.view.selected_seqs() == (3,)
    assert panel.view.hasFocus()
    assert panel.view.viewport().rect().intersects(panel.view.visualRect(model_of(panel).index_of("job-3")))
    panel.return_to("nobody")
    assert panel.view.selected_seqs() == (3,)


def test_a_press_and_a_move_drag_the_file_of_one_tile(panel: GalleryPanel, drags: Drags) -> None:
    fill(model_of(panel), [a_job(JobState.SAVED, number) for number in range(4)])
    drag(panel, "job-2")
    assert drags.files() == ["/pictures/GPTImg/oak-chair_0001.png"]
    # Whoever takes it copies the file, not a small picture; the numbers are for this program alone.
    assert set(drags.formats()) == {"text/uri-list", JOBS_MIME}
    assert drags.actions == Qt.DropAction.CopyAction
    assert not drags.drag().pixmap().isNull()
    assert panel.view.selected_seqs() == (2,)


def test_a_press_on_one_of_several_selected_tiles_drags_them_all(panel: GalleryPanel, drags: Drags) -> None:
    fill(model_of(panel), [*(a_job(JobState.SAVED, number) for number in range(4)), a_queued_job(9)])
    panel.view.selectAll()
    drag(panel, "job-2")
    assert len(drags.files()) == 4
    assert len(drags.selected) == 5


def test_a_tile_without_a_picture_cannot_be_dragged(panel: GalleryPanel, drags: Drags) -> None:
    fill(model_of(panel), [a_queued_job(1), a_job(JobState.SAVED, 2)])
    drag(panel, "job-1")
    assert drags.made == []


@pytest.mark.parametrize("count", [1, 2, 12, 1000])
def test_several_dragged_tiles_carry_their_number(qapp: object, count: int) -> None:
    thumbnail = image_of(a_bitmap(64, 36, (255, 0, 0)))
    picture, _ = drag_picture([thumbnail] * min(3, count), count, LIGHT, 2.0)
    image = picture.toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert "#ff0000" in colours
    assert (LIGHT.accent in colours) == (count > 1)


@pytest.mark.parametrize("count", [1, 12])
def test_what_is_dragged_covers_nothing_under_the_pointer(qapp: object, count: int) -> None:
    """The name of a collection can be read while tiles are let go over it."""
    _, pointer = drag_picture([image_of(a_bitmap(64, 36))] * min(3, count), count, LIGHT, 1.0)
    assert pointer.x() <= -12
    assert pointer.y() <= -12


def test_a_new_tile_does_not_move_what_is_looked_at(panel: GalleryPanel, qtbot: QtBot) -> None:
    model = model_of(panel)
    fill(model, [a_job(JobState.SAVED, number) for number in range(60)])
    index = model.index_of("job-20")
    panel.view.scrollTo(index, panel.view.ScrollHint.PositionAtTop)
    panel.view.verticalScrollBar().setValue(panel.view.verticalScrollBar().value() + 11)
    watched = model.job_at(panel.view.indexAt(QPoint(50, 50)).row())
    assert watched is not None
    top = panel.view.visualRect(model.index_of(watched.id)).top()
    for number in range(100, 107):
        put(model, a_queued_job(number))
    qtbot.waitUntil(lambda: panel.view.visualRect(model.index_of(watched.id)).top() == top)


def test_the_light_moves_only_while_something_runs_and_is_seen(panel: GalleryPanel, qtbot: QtBot) -> None:
    frames = next(timer for timer in panel.view.findChildren(QTimer) if timer.interval() == 50)
    fill(model_of(panel), [a_job(JobState.ACCEPTED, at=time.time())])
    assert frames.isActive()
    put(model_of(panel), a_job(JobState.SAVED))
    qtbot.waitUntil(lambda: not frames.isActive())
    put(model_of(panel), a_job(JobState.ACCEPTED, 2))
    assert frames.isActive()
    panel.hide()
    assert not frames.isActive()


def test_a_saved_tile_asks_for_its_picture_when_it_is_seen(panel: GalleryPanel, qtbot: QtBot) -> None:
    asked = heard(model_of(panel).thumbnails_wanted)
    fill(model_of(panel), [a_job(JobState.SAVED)])
    qtbot.waitUntil(lambda: (1,) in asked)


def test_the_columns_fill_the_width(panel: GalleryPanel) -> None:
    fill(model_of(panel), [a_job(JobState.SAVED, number) for number in range(9)])
    for width in (420, 700, 1100):
        panel.resize(width, 600)
        room, view = panel.view.viewport().width(), panel.view
        rects = [view.visualRect(model_of(panel).index(row)) for row in range(9)]
        line = [rect for rect in rects if rect.top() == rects[0].top()]
        left, right = line[0].left(), room - line[-1].right() - 1
        assert 4 <= left <= 4 + len(line)
        assert 4 <= right <= 4 + len(line)
        assert {rect.width() for rect in line} == {line[0].width()}
        assert 150 <= line[0].width() <= 260
