"""The map of the program: what stands between window and engine, and every signal with its slot.

Imported once the window is on the screen, since httpx and Pillow stand behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gptimg_desktop.caring import Caring
from gptimg_desktop.collecting import Collecting
from gptimg_desktop.composing import Composing
from gptimg_desktop.connecting import Connecting
from gptimg_desktop.emptying import Emptying
from gptimg_desktop.errands import Errands
from gptimg_desktop.marking import Marks
from gptimg_desktop.preferences import Preferences
from gptimg_desktop.prompting import Prompting
from gptimg_desktop.relating import Relating
from gptimg_desktop.reuse import Reuse
from gptimg_desktop.safekeeping import Safekeeping
from gptimg_desktop.undoing import Undoing
from gptimg_desktop.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Callable

    from gptimg_desktop.browsing import Browsing
    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.gate import Gate
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.settings import Settings
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.options import Options
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.desktop.network import Network
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.main_window import MainWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is there before anything else is built on it."""

    options: Options
    settings: Settings
    window: MainWindow
    model: JobListModel
    tasks: Tasks
    browsing: Browsing
    network: Network
    publish: Callable[[Job], None]
    complain: Callable[[str, Problem], None]
    pauses: Callable[[], tuple[Gate, ...]]


class Parts:
    """Everything that works on behalf of the window, wired."""

    def __init__(self, ground: Ground, engine: Engine) -> None:
        self.window, self.model, self.browsing = ground.window, ground.model, ground.browsing
        self.network, self.engine = ground.network, engine
        shared: dict[str, Any] = {"engine": engine, "window": ground.window, "tasks": ground.tasks}
        listed: dict[str, Any] = shared | {"model": ground.model}
        self.preferences = Preferences(ground.settings, options=ground.options, **shared)
        self.composing = Composing(**shared)
        self.connecting = Connecting(kept=self.preferences.key_was_kept, **shared)
        self.prompting = Prompting(**shared)
        self.errands = Errands(**listed)
        self.undoing = Undoing(window=ground.window, tasks=ground.tasks)
        undoable: dict[str, Any] = listed | {"undoing": self.undoing}
        self.marks = Marks(**undoable)
        self.reuse = Reuse(browsing=self.browsing, **undoable)
        self.relating = Relating(**listed)
        self.collecting = Collecting(**undoable)
        self.emptying = Emptying(**listed)
        self.caring = Caring(browsing=self.browsing, publish=ground.publish, **shared)
        self.safekeeping = Safekeeping(engine=engine, window=ground.window)
        self.wishes = Wishes(
            engine=engine,
            window=ground.window,
            model=ground.model,
            browsing=self.browsing,
            composing=self.composing,
            preferences=self.preferences,
            complain=ground.complain,
            pauses=ground.pauses,
        )

    def wire(self) -> None:
        """Connect them all, once."""
        self._wire_compose()
        self._wire_prompts()
        self._wire_pictures()
        self._wire_details()
        self._wire_queue()
        self._wire_connection()
        self._wire_collections()
        self._wire_bin()
        self._wire_care()

    def stop(self) -> None:
        """Begin nothing more."""
        self.network.blockSignals(True)
        self.connecting.stop()
        self.composing.stop()
        self.relating.stop()
        self.collecting.stop()
        self.emptying.stop()
        self.caring.stop()

    def _wire_compose(self) -> None:
        compose, composing = self.window.compose, self.composing
        compose.generate_requested.connect(composing.generate)
        compose.generate_requested.connect(self.window.top_bar.show_new)
        compose.copies_accepted.connect(composing.pressing.send_copies)
        compose.presses_dropped.connect(composing.pressing.drop)
        compose.references_offered.connect(composing.take_files)
        compose.picture_pasted.connect(composing.take_picture)
        compose.thumbnail_wanted.connect(composing.show_reference)
        compose.show_reference_requested.connect(self.wishes.show_reference)
        compose.draft_changed.connect(composing.keep_draft_soon)
        compose.favourites_changed.connect(self.preferences.keep_favourites)
        compose.shrink_wanted.connect(composing.shrink)

    def _wire_prompts(self) -> None:
        compose, prompting = self.window.compose, self.prompting
        compose.generate_requested.connect(prompting.note)
        prompts = compose.prompts
        prompts.prompts_wanted.connect(prompting.find)
        prompts.prompt_forgotten.connect(prompting.forget)
        prompts.template_saved.connect(prompting.save_template)
        prompts.template_renamed.connect(prompting.rename_template)
        prompts.template_removed.connect(prompting.remove_template)
        prompts.template_used.connect(prompting.use_template)

    def _wire_pictures(self) -> None:
        """What is wished about pictures, alike in the gallery, the details and the viewer."""
        window, queue, errands = self.window, self.engine.queue, self.errands
        for panel in (window.gallery, window.details):
            panel.take_requested.connect(self.reuse.take)
            panel.generate_again_requested.connect(self.wishes.generate_again)
            panel.references_requested.connect(self.reuse.use_as_references)
            panel.send_next_requested.connect(self.wishes.send_next)
            panel.save_as_requested.connect(errands.save_as)
            panel.show_in_folder_requested.connect(self.wishes.show_in_folder)
            panel.cancel_requested.connect(queue.cancel)
            panel.mark_requested.connect(self.marks.mark)
            panel.undo_requested.connect(self.undoing.undo)
            panel.reopen_requested.connect(queue.reopen)

        window.viewer.picture_wanted.connect(errands.show_whole)
        window.viewer.mark_requested.connect(self.marks.mark)
        window.viewer.take_requested.connect(self.reuse.take)
        window.viewer.references_requested.connect(self.reuse.use_as_references)
        window.viewer.undo_requested.connect(self.undoing.undo)
        self.reuse.told.connect(window.viewer.say)
        self.undoing.told.connect(window.viewer.say)
        self.undoing.told.connect(window.status.set_message)

    def _wire_details(self) -> None:
        details, queue, relating = self.window.details, self.engine.queue, self.relating
        details.preview_wanted.connect(self.errands.show_preview)
        details.revive_requested.connect(queue.revive)
        details.findings_wanted.connect(queue.find_out)
        details.look_again_requested.connect(queue.look_again)
        details.task_id_entered.connect(self.wishes.enter_task_id)
        details.send_again_requested.connect(queue.send_again)
        details.close_requested.connect(queue.close_unconfirmed)
        details.lineage_wanted.connect(relating.tell)
        details.small_pictures_wanted.connect(relating.bring_pictures)
        details.show_job_requested.connect(self.browsing.show_job)
        self.model.job_changed.connect(relating.note)

    def _wire_queue(self) -> None:
        window, queue, wishes = self.window, self.engine.queue, self.wishes
        window.queue.move_requested.connect(queue.move)
        window.queue.cancel_requested.connect(queue.cancel_all)
        window.queue.pause_requested.connect(wishes.pause)
        window.queue.resume_requested.connect(wishes.resume_all)
        window.notices.pause_requested.connect(wishes.pause)
        window.notices.resume_requested.connect(wishes.resume)
        window.notices.restore_requested.connect(queue.restore)
        window.notices.choose_folder_requested.connect(self.preferences.choose_folder)
        self.network.came_back.connect(queue.go_on)

    def _wire_connection(self) -> None:
        window, connecting, preferences = self.window, self.connecting, self.preferences
        window.connect_panel.key_entered.connect(connecting.use_key)
        window.connect_panel.test_cancelled.connect(connecting.cancel_test)
        window.connect_panel.disconnect_requested.connect(connecting.forget_key)
        window.settings_requested.connect(preferences.open_dialog)
        preferences.service_changed.connect(connecting.service_changed)

    def _wire_collections(self) -> None:
        window, bar, collecting = self.window, self.window.collections, self.collecting
        bar.chosen.connect(window.top_bar.set_collection)
        bar.create_requested.connect(collecting.create)
        bar.gather_requested.connect(collecting.gather)
        bar.rename_requested.connect(collecting.rename)
        bar.remove_requested.connect(collecting.remove)
        bar.current_requested.connect(collecting.make_current)
        bar.undo_requested.connect(collecting.undo)
        bar.undo_last_requested.connect(self.undoing.undo)
        window.collection_picker.gather_requested.connect(collecting.gather)
        window.gallery.gather_requested.connect(collecting.ask_where)
        window.details.gather_requested.connect(collecting.ask_where)
        window.gallery.take_out_requested.connect(collecting.take_out)
        self.model.modelReset.connect(collecting.follow)
        collecting.members_changed.connect(self.browsing.refresh)
        collecting.lists_changed.connect(self.browsing.list_again)
        self.marks.marks_changed.connect(collecting.count_soon)

    def _wire_bin(self) -> None:
        window, emptying = self.window, self.emptying
        self.model.modelReset.connect(emptying.follow)
        self.model.rowsRemoved.connect(emptying.count_soon)
        self.model.rowsInserted.connect(emptying.count_soon)
        window.bin_bar.empty_requested.connect(emptying.ask_about_all)
        window.top_bar.library_menu.empty_bin_requested.connect(emptying.ask_about_all)
        window.gallery.clearing_requested.connect(emptying.ask)
        window.progress.cancel_requested.connect(emptying.cancel)
        emptying.removed.connect(self.browsing.refresh)
        emptying.lists_changed.connect(self.browsing.list_again)

    def _wire_care(self) -> None:
        window, caring = self.window, self.caring
        menu = window.top_bar.library_menu
        menu.import_files_requested.connect(caring.ask_for_files)
        menu.import_folder_requested.connect(caring.ask_for_folder)
        menu.look_for_missing_requested.connect(caring.look_for_missing)
        menu.folder_moved_requested.connect(caring.ask_for_moved_folder)
        window.details.fetch_again_requested.connect(caring.fetch_again)
        window.details.folder_moved_requested.connect(caring.ask_for_moved_folder)
        menu.rebuild_thumbnails_requested.connect(caring.rebuild_thumbnails)
        menu.back_up_requested.connect(self.safekeeping.back_up)
        menu.restore_requested.connect(self.safekeeping.choose_backup)
        window.import_requested.connect(caring.ask_for_files)
        window.import_drop.offered.connect(caring.offer)
        window.progress.cancel_requested.connect(caring.cancel)
        window.progress.more_requested.connect(caring.show_more)
        self.model.thumbnails_wanted.connect(caring.look_at)
        window.viewer.folder_moved_requested.connect(caring.ask_for_moved_folder)
        self.errands.opened.connect(caring.look_closely)
        self.errands.copied.connect(caring.look_at_copied)
        window.compose.references_offered.connect(caring.look_at_copied)
