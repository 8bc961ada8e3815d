"""Copies of pictures that the user brings along, in the picture folder beside those that were made."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.filenames import alternatives, extension, safe_stem, stem_room
from gptimg_desktop.services.library.files.picture_folder import ROOM_TO_SPARE, NameTakenError, PictureFolder
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.core.job import SavedImage
    from gptimg_desktop.services.library.files.picture_folder import PartFile

FOLDER: Final = "Imported"
_PART: Final = "import-"
_PIECE: Final = 1024 * 1024
_WORDS: Final = 40
_MOST_GROUP: Final = 60
"""Bytes of the name of a folder of copies: what is in it needs room too."""


class ImportedCopies:
    """Writes copies aside, syncs them, then gives them their names; nothing is ever overwritten. Every method
    blocks; call them in a worker thread."""

    def __init__(self, folder: Path) -> None:
        self._root = folder
        self._folder = PictureFolder(folder)

    def holds(self, path: str) -> bool:
        """True for a file that lies in the picture folder."""
        root = os.path.realpath(self._root)
        try:
            return os.path.commonpath((os.path.realpath(path), root)) == root
        except ValueError:  # on another drive, or no path at all
            return False

    def keep(self, content: bytes, image: SavedImage, *, group: str, title: str) -> SavedImage:
        """The image with the path of its new copy; StorageError where the folder takes none. `group` names
        the folder for it, `title` the file.

        An import that was killed between the name and its row left a copy without one: it is taken up.
        """
        ending = extension(image.format)
        place = f"{FOLDER}/{safe_stem(group, words=_WORDS, most_bytes=_MOST_GROUP)}"
        room = stem_room(str(self._root), len(f"/{place}/.{ending}"))
        wished = f"{place}/{safe_stem(title, words=_WORDS, most_bytes=room)}.{ending}"
        with storage_errors(self._root):
            found = self._left_behind(image, wished)
        return found or self._copied(content, image, wished)

    def remove(self, image: SavedImage) -> None:
        """Take back a copy that no row names; the file that it was made of is elsewhere."""
        with contextlib.suppress(OSError):
            os.unlink(image.path)  # noqa: PTH108 - a path of ours as the library has it

    def remove_parts(self) -> None:
        """Throw away what imports left unfinished when the program ended; none may be under way."""
        with contextlib.suppress(OSError):
            for part in self._root.glob(f".gptimg-{_PART}*.part"):
                with contextlib.suppress(OSError):
                    part.unlink()

    def _left_behind(self, image: SavedImage, wished: str) -> SavedImage | None:
        """The first file with the wished name, numbered or not, that holds just this image."""
        for path in map(self._root.joinpath, alternatives(wished)):
            if not os.path.lexists(path):
                return None
            candidate = image.at(str(path))
            if path.stat(follow_symlinks=False).st_size == image.size_bytes and self._folder.adopt(candidate):
                return candidate
        return None

    def _copied(self, content: bytes, image: SavedImage, wished: str) -> SavedImage:
        self._require_room(image.size_bytes)
        part = self._folder.begin(f"{_PART}{image.sha256[:32]}", 0)
        try:
            for start in range(0, len(content), _PIECE):
                part.write(content[start : start + _PIECE])
            part.seal()
            return image.at(str(self._named(part, wished)))
        except BaseException:
            part.discard()
            raise

    def _named(self, part: PartFile, wished: str) -> Path:
        while True:
            path = self._folder.free_path(wished)
            with contextlib.suppress(NameTakenError):
                self._folder.place(part, path)
                return path

    def _require_room(self, size_bytes: int) -> None:
        """An import leaves room for what is paid; StorageError (DISK_FULL) where it would not."""
        with storage_errors(self._root):
            self._root.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(self._root).free - size_bytes < ROOM_TO_SPARE:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
