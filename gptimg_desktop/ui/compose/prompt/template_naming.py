"""Giving a name: to the prompt that becomes a template, or to a template that is called differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.core.request import prompt_problem
from gptimg_desktop.core.template import LONGEST_NAME, Rename, Template, cleaned_name, named
from gptimg_desktop.ui.compose.message_line import MessageLine
from gptimg_desktop.ui.icons import BESIDE_TEXT, icon
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent


class TemplateNaming(QWidget):
    """A button that turns into a field. `saved` carries a `Template`, `renamed` a `Rename`; `asked` comes
    before the field is shown for a new template, to be answered by `set_text`; `ended` when it is gone.

    A name that is taken is replaced only by a button that says so.
    """

    asked = Signal()
    saved = Signal(object)
    renamed = Signal(object)
    ended = Signal()
    layout_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._templates: tuple[Template, ...] = ()
        self._text = ""
        self._old: Template | None = None
        super().__init__(parent)
        self._open = self._button("saveTemplateButton", self.tr("Save the prompt as a template…"))
        self._field = self._make_field()
        self._keep = self._button("keepTemplateButton", self.tr("Save"))
        self._line = QWidget()
        self._message = MessageLine()
        self._lay_out()
        self._open.clicked.connect(self.begin)
        self._keep.clicked.connect(self._finish)
        self._field.textChanged.connect(self._show_state)
        self._field.returnPressed.connect(self._on_enter)
        self._colour_sign()
        self.end()

    @property
    def is_on(self) -> bool:
        """True while the field is shown."""
        return not self._line.isHidden()

    def set_templates(self, templates: tuple[Template, ...]) -> None:
        self._templates = templates
        self._show_state()

    def set_text(self, text: str) -> None:
        """What is to become a template."""
        self._text = text

    def begin(self) -> None:
        """Ask for the name of a new template; say it where the prompt cannot be one."""
        self.asked.emit()
        problem = prompt_problem(self._text)
        if problem is not None:
            self._message.show_problem(problem)
            self.layout_changed.emit()
            return
        self._start(None, "")

    def rename(self, template: Template) -> None:
        """Ask for another name."""
        self._start(template, template.name)

    def end(self) -> None:
        """Nothing is asked any more."""
        had_keys = self._field.hasFocus() or self._keep.hasFocus()
        self._old = None
        self._line.hide()
        self._message.clear()
        self._open.show()
        self.layout_changed.emit()
        if had_keys:
            self.ended.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange:
            self._colour_sign()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes the question back, and nothing more."""
        if event.key() == Qt.Key.Key_Escape and self.is_on:
            self.end()
        else:
            super().keyPressEvent(event)

    def _start(self, old: Template | None, name: str) -> None:
        self._old = old
        self._open.hide()
        self._message.clear()
        self._line.show()
        self._field.setText(name)
        self._field.selectAll()
        self._show_state()
        self.layout_changed.emit()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _taken(self) -> Template | None:
        """The template that has the typed name already, the one to be renamed excepted."""
        found = named(self._templates, cleaned_name(self._field.text()))
        return None if found is self._old else found

    def _show_state(self) -> None:
        taken = self._taken()
        if self._old is not None:
            text = self.tr("Rename")
        else:
            text = self.tr("Save") if taken is None else self.tr("Replace")
        self._keep.setText(text)
        self._keep.setAccessibleName(text)
        is_free = taken is None or self._old is None
        self._keep.setEnabled(bool(cleaned_name(self._field.text())) and is_free)
        if self.is_on and taken is not None:
            note = self.tr("There is a template “{name}” already.").format(name=taken.name)
            if self._message.text() != note:
                self._message.show_note(note, "circle-alert")
                self.layout_changed.emit()
        elif self._message.is_note:
            self._message.clear()
            self.layout_changed.emit()

    def _on_enter(self) -> None:
        """Enter saves; where something would be replaced it only goes to the button that says so."""
        if self._taken() is None:
            self._finish()
        else:
            self._keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _finish(self) -> None:
        name, old, taken = cleaned_name(self._field.text()), self._old, self._taken()
        if not name or (old is not None and taken is not None):
            return
        if old is None:
            self.saved.emit(Template(name=name if taken is None else taken.name, text=self._text))
        elif name != old.name:
            self.renamed.emit(Rename(name=old.name, template=Template(name=name, text=old.text)))
        self.end()

    # Parts

    def _make_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("templateNameEdit")
        field.setAccessibleName(self.tr("Name of the template"))
        field.setPlaceholderText(self.tr("Name of the template"))
        field.setMaxLength(LONGEST_NAME)
        return field

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        button.setMinimumWidth(1)
        return button

    def _lay_out(self) -> None:
        self._open.setProperty("role", "quiet")
        self._open.setIconSize(BESIDE_TEXT)
        row = QHBoxLayout(self._line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        row.addWidget(self._field, 1)
        row.addWidget(self._keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._message)
        column.addWidget(self._line)

    def _colour_sign(self) -> None:
        self._open.setIcon(icon("plus", tokens_for(self.palette()).text, beside_text=True))
