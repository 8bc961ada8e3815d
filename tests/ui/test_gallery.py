"""The grid: tiles of every state, keys, menu, and what the empty gallery says."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QDrag, QFont, QFontMetrics, QImage, QKeyEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QStyle, QStyleOptionViewItem, QWidget

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.prices import PUBLISHED
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Tier
from gptimg_desktop.ui.details.wishes import SaveAs
from gptimg_desktop.ui.gallery.caption import (
    accessible_text,
    day_and_time,
    elapsed,
    on_service_until,
    patience,
    size_line,
    state_line,
    time_left,
    words_of_service,
)
from gptimg_desktop.ui.gallery.delegate import TileDelegate, wrapped
from gptimg_desktop.ui.gallery.drag_picture import drag_picture
from gptimg_desktop.ui.gallery.model import JobListModel, Role
from gptimg_desktop.ui.gallery.panel import GalleryPanel
from gptimg_desktop.ui.gallery.silences import Silences
from gptimg_desktop.ui.gallery.view import GalleryView
from gptimg_desktop.ui.images import image_of
from gptimg_desktop.ui.messages import unseen_picture
from gptimg_desktop.ui.theme import DARK, LIGHT, Tokens, palette_of
from tests.ui.jobs import CREATED, a_bitmap, a_job, a_queued_job, a_request

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.core.job import Job


def painted(
    job: Job,
    tokens: Tokens = LIGHT,
    *,
    now: float = CREATED + 24,
    selected: bool = False,
    unseen: ProblemKind | None = None,
    width: int = 220,
) -> QImage:
    """One tile as it is drawn, with a red picture where there is one, or why it cannot be seen."""
    model = JobListModel()
    model.reset([job])
    if unseen is not None:
        model.set_thumbnail_problem(job.id, Problem.of(unseen, path="/a.png"))
    elif job.images:
        model.set_thumbnail(job.id, a_bitmap(64, 36, (255, 0, 0)))
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, width, width + 48)
    option.palette = palette_of(tokens)
    option.font = QApplication.font()
    if selected:
        option.state |= QStyle.StateFlag.State_Selected
    image = QImage(width, width + 48, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    TileDelegate(clock=lambda: now).paint(painter, option, model.index(0))
    painter.end()
    return image


class Drags:
    """Keeps what is dragged instead of carrying it away."""

    def __init__(self) -> None:
        self.made: list[tuple[QDrag, list[str], list[str]]] = []
        self.actions: Qt.DropAction | None = None
        self.selected: tuple[str, ...] = ()

    def keep(self, drag: QDrag, actions: Qt.DropAction, _default: Qt.DropAction) -> Qt.DropAction:
        mime, view = drag.mimeData(), drag.source()
        assert isinstance(view, GalleryView)
        self.made.append((drag, [url.toLocalFile() for url in mime.urls()], mime.formats()))
        self.selected = view.selected_ids()
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


def offered(panel: GalleryPanel) -> list[str]:
    return [action.text() for action in panel.menu().actions() if action.text()]


def choose(panel: GalleryPanel, text: str) -> None:
    next(action for action in panel.menu().actions() if action.text() == text).trigger()


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


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("state", JobState)
def test_every_state_has_a_tile_of_its_own(qapp: object, state: JobState, tokens: Tokens) -> None:
    image = painted(a_job(state), tokens)
    others = [painted(a_job(other), tokens) for other in JobState if other is not state]
    assert all(image != other for other in others)


@pytest.mark.parametrize("size", [AUTO, Ratio.R21X9, Ratio.R1X3, PixelSize(10_000, 16)], ids=str)
@pytest.mark.parametrize("state", [JobState.ACCEPTED, JobState.SAVED, JobState.QUEUED])
def test_any_shape_can_be_painted(qapp: object, size: Ratio | PixelSize, state: JobState) -> None:
    assert not painted(a_job(state, request=a_request(size=size))).isNull()


def test_a_picture_keeps_its_ratio_on_neutral_ground(qapp: object) -> None:
    image = painted(a_job(JobState.SAVED))
    reds = [
        (x, y)
        for x in range(0, 220, 2)
        for y in range(0, 220, 2)
        if image.pixelColor(x, y).name() == "#ff0000"
    ]
    width = max(x for x, _ in reds) - min(x for x, _ in reds)
    height = max(y for _, y in reds) - min(y for _, y in reds)
    assert width / height == pytest.approx(16 / 9, rel=0.06)
    assert image.pixelColor(110, 30).name() == LIGHT.canvas


def test_a_running_tile_moves_with_the_clock_and_a_waiting_one_does_not(qapp: object) -> None:
    running, waiting = a_job(JobState.ACCEPTED), a_queued_job()
    assert painted(running, now=CREATED + 10) != painted(running, now=CREATED + 10.6)
    assert painted(waiting, now=CREATED + 10) == painted(waiting, now=CREATED + 10.6)


ODD = Problem.of(ProblemKind.ODD_ANSWER, status=502)


@pytest.mark.parametrize(
    ("job", "after_s", "told"),
    [
        (a_job(JobState.SENDING), 59, ""),
        (a_job(JobState.SENDING), 62, "Still waiting for confirmation"),
        (a_job(JobState.ACCEPTED), 100, ""),
        (a_job(JobState.ACCEPTED), 123, "Taking longer than usual"),
        (a_job(JobState.ACCEPTED), 603, "Taking much longer than usual; still looking"),
        (
            a_job(JobState.ACCEPTED).annotate(ODD),
            603,
            "The service says nothing about it; still looking",
        ),
        (a_job(JobState.ACCEPTED).annotate(Problem.of(ProblemKind.TASK_RECOVERED)), 10, ""),
        (a_job(JobState.READY), 86_500, "The link has run out; it is tried all the same"),
        (a_job(JobState.SAVED), 90_000, ""),
        (a_queued_job(), 90_000, ""),
    ],
)
def test_what_takes_long_has_a_word(job: Job, after_s: float, told: str) -> None:
    assert patience(job, CREATED + after_s) == told


def test_the_countdown_names_day_and_span() -> None:
    noon = datetime(2026, 9, 21, 12, 0).astimezone().timestamp()
    ready = a_job(JobState.READY, at=noon)
    assert patience(ready, noon) == "On the service until tomorrow 12:00, 24\u00a0h\u00a0left"
    assert patience(ready, noon + 86_400 - 2_700) == "On the service until 12:00, 45\u00a0min\u00a0left"
    assert patience(ready, noon + 86_400 - 65) == "On the service until 12:00, 1:05\u00a0left"
    assert time_left(6 * 86_400) == "6 days left"
    assert on_service_until(replace(ready, expires_at=noon + 6 * 86_400)) == noon + 2 + 86_400
    assert on_service_until(replace(ready, expires_at=None)) == noon + 2 + 86_400
    assert on_service_until(replace(ready, expires_at=12.0)) == noon + 2 + 86_400
    assert on_service_until(a_job(JobState.SAVED)) is None


def test_the_span_that_is_left_is_not_torn_apart(qapp: object) -> None:
    metrics = QFontMetrics(QApplication.font())
    told = patience(a_job(JobState.READY), CREATED + 80_000)
    room = metrics.horizontalAdvance(told) - 2
    assert wrapped(metrics, told, room, 3)[-1] == time_left(6_400).replace(" ", "\u00a0")


def test_a_silence_is_told_from_its_beginning_until_something_is_heard() -> None:
    moments = iter([CREATED + 100, CREATED + 200])
    silences = Silences(clock=lambda: next(moments))
    job = a_job(JobState.ACCEPTED)
    for _ in range(3):
        silences.note(job.annotate(ODD))
    since = silences.since(job.id)
    assert since == CREATED + 100
    told = patience(job.annotate(ODD), CREATED + 300, silent_since=since)
    assert told == f"Nothing heard since {day_and_time(since, CREATED + 300)}; still looking"
    silences.note(job)
    assert silences.since(job.id) is None


def test_a_tile_shows_that_it_takes_long(qapp: object) -> None:
    job = a_job(JobState.SENDING)
    early, late = painted(job, now=CREATED + 58), painted(job, now=CREATED + 58 + 2.4 * 10)

    def lines(image: QImage) -> int:
        """Rows of the picture's place with ink in them."""
        dark = (
            y for y in range(60, 200) if any(image.pixelColor(x, y).lightness() < 110 for x in range(20, 200))
        )
        return len(list(dark))

    assert lines(late) > lines(early)


