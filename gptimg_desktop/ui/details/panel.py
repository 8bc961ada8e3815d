"""All about the selected job, and what can be done with it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.job import JobState
from gptimg_desktop.ui.compose.steady_scroll import SteadyScroll
from gptimg_desktop.ui.deeds import deed_of
from gptimg_desktop.ui.details.actions import JobActions
from gptimg_desktop.ui.details.advice import advice
from gptimg_desktop.ui.details.facts import fact_groups
from gptimg_desktop.ui.details.facts_grid import FactsGrid
from gptimg_desktop.ui.details.preview import Preview
from gptimg_desktop.ui.details.prompt_box import PromptBox
from gptimg_desktop.ui.details.relatives import RelativesBlock
from gptimg_desktop.ui.details.selectable import SelectableLabel
from gptimg_desktop.ui.details.unconfirmed import UnconfirmedCard
from gptimg_desktop.ui.gallery.caption import damage, is_held_up, patience, present_note, state_words
from gptimg_desktop.ui.gallery.silences import Silences
from gptimg_desktop.ui.gallery.tiles.state_icons import STATE_ICONS
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.images import image_of
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.messages import job_charge_label, sentence
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.result_line import Result, ResultLine
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.findings import Findings
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.lineage import Lineage
    from gptimg_desktop.core.prices import PriceTable
    from gptimg_desktop.ui.details.save_as import SavePlace

_LEAST_WIDTH: Final = 280
_MOST_WIDTH: Final = 340
_TONES: Final = {
    JobState.SAVED: "success",
    JobState.FAILED: "danger",
    JobState.REJECTED: "danger",
    JobState.UNCONFIRMED: "warning",
    JobState.LOST: "warning",
    JobState.CANCELLED: "muted",
    JobState.CLOSED: "muted",
}


class DetailsPanel(QFrame):
    """Shows one job. Wishes name the job by its id; `preview_wanted` asks for its large picture.

    `save_place` is shared with whatever else saves.
    """

    preview_wanted = Signal(str)
    save_as_requested = Signal(object)  # SaveAs
    show_in_folder_requested = Signal(str)  # path
    take_requested = Signal(object)  # Take
    generate_again_requested = Signal(str)
    references_requested = Signal(object)  # tuple[int, ...]
    view_requested = Signal(str)
    send_next_requested = Signal(str)
    mark_requested = Signal(object)  # Marking
    gather_requested = Signal(object)  # tuple[int, ...]
    undo_requested = Signal()
    lineage_wanted = Signal(str)
    small_pictures_wanted = Signal(object)  # tuple[Job, ...]
    show_job_requested = Signal(str)
    cancel_requested = Signal(str)
    revive_requested = Signal(str)
    reopen_requested = Signal(str)
    fetch_again_requested = Signal(str)
    folder_moved_requested = Signal()
    findings_wanted = Signal(str)
    look_again_requested = Signal(str)
    task_id_entered = Signal(object)  # TaskIdEntry
    send_again_requested = Signal(str)
    close_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, save_place: SavePlace | None = None) -> None:
        self._job: Job | None = None
        self._silences = Silences()
        self._presses = KeyPresses()
        self._save_place = save_place
        super().__init__(parent)
        self.setObjectName("detailsPanel")
        self.setAccessibleName(self.tr("Details"))
        self.setProperty("role", "panel")
        self.setMinimumWidth(_LEAST_WIDTH)
        self.setMaximumWidth(_MOST_WIDTH)
        self._nothing = PlainLabel(self.tr("Select a picture to see all about it."), "muted", self)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setContentsMargins(3 * UNIT, 0, 3 * UNIT, 0)
        self._make_parts()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._page())
        self._ticks = QTimer(self)
        self._ticks.setInterval(1000)
        self._ticks.timeout.connect(self._show_facts)

    # What is told

    def set_prices(self, prices: PriceTable, is_free: bool) -> None:
        """What one more image costs on the present connection."""
        self._actions.set_prices(prices, is_free)

    def share_silences(self, silences: Silences) -> None:
        """Tell what the tiles know about jobs that nothing is heard of."""
        self._silences = silences

    def set_job(self, job: Job | None) -> None:
        """Show a job, or that none is selected."""
        before, self._job = self._job, job
        if before is None or job is None or _stage(before) != _stage(job):
            self._foot.hide()
        is_another = before is None or job is None or before.id != job.id
        if job is None:
            self._relatives.set_job(None)
            self._stack.setCurrentIndex(0)
            return
        if before is None or is_another or _files(before) != _files(job):
            self._show_preview(job)
        self._show_state(job)
        self._prompt.set_prompt(job.request.prompt, is_name=job.is_imported)
        self._actions.set_job(job)
        self._relatives.set_job(job)
        self._show_facts()
        self._stack.setCurrentIndex(1)
        if is_another:
            self._area.verticalScrollBar().setValue(0)

    def set_selected(self, _found: int, selected: int) -> None:
        """How many tiles are selected: what keys do in the gallery, they do to all of them."""
        told = self.tr("{count} selected. This is the current one.")
        self._several.say(told.format(count=QLocale().toString(selected)) if selected > 1 else "")
        self._several.setVisible(selected > 1)

    def set_preview(self, job_id: str, bitmap: Bitmap) -> None:
        """The large picture of a job; of any other than the shown one it is dropped."""
        if self._job is not None and self._job.id == job_id:
            self._preview.show_image(image_of(bitmap))

    def set_preview_problem(self, job_id: str, problem: Problem) -> None:
        """Why the large picture of a job cannot be shown; of any other than the shown one it is dropped."""
        if self._job is None or self._job.id != job_id:
            return
        if self._preview.image.isNull():
            self._preview.show_icon("image-off", awaits_picture=True)
        is_told = damage(self._job) is not None or any(image.is_missing for image in self._job.images)
        if not is_told:  # else the note tells it already
            self.show_problem(problem)

    def set_lineage(self, lineage: Lineage) -> None:
        """The relatives of a job; of any other than the shown one they are dropped."""
        self._relatives.set_lineage(lineage)

    def set_small_picture(self, job_id: str, bitmap: Bitmap) -> None:
        """The small picture of a relative; of anybody else it is dropped."""
        self._relatives.set_picture(job_id, bitmap)

    def note_job(self, job: Job) -> None:
        """Any job is new or has changed: where it is a relative, it is shown as it is now."""
        self._relatives.note(job)

    def want_findings(self) -> None:
        """More may be known by now about an unconfirmed job that is shown."""
        if self._job is not None and self._job.state is JobState.UNCONFIRMED:
            self._unconfirmed.want_findings()

    def set_findings(self, findings: Findings) -> None:
        """What was found out about an unconfirmed job; about any other than the shown one it is dropped."""
        self._unconfirmed.set_findings(findings)

    def clear_problem(self) -> None:
        """The last wish was fulfilled."""
        self._foot.hide()

    def show_problem(self, problem: Problem) -> None:
        """Say that the last wish could not be fulfilled."""
        self._unconfirmed.look_ended()
        self._actions.fetching_ended()
        is_calm = problem.kind is ProblemKind.STILL_UNCONFIRMED  # nothing went wrong by looking
        tone, sign = ("muted", "search") if is_calm else ("danger", "circle-alert")
        self._told_problem.tell(Result(text=sentence(problem), tone=tone, sign=sign))
        self._foot.show()

    @property
    def job(self) -> Job | None:
        return self._job

    # Qt's side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no field wanted are about the shown job."""
        deed = deed_of(event)
        if deed is None:
            super().keyPressEvent(event)
        elif self._presses.is_new(event):
            self._actions.do(deed)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._presses.note_release(event)
        super().keyReleaseEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_facts()
        self._ticks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ticks.stop()

    # Parts

    def _make_parts(self) -> None:
        self._several = PlainLabel(role="muted", parent=self)
        self._several.setObjectName("detailsSelected")
        self._several.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, 0)
        self._several.hide()
        self._preview = Preview(self)
        self._preview.clicked.connect(self._view)
        self._state_icon = IconLabel("image", parent=self)
        self._state = QLabel(self)
        self._state.setObjectName("detailsState")
        self._state.setProperty("role", "heading")
        self._charge = PlainLabel(role="muted", parent=self)
        self._charge.setObjectName("detailsCharge")
        self._charge.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._story = self._told("detailsStory")
        self._advice = self._told("detailsAdvice", "muted")
        self._patience = self._told("detailsPatience")
        self._note = self._told("detailsNote", "muted")
        self._missing = self._told("detailsMissing", "warning")
        self._unconfirmed = self._make_unconfirmed()
        self._prompt = PromptBox(self)
        self._facts = FactsGrid(self)
        self._relatives = self._make_relatives()
        self._actions = self._make_actions()
        for told in (self._prompt, self._facts):
            told.part_wanted.connect(self._actions.take)

    def _told(self, name: str, role: str = "") -> SelectableLabel:
        label = SelectableLabel(role=role, parent=self)
        label.setObjectName(name)
        return label

    def _make_unconfirmed(self) -> UnconfirmedCard:
        card = UnconfirmedCard(self)
        card.findings_wanted.connect(self.findings_wanted)
        card.look_again_requested.connect(self.look_again_requested)
        card.task_id_entered.connect(self.task_id_entered)
        card.send_again_requested.connect(self.send_again_requested)
        card.close_requested.connect(self.close_requested)
        card.entry_changed.connect(self.clear_problem)
        card.hide()
        return card

    def _make_relatives(self) -> RelativesBlock:
        relatives = RelativesBlock(self)
        relatives.lineage_wanted.connect(self.lineage_wanted)
        relatives.pictures_wanted.connect(self.small_pictures_wanted)
        relatives.show_job_requested.connect(self.show_job_requested)
        return relatives

    def _make_actions(self) -> JobActions:
        actions = JobActions(self, save_place=self._save_place)
        actions.save_as_requested.connect(self.save_as_requested)
        actions.show_in_folder_requested.connect(self.show_in_folder_requested)
        actions.take_requested.connect(self.take_requested)
        actions.generate_again_requested.connect(self.generate_again_requested)
        actions.references_requested.connect(self.references_requested)
        actions.view_requested.connect(self.view_requested)
        actions.send_next_requested.connect(self.send_next_requested)
        actions.mark_requested.connect(self.mark_requested)
        actions.gather_requested.connect(self.gather_requested)
        actions.undo_requested.connect(self.undo_requested)
        actions.cancel_requested.connect(self.cancel_requested)
        actions.revive_requested.connect(self.revive_requested)
        actions.reopen_requested.connect(self.reopen_requested)
        actions.fetch_again_requested.connect(self.fetch_again_requested)
        actions.folder_moved_requested.connect(self.folder_moved_requested)
        return actions

    def _page(self) -> QWidget:
        """What is known scrolls; what went wrong has its place below all that, so that it is always seen and
        no button moves away under the mouse."""
        page = QWidget(self)
        self._area = self._scrolled()
        self._foot = self._make_foot(page)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._several)
        column.addWidget(self._area, 1)
        column.addWidget(self._foot)
        return page

    def _make_foot(self, page: QWidget) -> QWidget:
        foot = QWidget(page)
        line = QFrame(foot)
        line.setProperty("role", "line")
        self._told_problem = ResultLine("detailsProblem", foot)
        self._told_problem.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        column.addWidget(self._told_problem)
        foot.hide()
        return foot

    def _scrolled(self) -> SteadyScroll:
        content = QWidget()
        content.setProperty("role", "content")
        column = QVBoxLayout(content)
        column.setSpacing(2 * UNIT)
        column.addWidget(self._preview)
        column.addLayout(self._state_block())
        column.addWidget(self._unconfirmed)
        column.addWidget(self._actions)
        column.addWidget(self._patience)
        column.addWidget(self._note)
        column.addWidget(self._missing)
        column.addWidget(self._relatives)
        column.addWidget(self._prompt)
        column.addWidget(self._facts)
        column.addStretch(1)
        return SteadyScroll(
            content, column, self
        )  # a bar that comes must not wrap texts above the buttons anew

    def _state_block(self) -> QVBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(UNIT)
        line.addWidget(self._state_icon)
        line.addWidget(self._state)
        line.addWidget(self._charge, 1)
        block = QVBoxLayout()
        block.setSpacing(UNIT)
        block.addLayout(line)
        for told in (self._story, self._advice):
            block.addWidget(told)
        return block

    # Showing

    def _show_preview(self, job: Job) -> None:
        if job.images:
            self._preview.show_icon("image", awaits_picture=True)
            self.preview_wanted.emit(job.id)

    def _show_state(self, job: Job) -> None:
        tone = "warning" if is_held_up(job) else _TONES.get(job.state, "accent")
        is_gone = any(image.is_missing for image in job.images)
        self._state_icon.show_icon(*(("image-off", "warning") if is_gone else (STATE_ICONS[job.state], tone)))
        words = self.tr("Imported") if job.is_imported else state_words(job)
        self._state.setText(self.tr("File missing") if is_gone else words)
        self._charge.say("" if job.is_imported else job_charge_label(job))
        is_unconfirmed = job.state is JobState.UNCONFIRMED
        if is_unconfirmed:
            self._unconfirmed.set_job(job)
        else:
            self._unconfirmed.forget()
        self._unconfirmed.setVisible(is_unconfirmed)
        if not job.images:
            self._preview.show_icon(STATE_ICONS[job.state], awaits_picture=job.is_running)
        has_story = job.problem is not None and not is_unconfirmed  # else the card tells it
        _tell(self._story, sentence(job.problem) if job.problem is not None and has_story else "")
        _tell(self._advice, advice(job))
        note = present_note(job)
        _tell(self._note, "" if note is None else sentence(note))
        wrong = _wrong_file(job)
        _tell(self._missing, "" if wrong is None else sentence(wrong))

    def _view(self) -> None:
        if self._job is not None and self._job.images:
            self.view_requested.emit(self._job.id)

    def _show_facts(self) -> None:
        if self._job is not None:
            now = time.time()
            self._facts.set_groups(fact_groups(self._job, now))
            _tell(self._patience, patience(self._job, now, silent_since=self._silences.since(self._job.id)))


def _stage(job: Job) -> tuple[object, ...]:
    """What a problem was told about: in another stage of a job it may be true no more."""
    return job.id, job.state, job.images


def _files(job: Job) -> tuple[object, ...]:
    """The files that a preview is made from; what was found out about their content changes none of it."""
    return tuple(replace(image, is_changed=False) for image in job.images)


def _wrong_file(job: Job) -> Problem | None:
    """What is wrong with a file of the job on the disk: that it is gone, else that it has changed."""
    gone = next((image.path for image in job.images if image.is_missing), None)
    if gone is not None:
        return Problem.of(ProblemKind.IMAGE_FILE_MISSING, path=gone)
    changed = next((image.path for image in job.images if image.is_changed), None)
    return None if changed is None else Problem.of(ProblemKind.IMAGE_FILE_CHANGED, path=changed)


def _tell(label: SelectableLabel, text: str) -> None:
    """Show a text, or no label at all."""
    label.say_if_new(text)
    label.setVisible(bool(text))
