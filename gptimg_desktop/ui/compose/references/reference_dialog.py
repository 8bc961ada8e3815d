"""Picture files chosen by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from gptimg_desktop.ui.compose.references.offer import Offer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.ui.compose.references.place import Place

PATTERNS: Final = "*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif *.avif *.heic *.heif"


class ReferenceDialog(QFileDialog):
    """Asks for files to add; with a place, for the one file that replaces what is there.

    `chosen` carries the `Offer`; `replaces` tells the place. It goes when it closes.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, *, replaces: Place | None = None) -> None:
        super().__init__(parent, _title(parent, replaces))
        self.replaces = replaces
        self.setObjectName("referenceFileDialog")
        one, several = QFileDialog.FileMode.ExistingFile, QFileDialog.FileMode.ExistingFiles
        self.setFileMode(several if replaces is None else one)
        self.setNameFilters([f"{self.tr('Pictures')} ({PATTERNS})", self.tr("All files (*)")])
        self.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.filesSelected.connect(self._on_selected)

    def _on_selected(self, paths: list[str]) -> None:
        self.chosen.emit(Offer.of_files(paths))


def _title(parent: QWidget, replaces: Place | None) -> str:
    if replaces is None:
        return parent.tr("Add references")
    return parent.tr("Replace {name}").format(name=" ".join(replaces.title.split()))
