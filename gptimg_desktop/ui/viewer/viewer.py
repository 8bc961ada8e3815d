"""One picture at a time over the whole window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QFileInfo, QObject, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QFrame, QStackedLayout, QVBoxLayout, QWidget

from gptimg_desktop.core.mark import Mark, Marking
from gptimg_desktop.core.take import Part, Take, takeable
from gptimg_desktop.ui.deeds import PARTS, Deed, deed_of
from gptimg_desktop.ui.gallery.model import Role
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.theme import UNIT, tokens_for
from gptimg_desktop.ui.viewer.bar import ViewerBar
from gptimg_desktop.ui.viewer.busy_sign import BusySign
from gptimg_desktop.ui.viewer.canvas import NOTCH, PictureCanvas
from gptimg_desktop.ui.viewer.order import PictureOrder
from gptimg_desktop.ui.viewer.passing_word import PassingWord
from gptimg_desktop.ui.viewer.problem_page import ProblemPage
from gptimg_desktop.ui.viewer.supply import PictureSupply
from gptimg_desktop.ui.viewer.viewed import ViewedPicture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.job import Job, SavedImage
    from gptimg_desktop.ui.gallery.model import JobListModel

_PAUSE_MS: Final = 60
"""The rest after which a picture is asked for, so that leafing fast asks for the last one alone."""
_ZOOM_MODIFIERS: Final = (
    Qt.KeyboardModifier.KeypadModifier
    | Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.ControlModifier
)


class Viewer(QWidget):
    """Covers its parent from `open_at` until the user leaves; `closed` tells the job that was shown last.

    `picture_wanted` carries a ViewedPicture and is answered, at any time, by `set_picture` or `show_problem`.
    Pictures follow one another as the gallery has them. New ones, and the shown one leaving the gallery's
    list, change nothing of what is looked at.
    """

    picture_wanted = Signal(object)  # ViewedPicture
    mark_requested = Signal(object)  # Marking
    take_requested = Signal(object)  # Take
    references_requested = Signal(object)  # tuple[int, ...]
    undo_requested = Signal()
    folder_moved_requested = Signal()
    closed = Signal(str)

    def __init__(self, model: JobListModel, parent: QWidget | None = None) -> None:
        self._model = model
        self._viewed: ViewedPicture | None = None
        self._shown: SavedImage | None = None
        self._is_going_back = False
        self._wanted_step = 0
        self._presses = KeyPresses()
        self._busy: BusySign | None = None
        self._keys: Mapping[int, Callable[[], None]] = {}
        super().__init__(parent)
        self.setObjectName("viewer")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._order = PictureOrder(model, self)
        self._supply = PictureSupply(self._bytes_of, self)
        self._make_parts()
        self._keys = self._make_keys()
        self._wire()
        self.hide()
        if parent is not None:
            parent.installEventFilter(self)

    # What is told

    def open_at(self, job_id: str) -> None:
        """Show a job's first picture over everything; a job without one shows nothing."""
        job = self._model.job(job_id)
        if job is None or not job.images:
            return
        self._order.open()
        self._cover_parent()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look_at(ViewedPicture(job_id=job_id, index=0), pause_ms=0)

    def say(self, words: str) -> None:
        """Tell what became of a wish, while the viewer covers the place where it shows."""
        if self.isVisible():
            self._word.say(words)
            self._place_signs()

    def set_picture(self, viewed: ViewedPicture, bitmap: Bitmap) -> None:
        """A picture that was asked for; one that nobody is near any more is dropped."""
        self._supply.take_picture(viewed, bitmap)

    def show_problem(self, viewed: ViewedPicture, problem: Problem) -> None:
        """A picture that was asked for cannot be shown."""
        self._supply.take_problem(viewed, problem)

    # What can be asked

    @property
    def viewed(self) -> ViewedPicture | None:
        """What is looked at; None while the viewer is closed."""
        return self._viewed

    # What the user does

    def leave(self) -> None:
        """Close and tell which job was shown last."""
        viewed, self._viewed = self._viewed, None
        self._wanted_step = 0
        if viewed is None:
            return
        self._order.close()
        self._forget_all()
        self.hide()
        self.closed.emit(viewed.job_id)

    def show_next(self) -> None:
        self._go(1)

    def show_previous(self) -> None:
        self._go(-1)

    def _go(self, step: int) -> None:
        """To a neighbour; one that has to be read first is gone to as soon as it is here."""
        self._wanted_step = 0
        if self._viewed is None:
            return
        found = self._order.after(self._viewed) if step > 0 else self._order.before(self._viewed)
        if found is not None:
            self._is_going_back = step < 0
            self._look_at(found, pause_ms=_PAUSE_MS)
        elif self._order.is_reading:
            self._wanted_step = step

    def _pick(self) -> None:
        self._do(Deed.PICK)

    def _reject(self) -> None:
        self._do(Deed.REJECT)

    def _use(self) -> None:
        """The button leads back to the composer, to go on from there; its key leaves the picture in view."""
        job = self._job()
        if job is not None and takeable(job):
            self.leave()
            self.take_requested.emit(Take(job_id=job.id, part=Part.ALL))

    def _use_as_reference(self) -> None:
        self._do(Deed.AS_REFERENCE)

    def _do(self, deed: Deed) -> None:
        """A wish about the job that is looked at. Its marks follow the job, not the press."""
        self._show_marks()
        job = self._job()
        if deed is Deed.UNDO:
            self.undo_requested.emit()
        elif job is None:
            return
        elif deed is Deed.PICK:
            self._mark(job, Mark.PLAIN if job.picked else Mark.PICKED)
        elif deed is Deed.REJECT:
            self._mark(job, Mark.PLAIN if job.rejected else Mark.REJECTED)
        elif deed is Deed.AS_REFERENCE:
            self.references_requested.emit((job.seq,))
        elif deed in PARTS:
            self.take_requested.emit(Take(job_id=job.id, part=PARTS[deed], by_key=True))

    def _mark(self, job: Job, mark: Mark) -> None:
        self.mark_requested.emit(Marking(seqs=(job.seq,), mark=mark))

    def _job(self) -> Job | None:
        return None if self._viewed is None else self._model.job(self._viewed.job_id)

    def _zoom_in(self) -> None:
        self._canvas.zoom_by(NOTCH)

    def _zoom_out(self) -> None:
        self._canvas.zoom_by(1 / NOTCH)

    def _left(self) -> None:
        self._canvas.pan(-1, 0) if self._canvas.can_pan_across else self.show_previous()

    def _right(self) -> None:
        self._canvas.pan(1, 0) if self._canvas.can_pan_across else self.show_next()

    def _up(self) -> None:
        self._canvas.pan(0, -1)

    def _down(self) -> None:
        self._canvas.pan(0, 1)

    # Qt's side

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # the window's own keys mean things that cannot be seen now
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parent():
            self._cover_parent()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        key, deed = event.key(), deed_of(event)
        if key in {Qt.Key.Key_Space, Qt.Key.Key_Escape}:
            if event.modifiers() == Qt.KeyboardModifier.NoModifier and self._presses.is_new(event):
                self.leave()
        elif deed is not None:
            if self._presses.is_new(event):
                self._do(deed)
        elif not event.modifiers() & ~_ZOOM_MODIFIERS and key in self._keys:
            self._keys[key]()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.accept()
        self._presses.note_release(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The focus goes round in here: what is covered cannot have it."""
        stops: tuple[QWidget, ...] = (self, *self._problem.buttons(), *self._bar.buttons())
        focused = next((stop for stop in stops if stop.hasFocus()), self)
        at = stops.index(focused)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(tokens_for(self.palette()).canvas))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_signs()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place_signs()

    # Parts

    def _make_parts(self) -> None:
        self._bar = ViewerBar(self)
        self._canvas = PictureCanvas(self)
        self._problem = ProblemPage(self)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._canvas)
        self._pages.addWidget(self._problem)
        line = QFrame(self)
        line.setProperty("role", "line")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(line)
        column.addLayout(self._pages, 1)
        self._word = PassingWord(self)
        self._busy = BusySign(self)

    def _make_keys(self) -> Mapping[int, Callable[[], None]]:
        key = Qt.Key
        return {
            key.Key_Plus: self._zoom_in,
            key.Key_Equal: self._zoom_in,
            key.Key_Minus: self._zoom_out,
            key.Key_0: self._canvas.fit,
            key.Key_1: self._canvas.show_full,
            key.Key_Left: self._left,
            key.Key_Right: self._right,
            key.Key_Up: self._up,
            key.Key_Down: self._down,
            key.Key_PageUp: self.show_previous,
            key.Key_PageDown: self.show_next,
        }

    def _wire(self) -> None:
        self._bar.previous_pressed.connect(self.show_previous)
        self._bar.next_pressed.connect(self.show_next)
        self._bar.zoom_out_pressed.connect(self._zoom_out)
        self._bar.zoom_in_pressed.connect(self._zoom_in)
        self._bar.fit_pressed.connect(self._canvas.fit)
        self._bar.full_pressed.connect(self._canvas.show_full)
        self._bar.pick_pressed.connect(self._pick)
        self._bar.reject_pressed.connect(self._reject)
        self._bar.use_pressed.connect(self._use)
        self._bar.reference_pressed.connect(self._use_as_reference)
        self._bar.close_pressed.connect(self.leave)
        self._canvas.sight_changed.connect(self._show_zoom)
        self._problem.folder_moved_requested.connect(self.folder_moved_requested)
        self._supply.wanted.connect(self.picture_wanted)
        self._supply.arrived.connect(self._take_arrival)
        self._order.changed.connect(self._follow_order)
        self._model.job_changed.connect(self._follow_job)
        self._model.dataChanged.connect(self._take_thumbnail)

    def _cover_parent(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())

    def _place_signs(self) -> None:
        if self._busy is None:
            return
        for sign, height in ((self._busy, 4 * UNIT), (self._word, 11 * UNIT)):
            across = (self.width() - sign.width()) // 2
            sign.move(across, self.height() - sign.height() - height)
            sign.raise_()

    # What is looked at

    def _look_at(self, viewed: ViewedPicture, *, pause_ms: int) -> None:
        if self._viewed is not None:
            self._supply.forget_problem(self._viewed)
        job = self._model.job(viewed.job_id)
        if job is None or viewed.index >= len(job.images):
            return
        self._viewed, self._shown = viewed, job.images[viewed.index]
        self._model.hold(job.id)
        self._bar.set_usable(has_settings=bool(takeable(job)))
        self._bar.set_picture(QFileInfo(self._shown.path).fileName(), self._shown.pixels)
        self._show_position()
        self._show_marks()
        self._show_picture()
        self._tell_change()
        self._supply.ask(pause_ms)

    def _show_picture(self) -> None:
        viewed, shown = self._viewed, self._shown
        if viewed is None or shown is None:
            return
        problem, image = self._supply.problem(viewed), self._supply.image(viewed)
        if problem is not None:
            self._canvas.clear()
            small = None if viewed.index else self._model.thumbnail(viewed.job_id)
            self._problem.explain(problem, small)
            self._show_page(self._problem)
            return
        self._canvas.begin(shown.pixels, None if viewed.index else self._model.thumbnail(viewed.job_id))
        if image is not None:
            self._canvas.show_image(image)
        self._show_page(self._canvas, is_busy=image is None)

    def _show_page(self, page: QWidget, *, is_busy: bool = False) -> None:
        self._pages.setCurrentWidget(page)
        if self._busy is not None:
            self._busy.set_busy(is_busy)
        told = self._problem.text if page is self._problem else ""
        self.setAccessibleDescription(self.tr("Loading…") if is_busy else told)

    def _show_zoom(self) -> None:
        self._bar.set_zoom(self._canvas.scale, is_fitted=self._canvas.is_fitted)

    def _show_position(self) -> None:
        """Where the picture stands, and what is near it."""
        if self._viewed is None:
            return
        before = self._order.before(self._viewed)
        can_go_back = before is not None or self._order.is_reading
        after = self._order.after(self._viewed)
        can_go_on = after is not None or self._order.is_reading
        self._bar.set_position(self._order.position(self._viewed), len(self._order))
        self._bar.set_ways(back=can_go_back, on=can_go_on)
        self.setAccessibleName(self.tr("Picture viewer: {texts}").format(texts=", ".join(self._bar.texts())))
        neighbours = (before, after) if self._is_going_back else (after, before)
        self._supply.keep_near((self._viewed, *(one for one in neighbours if one is not None)))

    def _show_marks(self) -> None:
        job = self._job()
        picked, rejected = job is not None and job.picked, job is not None and job.rejected
        self._bar.set_marks(picked=picked, rejected=rejected)

    def _follow_order(self) -> None:
        if self._wanted_step:
            self._go(self._wanted_step)
        self._show_position()
        self._supply.ask()

    def _follow_job(self, job_id: str) -> None:
        if self._viewed is not None and self._viewed.job_id == job_id:
            self._show_marks()
            self._follow_file(self._viewed)

    def _follow_file(self, viewed: ViewedPicture) -> None:
        """A file that was found elsewhere, or came back, is looked at there; what is shown stays."""
        job, before = self._job(), self._shown
        if job is None or before is None or viewed.index >= len(job.images):
            return
        shown = self._shown = job.images[viewed.index]
        if shown.is_changed and not before.is_changed:
            self._tell_change()
        is_found = shown.path != before.path or (before.is_missing and not shown.is_missing)
        if is_found:
            self._bar.set_picture(QFileInfo(shown.path).fileName(), shown.pixels)
        if is_found and self._supply.problem(viewed) is not None:
            self._supply.forget_problem(viewed)
            self._show_picture()
            self._supply.ask()

    def _tell_change(self) -> None:
        """Say where what is looked at is not what was saved."""
        if self._shown is not None and self._shown.is_changed:
            self.say(self.tr("The file has been changed since it was saved"))

    def _take_thumbnail(self, _first: QModelIndex, _last: QModelIndex, roles: list[int]) -> None:
        viewed = self._viewed
        if Role.THUMBNAIL not in roles or viewed is None or viewed.index:
            return
        thumbnail = self._model.thumbnail(viewed.job_id)
        if thumbnail is not None and not self._supply.is_settled(viewed):
            self._canvas.show_preview(thumbnail)

    def _take_arrival(self, viewed: ViewedPicture) -> None:
        """What was awaited is there, or will not come; what is looked at stays in its place."""
        if viewed != self._viewed:
            return
        image = self._supply.image(viewed)
        if image is None:
            self._show_picture()
        else:
            self._canvas.show_image(image)
            self._show_page(self._canvas)

    def _bytes_of(self, viewed: ViewedPicture) -> int:
        job = self._model.job(viewed.job_id)
        return 0 if job is None else job.images[viewed.index].pixels.pixels * 4

    def _forget_all(self) -> None:
        self._word.hide()
        self._shown = None
        self._supply.keep_near(())
        self._supply.ask()
        self._canvas.clear()
        self._show_page(self._canvas)
