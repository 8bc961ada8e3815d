"""Asks where a copy of a file shall go."""

from __future__ import annotations

from PySide6.QtCore import QDir, QFileInfo, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gptimg_desktop.core.export_format import ExportFormat
from gptimg_desktop.core.filenames import alternatives
from gptimg_desktop.ui.details.wishes import SaveAs


class SavePlace:
    """The folder in which saving starts: the one last saved to, at first the system's for pictures."""

    def __init__(self) -> None:
        self._last = ""

    @property
    def folder(self) -> str:
        """A folder that is there, as far as one is."""
        usual = QStandardPaths.StandardLocation
        places = (self._last, QStandardPaths.writableLocation(usual.PicturesLocation))
        return next((place for place in places if place and QDir(place).exists()), QDir.homePath())

    def remember(self, target: str) -> None:
        """The user chose the path `target`."""
        self._last = QFileInfo(target).absolutePath()


class SaveAsDialog(QFileDialog):
    """Asks for a new place for a file; `chosen` carries a SaveAs, agreed to by the user."""

    chosen = Signal(object)

    def __init__(self, source: str, place: SavePlace, parent: QWidget) -> None:
        super().__init__(parent)
        self._source = source
        self._place = place
        self.setObjectName("saveAsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Save as"))
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QFileDialog.FileMode.AnyFile)
        self._own = QFileInfo(source).suffix()
        self._endings = self._offered(self._own)
        self.setNameFilters(list(self._endings))
        self.filterSelected.connect(self._take_ending)
        self.setDefaultSuffix(self._own)
        self.setDirectory(place.folder)
        self.selectFile(QFileInfo(source).fileName())
        self.fileSelected.connect(self._tell)

    def _offered(self, own: str) -> dict[str, str]:
        """The choices of format, each with the ending that a name without one is given."""
        unchanged = self.tr("{format}, unchanged").format(format=own.upper())
        others = [each for each in ExportFormat if own.lower() not in each.endings]
        return {_filter(unchanged, (own,)): own} | {
            _filter(self._word(each), each.endings): each.endings[0] for each in others
        }

    def _word(self, offered: ExportFormat) -> str:
        return {
            ExportFormat.PNG: self.tr("PNG, without loss"),
            ExportFormat.JPEG: self.tr("JPEG, high quality"),
            ExportFormat.WEBP: self.tr("WebP, high quality"),
        }[offered]

    def _take_ending(self, chosen: str) -> None:
        self.setDefaultSuffix(
            self._endings.get(chosen, self._own)
        )  # a system may tell it in words of its own

    def _tell(self, target: str) -> None:
        self._place.remember(target)
        self.chosen.emit(SaveAs(source=self._source, target=self._in_chosen_format(target)))

    def _in_chosen_format(self, target: str) -> str:
        """The path with the ending of the chosen format, under which nothing stands yet where the system's
        dialog left the picture's own there: it has asked about that name alone."""
        ending, info = self._endings.get(self.selectedNameFilter(), self._own), QFileInfo(target)
        if ending == self._own or info.suffix().lower() != self._own.lower():
            return target
        path = target.removesuffix(info.suffix()) + ending
        return next(free for free in alternatives(path) if not QFileInfo.exists(free))


def _filter(name: str, endings: tuple[str, ...]) -> str:
    """A choice as the system's dialog reads it: "JPEG (*.jpg *.jpeg)"."""
    return f"{name} ({' '.join(f'*.{ending}' for ending in endings)})"
