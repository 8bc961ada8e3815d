"""What each reference tells of itself, and what can be done with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QToolButton, QWidget

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.reference import Change, FileReference, Origin, Reference, UrlReference
from gptimg_desktop.core.settings import Theme
from gptimg_desktop.core.sizes import Ratio
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.compose.references.chip_drawing import PICTURE_HEIGHT
from tests.ui.compose import hands

if TYPE_CHECKING:
    from gptimg_desktop.ui.compose.panel import ComposePanel
    from gptimg_desktop.ui.theme import Tokens

# popups on a screen that has no keyboard to grab
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)

ORIGIN = Origin(path="/p/scan.tiff", size_bytes=1, modified_ns=1)
SCAN = replace(
    hands.file_reference(1),
    name="scan.tiff",
    size_bytes=1_234_567,
    width=3000,
    height=2000,
    came_as="tiff",
    changes=(Change.TURNED, Change.STRIPPED, Change.CONVERTED),
    origin=ORIGIN,
)


def tray(panel: ComposePanel) -> QWidget:
    return hands.find(panel, QWidget, "referenceTray")


def show(panel: ComposePanel, *references: Reference) -> None:
    panel.set_draft(Draft(references=references))


def menu_of(panel: ComposePanel, index: int) -> QMenu:
    chip = hands.chips(panel)[index]
    asking = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), chip.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(chip, asking)
    return hands.find(panel, QMenu, "referenceMenu")


def entries(menu: QMenu) -> list[str]:
    return [action.text().split("\t")[0] for action in menu.actions() if action.text()]


def choose(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text().split("\t")[0] == text).trigger()
    menu.close()


def test_what_was_changed_is_told_in_words(panel: ComposePanel) -> None:
    show(panel, SCAN)
    chip = hands.chips(panel)[0]
    facts, changes = "File · 3000×2000 · PNG · 1.2 MB", "Turned upright, camera data removed; was TIFF"
    assert chip.accessibleDescription() == f"{facts}. {changes}"
    assert chip.toolTip() == f"<qt>scan.tiff<br>{facts}<br>{changes}</qt>"


@pytest.mark.parametrize(
    ("reference", "word"),
    [
        (SCAN, "File"),
        (hands.file_reference(1), "File"),
        (replace(hands.file_reference(1), name="Pasted picture"), "Pasted"),
        (replace(SCAN, job_id="a job"), "Made here"),
    ],
)
def test_its_kind_is_a_word_for_those_who_listen(
    panel: ComposePanel, reference: FileReference, word: str
) -> None:
    show(panel, reference)
    assert hands.chips(panel)[0].accessibleDescription().startswith(f"{word} · ")


@pytest.mark.row(121)
def test_an_address_names_its_host_and_who_fetches_it(panel: ComposePanel) -> None:
    show(panel, UrlReference(url="https://pictures.example.com/a/chair.png"))
    chip = hands.chips(panel)[0]
    assert chip.title == "pictures.example.com"
    told = "The service fetches it from pictures.example.com; this program does not."
    assert chip.accessibleDescription() == told


@pytest.mark.parametrize("by", ["fill", "add"])
def test_what_was_changed_is_said_once_and_quietly(panel: ComposePanel, by: str) -> None:
    source = "/p/scan.tiff" if by == "fill" else ""
    if source:
        hands.drop(tray(panel), hands.files(source))
    panel.add_reference(SCAN, hands.bitmap(), source=source)
    note = "“scan.tiff” is sent as PNG. Turned upright, camera data removed."
    assert note in hands.visible_text(tray(panel))
    stripped = replace(hands.file_reference(2), changes=(Change.STRIPPED,))
    panel.add_reference(stripped, hands.bitmap())
    panel.add_reference(hands.file_reference(3), hands.bitmap())
    assert "2 pictures were made ready for sending; their tool tips say how." in hands.visible_text(
        tray(panel)
    )
    QTest.keyClick(hands.chips(panel)[2], Qt.Key.Key_Delete)
    panel.add_reference(stripped, hands.bitmap())
    assert "“sketch 2.png”: camera data removed." in hands.visible_text(tray(panel))


def test_what_came_as_it_is_sent_is_not_mentioned(panel: ComposePanel) -> None:
    before = hands.visible_text(tray(panel))
    panel.add_reference(hands.file_reference(1), hands.bitmap())
    panel.set_draft(Draft())
    assert hands.visible_text(tray(panel)) == before


def test_the_menu_offers_what_is_possible(panel: ComposePanel) -> None:
    show(panel, SCAN, hands.url_reference(2), replace(SCAN, job_id="a job"), replace(SCAN, origin=None))
    common = ["Earlier", "Later", "Remove"]
    expected = [
        ["Replace…", "Use its shape", "Show in its folder", *common],
        ["Replace…", "Open in the browser", *common],
        ["Replace…", "Use its shape", "Show in the gallery", *common],
        ["Replace…", "Use its shape", *common],
    ]
    for index, offered in enumerate(expected):
        menu = menu_of(panel, index)
        assert entries(menu) == offered
        menu.close()
        QApplication.sendPostedEvents(None, 52)


def test_the_menu_does_what_it_says(panel: ComposePanel) -> None:
    shown: list[Reference] = []
    panel.show_reference_requested.connect(shown.append)
    show(panel, SCAN, hands.url_reference(2))
    choose(menu_of(panel, 0), "Show in its folder")
    assert shown == [SCAN]
    QApplication.sendPostedEvents(None, 52)
    choose(menu_of(panel, 0), "Later")
    assert panel.draft().references == (hands.url_reference(2), SCAN)
    QApplication.sendPostedEvents(None, 52)
    choose(menu_of(panel, 1), "Use its shape")
    assert panel.draft().size is Ratio.R3X2
    QApplication.sendPostedEvents(None, 52)
    choose(menu_of(panel, 0), "Remove")
    assert panel.draft().references == (SCAN,)


def test_all_formats_that_can_be_read_are_offered(panel: ComposePanel) -> None:
    hands.click(hands.find(panel, QToolButton, "addReferenceButton"))
    dialog = hands.find(panel, QFileDialog, "referenceFileDialog")
    endings = ["png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp", "gif", "avif", "heic", "heif"]
    assert dialog.nameFilters()[0] == f"Pictures ({' '.join(f'*.{ending}' for ending in endings)})"
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFiles
    dialog.close()


def test_one_chip_is_a_stop_of_the_tab_key_and_the_arrows_go_on(panel: ComposePanel) -> None:
    show(panel, *map(hands.url_reference, range(6)))
    panel.activateWindow()
    chips = hands.chips(panel)

    def stops() -> list[int]:
        policies = [chip.focusPolicy() for chip in chips]
        return [index for index, policy in enumerate(policies) if policy & Qt.FocusPolicy.TabFocus]

    assert stops() == [0]
    chips[0].setFocus()
    QApplication.processEvents()
    keys = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 5, Qt.Key.Key_Left: 4, Qt.Key.Key_Up: 0, Qt.Key.Key_End: 5}
    at = 0
    for key, expected in keys.items():
        QTest.keyClick(chips[at], key)
        assert stops() == [expected]
        at = expected


def test_removing_goes_on_to_the_neighbour(panel: ComposePanel, qtbot: object) -> None:
    show(panel, *map(hands.url_reference, range(3)))
    panel.activateWindow()
    hands.chips(panel)[2].setFocus()
    QApplication.processEvents()
    for left in (2, 1):
        QTest.keyClick(hands.chips(panel)[-1], Qt.Key.Key_Delete)
        assert len(hands.chips(panel)) == left
        assert hands.chips(panel)[-1].hasFocus()
    QTest.keyClick(hands.chips(panel)[0], Qt.Key.Key_Delete)
    assert hands.find(panel, QToolButton, "addReferenceButton").hasFocus()


def seen(panel: ComposePanel, index: int) -> QImage:
    chip = hands.chips(panel)[index]
    return chip.grab(QRect(0, 0, chip.width(), PICTURE_HEIGHT)).toImage()


def columns_of(picture: QImage, colour: QColor) -> int:
    """How many columns have a pixel of a colour."""
    rows, columns = range(picture.height()), range(picture.width())
    return sum(any(picture.pixelColor(x, y) == colour for y in rows) for x in columns)


def test_a_picture_is_shown_whole(panel: ComposePanel) -> None:
    """One that is three times as high as wide takes a third of the height in width."""
    tall = Bitmap(width=40, height=120, rgba=b"\xff\x00\x00\xff" * 4800)
    panel.add_reference(hands.file_reference(1), tall)
    QApplication.processEvents()
    red = columns_of(seen(panel, 0), QColor("#ff0000"))
    assert PICTURE_HEIGHT / 3 - 3 <= red <= PICTURE_HEIGHT / 3 + 3


@pytest.mark.parametrize("theme_of", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_the_focus_is_seen_on_a_picture_of_its_colour(
    panel: ComposePanel, qapp: QApplication, theme_of: Tokens
) -> None:
    theme.apply(qapp, Theme.LIGHT if theme_of == theme.LIGHT else Theme.DARK)
    accent = QColor(theme_of.accent)
    rgba = bytes((accent.red(), accent.green(), accent.blue(), 255))
    panel.add_reference(hands.file_reference(1), hands.bitmap(rgba))
    panel.activateWindow()
    hands.chips(panel)[0].setFocus()
    QApplication.processEvents()
    picture = seen(panel, 0)
    middle = picture.height() // 2
    across = [picture.pixelColor(x, middle) for x in range(8)]
    assert accent in across[:3]
    assert QColor(theme_of.panel) in across[2:5]
    theme.apply(qapp, Theme.LIGHT)


def test_the_button_that_takes_one_out_is_there_when_it_may_be_wanted(panel: ComposePanel) -> None:
    show(panel, hands.file_reference(1), hands.file_reference(2))
    panel.activateWindow()
    first, second = hands.chips(panel)
    crosses = [chip.findChildren(QToolButton)[0] for chip in (first, second)]

    def shown() -> list[bool]:
        return [cross.isVisible() for cross in crosses]

    hands.prompt(panel).setFocus()
    assert shown() == [False, False]
    second.setFocus()
    assert shown() == [False, True]
    handle = panel.windowHandle()
    assert handle is not None
    QTest.mouseMove(handle, first.mapTo(panel, first.rect().center()))
    QApplication.processEvents()
    assert shown() == [True, True]
    QTest.mouseMove(handle, crosses[0].mapTo(panel, crosses[0].rect().center()))
    QApplication.processEvents()
    assert shown() == [True, True]
    hands.prompt(panel).setFocus()
    QTest.mouseMove(handle, hands.prompt(panel).mapTo(panel, QPoint(5, 5)))
    QApplication.processEvents()
    assert shown() == [False, False]
