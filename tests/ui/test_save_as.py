"""The dialog that asks where a copy goes offers the picture's own format first, and others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QWidget

from gptimg_desktop.ui.details.save_as import SaveAsDialog, SavePlace
from gptimg_desktop.ui.details.wishes import SaveAs

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


def dialog_for(parent: QWidget, source: Path) -> SaveAsDialog:
    dialog = SaveAsDialog(str(source), SavePlace(), parent)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setDirectory(str(source.parent))
    return dialog


def choose(dialog: SaveAsDialog, words: str) -> str:
    """Choose a format as a user does, and tell the name that then stands there."""
    formats = next(box for box in dialog.findChildren(QComboBox) if box.objectName() == "fileTypeCombo")
    row = next(row for row in range(formats.count()) if words in formats.itemText(row))
    formats.setCurrentIndex(row)
    formats.activated.emit(row)
    formats.textActivated.emit(formats.itemText(row))
    return dialog.findChild(QLineEdit, "fileNameEdit").text()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        (
            "kite.png",
            [
                "PNG, unchanged (*.png)",
                "JPEG, high quality (*.jpg *.jpeg)",
                "WebP, high quality (*.webp)",
            ],
        ),
        (
            "kite.jpeg",
            ["JPEG, unchanged (*.jpeg)", "PNG, without loss (*.png)", "WebP, high quality (*.webp)"],
        ),
        (
            "kite.tif",
            [
                "TIF, unchanged (*.tif)",
                "PNG, without loss (*.png)",
                "JPEG, high quality (*.jpg *.jpeg)",
                "WebP, high quality (*.webp)",
            ],
        ),
    ],
)
def test_its_own_format_comes_first(parent: QWidget, tmp_path: Path, name: str, offered: list[str]) -> None:
    assert dialog_for(parent, tmp_path / name).nameFilters() == offered


def test_a_system_that_tells_no_filter_gives_the_own_ending(
    parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the dialogs of GTK, which know none before they are shown."""
    monkeypatch.setattr(SaveAsDialog, "selectedNameFilter", lambda _: "")
    dialog = dialog_for(parent, tmp_path / "kite.png")
    assert dialog.defaultSuffix() == "png"
    dialog.filterSelected.emit("JPEG, high quality (*.jpg *.jpeg)")
    assert dialog.defaultSuffix() == "jpg"
    dialog.filterSelected.emit("")
    assert dialog.defaultSuffix() == "png"


def test_a_chosen_format_gives_the_name_its_ending(parent: QWidget, tmp_path: Path) -> None:
    dialog = dialog_for(parent, tmp_path / "kite.png")
    dialog.open()
    assert choose(dialog, "JPEG") == "kite.jpg"
    assert dialog.defaultSuffix() == "jpg"
    assert choose(dialog, "PNG") == "kite.png"
    assert dialog.defaultSuffix() == "png"


def test_a_name_without_ending_gets_that_of_the_chosen_format(parent: QWidget, tmp_path: Path) -> None:
    dialog = dialog_for(parent, tmp_path / "kite.png")
    heard: list[object] = []
    dialog.chosen.connect(heard.append)
    dialog.open()
    choose(dialog, "WebP")
    dialog.selectFile("for the client")
    dialog.accept()
    wanted = SaveAs(source=str(tmp_path / "kite.png"), target=str(tmp_path / "for the client.webp"))
    assert heard == [wanted]


@pytest.mark.parametrize(("there", "wanted"), [("", "kite.jpg"), ("kite.jpg", "kite (2).jpg")])
def test_a_system_that_leaves_the_own_ending_is_put_right(
    parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str, wanted: str
) -> None:
    if there:
        (tmp_path / there).touch()
    dialog = dialog_for(parent, tmp_path / "a" / "kite.png")
    heard: list[SaveAs] = []
    dialog.chosen.connect(heard.append)
    monkeypatch.setattr(SaveAsDialog, "selectedNameFilter", lambda _: "JPEG, high quality (*.jpg *.jpeg)")
    for name in ("kite.png", "kite.webp"):
        dialog.fileSelected.emit(str(tmp_path / name))
    assert [each.target for each in heard] == [str(tmp_path / wanted), str(tmp_path / "kite.webp")]
