"""The details of a job: what is told in each state, and the wishes its buttons make."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.request import FileReference, UrlReference
from gptimg_desktop.core.sizes import PixelSize, Ratio, Tier
from gptimg_desktop.ui.details.facts import facts_of
from gptimg_desktop.ui.details.panel import DetailsPanel
from gptimg_desktop.ui.details.wishes import SaveAs, TaskIdEntry
from gptimg_desktop.ui.messages import charge_label, state_label
from tests.ui.jobs import CREATED, TASK, a_bitmap, a_job, a_request

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.core.job import Job


@pytest.fixture
def panel(qtbot: QtBot) -> DetailsPanel:
    made = DetailsPanel()
    qtbot.addWidget(made)
    made.resize(300, 900)
    made.show()
    return made


def button(panel: QWidget, name: str) -> QPushButton:
    found = panel.findChild(QPushButton, name)
    assert isinstance(found, QPushButton), name
    return found


def press(panel: QWidget, name: str) -> None:
    assert button(panel, name).isVisible(), name
    QTest.mouseClick(button(panel, name), Qt.MouseButton.LeftButton)


def heard(signal: SignalInstance) -> list[object]:
    told: list[object] = []
    signal.connect(told.append)
    return told


def text_of(panel: QWidget) -> str:
    """Everything that can be read in the panel."""
    labels = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    lines = [line.text() for line in panel.findChildren(QLineEdit) if line.isVisible()]
    return "\n".join(labels + lines).replace("\u200b", "")


def fact(job: Job, label: str, now: float = CREATED + 30) -> str:
    return next((line.text for line in facts_of(job, now) if line.label == label), "")


@pytest.mark.parametrize("state", JobState)
def test_every_state_is_told_with_its_charge(panel: DetailsPanel, state: JobState) -> None:
    job = a_job(state)
    panel.set_job(job)
    assert state_label(state) in text_of(panel)
    assert charge_label(job.charge) in text_of(panel)


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (JobState.QUEUED, {"cancelJobButton"}),
        (JobState.ACCEPTED, set()),
        (JobState.SAVED, {"saveAsButton", "showInFolderButton"}),
        (JobState.LOST, {"checkAgainButton"}),
        (
            JobState.UNCONFIRMED,
            {"unconfirmedLook", "unconfirmedEnterId", "unconfirmedSendAgain", "unconfirmedClose"},
        ),
        (JobState.FAILED, set()),
    ],
)
def test_only_buttons_that_fit_are_shown(panel: DetailsPanel, state: JobState, shown: set[str]) -> None:
    panel.set_job(a_job(state))
    always = {"useAllButton", "pickButton", "binButton"}
    visible = {found.objectName() for found in panel.findChildren(QPushButton) if found.isVisible()}
    assert visible == shown | always


def test_asked_and_got_are_told_side_by_side() -> None:
    request = a_request(size=Ratio.R1X1, tier=Tier.K1)
    job = a_job(JobState.SAVED, request=request, pixels=PixelSize(1254, 1254))
    assert fact(job, "Asked") == "1:1 at 1K (1024×1024 or 1254×1254)"
    assert fact(job, "Got") == "1254×1254"


def test_the_price_that_was_told_stands_before_the_estimate() -> None:
    job = a_job(JobState.SAVED)
    assert fact(job, "Price") == "$0.014"
    assert fact(replace(job, cost=Decimal("0.02")), "Price") == "$0.02 (estimated $0.014)"
    assert fact(a_job(JobState.QUEUED), "Price") == "about $0.014"
    assert fact(a_job(JobState.SAVED, practice=True), "Price") == ""


def test_references_are_numbered_and_never_flood_the_panel() -> None:
    file = FileReference(
        sha256="0", media_type="image/png", size_bytes=1, width=1, height=1, name="a" * 90 + ".png"
    )
    job = a_job(request=a_request(references=(UrlReference(url="https://example.com/a.png"), file)))
    lines = fact(job, "References").split("\n")
    assert lines[0] == "1. example.com"
    assert lines[1].endswith(".png")
    assert len(lines[1]) < 50


def test_time_goes_on_while_it_runs_and_the_link_runs_out() -> None:
    assert fact(a_job(JobState.ACCEPTED), "Running", CREATED + 24) == "0:23"
    ready = a_job(JobState.READY)
    assert "23 hours left" in fact(ready, "Fetch until")
    assert "run out" in fact(ready, "Fetch until", CREATED + 90_000)


def test_the_prompt_can_be_copied(panel: DetailsPanel) -> None:
    panel.set_job(a_job(request=a_request("<b>椅子</b>")))
    shown = panel.findChild(QPlainTextEdit, "detailsPrompt")
    assert isinstance(shown, QPlainTextEdit)
    assert shown.toPlainText() == "<b>椅子</b>"
    copy = panel.findChild(QToolButton, "copyPromptButton")
    assert isinstance(copy, QToolButton)
    copy.click()
    assert QGuiApplication.clipboard().text() == "<b>椅子</b>"


def test_the_task_id_and_the_path_are_shown_to_be_copied(panel: DetailsPanel) -> None:
    job = a_job(JobState.SAVED)
    panel.set_job(job)
    assert TASK in text_of(panel)
    assert job.images[0].path in text_of(panel)


def test_a_preview_is_asked_for_and_only_the_shown_jobs_is_taken(panel: DetailsPanel) -> None:
    wanted = heard(panel.preview_wanted)
    panel.set_job(a_job(JobState.SAVED, 1))
    panel.set_preview("job-2", a_bitmap())
    assert panel.preview_image.isNull()
    panel.set_preview("job-1", a_bitmap(64, 36))
    assert panel.preview_image.width() == 64
    panel.set_job(a_job(JobState.SAVED, 1).pick(picked=True))
    assert panel.preview_image.width() == 64
    panel.set_job(a_job(JobState.QUEUED, 2))
    assert panel.preview_image.isNull()
    assert wanted == ["job-1"]


def test_buttons_make_wishes(panel: DetailsPanel) -> None:
    shows, uses = heard(panel.show_in_folder_requested), heard(panel.use_all_requested)
    picks, bins = heard(panel.pick_requested), heard(panel.bin_requested)
    job = a_job(JobState.SAVED)
    panel.set_job(job)
    for name in ("showInFolderButton", "useAllButton", "pickButton", "binButton"):
        press(panel, name)
    assert (shows, uses, picks, bins) == ([job.images[0].path], ["job-1"], ["job-1"], [("job-1",)])
    assert not button(panel, "pickButton").isChecked()


def test_a_binned_job_can_be_restored(panel: DetailsPanel) -> None:
    restores = heard(panel.restore_requested)
    panel.set_job(a_job(JobState.SAVED).bin(9.0))
    press(panel, "restoreButton")
    assert restores == [("job-1",)]
    assert not button(panel, "binButton").isVisible()


def test_a_waiting_job_can_be_cancelled_and_a_lost_one_looked_for(panel: DetailsPanel) -> None:
    cancels, revives = heard(panel.cancel_requested), heard(panel.revive_requested)
    panel.set_job(a_job(JobState.QUEUED))
    press(panel, "cancelJobButton")
    panel.set_job(a_job(JobState.LOST))
    press(panel, "checkAgainButton")
    assert (cancels, revives) == (["job-1"], ["job-1"])


def test_save_as_tells_source_and_target(panel: DetailsPanel) -> None:
    wishes = heard(panel.save_as_requested)
    job = a_job(JobState.SAVED)
    panel.set_job(job)
    press(panel, "saveAsButton")
    dialog = panel.window().findChild(QWidget, "saveAsDialog")
    assert dialog is not None
    dialog.fileSelected.emit("/clients/chair.png")  # type: ignore[attr-defined]
    dialog.close()
    assert wishes == [SaveAs(source=job.images[0].path, target="/clients/chair.png")]


def test_a_problem_is_told_until_another_job_is_shown(panel: DetailsPanel) -> None:
    panel.set_job(a_job(JobState.SAVED))
    panel.show_problem(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path="/gone.png"))
    assert "/gone.png" in text_of(panel)
    panel.set_job(a_job(JobState.SAVED, 2))
    assert "/gone.png" not in text_of(panel)


def test_the_reason_of_a_failure_and_a_note_are_told(panel: DetailsPanel) -> None:
    panel.set_job(a_job(JobState.FAILED))
    assert "upstream overloaded" in text_of(panel)
    held = a_job(JobState.QUEUED).annotate(Problem.of(ProblemKind.SERVICE_BUSY))
    panel.set_job(held)
    assert "The service is busy" in text_of(panel)


def test_without_a_job_nothing_can_be_pressed(panel: DetailsPanel) -> None:
    panel.set_job(a_job(JobState.UNCONFIRMED))
    panel.set_job(None)
    assert not any(found.isVisible() for found in panel.findChildren(QPushButton))


def test_nothing_is_wider_than_the_panel(panel: DetailsPanel) -> None:
    request = a_request("Donaudampfschifffahrtsgesellschaft" * 30)
    long_path = "/very/" + "long" * 60 + ".png"
    job = a_job(JobState.SAVED, request=request)
    panel.resize(280, 900)
    for shown in (
        replace(job, images=(replace(job.images[0], path=long_path),)),
        a_job(JobState.UNCONFIRMED),
    ):
        panel.set_job(shown)
        panel.show_problem(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path=long_path))
        QTest.qWait(1)
        too_wide = [
            (type(child).__name__, child.objectName(), child.mapTo(panel, child.rect().topRight()).x())
            for child in panel.findChildren(QWidget)
            if child.isVisible() and child.mapTo(panel, child.rect().topRight()).x() >= panel.width()
        ]
        assert too_wide == []


class TestUnconfirmed:
    """The four ways on."""

    @pytest.fixture
    def doubtful(self, panel: DetailsPanel) -> DetailsPanel:
        panel.set_job(a_job(JobState.UNCONFIRMED))
        return panel

    def test_the_card_says_when_and_that_it_may_have_been_charged(self, doubtful: DetailsPanel) -> None:
        told = text_of(doubtful)
        assert "Sent " in told
        assert "may have been charged" in told
        assert "Nothing is sent again unless you say so" in told

    def test_look_and_close(self, doubtful: DetailsPanel) -> None:
        looks, closes = heard(doubtful.look_again_requested), heard(doubtful.close_requested)
        press(doubtful, "unconfirmedLook")
        press(doubtful, "unconfirmedClose")
        assert (looks, closes) == (["job-1"], ["job-1"])

    def test_a_task_id_is_typed_and_confirmed(self, doubtful: DetailsPanel) -> None:
        entries = heard(doubtful.task_id_entered)
        edit = doubtful.findChild(QLineEdit, "unconfirmedIdEdit")
        assert isinstance(edit, QLineEdit)
        assert not edit.isVisible()
        press(doubtful, "unconfirmedEnterId")
        press(doubtful, "unconfirmedIdConfirm")
        assert entries == []
        QTest.keyClicks(edit, f"  {TASK} ")
        press(doubtful, "unconfirmedIdConfirm")
        assert entries == [TaskIdEntry(job_id="job-1", task_id=TASK)]

    def test_a_refused_id_is_told_and_the_typed_text_stays(self, doubtful: DetailsPanel) -> None:
        press(doubtful, "unconfirmedEnterId")
        edit = doubtful.findChild(QLineEdit, "unconfirmedIdEdit")
        assert isinstance(edit, QLineEdit)
        QTest.keyClicks(edit, "../x")
        doubtful.show_problem(Problem.of(ProblemKind.TASK_ID_MALFORMED))
        doubtful.set_job(a_job(JobState.UNCONFIRMED).annotate(None))
        assert "no task id" in text_of(doubtful)
        assert edit.text() == "../x"

    @pytest.mark.parametrize("agreed", [True, False])
    def test_sending_again_asks_first_and_cancel_is_the_default(
        self, doubtful: DetailsPanel, agreed: bool
    ) -> None:
        wishes = heard(doubtful.send_again_requested)
        press(doubtful, "unconfirmedSendAgain")
        box = doubtful.window().findChild(QMessageBox, "sendAgainDialog")
        assert isinstance(box, QMessageBox)
        assert box.isModal()
        assert wishes == []
        if agreed:
            press(box, "sendAgainConfirm")
        else:
            QTest.keyClick(box, Qt.Key.Key_Return)
        assert wishes == (["job-1"] if agreed else [])

    def test_the_answer_is_about_the_job_that_was_asked_about(self, doubtful: DetailsPanel) -> None:
        wishes = heard(doubtful.send_again_requested)
        press(doubtful, "unconfirmedSendAgain")
        doubtful.set_job(a_job(JobState.UNCONFIRMED, 2))
        box = doubtful.window().findChild(QMessageBox, "sendAgainDialog")
        assert isinstance(box, QMessageBox)
        press(box, "sendAgainConfirm")
        assert wishes == ["job-1"]
