"""References as light as they are sent: which are known, which are still to be made."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from gptimg_desktop.core.reference import FileReference, Reference, Shrink, ShrinkWish


class Shrinking(QObject):
    """What was made once is known for good, so that going back and forth costs nothing.

    `wanted` carries a `ShrinkWish`, once for each content and way, until `put` answers it. A wish that cannot
    be fulfilled is answered with the reference as it was.
    """

    wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shrink: Shrink | None = None
        self._made: dict[tuple[str, Shrink], FileReference] = {}
        self._asked: set[tuple[str, Shrink]] = set()

    @property
    def shrink(self) -> Shrink | None:
        """How pictures are made lighter; None where they go as they are kept."""
        return self._shrink

    def set_shrink(self, shrink: Shrink | None) -> None:
        self._shrink = shrink

    def as_sent(self, reference: Reference) -> Reference:
        """The lighter one, under the name and origin of this; the same where none is wanted or made yet."""
        if self._shrink is None or not isinstance(reference, FileReference):
            return reference
        made = self._made.get((reference.sha256, self._shrink))
        if made is None or made.sha256 == reference.sha256:
            return reference
        return replace(made, name=reference.name, job_id=reference.job_id, origin=reference.origin)

    def is_awaited(self, reference: Reference | None) -> bool:
        """True while it is not known what this becomes."""
        if self._shrink is None or not isinstance(reference, FileReference):
            return False
        return (reference.sha256, self._shrink) not in self._made

    def ask(self, reference: Reference | None) -> None:
        """Want what is not known yet; once only."""
        if self._shrink is None or not isinstance(reference, FileReference):
            return
        key = (reference.sha256, self._shrink)
        if key not in self._made and key not in self._asked:
            self._asked.add(key)
            self.wanted.emit(ShrinkWish(reference=reference, shrink=self._shrink))

    def put(self, wish: ShrinkWish, shrunk: FileReference) -> None:
        """Keep what a picture became."""
        key = (wish.reference.sha256, wish.shrink)
        self._asked.discard(key)
        self._made[key] = shrunk
