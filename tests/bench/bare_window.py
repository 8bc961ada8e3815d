"""The reference for a start: a main window of Qt with nothing in it.

Usage: python -m tests.bench.bare_window STARTED  (the parent's time.monotonic() before it started us)
"""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QMainWindow

from tests.bench.first_paint import FirstPaint


def main(started: float) -> int:
    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1360, 860)
    FirstPaint(window, started)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
