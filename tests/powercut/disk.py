"""A disk as it is after a power cut: what was synced is there, and of the rest as much as fate leaves.

A file's bytes are durable once the file was synced, a name once its folder was. What is on its way when the
power goes may be there whole, not at all, or in single sectors, names in any selection.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SECTOR: Final = 512


def nothing() -> bool:
    """The fate in which only what was synced survives."""
    return False


def everything() -> bool:
    """The fate in which all that was written survives."""
    return True


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes at an offset; or, with `cut`, an end of the file at the offset."""

    offset: int
    content: bytes = b""
    cut: bool = False

    def apply(self, content: bytearray) -> None:
        if self.cut:
            del content[self.offset :]
        missing = self.offset - len(content)
        content.extend(bytes(max(missing, 0)))
        content[self.offset : self.offset + len(self.content)] = self.content

    def sectors(self) -> Iterator[Write]:
        """The write in pieces that a disk takes whole or not at all."""
        end = self.offset + len(self.content)
        first_edge = (self.offset // SECTOR + 1) * SECTOR
        edges = [self.offset, *range(first_edge, end, SECTOR), end]
        if self.cut:
            yield self
        for start, stop in pairwise(edges):
            yield Write(start, self.content[start - self.offset : stop - self.offset])


@dataclass
class File:
    """All writes of one file in their order; the first `synced` of them are durable."""

    writes: list[Write] = field(default_factory=list)
    synced: int = 0
    position: int = 0
    _base: bytearray = field(default_factory=bytearray)
    _applied: int = 0

    @property
    def size(self) -> int:
        content = bytearray()
        for write in self.writes:
            write.apply(content)
        return len(content)

    def after(self, survives: Callable[[], bool]) -> bytes:
        """What the file holds after a cut."""
        for write in self.writes[self._applied : self.synced]:
            write.apply(self._base)
        self._applied = self.synced
        content = bytearray(self._base)
        for write in self.writes[self.synced :]:
            for sector in write.sectors() if survives is not everything else (write,):
                if survives():
                    sector.apply(content)
        return bytes(content)


FOLDER: Final = None
Names = dict[str, "File | None"]


@dataclass
class NameChange:
    """A change of names in one folder: one is taken away, one is added, or both at once."""

    folder: str
    gone: str | None = None
    added: str | None = None
    target: File | None = FOLDER
    is_durable: bool = False

    def apply(self, names: Names) -> None:
        if self.gone is not None:
            names.pop(self.gone, None)
        if self.added is not None:
            names[self.added] = self.target


class Disk:
    """Everything below one folder, `top`, which is durable itself. Paths are absolute."""

    def __init__(self, top: str) -> None:
        self._top = top
        self._now: Names = {top: FOLDER}
        self._changes: list[NameChange] = []

    def file(self, path: str) -> File | None:
        """The file that has this name now."""
        return self._now.get(path)

    def has(self, path: str) -> bool:
        return path in self._now

    def create(self, path: str) -> None:
        self._change(NameChange(_folder(path), added=path, target=File()))

    def make_folder(self, path: str) -> None:
        self._change(NameChange(_folder(path), added=path))

    def link(self, old: str, new: str) -> None:
        self._change(NameChange(_folder(new), added=new, target=self._now[old]))

    def rename(self, old: str, new: str) -> None:
        self._change(NameChange(_folder(new), gone=old, added=new, target=self._now[old]))

    def remove(self, path: str) -> None:
        self._change(NameChange(_folder(path), gone=path))

    def begin_sync(self, path: str) -> Callable[[], None]:
        """A sync of a file or folder begins; call the result once it has come back."""
        file = self._now.get(path)
        if file is None:
            changes = [change for change in self._changes if change.folder == path]
            return lambda: _keep(changes)
        count = len(file.writes)
        return lambda: setattr(file, "synced", max(file.synced, count))

    def after(self, survives: Callable[[], bool]) -> dict[str, bytes | None]:
        """What is there after a cut: path → content, None for a folder."""
        names: Names = {self._top: FOLDER}
        for change in self._changes:
            if change.is_durable or survives():
                change.apply(names)
        reachable = {path: file for path, file in names.items() if _is_reachable(path, names, self._top)}
        contents: dict[int, bytes] = {}
        for file in reachable.values():
            if file is not None and id(file) not in contents:
                contents[id(file)] = file.after(survives)
        return {path: None if file is None else contents[id(file)] for path, file in reachable.items()}

    def _change(self, change: NameChange) -> None:
        change.apply(self._now)
        self._changes.append(change)


def _keep(changes: Iterable[NameChange]) -> None:
    for change in changes:
        change.is_durable = True


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _is_reachable(path: str, names: Names, top: str) -> bool:
    """True where every folder above is there as well."""
    above = path
    while above != top:
        above = _folder(above)
        if above not in names or names[above] is not FOLDER:
            return False
    return True
