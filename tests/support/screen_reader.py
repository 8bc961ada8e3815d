"""What a screen reader hears: run by the system's Python, which has the bindings (python3-pyatspi).

    dbus-run-session -- /usr/bin/python3 tests/support/screen_reader.py PROGRAM [ARGUMENT…]

Starts the desktop's accessibility service and the program, works its window by names alone, and prints as
JSON what it heard at each step. Nothing of the project is imported here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pyatspi  # type: ignore[import-not-found]
from gi.repository import Atspi  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
PATIENCE_S = 60.0
MOST_CHILDREN = 64
SWITCHES = 5


def until(look: Callable[[], Any], what: str) -> Any:
    """Wait for another process; there is no signal to wait for."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            found = look()
        except Exception:  # noqa: BLE001 - a widget may be gone by the time it is asked
            found = None
        if found:
            return found
        if time.monotonic() > end:
            sys.exit(f"waited in vain for {what}")
        time.sleep(0.05)


def window(pid: int) -> Any:
    """The program's window on the accessibility bus."""
    for application in pyatspi.Registry.getDesktop(0):
        if application is not None and application.get_process_id() == pid and application.childCount:
            application.set_cache_mask(Atspi.Cache.NONE)  # nobody here listens to what would renew it
            return application[0]
    return None


def below(node: Any) -> Iterator[Any]:
    """All that is shown in a widget, of long lists only the beginning."""
    for place in range(min(node.childCount, MOST_CHILDREN)):
        child = node.getChildAtIndex(place)
        if child is not None and child.getState().contains(pyatspi.STATE_SHOWING):
            yield child
            yield from below(child)


def named(top: Any, name: str, *roles: int) -> Any:
    return next((each for each in below(top) if each.name == name and each.getRole() in roles), None)


def press(node: Any) -> None:
    """As a hand would; buttons that stay down offer to be toggled, or to be given the focus, before that."""
    action = node.queryAction()
    names = [action.getName(place) for place in range(action.nActions)]
    action.doAction(names.index("Press") if "Press" in names else 0)


def tiles(top: Any) -> list[str]:
    """The names of the rows of the gallery."""
    grid = named(top, "Pictures", pyatspi.ROLE_LIST)
    if grid is None:  # hidden while there is nothing to show
        return []
    return [grid.getChildAtIndex(row).name for row in range(min(grid.childCount, MOST_CHILDREN))]


def work(pid: int) -> dict[str, Any]:
    top = until(lambda: window(pid), "the window")
    roles = ("PUSH_BUTTON", "CHECK_BOX", "RADIO_BUTTON", "TOGGLE_BUTTON")
    buttons = tuple(getattr(pyatspi, f"ROLE_{role}") for role in roles)
    prompt = until(lambda: _editable(top), "the prompt")
    prompt.queryEditableText().setTextContents("oak chair")

    def saved() -> Any:
        if not tiles(top):
            press(_starting_with(top, "Generate", buttons))  # a press before the queue is open makes nothing
            time.sleep(1.0)
        heard = tiles(top)
        return heard if heard and heard[0].endswith("saved") else None

    heard: dict[str, Any] = {"saved": until(saved, "a saved tile")}
    grid = named(top, "Pictures", pyatspi.ROLE_LIST)
    subprocess.run(["xdotool", "search", "--name", "^GPTImg$", "windowactivate", "--sync"], check=True)
    grid.queryComponent().grabFocus()
    until(lambda: _has_focus(grid), "the focus")
    for key in ("Home", "p"):
        subprocess.run(["xdotool", "key", key], check=True)
    heard["picked"] = until(lambda: [name for name in tiles(top) if "picked" in name], "a pick")
    heard["filters"] = sorted({each.name for each in below(top) if each.getRole() in buttons and each.name})
    for _ in range(SWITCHES):  # what is walked through changes under the walker's feet
        press(until(lambda: _starting_with(top, "Bin", buttons), "the bin"))
        until(lambda: _is_empty(top), "an empty bin")
        press(until(lambda: _starting_with(top, "All", buttons), "the way back"))
        until(lambda: list(below(top)) and tiles(top), "the tiles again")
    heard["again"] = until(lambda: tiles(top), "the tiles again")
    return heard


def _editable(top: Any) -> Any:
    for each in below(top):
        is_text = each.getRole() == pyatspi.ROLE_TEXT and "rompt" in each.name
        if is_text and each.getState().contains(pyatspi.STATE_EDITABLE):
            return each
    return None


def _starting_with(top: Any, name: str, roles: tuple[int, ...]) -> Any:
    return next((each for each in below(top) if each.name.startswith(name) and each.getRole() in roles), None)


def _has_focus(grid: Any) -> bool:
    """The focus of a list is on its current row, for who listens."""
    rows = [grid.getChildAtIndex(row) for row in range(min(grid.childCount, MOST_CHILDREN))]
    return any(each.getState().contains(pyatspi.STATE_FOCUSED) for each in (grid, *rows))


def _is_empty(top: Any) -> bool:
    grid = named(top, "Pictures", pyatspi.ROLE_LIST)
    return grid is None or grid.childCount == 0


def main() -> None:
    service = subprocess.Popen([LAUNCHER, "--launch-immediately"], stderr=subprocess.DEVNULL)
    program = subprocess.Popen(sys.argv[1:])
    try:
        print(json.dumps(work(program.pid)))  # noqa: T201
    finally:
        program.terminate()
        program.wait(PATIENCE_S)
        service.terminate()
        service.wait()


if __name__ == "__main__":
    main()
