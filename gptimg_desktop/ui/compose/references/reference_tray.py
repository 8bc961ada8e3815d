"""The references of the next image: 1 to 16 pictures that the service looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.reference import MOST_REFERENCES, FileReference, Reference, Shrink, ShrinkWish
from gptimg_desktop.ui.compose.references.chip_deeds import ChipDeeds
from gptimg_desktop.ui.compose.references.chip_facts import arrival_note
from gptimg_desktop.ui.compose.references.offer import Offer, read_text
from gptimg_desktop.ui.compose.references.reference_dialog import ReferenceDialog
from gptimg_desktop.ui.compose.references.seventeenth import Seventeenth
from gptimg_desktop.ui.compose.references.tray_content import TrayContent
from gptimg_desktop.ui.compose.references.tray_ground import TrayGround
from gptimg_desktop.ui.key_presses import KeyPresses

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.missing_files import MissingFiles
    from gptimg_desktop.ui.compose.references.chip_ground import Landing
    from gptimg_desktop.ui.compose.references.places import PlacesStep


class ReferenceTray(TrayGround):
    """Numbered chips, what they weigh, an add button, a field for addresses, and what is to be said of them.

    What takes a while to read has its place from the start; `fill` or `give_up` ends that, `expand` turns a
    folder's place into those of its pictures. What does not fit is asked about, one after the other.

    `changed`: the user changed what is there. `files_wanted` (a tuple of paths) and `picture_wanted` (a
    `PastedPicture`) ask for places to be filled, `thumbnail_wanted` (a `FileReference`) for a picture,
    `shrink_wanted` (a `ShrinkWish`) for a lighter copy. `shape_wanted` carries a `ShapeWish`, `show_wanted` a
    `Reference`. `copies_accepted` and `presses_dropped` answer the question about missing files, by its
    number. `problem_shown`: there is something to read now. `reveal_wanted` carries a widget that is to be
    seen.
    """

    changed = Signal()
    files_wanted = Signal(object)
    picture_wanted = Signal(object)
    thumbnail_wanted = Signal(object)
    shrink_wanted = Signal(object)
    shape_wanted = Signal(object)
    show_wanted = Signal(object)
    copies_accepted = Signal(int)
    presses_dropped = Signal(int)
    problem_shown = Signal()
    reveal_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._presses = KeyPresses()
        super().__init__(parent)
        self._content = TrayContent(self)
        self._arrived: list[FileReference] = []
        self._is_missing_told_last = False
        self._seventeenth = Seventeenth(self._question, self._grid, self._content, self)
        self._deeds = ChipDeeds(
            content=self._content,
            grid=self._grid,
            undo_line=self._undo_line,
            seventeenth=self._seventeenth,
            parent=self,
        )
        self._connect()
        self._show()

    # What is there

    def references(self) -> tuple[Reference, ...]:
        """What is there, in the order that is shown."""
        return self._content.references

    def references_as_sent(self) -> tuple[Reference, ...]:
        """The same, each as light as it is sent."""
        return self._content.references_as_sent

    def shrink(self) -> Shrink | None:
        """How pictures are made lighter for sending; None where they go as they are kept."""
        return self._content.shrink

    @property
    def waiting(self) -> int:
        """How many are still being read or made lighter."""
        return self._content.waiting

    @property
    def open_question(self) -> Problem | None:
        """What must be answered before anything is sent; None where nothing must."""
        if not self._seventeenth.is_open:
            return None
        return Problem.of(ProblemKind.REFERENCE_UNPLACED, name=self._seventeenth.name)

    @property
    def message_line(self) -> QWidget:
        """Where there is something to read now."""
        if self._seventeenth.is_open:
            return self._question
        return self._missing if self._is_missing_told_last else self._message

    def message(self) -> str:
        """What is wrong with a reference; empty where nothing is."""
        return self._message.text()

    # What it is told

    def set_references(self, references: tuple[Reference, ...]) -> None:
        """Show exactly these; pictures that are known already are kept, the others are asked for. Nothing of
        before can be undone any more."""
        self._seventeenth.drop_all()
        self._clear_notes()
        self._content.set_references(references)

    def take_over(self, references: tuple[Reference, ...]) -> PlacesStep | None:
        """Show exactly these, telling nobody, as one step that can be undone; None where nothing changes."""
        self._seventeenth.drop_all()
        self._clear_notes()
        return self._content.take_over(references)

    def step_back(self) -> bool:
        """Undo the last step, telling nobody; False where there is none."""
        self._clear_notes()
        return self._content.undo()

    def step_forth(self) -> bool:
        """Do the step again that was undone last, telling nobody; False where there is none."""
        self._clear_notes()
        return self._content.redo()

    def put_first(self, references: tuple[Reference, ...]) -> None:
        """Put references before all others, as a step that can be undone; what does not fit is told."""
        if not self._content.put_first(references):
            self._tell_full()

    def set_shrink(self, shrink: Shrink | None) -> None:
        """Show how pictures are made lighter, telling nobody; those that are not made yet are asked for."""
        self._weights.set_shrink(shrink)
        self._content.set_shrink(shrink)

    def set_shrunk(self, wish: ShrinkWish, shrunk: FileReference) -> None:
        """What a picture became; where it cannot be made lighter, it is the picture itself."""
        self._content.set_shrunk(wish, shrunk)

    def set_thumbnail(self, sha256: str, bitmap: Bitmap) -> None:
        """Give every chip of this content its picture; unknown content is ignored."""
        if self._content.set_thumbnail(sha256, bitmap):
            self._grid.update_chips()

    def add(self, reference: Reference, bitmap: Bitmap | None) -> bool:
        """Add one at the end; False, with the problem told, where the tray is full."""
        if not self._content.add(reference, bitmap):
            self._tell_full()
            return False
        self._note_arrival(reference)
        return True

    def fill(self, source: str, reference: Reference, bitmap: Bitmap | None) -> bool:
        """Put a reference into the first place kept for its source; False where it is not to be seen."""
        if not self._content.fill(source, reference, bitmap):
            return False
        self._note_arrival(reference)
        return True

    def give_up(self, source: str) -> bool:
        """Take away the first place kept for a source; False where it was not to be seen."""
        was_shown = self._content.give_up(source)
        self._seventeenth.use_room()
        return was_shown

    def expand(self, folder: str, paths: tuple[str, ...]) -> None:
        """Let the place kept for a folder become those of its pictures, as many as fit, and ask for these;
        where the rest goes is asked. A folder without any gives its place up."""
        self._content.expand(folder, paths)
        self._seventeenth.use_room()

    def replace_reference(self, old: FileReference, new: FileReference, bitmap: Bitmap | None) -> bool:
        """The file behind a reference had changed: its chips follow in their places. `old` may be the
        reference as it was sent. False where it is not there any more."""
        return self._content.replace_reference(old, new, bitmap)

    def ask_missing(self, question: MissingFiles | None) -> None:
        """Ask what shall become of presses whose files are gone, beside whatever else is told; None where
        nothing is to be asked any more."""
        had_keys = self._missing.isAncestorOf(self.window().focusWidget())
        self._missing.ask(question)
        if question is None and had_keys:
            self._focus_something()
        if question is not None:
            self._is_missing_told_last = True
            self.problem_shown.emit()

    def compare_question(self, draft: Draft) -> None:
        """The draft as it would be sent now; presses of another one that wait are called by their prompts."""
        self._missing.compare(draft)

    def clear_outcome(self) -> None:
        """Say no more what became of the last question about missing files."""
        self._missing.clear_outcome()

    def show_problem(self, problem: Problem) -> None:
        self.show_problems((problem,))

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Tell several at once, as when files are dropped together."""
        if problems:
            self._message.show_problems(problems)
            self._is_missing_told_last = False
            self.problem_shown.emit()

    def clear_problem(self) -> None:
        self._arrived.clear()
        self._message.clear()

    def reveal_question(self) -> None:
        """Bring the open question into sight. The focus stays: what is typed is not meant as an answer."""
        self.problem_shown.emit()

    # What the user brings

    def take(self, offer: Offer, at: int | None = None) -> None:
        """Keep a place for everything that fits, in its order, then ask for what is to be read; where the
        rest goes is asked, and what cannot be used is told."""
        if not offer:
            return
        self._clear_notes()
        self._content.insert(offer.items, at)
        if offer.items:
            self.changed.emit()
        self.show_problems(offer.problems)

    def take_by_hand(self, offer: Offer, at: int | None = None) -> None:
        """The same for what was not brought by the keys of a text field: if it must be asked about, the
        question has the keys."""
        self.take(offer, at)
        if offer.items:
            self._seventeenth.take_keys()

    def take_typed_address(self) -> bool:
        """Take an address that was typed and not confirmed yet; False where it cannot be taken, and told."""
        text = self._url.text().strip()
        if not text:
            return True
        self._message.clear()
        offer = read_text(text)
        if offer.problems:
            self.show_problems(offer.problems)
            return False
        self._url.clear()
        self.take(offer)
        return True

    def _take_url(self) -> None:
        self.take_typed_address()

    def _on_landed(self, landing: Landing) -> None:
        if landing.replaces is not None and len(landing.offer.items) == 1:
            self._deeds.take_instead(landing.replaces, landing.offer.items[0])
        else:
            self.take_by_hand(landing.offer, landing.at)

    # The seventeenth

    def leave_out(self) -> bool:
        """What is asked about shall not come; False where nothing was asked."""
        return self._seventeenth.leave_out()

    # What the user does with the chips

    def go_to_pictures(self) -> None:
        """Give the keys to the picture that had them last; without any, to the button that adds some."""
        if not self._grid.take_keys():
            self._add.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keep_popups_above(self, room: QWidget) -> None:
        """Let nothing float over what lies below `room`, which may cost."""
        self._weights.keep_popup_above(room)

    def _undo(self) -> None:
        self._step(is_undo=True)

    def _step(self, *, is_undo: bool) -> None:
        """Take a step back or forth; what waits for a place takes one that has become free."""
        had_focus = self._undo_line.button.hasFocus()
        self._clear_notes()  # first: what did not all fit is told by the step itself
        if self._content.undo() if is_undo else self._content.redo():
            self.changed.emit()
        self._seventeenth.use_room()
        if had_focus:
            self._focus_something()

    def _choose_files(self) -> None:
        dialog = ReferenceDialog(self)
        dialog.chosen.connect(self.take_by_hand)
        dialog.open()

    def _on_shrink_chosen(self, shrink: Shrink | None) -> None:
        self.set_shrink(shrink)
        self._message.clear()
        self.changed.emit()

    def _on_copies_accepted(self, number: int) -> None:
        """From now on the copies are what is meant; a press after this asks no more."""
        if self._missing.asked is not None:
            self._content.settle(self._missing.asked.missing)
        self.copies_accepted.emit(number)
        self.changed.emit()

    # Keys

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_ours = self._is_ours(event)
            event.setAccepted(is_ours)
            return is_ours or super().event(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_new = self._presses.is_new(event)
        if not self._is_ours(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            if is_new:
                self.leave_out()
        else:
            self._step(is_undo=event.matches(QKeySequence.StandardKey.Undo))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._presses.note_release(event)
        super().keyReleaseEvent(event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            return self._seventeenth.is_open
        return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)

    def _focus_something(self) -> None:
        """Where the focus goes that was on something that is gone."""
        if self._content.places:
            self._grid.focus_chip(0)
        else:
            self._add.setFocus(Qt.FocusReason.OtherFocusReason)

    # How it looks

    def _connect(self) -> None:
        self._content.shown_changed.connect(self._show)
        self._content.overflowed.connect(self._tell_full)
        self._content.files_wanted.connect(self.files_wanted)
        self._content.picture_wanted.connect(self.picture_wanted)
        self._content.thumbnail_wanted.connect(self.thumbnail_wanted)
        self._content.shrink_wanted.connect(self.shrink_wanted)
        self._grid.landed.connect(self._on_landed)
        self._grid.hovering.connect(self.set_target)
        self._grid.emptied.connect(self._focus_something)
        self._grid.reveal_wanted.connect(self.reveal_wanted)
        self._deeds.begun.connect(self._clear_notes)
        self._deeds.changed.connect(self.changed)
        self._deeds.shape_wanted.connect(self.shape_wanted)
        self._deeds.show_wanted.connect(self.show_wanted)
        self._deeds.offered.connect(self.take)
        self._seventeenth.asked.connect(self._bring_question)
        self._seventeenth.changed.connect(self.changed)
        self._seventeenth.focus_lost.connect(self._focus_something)
        self._message.shrinking_wanted.connect(self._weights.open_popup)
        self._missing.copies_accepted.connect(self._on_copies_accepted)
        self._missing.presses_dropped.connect(self.presses_dropped)
        self._undo_line.undo_wanted.connect(self._undo)
        self._weights.shrink_chosen.connect(self._on_shrink_chosen)
        self._add.clicked.connect(self._choose_files)
        self._url.returnPressed.connect(self._take_url)
        self._url.textEdited.connect(self._message.clear)
        self._url.offered.connect(self.take)

    def _show(self) -> None:
        """Let everything that is seen follow what is there."""
        content = self._content
        self._grid.set_places(content.places)
        self._grid.set_asking(is_asking=self._seventeenth.is_open)
        for number, chip in enumerate(self._grid.chips, 1):
            reference = chip.place.reference
            sent = None if reference is None else content.as_sent(reference)
            is_light = reference is None or not content.is_being_shrunk(reference)
            chip.show_place(number, sent, is_light=is_light)
        self._hint.setVisible(not content.places)
        self._weights.show_references(
            len(content.places), content.references, content.references_as_sent, awaited=content.being_shrunk
        )

    def _bring_question(self) -> None:
        """Bring the question into sight, once it has its place."""
        QTimer.singleShot(0, self, self._show_question)

    def _show_question(self) -> None:
        if self._seventeenth.is_open:
            self.reveal_wanted.emit(self._question)

    def _note_arrival(self, reference: Reference) -> None:
        """Say quietly what was changed in the pictures that came since the user did something."""
        if isinstance(reference, FileReference):
            self._arrived.append(reference)
            if note := arrival_note(self._arrived):
                self._message.show_note(note)

    def _clear_notes(self) -> None:
        self._arrived.clear()
        self._message.clear()
        self._missing.clear_outcome()
        self._undo_line.say("")
        self._content.note_seen()

    def _tell_full(self) -> None:
        self.show_problem(Problem.of(ProblemKind.TOO_MANY_REFERENCES, limit=MOST_REFERENCES))
