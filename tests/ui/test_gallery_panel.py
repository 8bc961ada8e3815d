"""What is wished for tiles: by keys and by the menu, for one and for a hundred thousand."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from gptimg_desktop.core.bin import Clearing
from gptimg_desktop.core.collection import Gathering
from gptimg_desktop.core.connection import IMPORTED
from gptimg_desktop.core.filter import JobFilter, View
from gptimg_desktop.core.job import JobState
from gptimg_desktop.core.mark import Mark, Marked, Marking
from gptimg_desktop.core.prices import PUBLISHED
from gptimg_desktop.core.reference import UrlReference
from gptimg_desktop.core.sizes import Tier
from gptimg_desktop.core.take import Part, Take
from gptimg_desktop.ui.deeds import Deed, keys_of
from gptimg_desktop.ui.details.wishes import SaveAs
from gptimg_desktop.ui.gallery.model import JobListModel
from gptimg_desktop.ui.gallery.panel import GalleryPanel
from tests.support.listed import fill, listing_of, put
from tests.ui.eyes import heard
from tests.ui.jobs import a_job, a_queued_job, a_request

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.core.job import Job

CTRL, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
BIN = JobFilter(view=View.BIN)
WITH_REFERENCE = a_request(references=(UrlReference(url="https://example.com/a.png"),))


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


def show(panel: GalleryPanel, *jobs: Job, wanted: JobFilter | None = None) -> None:
    fill(model_of(panel), jobs, wanted)


def saved(*numbers: int) -> list[Job]:
    return [a_job(JobState.SAVED, number) for number in numbers]


def offered(panel: GalleryPanel) -> list[str]:
    return [action.text() for action in panel.menu().actions() if action.text()]


def choose(panel: GalleryPanel, text: str) -> None:
    next(action for action in panel.menu().actions() if action.text() == text).trigger()


def press(panel: GalleryPanel, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.keyClick(panel.view, key, modifier)


def marking(mark: Mark, *seqs: int) -> Marking:
    return Marking(seqs=seqs, mark=mark)


# The current tile


def test_current_is_told_once_and_kept_by_a_filter_that_lets_it_through(panel: GalleryPanel) -> None:
    told = heard(panel.current_changed)
    show(panel, *saved(1, 2, 3, 4))
    panel.select("job-2")
    show(panel, *saved(2, 3), wanted=JobFilter(text="oak"))
    assert told == ["job-2"]
    assert panel.view.selected_seqs() == (2,)
    show(panel, wanted=JobFilter(view=View.RUNNING))
    assert told == ["job-2", ""]


def test_a_current_tile_that_comes_late_is_told_when_it_is_here(panel: GalleryPanel) -> None:
    jobs = saved(*range(1, 400))
    model_of(panel).set_listing(listing_of(jobs), jobs[-3:])
    told = heard(panel.current_changed)
    press(panel, Qt.Key.Key_End)
    assert panel.view.selected_seqs() == (1,)
    assert told in ([], [""])
    model_of(panel).take_page(jobs[:10])
    assert told[-1] == "job-1"


# Marks


def test_keys_mark_what_is_selected_by_its_numbers(panel: GalleryPanel) -> None:
    marks = heard(panel.mark_requested)
    show(panel, *saved(1, 2, 3))
    panel.view.selectAll()
    press(panel, Qt.Key.Key_P)
    press(panel, Qt.Key.Key_X)
    press(panel, Qt.Key.Key_Delete)
    assert marks == [marking(mark, 3, 2, 1) for mark in (Mark.PICKED, Mark.REJECTED, Mark.BINNED)]


@pytest.mark.parametrize(
    ("key", "mark"), [(Qt.Key.Key_P, Mark.PICKED), (Qt.Key.Key_X, Mark.REJECTED)], ids=["pick", "reject"]
)
def test_the_same_key_takes_a_mark_off_where_all_have_it(
    panel: GalleryPanel, key: Qt.Key, mark: Mark
) -> None:
    marks = heard(panel.mark_requested)
    one, other = (job.marked(mark, 0.0) for job in saved(1, 2))
    show(panel, one, other, *saved(3))
    panel.view.selectAll()
    press(panel, key)
    show(panel, one, other)
    panel.view.selectAll()
    press(panel, key)
    assert marks == [marking(mark, 3, 2, 1), marking(Mark.PLAIN, 2, 1)]


def test_where_one_of_them_is_not_known_a_key_takes_no_mark_off(panel: GalleryPanel) -> None:
    marks = heard(panel.mark_requested)
    jobs = [job.marked(Mark.PICKED, 0.0) for job in saved(1, 2, 3)]
    model_of(panel).set_listing(listing_of(jobs), jobs[1:])
    panel.view.selectAll()
    press(panel, Qt.Key.Key_P)
    assert marks == [marking(Mark.PICKED, 3, 2, 1)]


def test_a_held_key_marks_once(panel: GalleryPanel) -> None:
    marks = heard(panel.mark_requested)
    show(panel, *saved(1))
    panel.select("job-1")
    for repeated in (False, True, True):
        event = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, "", repeated
        )
        QApplication.sendEvent(panel.view, event)
    assert marks == [marking(Mark.BINNED, 1)]


def test_after_tiles_went_the_one_in_their_place_is_selected(panel: GalleryPanel, qtbot: QtBot) -> None:
    jobs = saved(1, 2, 3, 4)
    show(panel, *jobs)
    panel.select("job-3")
    press(panel, Qt.Key.Key_Delete)
    model_of(panel).take_marked(Marked(marking=marking(Mark.BINNED, 3), undo=()))
    qtbot.waitUntil(lambda: panel.view.selected_seqs() == (2,))


def needs_you(panel: GalleryPanel, *numbers: int) -> None:
    unconfirmed = [a_job(JobState.UNCONFIRMED, number) for number in numbers]
    show(panel, *unconfirmed, wanted=JobFilter(view=View.NEEDS_YOU))


def goes(panel: GalleryPanel, number: int) -> None:
    """A tile leaves without the user's doing."""
    job = model_of(panel).job_of(number)
    assert job is not None
    put(model_of(panel), job.marked(Mark.BINNED, 5.0))
    QApplication.processEvents()


