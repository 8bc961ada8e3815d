"""The questions before anything leaves the bin for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from gptimg_desktop.ui.messages import file_size
from gptimg_desktop.ui.question import dress_as_warning

if TYPE_CHECKING:
    from gptimg_desktop.core.bin import BinContents, Clearing


class _Question(QMessageBox):
    """Two answers, of which the harmless one is at hand. `agreed` carries the clearing that it is about."""

    agreed = Signal(object)  # Clearing

    def __init__(self, clearing: Clearing, parent: QWidget) -> None:
        self._clearing = clearing
        self._yes: QPushButton | None = None
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setTextFormat(Qt.TextFormat.PlainText)
        dress_as_warning(self)
        self.buttonClicked.connect(self._answer)

    def _offer(self, yes: str, no: str) -> None:
        self._yes = self.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
        self._yes.setObjectName("clearYes")
        self._yes.setAutoDefault(False)
        stay = self.addButton(no, QMessageBox.ButtonRole.RejectRole)
        stay.setObjectName("clearNo")
        self.setDefaultButton(stay)
        self.setEscapeButton(stay)

    def _answer(self, button: object) -> None:
        if button is self._yes:
            self.agreed.emit(self._clearing)


class ClearQuestion(_Question):
    """Whether jobs leave the bin and their files go into the trash of the computer."""

    def __init__(self, clearing: Clearing, contents: BinContents, parent: QWidget) -> None:
        super().__init__(clearing, parent)
        self.setObjectName("clearQuestion")
        is_all = clearing.seqs is None
        self.setWindowTitle(self.tr("Empty the bin") if is_all else self.tr("Delete"))
        self.setText(self._asked(contents, is_all=is_all))
        said = self._what_goes(contents)
        if contents.held:
            said.append(self.tr("{held} stay in the bin: they go on, or nobody knows what became of them."))
        told = "\n\n".join(said)
        held = QLocale().toString(contents.held)
        self.setInformativeText(told.format(size=file_size(contents.size_bytes), held=held))
        delete = self.tr("Move to the trash") if contents.size_bytes else self.tr("Delete")
        self._offer(self.tr("Empty bin") if is_all else delete, self.tr("Cancel"))

    def _what_goes(self, contents: BinContents) -> list[str]:
        is_one = contents.count == 1
        if not contents.size_bytes:
            one = self.tr("There is no file; it only leaves the gallery. Here it cannot be brought back.")
            many = self.tr(
                "There are no files; they only leave the gallery. Here they cannot be brought back."
            )
            return [one if is_one else many]
        one = self.tr("Its file ({size}) goes to this computer's trash. Here it cannot be brought back.")
        many = self.tr("Their files ({size}) go to this computer's trash. Here they cannot be brought back.")
        left = self.tr("What was imported where it lies, or was changed since, only leaves the gallery.")
        return [one if is_one else many, left]

    def _asked(self, contents: BinContents, *, is_all: bool) -> str:
        count = QLocale().toString(contents.count)
        if contents.count == 1:
            return self.tr("Empty the bin? 1 is in it.") if is_all else self.tr("Delete it for good?")
        asked = (
            self.tr("Empty the bin? {count} are in it.") if is_all else self.tr("Delete {count} for good?")
        )
        return asked.format(count=count)


class ForeverQuestion(_Question):
    """Whether files are deleted that the computer's trash does not take. They are gone then, for ever."""

    def __init__(self, clearing: Clearing, contents: BinContents, reason: str, parent: QWidget) -> None:
        super().__init__(clearing, parent)
        self.setObjectName("foreverQuestion")
        count = contents.count
        self.setWindowTitle(self.tr("Delete for ever"))
        asked = self.tr("Delete {count} for ever?") if count != 1 else self.tr("Delete 1 for ever?")
        self.setText(asked.format(count=QLocale().toString(count)))
        told = self.tr("This computer's trash does not take the files. Nothing was deleted so far.")
        if reason:
            told += " " + self.tr("(The system says: {reason}.)").format(reason=reason.rstrip("."))
        forever = self.tr("Deleted for ever, nobody can bring them back.")
        if count == 1:
            forever = self.tr("Deleted for ever, nobody can bring it back.")
        told += "\n\n" + " ".join(filter(None, (forever, self._paid(contents))))
        self.setInformativeText(told)
        self._offer(self.tr("Delete for ever"), self.tr("Keep in the bin"))

    def _paid(self, contents: BinContents) -> str:
        """How many of them cost money; nothing where none did."""
        if not contents.paid:
            return ""
        if contents.paid == contents.count:
            return self.tr("They were paid for.") if contents.count > 1 else self.tr("It was paid for.")
        some = self.tr("{paid} of them were paid for.")
        if contents.paid == 1:
            some = self.tr("1 of them was paid for.")
        return some.format(paid=QLocale().toString(contents.paid))
