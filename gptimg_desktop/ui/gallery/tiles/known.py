"""What is known about a tile at the moment at which it is painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from gptimg_desktop.core.errors import Problem
    from gptimg_desktop.core.job import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`words` are the lines below the tile. `picture` is null while it is not here, `unseen` says why it
    cannot be. `now` is in Unix seconds.

    `place` tells where the job stands in line, `hold_up` what holds the line, `time` how long it has been
    worked on and how long that usually takes, `short` the place or the time in a few signs, `patience` what
    takes long; "" where there is nothing to say.
    """

    job: Job
    now: float
    words: tuple[str, str]
    picture: QImage
    unseen: Problem | None = None
    place: str = ""
    hold_up: str = ""
    time: str = ""
    short: str = ""
    patience: str = ""
