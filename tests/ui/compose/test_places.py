"""Places in the tray for what is still being read: the order that was seen is the order that is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.reference import UrlReference
from gptimg_desktop.ui.compose.panel import ComposePanel
from gptimg_desktop.ui.compose.references.reference_chip import ReferenceChip
from gptimg_desktop.ui.gallery.model import JobListModel
from tests.support.listed import fill
from tests.ui.compose import hands
from tests.ui.jobs import a_job

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.ui.compose.wishes import PastedPicture

READING = ", reading…"


class Reader:
    """Stands where the program reads files: remembers what is asked for."""

    def __init__(self, panel: ComposePanel) -> None:
        self.sources: list[str] = []
        self.drafts: list[Draft] = []
        panel.references_offered.connect(self._on_paths)
        panel.picture_pasted.connect(self._on_picture)
        panel.generate_requested.connect(self.drafts.append)

    def _on_paths(self, paths: tuple[str, ...]) -> None:
        self.sources += paths

    def _on_picture(self, pasted: PastedPicture) -> None:
        self.sources.append(pasted.source)


@pytest.fixture
def reader(panel: ComposePanel) -> Reader:
    hands.prompt(panel).setPlainText("a red kite")
    return Reader(panel)


def names(panel: QWidget) -> list[str]:
    """What a screen reader tells of each place, in the order of the numbers."""
    told = [chip.accessibleName() for chip in panel.findChildren(ReferenceChip) if not chip.isHidden()]
    pairs = (name.removeprefix("Reference ").split(": ", 1) for name in told)
    return [name for _, name in sorted((int(number), name) for number, name in pairs)]


def mixed(*addresses: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(address) for address in addresses])
    return mime


def tray(panel: ComposePanel) -> QWidget:
    return hands.find(panel, QWidget, "referenceTray")


def test_what_is_dropped_together_keeps_its_order(panel: ComposePanel, reader: Reader) -> None:
    address = "https://example.com/c.png"
    hands.drop(tray(panel), mixed("file:///p/a.png", address, "file:///p/b.png"))
    assert names(panel) == [f"a.png{READING}", address, f"b.png{READING}"]
    assert reader.sources == ["/p/a.png", "/p/b.png"]
    for number in (2, 1):
        panel.add_reference(hands.file_reference(number), hands.bitmap(), source=reader.sources[number - 1])
    assert names(panel) == ["sketch 1.png", address, "sketch 2.png"]
    expected = (hands.file_reference(1), UrlReference(url=address), hands.file_reference(2))
    assert panel.draft().references == expected


def test_what_is_typed_while_files_are_read_comes_after_them(panel: ComposePanel, reader: Reader) -> None:
    hands.drop(tray(panel), hands.files("/p/a.png"))
    field = hands.find(panel, QLineEdit, "referenceUrlEdit")
    QTest.keyClicks(field, "https://example.com/c.png")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QGuiApplication.clipboard().setImage(QImage(3, 2, QImage.Format.Format_RGBA8888))
    QTest.keyClick(tray(panel), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert names(panel) == [f"a.png{READING}", "https://example.com/c.png", f"Pasted picture{READING}"]
    panel.add_reference(hands.file_reference(3), None, source=reader.sources[1])
    panel.add_reference(hands.file_reference(1), None, source=reader.sources[0])
    assert names(panel) == ["sketch 1.png", "https://example.com/c.png", "sketch 3.png"]


def test_ten_files_and_six_addresses_are_sent_as_they_were_dropped(
    panel: ComposePanel, reader: Reader
) -> None:
    addresses = {1, 4, 5, 9, 12, 15}
    dropped = [f"https://example.com/{n}.png" if n in addresses else f"file:///p/{n}.png" for n in range(16)]
    hands.drop(tray(panel), mixed(*dropped))
    for number in sorted(set(range(16)) - addresses, reverse=True):
        panel.add_reference(hands.file_reference(number), None, source=f"/p/{number}.png")
    hands.click(hands.generate(panel))
    assert reader.drafts[0].references == tuple(
        UrlReference(url=dropped[n]) if n in addresses else hands.file_reference(n) for n in range(16)
    )


def test_a_picture_comes_into_its_place_with_what_it_shows(panel: ComposePanel, reader: Reader) -> None:
    hands.drop(tray(panel), hands.files("/p/a.png"))
    panel.add_reference(hands.file_reference(1), hands.bitmap(), source=reader.sources[0])
    chip = tray(panel).findChild(ReferenceChip)
    assert isinstance(chip, ReferenceChip)
    shown = chip.grab().toImage()
    assert shown.pixelColor(shown.width() // 2, shown.height() // 3).name() == "#ff0000"


def test_what_cannot_be_read_gives_its_place_back(panel: ComposePanel) -> None:
    hands.drop(tray(panel), hands.files("/p/a.png", "/p/b.png"))
    panel.drop_pending("/p/a.png")
    panel.drop_pending("/p/nobody asked for this.png")
    assert names(panel) == [f"b.png{READING}"]


def test_the_same_file_twice_is_two_places(panel: ComposePanel, reader: Reader) -> None:
    hands.drop(tray(panel), hands.files("/p/a.png", "/p/b.png", "/p/a.png"))
    for source in reader.sources:
        panel.add_reference(hands.file_reference(1 if source == "/p/a.png" else 2), None, source=source)
    assert names(panel) == ["sketch 1.png", "sketch 2.png", "sketch 1.png"]


def test_a_place_that_is_taken_out_stays_out(panel: ComposePanel, reader: Reader) -> None:
    hands.drop(tray(panel), hands.files("/p/a.png", "/p/b.png"))
    first = next(chip for chip in tray(panel).findChildren(ReferenceChip) if chip.title == "a.png")
    QTest.keyClick(first, Qt.Key.Key_Delete)
    for source in reader.sources:
        panel.add_reference(hands.file_reference(1), None, source=source)
    assert names(panel) == ["sketch 1.png"]


def test_another_draft_takes_all_places_away(panel: ComposePanel, reader: Reader) -> None:
    hands.drop(tray(panel), hands.files("/p/a.png"))
    panel.set_draft(Draft(references=(hands.url_reference(1),)))
    panel.add_reference(hands.file_reference(1), None, source=reader.sources[0])
    assert panel.draft().references == (hands.url_reference(1),)


def test_a_place_can_be_moved_while_it_waits(panel: ComposePanel, reader: Reader) -> None:
    hands.drop(tray(panel), hands.files("/p/a.png", "/p/b.png"))
    first = next(chip for chip in tray(panel).findChildren(ReferenceChip) if chip.title == "a.png")
    QTest.keyClick(first, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    for number, source in enumerate(reader.sources, 1):
        panel.add_reference(hands.file_reference(number), None, source=source)
    assert panel.draft().references == (hands.file_reference(2), hands.file_reference(1))


def test_places_count_as_references(panel: ComposePanel, reader: Reader) -> None:
    hands.drop(tray(panel), hands.files(*(f"/p/{number}.png" for number in range(15))))
    hands.drop(tray(panel), hands.files("/p/x.png", "/p/y.png"))
    assert reader.sources[-1] == "/p/x.png"
    assert "16 of 16" in hands.visible_text(tray(panel))
    assert "Choose what “y.png” replaces." in hands.visible_text(tray(panel))


def test_nothing_is_sent_while_pictures_are_read(panel: ComposePanel, reader: Reader) -> None:
    hands.drop(tray(panel), hands.files("/p/a.png", "/p/b.png", "/p/c.png"))
    hands.click(hands.generate(panel))
    hands.ctrl_enter(hands.prompt(panel))
    assert reader.drafts == []
    assert "Still reading 3 pictures" in hands.visible_text(panel)
    panel.add_reference(hands.file_reference(2), None, source="/p/b.png")
    assert "Still reading 2 pictures" in hands.visible_text(panel)
    panel.drop_pending("/p/c.png")
    assert "Still reading a picture" in hands.visible_text(panel)
    panel.add_reference(hands.file_reference(1), None, source="/p/a.png")
    assert "Still reading" not in hands.visible_text(panel)
    assert reader.drafts == []
    hands.click(hands.generate(panel))
    assert [draft.references for draft in reader.drafts] == [
        (hands.file_reference(1), hands.file_reference(2))
    ]


def test_an_address_in_the_field_that_is_a_picture_is_waited_for_too(
    panel: ComposePanel, reader: Reader
) -> None:
    hands.find(panel, QLineEdit, "referenceUrlEdit").setText("data:image/png;base64,QUJD")
    hands.click(hands.generate(panel))
    assert reader.drafts == []
    assert "Still reading a picture" in hands.visible_text(panel)


def test_what_is_offered_before_anybody_can_read_is_asked_for_later(qtbot: QtBot) -> None:
    panel = ComposePanel()
    qtbot.addWidget(panel)
    reader = Reader(panel)
    panel.offer_paths(("/p/a.png",))
    assert reader.sources == []
    for _ in range(2):
        panel.set_queue_open(True)
        assert reader.sources == ["/p/a.png"]


def test_a_place_that_waits_is_nothing_to_be_pushed_aside(panel: ComposePanel) -> None:
    before = panel.is_untouched
    hands.drop(tray(panel), hands.files("/p/a.png"))
    assert (before, panel.is_untouched) == (True, False)


def test_several_tiles_of_the_gallery_are_files(panel: ComposePanel, reader: Reader) -> None:
    model = JobListModel(panel)
    fill(model, [a_job(number=number) for number in range(1, 5)])
    mime = model.mimeData([model.index(row) for row in (0, 2, 3)])
    assert hands.drop(tray(panel), mime)
    assert reader.sources == [url.toLocalFile() for url in mime.urls()]
    assert names(panel) == [f"oak-chair_0001.png{READING}"] * 3
