"""The row of collections: what is shown, what a hand can do there, and what each of it asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from gptimg_desktop.core.collection import Collection, Gathering, Naming
from gptimg_desktop.ui.collections.bar import CollectionBar
from gptimg_desktop.ui.collections.chip import CollectionChip
from gptimg_desktop.ui.collections.dragged_jobs import jobs_in
from gptimg_desktop.ui.collections.new_button import NewButton
from gptimg_desktop.ui.gallery.tile_drag import JOBS_MIME
from tests.ui.eyes import heard, press

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen

COPY = Qt.DropAction.CopyAction
DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CHAIRS = Collection(number=1, name="Chairs", count=12)
TABLES = Collection(number=2, name="Tables & co", count=0, is_current=True)


class Ground(QWidget):
    """A window with the bar in it, and something to drag from."""

    def __init__(self) -> None:
        super().__init__()
        self.source = QWidget(self)
        self.source.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.source.setFocus()  # as the prompt has the keys at first
        self.bar = CollectionBar(self)
        self.spread(900)

    def spread(self, width: int) -> None:
        self.resize(width, 40)
        self.bar.resize(width, 40)

    def chip(self, number: int) -> CollectionChip:
        found = self.bar.findChild(CollectionChip, f"collection_{number}")
        assert found is not None
        return found

    @property
    def field(self) -> QLineEdit:
        found = self.bar.findChild(QLineEdit, "collectionName")
        assert found is not None
        return found


@pytest.fixture
def ground(qtbot: QtBot) -> Ground:
    ground = Ground()
    qtbot.addWidget(ground)
    ground.bar.set_collections((CHAIRS, TABLES))
    ground.show()
    ground.activateWindow()
    qtbot.waitExposed(ground)
    return ground


def test_tab_goes_from_left_to_right(ground: Ground) -> None:
    lamps = Collection(number=3, name="Lamps", count=1)
    ground.bar.set_collections((lamps, CHAIRS, TABLES))
    ground.chip(3).setFocus()
    reached = []
    for _ in range(3):
        QTest.keyClick(ground.focusWidget(), Qt.Key.Key_Tab)
        reached.append(ground.focusWidget().objectName())
    assert reached == ["collection_1", "collection_2", "newCollection"]


def data_of(*seqs: int) -> QMimeData:
    data = QMimeData()
    data.setData(JOBS_MIME, json.dumps(seqs).encode())
    return data


def drop(target: QWidget, data: QMimeData, source: QWidget | None) -> bool:
    """Let go of a drag over a widget; True where it was taken. `source` None: from another program."""
    enter, at = QDragEnterEvent(QPoint(4, 4), COPY, data, LEFT, NONE), QPointF(4, 4)
    fall = QDropEvent(at, COPY, data, LEFT, NONE)
    for event in (enter, fall):
        event.setAccepted(False)
        setattr(event, "source", lambda: source)  # noqa: B010 - a test's drag has none by itself
    target.dragEnterEvent(enter)
    if enter.isAccepted():
        target.dropEvent(fall)
    return bool(enter.isAccepted() and fall.isAccepted())


# What is shown


def test_the_bar_is_not_there_without_collections(qtbot: QtBot) -> None:
    bar = CollectionBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()

    bar.set_collections((CHAIRS,))
    assert not bar.isHidden()

    bar.set_collections(())
    assert bar.isHidden()


def test_chips_tell_name_count_and_which_one_takes_new_pictures(ground: Ground) -> None:
    assert ground.chip(1).text() == "Chairs  12"
    assert ground.chip(2).text() == "Tables && co  0"
    assert "Collection Chairs, 12 pictures" in ground.chip(1).accessibleName()
    assert "New generations go here" not in ground.chip(1).accessibleName()
    assert "New generations go here" in ground.chip(2).accessibleName()
    assert ground.chip(1).icon().isNull()
    assert not ground.chip(2).icon().isNull()


def test_chips_follow_what_they_are_told_in_its_order(ground: Ground) -> None:
    renamed = Collection(number=1, name="Zebras", count=3)
    ground.bar.set_collections((TABLES, renamed))

    QApplication.processEvents()  # Qt lays out a moment later
    assert ground.chip(1).text() == "Zebras  3"
    assert ground.chip(2).x() < ground.chip(1).x()


def test_a_long_name_is_cut_and_told_whole(ground: Ground) -> None:
    name = "Verpackungsdesign für den Kunden Müller & Söhne, Frühjahr 2026"
    ground.bar.set_collections((Collection(number=3, name=name),))

    assert "…" in ground.chip(3).text()
    assert name in ground.chip(3).toolTip()
    assert name in ground.chip(3).accessibleName()


@pytest.mark.parametrize("width", [300, 480, 900])
def test_chips_without_room_are_in_a_menu_and_the_chosen_one_is_seen(ground: Ground, width: int) -> None:
    many = tuple(Collection(number=n, name=f"Collection {n}", count=n) for n in range(1, 31))
    ground.spread(width)
    ground.bar.set_collections(many)
    ground.bar.set_chosen(30)
    QApplication.processEvents()
    shown = [chip for chip in ground.bar.findChildren(CollectionChip) if chip.isVisible()]

    assert ground.chip(30) in shown
    assert all(chip.geometry().right() < width for chip in shown)
    assert all(chip.width() >= chip.minimumSizeHint().width() for chip in shown)
    press(ground.bar, "moreCollections")
    menu = ground.bar.findChild(QWidget, "otherCollections")
    assert menu is not None
    assert len(menu.actions()) == 30 - len(shown)
    chosen = heard(ground.bar.chosen)
    menu.actions()[0].trigger()
    menu.close()
    assert len(chosen) == 1


# Filtering


def test_a_click_shows_a_collection_alone_and_another_everything(ground: Ground) -> None:
    chosen = heard(ground.bar.chosen)
    ground.chip(1).click()
    assert not ground.chip(1).isChecked(), "it is chosen once the gallery shows it"
    ground.bar.set_chosen(1)
    assert ground.chip(1).isChecked()
    ground.chip(1).click()

    assert chosen == [1, 0]


def test_arrows_go_along_the_chips(ground: Ground) -> None:
    ground.activateWindow()
    ground.chip(1).setFocus()
    QTest.keyClick(ground.chip(1), Qt.Key.Key_Right)
    assert ground.chip(2).hasFocus()
    QTest.keyClick(ground.chip(2), Qt.Key.Key_Right)
    assert ground.chip(2).hasFocus()
    QTest.keyClick(ground.chip(2), Qt.Key.Key_Left)
    assert ground.chip(1).hasFocus()


# Dropping


def test_tiles_that_are_dropped_on_a_chip_go_into_its_collection(ground: Ground) -> None:
    gathered = heard(ground.bar.gather_requested)

    assert drop(ground.chip(1), data_of(7, 5, 7), ground.source)
    assert gathered == [Gathering(seqs=(7, 5), number=1)]
    assert not ground.chip(1).property("aimed")


def test_tiles_of_another_program_mean_nothing_here(ground: Ground) -> None:
    """Its numbers are those of another library."""
    gathered = heard(ground.bar.gather_requested)

    assert not drop(ground.chip(1), data_of(7), None)
    assert gathered == []


@pytest.mark.parametrize("text", [b"", b"{}", b"[1.5, true, -3, 0]", b'["1"]', b"\xff", b"[" * 5000, b"7"])
def test_a_drag_that_makes_no_sense_asks_for_nothing(ground: Ground, text: bytes) -> None:
    data = QMimeData()
    data.setData(JOBS_MIME, text)
    gathered = heard(ground.bar.gather_requested)

    drop(ground.chip(1), data, ground.source)
    assert gathered == []
    assert jobs_in(data) == ()


def test_files_are_not_for_a_collection(ground: Ground) -> None:
    data = QMimeData()
    data.setText("a text")
    assert not drop(ground.chip(1), data, ground.source)


# Naming


def test_a_new_collection_is_named_in_place(ground: Ground) -> None:
    created = heard(ground.bar.create_requested)
    press(ground.bar, "newCollection")
    assert ground.field.isVisible()
    QTest.keyClicks(ground.field, "  Sofas ")
    QTest.keyClick(ground.field, Qt.Key.Key_Return)

    assert created == [Gathering(name="Sofas")]
    assert ground.field.isVisible(), "until it is there"
    ground.bar.set_collections((CHAIRS, Collection(number=9, name="Sofas"), TABLES))
    assert not ground.field.isVisible()


def test_tiles_that_are_dropped_on_the_plus_go_into_the_new_collection(ground: Ground) -> None:
    created = heard(ground.bar.create_requested)
    plus = ground.bar.findChild(NewButton, "newCollection")
    assert plus is not None
    drop(plus, data_of(3, 4), ground.source)
    QTest.keyClicks(ground.field, "Sofas")
    QTest.keyClick(ground.field, Qt.Key.Key_Enter)

    assert created == [Gathering(seqs=(3, 4), name="Sofas")]


def test_escape_and_an_empty_name_give_it_up(ground: Ground) -> None:
    created = heard(ground.bar.create_requested)
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        press(ground.bar, "newCollection")
        QTest.keyClicks(ground.field, "   ")
        QTest.keyClick(ground.field, key)
        assert not ground.field.isVisible()

    assert created == []


def test_a_first_collection_can_be_named_while_there_is_no_bar(qtbot: QtBot) -> None:
    bar = CollectionBar()
    qtbot.addWidget(bar)
    bar.begin_naming((1,))
    assert not bar.isHidden()
    field = bar.findChild(QLineEdit, "collectionName")
    assert field is not None
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert bar.isHidden()


def test_a_name_that_cannot_be_taken_stays_to_be_mended(ground: Ground) -> None:
    press(ground.bar, "newCollection")
    QTest.keyClicks(ground.field, "chairs")
    ground.bar.show_problem("“Chairs” is there already.")

    assert ground.field.isVisible()
    assert ground.field.property("invalid")
    assert ground.field.accessibleDescription() == "“Chairs” is there already."
    QTest.keyClicks(ground.field, "2")
    assert not ground.field.property("invalid")


def test_a_name_that_is_being_typed_is_left_alone_by_news_of_others(ground: Ground) -> None:
    press(ground.bar, "newCollection")
    QTest.keyClicks(ground.field, "Chairs")  # of "Chairs 2026"
    ground.bar.set_collections((Collection(number=1, name="Chairs", count=13), TABLES))

    assert ground.field.isVisible()
    assert ground.field.text() == "Chairs"


def test_f2_renames_in_place(ground: Ground) -> None:
    renamed = heard(ground.bar.rename_requested)
    ground.chip(1).setFocus()
    QTest.keyClick(ground.chip(1), Qt.Key.Key_F2)
    assert not ground.chip(1).isVisible()
    assert ground.field.text() == "Chairs"
    QTest.keyClicks(ground.field, "Stools")
    QTest.keyClick(ground.field, Qt.Key.Key_Return)
    assert renamed == [Naming(number=1, name="Stools")]

    ground.bar.set_collections((Collection(number=1, name="Stools"), TABLES))
    assert not ground.field.isVisible()
    assert ground.chip(1).isVisible()
    assert ground.chip(1).hasFocus(), "F2 and Del go on there"


def test_a_chip_without_room_has_the_keys_too_once_it_is_renamed(ground: Ground) -> None:
    many = tuple(Collection(number=n, name=f"Collection {n}", count=n) for n in range(1, 31))
    ground.bar.set_collections(many)
    assert not ground.chip(30).isVisible()
    ground.bar.menu_of(30).actions()[2].trigger()
    QTest.keyClicks(ground.field, "Zebras")
    QTest.keyClick(ground.field, Qt.Key.Key_Return)
    ground.bar.offer_undo("Renamed to “Zebras”.")
    ground.bar.set_collections((*many[:-1], Collection(number=30, name="Zebras")))

    QApplication.processEvents()
    assert ground.chip(30).hasFocus()
    assert ground.chip(30).isVisible()
    assert not overlaps(ground.bar)


def test_a_new_collection_has_the_keys(ground: Ground) -> None:
    press(ground.bar, "newCollection")
    QTest.keyClicks(ground.field, "Sofas")
    QTest.keyClick(ground.field, Qt.Key.Key_Return)
    ground.bar.set_collections((CHAIRS, Collection(number=9, name="Sofas"), TABLES))
    assert ground.chip(9).hasFocus()


def test_the_keys_stay_where_they_went_while_a_name_is_awaited(ground: Ground) -> None:
    QTest.keyClick(ground.chip(1), Qt.Key.Key_F2)
    QTest.keyClicks(ground.field, "Stools")
    QTest.keyClick(ground.field, Qt.Key.Key_Return)
    ground.chip(2).setFocus()
    ground.bar.set_collections((Collection(number=1, name="Stools"), TABLES))
    assert ground.chip(2).hasFocus()


def test_the_same_name_again_renames_nothing(ground: Ground) -> None:
    renamed = heard(ground.bar.rename_requested)
    QTest.keyClick(ground.chip(1), Qt.Key.Key_F2)
    QTest.keyClick(ground.field, Qt.Key.Key_Return)

    assert renamed == []
    assert ground.chip(1).isVisible()


def test_a_collection_that_goes_while_it_is_renamed_takes_the_field_with_it(ground: Ground) -> None:
    QTest.keyClick(ground.chip(1), Qt.Key.Key_F2)
    ground.bar.set_collections((TABLES,))

    assert not ground.field.isVisible()
    plus = ground.bar.findChild(NewButton, "newCollection")
    assert plus is not None
    assert plus.hasFocus()


# The menu, and the way back


def test_the_menu_makes_current_renames_and_removes(ground: Ground) -> None:
    current, removed = heard(ground.bar.current_requested), heard(ground.bar.remove_requested)
    for number in (1, 2):
        menu = ground.bar.menu_of(number)
        entries = [action for action in menu.actions() if not action.isSeparator()]
        assert entries[0].isChecked() is (number == 2)
        entries[0].trigger()
        entries[2].trigger()
        entries[1].trigger()
        assert ground.field.isVisible()
        QTest.keyClick(ground.field, Qt.Key.Key_Escape)
        menu.close()

    assert current == [1, 0]
    assert removed == [1, 2]


def test_del_removes_once_however_long_it_is_held(ground: Ground) -> None:
    removed = heard(ground.bar.remove_requested)
    ground.chip(1).setFocus()
    for is_repeated in (False, True, True):
        press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Delete, NONE, "", is_repeated)
        QApplication.sendEvent(ground.chip(1), press)

    assert removed == [1]


def test_ctrl_z_undoes_what_was_done_last_once_however_long_it_is_held(ground: Ground) -> None:
    undone = heard(ground.bar.undo_last_requested)
    ground.bar.offer_undo("Renamed to “Chairs”.")
    for name in ("collection_1", "newCollection", "collectionUndo"):
        part = ground.bar.findChild(QWidget, name)
        assert part is not None
        part.setFocus()
        for is_repeated in (False, True, True):
            control = Qt.KeyboardModifier.ControlModifier
            QApplication.sendEvent(
                part, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Z, control, "", is_repeated)
            )
        QTest.keyRelease(part, Qt.Key.Key_Z, control)

    assert undone == [None] * 3


def test_in_the_field_ctrl_z_is_about_the_text(ground: Ground) -> None:
    undone = heard(ground.bar.undo_last_requested)
    press(ground.bar, "newCollection")
    QTest.keyClicks(ground.field, "Sofas")
    for _ in range(3):
        QTest.keyClick(ground.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert ground.field.text() == ""
    assert undone == []


def overlaps(bar: CollectionBar) -> list[tuple[str, str]]:
    """The parts that are painted over each other, or out of the row."""
    parts = [part for part in bar.findChildren(QWidget, options=DIRECT) if part.isVisible()]
    across = [
        (one.objectName(), other.objectName())
        for place, one in enumerate(parts)
        for other in parts[:place]
        if one.geometry().intersects(other.geometry())
    ]
    return across + [(part.objectName(), "") for part in parts if not bar.rect().contains(part.geometry())]


@pytest.mark.parametrize("width", [420, 480, 600, 900])
@pytest.mark.parametrize("count", [2, 6, 30])
def test_what_was_done_last_lies_over_nothing(ground: Ground, width: int, count: int) -> None:
    ground.spread(width)
    ground.bar.set_collections(
        tuple(Collection(number=n, name=f"Sofas {n}", count=n) for n in range(1, count + 1))
    )
    ground.bar.set_chosen(count)
    height = ground.bar.sizeHint().height()
    QApplication.processEvents()
    shown = [chip.isVisible() for chip in ground.bar.findChildren(CollectionChip)]
    ground.bar.offer_undo("New generations go into “Sofas 1” from now on.")
    QApplication.processEvents()

    assert overlaps(ground.bar) == []
    assert ground.chip(count).isVisible()
    told = ground.bar.findChild(QWidget, "collectionDone")
    assert told is not None
    assert told.width() >= min(told.sizeHint().width(), width // 5)
    assert ground.bar.sizeHint().height() == height
    ground.bar.forget_done()
    assert [chip.isVisible() for chip in ground.bar.findChildren(CollectionChip)] == shown


def test_what_was_done_last_can_be_undone_for_a_while(ground: Ground) -> None:
    undone = heard(ground.bar.undo_requested)
    places = [ground.chip(number).geometry() for number in (1, 2)]
    ground.bar.offer_undo("12 put into “Chairs”.")
    assert [ground.chip(number).geometry() for number in (1, 2)] == places, "nothing moves for it"
    press(ground.bar, "collectionUndo")

    assert undone == [None]
    undo = ground.bar.findChild(QPushButton, "collectionUndo")
    assert undo is not None
    assert not undo.isVisible()


def test_the_last_one_can_be_brought_back_after_it_was_removed(ground: Ground) -> None:
    ground.bar.set_collections(())
    ground.bar.offer_undo("“Chairs” removed; its pictures stay.")
    assert ground.bar.isVisible()

    ground.bar.forget_done()
    assert not ground.bar.isVisible()


def test_a_line_without_chips_below_it_stays_when_tiles_are_dragged(ground: Ground) -> None:
    ground.bar.set_collections(())
    ground.bar.offer_undo("“Chairs” removed; its pictures stay.")
    ground.bar.make_room()
    assert ground.bar.isVisible(), "nothing moves from under the mouse"


def test_every_part_has_a_name(ground: Ground) -> None:
    buttons = [each for each in ground.bar.findChildren(QPushButton) if not each.isHidden()]
    assert all(each.accessibleName() and each.objectName() for each in buttons)
    press(ground.bar, "newCollection")
    assert ground.field.accessibleName()
