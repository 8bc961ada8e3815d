"""Picture files into the kept references, as the window takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gptimg_desktop.services.library.references.store import read_regular

if TYPE_CHECKING:
    from pathlib import Path

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.reference import FileReference
    from gptimg_desktop.services.library.references.store import ReferenceStore


def add_file(store: ReferenceStore, path: Path) -> tuple[FileReference, Bitmap]:
    """Keep a picture file, ready for sending; BadInputError says what is wrong with it, by its name."""
    content, origin = read_regular(path)
    return store.add_bytes(content, path.name, origin=origin)
