"""What is told of a reference in words: its kind, its weight, what was changed."""

from __future__ import annotations

import html
import re
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from gptimg_desktop.core.reference import Change, FileReference, Reference, UrlReference
from gptimg_desktop.ui.compose.references.place import Awaited
from gptimg_desktop.ui.messages import file_size

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONTEXT: Final = "ReferenceChip"
_BREAK: Final = "\u200b"
_LONG_WORD: Final = re.compile(r"\S{40}(?=\S)")  # a tool tip's lines break between words only


class Kind(StrEnum):
    """Where a reference comes from; the value is its icon."""

    FILE = "file"
    PASTED = "clipboard"
    ADDRESS = "globe"
    RESULT = "sparkles"


_KINDS: Final = {
    Kind.FILE: QT_TRANSLATE_NOOP("ReferenceChip", "File"),
    Kind.PASTED: QT_TRANSLATE_NOOP("ReferenceChip", "Pasted"),
    Kind.ADDRESS: QT_TRANSLATE_NOOP("ReferenceChip", "Address"),
    Kind.RESULT: QT_TRANSLATE_NOOP("ReferenceChip", "Made here"),
}
_CHANGES: Final = {
    Change.TURNED: QT_TRANSLATE_NOOP("ReferenceChip", "turned upright"),
    Change.STRIPPED: QT_TRANSLATE_NOOP("ReferenceChip", "camera data removed"),
    Change.TO_SRGB: QT_TRANSLATE_NOOP("ReferenceChip", "colours turned to sRGB"),
    Change.TO_8_BIT: QT_TRANSLATE_NOOP("ReferenceChip", "reduced to 8 bits a channel"),
    Change.FIRST_FRAME: QT_TRANSLATE_NOOP("ReferenceChip", "only the first frame"),
    Change.SHRUNK: QT_TRANSLATE_NOOP("ReferenceChip", "shrunk for sending"),
}


def kind_of(reference: Reference) -> Kind:
    """A file's name has an ending; a picture that was pasted has a name that the program gave it."""
    if isinstance(reference, UrlReference):
        return Kind.ADDRESS
    if reference.job_id:
        return Kind.RESULT
    is_named = reference.origin is not None or PurePath(reference.name).suffix
    return Kind.FILE if is_named else Kind.PASTED


def kind_word(reference: Reference) -> str:
    return _tr(_KINDS[kind_of(reference)])


def changes_of(reference: FileReference) -> str:
    """What was done to a picture: "Turned upright, camera data removed; was TIFF"; empty for nothing."""
    done = _done_to(reference)
    if Change.CONVERTED in reference.changes:
        was = _tr("was {format}").format(format=reference.came_as.upper() or _tr("another format"))
        done = f"{done}; {was}" if done else was
    return _sentence(done)


def arrival_note(arrived: Sequence[FileReference]) -> str:
    """One line about what was changed in those that just came; empty where nothing was."""
    changed = [reference for reference in arrived if reference.changes]
    if not changed:
        return ""
    if len(changed) > 1:
        told = _tr("{count} pictures were made ready for sending; their tool tips say how.")
        return told.format(count=len(changed))
    return _note_of(changed[0])


def _note_of(reference: FileReference) -> str:
    name, done = _one_line(reference.name), _done_to(reference)
    if Change.CONVERTED not in reference.changes:
        return _tr("“{name}”: {changes}.").format(name=name, changes=done)
    told = _tr("“{name}” is sent as {format}.").format(name=name, format=format_of(reference))
    return f"{told} {_sentence(done)}." if done else told


def _done_to(reference: FileReference) -> str:
    return ", ".join(_tr(words) for change, words in _CHANGES.items() if change in reference.changes)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def format_of(reference: FileReference) -> str:
    """ "PNG", "JPEG", "WebP" """
    name = reference.media_type.rpartition("/")[2]
    return {"webp": "WebP"}.get(name, name.upper())


def spoken(content: Reference | Awaited) -> str:
    """What a screen reader says after the number."""
    if isinstance(content, Awaited):
        return _tr("{name}, reading…").format(name=content.name)
    if isinstance(content, UrlReference):
        return _tr("{address}, not secure").format(address=content.url) if is_open(content) else content.url
    return content.name


def described(content: Reference | Awaited, sent: Reference | None) -> tuple[str, ...]:
    """The lines of a tool tip; `sent` is the reference as it is sent."""
    if isinstance(content, Awaited):
        return (spoken(content),)
    if isinstance(content, UrlReference):
        return _address_lines(content)
    shown = sent if isinstance(sent, FileReference) else content
    pixels = f"{shown.width}×{shown.height}"
    facts = " · ".join((kind_word(content), pixels, format_of(shown), file_size(shown.size_bytes)))
    return tuple(line for line in (content.name, facts, changes_of(shown)) if line)


def _address_lines(reference: UrlReference) -> tuple[str, ...]:
    fetched = _tr("The service fetches it from {host}; this program does not.").format(host=reference.host)
    if not is_open(reference):
        return (reference.url, fetched)
    told = _tr("{address} – not secure: others on the way can read and change it")
    return (told.format(address=reference.url), fetched)


def is_open(reference: UrlReference) -> bool:
    """True where anybody on the way can read and change what is fetched."""
    return reference.url.lower().startswith("http:")


def tool_tip(lines: Sequence[str]) -> str:
    """Foreign text for a tool tip: never markup, and with places where a long word may be broken."""
    broken = (html.escape(_LONG_WORD.sub(rf"\g<0>{_BREAK}", line)) for line in lines)
    return f"<qt>{'<br>'.join(broken)}</qt>"


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _tr(text: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(text))
