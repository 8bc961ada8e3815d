"""Tells a press of "Generate again" that is meant from the second half of a double click."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication


class RepeatPress(QObject):
    """Presses for the same job that follow each other within the system's double-click interval are one
    movement of the hand, however many. One that comes later is meant, and makes another image.

    What is to be asked about passes with the press after the one that asked.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pressed_for = ""
        self._asked: object = None
        self._burst = QTimer(self, singleShot=True)
        self._burst.setObjectName("repeatPressBurst")

    def lets_go(self, job_id: str, question: object) -> bool:
        """True where a press may send one more image of a job. `question`: what is to be asked before, None
        where nothing is."""
        is_same_movement = self._burst.isActive() and self._pressed_for == job_id
        self._pressed_for = job_id
        self._burst.start(QApplication.doubleClickInterval())
        if is_same_movement:
            return False
        was_asked = question is not None and self._asked == (job_id, question)
        self._asked = None if question is None or was_asked else (job_id, question)
        return self._asked is None
