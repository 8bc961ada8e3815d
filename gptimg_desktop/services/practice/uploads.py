"""Pictures that were uploaded, kept for 72 hours under an address of their own."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from gptimg_desktop.services.practice.identifiers import moment_of, new_identifier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UPLOAD_LIFE_S: Final = 72 * 3_600.0
MOST_BYTES: Final = 20 * 1024 * 1024
"""The largest picture that is taken."""

KEPT_IN_MEMORY: Final = 256 * 1024 * 1024
"""Without a folder, the oldest uploads go once all of them together are larger than this."""

ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}
)
_MEDIA_TYPES: Final = MappingProxyType({ending: media_type for media_type, ending in ENDINGS.items()})
_SWEEP_EVERY_S: Final = 3_600.0
_PREFIX: Final = "upload_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A picture file. `name` is the last part of its address."""

    name: str
    media_type: str
    content: bytes


class UploadStore:
    """Uploads by name; safe to use from several threads. Without a folder they live in memory."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._kept: dict[str, bytes] = {}
        self._next_sweep = float("-inf")

    def add(self, content: bytes, media_type: str, now: float) -> Upload:
        """Keep a picture; OSError where the folder does not take it."""
        name = f"{new_identifier(now).lower()}.{ENDINGS[media_type]}"
        with self._lock:
            self._sweep(now)
            if self._folder is None:
                self._kept[name] = content
                self._make_room()
            else:
                _write(self._folder / f"{_PREFIX}{name}", content)
        return Upload(name=name, media_type=media_type, content=content)

    def get(self, name: str, now: float) -> Upload | None:
        """The upload of a name, or None where there is none or its time is over."""
        media_type = _MEDIA_TYPES.get(name.partition(".")[2])
        if media_type is None or not _is_alive(name, now):
            return None
        with self._lock:
            content = self._content(name)
        return None if content is None else Upload(name=name, media_type=media_type, content=content)

    def _content(self, name: str) -> bytes | None:
        if self._folder is None:
            return self._kept.get(name)
        try:
            return (self._folder / f"{_PREFIX}{name}").read_bytes()
        except OSError:
            return None

    def _make_room(self) -> None:
        size = sum(map(len, self._kept.values()))
        while size > KEPT_IN_MEMORY:
            size -= len(self._kept.pop(next(iter(self._kept))))

    def _sweep(self, now: float) -> None:
        """Forget what is past its time, from time to time."""
        if now < self._next_sweep:
            return
        self._next_sweep = now + _SWEEP_EVERY_S
        for name in [known for known in self._kept if not _is_alive(known, now)]:
            del self._kept[name]
        if self._folder is not None and self._folder.is_dir():
            for file in self._folder.glob(f"{_PREFIX}*"):
                if not _is_alive(file.name.removeprefix(_PREFIX), now):
                    file.unlink(missing_ok=True)


def _is_alive(name: str, now: float) -> bool:
    born = moment_of(name.partition(".")[0].upper())
    return born is not None and now - born <= UPLOAD_LIFE_S


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(file.name + ".part")
    temporary.write_bytes(content)
    temporary.replace(file)
