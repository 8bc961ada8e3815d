"""Earlier prompts and templates: kept as they are used, found again for the composer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gptimg_desktop.services.tasks import complaining

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.template import Rename, Template
    from gptimg_desktop.engine import Engine
    from gptimg_desktop.services.tasks import Tasks
    from gptimg_desktop.ui.main_window import MainWindow


class Prompting(QObject):
    """Runs each wish as a task; the composer is told what is committed, never what is only wished."""

    def __init__(self, *, engine: Engine, window: MainWindow, tasks: Tasks) -> None:
        super().__init__()
        self._prompts = engine.prompts
        self._compose = window.compose
        self._complain = window.notices.show_problem
        self._tasks = tasks
        self._sought = ""

    def give(self) -> None:
        """Bring the composer what earlier runs kept."""
        self.find("")
        self._run("give templates", self._give_templates())

    def note(self, draft: Draft) -> None:
        """A press of Generate: its text, as it was written, is the newest prompt."""
        self._run("note prompt", self._note(draft.prompt))

    def find(self, words: str) -> None:
        """Look for earlier prompts; all of them for no words."""
        self._sought = words
        self._run("find prompts", self._find(words))

    def forget(self, text: str) -> None:
        """Take a prompt out of the list."""
        self._run("forget prompt", self._prompts.forget(text))

    def save_template(self, template: Template) -> None:
        self._change(self._prompts.save_template(template, time.time()))

    def rename_template(self, rename: Rename) -> None:
        self._change(self._prompts.rename_template(rename.name, rename.template))

    def use_template(self, name: str) -> None:
        """A template was inserted: it comes first from now on."""
        self._change(self._prompts.use_template(name, time.time()))

    def remove_template(self, name: str) -> None:
        self._change(self._prompts.remove_template(name))

    async def _note(self, text: str) -> None:
        self._compose.note_past_prompt(await self._prompts.note(text, time.time()))

    async def _find(self, words: str) -> None:
        found = await self._prompts.search(words)
        if words in {"", self._sought}:  # nobody waits for what was sought before
            self._compose.set_past_prompts(words, found)

    async def _give_templates(self) -> None:
        self._compose.set_templates(await self._prompts.templates())

    def _change(self, change: Coroutine[Any, Any, None]) -> None:
        self._run("change templates", self._change_templates(change))

    async def _change_templates(self, change: Coroutine[Any, Any, None]) -> None:
        """What is shown afterwards is what is kept, also where the change was refused."""
        try:
            await change
        finally:
            await self._give_templates()

    def _run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(name, complaining(work, self._complain))
