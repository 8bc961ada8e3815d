"""Why the queue waits, and what just went wrong: one line for one reason, above the gallery."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gptimg_desktop.core.errors import ProblemKind
from gptimg_desktop.core.gate import PASSING, Gate, GateKind
from gptimg_desktop.ui.gallery.caption import day_and_time, elapsed, on_service_until, time_left
from gptimg_desktop.ui.icon_label import IconLabel
from gptimg_desktop.ui.messages import gate_sentence, sentence
from gptimg_desktop.ui.notice_area import Teller, Told, Weight
from gptimg_desktop.ui.plain_label import PlainLabel
from gptimg_desktop.ui.theme import UNIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QHideEvent, QShowEvent

    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.job import Job

_ICONS: Final = {
    GateKind.OFFLINE: "wifi-off",
    GateKind.RATE: "hourglass",
    GateKind.TLS: "shield-alert",
    GateKind.KEY: "key-round",
    GateKind.BALANCE: "wallet",
    GateKind.DISK: "hard-drive",
    GateKind.DATABASE: "hard-drive",
    GateKind.RESUMING: "play",
    GateKind.LIBRARY: "archive-restore",
    GateKind.USER_PAUSE: "pause",
}
_CALM: Final = frozenset({GateKind.RATE, GateKind.RESUMING, GateKind.USER_PAUSE})
_UP_TO_THE_USER: Final = frozenset({GateKind.KEY, GateKind.BALANCE})
_MOST_PROBLEMS: Final = 3
SHORT_PAUSE_S: Final = 4.0
LONG_S: Final = 600.0
"""After that time it is told since when a service asks for pauses."""
HIDDEN_TOLD_MS: Final = 20_000
"""How long it is told that hidden jobs go on."""


NAMES_A_PAID_TASK: Final = frozenset(
    {ProblemKind.ANSWER_NOT_KEPT, ProblemKind.ANSWER_IN_JOURNAL, ProblemKind.TASK_WITHOUT_JOB}
)
"""Each task has a line of its own, which nothing but the user takes away."""


_OF_MONEY: Final = NAMES_A_PAID_TASK | {ProblemKind.UNCONFIRMED_STAYS, ProblemKind.JOURNAL_UNREADABLE}
_GATE_WEIGHTS: Final = {
    GateKind.RESUMING: Weight.CHARGE,
    GateKind.OFFLINE: Weight.TOLD,
    GateKind.RATE: Weight.TOLD,
}


def _name_of(problem: Problem) -> ProblemKind | Problem:
    return problem if problem.kind in NAMES_A_PAID_TASK else problem.kind


def _is_over_soon(gate: Gate) -> bool:
    return gate.kind is GateKind.RATE and gate.until is not None and gate.until - time.time() < SHORT_PAUSE_S


def _lacks_key(gate: Gate) -> bool:
    return gate.problem is not None and gate.problem.kind is ProblemKind.KEY_MISSING


def _weight_of(card: _Notice) -> Weight:
    return card.weight


def _worth_telling(gates: Sequence[Gate]) -> list[Gate]:
    """Without those that pass by themselves at a service that waits for the user as well."""
    stuck = {gate.service for gate in gates if gate.kind in _UP_TO_THE_USER}
    gates = [gate for gate in gates if gate.kind is not GateKind.LIBRARY]  # told at length elsewhere
    return [gate for gate in gates if gate.kind not in PASSING or gate.service not in stuck]


class NoticeBar(Teller):
    """Hidden while there is nothing to say."""

    resume_requested = Signal(object)  # Gate
    pause_requested = Signal()
    change_key_requested = Signal()
    choose_folder_requested = Signal()
    restore_requested = Signal(object)  # tuple[str, ...], job ids
    keyless = Signal(object)  # tuple[Problem, ...]: what the field for a key is to tell

    def __init__(self, parent: QWidget | None = None) -> None:
        self._all_gates: tuple[Gate, ...] = ()
        self._is_key_asked = False
        self._hidden: _HiddenNotice | None = None
        self._gates: dict[GateKind, _GateNotice] = {}
        self._problems: dict[ProblemKind | Problem, _ProblemNotice] = {}
        self._column: QVBoxLayout | None = None
        super().__init__(parent)
        self.setObjectName("noticeBar")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, UNIT, 0, 0)
        self._column.setSpacing(UNIT)
        self._ticks = QTimer(self)
        self._ticks.setInterval(1000)
        self._ticks.timeout.connect(self._tick)
        self._forgetting = QTimer(self, singleShot=True, interval=HIDDEN_TOLD_MS)
        self._forgetting.timeout.connect(self._forget_hidden)
        self.hide()

    def set_gates(self, gates: tuple[Gate, ...]) -> None:
        """The gates that are closed now; several of one kind are one line.

        A pause that is over in a moment is not worth moving the gallery for; the waiting tiles tell it. That
        it goes on by itself is not told of a service that waits for the user as well.
        """
        self._all_gates = gates
        keyless = [gate for gate in gates if self._is_key_asked and _lacks_key(gate)]
        closed: dict[GateKind, list[Gate]] = {}
        for gate in _worth_telling(gates):
            if gate in keyless:
                continue
            if gate.kind in self._gates or not _is_over_soon(gate):
                closed.setdefault(gate.kind, []).append(gate)
        for kind in [kind for kind in self._gates if kind not in closed]:
            self._drop(self._gates.pop(kind))
        for kind, same in closed.items():
            if kind not in self._gates:
                self._gates[kind] = self._make_gate(kind)
            self._gates[kind].set_gates(same)
        self.keyless.emit(tuple(gate.problem for gate in keyless))
        self._settle()

    def set_key_asked(self, is_asked: bool) -> None:
        """Whether a key is asked for elsewhere: one that is missing is told there then, and not here too."""
        self._is_key_asked = is_asked
        self.set_gates(self._all_gates)

    # What there is room for

    def told(self) -> list[Told]:
        """The cards from top to bottom."""
        return [Told(card=card, weight=card.weight, text=card.text.text()) for card in self._cards()]

    def _cards(self) -> list[_Notice]:
        """The weightiest first; of problems the newest."""
        cards: list[_Notice] = [*reversed(self._problems.values()), *self._gates.values()]
        if self._hidden is not None:
            cards.append(self._hidden)
        return sorted(cards, key=_weight_of)

    def show_problem(self, problem: Problem) -> None:
        """Say once that something went wrong, until dismissed; a second of its kind replaces it."""
        name = _name_of(problem)
        notice = self._problems.pop(name, None)
        if notice is not None:
            self._drop(notice)
        passing = [each for each in self._problems if isinstance(each, ProblemKind)]
        while len(passing) >= _MOST_PROBLEMS:
            self._drop(self._problems.pop(passing.pop(0)))
        fresh = _ProblemNotice(problem, name, self)
        fresh.dismissed.connect(self.forget)
        self._problems[name] = fresh
        self._settle()

    def set_unfetched(self, jobs: Iterable[Job]) -> None:
        """Which pictures are still on the service: told while there is no room for them here."""
        notice = self._gates.get(GateKind.DISK)
        if notice is not None:
            notice.set_unfetched([until for job in jobs if (until := on_service_until(job)) is not None])

    def show_hidden(self, job_ids: tuple[str, ...]) -> None:
        """Say for a while that jobs which were sent go on out of sight, and offer to undo it."""
        self._forget_hidden()
        self._hidden = _HiddenNotice(job_ids, self)
        self._hidden.restore_requested.connect(self.restore_requested)
        self._hidden.dismissed.connect(self._forget_hidden)
        self._forgetting.start()
        self._settle()

    def _forget_hidden(self) -> None:
        self._forgetting.stop()
        if self._hidden is not None:
            self._drop(self._hidden)
        self._hidden = None
        self._settle()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ticks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ticks.stop()

    def _make_gate(self, kind: GateKind) -> _GateNotice:
        notice = _GateNotice(kind, self)
        notice.resume_requested.connect(self.resume_requested)
        notice.pause_requested.connect(self.pause_requested)
        notice.change_key_requested.connect(self.change_key_requested)
        notice.choose_folder_requested.connect(self.choose_folder_requested)
        return notice

    def forget(self, kind: ProblemKind | Problem) -> None:
        """Say no more about a kind of problem: it was seen, or is no more."""
        notice = self._problems.pop(kind, None)
        if notice is not None:
            self._drop(notice)
        self._settle()

    def _drop(self, notice: QWidget) -> None:
        notice.hide()
        if self._column is not None:
            self._column.removeWidget(notice)
        notice.deleteLater()

    def _settle(self) -> None:
        for place, card in enumerate(self._cards()):
            if self._column is not None and self._column.indexOf(card) != place:
                self._column.insertWidget(place, card)
        self.settle()

    def _tick(self) -> None:
        for notice in self._gates.values():
            notice.say()


class _Notice(QFrame):
    """An icon, a sentence that wraps, and buttons at the end."""

    def __init__(self, icon: str, tone: str, weight: Weight, parent: QWidget) -> None:
        super().__init__(parent)
        self.weight = weight
        self.setProperty("role", "card")
        self.text = PlainLabel(parent=self)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(2 * UNIT - 4, UNIT, UNIT, UNIT)
        self.row.setSpacing(UNIT)
        self.row.addWidget(IconLabel(icon, tone, parent=self), 0, Qt.AlignmentFlag.AlignVCenter)
        self.row.addWidget(self.text, 1)

    def add_button(self, name: str, text: str, wish: Callable[[], None]) -> QPushButton:
        """A button at the right end, with its object name and what it does."""
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus where it was
        button.clicked.connect(wish)
        self.row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return button


class _GateNotice(_Notice):
    """One reason why the queue waits, for one service or several."""

    resume_requested = Signal(object)
    pause_requested = Signal()
    change_key_requested = Signal()
    choose_folder_requested = Signal()

    def __init__(self, kind: GateKind, parent: QWidget) -> None:
        tone = "accent" if kind in _CALM else "warning"
        super().__init__(_ICONS[kind], tone, _GATE_WEIGHTS.get(kind, Weight.DEED), parent)
        self._gates: Sequence[Gate] = ()
        self._unfetched: Sequence[float] = ()
        self._key_button: QPushButton | None = None
        self._try_button: QPushButton | None = None
        self.setObjectName(f"notice_{kind}")
        self._add_buttons(kind)

    def _add_buttons(self, kind: GateKind) -> None:
        if kind is GateKind.KEY:
            self._key_button = self.add_button("noticeChangeKey", self.tr("Change key"), self._change_key)
            self._try_button = self.add_button("noticeTryNow", self.tr("Try now"), self._resume)
        elif kind is GateKind.RESUMING:
            self.add_button("noticePause", self.tr("Pause"), self._pause)
            self.add_button("noticeGoOn", self.tr("Go on now"), self._resume)
        elif kind is GateKind.USER_PAUSE:
            self.add_button("noticeResume", self.tr("Resume"), self._resume)
        else:
            if kind is GateKind.DISK:
                self.add_button("noticeChooseFolder", self.tr("Choose another folder"), self._choose_folder)
            self.add_button("noticeTryNow", self.tr("Try now"), self._resume)

    def set_gates(self, gates: Sequence[Gate]) -> None:
        self._gates = gates
        self._offer_what_helps()
        self.say()

    def set_unfetched(self, until: Sequence[float]) -> None:
        """Until when pictures that wait for room can be fetched (Unix seconds)."""
        self._unfetched = until
        self.say()

    def _offer_what_helps(self) -> None:
        """Without a key there is nothing to try, and none to change."""
        if self._key_button is None or self._try_button is None:
            return
        is_missing = all(_lacks_key(gate) for gate in self._gates)
        self._try_button.setVisible(not is_missing)
        text = self.tr("Connect") if is_missing else self.tr("Change key")
        self._key_button.setText(text)
        self._key_button.setAccessibleName(text)

    def say(self) -> None:
        """Tell the reason, and when it goes on by itself where that is known."""
        if not self._gates:
            return
        told = gate_sentence(self._gates[0], long_since=self._long_since())
        ends = [gate.until for gate in self._gates if gate.until is not None]
        left = min(ends) - time.time() if ends else 0
        if left > 0:
            told += " " + self.tr("Next try in {time}.").format(time=elapsed(left + 0.999))
        self.text.say(" ".join(part for part in (told, self._unfetched_text()) if part))

    def _long_since(self) -> str:
        """Since when the longest of the gates has been closed; "" where that is not long."""
        now, since = time.time(), [gate.since for gate in self._gates if gate.since is not None]
        return day_and_time(min(since), now) if since and now - min(since) >= LONG_S else ""

    def _unfetched_text(self) -> str:
        if not self._unfetched:
            return ""
        now, first = time.time(), min(self._unfetched)
        count = len(self._unfetched)
        told = self.tr("{count} pictures are still on the service, the first one until {when} ({left}).")
        if count == 1:
            told = self.tr("The picture is still on the service until {when} ({left}).")
        left = time_left(max(0.0, first - now))
        return told.format(count=count, when=day_and_time(first, now), left=left)

    def _resume(self) -> None:
        for gate in tuple(self._gates):
            self.resume_requested.emit(gate)

    def _pause(self) -> None:
        self.pause_requested.emit()

    def _change_key(self) -> None:
        self.change_key_requested.emit()

    def _choose_folder(self) -> None:
        self.choose_folder_requested.emit()


class _HiddenNotice(_Notice):
    """Jobs that cannot be taken back were put out of sight."""

    restore_requested = Signal(object)  # tuple[str, ...]
    dismissed = Signal()

    def __init__(self, job_ids: tuple[str, ...], parent: QWidget) -> None:
        super().__init__("eye-off", "accent", Weight.DEED, parent)
        self._job_ids = job_ids
        self.setObjectName("noticeHidden")
        told = self.tr(
            "{count} jobs were sent and cannot be taken back. They are hidden, go on, and will still be "
            "saved; they are in the Bin."
        )
        if len(job_ids) == 1:
            told = self.tr(
                "This job was sent and cannot be taken back. It is hidden, goes on, and will still be saved; "
                "it is in the Bin."
            )
        self.text.say(told.format(count=len(job_ids)))
        self.add_button("noticeUndoHide", self.tr("Undo"), self._undo)
        self.add_button("noticeDismiss", self.tr("Dismiss"), self._dismiss)

    def _undo(self) -> None:
        self.restore_requested.emit(self._job_ids)
        self.dismissed.emit()

    def _dismiss(self) -> None:
        self.dismissed.emit()


class _ProblemNotice(_Notice):
    """Something that went wrong once."""

    dismissed = Signal(object)  # its name in the bar

    def __init__(self, problem: Problem, name: ProblemKind | Problem, parent: QWidget) -> None:
        weight = Weight.MONEY if problem.kind in _OF_MONEY else Weight.TOLD
        super().__init__("triangle-alert", "danger", weight, parent)
        self._kind = name
        self.setObjectName("noticeProblem")
        self.text.say(sentence(problem))
        self.add_button("noticeDismiss", self.tr("Dismiss"), self._dismiss)

    def _dismiss(self) -> None:
        self.dismissed.emit(self._kind)
