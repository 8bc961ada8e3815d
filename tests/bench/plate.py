"""How long the composer takes from a click or a key until the size plate and the price are drawn anew.

Usage: python -m tests.bench.plate ROUNDS

The panel stands in a window of its own, full of what it can hold. Tells, by kind of change, the milliseconds
of each on the wall and of them those that the GUI thread was computing.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QSpinBox, QWidget

from gptimg_desktop.core.draft import Draft
from gptimg_desktop.core.settings import Settings
from gptimg_desktop.core.sizes import Ratio
from gptimg_desktop.ui import theme
from gptimg_desktop.ui.compose.panel import ComposePanel
from tests.bench.child import tell
from tests.ui.compose.hands import bitmap, file_reference, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Change = tuple[str, "Callable[[], object]"]
REFERENCES = 16
PROMPT = "an oak chair by the window, morning light from the left, 椅子, " * 40
SIZES = ("1536", "1024", "2048", "3840")


class Paints(QObject):
    """Counts how often a widget is drawn."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            self.count += 1
        return super().eventFilter(watched, event)


def main(rounds: int) -> None:
    application = QApplication(sys.argv[:1])
    theme.apply(application, Settings().theme)
    panel = full_panel()
    application.processEvents()
    gc.collect()
    gc.freeze()  # as `gptimg_desktop.start` does
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    paints = Paints(find(panel, QWidget, "sizePlate"))
    for number in range(rounds + 1):
        for kind, change in changes(panel):
            took = timed(application, change)
            if number:  # the first round loads what is loaded once: fonts, pictures of buttons
                times[kind].append(took)
    tell({"times": times, "paints": paints.count})


def timed(application: QApplication, change: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds until a change is made and everything that it touched is drawn."""
    began, computing = time.perf_counter(), time.thread_time()
    change()
    application.processEvents()
    return (time.perf_counter() - began) * 1000, (time.thread_time() - computing) * 1000


def full_panel() -> ComposePanel:
    panel = ComposePanel()
    panel.resize(400, 860)
    panel.show()
    panel.set_draft(Draft(prompt=PROMPT, size=Ratio.R1X1))
    for number in range(REFERENCES):
        panel.add_reference(file_reference(number), bitmap())
    panel.set_queue_open(True)
    return panel


def changes(panel: ComposePanel) -> Iterator[Change]:
    """Every kind in turn; each differs from what was there."""
    for ratio in Ratio:
        yield "ratio", clicked(panel, f"ratio_{ratio.value.replace(':', 'x')}")
        for tier in ("2k", "4k", "1k"):
            yield "tier", clicked(panel, f"tier_{tier}")
    copies = find(panel, QSpinBox, "copiesSpin")
    for key in (Qt.Key.Key_Up,) * 8 + (Qt.Key.Key_Down,) * 8:
        yield "copies", partial(QTest.keyClick, copies, key)
    clicked(panel, "ratio_custom")()
    for name in ("customWidth", "customHeight"):
        spin = find(panel, QSpinBox, name)
        for text in SIZES:
            spin.selectAll()
            for digit in text:
                yield "custom size, each digit", partial(QTest.keyClicks, spin, digit)
            yield "custom size, Enter", partial(QTest.keyClick, spin, Qt.Key.Key_Return)


def clicked(panel: ComposePanel, name: str) -> Callable[[], object]:
    button = find(panel, QAbstractButton, name)
    return partial(QTest.mouseClick, button, Qt.MouseButton.LeftButton)


if __name__ == "__main__":
    main(int(sys.argv[1]))
