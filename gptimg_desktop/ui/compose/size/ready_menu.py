"""Sizes to take at once: the favourites, then those that are ready for a purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPointF, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap

from gptimg_desktop.core.ready_sizes import READY_SIZES, Purpose, ReadySize, Use
from gptimg_desktop.core.sizes import AUTO, PixelSize, Ratio, Size, SizeChoice, outcomes
from gptimg_desktop.ui import icons
from gptimg_desktop.ui.compose.size.outcome_facts import paper
from gptimg_desktop.ui.compose.size.ratio_button import paint_shape
from gptimg_desktop.ui.rounded_menu import RoundedMenu
from gptimg_desktop.ui.theme import tokens_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_ICON: Final = 16
_SQUARE: Final = 8.5
_SCALES: Final = (1, 2)

_PURPOSES: Final = {
    Purpose.STORY: QT_TRANSLATE_NOOP("ReadyMenu", "Story"),
    Purpose.REEL: QT_TRANSLATE_NOOP("ReadyMenu", "Reel, cover of a short video"),
    Purpose.PORTRAIT_POST: QT_TRANSLATE_NOOP("ReadyMenu", "Post, portrait"),
    Purpose.SQUARE_POST: QT_TRANSLATE_NOOP("ReadyMenu", "Post, square"),
    Purpose.LINK_PREVIEW: QT_TRANSLATE_NOOP("ReadyMenu", "Link preview"),
    Purpose.PROFILE_HEADER: QT_TRANSLATE_NOOP("ReadyMenu", "Profile header"),
    Purpose.VIDEO_THUMBNAIL: QT_TRANSLATE_NOOP("ReadyMenu", "Video thumbnail"),
    Purpose.BANNER: QT_TRANSLATE_NOOP("ReadyMenu", "Banner"),
    Purpose.WEB_HERO: QT_TRANSLATE_NOOP("ReadyMenu", "Top of a web page"),
    Purpose.SLIDE: QT_TRANSLATE_NOOP("ReadyMenu", "Slide"),
    Purpose.SLIDE_4_3: QT_TRANSLATE_NOOP("ReadyMenu", "Slide, 4:3"),
    Purpose.WALLPAPER: QT_TRANSLATE_NOOP("ReadyMenu", "Desktop wallpaper"),
    Purpose.A4_PORTRAIT: QT_TRANSLATE_NOOP("ReadyMenu", "A4, portrait"),
    Purpose.A4_LANDSCAPE: QT_TRANSLATE_NOOP("ReadyMenu", "A4, landscape"),
    Purpose.LETTER: QT_TRANSLATE_NOOP("ReadyMenu", "US Letter, portrait"),
    Purpose.POSTCARD: QT_TRANSLATE_NOOP("ReadyMenu", "Postcard, A6"),
    Purpose.PHOTO_PRINT: QT_TRANSLATE_NOOP("ReadyMenu", "Photo print, 15×10 cm"),
    Purpose.BUSINESS_CARD: QT_TRANSLATE_NOOP("ReadyMenu", "Business card, 85×55 mm"),
}
_USES: Final = {
    Use.SOCIAL: QT_TRANSLATE_NOOP("ReadyMenu", "Social media"),
    Use.SCREEN: QT_TRANSLATE_NOOP("ReadyMenu", "Screen"),
    Use.PRINT: QT_TRANSLATE_NOOP("ReadyMenu", "Print, size at 300 ppi"),
}


class ReadyMenu(RoundedMenu):
    """Each row has the shape, the name, and what is asked for in a column of its own. `taken` carries the
    `SizeChoice` that was picked."""

    taken = Signal(object)

    def __init__(self, favourites: tuple[SizeChoice, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readySizesMenu")
        self.setAccessibleName(self.tr("Ready sizes"))
        if favourites:
            self._add_heading(self.tr("Favourites"))
            for choice in reversed(favourites):
                self._add(choice, *_favourite(choice))
        for use, name in _USES.items():
            self._add_heading(_tr(name))
            for ready in READY_SIZES:
                if ready.use is use:
                    self._add(ready.choice, _tr(_PURPOSES[ready.purpose]), _mapping(ready))
        self.triggered.connect(self._on_triggered)

    def _add_heading(self, text: str) -> None:
        if not self.isEmpty():
            self.addSeparator()
        self.addAction(text).setEnabled(False)

    def _add(self, choice: SizeChoice, name: str, told: str) -> None:
        action = self.addAction(self._shape(choice.size), f"{name}\t{told}")
        action.setIconVisibleInMenu(True)
        action.setData(choice)

    def _shape(self, size: Size) -> QIcon:
        """The shape to scale, or the sign for what the service decides."""
        colour = QColor(tokens_for(self.palette()).muted)
        if size == AUTO:
            return icons.icon("scan", colour)
        ratio = size.value_as_float if isinstance(size, Ratio) else _ratio(size)
        result = QIcon()
        for scale in _SCALES:
            result.addPixmap(_drawn(ratio, colour, scale))
        return result

    def _on_triggered(self, action: QAction) -> None:
        choice = action.data()
        if isinstance(choice, SizeChoice):
            self.taken.emit(choice)


def _mapping(ready: ReadySize) -> str:
    """What a ready size is asked for as; for print with what it is on paper."""
    told = _told(ready.choice)
    if not ready.is_for_print:
        return told
    found = outcomes(ready.choice.size, ready.choice.tier)
    return f"{told} · {paper(found[0])}"


def _favourite(choice: SizeChoice) -> tuple[str, str]:
    """Its name and what it maps to. Pixels that are ready for a purpose have its name; a ratio is for many
    purposes and is called after itself."""
    if not isinstance(choice.size, PixelSize):
        size = choice.size.value if isinstance(choice.size, Ratio) else _tr("Auto")
        return f"{size} · {choice.tier.label}", _pixels(choice)
    purposes = (ready.purpose for ready in READY_SIZES if ready.choice == choice)
    if (purpose := next(purposes, None)) is not None:
        return _tr(_PURPOSES[purpose]), _told(choice)
    return choice.size.label, choice.tier.label


def _told(choice: SizeChoice) -> str:
    """The ratio where it has a name, the pixels that come back, the tier."""
    name = choice.size.value if isinstance(choice.size, Ratio) else ""
    return " · ".join(text for text in (name, _pixels(choice), choice.tier.label) if text)


def _pixels(choice: SizeChoice) -> str:
    """What may come back; empty where the service decides."""
    labels = [size.label for size in outcomes(choice.size, choice.tier)]
    if len(labels) > 1:
        return _tr("{one} or {other}").format(one=labels[0], other=labels[-1])
    return labels[0] if labels else ""


def _ratio(size: PixelSize) -> float:
    return max(1, size.width) / max(1, size.height)


def _drawn(ratio: float, colour: QColor, scale: int) -> QPixmap:
    result = QPixmap(_ICON * scale, _ICON * scale)
    result.setDevicePixelRatio(scale)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_shape(painter, ratio, QPointF(_ICON / 2, _ICON / 2), colour, edge=_SQUARE)
    painter.end()
    return result


def _tr(text: object) -> str:
    return QCoreApplication.translate("ReadyMenu", str(text))
