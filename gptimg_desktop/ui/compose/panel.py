"""The composer: everything that one image needs, from the prompt to the press of Generate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gptimg_desktop.core.draft import Draft, draft_problems
from gptimg_desktop.core.errors import Problem, ProblemKind
from gptimg_desktop.core.prices import PUBLISHED, PriceTable
from gptimg_desktop.core.sizes import PixelSize, Size, SizeChoice
from gptimg_desktop.core.take import Part, taken
from gptimg_desktop.ui.compose.generate_block import GenerateBlock
from gptimg_desktop.ui.compose.heading import heading
from gptimg_desktop.ui.compose.prompt.prompt_box import PromptBox
from gptimg_desktop.ui.compose.prompt.prompt_edit import is_ctrl_enter
from gptimg_desktop.ui.compose.references.drop_catcher import DropCatcher
from gptimg_desktop.ui.compose.references.offer import Offer, read_offer
from gptimg_desktop.ui.compose.references.reference_tray import ReferenceTray
from gptimg_desktop.ui.compose.references.replace_question import WAY_IN
from gptimg_desktop.ui.compose.references.tray_message import TOO_HEAVY
from gptimg_desktop.ui.compose.scrolled_column import ScrolledColumn
from gptimg_desktop.ui.compose.size.size_box import SizeBox
from gptimg_desktop.ui.compose.steady_scroll import SteadyScroll
from gptimg_desktop.ui.compose.taken_line import TakenLine
from gptimg_desktop.ui.compose.taken_step import TakenStep, TakenSteps
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from decimal import Decimal

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QKeyEvent

    from gptimg_desktop.core.bitmap import Bitmap
    from gptimg_desktop.core.connection import Connection
    from gptimg_desktop.core.missing_files import MissingFiles
    from gptimg_desktop.core.past_prompt import PastPrompt
    from gptimg_desktop.core.reference import FileReference, Reference, ShrinkWish
    from gptimg_desktop.core.request import GenerationRequest
    from gptimg_desktop.core.template import Template
    from gptimg_desktop.core.usual_times import UsualTimes
    from gptimg_desktop.ui.compose.wishes import PastedPicture, ShapeWish


class ComposePanel(QWidget):
    """Holds the draft in its widgets, and emits wishes.

    `generate_requested`: a `Draft` none of whose requests has a problem. `draft_changed`: the `Draft` after
    each change by the user. `references_offered`: a tuple of local paths. `picture_pasted`: a
    `PastedPicture`. `thumbnail_wanted`: a `FileReference` whose chip has no picture yet. `shrink_wanted`: a
    `ShrinkWish`, to be answered by `set_shrunk`. `show_reference_requested`: a `Reference` to be shown where
    it lives. `favourites_changed`: a tuple of `SizeChoice`. `copies_accepted`,
    `presses_dropped`: the answer to a question about missing files, by its number.

    The wishes about earlier prompts and templates are those of `prompts`.

    Every path and every pasted picture has a place in the tray until `add_reference` or `drop_pending` names
    it as its source; nothing is generated as long as one is awaited. What is offered before the queue is open
    is asked for as soon as it is.
    """

    generate_requested = Signal(object)
    references_offered = Signal(object)
    picture_pasted = Signal(object)
    draft_changed = Signal(object)
    thumbnail_wanted = Signal(object)
    shrink_wanted = Signal(object)
    favourites_changed = Signal(object)
    show_reference_requested = Signal(object)
    copies_accepted = Signal(int)
    presses_dropped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prices: PriceTable = PUBLISHED
        self._is_practice = True
        self._is_open = False
        self._stays_at_top = False  # what files of the start are told about leaves the prompt in sight
        self._held: list[tuple[SignalInstance, object]] = []
        self._presses = KeyPresses()
        self._prompt = PromptBox()
        self._tray = ReferenceTray()
        self._size = SizeBox()
        self._block = GenerateBlock()
        self._takes = TakenSteps()
        self._taken_line = TakenLine()
        self._catcher = DropCatcher(self)
        self._lay_out()
        self._connect()
        self.set_draft(Draft())

    # -- what the composer is told

    def draft(self) -> Draft:
        """What stands in the composer now."""
        return Draft(
            prompt=self._prompt.text(),
            size=self._size.size_choice().size,
            tier=self._block.tier(),
            references=self._tray.references(),
            official_fallback=self._block.is_official(),
            copies=self._block.copies(),
            one_per_line=self._prompt.is_one_per_line(),
            shrink=self._tray.shrink(),
        )

    def set_draft(self, draft: Draft) -> None:
        """Show a draft; a prompt that it replaces comes back with undo."""
        self._prompt.set_text(draft.prompt)
        self._tray.set_references(draft.references)
        self.show_choices(draft)
        self._forget_taken()

    def take(self, request: GenerationRequest, part: Part, words: str) -> TakenStep | None:
        """Take over what was asked for once, or a part of it, as one step that can be undone; `words` tell
        what was taken. Nothing is sent, and nothing that was pressed before is changed. None where all of it
        stands here already."""
        before = self.draft()
        draft = taken(before, request, part)
        has_references = part in {Part.ALL, Part.REFERENCES}
        if draft == before and not (has_references and self._tray.waiting):
            return None
        places = self._tray.take_over(draft.references) if has_references else None
        prompt = self._prompt.take_over(draft.prompt)
        self.show_choices(draft)
        step = TakenStep(composer=self, tray=self._tray, prompt=prompt, places=places, before=before)
        self._takes.add(step)
        self._taken_line.say(words)
        self.draft_changed.emit(self.draft())
        return step

    def undo_taken(self, step: TakenStep) -> None:
        """Bring back what stood here before something was taken over, while that is offered."""
        if self.offers_undo(step):
            step.undo()
            self._on_changed()

    def offers_undo(self, step: TakenStep) -> bool:
        """True while this was neither sent nor replaced, and all is here as it left it."""
        return self._takes.offers(step)

    def show_choices(self, draft: Draft) -> None:
        """Show all of a draft that is neither its text nor its references."""
        self._prompt.set_one_per_line(draft.one_per_line)
        self._tray.set_shrink(draft.shrink)
        self._size.set_choice(SizeChoice(draft.size, draft.tier))
        tier = self._size.size_choice().tier  # of a size in pixels the one that its price is told for
        self._block.set_choices(tier=tier, copies=draft.copies, is_official=draft.official_fallback)
        self._block.clear_problem()
        self._prompt.notes.catch_up()
        self._show_size(draft.size)
        self._show_run()
        self._tray.compare_question(self._as_sent(self.draft()))

    def resume(self, kept: Draft) -> None:
        """Show the draft that was kept. What the user did before it came stays: his words stand at its end,
        and one undo leaves them alone again."""
        if self.is_untouched:
            self.set_draft(kept)
            return
        draft = kept.resumed(self.draft())
        self._tray.put_first(kept.references)
        self.show_choices(draft)
        if draft.prompt != self._prompt.text():
            self._prompt.editor.replace_text(draft.prompt)
        self._on_changed()

    def question_about(self, draft: Draft) -> Problem | None:
        """What is to be asked before a draft is sent that does not stand here; None where nothing is."""
        return self._block.question_about(self._prices.estimate(draft.size, draft.tier) * draft.count)

    def set_connection(self, connection: Connection) -> None:
        self._is_practice = connection.is_practice
        self._block.set_prices(self._prices, is_free=self._is_practice)
        self._show_run()

    def set_ask_above(self, amount: Decimal) -> None:
        """The sum in US dollars above which one press of Generate asks for a second."""
        self._block.set_ask_above(amount)

    def set_prices(self, prices: PriceTable) -> None:
        self._prices = prices
        self._block.set_prices(prices, is_free=self._is_practice)
        self._show_run()

    def set_queue_open(self, is_open: bool) -> None:
        """Generate can be pressed from now on; presses never disable it."""
        self._is_open = is_open
        self._block.set_open(is_open)
        if is_open:
            held, self._held = self._held, []
            for wish, value in held:
                wish.emit(value)

    def close_for(self, problem: Problem) -> None:
        """Nothing can be made in this session, for this reason; what stands here can be looked at."""
        self._block.close_for(problem)

    @property
    def is_untouched(self) -> bool:
        """True while nothing stands here that another draft could push aside."""
        return self.draft() == Draft() and not self._tray.waiting

    def add_reference(self, reference: Reference, bitmap: Bitmap | None, *, source: str = "") -> None:
        """Put a reference, with its picture where it is known, into the first place kept for its source: the
        path of a file, or the source of a pasted picture. Where the user took that place away, nothing comes.

        Without a source it goes to the end; the seventeenth is refused and told.
        """
        added = self._tray.fill(source, reference, bitmap) if source else self._tray.add(reference, bitmap)
        if added:
            self._after_arrival()

    def drop_pending(self, source: str) -> None:
        """What was awaited cannot be used: its place goes. An unknown source is ignored."""
        if self._tray.give_up(source):
            self._after_arrival()

    def set_thumbnail(self, sha256: str, bitmap: Bitmap) -> None:
        """Give the chips of this content their picture; unknown content is ignored."""
        self._tray.set_thumbnail(sha256, bitmap)

    def set_shrunk(self, wish: ShrinkWish, shrunk: FileReference) -> None:
        """What a picture became; a wish that nobody waits for any more is ignored."""
        self._tray.set_shrunk(wish, shrunk)
        self._after_arrival()

    def expand_pending(self, folder: str, paths: tuple[str, ...]) -> None:
        """A folder's place becomes places for the files in it, as many as fit, which `references_offered`
        then asks for; where the rest goes is asked. Without any file the place goes."""
        self._tray.expand(folder, paths)
        self._after_arrival()

    def replace_reference(self, old: FileReference, new: FileReference, bitmap: Bitmap | None) -> None:
        """The file behind a reference had changed: its chip follows. `old` may be the one that was sent."""
        if self._tray.replace_reference(old, new, bitmap):
            self._on_changed()

    def ask_missing(self, question: MissingFiles | None) -> None:
        """Nothing was sent by presses, since files are gone: the tray asks what shall be done, until it is
        told another question, or None for none. The answer is `copies_accepted` or `presses_dropped`."""
        self._tray.ask_missing(question)
        self._tray.compare_question(self._as_sent(self.draft()))

    def show_settling(self, count: int) -> None:
        """So many presses are looked at before they are queued; 0 where none is any more."""
        self._block.show_settling(count)

    @property
    def prompts(self) -> PromptBox:
        """Where earlier prompts and templates are wished for."""
        return self._prompt

    def set_past_prompts(self, words: str, past: tuple[PastPrompt, ...]) -> None:
        """Answer what is sought among earlier prompts: those that hold these words, newest first."""
        self._prompt.set_past_prompts(words, past)

    def note_past_prompt(self, past: PastPrompt) -> None:
        """A prompt was sent and is the newest one now."""
        self._prompt.note_past_prompt(past)

    def set_templates(self, templates: tuple[Template, ...]) -> None:
        """The templates that are kept, the one that was used last first."""
        self._prompt.set_templates(templates)

    def set_favourites(self, favourites: tuple[SizeChoice, ...]) -> None:
        """Show these as the favourite sizes, telling nobody."""
        self._size.set_favourites(favourites)

    def set_usual_times(self, times: UsualTimes) -> None:
        """How long pictures usually take."""
        self._block.set_usual_times(times)

    def show_problem(self, problem: Problem) -> None:
        """Tell a problem at its place: of references in their tray, any other by the button."""
        if problem.kind is ProblemKind.TOO_MANY_REFERENCES or problem.kind.startswith("reference_"):
            self._tray.show_problem(problem)
        else:
            self._block.show_problem(problem)

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Tell what is wrong with several references at once."""
        self._tray.show_problems(problems)

    def focus_prompt(self) -> None:
        self._prompt.take_focus()

    def offer_paths(self, paths: tuple[str, ...]) -> None:
        """Local files that came by another way than a drop: as many as fit are passed on."""
        self._take_offer(Offer.of_files(paths))

    def start_with(self, paths: tuple[str, ...]) -> None:
        """The files that the program was started with. Whoever starts it looks for the prompt first, so what
        is told about them scrolls nothing, until the user does something here; a question about a seventeenth
        comes into sight, and leaves the keys where they are."""
        self.offer_paths(paths)
        self._stays_at_top = bool(paths)  # after what changed by it

    # -- what the user does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no field wanted: Ctrl+Enter, a picture pasted anywhere in the panel, and Ctrl+Z for what
        was taken over."""
        if is_ctrl_enter(event):
            if self._presses.is_new(event) and not self._prompt.is_composing():
                self._block.press()
        elif event.matches(QKeySequence.StandardKey.Undo) and self._taken_line.text:
            self._undo_last_taken()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._take_by_hand(read_offer(QGuiApplication.clipboard().mimeData()))
        elif event.key() == Qt.Key.Key_Escape and self._tray.open_question is not None:
            if self._presses.is_new(event):
                self._tray.leave_out()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._presses.note_release(event)
        super().keyReleaseEvent(event)

    def _generate(self) -> None:
        self._stays_at_top = False
        if self._prompt.is_composing():
            self._block.show_composing()
            return
        if self._prompt.holds_back():
            self._block.show_held_back()
            return
        if not self._tray.take_typed_address():
            return
        before = self._block.prompts
        self._prompt.notes.catch_up()
        if self._block.prompts != before:
            self._block.show_other_count()
            return
        if (question := self._tray.open_question) is not None:
            self._refuse(question)
            return
        draft = self.draft()
        found = draft_problems(self._as_sent(draft))
        if found and not (self._tray.waiting and found[0].kind in TOO_HEAVY):
            self._refuse(found[0])
            return
        if self._tray.waiting:
            self._block.show_waiting(self._tray.waiting)
            return
        notes = self._prompt.notes
        blank, mention = notes.first_blank(), notes.first_stray_mention()
        if not self._block.lets_go(self._as_sent(draft), blank=blank, mention=mention):
            return
        self._block.clear_message()
        self._tray.clear_outcome()
        self._prompt.note_sent()
        self._takes.note_sent()
        self._taken_line.say("")
        self.generate_requested.emit(self._as_sent(draft))

    def _as_sent(self, draft: Draft) -> Draft:
        """The draft with its pictures as light as they are sent."""
        return draft.with_references(self._tray.references_as_sent())

    def _refuse(self, problem: Problem) -> None:
        """Say what is missing and go where it can be mended."""
        if problem.kind is ProblemKind.SIZE_IMPOSSIBLE:
            self._block.repeat_size_warning()
            self._size.focus_custom()
            return
        self._block.show_problem(problem)
        if problem.kind is ProblemKind.RUN_TOO_LARGE:
            self._scroll.ensureWidgetVisible(self._prompt.notes)
        elif problem.kind.startswith("prompt_"):
            self.focus_prompt()
            self._scroll.ensureWidgetVisible(self._prompt.editor)
        elif problem.kind in TOO_HEAVY:
            self._tray.show_problem(problem)
        elif problem.kind is ProblemKind.REFERENCE_UNPLACED:
            self._tray.reveal_question()

    def _take_offer(self, offer: Offer) -> None:
        self._stays_at_top = False
        self._tray.take(offer)

    def _take_by_hand(self, offer: Offer) -> None:
        self._stays_at_top = False
        self._tray.take_by_hand(offer)

    def _on_tray_changed(self) -> None:
        self._stays_at_top = False
        self._on_changed()

    def _want_files(self, paths: tuple[str, ...]) -> None:
        self._ask(self.references_offered, paths)

    def _want_picture(self, picture: PastedPicture) -> None:
        self._ask(self.picture_pasted, picture)

    def _want_shrunk(self, wish: ShrinkWish) -> None:
        self._ask(self.shrink_wanted, wish)

    def _ask(self, wish: SignalInstance, value: object) -> None:
        """Emit a wish, or hold it until there is somebody to hear it."""
        if self._is_open:
            wish.emit(value)
        else:
            self._held.append((wish, value))

    def _after_arrival(self) -> None:
        """One reference less to wait for."""
        was_told = self._block.tells_waiting
        self._on_changed()
        if was_told and self._tray.waiting:
            self._block.show_waiting(self._tray.waiting)

    def _on_tray_problem(self) -> None:
        QTimer.singleShot(0, self, self._reveal_tray_message)

    def _reveal_tray_message(self) -> None:
        if self._stays_at_top:
            return
        if self._tray.message_line.isVisible() and self._tray.isVisible():
            self._scroll.ensureWidgetVisible(self._tray.message_line)

    def _on_size_chosen(self, choice: SizeChoice) -> None:
        self._block.set_tier(choice.tier)
        self._show_size(choice.size)
        self._on_changed()

    def _on_block_changed(self) -> None:
        self._size.set_tier(self._block.tier())
        self._on_changed()

    def _want_favourites(self, favourites: tuple[SizeChoice, ...]) -> None:
        self._ask(self.favourites_changed, favourites)

    def _match_shape(self, wish: ShapeWish) -> None:
        self._size.match(wish.pixels, like=wish.like)

    def _use_size(self, size: Size) -> None:
        self._size.set_choice(SizeChoice(size, self._block.tier()))
        self._on_size_chosen(self._size.size_choice())

    def _show_run(self) -> None:
        """What one press makes follows the text, what it costs follows everything else."""
        self._block.set_run(self._prompt.notes.reading().count)
        self._prompt.notes.set_run(copies=self._block.copies(), price=self._block.price_each())
        self._prompt.notes.set_surroundings(
            size=self._size.size_choice().size,
            tier=self._block.tier(),
            reference_count=len(self._tray.references()) + self._tray.waiting,
        )

    def _undo_last_taken(self) -> None:
        if self._taken_line.text:
            self._takes.undo()
            self._on_changed()

    def _forget_taken(self) -> None:
        self._takes.forget()
        self._taken_line.say("")

    def _on_changed(self) -> None:
        self._takes.look()
        if self._taken_line.text and not self._takes.last_stands:
            self._taken_line.say("")
        self._show_run()
        self._block.clear_problem()
        draft = self.draft()
        self._tray.compare_question(self._as_sent(draft))
        self.draft_changed.emit(draft)

    # -- how it is built

    def _lay_out(self) -> None:
        content = ScrolledColumn()
        column = content.column
        column.setSpacing(UNIT)
        column.addWidget(self._prompt)
        column.addSpacing(UNIT // 2)
        column.addWidget(heading(self.tr("References")))
        column.addWidget(self._tray)
        column.addWidget(self._size)
        column.addStretch(1)
        self._scroll = SteadyScroll(content, column)
        self._prompt.fit_into(self._scroll.viewport(), content)
        self._tray.keep_popups_above(self._scroll.viewport())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._taken_line)
        layout.addWidget(_line())
        layout.addWidget(self._block)
        self.setMinimumWidth(320)
        self.setMaximumWidth(420)

    def _connect(self) -> None:
        for widget in (self, self._tray):
            self._catcher.watch(widget)
        self._catcher.watch(self._prompt.editor.viewport(), wants_text=True)
        self._catcher.offered.connect(self._take_by_hand)
        self._catcher.hovering.connect(self._tray.set_target)
        self._prompt.changed.connect(self._on_changed)
        self._prompt.changed.connect(self._tray.clear_outcome)
        self._prompt.notes.caught_up.connect(self._show_run)
        self._prompt.offered.connect(self._take_offer)
        self._prompt.size_wanted.connect(self._use_size)
        self._prompt.reveal_wanted.connect(self._scroll.ensureWidgetVisible)
        self._tray.changed.connect(self._on_tray_changed)
        self._tray.files_wanted.connect(self._want_files)
        self._tray.picture_wanted.connect(self._want_picture)
        self._tray.problem_shown.connect(self._on_tray_problem)
        self._tray.reveal_wanted.connect(self._scroll.ensureWidgetVisible)
        way_in = QShortcut(WAY_IN, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        way_in.activated.connect(self._tray.go_to_pictures)
        self._tray.thumbnail_wanted.connect(self.thumbnail_wanted)
        self._tray.shrink_wanted.connect(self._want_shrunk)
        self._tray.shape_wanted.connect(self._match_shape)
        self._tray.show_wanted.connect(self.show_reference_requested)
        self._tray.copies_accepted.connect(self.copies_accepted)
        self._tray.presses_dropped.connect(self.presses_dropped)
        self._block.set_size_fields(self._size.fields)
        self._size.chosen.connect(self._on_size_chosen)
        self._size.favourites_changed.connect(self._want_favourites)
        self._size.focus_lost.connect(self.focus_prompt)
        self._block.changed.connect(self._on_block_changed)
        self._block.pressed.connect(self._generate)
        self._taken_line.undo_wanted.connect(self._undo_last_taken)

    def _show_size(self, size: Size) -> None:
        self._block.set_tier_following(isinstance(size, PixelSize))
        self._block.set_size(size)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    return line
