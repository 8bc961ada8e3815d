"""The references of the next image: 1 to 16 pictures that the service looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.reference import MOST_REFERENCES, FileReference, Reference, Shrink, ShrinkWish
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.ui.compose.chip_facts import arrival_note
from gptimg_desktop.ui.compose.chip_ground import Landing, PlaceMove
from gptimg_desktop.ui.compose.chip_menu import ChipMenu
from gptimg_desktop.ui.compose.offer import Item, Offer, read_text
from gptimg_desktop.ui.compose.reference_dialog import ReferenceDialog
from gptimg_desktop.ui.compose.second_click import SecondClick
from gptimg_desktop.ui.compose.tray_content import TrayContent
from gptimg_desktop.ui.compose.tray_ground import TrayGround
from gptimg_desktop.ui.compose.wishes import ShapeWish
from gptimg_desktop.ui.key_presses import KeyPresses

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.ui.compose.place import Place
    from gptimg_desktop.ui.compose.reference_chip import ReferenceChip


class ReferenceTray(TrayGround):
    """Numbered chips, what they weigh, an add button, a field for addresses, and what is to be said of them.

    What takes a while to read has its place from the start; `fill` or `give_up` ends that, `expand` turns a
    folder's place into those of its pictures. What does not fit is asked about, one after the other.

    `changed`: the user changed what is there. `files_wanted` (a tuple of paths) and `picture_wanted` (a
    `PastedPicture`) ask for places to be filled, `thumbnail_wanted` (a `FileReference`) for a picture,
    `shrink_wanted` (a `ShrinkWish`) for a lighter copy. `shape_wanted` carries a `ShapeWish`, `show_wanted` a
    `Reference`, `copies_accepted` the `Draft` to be sent with the copies of files that are gone.
    `problem_shown`: there is something to read now.
    """

    changed = Signal()
    files_wanted = Signal(object)
    picture_wanted = Signal(object)
    thumbnail_wanted = Signal(object)
    shrink_wanted = Signal(object)
    shape_wanted = Signal(object)
    show_wanted = Signal(object)
    copies_accepted = Signal(object)
    problem_shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._presses = KeyPresses()
        super().__init__(parent)
        self._content = TrayContent(self)
        self._arrived: list[FileReference] = []
        self._second_click = SecondClick(self)
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
        if not self._question.items:
            return None
        return Problem.of(ProblemKind.REFERENCE_UNPLACED, name=self._question.name)

    @property
    def message_line(self) -> QWidget:
        """Where there is something to read now."""
        return self._question if self._question.items else self._message

    def message(self) -> str:
        """What is wrong with a reference; empty where nothing is."""
        return self._message.text()

    # What it is told

    def set_references(self, references: tuple[Reference, ...]) -> None:
        """Show exactly these; pictures that are known already are kept, the others are asked for. Nothing of
        before can be undone any more."""
        self._question.drop_all()
        self._clear_notes()
        self._content.set_references(references)

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
        self._use_room()
        return was_shown

    def expand(self, folder: str, paths: tuple[str, ...]) -> None:
        """Let the place kept for a folder become those of its pictures, as many as fit, and ask for these;
        where the rest goes is asked. A folder without any gives its place up."""
        self._content.expand(folder, paths)
        self._use_room()

    def replace_reference(self, old: FileReference, new: FileReference, bitmap: Bitmap | None) -> bool:
        """The file behind a reference had changed: its chips follow in their places. `old` may be the
        reference as it was sent. False where it is not there any more."""
        return self._content.replace_reference(old, new, bitmap)

    def ask_missing(self, draft: Draft, missing: tuple[FileReference, ...]) -> None:
        """Ask what shall become of a press whose files are gone: nothing was sent by it."""
        self._message.ask_missing(draft, missing)
        self.problem_shown.emit()

    def withdraw_question(self) -> None:
        """The draft is another one now, so a press that was asked about is void."""
        if self._message.missing:
            self._message.clear()

    def show_problem(self, problem: Problem) -> None:
        self.show_problems((problem,))

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Tell several at once, as when files are dropped together."""
        if problems:
            self._message.show_problems(problems)
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
            self._take_instead(landing.replaces, landing.offer.items[0])
        else:
            self.take(landing.offer, landing.at)

    def _take_instead(self, old: Place, item: Item) -> None:
        """Let an item have the place of another reference; it is read only now."""
        if old not in self._content.places:
            self.take(Offer(items=(item,)))
            return
        self._clear_notes()
        self._undo_line.say(self._content.replace(old, item))
        self.changed.emit()

    # The seventeenth

    def _ask_about(self, items: tuple[Item, ...]) -> None:
        self._question.add(items)
        self._grid.set_asking(is_asking=True)
        if self._add.hasFocus() or any(chip.hasFocus() for chip in self._grid.chips):
            self._grid.focus_chip(0)
        self.problem_shown.emit()

    def _on_chosen(self, place: Place) -> None:
        if self._question.items:
            self._second_click.expect()
            item = self._question.take()
            self._end_asking()
            self._take_instead(place, item)

    def _leave_out(self) -> None:
        if self._question.items:
            self._second_click.expect()
            had_focus = self._question.isAncestorOf(self.focusWidget())
            self._question.take()
            self._end_asking()
            if had_focus and not self._question.items:
                self._focus_something()

    def _leave_out_all(self) -> None:
        self._question.drop_all()
        self._end_asking()

    def _end_asking(self) -> None:
        is_asking = bool(self._question.items)
        self._grid.set_asking(is_asking=is_asking)
        self.changed.emit()

    def _use_room(self) -> None:
        """Where one was taken out, what is asked about needs to replace nothing."""
        items = tuple(self._question.take() for _ in self._question.items[: self._content.room])
        if items:
            self._content.insert(items)
            self._end_asking()

    # What the user does with the chips

    def _remove(self, place: Place) -> None:
        self._remove_all((place,))

    def _remove_all(self, places: tuple[Place, ...]) -> None:
        there = tuple(place for place in places if place in self._content.places)
        if there:
            self._second_click.expect()
            self._clear_notes()
            with self._content.one_step():
                text = self._content.remove(there)
                self._use_room()
            self._undo_line.say(text)
            self.changed.emit()

    def _move(self, move: PlaceMove) -> None:
        self._clear_notes()
        self._content.move(move.place, move.index)
        self.changed.emit()

    def _move_earlier(self, place: Place) -> None:
        self._move_by(place, -1)

    def _move_later(self, place: Place) -> None:
        self._move_by(place, 1)

    def _move_by(self, place: Place, step: int) -> None:
        if place in self._content.places:
            self._move(PlaceMove(place=place, index=self._content.places.index(place) + step))

    def _undo(self) -> None:
        self._step(is_undo=True)

    def _step(self, *, is_undo: bool) -> None:
        """Take a step back or forth; what has no place yet belongs to the step that is taken back."""
        had_focus = self._undo_line.button.hasFocus()
        self._leave_out_all()
        self._clear_notes()  # first: what did not all fit is told by the step itself
        if self._content.undo() if is_undo else self._content.redo():
            self.changed.emit()
        if had_focus:
            self._focus_something()

    def _use_shape(self, place: Place) -> None:
        if place.file is not None and place in self._content.places:
            like = self.tr("reference {number}").format(number=self._content.places.index(place) + 1)
            pixels = PixelSize(place.file.width, place.file.height)
            self.shape_wanted.emit(ShapeWish(pixels=pixels, like=like))

    def _show_outside(self, place: Place) -> None:
        if place.reference is not None:
            self.show_wanted.emit(place.reference)

    def _open_menu(self, chip: ReferenceChip) -> None:
        places = self._content.places
        if chip.place not in places:
            return
        is_first, is_last = chip.place is places[0], chip.place is places[-1]
        menu = ChipMenu(chip.place, is_first=is_first, is_last=is_last, parent=self)
        menu.replace_wanted.connect(self._choose_instead)
        menu.shape_wanted.connect(self._use_shape)
        menu.show_wanted.connect(self._show_outside)
        menu.earlier_wanted.connect(self._move_earlier)
        menu.later_wanted.connect(self._move_later)
        menu.remove_wanted.connect(self._remove)
        menu.popup(chip.menu_point)

    def _choose_files(self) -> None:
        dialog = ReferenceDialog(self)
        dialog.chosen.connect(self.take)
        dialog.open()

    def _choose_instead(self, place: Place) -> None:
        dialog = ReferenceDialog(self, replaces=place)
        dialog.chosen.connect(self._on_chosen_instead)
        dialog.open()

    def _on_chosen_instead(self, offer: Offer) -> None:
        dialog = self.sender()
        if isinstance(dialog, ReferenceDialog) and dialog.replaces is not None and offer.items:
            self._take_instead(dialog.replaces, offer.items[0])

    def _on_shrink_chosen(self, shrink: Shrink | None) -> None:
        self.set_shrink(shrink)
        self._message.clear()
        self.changed.emit()

    def _on_copies_wanted(self, draft: Draft) -> None:
        """From now on the copies are what is meant; a press after this asks no more."""
        missing = self._message.missing
        self._content.settle(missing)
        settled = tuple(each.settled() if each in missing else each for each in draft.references)
        self._message.clear()
        self.changed.emit()
        self.copies_accepted.emit(draft.with_references(settled))

    def _on_removal_wanted(self, missing: tuple[FileReference, ...]) -> None:
        self._remove_all(self._content.places_of(missing))

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
                self._leave_out()
        else:
            self._step(is_undo=event.matches(QKeySequence.StandardKey.Undo))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._presses.note_release(event)
        super().keyReleaseEvent(event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            return bool(self._question.items)
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
        self._content.left_over.connect(self._ask_about)
        self._content.overflowed.connect(self._tell_full)
        self._content.files_wanted.connect(self.files_wanted)
        self._content.picture_wanted.connect(self.picture_wanted)
        self._content.thumbnail_wanted.connect(self.thumbnail_wanted)
        self._content.shrink_wanted.connect(self.shrink_wanted)
        self._grid.remove_wanted.connect(self._remove)
        self._grid.replace_wanted.connect(self._choose_instead)
        self._grid.move_wanted.connect(self._move)
        self._grid.chosen.connect(self._on_chosen)
        self._grid.landed.connect(self._on_landed)
        self._grid.menu_wanted.connect(self._open_menu)
        self._grid.hovering.connect(self.set_target)
        self._grid.emptied.connect(self._focus_something)
        self._question.left_out.connect(self._leave_out)
        self._question.all_left_out.connect(self._leave_out_all)
        self._message.shrinking_wanted.connect(self._weights.open_popup)
        self._message.copies_wanted.connect(self._on_copies_wanted)
        self._message.removal_wanted.connect(self._on_removal_wanted)
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
        self._grid.set_asking(is_asking=bool(self._question.items))
        for number, chip in enumerate(self._grid.chips, 1):
            reference = chip.place.reference
            sent = None if reference is None else content.as_sent(reference)
            is_light = reference is None or not content.is_being_shrunk(reference)
            chip.show_place(number, sent, is_light=is_light)
        self._hint.setVisible(not content.places)
        self._weights.show_references(
            len(content.places), content.references, content.references_as_sent, awaited=content.being_shrunk
        )

    def _note_arrival(self, reference: Reference) -> None:
        """Say quietly what was changed in the pictures that came since the user did something."""
        if isinstance(reference, FileReference):
            self._arrived.append(reference)
            if note := arrival_note(self._arrived):
                self._message.show_note(note)

    def _clear_notes(self) -> None:
        self._arrived.clear()
        self._message.clear()
        self._undo_line.say("")

    def _tell_full(self) -> None:
        self.show_problem(Problem.of(ProblemKind.TOO_MANY_REFERENCES, limit=MOST_REFERENCES))
