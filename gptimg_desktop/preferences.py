"""What the user has set: taken from the dialog and from small wishes, in force at once, then kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QFileDialog

from gptimg_desktop.core.errors import AppError, ProblemKind
from gptimg_desktop.folders import pictures_folder
from gptimg_desktop.services.tasks import complaining
from gptimg_desktop.ui import theme

if TYPE_CHECKING:
    from gptimg_desktop.core.settings import Settings
    from gptimg_desktop.core.sizes import SizeChoice
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.options import Options
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.main_window import MainWindow


class Preferences(QObject):
    """Holds the settings in force. `service_changed`: they name another address, or another way to it."""

    service_changed = Signal()

    def __init__(
        self, settings: Settings, *, options: Options, engine: Engine, window: MainWindow, tasks: Tasks
    ) -> None:
        super().__init__()
        self.settings = settings
        self._options = options
        self._engine = engine
        self._window = window
        self._tasks = tasks

    def open_dialog(self) -> None:
        """Let the user change them."""
        from gptimg_desktop.ui.settings.dialog import SettingsDialog  # noqa: PLC0415 - most starts need none

        default = str(pictures_folder("", self._options.data_dir))
        given = self._options.base_url or ""
        dialog = SettingsDialog(self.settings, default, self._window, given_address=given)
        dialog.settings_changed.connect(self.take_dialog)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def choose_folder(self) -> None:
        """Let the user choose where pictures go."""
        dialog = QFileDialog(self._window, self._window.tr("Folder for your pictures"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._use_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take_dialog(self, settings: Settings) -> None:
        """What the dialog cannot change may have changed while it was open."""
        now = self.settings
        self.change(
            replace(
                settings,
                kept_keys=now.kept_keys,
                paused=now.paused,
                favourite_sizes=now.favourite_sizes,
                former_folders=now.former_folders,
                window=now.window,
            )
        )

    def key_was_kept(self, service: str, is_kept: bool) -> None:
        """Remember whether a service's key is in the system's key store."""
        self.change(self.settings.with_kept_key(service, kept=is_kept))

    def set_paused(self, *, paused: bool) -> None:
        """Remember whether the user holds the queue."""
        self.change(self.settings.with_paused(paused=paused))

    def keep_favourites(self, sizes: tuple[SizeChoice, ...]) -> None:
        """Remember the user's favourite sizes."""
        self.change(self.settings.with_favourite_sizes(sizes))

    def change(self, settings: Settings) -> None:
        """Work with new settings at once, then keep them; also where pictures went before."""
        if settings.pictures_folder != self.settings.pictures_folder:
            present = pictures_folder(settings.pictures_folder, self._options.data_dir)
            settings = settings.with_former_folder(str(self._engine.pictures_folder), str(present))
        before, self.settings = self.settings, settings
        if settings == before:
            return
        if settings.theme is not before.theme:
            theme.apply(cast("QApplication", QApplication.instance()), settings.theme)
        self._window.compose.set_ask_above(settings.ask_above)
        try:
            self._engine.take_settings(settings)
        except AppError as error:
            self._window.notices.show_problem(error.problem)
        if (settings.base_url, settings.proxy_url) != (before.base_url, before.proxy_url):
            self.service_changed.emit()
        has_moved = settings.pictures_folder != before.pictures_folder
        work = self._keep(has_moved=has_moved)
        self._tasks.start("keep settings", complaining(work, self._window.notices.show_problem))

    async def keep_window(self) -> None:
        """Keep the window's own shape, at the end; StorageError where the data folder takes nothing."""
        self.settings = self.settings.with_window(self._window.window_state())
        self._engine.take_settings(self.settings)
        await self._engine.keep_settings()

    async def _keep(self, *, has_moved: bool) -> None:
        await self._engine.keep_settings()
        if has_moved:
            for kind in (ProblemKind.FOLDER_UNWRITABLE, ProblemKind.PATH_TOO_LONG):
                self._window.notices.forget(kind)
            await self._engine.check_folder()

    def _use_folder(self, folder: str) -> None:
        self.change(self.settings.with_pictures_folder(folder))
