"""Templates in the composer: picked from a list, by a button or while typing `/`, and filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QTextCursor

from gptimg_desktop.core.template import LONGEST_NAME, Rename, Template, asked_name, matching
from gptimg_desktop.ui.compose.picks.pick import Pick, RowShape
from gptimg_desktop.ui.compose.picks.pick_list import PickList
from gptimg_desktop.ui.compose.prompt.blank_filling import BlankFilling
from gptimg_desktop.ui.compose.prompt.template_naming import TemplateNaming
from gptimg_desktop.ui.compose.prompt.text_places import qt_length

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.ui.compose.prompt.prompt_edit import PromptEdit

_LOOKS_BACK: Final = 2 * LONGEST_NAME + 8
"""How far a `/` is looked for, in places of the document: farther back it asks for nothing."""


class PromptTemplates(QObject):
    """`template_saved` carries a `Template`, `template_renamed` a `Rename`, `template_removed` and
    `template_used` a name. What is shown follows `set_templates` alone.

    A `/` opens the list where the cursor is, filtered by what is typed after it, as long as some name holds
    that. The keys stay in the editor.
    """

    template_saved = Signal(object)
    template_renamed = Signal(object)
    template_removed = Signal(str)
    template_used = Signal(str)

    def __init__(self, editor: PromptEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._templates: tuple[Template, ...] = ()
        self._slash = -1  # where the `/` stands that is being answered
        self._sent_away = -1  # where one stands whose list was closed
        self._filling = BlankFilling(editor)
        shape = RowShape(
            has_heading=True,
            text_lines=1,
            signs=("x", "pencil"),
            tips=(self.tr("Remove (Del)"), self.tr("Rename (F2)")),
        )
        self._list = PickList("templateList", self.tr("Search templates"), shape=shape, describe=_describe)
        self._list.setParent(editor.parentWidget() or editor)
        self._naming = TemplateNaming()
        self._list.set_footer(self._naming)
        self._connect()

    @property
    def popup(self) -> PickList:
        return self._list

    def set_templates(self, templates: tuple[Template, ...]) -> None:
        """What is kept now, in the order in which it is shown."""
        self._templates = templates
        self._naming.set_templates(templates)
        if self._list.is_steered:
            self._look()
        elif self._list.isVisible():
            self._show(self._list.words)

    def toggle_list(self, anchor: QWidget, opener: QWidget | None = None) -> None:
        """Open the list below a widget with the keys in its search field, or close it."""
        if self._list.isVisible():
            self._list.shut()
            return
        self._slash = -1
        self._naming.end()
        self._show("")
        self._list.open_with_keys(anchor, QRect(0, -1, anchor.width(), 1), opener)
        if not self._templates and self._editor.toPlainText().strip():
            self._naming.begin()

    def take_key(self, event: QKeyEvent) -> bool:
        """A key of the editor; True where it was for the list or for the next blank."""
        if self._list.is_steered:
            return self._list.take_key(event)
        return self._filling.take_key(event)

    def leave(self) -> None:
        """The editor has lost the keys."""
        if self._list.is_steered:
            self._list.shut()
        self._filling.stop()

    # The `/`

    def _look(self) -> None:
        """Show the names that fit to what is typed after a `/` before the cursor, if any is asked for."""
        typed = self._asked()
        if typed is None:
            self._sent_away = -1
        else:
            self._slash = self._editor.textCursor().position() - qt_length(typed) - 1
        found = () if typed is None else matching(self._templates, typed)
        if not found or self._slash == self._sent_away:
            self._stop_looking()
            return
        self._list.set_items(found, "")
        spot = self._editor.cursor_spot(self._slash)
        self._list.open_steered(self._editor, spot)

    def _asked(self) -> str | None:
        cursor = self._editor.textCursor()
        if cursor.hasSelection():
            return None
        place = cursor.position()
        cursor.setPosition(max(cursor.block().position(), place - _LOOKS_BACK))
        cursor.setPosition(place, QTextCursor.MoveMode.KeepAnchor)
        return asked_name(cursor.selectedText())

    def _on_cursor_moved(self) -> None:
        """The cursor may have left the name; a list is never opened by moving it."""
        if self._list.is_steered and self._asked() is None:
            self._stop_looking()

    def _stop_looking(self) -> None:
        if self._list.is_steered:
            self._list.shut()
            self._sent_away = -1

    def _on_closed(self) -> None:
        self._sent_away = self._slash
        self._naming.end()

    # What the user picks and changes

    def _take(self, template: Template) -> None:
        cursor = self._editor.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        if self._slash >= 0:
            start, end = self._slash, cursor.position()
        self._slash = self._sent_away = -1
        if self._editor.insert_over(start, end, template.text):
            self._filling.begin(start, self._editor.textCursor().position())
            self.template_used.emit(template.name)

    def _remove(self, template: Template) -> None:
        self._templates = tuple(each for each in self._templates if each != template)
        self._naming.set_templates(self._templates)
        self.template_removed.emit(template.name)

    def _edit(self, template: Template) -> None:
        """Ask for another name, for which the list needs the keys."""
        if self._list.is_steered:
            spot, self._slash = self._editor.cursor_spot(self._slash), -1
            self._show("")
            self._list.open_with_keys(self._editor, spot)
        self._naming.rename(template)

    def _save(self, template: Template) -> None:
        self._list.confirm_removal()  # else what is saved now would go with what was taken out before
        self.template_saved.emit(template)

    def _rename(self, rename: Rename) -> None:
        self._list.confirm_removal()
        self.template_renamed.emit(rename)

    def _show(self, words: str) -> None:
        none = self.tr("No template yet. Save a prompt under a name; type / and its name to use it.")
        nothing = self.tr("No template has these words in its name.")
        self._list.set_items(matching(self._templates, words.strip()), nothing if self._templates else none)

    def _give_text(self) -> None:
        self._naming.set_text(self._editor.toPlainText())

    def _connect(self) -> None:
        self._editor.typed.connect(self._look)
        self._editor.cursorPositionChanged.connect(self._on_cursor_moved)
        self._list.sought.connect(self._show)
        self._list.taken.connect(self._take)
        self._list.removed.connect(self._remove)
        self._list.edit_wanted.connect(self._edit)
        self._list.closed.connect(self._on_closed)
        self._naming.asked.connect(self._give_text)
        self._naming.saved.connect(self._save)
        self._naming.renamed.connect(self._rename)
        self._naming.ended.connect(self._list.focus_search)
        self._naming.layout_changed.connect(self._list.place)


def _describe(template: Template) -> Pick:
    return Pick(heading=template.name, text=template.text)
