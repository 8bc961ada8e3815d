"""What can be done with a picture by one key, alike in the gallery, the details and the viewer."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from gptimg_desktop.core.take import Part
from gptimg_desktop.ui.key_presses import KeyPresses

if TYPE_CHECKING:
    from collections.abc import Mapping


class Deed(StrEnum):
    """A wish that has a key."""

    USE_ALL = "use_all"
    USE_PROMPT = "use_prompt"
    USE_SIZE = "use_size"
    USE_REFERENCES = "use_references"
    AS_REFERENCE = "as_reference"
    SEND_NEXT = "send_next"
    PICK = "pick"
    REJECT = "reject"
    GATHER = "gather"
    REMOVE = "remove"
    RESTORE = "restore"
    UNDO = "undo"


_KEYS: Final[Mapping[Deed, tuple[str, ...]]] = MappingProxyType(
    {
        Deed.USE_ALL: ("U",),
        Deed.USE_PROMPT: ("T",),
        Deed.USE_SIZE: ("S",),
        Deed.USE_REFERENCES: ("E",),
        Deed.AS_REFERENCE: ("R",),
        Deed.SEND_NEXT: ("N",),
        Deed.PICK: ("P",),
        Deed.REJECT: ("X",),
        Deed.GATHER: ("C",),
        Deed.REMOVE: ("Del", "Backspace"),
        Deed.RESTORE: ("Ctrl+Backspace",),
        Deed.UNDO: ("Ctrl+Z",),
    }
)
PARTS: Final[Mapping[Deed, Part]] = MappingProxyType(
    {
        Deed.USE_ALL: Part.ALL,
        Deed.USE_PROMPT: Part.PROMPT,
        Deed.USE_SIZE: Part.SIZE,
        Deed.USE_REFERENCES: Part.REFERENCES,
    }
)
"""Which part of the settings a deed takes."""


def keys_of(deed: Deed) -> QKeySequence:
    """The key that stands in menus and tips."""
    return QKeySequence(_KEYS[deed][0])


def with_key(text: str, deed: Deed) -> str:
    """A text for a tip, with its key: "Pick (P)"."""
    key = keys_of(deed).toString(QKeySequence.SequenceFormat.NativeText)
    return QCoreApplication.translate("Deeds", "{text} ({key})").format(text=text, key=key)


def deed_of(event: QKeyEvent) -> Deed | None:
    """What a key press wishes; None where it is no key for a picture."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    pressed = QKeySequence(modifiers.value | event.key())  # numbers: some keys are not, or no longer, named
    found = (deed for deed, keys in _KEYS.items() if pressed in map(QKeySequence, keys))
    return next(found, None)


class DeedKeys(QObject):
    """Hears a widget's keys before the widget does; `pressed` tells a Deed once for each press of a hand."""

    pressed = Signal(object)  # Deed

    def __init__(self, widget: QObject) -> None:
        self._presses = KeyPresses()
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            self.note_release(event)
            return False
        return event.type() == QEvent.Type.KeyPress and self.take(event)

    def note_release(self, event: QKeyEvent) -> None:
        """A key was let go, here or where its presses are passed on from."""
        self._presses.note_release(event)

    def take(self, event: QKeyEvent) -> bool:
        """True for a key press that is a deed's, whether it is one of a hand or of a held key."""
        deed = deed_of(event)
        if deed is None:
            return False
        event.accept()
        if self._presses.is_new(event):
            self.pressed.emit(deed)
        return True
