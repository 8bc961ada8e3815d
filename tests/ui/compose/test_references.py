"""References by hand: dropped, pasted, chosen, typed, moved, removed, and the seventeenth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QToolButton, QWidget

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.reference import Reference, UrlReference
from gptimg_desktop.ui.compose.references.reference_chip import ReferenceChip
from gptimg_desktop.ui.messages import sentence
from tests.ui.compose import hands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.ui.compose.panel import ComposePanel
    from gptimg_desktop.ui.compose.wishes import PastedPicture

FULL = sentence(Problem.of(ProblemKind.TOO_MANY_REFERENCES, limit=16))
PLACES = ["panel", "tray", "prompt"]


class Ears:
    """Remembers what the composer offered."""

    def __init__(self, panel: ComposePanel) -> None:
        self.paths: list[object] = []
        self.pictures: list[object] = []
        self.wanted: list[object] = []
        panel.references_offered.connect(self.paths.append)
        panel.picture_pasted.connect(self._hear_picture)
        panel.thumbnail_wanted.connect(self.wanted.append)

    def _hear_picture(self, pasted: PastedPicture) -> None:
        self.pictures.append(pasted.content())


@pytest.fixture
def ears(panel: ComposePanel) -> Ears:
    return Ears(panel)


def tray(panel: ComposePanel) -> QWidget:
    return hands.find(panel, QWidget, "referenceTray")


def place(panel: ComposePanel, name: str) -> QWidget:
    return {"panel": panel, "tray": tray(panel), "prompt": hands.prompt(panel).viewport()}[name]


def chips(panel: ComposePanel) -> list[ReferenceChip]:
    found = [chip for chip in panel.findChildren(ReferenceChip) if not chip.isHidden()]
    return sorted(found, key=lambda chip: (chip.y(), chip.x()))


def a_picture() -> QImage:
    image = QImage(30, 20, QImage.Format.Format_RGBA8888)
    image.fill(QColor("#3366cc"))
    return image


def test_sixteen_mixed_references_are_sent_as_they_were_put_in_order(panel: ComposePanel) -> None:
    mixed = [
        hands.url_reference(n) if n in {1, 2, 5, 8, 13, 15} else hands.file_reference(n) for n in range(16)
    ]
    panel.set_draft(Draft(prompt="x", references=tuple(mixed)))
    drafts: list[Draft] = []
    panel.generate_requested.connect(drafts.append)
    alt = Qt.KeyboardModifier.AltModifier
    for start, target in ((15, 0), (0, 7), (9, 8), (3, 12)):
        key = Qt.Key.Key_Left if target < start else Qt.Key.Key_Right
        chip = chip_of(panel, mixed[start])
        for _ in range(abs(target - start)):
            QTest.keyClick(chip, key, alt)
        mixed.insert(target, mixed.pop(start))
    hands.click(hands.generate(panel))
    assert drafts[0].references == tuple(mixed)
    shown = sorted(tray(panel).findChildren(ReferenceChip), key=number_of)
    assert [chip.reference for chip in shown] == mixed


def chip_of(panel: ComposePanel, reference: Reference) -> ReferenceChip:
    return next(chip for chip in chips(panel) if chip.reference == reference)


def number_of(chip: ReferenceChip) -> int:
    """The number that a screen reader tells."""
    return int(chip.accessibleName().partition(":")[0].removeprefix("Reference "))


def test_the_same_reference_can_be_given_twice(panel: ComposePanel) -> None:
    address = "https://example.com/a.png"
    hands.drop(tray(panel), hands.links(address, address))
    panel.add_reference(hands.file_reference(1), None)
    panel.add_reference(hands.file_reference(1), None)
    twice = (UrlReference(url=address),) * 2 + (hands.file_reference(1),) * 2
    assert panel.draft().references == twice


def fill(panel: ComposePanel, count: int) -> None:
    panel.set_draft(Draft(references=tuple(hands.url_reference(number) for number in range(count))))


@pytest.mark.parametrize("where", PLACES)
def test_files_can_be_dropped_anywhere(panel: ComposePanel, ears: Ears, where: str) -> None:
    assert hands.drop(place(panel, where), hands.files("/p/a.png", "/p/b c.jpg"))
    assert ears.paths == [("/p/a.png", "/p/b c.jpg")]
    assert hands.prompt(panel).toPlainText() == ""


@pytest.mark.parametrize("where", PLACES)
def test_addresses_can_be_dropped_anywhere(panel: ComposePanel, where: str) -> None:
    assert hands.drop(place(panel, where), hands.links("https://example.com/a b.png"))
    assert panel.draft().references == (UrlReference(url="https://example.com/a%20b.png"),)
    assert hands.prompt(panel).toPlainText() == ""


@pytest.mark.parametrize("where", PLACES)
def test_bitmaps_can_be_dropped_anywhere(panel: ComposePanel, ears: Ears, where: str) -> None:
    mime = QMimeData()
    mime.setImageData(a_picture())
    assert hands.drop(place(panel, where), mime)
    assert ears.pictures == [Bitmap(width=30, height=20, rgba=b"\x33\x66\xcc\xff" * 600)]


def test_what_shines_through_a_bitmap_does_so_still(panel: ComposePanel, ears: Ears) -> None:
    image = QImage(3, 2, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(255, 0, 0, 128))
    mime = QMimeData()
    mime.setImageData(image)
    assert hands.drop(tray(panel), mime)
    assert ears.pictures == [Bitmap(width=3, height=2, rgba=b"\xff\x00\x00\x80" * 6)]


@pytest.mark.parametrize("with_pixels", [True, False])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_comes_as_a_file_is_passed_on_untouched(
    panel: ComposePanel, ears: Ears, kind: str, with_pixels: bool
) -> None:
    content = as_file(kind)
    mime = QMimeData()
    mime.setData(f"image/{kind.lower()}", content)
    if with_pixels:
        mime.setImageData(a_picture())
    assert hands.drop(tray(panel), mime)
    assert ears.pictures == [content]
    QGuiApplication.clipboard().setMimeData(mime)
    QTest.keyClick(hands.prompt(panel), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert ears.pictures == [content, content]


def test_of_two_files_the_better_one_is_taken(panel: ComposePanel, ears: Ears) -> None:
    mime = QMimeData()
    for kind in ("JPEG", "PNG"):
        mime.setData(f"image/{kind.lower()}", as_file(kind))
    assert hands.drop(tray(panel), mime)
    assert ears.pictures == [as_file("PNG")]


def as_file(kind: str) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    a_picture().save(buffer, kind)  # type: ignore[call-overload]
    return bytes(content.data())


def test_text_is_dropped_into_the_prompt_as_text(panel: ComposePanel, ears: Ears) -> None:
    mime = QMimeData()
    mime.setText("misty harbour")
    assert hands.drop(hands.prompt(panel).viewport(), mime)
    assert hands.prompt(panel).toPlainText() == "misty harbour"
    assert not hands.drop(tray(panel), mime)
    assert ears.paths == []


def test_a_file_dropped_on_the_address_field_does_not_become_text(panel: ComposePanel) -> None:
    assert not hands.find(panel, QLineEdit, "referenceUrlEdit").acceptDrops()
    assert not hands.spin(panel, "copiesSpin").lineEdit().acceptDrops()


@pytest.mark.parametrize("where", ["prompt", "tray"])
def test_a_bitmap_can_be_pasted(panel: ComposePanel, ears: Ears, where: str) -> None:
    QGuiApplication.clipboard().setImage(a_picture())
    target = hands.prompt(panel) if where == "prompt" else tray(panel)
    QTest.keyClick(target, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(ears.pictures) == 1
    assert hands.prompt(panel).toPlainText() == ""


def test_copied_files_can_be_pasted(panel: ComposePanel, ears: Ears) -> None:
    QGuiApplication.clipboard().setMimeData(hands.files("/p/a.png"))
    QTest.keyClick(hands.prompt(panel), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert ears.paths == [("/p/a.png",)]
    assert hands.prompt(panel).toPlainText() == ""


def test_rich_text_is_pasted_as_plain_text_also_with_a_bitmap_of_it(panel: ComposePanel, ears: Ears) -> None:
    mime = QMimeData()
    mime.setText("bold words")
    mime.setHtml("<b>bold words</b>")
    mime.setImageData(a_picture())
    QGuiApplication.clipboard().setMimeData(mime)
    QTest.keyClick(hands.prompt(panel), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert hands.prompt(panel).toPlainText() == "bold words"
    assert ears.pictures == []


def test_files_can_be_chosen(panel: ComposePanel, ears: Ears) -> None:
    hands.click(hands.find(panel, QToolButton, "addReferenceButton"))
    dialog = hands.find(panel, QFileDialog, "referenceFileDialog")
    dialog.filesSelected.emit(["/p/a.png", "/p/b.png"])
    dialog.close()
    assert ears.paths == [("/p/a.png", "/p/b.png")]


def test_an_address_can_be_typed(panel: ComposePanel) -> None:
    field = hands.find(panel, QLineEdit, "referenceUrlEdit")
    QTest.keyClicks(field, "https://example.com/chair.png")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert panel.draft().references == (UrlReference(url="https://example.com/chair.png"),)
    assert field.text() == ""
    assert chips(panel)[0].accessibleName() == "Reference 1: https://example.com/chair.png"


def test_an_unusable_address_is_told_in_the_tray_and_kept(panel: ComposePanel) -> None:
    field = hands.find(panel, QLineEdit, "referenceUrlEdit")
    QTest.keyClicks(field, "ftp://example.com/x")
    QTest.keyClick(field, Qt.Key.Key_Return)
    problem = Problem.of(ProblemKind.REFERENCE_URL_INVALID, url="ftp://example.com/x")
    assert panel.draft().references == ()
    assert field.text() == "ftp://example.com/x"
    assert sentence(problem) in hands.visible_text(tray(panel))


def test_chips_are_numbered_in_order(panel: ComposePanel, qtbot: QtBot) -> None:
    for number in range(1, 6):
        panel.add_reference(hands.file_reference(number), hands.bitmap())
    qtbot.waitUntil(lambda: chips(panel)[-1].y() > chips(panel)[0].y())
    assert [chip.accessibleName() for chip in chips(panel)] == [
        f"Reference {number}: sketch {number}.png" for number in range(1, 6)
    ]


def test_a_chip_shows_its_picture(panel: ComposePanel, ears: Ears) -> None:
    panel.set_draft(Draft(references=(hands.file_reference(1), hands.url_reference(2))))
    chip = chips(panel)[0]
    assert ears.wanted == [hands.file_reference(1)]
    panel.set_thumbnail("unknown", hands.bitmap())
    assert chip.image is None
    panel.set_thumbnail(hands.file_reference(1).sha256, hands.bitmap())
    shown = chip.grab().toImage()
    assert shown.pixelColor(shown.width() // 2, shown.height() // 3).name() == "#ff0000"


def test_a_known_picture_is_not_asked_for_again(panel: ComposePanel, ears: Ears) -> None:
    panel.add_reference(hands.file_reference(1), hands.bitmap())
    panel.set_draft(Draft(references=(hands.file_reference(1),)))
    assert ears.wanted == []
    assert chips(panel)[0].image is not None


def test_a_reference_can_be_removed(panel: ComposePanel) -> None:
    fill(panel, 3)
    remover = next(
        each
        for each in panel.findChildren(QToolButton)
        if each.accessibleName() == "Remove reference 2, pictures.example.com"
    )
    hands.click(remover)
    assert panel.draft().references == (hands.url_reference(0), hands.url_reference(2))
    chip = next(each for each in chips(panel) if each.reference == hands.url_reference(2))
    assert chip.accessibleName().startswith("Reference 2:")
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    assert panel.draft().references == (hands.url_reference(0),)


def test_references_are_reordered_by_keyboard(panel: ComposePanel) -> None:
    fill(panel, 3)
    first = next(each for each in chips(panel) if each.reference == hands.url_reference(0))
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(first, Qt.Key.Key_Left, alt)
    QTest.keyClick(first, Qt.Key.Key_Right, alt)
    assert panel.draft().references == tuple(hands.url_reference(number) for number in (1, 0, 2))
    QTest.keyClick(first, Qt.Key.Key_Left, alt)
    assert panel.draft().references == tuple(hands.url_reference(number) for number in (0, 1, 2))


def test_the_seventeenth_is_refused_and_told(panel: ComposePanel) -> None:
    for number in range(16):
        panel.add_reference(hands.url_reference(number), None)
    assert FULL not in hands.visible_text(tray(panel))
    panel.add_reference(hands.url_reference(16), None)
    assert len(panel.draft().references) == 16
    assert hands.url_reference(16) not in panel.draft().references
    assert FULL in hands.visible_text(tray(panel))


def test_removing_one_makes_room_and_takes_the_message_away(panel: ComposePanel) -> None:
    fill(panel, 16)
    panel.add_reference(hands.url_reference(16), None)
    QTest.keyClick(chips(panel)[0], Qt.Key.Key_Delete)
    assert FULL not in hands.visible_text(tray(panel))
    panel.add_reference(hands.url_reference(16), None)
    assert panel.draft().references[-1] == hands.url_reference(16)


@pytest.mark.parametrize("kind", [ProblemKind.REFERENCE_MISSING, ProblemKind.REFERENCE_NOT_A_PICTURE])
def test_problems_of_references_are_told_in_the_tray(panel: ComposePanel, kind: ProblemKind) -> None:
    problem = Problem.of(kind, name="<b>odd</b> name.png")
    panel.show_problem(problem)
    assert sentence(problem) in hands.visible_text(tray(panel))


def test_a_message_in_the_tray_is_scrolled_into_sight(panel: ComposePanel, qtbot: QtBot) -> None:
    fill(panel, 16)
    hands.prompt(panel).setPlainText("\n" * 40)
    last = hands.find(panel, QLineEdit, "referenceUrlEdit")
    qtbot.waitUntil(lambda: last.visibleRegion().isEmpty())
    panel.add_reference(hands.url_reference(16), None)
    label = next(each for each in tray(panel).findChildren(QLabel) if each.text() == FULL)
    qtbot.waitUntil(lambda: label.visibleRegion().boundingRect().size() == label.size())


def test_a_foreign_name_is_never_read_as_markup(panel: ComposePanel) -> None:
    panel.set_draft(Draft(references=(UrlReference(url="https://example.com/?<img src=x>"),)))
    assert "<img" not in chips(panel)[0].toolTip()


def test_offered_paths_are_passed_on(panel: ComposePanel, ears: Ears) -> None:
    panel.offer_paths(("/p/a.png",))
    assert ears.paths == [("/p/a.png",)]
