"""What a mark does to the rows of a filter, as far as that can be told without reading the job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gptimg_desktop.core.filter import View
from gptimg_desktop.core.mark import Mark

if TYPE_CHECKING:
    from gptimg_desktop.core.filter import JobFilter


def takes_away(mark: Mark, view: View) -> bool:
    """True where no job with this mark belongs into the view."""
    if mark in {Mark.BINNED, Mark.RESTORED}:
        return (mark is Mark.BINNED) != (view is View.BIN)
    return view is View.PICKS and mark is not Mark.PICKED


def moves_nothing(mark: Mark, wanted: JobFilter) -> bool:
    """True where no job comes or goes by this mark."""
    return wanted.view is View.ALL and not wanted.asks_library and mark not in {Mark.BINNED, Mark.RESTORED}
