"""The reference for a change in the composer: a button whose click changes a label, and nothing else.

Usage: python -m tests.bench.bare_label CLICKS
"""

from __future__ import annotations

import sys
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from tests.bench.child import tell
from tests.bench.plate import timed


class Counter(QWidget):
    """Counts the clicks."""

    def __init__(self) -> None:
        super().__init__()
        self._clicks = 0
        self._label = QLabel("0")
        self.button = QPushButton("More")
        self.button.clicked.connect(self._count)
        layout = QVBoxLayout(self)
        layout.addWidget(self._label)
        layout.addWidget(self.button)

    def _count(self) -> None:
        self._clicks += 1
        self._label.setText(str(self._clicks))


def main(clicks: int) -> None:
    application = QApplication(sys.argv[:1])
    counter = Counter()
    counter.resize(400, 860)
    counter.show()
    application.processEvents()
    click = partial(QTest.mouseClick, counter.button, Qt.MouseButton.LeftButton)
    timed(application, click)
    tell({"times": [timed(application, click) for _ in range(clicks)]})


if __name__ == "__main__":
    main(int(sys.argv[1]))
