"""The real program on throw-away folders, connected to the posed service."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QApplication

from docs.screenshots.darkroom import over, photograph, save
from docs.screenshots.make_up import make_up
from docs.screenshots.sitter import Sitter
from gptimg_desktop.app import open_app
from gptimg_desktop.core.connection import Connection, KeySource
from gptimg_desktop.core.settings import DEFAULT_BASE_URL, Settings
from gptimg_desktop.options import Options
from gptimg_desktop.services import settings_file
from gptimg_desktop.services.practice.captions import Typesetter
from gptimg_desktop.services.practice.pictures import Painter
from gptimg_desktop.ui import theme

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from docs.screenshots.posed_service import Clock, PosedServer
    from gptimg_desktop.core.settings import Theme

DESK: Final = "Spring market"
TILE: Final = 176
SHOWN_AS: Final = Connection(
    service=DEFAULT_BASE_URL,
    key_source=KeySource.STORE,
    key_hint="7c2f",
    key_place="Secret Service keyring",
)
_HOME: Final = "/home/mei"
_KEY: Final = "practice-7c2f"


class Studio:
    """Where the pictures of one run are taken. `folder` is empty at first; pictures go `into` another. `size`
    is the window's, in device-independent pixels."""

    def __init__(
        self, *, folder: Path, into: Path, clock: Clock, server: PosedServer, size: tuple[int, int]
    ) -> None:
        self._folder = folder
        self._into = into
        self._clock = clock
        self._server = server
        self._size = size

    @contextlib.asynccontextmanager
    async def desk(self, name: str, *, practises: bool = False) -> AsyncIterator[Sitter]:
        """The window on an empty library, connected or practising."""
        data_dir = self._folder / name
        data_dir.mkdir()
        settings_file.save(data_dir / "settings.json", Settings(base_url=self._server.url))
        options = Options(
            data_dir=data_dir,
            practice=practises,
            api_key="" if practises else _KEY,
            poll_first_s=0.0,
            poll_every_s=0.02,
            pace=0.002,
            notice_s=0.0,
        )
        async with open_app(options) as app:
            app.window.setGeometry(0, 0, *self._size)
            app.window.gallery.view.set_tile_size(TILE)
            app.window.activateWindow()
            sitter = Sitter(app, self._clock, self._server)
            await sitter.until(lambda: "Generate" in sitter.texts(), "the queue")
            yield sitter

    def dress(self, wanted: Theme) -> None:
        """All windows in this theme."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, wanted)

    def take(self, sitter: Sitter, name: str, *, is_smooth: bool = False, practises: bool = False) -> Path:
        """Take the picture of this name; its file."""
        window = sitter.window
        if not practises:
            window.connect_panel.set_connection(SHOWN_AS)
            window.status.set_connection(SHOWN_AS)
        for each in (window, *over(window)):
            make_up(each, self._masks())
        QApplication.sendPostedEvents()
        file = self._into / f"{name}.png"
        save(photograph(window), file, is_smooth=is_smooth)
        return file

    def drawn(self, name: str, prompt: str, pixels: tuple[int, int]) -> Path:
        """A picture file such as a designer has lying about."""
        file = self._folder / DESK / name
        file.parent.mkdir(exist_ok=True)
        width, height = pixels
        picture = Painter(Typesetter()).paint(prompt, name, (width, height + height // 8))
        picture.crop((0, 0, width, height)).save(file)  # without the practice service's mark
        return file

    def _masks(self) -> dict[str, str]:
        """What differs from machine to machine, and what is shown instead."""
        libraries = {str(folder / "images"): f"{_HOME}/Pictures/GPTImg" for folder in self._folder.iterdir()}
        return {
            **libraries,
            str(self._folder): _HOME,
            self._server.url: DEFAULT_BASE_URL,
        }
