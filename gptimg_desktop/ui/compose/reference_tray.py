"""The references of the next image: 1 to 16 pictures that the service looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QStandardPaths, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.reference import MOST_REFERENCES, FileReference, Reference, count_problem
from gptimg_desktop.ui.compose.address_edit import AddressEdit
from gptimg_desktop.ui.compose.icon_button import IconButton
from gptimg_desktop.ui.compose.message_line import MessageLine
from gptimg_desktop.ui.compose.offer import Offer, read_text
from gptimg_desktop.ui.compose.reference_chip import Awaited, ReferenceChip
from gptimg_desktop.ui.images import image_of
from gptimg_desktop.ui.theme import RADIUS, UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.reference import Shrink, ShrinkWish

_COLUMNS: Final = 4


class ReferenceTray(QFrame):
    """Numbered chips, an add button, a field for addresses. A problem with a reference is told right here.

    What takes a while to read has its place from the start: `expect` keeps it, `fill` or `give_up` ends that.

    `changed`: the user removed or moved something. `offered` carries an `Offer` of files that were chosen or
    of addresses that were typed. `thumbnail_wanted` carries a `FileReference` that has no picture yet.
    `problem_shown`: there is a sentence to read now.
    """

    changed = Signal()
    offered = Signal(object)
    thumbnail_wanted = Signal(object)
    shrink_wanted = Signal(object)
    problem_shown = Signal()

    _is_target = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[ReferenceChip] = []
        self._shrink: Shrink | None = None
        self.setObjectName("referenceTray")
        self.setAccessibleName(self.tr("References: drop pictures here"))
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self._hint = QLabel(self.tr("Drop pictures here, paste them, or add files."))
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._message = MessageLine()
        self._add = IconButton("image-plus", self.tr("Add reference files"), size=18)
        self._add.setObjectName("addReferenceButton")
        self._add.clicked.connect(self._choose_files)
        self._url = self._build_url_field()
        self._grid = QGridLayout()
        self._lay_out()
        self._renumber()

    def references(self) -> tuple[Reference, ...]:
        """What is there, in the order that is shown."""
        return tuple(chip.reference for chip in self._chips if chip.reference is not None)

    def references_as_sent(self) -> tuple[Reference, ...]:
        """The same, each as light as it is sent."""
        return self.references()

    def shrink(self) -> Shrink | None:
        """How pictures are made lighter for sending; None where they go as they are kept."""
        return self._shrink

    def set_shrink(self, shrink: Shrink | None) -> None:
        """Show how pictures are made lighter, telling nobody; those that are not made yet are asked for."""
        self._shrink = shrink

    def set_shrunk(self, wish: ShrinkWish, shrunk: FileReference) -> None:
        """What a picture became; a wish that nobody waits for any more is ignored."""

    @property
    def waiting(self) -> int:
        """How many are still being read."""
        return sum(bool(chip.source) for chip in self._chips)

    @property
    def room(self) -> int:
        """How many more references fit."""
        return MOST_REFERENCES - len(self._chips)

    def set_references(self, references: tuple[Reference, ...]) -> None:
        """Show exactly these; pictures that are known already are kept, the others are asked for."""
        known = {sha256: chip.image for chip in self._chips if (sha256 := _sha256(chip)) and chip.image}
        while self._chips:
            self._drop_chip(self._chips[-1])
        for reference in references:
            sha256 = reference.sha256 if isinstance(reference, FileReference) else ""
            self._append(reference, known.get(sha256))
        self._message.clear()
        self._renumber()
        for chip in self._chips:
            if isinstance(chip.reference, FileReference) and chip.image is None:
                self.thumbnail_wanted.emit(chip.reference)

    def add(self, reference: Reference, bitmap: Bitmap | None) -> bool:
        """Add one at the end; False, with the problem told, where the tray is full."""
        problem = count_problem(len(self._chips) + 1)
        if problem is not None:
            self.show_problem(problem)
            return False
        self._append(reference, None if bitmap is None else image_of(bitmap))
        self._renumber()
        return True

    def set_thumbnail(self, sha256: str, bitmap: Bitmap) -> None:
        """Give every chip of this content its picture; unknown content is ignored."""
        chips = [chip for chip in self._chips if _sha256(chip) == sha256]
        if chips:
            image = image_of(bitmap)
            for chip in chips:
                chip.set_image(image)

    def expect(self, source: str, name: str) -> None:
        """Keep a place at the end for what is being read."""
        self._append(Awaited(source=source, name=name), None)
        self._renumber()

    def fill(self, source: str, reference: Reference, bitmap: Bitmap | None) -> bool:
        """Put a reference into the first place kept for its source; False where the user took that out."""
        chip = self._awaited(source)
        if chip is not None:
            chip.fill(reference, None if bitmap is None else image_of(bitmap))
        return chip is not None

    def give_up(self, source: str) -> bool:
        """Take away the first place kept for a source; False where there is none."""
        chip = self._awaited(source)
        if chip is not None:
            self._take_out(chip)
            self._renumber()
        return chip is not None

    def show_problem(self, problem: Problem) -> None:
        self._message.show_problem(problem)
        self.problem_shown.emit()

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Tell several at once, as when files are dropped together."""
        if problems:
            self._message.show_problems(problems)
            self.problem_shown.emit()

    def show_full(self) -> None:
        """Tell that no more fit."""
        self.show_problem(Problem.of(ProblemKind.TOO_MANY_REFERENCES, limit=MOST_REFERENCES))

    def clear_problem(self) -> None:
        self._message.clear()

    def message(self) -> str:
        """What is wrong with a reference; empty where nothing is."""
        return self._message.text()

    @property
    def message_line(self) -> MessageLine:
        return self._message

    def set_target(self, is_target: bool) -> None:
        """Show that a picture held above would be taken."""
        self._is_target = is_target
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        tokens = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(
            QColor(tokens.accent if self._is_target else tokens.border_strong), 1.5 if self._is_target else 1
        )
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(QColor(tokens.accent_soft if self._is_target else tokens.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.end()

    def _build_url_field(self) -> AddressEdit:
        field = AddressEdit()
        field.returnPressed.connect(self._take_url)
        field.textEdited.connect(self._message.clear)
        field.offered.connect(self.offered)
        return field

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        layout.setSpacing(UNIT)
        layout.addWidget(self._hint)
        self._grid.setSpacing(UNIT // 2)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        layout.addLayout(self._grid)
        layout.addWidget(self._message)
        row = QHBoxLayout()
        row.setSpacing(UNIT // 2)
        row.addWidget(self._add)
        row.addWidget(self._url, 1)
        row.addWidget(self._count)
        layout.addLayout(row)

    def _awaited(self, source: str) -> ReferenceChip | None:
        return next((chip for chip in self._chips if source and chip.source == source), None)

    def _append(self, content: Reference | Awaited, image: QImage | None) -> None:
        chip = ReferenceChip(content, self)
        if image is not None:
            chip.set_image(image)
        chip.remove_requested.connect(self._on_remove)
        chip.earlier_requested.connect(self._on_earlier)
        chip.later_requested.connect(self._on_later)
        self._chips.append(chip)

    def _drop_chip(self, chip: ReferenceChip) -> None:
        self._chips.remove(chip)
        self._grid.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _renumber(self) -> None:
        for index, chip in enumerate(self._chips):
            chip.set_number(index + 1)
            self._grid.addWidget(chip, index // _COLUMNS, index % _COLUMNS)
            chip.show()
        self._hint.setVisible(not self._chips)
        self._count.setText(self.tr("{count} of {most}").format(count=len(self._chips), most=MOST_REFERENCES))
        self._count.setVisible(bool(self._chips))

    def _on_remove(self, chip: ReferenceChip) -> None:
        if chip not in self._chips:  # a second press before the first was shown
            return
        self._take_out(chip)
        self._after_change()

    def _take_out(self, chip: ReferenceChip) -> None:
        """Remove a chip; the focus goes to its neighbour."""
        index = self._chips.index(chip)
        had_focus = chip.hasFocus()
        self._drop_chip(chip)
        if had_focus and self._chips:
            self._chips[min(index, len(self._chips) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_earlier(self, chip: ReferenceChip) -> None:
        self._move(chip, self._chips.index(chip) - 1)

    def _on_later(self, chip: ReferenceChip) -> None:
        self._move(chip, self._chips.index(chip) + 1)

    def _move(self, chip: ReferenceChip, target: int) -> None:
        if 0 <= target < len(self._chips):
            self._chips.remove(chip)
            self._chips.insert(target, chip)
            self._after_change()

    def _after_change(self) -> None:
        self._message.clear()
        self._renumber()
        self.changed.emit()

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
        if len(offer.items) > self.room:
            self.show_full()
            return False
        self._url.clear()
        self.offered.emit(offer)
        return True

    def _take_url(self) -> None:
        self.take_typed_address()

    def _choose_files(self) -> None:
        dialog = QFileDialog(self, self.tr("Add references"))
        dialog.setObjectName("referenceFileDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.tr("Pictures (*.png *.jpg *.jpeg *.webp)"), self.tr("All files (*)")])
        dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._on_files_chosen)
        dialog.open()

    def _on_files_chosen(self, paths: list[str]) -> None:
        self.offered.emit(Offer.of_files(paths))


def _sha256(chip: ReferenceChip) -> str:
    return chip.reference.sha256 if isinstance(chip.reference, FileReference) else ""
