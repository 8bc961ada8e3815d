"""Names of image files: readable, safe on every system, never taken from a URL or a header."""

from __future__ import annotations

import unicodedata
from itertools import count
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MOST_BYTES: Final = 120
LEAST_BYTES: Final = 16
"""So much of a name stays readable, however deep its folder lies."""
LONGEST_PATH: Final = 259
"""UTF-16 units that every system takes as a path; kept everywhere, since folders wander between systems."""
_TO_SPARE: Final = len(" (999).damaged")
MOST_SHOWN: Final = 120  # characters
_EDGES: Final = ".,;:!?()[]{}'`~，。；：！？、（）「」“”‘’"
_FORBIDDEN: Final = frozenset('<>:"/\\|?*%')
_PORTS: Final = tuple(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³")
_RESERVED: Final = frozenset(["con", "prn", "aux", "nul", *_PORTS])
_EXTENSIONS: Final = {
    "png": "png",
    "jpeg": "jpg",
    "webp": "webp",
    "tiff": "tif",
    "bmp": "bmp",
    "gif": "gif",
    "avif": "avif",
    "heic": "heic",
}


def extension(image_format: str) -> str:
    """The file extension of a format that was read from the bytes ("png", "jpeg", "tiff", …)."""
    return _EXTENSIONS[image_format]


def safe_stem(text: str, *, words: int = 8, most_bytes: int = MOST_BYTES) -> str:
    """The first words of a text as part of a file name: NFC, no control or bidi characters, at most
    `most_bytes` of UTF-8; "image" where nothing is left."""
    kept = "".join(
        character if not unicodedata.category(character).startswith("C") else " "
        for character in unicodedata.normalize("NFC", text)
        if character not in _FORBIDDEN
    )
    parts = (part.strip(_EDGES) for part in kept.split())
    stem = "-".join([part for part in parts if part][:words]).strip(".-_ ")
    stem = stem.encode("utf-8", "ignore")[:most_bytes].decode("utf-8", "ignore").rstrip(".-_ ")
    if not stem or stem.partition(".")[0].lower() in _RESERVED:
        return "image"
    return stem


def stem_room(folder: str, beside: int) -> int:
    """How many bytes a stem below a folder may have, so that the path is none too long for any system.
    `beside` counts the characters of the path that are neither folder nor stem."""
    taken = len(folder.encode("utf-16-le", "surrogatepass")) // 2 + beside + _TO_SPARE
    return max(LEAST_BYTES, min(MOST_BYTES, LONGEST_PATH - taken))


def is_stem_of(stem: str, text: str) -> bool:
    """True where a stem was made of a text, also where there was less room for it than usual."""
    least = LEAST_BYTES - len("—-")  # what is cut away at an edge
    length = len(stem.encode())
    return stem == safe_stem(text) or (length >= least and stem == safe_stem(text, most_bytes=length))


def shown_name(name: str) -> str:
    """A name fit to be shown: no control or bidi characters, no undecodable bytes, bounded, never empty."""
    readable = name.encode("utf-8", "replace").decode("utf-8")
    return "".join(character for character in readable if character.isprintable())[:MOST_SHOWN] or "?"


def image_path(prompt: str, made: datetime, number: int, image_format: str, *, folder: str = "") -> str:
    """Where an image goes below the picture folder: "2026-11-22/oak-chair-by-a-window_0042.png". Of a long
    name below a `folder` that lies deep less is left."""
    day, ending = f"{made:%Y-%m-%d}", f"_{number:04d}.{extension(image_format)}"
    room = stem_room(folder, len(f"/{day}/{ending}"))
    return f"{day}/{safe_stem(prompt, most_bytes=room)}{ending}"


def numbered(path: str, copy: int) -> str:
    """The path with " (2)" before its extension, for a name that is taken; `copy` counts from 1."""
    if copy == 1:
        return path
    stem, dot, ending = path.rpartition(".")
    return f"{stem} ({copy}){dot}{ending}"


def alternatives(path: str) -> Iterator[str]:
    """The path and then, for names that are taken, the same with each number."""
    return (numbered(path, copy) for copy in count(1))
