"""The list in which a collection is picked: narrowed by typing, and a new one made of what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListView, QWidget

from gptimg_desktop.core.collection import Collection, Gathering
from gptimg_desktop.ui.collections.picker import CollectionPicker
from tests.ui.eyes import heard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

COLLECTIONS = (
    Collection(number=1, name="Chairs", count=12),
    Collection(number=2, name="Kunde Müller", count=3),
    Collection(number=3, name="海报", count=0),
)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.resize(700, 500)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def picker(window: QWidget) -> CollectionPicker:
    picker = CollectionPicker(window)
    picker.set_collections(COLLECTIONS)
    picker.open_for((7, 5), window)
    return picker


def rows(picker: CollectionPicker) -> list[str]:
    view = picker.popup.findChild(QListView, "collectionList")
    assert view is not None
    model = view.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def type_and_enter(picker: CollectionPicker, text: str) -> None:
    picker.popup.search_field.setText(text)  # a test's keys are ASCII
    QTest.keyClick(picker.popup.search_field, Qt.Key.Key_Return)


def test_all_collections_are_offered(picker: CollectionPicker) -> None:
    assert rows(picker) == ["Chairs · 12", "Kunde Müller · 3", "海报 · 0"]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", Gathering(seqs=(7, 5), number=1)),
        ("müll", Gathering(seqs=(7, 5), number=2)),
        ("海", Gathering(seqs=(7, 5), number=3)),
        ("CHAIRS", Gathering(seqs=(7, 5), number=1)),
        (" sofas  2 ", Gathering(seqs=(7, 5), name="sofas 2")),
    ],
)
def test_enter_takes_the_first_that_fits_or_makes_a_new_one(
    picker: CollectionPicker, typed: str, wanted: Gathering
) -> None:
    gathered = heard(picker.gather_requested)
    type_and_enter(picker, typed)

    assert gathered == [wanted]
    assert not picker.popup.isVisible()


def test_what_fits_in_part_comes_before_the_new_one(picker: CollectionPicker) -> None:
    QTest.keyClicks(picker.popup.search_field, "chair")

    assert len(rows(picker)) == 2
    assert rows(picker)[0].startswith("Chairs")
    assert "“chair”" in rows(picker)[1]


def test_a_name_that_is_there_is_not_offered_as_new(picker: CollectionPicker) -> None:
    QTest.keyClicks(picker.popup.search_field, "chairs ")
    assert len(rows(picker)) == 1


def test_escape_asks_for_nothing(picker: CollectionPicker) -> None:
    gathered = heard(picker.gather_requested)
    QTest.keyClick(picker.popup.search_field, Qt.Key.Key_Escape)

    assert gathered == []
    assert not picker.popup.isVisible()


def test_nothing_is_asked_about_no_jobs(window: QWidget) -> None:
    picker = CollectionPicker(window)
    picker.open_for((), window)
    assert not picker.popup.isVisible()


def test_without_collections_it_says_what_to_do(window: QWidget) -> None:
    picker = CollectionPicker(window)
    picker.open_for((1,), window)
    said = [label.text() for label in picker.popup.findChildren(QLabel) if label.isVisible()]
    assert said == ["Type a name for the first collection."]
