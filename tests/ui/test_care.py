"""The library's menu, the lines of long errands, and the questions around an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QListWidget,
    QPlainTextEdit,
    QProgressBar,
    QRadioButton,
    QWidget,
)

from gptimg_desktop.core.backup import Backup
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.importing import Imported, ImportWish
from gptimg_desktop.core.lookout import Relinked, Seen
from gptimg_desktop.core.progress import Errand, Progress
from gptimg_desktop.ui.care.backups_dialog import BackupsDialog
from gptimg_desktop.ui.care.import_dialog import ImportDialog
from gptimg_desktop.ui.care.left_out_dialog import LeftOutDialog
from gptimg_desktop.ui.care.outcomes import imported_text, relinked_text, seen_text
from gptimg_desktop.ui.care.progress_strip import PATIENCE_MS, TOLD_MS, ProgressStrip
from gptimg_desktop.ui.library_menu import LibraryMenu
from gptimg_desktop.ui.messages import sentence
from tests.ui.eyes import heard, press, text_of, visible_buttons

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

FULL = Problem.of(ProblemKind.DISK_FULL, folder="/pictures")
DAMAGED = Problem.of(ProblemKind.IMPORT_DAMAGED, name="<b>broken</b>.png")


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def strip(parent: QWidget) -> ProgressStrip:
    parent.resize(600, 200)
    strip = ProgressStrip(parent)
    strip.resize(600, 200)
    return strip


# Menu


def test_each_entry_is_one_wish(qtbot: QtBot) -> None:
    menu = LibraryMenu()
    qtbot.addWidget(menu)
    signals = {
        "importFiles": menu.import_files_requested,
        "importFolder": menu.import_folder_requested,
        "lookForMissing": menu.look_for_missing_requested,
        "folderMoved": menu.folder_moved_requested,
        "rebuildThumbnails": menu.rebuild_thumbnails_requested,
        "emptyBin": menu.empty_bin_requested,
        "backUp": menu.back_up_requested,
        "restore": menu.restore_requested,
    }
    wishes = {name: heard(signal) for name, signal in signals.items()}
    entries = [action for action in menu.actions() if not action.isSeparator()]
    assert {action.objectName() for action in entries} == set(signals)
    for action in entries:
        action.trigger()
    assert wishes == {name: [None] for name in signals}, "a wish without a payload, once"


def test_the_key_of_an_entry_is_shown_and_belongs_to_the_window(qtbot: QtBot) -> None:
    menu = LibraryMenu()
    qtbot.addWidget(menu)
    entry = menu.findChild(QAction, "importFiles")
    assert isinstance(entry, QAction)
    assert entry.text().endswith("\tCtrl+I")
    assert entry.shortcut().isEmpty()


# Progress


def test_what_is_over_soon_never_appears(qtbot: QtBot, strip: ProgressStrip) -> None:
    strip.show_progress(Progress(errand=Errand.IMPORT, done=1, total=2))
    assert strip.isHidden()
    strip.finish(Errand.IMPORT)
    qtbot.wait(PATIENCE_MS + 50)
    assert strip.isHidden()


def test_how_far_it_is_can_be_read_and_cancelled_once(qtbot: QtBot, strip: ProgressStrip) -> None:
    wishes = heard(strip.cancel_requested)
    strip.show_progress(Progress(errand=Errand.IMPORT))
    strip.show_progress(Progress(errand=Errand.IMPORT, done=3, total=12))
    qtbot.waitUntil(strip.isVisible, timeout=5000)
    assert text_of(strip) == "Importing images: 3 of 12"
    bar = strip.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert (bar.value(), bar.maximum(), bar.accessibleName()) == (3, 12, "Importing images")
    press(strip, "progressCancel")
    press(strip, "progressCancel")
    assert wishes == [Errand.IMPORT]
    assert visible_buttons(strip) == {"Cancelling…"}
    strip.show_progress(Progress(errand=Errand.IMPORT, done=4, total=12))
    assert visible_buttons(strip) == {"Cancelling…"}, "the errand ends what it has in hand"


def test_two_errands_have_a_line_each_and_end_apart(qtbot: QtBot, strip: ProgressStrip) -> None:
    strip.show_progress(Progress(errand=Errand.IMPORT, done=3, total=12))
    strip.show_progress(Progress(errand=Errand.BACK_UP))
    qtbot.waitUntil(lambda: len(text_of(strip).splitlines()) == 2, timeout=5000)
    strip.finish(Errand.BACK_UP)
    assert text_of(strip) == "Importing images: 3 of 12"
    strip.finish(Errand.IMPORT)
    assert strip.isHidden()


def test_how_it_ended_is_told_at_once_and_for_a_while(
    qtbot: QtBot, strip: ProgressStrip, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert TOLD_MS >= 10_000
    monkeypatch.setattr("gptimg_desktop.ui.care.progress_strip.TOLD_MS", 50)
    strip.finish(Errand.LOOK_FOR_FILES, "No file is missing.")
    assert text_of(strip) == "No file is missing."
    qtbot.waitUntil(strip.isHidden, timeout=5000)


def test_trouble_stays_until_it_is_dismissed(
    qtbot: QtBot, strip: ProgressStrip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gptimg_desktop.ui.care.progress_strip.TOLD_MS", 1)
    more = heard(strip.more_requested)
    cancelled = heard(strip.cancel_requested)
    strip.finish(Errand.IMPORT, "1 could not be imported.", more="Which ones…", is_trouble=True)
    qtbot.wait(60)
    assert visible_buttons(strip) == {"Which ones…", "Dismiss"}
    press(strip, "progressMore")
    assert more == [Errand.IMPORT]
    press(strip, "progressCancel")
    assert strip.isHidden()
    assert cancelled == []


def test_the_next_errand_of_a_kind_takes_the_place_of_the_last(qtbot: QtBot, strip: ProgressStrip) -> None:
    strip.finish(Errand.IMPORT, "Cancelled.", is_trouble=True)
    strip.show_progress(Progress(errand=Errand.IMPORT, done=1, total=5))
    qtbot.waitUntil(lambda: text_of(strip) == "Importing images: 1 of 5", timeout=5000)
    assert visible_buttons(strip) == {"Cancel"}


@pytest.mark.parametrize("errand", list(Errand))
def test_every_errand_has_a_name_and_a_sign(qtbot: QtBot, strip: ProgressStrip, errand: Errand) -> None:
    strip.show_progress(Progress(errand=errand))
    qtbot.waitUntil(strip.isVisible, timeout=5000)
    assert text_of(strip).endswith("…")
    assert not strip.grab().isNull()


# Questions and lists


def test_an_import_is_a_copy_unless_the_user_says_otherwise(parent: QWidget) -> None:
    dialog = ImportDialog(("/a/b.png",), "/pictures", parent)
    told = heard(dialog.chosen)
    dialog.open()
    assert "Import “b.png”" in text_of(dialog)
    assert "/pictures" in text_of(dialog)
    press(dialog, "importGo")
    assert told == [ImportWish(paths=("/a/b.png",), are_copied=True)]
    assert dialog.isHidden()


def test_files_can_be_left_where_they_are(parent: QWidget) -> None:
    dialog = ImportDialog(("/a/b.png", "/a/c"), "/pictures", parent)
    told = heard(dialog.chosen)
    dialog.open()
    assert "Import 2 files and folders" in text_of(dialog)
    leave = dialog.findChild(QRadioButton, "importLeave")
    assert isinstance(leave, QRadioButton)
    leave.click()
    press(dialog, "importGo")
    assert told == [ImportWish(paths=("/a/b.png", "/a/c"), are_copied=False)]


def test_an_import_that_is_called_off_is_none(parent: QWidget) -> None:
    dialog = ImportDialog(("/a/",), "/pictures", parent)
    told = heard(dialog.chosen)
    dialog.open()
    assert "Import “a”" in text_of(dialog)
    press(dialog, "importCancel")
    assert told == []
    assert dialog.isHidden()


def test_what_was_left_out_is_told_file_by_file_as_plain_text(parent: QWidget) -> None:
    dialog = LeftOutDialog((DAMAGED, DAMAGED), parent)
    dialog.open()
    text = dialog.findChild(QPlainTextEdit, "leftOutText")
    assert isinstance(text, QPlainTextEdit)
    assert text.toPlainText().splitlines() == [sentence(DAMAGED)] * 2
    assert "These 2 files were not imported" in text_of(dialog)
    press(dialog, "leftOutCopy")
    assert QApplication.clipboard().text() == text.toPlainText()
    text.setFocus()
    reached = []
    for _ in range(2):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        reached.append(dialog.focusWidget().objectName())
    assert reached == ["leftOutCopy", "leftOutClose"]
    press(dialog, "leftOutClose")
    assert dialog.isHidden()


# Sentences


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Imported(), "No pictures were found there."),
        (Imported(added=1), "1 image was imported."),
        (
            Imported(known=3, in_bin=1),
            "Nothing new was imported. 3 were in the library already. 1 of them lies",
        ),
        (Imported(added=2, problems=(DAMAGED,)), "2 images were imported. 1 could not be imported."),
        (Imported(added=2, was_cancelled=True), "Cancelled. 2 images were imported and stay."),
        (
            Imported(added=2, ended_by=FULL),
            "The import ended early. 2 images were imported and stay. The disk",
        ),
        (Imported(found_again=1), "Nothing new was imported. 1 file that was missing is there again."),
    ],
)
def test_how_an_import_ended(outcome: Imported, told: str) -> None:
    assert imported_text(outcome).startswith(told)


def test_what_a_look_found() -> None:
    assert seen_text(Seen(looked_at=4)) == "No file is missing."
    assert seen_text(Seen(looked_at=4, missing=1, came_back=2)) == "1 file is missing. 2 are there again."
    assert seen_text(Seen(missing=1, in_bin=1)) == "1 file is missing. It lies in the bin."
    assert seen_text(Seen(missing=2, in_bin=1)) == "2 files are missing. 1 of them lies in the bin."
    assert seen_text(Seen(missing=2, in_bin=2)) == "2 files are missing. All of them lie in the bin."
    assert "does not answer" in seen_text(Seen(unseen=4))
    assert "No file is missing" not in seen_text(Seen(unseen=4))
    assert seen_text(Seen(was_cancelled=True)) == "Cancelled."


def test_what_a_search_found() -> None:
    assert relinked_text(Relinked()) == "No file is missing."
    assert relinked_text(Relinked(missing=3, found=2)) == "2 of 3 missing files were found there."
    assert relinked_text(Relinked(missing=3)) == "None of the 3 missing files was found there."
    assert relinked_text(Relinked(missing=1)) == "The missing file is not there."


# Backups


@pytest.fixture
def backups(qtbot: QtBot) -> BackupsDialog:
    """The dialog as it opens, with nothing in it yet; the first of the backups that come is damaged."""
    dialog = BackupsDialog()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitExposed(dialog)
    return dialog


def bring(dialog: BackupsDialog) -> QListWidget:
    kept = [Backup(name=name, made_at=1e9, size_bytes=1_000, is_good=name != "d") for name in "dabc"]
    dialog.set_backups(tuple(kept))
    shown = dialog.findChild(QListWidget, "backupsList")
    assert isinstance(shown, QListWidget)
    return shown


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def key(*keys: Qt.Key) -> None:
    """Press keys where the focus is."""
    for each in keys:
        QTest.keyClick(focused(), each)


@pytest.mark.parametrize("enter", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_backup_is_restored_by_keys(backups: BackupsDialog, enter: Qt.Key) -> None:
    restored = heard(backups.restore_requested)
    shown = bring(backups)
    assert shown.hasFocus()
    key(Qt.Key.Key_Down, Qt.Key.Key_Tab)
    assert focused().objectName() == "backupsRestore"
    key(enter)
    assert restored == ["b"]
    assert not backups.isVisible()


def test_nothing_but_the_button_restores_a_backup(backups: BackupsDialog) -> None:
    restored = heard(backups.restore_requested)
    shown = bring(backups)
    key(Qt.Key.Key_Return, Qt.Key.Key_Enter)
    at = shown.visualItemRect(shown.item(2)).center()
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=at)
    key(Qt.Key.Key_Return)
    assert restored == []
    assert backups.isVisible()
    key(Qt.Key.Key_Tab, Qt.Key.Key_Tab)
    assert focused().objectName() == "backupsCancel"
    key(Qt.Key.Key_Return)
    assert restored == []
    assert not backups.isVisible()


def test_backups_that_arrive_leave_the_keys_where_they_went(backups: BackupsDialog) -> None:
    key(Qt.Key.Key_Tab)
    assert focused().objectName() == "backupsCancel"
    bring(backups)
    assert focused().objectName() == "backupsCancel"


def test_a_backup_says_how_many_jobs_it_has(qtbot: QtBot) -> None:
    dialog = BackupsDialog()
    qtbot.addWidget(dialog)
    kept = [Backup(name=str(jobs), made_at=1e9 + jobs, size_bytes=1_000, jobs=jobs) for jobs in (0, 1, 2)]
    damaged = Backup(name="d", made_at=1e9, size_bytes=1_000, is_good=False)
    dialog.set_backups((*kept, damaged))
    shown = dialog.findChild(QListWidget, "backupsList")
    assert isinstance(shown, QListWidget)
    told = [shown.item(row).text().split("  ·  ")[1] for row in range(shown.count())]
    assert told == ["0 jobs", "1 job", "2 jobs", "damaged"]
