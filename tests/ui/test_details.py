"""The details of a job: what is told in each state, and the wishes its buttons make."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from gptimg_desktop.core.connection import IMPORTED
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.findings import CameBack, Findings, KnownBalance, OtherSubmit, follow_money
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.mark import Mark, Marking
from gptimg_desktop.core.prices import PUBLISHED, PriceTable
from gptimg_desktop.core.reference import FileReference, UrlReference
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Tier
from gptimg_desktop.core.take import Part, Take
from gptimg_desktop.ui.details.evidence_block import EvidenceBlock
from gptimg_desktop.ui.details.facts import fact_groups, moment
from gptimg_desktop.ui.details.panel import DetailsPanel
from gptimg_desktop.ui.details.preview import Preview
from gptimg_desktop.ui.details.selectable import SelectableLabel
from gptimg_desktop.ui.details.wishes import SaveAs, TaskIdEntry
from gptimg_desktop.ui.gallery.caption import on_service_until
from gptimg_desktop.ui.gallery.silences import Silences
from gptimg_desktop.ui.messages import charge_label, state_label
from tests.ui.eyes import heard
from tests.ui.jobs import CREATED, TASK, a_bitmap, a_job, a_request

if TYPE_CHECKING:
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


def text_of(panel: QWidget) -> str:
    """Everything that can be read in the panel."""
    labels = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    lines = [line.text() for line in panel.findChildren(QLineEdit) if line.isVisible()]
    return "\n".join(labels + lines).replace("\u200b", "")


def facts(job: Job, heading: str, now: float = CREATED + 30) -> dict[str, str]:
    """The lines of one group, by their labels."""
    groups = {group.heading: group.facts for group in fact_groups(job, now)}
    return {line.label: line.text for line in groups.get(heading, ())}


@pytest.mark.parametrize("state", JobState)
def test_every_state_is_told_with_its_charge(panel: DetailsPanel, state: JobState) -> None:
    job = a_job(state)
    panel.set_job(job)
    assert state_label(state) in text_of(panel)
    assert charge_label(job.charge) in text_of(panel)


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (JobState.QUEUED, {"cancelJobButton", "sendNextButton"}),
        (JobState.SENDING, set()),
        (JobState.ACCEPTED, set()),
        (JobState.READY, set()),
        (
            JobState.SAVED,
            {
                "saveAsButton",
                "showInFolderButton",
                "generateAgainButton",
                "viewButton",
                "useAsReferenceButton",
            },
        ),
        (JobState.LOST, {"checkAgainButton", "generateAgainButton"}),
        (JobState.CLOSED, {"generateAgainButton", "unconfirmedReopen"}),
        (JobState.CANCELLED, {"editAgainButton", "generateAgainButton"}),
        (JobState.REJECTED, {"editAgainButton", "generateAgainButton"}),
        (
            JobState.UNCONFIRMED,
            {"unconfirmedLook", "unconfirmedEnterId", "unconfirmedSendAgain", "unconfirmedClose"},
        ),
        (JobState.FAILED, {"editAgainButton", "generateAgainButton"}),
    ],
)
def test_only_buttons_that_fit_are_shown(panel: DetailsPanel, state: JobState, shown: set[str]) -> None:
    panel.set_job(a_job(state))
    always = {"useAllButton", "pickButton", "rejectButton", "binButton"}
    visible = {found.objectName() for found in panel.findChildren(QPushButton) if found.isVisible()}
    assert visible == shown | always


def test_all_that_was_asked_for_is_told() -> None:
    request = a_request(size=Ratio.R1X1, tier=Tier.K1)
    assert facts(a_job(request=request), "Asked for") == {
        "Size": "1:1",
        "Resolution": "1K",
        "Pixels": "1024×1024 or 1254×1254",
        "Images": "1",
        "Official channel": "off",
        "Model": "gpt-image-2",
    }
    official = replace(request, size=AUTO, official_fallback=True)
    asked = facts(a_job(request=official), "Asked for")
    assert (asked["Official channel"], asked["Pixels"]) == ("on", "the service decides")


def test_all_that_came_is_told() -> None:
    job = a_job(JobState.SAVED, pixels=PixelSize(1254, 1254))
    assert facts(job, "Came back") == {
        "Pixels": "1254×1254",
        "Format": "PNG",
        "File size": "2.4 MB",
        "File": job.images[0].path,
    }
    two = replace(job, images=(job.images[0], replace(job.images[0], index=1, path="/b.png")))
    assert facts(two, "Came back")["File 2"] == "/b.png"
    assert facts(a_job(JobState.FAILED), "Came back") == {}


def test_the_price_that_was_told_stands_beside_the_estimate() -> None:
    job = replace(a_job(JobState.SAVED), cost=Decimal("0.02"))
    assert facts(job, "Cost") == {"Estimated": "$0.014", "Service says": "$0.02"}
    assert facts(a_job(JobState.QUEUED), "Cost") == {"Estimated": "$0.014"}
    assert facts(a_job(JobState.SAVED, practice=True), "Cost") == {}


def test_earlier_attempts_are_told_with_what_they_may_have_cost() -> None:
    again = a_job(JobState.UNCONFIRMED).send_again()
    assert facts(again, "Cost")["Doubtful"] == "1 earlier attempt may have been charged"
    assert facts(again.arm(CREATED + 90), "Cost")["Times sent"] == "2"
    assert "Times sent" not in facts(a_job(JobState.SAVED), "Cost")


def test_references_are_numbered_and_never_flood_the_panel() -> None:
    file = FileReference(
        sha256="0",
        media_type="image/png",
        size_bytes=2_400_000,
        width=1024,
        height=768,
        name="a" * 90 + ".png",
    )
    address = UrlReference(url="https://example.com/" + "long/" * 90 + "a.png")
    job = a_job(request=a_request(references=(address, file)))
    lines = next(group.facts for group in fact_groups(job, CREATED) if group.heading == "References")
    assert lines[0].text == "1. example.com"
    assert lines[0].detail.startswith("Address · /long/")
    assert lines[1].text.startswith("2. aaa")
    assert lines[1].text.endswith(".png")
    assert lines[1].detail == "File · PNG · 2.4 MB · 1024×768"
    assert all(len(line.text) < 50 and len(line.detail) < 60 for line in lines)


def test_an_address_is_copied_whole(panel: DetailsPanel) -> None:
    url = "https://example.com/" + "long/" * 90 + "a.png"
    panel.set_job(a_job(request=a_request(references=(UrlReference(url=url),))))
    copies = [found for found in panel.findChildren(QToolButton) if found.isVisible()]
    next(found for found in copies if found.accessibleName() == "Copy: 1. example.com").click()
    assert QGuiApplication.clipboard().text() == url


def test_times_are_told_as_far_as_they_are_known() -> None:
    times = facts(a_job(JobState.SAVED), "Times")
    assert list(times) == ["Asked", "Sent", "Accepted", "Finished", "Took"]
    assert times["Took"] == "0:40"
    assert list(facts(a_job(JobState.QUEUED), "Times")) == ["Asked"]
    next_day = replace(a_job(JobState.SAVED), finished_at=CREATED + 86_400)
    assert facts(next_day, "Times")["Finished"] == moment(CREATED + 86_400)


def test_time_goes_on_while_it_runs_and_the_link_runs_out() -> None:
    assert facts(a_job(JobState.ACCEPTED), "Times", CREATED + 24)["Running"] == "0:23"
    ready = a_job(JobState.READY)
    assert "23 hours left" in facts(ready, "Service")["Fetch until"]
    assert "1:05 left" in facts(ready, "Service", CREATED + 86_400 - 65)["Fetch until"]
    assert "run out" in facts(ready, "Service", CREATED + 90_000)["Fetch until"]
    assert "Fetch until" not in facts(a_job(JobState.SAVED), "Service")


@pytest.mark.parametrize("told", [None, 12.0, CREATED + 9 * 86_400, CREATED + 80_000])
def test_details_and_tile_name_the_same_end_of_a_link(told: float | None) -> None:
    ready = replace(a_job(JobState.READY), expires_at=told)
    until = on_service_until(ready)
    assert until is not None
    assert facts(ready, "Service", until - 60)["Fetch until"].endswith("(1:00 left)")
    assert "run out" in facts(ready, "Service", until + 1)["Fetch until"]


def test_the_service_and_its_words_are_told_and_the_key_is_not(panel: DetailsPanel) -> None:
    told = facts(a_job(JobState.READY), "Service")
    assert (told["Address"], told["Status"], told["Task id"]) == ("api.apimart.ai", "completed", TASK)
    panel.set_job(a_job(JobState.READY))
    assert "f00d" not in text_of(panel)


def test_only_texts_change_while_a_clock_ticks(panel: DetailsPanel) -> None:
    panel.set_job(a_job(JobState.ACCEPTED))
    before = set(panel.findChildren(QLabel))
    panel.set_job(replace(a_job(JobState.ACCEPTED), created_at=CREATED + 1, armed_at=CREATED + 9))
    assert set(panel.findChildren(QLabel)) == before


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


def test_a_preview_that_failed_is_told_at_its_own_job_alone(panel: DetailsPanel) -> None:
    panel.set_job(a_job())
    missing = Problem.of(ProblemKind.IMAGE_FILE_MISSING, path="/pictures/b.png")
    panel.set_preview_problem("job-2", missing)
    assert "/pictures/b.png" not in text_of(panel)
    panel.set_preview_problem("job-1", missing)
    assert "/pictures/b.png" in text_of(panel)


def test_what_came_damaged_is_told_once_and_in_one_way(panel: DetailsPanel) -> None:
    path = "/pictures/a.png.damaged"
    panel.set_job(a_job().annotate(Problem.of(ProblemKind.DELIVERED_DAMAGED, path=path)))
    panel.set_preview_problem("job-1", Problem.of(ProblemKind.IMAGE_FILE_DAMAGED, path=path))
    assert "The service delivered a damaged file" in text_of(panel)
    assert "cannot be read" not in text_of(panel)


def test_a_preview_is_asked_for_and_only_the_shown_jobs_is_taken(panel: DetailsPanel) -> None:
    wanted = heard(panel.preview_wanted)
    panel.set_job(a_job(JobState.SAVED, 1))
    panel.set_preview("job-2", a_bitmap())
    preview = panel.findChild(Preview)
    assert isinstance(preview, Preview)
    assert preview.image.isNull()
    panel.set_preview("job-1", a_bitmap(64, 36))
    assert preview.image.width() == 64
    panel.set_job(a_job(JobState.SAVED, 1).marked(Mark.PICKED, 0.0))
    assert preview.image.width() == 64
    panel.set_job(a_job(JobState.QUEUED, 2))
    assert preview.image.isNull()
    assert wanted == ["job-1"]


def test_buttons_make_wishes(panel: DetailsPanel) -> None:
    shows, uses = heard(panel.show_in_folder_requested), heard(panel.take_requested)
    marks = heard(panel.mark_requested)
    job = a_job(JobState.SAVED, 7)
    panel.set_job(job)
    for name in ("showInFolderButton", "useAllButton", "pickButton", "rejectButton", "binButton"):
        press(panel, name)
    assert (shows, uses) == ([job.images[0].path], [Take(job_id="job-7", part=Part.ALL)])
    put = [Mark.PICKED, Mark.REJECTED, Mark.BINNED]
    assert marks == [Marking(seqs=(7,), mark=mark) for mark in put]
    assert not button(panel, "pickButton").isChecked()
    assert not button(panel, "rejectButton").isChecked()


@pytest.mark.parametrize(("name", "mark"), [("pickButton", Mark.PICKED), ("rejectButton", Mark.REJECTED)])
def test_a_mark_is_taken_off_by_the_same_button(panel: DetailsPanel, name: str, mark: Mark) -> None:
    marks = heard(panel.mark_requested)
    panel.set_job(a_job(JobState.SAVED).marked(mark, 9.0))
    assert button(panel, name).isChecked()
    press(panel, name)
    assert marks == [Marking(seqs=(1,), mark=Mark.PLAIN)]


KEYS = {
    "u": Take(job_id="job-1", part=Part.ALL, by_key=True),
    "t": Take(job_id="job-1", part=Part.PROMPT, by_key=True),
    "s": Take(job_id="job-1", part=Part.SIZE, by_key=True),
    "e": Take(job_id="job-1", part=Part.REFERENCES, by_key=True),
    "r": (1,),
    "c": (1,),
    "p": Marking(seqs=(1,), mark=Mark.PICKED),
    "x": Marking(seqs=(1,), mark=Mark.REJECTED),
}


@pytest.mark.parametrize("key", KEYS)
def test_each_wish_has_a_key_that_counts_once(panel: DetailsPanel, key: str) -> None:
    heard_all = [
        heard(signal)
        for signal in (
            panel.take_requested,
            panel.references_requested,
            panel.gather_requested,
            panel.mark_requested,
        )
    ]
    panel.set_job(a_job(JobState.SAVED))
    focused = button(panel, "saveAsButton")
    for repeated in (False, True, True):
        code = Qt.Key(ord(key.upper()))
        event = QKeyEvent(QEvent.Type.KeyPress, code, Qt.KeyboardModifier.NoModifier, key, repeated)
        QApplication.sendEvent(focused, event)
    assert [wish for wishes in heard_all for wish in wishes] == [KEYS[key]]


def test_keys_put_away_bring_back_and_undo(panel: DetailsPanel) -> None:
    marks, undone = heard(panel.mark_requested), heard(panel.undo_requested)
    job = a_job(JobState.SAVED)
    panel.set_job(job)
    QTest.keyClick(panel, Qt.Key.Key_Delete)
    panel.set_job(job.marked(Mark.BINNED, 9.0))
    QTest.keyClick(panel, Qt.Key.Key_Delete)
    QTest.keyClick(panel, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(panel, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert marks == [Marking(seqs=(1,), mark=mark) for mark in (Mark.BINNED, Mark.RESTORED)]
    assert undone == [None]


def test_letters_in_a_field_are_no_keys(panel: DetailsPanel) -> None:
    marks = heard(panel.mark_requested)
    panel.set_job(a_job(JobState.UNCONFIRMED))
    press(panel, "unconfirmedEnterId")
    edit = panel.findChild(QLineEdit, "unconfirmedIdEdit")
    assert isinstance(edit, QLineEdit)
    QTest.keyClicks(edit, "puxe")
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    assert edit.text() == "pux"
    assert marks == []


def test_each_part_has_its_own_button_where_it_is_told(panel: DetailsPanel) -> None:
    takes = heard(panel.take_requested)
    panel.set_job(a_job(request=a_request(references=(UrlReference(url="https://example.com/a.png"),))))
    parts = (Part.PROMPT, Part.SIZE, Part.REFERENCES)
    for part in parts:
        found = panel.findChild(QToolButton, f"use_{part}")
        assert isinstance(found, QToolButton)
        assert found.isVisible()
        found.click()
    assert takes == [Take(job_id="job-1", part=part) for part in parts]
    panel.set_job(a_job())
    names = [found.objectName() for found in panel.findChildren(QToolButton) if found.isVisible()]
    assert "use_references" not in names


def an_import() -> Job:
    return replace(a_job(JobState.SAVED, request=a_request("holiday")), service=IMPORTED)


def test_what_was_imported_costs_nothing_and_has_no_settings(panel: DetailsPanel) -> None:
    again = heard(panel.generate_again_requested)
    panel.set_job(an_import())
    told = text_of(panel)
    assert "Asked for" not in told
    assert "Cost" not in told
    assert "Name" in told
    assert "Imported" in told
    assert "charged" not in told.lower()
    shown = {found.objectName() for found in panel.findChildren(QAbstractButton) if found.isVisible()}
    assert "saveAsButton" in shown
    assert not {"useAllButton", "generateAgainButton", "use_prompt", "use_size"} & shown
    button(panel, "generateAgainButton").click()
    assert again == []


def test_a_file_that_is_gone_is_told_and_is_not_copied(panel: DetailsPanel) -> None:
    job = a_job(JobState.SAVED)
    gone = replace(job, images=(replace(job.images[0], is_missing=True),))
    panel.set_job(gone)
    assert "not where it was saved" in text_of(panel)
    assert not button(panel, "saveAsButton").isVisible()
    panel.set_preview_problem("job-1", Problem.of(ProblemKind.IMAGE_FILE_MISSING, path=job.images[0].path))
    assert text_of(panel).count("not where it was saved") == 1
    panel.set_job(job)
    assert "not where it was saved" not in text_of(panel)


def test_what_is_in_the_bin_says_since_when_and_until_when() -> None:
    binned = a_job(JobState.SAVED).marked(Mark.BINNED, CREATED)
    assert facts(binned, "Times")["In the bin"] == moment(CREATED)
    groups = {group.heading: group.facts for group in fact_groups(binned, CREATED)}
    assert "goes for good" in groups["Times"][-1].detail
    waiting = a_job(JobState.UNCONFIRMED).marked(Mark.BINNED, CREATED)
    groups = {group.heading: group.facts for group in fact_groups(waiting, CREATED)}
    assert groups["Times"][-1].detail == ""


def test_a_binned_job_can_be_restored(panel: DetailsPanel) -> None:
    marks = heard(panel.mark_requested)
    panel.set_job(a_job(JobState.SAVED).marked(Mark.BINNED, 9.0))
    press(panel, "restoreButton")
    assert marks == [Marking(seqs=(1,), mark=Mark.RESTORED)]
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


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.REJECTED, JobState.CANCELLED])
def test_a_job_without_a_picture_can_be_edited_and_generated_again(
    panel: DetailsPanel, state: JobState
) -> None:
    edits = heard(panel.take_requested)
    panel.set_job(a_job(state))
    assert button(panel, "editAgainButton").property("role") == "primary"
    press(panel, "editAgainButton")
    assert edits == [Take(job_id="job-1", part=Part.ALL)]


def test_generating_again_shows_its_price(panel: DetailsPanel) -> None:
    dear = PriceTable(as_of=PUBLISHED.as_of, per_image={tier: Decimal(3) for tier in Tier})
    wishes = heard(panel.generate_again_requested)
    panel.set_job(a_job(JobState.SAVED))
    again = button(panel, "generateAgainButton")
    assert again.accessibleName() == "Generate again ($0.014)"
    panel.set_prices(dear, False)
    assert again.accessibleName() == "Generate again ($3.00)"
    panel.set_prices(dear, True)
    assert again.accessibleName() == "Generate again (practice, free)"
    assert " ".join(again.text().split()) == again.accessibleName()
    panel.set_prices(PUBLISHED, False)
    panel.set_job(a_job(JobState.SAVED, 2, a_request(size=PixelSize(3840, 2160), tier=Tier.K1)))
    assert again.accessibleName() == "Generate again ($0.021)"
    press(panel, "generateAgainButton")
    assert wishes == ["job-2"]


@pytest.mark.parametrize("is_marked", [True, False])
@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_held_key_generates_once(panel: DetailsPanel, key: Qt.Key, is_marked: bool) -> None:
    wishes = heard(panel.generate_again_requested)
    panel.set_job(a_job(JobState.SAVED))
    again = button(panel, "generateAgainButton")
    send(again, QEvent.Type.KeyPress, key, 1_000)
    for at in range(1_500, 2_500, 30):  # marked and without a time, or pairs of one moment as X11 has them
        time = 0 if is_marked else at
        send(again, QEvent.Type.KeyRelease, key, time, flagged=is_marked)
        send(again, QEvent.Type.KeyPress, key, time, flagged=is_marked)
    send(again, QEvent.Type.KeyRelease, key, 2_600)
    assert wishes == ["job-1"]
    send(again, QEvent.Type.KeyPress, key, 2_700)
    send(again, QEvent.Type.KeyRelease, key, 2_760)
    assert wishes == ["job-1", "job-1"]


def test_a_key_that_cancels_never_goes_through_to_a_button_that_costs(
    panel: DetailsPanel, qtbot: QtBot
) -> None:
    def cancel(_job_id: str) -> None:
        panel.set_job(a_job(JobState.CANCELLED))

    wishes = heard(panel.generate_again_requested)
    panel.take_requested.connect(wishes.append)
    panel.cancel_requested.connect(cancel)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.set_job(a_job(JobState.QUEUED))
    button(panel, "cancelJobButton").setFocus()
    send(button(panel, "cancelJobButton"), QEvent.Type.KeyPress, Qt.Key.Key_Return, 1_000)
    assert button(panel, "useAllButton").hasFocus()
    for at, name in enumerate(("generateAgainButton", "editAgainButton"), 1_400):
        send(button(panel, name), QEvent.Type.KeyPress, Qt.Key.Key_Return, at)
    for name in ("generateAgainButton", "editAgainButton"):
        send(button(panel, name), QEvent.Type.KeyRelease, Qt.Key.Key_Return, 1_500)
        send(button(panel, name), QEvent.Type.KeyPress, Qt.Key.Key_Return, 1_500)
    assert wishes == []


def send(widget: QWidget, kind: QEvent.Type, key: Qt.Key, at: int, *, flagged: bool = False) -> None:
    event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", flagged)
    event.setTimestamp(at)
    QApplication.sendEvent(widget, event)


def test_pictures_become_references(panel: DetailsPanel) -> None:
    wishes = heard(panel.references_requested)
    panel.set_job(a_job(JobState.SAVED, 9))
    press(panel, "useAsReferenceButton")
    assert wishes == [(9,)]


def test_a_file_that_is_missing_is_no_reference(panel: DetailsPanel) -> None:
    job = a_job(JobState.SAVED)
    panel.set_job(replace(job, images=(replace(job.images[0], is_missing=True),)))
    sign = panel.findChild(QAbstractButton, "useAsReferenceButton")
    assert sign is not None
    assert not sign.isVisible()


def test_a_picture_is_viewed_by_its_button_and_by_one_or_two_clicks_on_it(panel: DetailsPanel) -> None:
    views = heard(panel.view_requested)
    panel.set_job(a_job(JobState.SAVED))
    press(panel, "viewButton")
    preview = panel.findChild(Preview)
    assert isinstance(preview, Preview)
    QTest.mouseClick(preview, Qt.MouseButton.LeftButton)
    assert views == ["job-1"]
    panel.set_preview("job-1", a_bitmap())
    QTest.mouseClick(preview, Qt.MouseButton.LeftButton)
    assert views == ["job-1"] * 2
    QTest.mouseDClick(preview, Qt.MouseButton.LeftButton)  # the second half of a double click
    QTest.mouseRelease(preview, Qt.MouseButton.LeftButton)
    assert views == ["job-1"] * 2


def test_a_waiting_job_can_be_sent_next(panel: DetailsPanel) -> None:
    wishes = heard(panel.send_next_requested)
    panel.set_job(a_job(JobState.QUEUED))
    press(panel, "sendNextButton")
    assert wishes == ["job-1"]


def test_every_action_is_reached_by_tab_and_has_a_name(panel: DetailsPanel) -> None:
    for state in JobState:
        panel.set_job(a_job(state))
        for found in panel.findChildren(QAbstractButton):
            if found.isVisible():
                assert found.accessibleName(), found.objectName()
                assert found.focusPolicy() & Qt.FocusPolicy.TabFocus, found.objectName()


def test_a_marked_text_is_copied_without_its_invisible_breaks(panel: DetailsPanel) -> None:
    words = "x" * 90
    panel.set_job(a_job(JobState.FAILED))
    story = panel.findChild(SelectableLabel, "detailsStory")
    assert isinstance(story, SelectableLabel)
    story.say(words)
    story.setSelection(0, len(story.text()))
    QTest.keyClick(story, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == words


def test_a_problem_is_told_until_another_job_is_shown(panel: DetailsPanel) -> None:
    panel.set_job(a_job(JobState.SAVED))
    panel.show_problem(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path="/gone.png"))
    assert "/gone.png" in text_of(panel)
    panel.set_job(a_job(JobState.SAVED, 2))
    assert "/gone.png" not in text_of(panel)


@pytest.mark.parametrize("state", [JobState.SAVED, JobState.UNCONFIRMED, JobState.FAILED])
def test_what_goes_wrong_later_moves_no_button(panel: DetailsPanel, state: JobState) -> None:
    def places() -> dict[str, QPoint]:
        buttons = [each for each in panel.findChildren(QPushButton) if each.isVisible()]
        return {each.objectName(): each.mapTo(panel, QPoint(0, 0)) for each in buttons}

    def settled() -> dict[str, QPoint]:
        """Where the buttons are once the layouts have come to rest."""
        before: dict[str, QPoint] = {}
        while before != (now := places()):
            before = now
            for _ in range(8):
                QTest.qWait(2)
        return before

    for height in (900, 500):
        panel.resize(300, height)
        panel.set_job(a_job(state))
        before = settled()
        panel.show_problem(Problem.of(ProblemKind.IMAGE_FILE_MISSING, path="/gone.png"))
        panel.set_job(a_job(state).annotate(Problem.of(ProblemKind.SERVICE_BUSY)))
        assert settled() == before
        told = next(each for each in panel.findChildren(QLabel) if "/gone.png" in each.text())
        assert panel.rect().contains(QRect(told.mapTo(panel, QPoint(0, 0)), told.size()))
        panel.clear_problem()
        assert settled() == before


def test_another_job_is_shown_from_its_top_and_the_same_one_stays(panel: DetailsPanel) -> None:
    panel.resize(300, 300)
    panel.set_job(a_job(JobState.ACCEPTED))
    area = panel.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    bar = area.verticalScrollBar()
    QTest.qWait(1)
    bar.setValue(120)
    panel.set_job(a_job(JobState.ACCEPTED).annotate(Problem.of(ProblemKind.SERVICE_BUSY)))
    assert bar.value() == 120
    panel.set_job(a_job(JobState.ACCEPTED, 2))
    assert bar.value() == 0


def test_the_reason_of_a_failure_and_a_note_are_told(panel: DetailsPanel) -> None:
    panel.set_job(a_job(JobState.FAILED))
    assert "upstream overloaded" in text_of(panel)
    assert "Not charged" in text_of(panel)
    assert "may well succeed the next time" in text_of(panel)
    panel.set_job(a_job(JobState.QUEUED).annotate(Problem.of(ProblemKind.UPLOAD_CUT_OFF, times=4)))
    assert "The upload was cut off 4 times" in text_of(panel)


def test_what_held_up_a_waiting_job_once_is_not_told_as_if_it_still_did(panel: DetailsPanel) -> None:
    busy = Problem.of(ProblemKind.SERVICE_BUSY)
    panel.set_job(a_job(JobState.ACCEPTED).annotate(busy))
    assert "The service is busy" in text_of(panel)
    panel.set_job(a_job(JobState.QUEUED, 2).annotate(busy))
    assert "The service is busy" not in text_of(panel)


@pytest.mark.parametrize("state", JobState)
def test_a_note_is_told_in_every_state(panel: DetailsPanel, state: JobState) -> None:
    panel.set_job(a_job(state).annotate(Problem.of(ProblemKind.ANSWER_NOT_KEPT, task_id="t-77", reason="x")))
    assert "t-77" in text_of(panel)


def test_what_takes_long_says_so_and_a_silent_service_is_no_failure(panel: DetailsPanel) -> None:
    now = time.time()
    panel.set_job(a_job(JobState.SENDING, at=now - 10))
    assert "Still waiting for confirmation" not in text_of(panel)
    panel.set_job(a_job(JobState.SENDING, 2, at=now - 90))
    assert "Still waiting for confirmation" in text_of(panel)
    panel.set_job(a_job(JobState.ACCEPTED, 3, at=now - 150))
    assert "Taking longer than usual" in text_of(panel)
    silences = Silences(clock=lambda: now - 60)
    silent = a_job(JobState.ACCEPTED, 4, at=now - 150).annotate(
        Problem.of(ProblemKind.ODD_ANSWER, status=502)
    )
    silences.note(silent)
    panel.share_silences(silences)
    panel.set_job(silent)
    assert "Nothing heard since" in text_of(panel)
    assert "still looking" in text_of(panel)
    assert "Failed" not in text_of(panel)


def test_what_is_not_fetched_yet_is_counted_down(panel: DetailsPanel) -> None:
    panel.set_job(a_job(JobState.READY, at=time.time()))
    assert "On the service until tomorrow" in text_of(panel)
    assert "23\u00a0h\u00a0left" in text_of(panel)


def test_what_was_sent_is_hidden_and_not_deleted(panel: DetailsPanel) -> None:
    for state in JobState:
        panel.set_job(a_job(state))
        goes_on = state in {JobState.SENDING, JobState.ACCEPTED, JobState.READY}
        waiting = "Cancel and move to bin (Del)" if state is JobState.QUEUED else "Move to bin (Del)"
        assert button(panel, "binButton").accessibleName() == ("Hide (Del)" if goes_on else waiting)


def test_without_a_job_nothing_can_be_pressed(panel: DetailsPanel) -> None:
    panel.set_job(a_job(JobState.UNCONFIRMED))
    panel.set_job(None)
    assert not any(found.isVisible() for found in panel.findChildren(QPushButton))


def test_nothing_is_wider_than_the_panel(panel: DetailsPanel) -> None:
    request = a_request("Donaudampfschifffahrtsgesellschaft" * 30)
    long_path = "/very/" + "long" * 60 + ".png"
    job = a_job(JobState.SAVED, request=request)
    panel.resize(280, 900)
    panel.set_prices(PUBLISHED, True)
    told = Problem.of(ProblemKind.TASK_FAILED, message="Verbindungsunterbrechung" * 9)
    for shown in (
        replace(job, images=(replace(job.images[0], path=long_path),), task_ids=("task" * 2_500,)),
        replace(a_job(JobState.FAILED), problem=told, status_word="wort" * 90),
        *(a_job(state) for state in JobState),
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


WAYS = ("unconfirmedLook", "unconfirmedEnterId", "unconfirmedSendAgain", "unconfirmedClose")


def suggested(panel: DetailsPanel) -> list[str]:
    """Which of the four ways stands out."""
    return [name for name in WAYS if button(panel, name).property("role") == "primary"]


def findings(after: str, others: tuple[OtherSubmit, ...] = ()) -> Findings:
    """A balance of $8.10 before the sample job was sent, and another one a quarter of an hour later."""
    known = (
        KnownBalance(at=CREATED - 20, remaining=Decimal("8.10")),
        KnownBalance(at=CREATED + 900, remaining=Decimal(after)),
    )
    trail = follow_money(sent_at=CREATED + 1, price=Decimal("0.014"), balances=known, others=others)
    return Findings(job_id="job-1", attempt=1, trail=trail)


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

    def test_escape_closes_the_field_for_the_task_id_alone(self, doubtful: DetailsPanel) -> None:
        press(doubtful, "unconfirmedEnterId")
        edit = doubtful.findChild(QLineEdit, "unconfirmedIdEdit")
        assert isinstance(edit, QLineEdit)
        QTest.keyClick(edit, Qt.Key.Key_Escape)
        assert not edit.isVisible()
        assert not button(doubtful, "unconfirmedEnterId").isChecked()
        assert doubtful.isVisible()
        press(doubtful, "unconfirmedEnterId")
        assert edit.isVisible()

    def test_findings_are_asked_for_once_for_each_attempt(self, panel: DetailsPanel) -> None:
        wanted = heard(panel.findings_wanted)
        job = a_job(JobState.UNCONFIRMED)
        panel.set_job(job)
        panel.set_job(job.annotate(None).marked(Mark.PICKED, 0.0))
        assert wanted == ["job-1"]
        panel.set_job(a_job(JobState.SAVED, 2))
        panel.want_findings()
        assert wanted == ["job-1"]
        panel.set_job(job)
        panel.want_findings()
        assert wanted == ["job-1"] * 3

    def test_practice_is_free_and_needs_no_evidence(self, panel: DetailsPanel) -> None:
        wanted = heard(panel.findings_wanted)
        panel.set_job(a_job(JobState.UNCONFIRMED, practice=True))
        assert wanted == []

    @pytest.mark.parametrize(
        ("after", "told", "name"),
        [
            ("8.086", "Probably charged", "unconfirmedEnterId"),
            ("8.10", "Probably not charged", "unconfirmedSendAgain"),
            ("7.10", "other programs may use this key", "unconfirmedLook"),
        ],
    )
    def test_the_evidence_suggests_one_way_and_moves_none(
        self, doubtful: DetailsPanel, after: str, told: str, name: str
    ) -> None:
        def places() -> list[QRect]:
            for _ in range(6):
                QTest.qWait(2)
            return [button(doubtful, way).geometry() for way in WAYS]

        assert suggested(doubtful) == ["unconfirmedLook"]
        before = places()
        doubtful.set_findings(findings(after))
        assert told in text_of(doubtful)
        assert suggested(doubtful) == [name]
        assert places() == before

    def test_evidence_of_another_job_or_attempt_is_dropped(self, doubtful: DetailsPanel) -> None:
        doubtful.set_findings(replace(findings("8.086"), job_id="job-2"))
        doubtful.set_findings(replace(findings("8.086"), attempt=2))
        assert "Probably" not in text_of(doubtful)
        doubtful.set_findings(findings("8.086"))
        assert "Probably charged" in text_of(doubtful)
        doubtful.set_job(a_job(JobState.UNCONFIRMED, 2))
        assert "Probably" not in text_of(doubtful)
        assert suggested(doubtful) == ["unconfirmedLook"]

    def test_the_sums_stand_side_by_side(self, doubtful: DetailsPanel) -> None:
        others = (OtherSubmit(sent_at=CREATED + 5, ended_at=CREATED + 60, price=Decimal("0.017")),)
        doubtful.set_findings(findings("8.069", others))
        QTest.qWait(1)
        told = text_of(doubtful)
        for sum_ in (
            "$8.1000 · ",
            "$8.0690 · ",
            "$0.0310",
            "$0.0170 · 1 other job",
            "about $0.0140",
            "no other job",
        ):
            assert sum_ in told

    def test_an_earlier_try_is_told_as_such(self, doubtful: DetailsPanel) -> None:
        def an_earlier_try(sent_at: float) -> OtherSubmit:
            return OtherSubmit(
                sent_at=sent_at, ended_at=None, price=Decimal("0.014"), is_sure=False, is_same_job=True
            )

        doubtful.set_findings(findings("8.086", (an_earlier_try(CREATED - 60),)))
        QTest.qWait(1)
        told = text_of(doubtful)
        assert "An earlier try of this job was sent just before" in told
        assert "an earlier try of this job" in told
        assert "when they are done" not in told
        assert "other job" not in told.replace("no other job", "")
        doubtful.set_findings(findings("8.086", (an_earlier_try(CREATED - 10),)))
        assert "At least one try of this job was probably charged" in text_of(doubtful)

    def test_the_evidence_is_no_wider_than_the_narrowest_panel(self, doubtful: DetailsPanel) -> None:
        doubtful.resize(280, 900)
        text = "task_" + "A" * 120 + " task_" + "B" * 120
        answer = CameBack(status=200, is_whole=True, media_type="text/" + "x" * 90, text=text, size_bytes=9)
        found = findings(
            "-12345678.9012", (OtherSubmit(sent_at=CREATED + 5, ended_at=None, price=Decimal(1)),)
        )
        doubtful.set_findings(replace(found, came_back=answer))
        QTest.qWait(1)
        block = doubtful.findChild(EvidenceBlock)
        assert isinstance(block, EvidenceBlock)
        shown = [child for child in block.findChildren(QWidget) if child.isVisible()]
        assert len(shown) > 10
        assert all(child.mapTo(doubtful, child.rect().topRight()).x() < 280 for child in shown)

    def test_the_answer_is_shown_as_plain_text(self, doubtful: DetailsPanel) -> None:
        text = "<b>no</b> <img src=http://127.0.0.1:9/x>"
        answer = CameBack(status=502, is_whole=False, media_type="text/html", text=text, size_bytes=9)
        doubtful.set_findings(replace(findings("8.086"), came_back=answer))
        press(doubtful, "unconfirmedCameBack")
        dialog = doubtful.window().findChild(QWidget, "cameBackDialog")
        assert isinstance(dialog, QWidget)
        shown = dialog.findChild(QPlainTextEdit, "cameBackText")
        assert isinstance(shown, QPlainTextEdit)
        assert shown.toPlainText() == text
        assert "cut short" in text_of(dialog)
        press(dialog, "cameBackCopy")
        assert QGuiApplication.clipboard().text().endswith(text)
        press(dialog, "cameBackClose")
        QGuiApplication.clipboard().clear()

    def test_a_look_is_not_asked_for_twice_at_a_time(self, doubtful: DetailsPanel) -> None:
        looks = heard(doubtful.look_again_requested)
        for _ in range(3):
            press(doubtful, "unconfirmedLook")
        assert looks == ["job-1"]
        doubtful.show_problem(Problem.of(ProblemKind.STILL_UNCONFIRMED))
        press(doubtful, "unconfirmedLook")
        assert looks == ["job-1"] * 2

    def test_what_was_closed_can_be_decided_about_again(self, doubtful: DetailsPanel) -> None:
        reopened, sent = heard(doubtful.reopen_requested), heard(doubtful.send_again_requested)
        closed = a_job(JobState.CLOSED)
        doubtful.set_job(closed)
        assert "Nothing is sent" in button(doubtful, "unconfirmedReopen").toolTip()
        press(doubtful, "unconfirmedReopen")
        assert (reopened, sent) == (["job-1"], [])
        doubtful.set_job(closed.reopen())
        assert {name for name in WAYS if button(doubtful, name).isVisible()} == set(WAYS)
        assert not button(doubtful, "unconfirmedReopen").isVisible()

    def test_the_question_wears_the_houses_own_signs(self, doubtful: DetailsPanel) -> None:
        press(doubtful, "unconfirmedSendAgain")
        box = doubtful.window().findChild(QMessageBox, "sendAgainDialog")
        assert isinstance(box, QMessageBox)
        assert box.icon() is QMessageBox.Icon.NoIcon
        assert not box.iconPixmap().isNull()
        assert all(each.icon().isNull() for each in box.buttons())
        QTest.keyClick(box, Qt.Key.Key_Escape)

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
