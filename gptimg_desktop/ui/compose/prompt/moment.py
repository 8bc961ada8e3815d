"""When something was, in the fewest words."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale


def moment(at: float, now: float) -> str:
    """A moment before now, both in seconds since the epoch: "today 14:00", "yesterday 14:00", else its date
    and time."""
    then, today = datetime.fromtimestamp(at).astimezone(), datetime.fromtimestamp(now).astimezone().date()
    time = f"{then:%H:%M}"
    days = (today - then.date()).days
    if days == 0:
        return _tr("today {time}").format(time=time)
    if days == 1:
        return _tr("yesterday {time}").format(time=time)
    date = QLocale().toString(QDate(then.year, then.month, then.day), QLocale.FormatType.ShortFormat)
    return f"{date} {time}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Moment", text)
