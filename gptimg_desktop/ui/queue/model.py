"""The waiting jobs as a list model, in the order in which they will be sent."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, Qt

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.core.prices import money
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.ui.gallery.caption import size_line, title

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtCore import QObject, QPersistentModelIndex

    from gptimg_desktop.core.job import Job

    Index = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """What a row tells beyond Qt's own roles."""

    JOB_ID = Qt.ItemDataRole.UserRole + 1
    SIZE = Qt.ItemDataRole.UserRole + 2
    PRICE = Qt.ItemDataRole.UserRole + 3


_NOWHERE: Final = QModelIndex()


class LineModel(QAbstractListModel):
    """One row for each waiting job. A new line is worked in by removing, adding and reordering rows, so that
    selection and place of a view survive it."""

    def __init__(self, parent: QObject | None = None) -> None:
        self._line: list[Job] = []
        super().__init__(parent)

    def set_line(self, line: Sequence[Job]) -> None:
        """These jobs in this order."""
        wanted = {job.id for job in line}
        self._remove_all_but(wanted)
        known = {job.id for job in self._line}
        self._append([job for job in line if job.id not in known])
        self._reorder([job.id for job in line])
        self._renew(line)

    def job_at(self, row: int) -> Job | None:
        """The job in a row; None outside."""
        return self._line[row] if 0 <= row < len(self._line) else None

    def row_of(self, job_id: str) -> int:
        """Where a job waits; -1 where it does not."""
        return next((row for row, job in enumerate(self._line) if job.id == job_id), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._line)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        job = self.job_at(index.row()) if index.isValid() else None
        if job is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return title(job)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._read_out(index.row(), job)
            case Role.JOB_ID:
                return job.id
            case Role.SIZE:
                return size_text(job)
            case Role.PRICE:
                return price_text(job)
        return None

    def _read_out(self, row: int, job: Job) -> str:
        place = _tr("{place} of {count}").format(place=row + 1, count=len(self._line))
        return ", ".join((place, title(job), size_text(job), price_text(job)))

    # Working a new line in

    def _remove_all_but(self, kept: Collection[str]) -> None:
        """Remove run by run from the end, so that taking out all of them is one step."""
        last = len(self._line) - 1
        while last >= 0:
            if self._line[last].id in kept:
                last -= 1
                continue
            first = last
            while first > 0 and self._line[first - 1].id not in kept:
                first -= 1
            self.beginRemoveRows(_NOWHERE, first, last)
            del self._line[first : last + 1]
            self.endRemoveRows()
            last = first - 1

    def _append(self, jobs: list[Job]) -> None:
        if jobs:
            self.beginInsertRows(_NOWHERE, len(self._line), len(self._line) + len(jobs) - 1)
            self._line.extend(jobs)
            self.endInsertRows()

    def _reorder(self, order: list[str]) -> None:
        before = [job.id for job in self._line]
        if before == order:
            return
        self.layoutAboutToBeChanged.emit()
        places = {job_id: row for row, job_id in enumerate(order)}
        old = self.persistentIndexList()
        new = [self.index(places[before[index.row()]]) for index in old]
        self._line.sort(key=lambda job: places[job.id])
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _renew(self, line: Sequence[Job]) -> None:
        changed = [row for row, (old, new) in enumerate(zip(self._line, line, strict=True)) if old is not new]
        if changed:
            self._line = list(line)
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))


def size_text(job: Job) -> str:
    """What a job asks for: "16:9 · 2K · 2048×1152"."""
    request = job.request
    if isinstance(request.size, PixelSize):
        return f"{request.size.label} · {request.tier.label}"
    parts = (str(request.size), request.tier.label, size_line(job))
    return " · ".join(parts) if request.size != "auto" else size_line(job)


def price_text(job: Job) -> str:
    """The estimate of a job; the practice service takes nothing."""
    return _tr("free") if job.service == PRACTICE else money(job.estimate)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Line", text)
