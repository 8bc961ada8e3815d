"""The tiles that are selected, a hundred thousand of them as quickly as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.ui.gallery.model import JobListModel
    from gptimg_desktop.ui.gallery.view import GalleryView

FEW: Final = 64
"""So many selected jobs are looked at one by one; of more only their numbers are known."""


class Choice:
    """Asks the view at each question, so that the answer is about what is selected now."""

    def __init__(self, view: GalleryView, model: JobListModel) -> None:
        self._view = view
        self._model = model

    def __len__(self) -> int:
        return self._view.selected_count()

    @property
    def seqs(self) -> tuple[int, ...]:
        """The numbers of all of them, in the order of their rows."""
        return self._view.selected_seqs()

    @property
    def few(self) -> tuple[Job, ...]:
        """The jobs themselves, as far as they are here; none of them where there are many."""
        if not 0 < len(self) <= FEW:
            return ()
        found = (self._model.job_of(seq) for seq in self.seqs)
        return tuple(job for job in found if job is not None)

    @property
    def only(self) -> Job | None:
        """The selected job; None where there are several, or none."""
        few = self.few if len(self) == 1 else ()
        return few[0] if few else None

    def all_are(self, mark: str) -> bool:
        """True where every one of them is known, and has the mark ("picked", "rejected")."""
        few = self.few
        return bool(few) and len(few) == len(self) and all(getattr(job, mark) for job in few)