def test_what_could_not_be_put_away_moves_no_choice_later(panel: GalleryPanel) -> None:
    needs_you(panel, 4, 3, 2, 1)
    panel.select("job-3")
    press(panel, Qt.Key.Key_Delete)
    goes(panel, 4)
    assert panel.view.selected_seqs() == (3,)
    press(panel, Qt.Key.Key_Delete)
    goes(panel, 3)
    assert panel.view.selected_seqs() == ()


def test_clearing_that_is_given_up_moves_no_choice_later(panel: GalleryPanel) -> None:
    show(panel, *(job.marked(Mark.BINNED, 5.0) for job in saved(1, 2, 3, 4)), wanted=BIN)
    panel.select("job-4")
    press(panel, Qt.Key.Key_Delete)  # asks, and the user says no
    panel.select("job-1")
    model = model_of(panel)
    put(model, saved(3)[0])
    QApplication.processEvents()
    assert panel.view.selected_seqs() == (1,)
    put(model, saved(1)[0])
    QApplication.processEvents()
    assert panel.view.selected_seqs() == ()


def test_a_choice_of_which_some_stays_is_kept(panel: GalleryPanel) -> None:
    stays = a_job(JobState.UNCONFIRMED, 3)
    show(panel, *saved(1, 2, 4), stays)
    panel.select("job-4")
    QTest.keyClick(panel.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert panel.view.selected_seqs() == (4, 3)
    press(panel, Qt.Key.Key_Delete)
    goes(panel, 4)
    assert panel.view.selected_seqs() == (3,)
    goes(panel, 3)
    assert panel.view.selected_seqs() == ()
    goes(panel, 2)
    assert panel.view.selected_seqs() == ()


def test_an_empty_gallery_hears_each_press_and_gives_the_keys_back(panel: GalleryPanel, qtbot: QtBot) -> None:
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.view.setFocus()
    show(panel, *saved(1, 2))
    panel.view.selectAll()
    goes(panel, 1)
    goes(panel, 2)
    assert panel.hasFocus()
    undone, viewed = heard(panel.undo_requested), heard(panel.view_requested)
    for at in (1000, 1400, 1800):
        for kind, moment in ((QEvent.Type.KeyPress, at), (QEvent.Type.KeyRelease, at + 80)):
            event = QKeyEvent(kind, Qt.Key.Key_Z, CTRL)
            event.setTimestamp(moment)
            QApplication.sendEvent(panel, event)
    assert len(undone) == 3

    for job in saved(1, 2):
        put(model_of(panel), job)
    assert panel.view.hasFocus()
    press(panel, Qt.Key.Key_Right)
    press(panel, Qt.Key.Key_Space)
    assert viewed == ["job-2"]


def test_after_very_many_went_the_one_in_their_place_is_selected(panel: GalleryPanel) -> None:
    jobs = saved(*range(1, 1_001))
    show(panel, *jobs)
    panel.select("job-990")
    press(panel, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    panel.view.select_only(model_of(panel).index_of("job-990"))
    press(panel, Qt.Key.Key_Delete)
    show(panel, *jobs[990:])  # the list comes anew
    assert panel.view.selected_seqs() == (991,)


def test_after_the_last_one_went_none_is_current(panel: GalleryPanel) -> None:
    told = heard(panel.current_changed)
    show(panel, *saved(1, 2))
    panel.select("job-1")
    panel.view.selectAll()
    press(panel, Qt.Key.Key_Delete)
    goes(panel, 1)
    goes(panel, 2)
    assert told == ["job-1", ""]


def test_one_that_went_by_itself_is_still_told_of(panel: GalleryPanel) -> None:
    told = heard(panel.current_changed)
    show(panel, *saved(1))
    panel.select("job-1")
    goes(panel, 1)
    assert told == ["job-1"]


@pytest.mark.parametrize("is_chosen", [False, True])
def test_what_stood_in_for_very_many_is_selected_after_their_undo_only_where_somebody_chose_it(
    panel: GalleryPanel, is_chosen: bool
) -> None:
    jobs = saved(*range(1, 1_001))
    show(panel, *jobs)
    panel.view.selectAll()
    press(panel, Qt.Key.Key_Delete)
    show(panel, *jobs[:3])
    assert panel.view.selected_seqs() == (3,)
    if is_chosen:
        press(panel, Qt.Key.Key_Right)
    told = heard(panel.current_changed)
    panel.expect_back(range(4, 1_001))
    show(panel, *jobs)
    assert panel.view.selected_seqs() == ((2,) if is_chosen else ())
    assert told == ([] if is_chosen else [""])


def test_undo_is_one_wish_wherever_the_keys_are(panel: GalleryPanel, qtbot: QtBot) -> None:
    undone = heard(panel.undo_requested)
    show(panel, *saved(1))
    panel.window().activateWindow()
    panel.return_to("job-1")
    qtbot.waitUntil(panel.view.hasFocus)
    press(panel, Qt.Key.Key_Delete)
    model_of(panel).take_marked(Marked(marking=marking(Mark.BINNED, 1), undo=()))
    assert not panel.view.isVisible()
    focused = QApplication.focusWidget()
    assert focused is panel
    QTest.keyClick(focused, Qt.Key.Key_Z, CTRL)
    assert undone == [None]


# The bin


def test_in_the_bin_there_are_restoring_and_removing_for_good(panel: GalleryPanel) -> None:
    marks, clearings = heard(panel.mark_requested), heard(panel.clearing_requested)
    gathered = heard(panel.gather_requested)
    show(panel, *(job.marked(Mark.BINNED, 1.0) for job in saved(1, 2)), wanted=BIN)
    panel.view.selectAll()
    assert "Restore 2" in offered(panel)
    assert "Delete 2 now…" in offered(panel)
    press(panel, Qt.Key.Key_Backspace, CTRL)
    press(panel, Qt.Key.Key_Delete)
    press(panel, Qt.Key.Key_C)
    assert marks == [marking(Mark.RESTORED, 2, 1)]
    assert clearings == [Clearing(seqs=(2, 1))]
    assert gathered == []


@pytest.mark.row(135)
@pytest.mark.parametrize("state", JobState)
def test_what_was_sent_is_hidden_and_not_deleted(panel: GalleryPanel, state: JobState) -> None:
    marks = heard(panel.mark_requested)
    show(panel, a_job(state))
    panel.select("job-1")
    goes_on = state in {JobState.SENDING, JobState.ACCEPTED, JobState.READY}
    waiting = "Cancel and move to bin" if state is JobState.QUEUED else "Move to bin"
    assert ("Hide" in offered(panel), waiting in offered(panel)) == (goes_on, not goes_on)
    choose(panel, "Hide" if goes_on else waiting)
    assert marks == [marking(Mark.BINNED, 1)]


def test_a_mixed_choice_is_moved_to_the_bin(panel: GalleryPanel) -> None:
    show(panel, a_job(JobState.SAVED, 1), a_job(JobState.ACCEPTED, 2))
    panel.view.selectAll()
    assert "Move 2 to the bin" in offered(panel)


def test_several_that_wait_are_cancelled_by_it(panel: GalleryPanel) -> None:
    show(panel, a_queued_job(1), a_queued_job(2))
    panel.view.selectAll()
    assert "Cancel 2 and move them to the bin" in offered(panel)


# Collections


def test_tiles_go_into_a_collection_and_out_of_the_one_that_is_shown(panel: GalleryPanel) -> None:
    gathered, taken_out = heard(panel.gather_requested), heard(panel.take_out_requested)
    show(panel, *saved(1, 2))
    panel.view.selectAll()
    assert "Take 2 out of this collection" not in offered(panel)
    press(panel, Qt.Key.Key_C)
    show(panel, *saved(1, 2), wanted=JobFilter(collection=7))
    panel.view.selectAll()
    choose(panel, "Take 2 out of this collection")
    assert gathered == [(2, 1)]
    assert taken_out == [Gathering(seqs=(2, 1), number=7)]


# The menu


def test_the_menu_offers_what_fits(panel: GalleryPanel) -> None:
    cancels = heard(panel.cancel_requested)
    show(panel, a_job(JobState.SAVED, 1, WITH_REFERENCE), a_queued_job(2))
    panel.select("job-1")
    assert offered(panel) == [
        "View",
        "Use these settings",
        "Use its prompt",
        "Use its size",
        "Use its references",
        "Generate again ($0.014)",
        "Use as reference",
        "Save as…",
        "Show in folder",
        "Copy prompt",
        "Pick",
        "Reject",
        "Add to a collection…",
        "Move to bin",
    ]
    panel.select("job-2")
    assert offered(panel) == [
        "Use these settings",
        "Use its prompt",
        "Use its size",
        "Copy prompt",
        "Send next",
        "Cancel (nothing was sent)",
        "Pick",
        "Reject",
        "Add to a collection…",
        "Cancel and move to bin",
    ]
    choose(panel, "Cancel (nothing was sent)")
    assert cancels == ["job-2"]


def test_what_was_imported_has_no_settings_and_is_not_bought(panel: GalleryPanel) -> None:
    show(panel, replace(a_job(), service=IMPORTED))
    panel.select("job-1")
    assert offered(panel)[:3] == ["View", "Use as reference", "Save as…"]
    assert not any("Generate" in text or "Use its" in text for text in offered(panel))


def test_what_is_missing_is_not_saved_or_shown_elsewhere(panel: GalleryPanel) -> None:
    job = a_job()
    show(panel, replace(job, images=(replace(job.images[0], is_missing=True),)))
    panel.select("job-1")
    assert not {"Save as…", "Show in folder"} & set(offered(panel))


def test_every_entry_with_a_key_shows_it(panel: GalleryPanel) -> None:
    show(panel, a_job(JobState.SAVED, 1, WITH_REFERENCE))
    panel.select("job-1")
    keys = {action.text(): action.shortcut().toString() for action in panel.menu().actions()}
    assert keys["Use these settings"] == keys_of(Deed.USE_ALL).toString() == "U"
    assert (keys["Use its prompt"], keys["Use its size"], keys["Use its references"]) == ("T", "S", "E")
    assert (keys["Pick"], keys["Reject"], keys["Move to bin"]) == ("P", "X", "Del")


def test_entries_wish_what_their_keys_wish(panel: GalleryPanel) -> None:
    takes, marks = heard(panel.take_requested), heard(panel.mark_requested)
    show(panel, a_job(JobState.SAVED, 1, WITH_REFERENCE))
    panel.select("job-1")
    for text in ("Use these settings", "Use its prompt", "Use its size", "Use its references", "Reject"):
        choose(panel, text)
    assert takes == [Take(job_id="job-1", part=part) for part in Part]
    assert marks == [marking(Mark.REJECTED, 1)]


def test_the_menu_takes_picture_and_words_elsewhere(panel: GalleryPanel) -> None:
    saves, shown = heard(panel.save_as_requested), heard(panel.show_in_folder_requested)
    job = a_job(JobState.SAVED, request=a_request("a <b>red</b> kite"))
    show(panel, job)
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


def test_only_a_file_that_is_there_is_offered_as_a_reference(panel: GalleryPanel) -> None:
    job = a_job(JobState.SAVED)
    show(panel, job, replace(a_job(JobState.SAVED, 2), images=(replace(job.images[0], is_missing=True),)))
    panel.select("job-1")
    assert "Use as reference" in offered(panel)
    panel.select("job-2")
    assert "Use as reference" not in offered(panel)


def test_several_tiles_are_not_saved_shown_or_copied_at_once(panel: GalleryPanel) -> None:
    show(panel, *saved(1, 2))
    panel.view.selectAll()
    assert not {"Save as…", "Show in folder", "Copy prompt"} & set(offered(panel))


def test_a_closed_job_can_be_decided_about_again(panel: GalleryPanel) -> None:
    reopened = heard(panel.reopen_requested)
    show(panel, a_job(JobState.CLOSED, 1), a_job(JobState.SAVED, 2))
    panel.select("job-2")
    assert "Decide again" not in offered(panel)
    panel.select("job-1")
    choose(panel, "Decide again")
    assert reopened == ["job-1"]


# Again


@pytest.mark.parametrize("state", JobState)
def test_again_is_offered_for_what_is_over_and_never_for_what_may_still_come(
    panel: GalleryPanel, state: JobState
) -> None:
    show(panel, a_job(state))
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
    again = heard(panel.generate_again_requested)
    show(panel, a_job(JobState.SAVED, request=a_request(tier=Tier.K4)))
    panel.select("job-1")
    assert "Generate again ($0.021)" in offered(panel)
    panel.set_prices(PUBLISHED, is_free=True)
    choose(panel, "Generate again (practice, free)")
    assert again == ["job-1"]


def test_what_is_paid_for_is_the_job_whose_price_was_named(panel: GalleryPanel) -> None:
    again = heard(panel.generate_again_requested)
    show(panel, a_job(JobState.SAVED, 1), a_job(JobState.SAVED, 2, a_request(tier=Tier.K4)))
    panel.select("job-1")
    entry = next(action for action in panel.menu().actions() if action.text().startswith("Generate again"))
    panel.select("job-2")
    entry.trigger()
    assert again == ["job-1"]
    panel.view.selectAll()
    assert not any(text.startswith("Generate again") for text in offered(panel))


def test_no_key_of_a_tile_generates(panel: GalleryPanel) -> None:
    again = heard(panel.generate_again_requested)
    show(panel, *saved(1))
    panel.select("job-1")
    for code in range(Qt.Key.Key_A.value, Qt.Key.Key_Z.value + 1):
        press(panel, Qt.Key(code))
        press(panel, Qt.Key(code), CTRL)
    assert again == []


# Use


def test_wishes_about_settings_and_references(panel: GalleryPanel) -> None:
    takes, references = heard(panel.take_requested), heard(panel.references_requested)
    show(panel, a_job(JobState.SAVED, 1), a_job(JobState.FAILED, 2))
    for job_id in ("job-1", "job-2"):
        panel.select(job_id)
        for key in (Qt.Key.Key_U, Qt.Key.Key_T, Qt.Key.Key_S, Qt.Key.Key_E):
            press(panel, key)
    assert takes == [
        Take(job_id=job_id, part=part, by_key=True) for job_id in ("job-1", "job-2") for part in Part
    ]
    takes.clear()
    panel.view.selectAll()
    press(panel, Qt.Key.Key_U)
    press(panel, Qt.Key.Key_R)
    assert takes == []
    assert references == [(2, 1)]


def test_send_next_names_the_waiting_ones_the_oldest_last(panel: GalleryPanel) -> None:
    named = heard(panel.send_next_requested)
    show(panel, a_queued_job(1), a_queued_job(2), a_job(JobState.ACCEPTED, 3))
    panel.view.selectAll()
    press(panel, Qt.Key.Key_N)
    assert named == ["job-2", "job-1"]


# Very many


@pytest.fixture
def crowd(panel: GalleryPanel) -> GalleryPanel:
    """A hundred thousand tiles, of which a screenful was read, all selected."""
    jobs = [a_job(JobState.SAVED, number) for number in range(99_990, 100_001)]
    listing = listing_of(jobs)
    listing.seqs.extend(range(99_989, 0, -1))
    listing.keys.extend(float(-seq) for seq in range(99_989, 0, -1))
    model_of(panel).set_listing(listing, jobs)
    panel.view.selectAll()
    return panel


def test_the_menu_of_very_many_names_their_number_and_reads_none(crowd: GalleryPanel) -> None:
    begin = time.perf_counter()
    texts = offered(crowd)
    took = time.perf_counter() - begin
    all_of = QLocale().toString(100_000)
    assert [text for text in texts if text != "View"] == [
        f"Pick {all_of}",
        f"Reject {all_of}",
        f"Take picks and rejects off {all_of}",
        f"Add {all_of} to a collection…",
        f"Move {all_of} to the bin",
    ]
    assert took < 0.1
    assert model_of(crowd).job_of(5) is None


def test_a_wish_for_very_many_names_them_all(crowd: GalleryPanel) -> None:
    marks, references = heard(crowd.mark_requested), heard(crowd.references_requested)
    begin = time.perf_counter()
    press(crowd, Qt.Key.Key_P)
    took = time.perf_counter() - begin
    choose(crowd, f"Take picks and rejects off {QLocale().toString(100_000)}")
    press(crowd, Qt.Key.Key_R)
    everyone = tuple(range(100_000, 0, -1))
    assert marks == [Marking(seqs=everyone, mark=mark) for mark in (Mark.PICKED, Mark.PLAIN)]
    assert references == [everyone]
    assert took < 0.2


def test_nothing_is_wished_where_nothing_is_selected(panel: GalleryPanel) -> None:
    signals = (
        panel.take_requested,
        panel.mark_requested,
        panel.references_requested,
        panel.gather_requested,
        panel.clearing_requested,
    )
    wishes = [heard(signal) for signal in signals]
    show(panel, *saved(1))
    panel.view.clearSelection()
    for key in (Qt.Key.Key_U, Qt.Key.Key_P, Qt.Key.Key_R, Qt.Key.Key_C, Qt.Key.Key_Delete):
        press(panel, key)
    assert wishes == [[]] * 5