def test_picks_and_selection_show(qapp: object) -> None:
    job = a_job(JobState.SAVED)
    assert painted(job) != painted(job.pick(picked=True))
    assert painted(job) != painted(job, selected=True)


def test_sizes_tell_what_was_asked_where_something_else_came() -> None:
    square = a_request(size=Ratio.R1X1, tier=Tier.K1)
    other = a_job(JobState.SAVED, request=square, pixels=PixelSize(1254, 1254))
    assert size_line(other) == "asked 1024×1024, got 1254×1254"
    assert size_line(a_job(JobState.SAVED, request=square)) == "1024×1024"


def test_time_is_told_as_a_clock_does() -> None:
    assert [elapsed(seconds) for seconds in (-3, 23.9, 83, 3850)] == ["0:00", "0:23", "1:23", "1:04:10"]


def test_long_reasons_wrap_and_end_in_an_ellipsis(qapp: object) -> None:
    metrics = QFontMetrics(QApplication.font())
    lines = wrapped(metrics, "keine Verbindung zum Dienst " * 9, 180, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(metrics.horizontalAdvance(line) <= 180 for line in lines)
    chinese = wrapped(metrics, "服务没有回答" * 9, 180, 3)
    assert len(chinese) == 3


def test_the_empty_gallery_says_why(panel: GalleryPanel) -> None:
    def told() -> str:
        return " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())

    assert "Your pictures appear here" in told()
    model_of(panel).upsert(a_queued_job())
    assert panel.view.isVisible()
    model_of(panel).set_filter(JobFilter(text="zebra"))
    assert "Nothing matches" in told()
    assert "under All" not in told()
    model_of(panel).set_filter(JobFilter(text="zebra", view=View.RUNNING))
    assert "under All" in told()
    model_of(panel).set_filter(JobFilter(view=View.PICKS))
    assert "No picks yet" in told()


def test_current_is_told_once_and_kept_by_a_filter_that_lets_it_through(panel: GalleryPanel) -> None:
    told: list[str] = []
    panel.current_changed.connect(told.append)
    model_of(panel).reset([a_job(JobState.SAVED, number) for number in range(4)])
    panel.select("job-2")
    model_of(panel).set_filter(JobFilter(text="oak"))
    assert told == ["job-2"]
    assert panel.view.selected_ids() == ("job-2",)
    model_of(panel).set_filter(JobFilter(view=View.RUNNING))
    assert told == ["job-2", ""]


def test_p_picks_and_delete_bins_what_is_selected(panel: GalleryPanel) -> None:
    picks: list[str] = []
    bins: list[tuple[str, ...]] = []
    panel.pick_requested.connect(picks.append)
    panel.bin_requested.connect(bins.append)
    model_of(panel).reset([a_job(JobState.SAVED, number) for number in range(3)])
    panel.view.selectAll()
    QTest.keyClick(panel.view, Qt.Key.Key_P)
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    assert picks == ["job-2", "job-1", "job-0"]
    assert bins == [("job-2", "job-1", "job-0")]


def test_in_the_bin_delete_does_nothing_and_undo_restores(panel: GalleryPanel) -> None:
    bins: list[tuple[str, ...]] = []
    restores: list[tuple[str, ...]] = []
    panel.bin_requested.connect(bins.append)
    panel.restore_requested.connect(restores.append)
    model_of(panel).reset([a_job(JobState.SAVED).bin(1.0)])
    model_of(panel).set_filter(JobFilter(view=View.BIN))
    panel.select("job-1")
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    QTest.keyClick(panel.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert bins == []
    assert restores == [("job-1",)]


def test_what_cannot_be_fetched_yet_says_so_and_nothing_moves(qapp: object) -> None:
    ready = a_job(JobState.READY)
    held_up = ready.annotate(Problem.of(ProblemKind.LINK_DEAD, host="cdn.example", status=404))
    assert state_line(ready).startswith("Fetching…")
    assert state_line(held_up).startswith("Cannot be fetched yet")
    assert "fetching" not in accessible_text(held_up)
    assert patience(held_up, CREATED + 60).startswith(
        "Cannot be fetched yet; still trying. On the service until"
    )
    assert "Cannot" not in patience(ready, CREATED + 60)
    for job, moves in ((ready, True), (held_up, False)):
        frames = [painted(job, now=CREATED + 60 + step) for step in (0.1, 0.4, 0.8)]
        assert any(frame != frames[0] for frame in frames) is moves


def test_how_a_task_was_found_is_no_trouble_with_its_picture(qapp: object) -> None:
    job = a_job(JobState.READY).annotate(Problem.of(ProblemKind.SEVERAL_TASKS, found=2))
    assert state_line(job).startswith("Fetching…")


def undo(widget: QWidget) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_undo_brings_back_what_the_last_delete_put_away_once(panel: GalleryPanel) -> None:
    restores: list[tuple[str, ...]] = []
    panel.restore_requested.connect(restores.append)
    model_of(panel).reset([a_job(JobState.SAVED, number) for number in range(4)])
    undo(panel.view)
    assert restores == []
    panel.select("job-3")
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    panel.select("job-2")
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    panel.select("job-0")
    undo(panel.view)
    undo(panel.view)
    assert restores == [("job-2",)]


def test_undo_works_where_the_last_tile_went(panel: GalleryPanel, qtbot: QtBot) -> None:
    restores: list[tuple[str, ...]] = []
    panel.restore_requested.connect(restores.append)
    model = model_of(panel)
    model.reset([a_job(JobState.SAVED)])
    panel.window().activateWindow()
    panel.return_to("job-1")
    qtbot.waitUntil(panel.view.hasFocus)
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    model.upsert(a_job(JobState.SAVED).bin(1.0))
    assert not panel.view.isVisible()
    focused = QApplication.focusWidget()
    assert focused is panel
    undo(focused)
    assert restores == [("job-1",)]


def test_a_closed_job_can_be_decided_about_again(panel: GalleryPanel) -> None:
    reopened: list[str] = []
    panel.reopen_requested.connect(reopened.append)
    model_of(panel).reset([a_job(JobState.CLOSED, 1), a_job(JobState.SAVED, 2)])
    panel.select("job-2")
    assert "Decide again" not in [action.text() for action in panel.menu().actions()]
    panel.select("job-1")
    next(action for action in panel.menu().actions() if action.text() == "Decide again").trigger()
    assert reopened == ["job-1"]


def test_the_menu_offers_what_fits(panel: GalleryPanel) -> None:
    cancels: list[str] = []
    panel.cancel_requested.connect(cancels.append)
    model_of(panel).reset([a_job(JobState.SAVED, 1), a_queued_job(2)])
    panel.select("job-1")
    assert offered(panel) == [
        "View",
        "Use these settings",
        "Generate again ($0.014)",
        "Use as reference",
        "Save as…",
        "Show in folder",
        "Copy prompt",
        "Pick",
        "Move to bin",
    ]
    panel.select("job-2")
    assert offered(panel) == [
        "Use these settings",
        "Copy prompt",
        "Send next",
        "Cancel (nothing was sent)",
        "Pick",
        "Move to bin",
    ]
    choose(panel, "Cancel (nothing was sent)")
    assert cancels == ["job-2"]


@pytest.mark.row(135)
@pytest.mark.parametrize("state", JobState)
def test_what_was_sent_is_hidden_and_not_deleted(panel: GalleryPanel, state: JobState) -> None:
    bins: list[tuple[str, ...]] = []
    panel.bin_requested.connect(bins.append)
    model_of(panel).reset([a_job(state)])
    panel.select("job-1")
    goes_on = state in {JobState.SENDING, JobState.ACCEPTED, JobState.READY}
    assert ("Hide" in offered(panel), "Move to bin" in offered(panel)) == (goes_on, not goes_on)
    choose(panel, "Hide" if goes_on else "Move to bin")
    assert bins == [("job-1",)]


def test_a_mixed_choice_is_moved_to_the_bin(panel: GalleryPanel) -> None:
    model_of(panel).reset([a_job(JobState.SAVED, 1), a_job(JobState.ACCEPTED, 2)])
    panel.view.selectAll()
    assert "Move to bin" in offered(panel)


def test_the_menu_takes_picture_and_words_elsewhere(panel: GalleryPanel) -> None:
    saves: list[object] = []
    shown: list[str] = []
    panel.save_as_requested.connect(saves.append)
    panel.show_in_folder_requested.connect(shown.append)
    job = a_job(JobState.SAVED, request=a_request("a <b>red</b> kite"))
    model_of(panel).reset([job])
    panel.select("job-1")
    choose(panel, "Copy prompt")
    assert QApplication.clipboard().text() == "a <b>red</b> kite"
    QApplication.clipboard().clear()
    choose(panel, "Show in folder")
    assert shown == [job.images[0].path]
    choose(panel, "Save as…")
    dialog = panel.window().findChild(QFileDialog, "saveAsDialog")
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit("/clients/kite.png")
    dialog.close()
    assert saves == [SaveAs(source=job.images[0].path, target="/clients/kite.png")]


def test_several_tiles_are_not_saved_shown_or_copied_at_once(panel: GalleryPanel) -> None:
    model_of(panel).reset([a_job(JobState.SAVED, number) for number in range(2)])
    panel.view.selectAll()
    assert not {"Save as…", "Show in folder", "Copy prompt"} & set(offered(panel))


@pytest.mark.parametrize("state", JobState)
def test_again_is_offered_for_what_is_over_and_never_for_what_may_still_come(
    panel: GalleryPanel, state: JobState
) -> None:
    model_of(panel).reset([a_job(state)])
    panel.select("job-1")
    is_over = state in {
        JobState.SAVED,
        JobState.FAILED,
        JobState.REJECTED,
        JobState.CANCELLED,
        JobState.CLOSED,
        JobState.LOST,
    }
    assert ("Generate again ($0.014)" in offered(panel)) == is_over
    is_editable = state in {JobState.FAILED, JobState.REJECTED, JobState.CANCELLED}
    assert ("Edit and generate again" in offered(panel)) == is_editable
    assert ("Use these settings" in offered(panel)) != is_editable
    assert not any("retry" in text.lower() for text in offered(panel))


def test_again_names_its_price(panel: GalleryPanel) -> None:
    again: list[str] = []
    panel.generate_again_requested.connect(again.append)
    model_of(panel).reset([a_job(JobState.SAVED, request=a_request(tier=Tier.K4))])
    panel.select("job-1")
    assert "Generate again ($0.021)" in offered(panel)
    panel.set_prices(PUBLISHED, is_free=True)
    choose(panel, "Generate again (practice, free)")
    assert again == ["job-1"]


def test_what_is_paid_for_is_the_job_whose_price_was_named(panel: GalleryPanel) -> None:
    again: list[str] = []
    panel.generate_again_requested.connect(again.append)
    model_of(panel).reset([a_job(JobState.SAVED, 1), a_job(JobState.SAVED, 2, a_request(tier=Tier.K4))])
    panel.select("job-1")
    entry = next(action for action in panel.menu().actions() if action.text().startswith("Generate again"))
    panel.select("job-2")
    entry.trigger()
    assert again == ["job-1"]
    panel.view.selectAll()
    assert not any(text.startswith("Generate again") for text in offered(panel))


def test_wishes_about_settings_and_references(panel: GalleryPanel) -> None:
    uses: list[str] = []
    edits: list[str] = []
    references: list[tuple[str, ...]] = []
    panel.use_all_requested.connect(uses.append)
    panel.edit_again_requested.connect(edits.append)
    panel.use_as_reference_requested.connect(references.append)
    model_of(panel).reset([a_job(JobState.SAVED, 1), a_job(JobState.FAILED, 2)])
    for job_id in ("job-1", "job-2"):
        panel.select(job_id)
        QTest.keyClick(panel.view, Qt.Key.Key_U)
        QTest.keyClick(panel.view, Qt.Key.Key_R)
    assert uses == ["job-1"]
    assert edits == ["job-2"]
    assert references == [("/pictures/GPTImg/oak-chair_0001.png",)]
    panel.view.selectAll()
    QTest.keyClick(panel.view, Qt.Key.Key_U)
    assert (uses, edits) == (["job-1"], ["job-2"])


def test_send_next_names_the_waiting_ones_the_oldest_last(panel: GalleryPanel) -> None:
    named: list[str] = []
    panel.send_next_requested.connect(named.append)
    model_of(panel).reset([a_queued_job(1), a_queued_job(2), a_job(JobState.ACCEPTED, 3)])
    panel.view.selectAll()
    QTest.keyClick(panel.view, Qt.Key.Key_N)
    assert named == ["job-2", "job-1"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_key_opens_the_current_picture(panel: GalleryPanel, key: Qt.Key) -> None:
    views: list[str] = []
    panel.view_requested.connect(views.append)
    model_of(panel).reset([a_job(JobState.SAVED, 1), a_queued_job(2)])
    panel.select("job-1")
    QTest.keyClick(panel.view, key)
    panel.select("job-2")
    QTest.keyClick(panel.view, key)
    assert views == ["job-1"]
    assert panel.view.selected_ids() == ("job-2",)


def test_a_double_click_opens_the_picture_under_it_and_no_other(panel: GalleryPanel) -> None:
    views: list[str] = []
    panel.view_requested.connect(views.append)
    model_of(panel).reset([a_job(JobState.SAVED, 1), a_queued_job(2)])
    for job_id in ("job-1", "job-2"):
        double_click(panel, middle_of(panel, job_id))
    assert views == ["job-1"]
    panel.select("job-1")
    double_click(panel, QPoint(300, 580))
    assert views == ["job-1"]


def test_a_held_key_opens_once(panel: GalleryPanel) -> None:
    views: list[str] = []
    panel.view_requested.connect(views.append)
    model_of(panel).reset([a_job(JobState.SAVED)])
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
    model_of(panel).reset([a_job(JobState.SAVED, number) for number in range(40)])
    panel.select("job-39")
    panel.return_to("job-3")
    assert panel.view.selected_ids() == ("job-3",)
    assert panel.view.hasFocus()
    assert panel.view.viewport().rect().intersects(panel.view.visualRect(model_of(panel).index_of("job-3")))
    panel.return_to("nobody")
    assert panel.view.selected_ids() == ("job-3",)


def test_a_press_and_a_move_drag_the_file_of_one_tile(panel: GalleryPanel, drags: Drags) -> None:
    model_of(panel).reset([a_job(JobState.SAVED, number) for number in range(4)])
    drag(panel, "job-2")
    assert drags.files() == ["/pictures/GPTImg/oak-chair_0001.png"]
    assert drags.formats() == ["text/uri-list"]  # whoever takes it copies the file, not a small picture
    assert drags.actions == Qt.DropAction.CopyAction
    assert not drags.drag().pixmap().isNull()
    assert panel.view.selected_ids() == ("job-2",)


def test_a_press_on_one_of_several_selected_tiles_drags_them_all(panel: GalleryPanel, drags: Drags) -> None:
    model_of(panel).reset([*(a_job(JobState.SAVED, number) for number in range(4)), a_queued_job(9)])
    panel.view.selectAll()
    drag(panel, "job-2")
    assert len(drags.files()) == 4
    assert len(drags.selected) == 5


def test_a_tile_without_a_picture_cannot_be_dragged(panel: GalleryPanel, drags: Drags) -> None:
    model_of(panel).reset([a_queued_job(1), a_job(JobState.SAVED, 2)])
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


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.REJECTED])
def test_a_tile_tells_why_in_the_service_s_own_words_too(qapp: object, state: JobState) -> None:
    job = a_job(state)
    assert job.problem is not None
    said = Problem.of(job.problem.kind, message="another reason altogether")
    assert painted(job) != painted(replace(job, problem=said))
    assert words_of_service(said) == "“another reason altogether”"
    assert words_of_service(Problem.of(ProblemKind.MODERATED)) == ""


@pytest.mark.parametrize(
    "charge",
    ["Wurde möglicherweise bereits in Rechnung gestellt", "可能已经从您的账户余额中扣除了这一张图片的费用"],
)
def test_the_charge_is_told_whole_at_the_narrowest_tile(qapp: object, charge: str) -> None:
    metrics = QFontMetrics(QApplication.font())
    lines = wrapped(metrics, charge, 200 - 32 - 18, 3)
    assert "".join(lines).replace(" ", "") == charge.replace(" ", "")


def strokes(image: QImage, colour: str, *, off: int = 0) -> int:
    """How many pixels of a picture have this colour; thin strokes are `off` it where they meet the ground."""
    wanted = QColor(colour)

    def is_near(x: int, y: int) -> bool:
        found = QColor.fromRgba(image.pixel(x, y))
        ways = (found.red() - wanted.red(), found.green() - wanted.green(), found.blue() - wanted.blue())
        return found.alpha() == 255 and sum(map(abs, ways)) <= off

    return sum(is_near(x, y) for x in range(image.width()) for y in range(image.height()))


UNSEEN = (
    *(ProblemKind.IMAGE_NOT_SHOWN, ProblemKind.IMAGE_SET_ASIDE, ProblemKind.IMAGE_TOO_LARGE_TO_SHOW),
    *(ProblemKind.IMAGE_FILE_DAMAGED, ProblemKind.IMAGE_FILE_MISSING),
)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("width", [208, 136, 96])
@pytest.mark.parametrize("kind", UNSEEN)
def test_a_picture_that_cannot_be_shown_has_a_sign_and_a_word(
    qapp: object, kind: ProblemKind, width: int, tokens: Tokens
) -> None:
    is_loud = kind in {ProblemKind.IMAGE_FILE_DAMAGED, ProblemKind.IMAGE_FILE_MISSING}
    image = painted(a_job(), tokens, unseen=kind, width=width)
    stage = image.copy(QRect(8, 8, width - 16, width - 16))
    assert strokes(stage, tokens.warning if is_loud else tokens.muted) > 80
    assert strokes(stage, tokens.warning_soft if is_loud else tokens.raised) > 0.5 * (width - 16) ** 2


@pytest.mark.parametrize("kind", UNSEEN)
def test_why_a_picture_cannot_be_shown_is_told_whole_at_the_narrowest_tile(
    qapp: object, kind: ProblemKind
) -> None:
    font = QFont(QApplication.font())
    font.setBold(True)
    label, more = unseen_picture(Problem.of(kind, path="/a.png"))
    assert "…" not in " ".join(wrapped(QFontMetrics(font), label, 200 - 4 * 8, 1))
    assert "…" not in " ".join(wrapped(QFontMetrics(QApplication.font()), more, 200 - 4 * 8, 3))


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("width", [208, 96])
def test_a_picture_that_came_damaged_is_marked_where_it_can_be_seen(
    qapp: object, width: int, tokens: Tokens
) -> None:
    damaged = a_job().annotate(Problem.of(ProblemKind.DELIVERED_DAMAGED, path="/a.png.damaged"))
    plain, marked = painted(a_job(), tokens, width=width), painted(damaged, tokens, width=width)
    assert strokes(marked, tokens.warning, off=60) > strokes(plain, tokens.warning, off=60) + 8
    assert strokes(marked, tokens.warning_soft) > strokes(plain, tokens.warning_soft) + 100
    assert strokes(marked, "#ff0000") > 0.5 * strokes(plain, "#ff0000")


def test_a_picture_that_came_damaged_and_cannot_be_seen_is_called_by_what_it_is(qapp: object) -> None:
    damaged = a_job().annotate(Problem.of(ProblemKind.DELIVERED_DAMAGED, path="/a.png.damaged"))
    here = painted(a_job(), unseen=ProblemKind.IMAGE_FILE_DAMAGED)
    assert painted(damaged, unseen=ProblemKind.IMAGE_FILE_DAMAGED) != here
    came = painted(a_job(), unseen=ProblemKind.DELIVERED_DAMAGED)
    assert painted(damaged, unseen=ProblemKind.IMAGE_FILE_DAMAGED) == came


def test_a_new_tile_does_not_move_what_is_looked_at(panel: GalleryPanel, qtbot: QtBot) -> None:
    model = model_of(panel)
    model.reset([a_job(JobState.SAVED, number) for number in range(60)])
    index = model.index_of("job-20")
    panel.view.scrollTo(index, panel.view.ScrollHint.PositionAtTop)
    panel.view.verticalScrollBar().setValue(panel.view.verticalScrollBar().value() + 11)
    watched = model.job_at(panel.view.indexAt(QPoint(50, 50)).row())
    assert watched is not None
    top = panel.view.visualRect(model.index_of(watched.id)).top()
    for number in range(100, 107):
        model.upsert(a_queued_job(number))
    qtbot.waitUntil(lambda: panel.view.visualRect(model.index_of(watched.id)).top() == top)


def test_the_light_moves_only_while_something_runs_and_is_seen(panel: GalleryPanel, qtbot: QtBot) -> None:
    frames = next(timer for timer in panel.view.findChildren(QTimer) if timer.interval() == 50)
    model_of(panel).reset([a_job(JobState.ACCEPTED, at=time.time())])
    assert frames.isActive()
    model_of(panel).upsert(a_job(JobState.SAVED))
    qtbot.waitUntil(lambda: not frames.isActive())
    model_of(panel).upsert(a_job(JobState.ACCEPTED, 2))
    assert frames.isActive()
    panel.hide()
    assert not frames.isActive()


def test_a_saved_tile_asks_for_its_picture_when_it_is_seen(panel: GalleryPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model_of(panel).thumbnail_wanted) as asked:
        model_of(panel).reset([a_job(JobState.SAVED)])
    assert asked.args == ["job-1"]


def test_the_columns_fill_the_width(panel: GalleryPanel) -> None:
    model_of(panel).reset([a_job(JobState.SAVED, number) for number in range(9)])
    for width in (420, 700, 1100):
        panel.resize(width, 600)
        room = panel.view.viewport().width() - 1
        cell = panel.view.gridSize().width()
        assert 0 <= room - (room // cell) * cell < room // cell + 1
        rects = [panel.view.visualRect(model_of(panel).index(row)) for row in range(room // cell)]
        assert len({rect.top() for rect in rects}) == 1


@pytest.mark.expects_log("tile not painted")
def test_a_broken_tile_is_logged_and_not_raised(qapp: object, caplog: pytest.LogCaptureFixture) -> None:
    def stopped() -> float:
        raise ValueError("no clock")

    model = JobListModel()
    model.reset([a_job(JobState.ACCEPTED)])
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 220, 268)
    image = QImage(220, 268, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    TileDelegate(clock=stopped).paint(painter, option, model.index(0))
    painter.end()
    assert "tile not painted" in caplog.text
    assert model.index(0).data(Role.STATE) == "accepted"
