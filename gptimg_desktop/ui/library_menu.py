"""What can be done with the library as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gptimg_desktop.ui.rounded_menu import RoundedMenu

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QWidget


class LibraryMenu(RoundedMenu):
    """Brings files in, cares for those that are there, keeps the library safe. Each entry is one wish without
    a payload; what it needs to know is asked afterwards, by whoever fulfils it."""

    import_files_requested = Signal()
    import_folder_requested = Signal()
    look_for_missing_requested = Signal()
    folder_moved_requested = Signal()
    rebuild_thumbnails_requested = Signal()
    empty_bin_requested = Signal()
    back_up_requested = Signal()
    restore_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("libraryMenu")
        self.setAccessibleName(self.tr("Library"))
        self.setToolTipsVisible(True)
        self._add("importFiles", self.tr("Import images…"), self.import_files_requested, keys="Ctrl+I")
        self._add("importFolder", self.tr("Import a folder…"), self.import_folder_requested)
        self.addSeparator()
        self._add("lookForMissing", self.tr("Look for missing files"), self.look_for_missing_requested)
        self._add("folderMoved", self.tr("A folder was moved…"), self.folder_moved_requested)
        self._add("rebuildThumbnails", self.tr("Rebuild thumbnails"), self.rebuild_thumbnails_requested)
        self.addSeparator()
        self._add("backUp", self.tr("Back up now"), self.back_up_requested)
        self._add("restore", self.tr("Restore a backup…"), self.restore_requested)
        self.addSeparator()
        self._add("emptyBin", self.tr("Empty the bin…"), self.empty_bin_requested)

    def _add(self, name: str, text: str, wish: SignalInstance, *, keys: str = "") -> None:
        action = self.addAction(f"{text}\t{keys}" if keys else text)  # shown only: the key is the window's
        action.setObjectName(name)
        action.triggered.connect(wish)
