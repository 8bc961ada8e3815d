"""How a reference looks in the tray."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen

from gptimg_desktop.core.reference import UrlReference
from gptimg_desktop.ui import icons
from gptimg_desktop.ui.compose.references.chip_facts import is_open, kind_of
from gptimg_desktop.ui.compose.references.place import Awaited
from gptimg_desktop.ui.compose.size.ratio_button import small_font
from gptimg_desktop.ui.theme import RADIUS, Tokens, tokens_for

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPixmap
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.ui.compose.references.place import Place

PICTURE_HEIGHT: Final = 56
NAME_HEIGHT: Final = 18
_SIGN_TOP: Final = 22  # below number and button
_FOOT: Final = 16
_WORD_TOP: Final = 20  # of a word alone, above the foot
_KIND: Final = 10
_WORD_EDGE: Final = 7
_DOT: Final = 3.5
_RING: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is to be seen of a chip. `is_choice`: a click would replace it; `is_target`: it would be replaced
    now."""

    place: Place
    number: int
    weight: str
    is_too_heavy: bool
    is_changed: bool
    is_focused: bool
    is_choice: bool
    is_target: bool


class ChipDrawing:
    """Paints chips; the signs that it drew are kept for the next time."""

    def __init__(self) -> None:
        self._signs: dict[tuple[str, str, int, float], QPixmap] = {}

    def paint(self, chip: QWidget, look: Look) -> None:
        painter = QPainter(chip)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        tokens = tokens_for(chip.palette())
        place = QRectF(0.5, 0.5, chip.width() - 1, PICTURE_HEIGHT - 1)
        painter.setFont(small_font(chip.font()))
        self._paint_picture(painter, place, look, tokens)
        if look.is_target:
            self._paint_replacing(painter, place, tokens)
        elif look.is_choice:
            _paint_choice(painter, place, tokens)
        elif look.weight:
            self._paint_foot(painter, place, look, tokens)
        _paint_edge(painter, place, look, tokens)
        _paint_number(painter, look, tokens)
        _paint_name(painter, look.place.title, chip.width(), tokens)
        painter.end()

    def _paint_picture(self, painter: QPainter, place: QRectF, look: Look, tokens: Tokens) -> None:
        outline = _outline(place)
        is_address = isinstance(look.place.content, UrlReference)
        painter.fillPath(outline, QColor(tokens.raised if is_address else tokens.canvas))
        image = look.place.image
        if image is not None and not image.isNull():
            painter.save()
            painter.setClipPath(outline)
            painter.drawImage(_whole(image, place), image)
            painter.restore()
        elif not look.is_target:
            self._paint_sign(painter, place, look, tokens)

    def _paint_sign(self, painter: QPainter, place: QRectF, look: Look, tokens: Tokens) -> None:
        """What stands for a picture that cannot be seen, with a word below where one helps. The word alone
        tells which one it is, where the room for it is needed."""
        name, word = _sign(look.place)
        content = look.place.content
        address = content if isinstance(content, UrlReference) else None
        top = _WORD_TOP
        if not (word and look.is_choice):
            edge = 16 if word else 20
            top = _SIGN_TOP + edge
            tone = tokens.warning if address is not None and is_open(address) else tokens.muted
            self._draw_sign(painter, name, tone, QPointF(place.center().x(), top - edge / 2), edge)
        if word:
            below = QRectF(4, top, place.width() - 8, _FOOT)
            painter.setPen(QColor(tokens.muted if address is None else tokens.text))
            cut = Qt.TextElideMode.ElideRight if address is None else Qt.TextElideMode.ElideMiddle
            text = painter.fontMetrics().elidedText(word, cut, int(below.width()))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_foot(self, painter: QPainter, place: QRectF, look: Look, tokens: Tokens) -> None:
        """Kind, weight, and a dot where something was changed, on a ground of their own over the picture."""
        reference = look.place.reference
        if reference is None:
            return
        painter.save()
        painter.setFont(_tiny(painter.font()))
        words = painter.fontMetrics().horizontalAdvance(look.weight)
        room = place.width() - 5
        sign = 5 + _KIND + 4
        before = sign if sign + words + 6 <= room else 6  # rather no sign than a cut weight
        width = min(room, before + words + 6)
        foot = QRectF(place.left() + 2.5, place.bottom() - _FOOT - 2.5, width, _FOOT)
        ground = tokens.danger_soft if look.is_too_heavy else tokens.raised
        _paint_pill(painter, foot, ground, ground, tokens)
        tone = tokens.danger if look.is_too_heavy else tokens.muted
        if before == sign:
            middle = QPointF(foot.left() + 5 + _KIND / 2, foot.center().y())
            self._draw_sign(painter, kind_of(reference), tone, middle, _KIND)
        painter.setPen(QColor(tokens.danger if look.is_too_heavy else tokens.text))
        painter.drawText(foot.adjusted(before, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, look.weight)
        if look.is_changed:
            painter.setPen(QPen(QColor(tokens.raised), 1.5))
            painter.setBrush(QColor(tokens.accent))
            painter.drawEllipse(QPointF(foot.right() - _DOT, foot.top() + 1), _DOT, _DOT)
        painter.restore()

    def _paint_replacing(self, painter: QPainter, place: QRectF, tokens: Tokens) -> None:
        """Say over the picture what letting go, or clicking, would do."""
        veil = QColor(tokens.accent_soft)
        veil.setAlphaF(0.92)
        painter.fillPath(_outline(place), veil)
        middle = QPointF(place.center().x(), _SIGN_TOP + 8)
        self._draw_sign(painter, "repeat", tokens.accent, middle, 16)
        painter.setPen(QColor(tokens.accent))
        below = place.adjusted(2, _SIGN_TOP + 16, -2, -1)
        text = painter.fontMetrics().elidedText(_replace(), Qt.TextElideMode.ElideRight, int(below.width()))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_sign(self, painter: QPainter, name: str, tone: str, middle: QPointF, edge: int) -> None:
        device = painter.device()
        key = (name, tone, edge, device.devicePixelRatioF())
        if key not in self._signs:
            self._signs[key] = icons.pixmap(*key)
        painter.drawPixmap(middle - QPointF(edge / 2, edge / 2), self._signs[key])


def _paint_choice(painter: QPainter, place: QRectF, tokens: Tokens) -> None:
    """Say at the foot of the picture what a click would do; the picture is what one chooses by."""
    painter.save()
    painter.setFont(_tiny(painter.font()))
    metrics = painter.fontMetrics()
    room = int(place.width()) - 5 - 2 * _WORD_EDGE
    word = metrics.elidedText(_replace(), Qt.TextElideMode.ElideRight, room)
    width = metrics.horizontalAdvance(word) + 2 * _WORD_EDGE
    foot = QRectF(place.center().x() - width / 2, place.bottom() - _FOOT - 2.5, width, _FOOT)
    _paint_pill(painter, foot, tokens.accent_soft, tokens.accent, tokens)
    painter.setPen(QColor(tokens.accent))
    painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, word)
    painter.restore()


def _replace() -> str:
    return QCoreApplication.translate("ReferenceChip", "Replace")


def _paint_edge(painter: QPainter, place: QRectF, look: Look, tokens: Tokens) -> None:
    strong = look.is_focused or look.is_target
    pen = QPen(QColor(tokens.accent if strong or look.is_choice else tokens.border), 2 if strong else 1)
    if isinstance(look.place.content, Awaited) and not strong:
        pen.setColor(QColor(tokens.border_strong))
        pen.setStyle(Qt.PenStyle.DashLine)
    if strong:
        painter.setPen(QPen(QColor(tokens.panel), 2 * _RING))  # keeps it apart from a picture of its colour
        painter.drawPath(_outline(place.adjusted(_RING, _RING, -_RING, -_RING)))
    painter.setPen(pen)
    painter.drawPath(_outline(place))


def _paint_number(painter: QPainter, look: Look, tokens: Tokens) -> None:
    painter.save()
    font = QFont(painter.font())
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    text = str(look.number)
    width = max(18, painter.fontMetrics().horizontalAdvance(text) + 10)
    badge = QRectF(3.5, 3.5, width, 18)
    ground = tokens.accent if look.is_choice else tokens.raised
    _paint_pill(painter, badge, ground, ground if look.is_choice else tokens.border, tokens)
    painter.setPen(QColor(tokens.on_accent if look.is_choice else tokens.text))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def _paint_pill(painter: QPainter, pill: QRectF, ground: str, edge: str, tokens: Tokens) -> None:
    """A ground for a few words over a picture, kept apart from any picture by a ring."""
    ring = pill.adjusted(-_RING, -_RING, _RING, _RING)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.panel))
    painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
    painter.setPen(QPen(QColor(edge), 1))
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)


def _paint_name(painter: QPainter, name: str, width: int, tokens: Tokens) -> None:
    painter.setPen(QColor(tokens.muted))
    place = QRect(0, PICTURE_HEIGHT, width, NAME_HEIGHT)
    title = " ".join(name.split())
    text = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _outline(place: QRectF) -> QPainterPath:
    outline = QPainterPath()
    outline.addRoundedRect(place, RADIUS, RADIUS)
    return outline


def _sign(place: Place) -> tuple[str, str]:
    """An icon's name, and the word below it: the last part of an address tells pictures apart that come from
    one host."""
    if isinstance(place.content, Awaited):
        return "hourglass", QCoreApplication.translate("ReferenceChip", "reading…")
    if isinstance(place.content, UrlReference):
        return "globe", " ".join(QUrl(place.content.url).fileName().split())
    return "image", ""


def _tiny(font: QFont) -> QFont:
    """Small enough for a weight on the narrowest chip."""
    smaller = QFont(font)
    smaller.setPointSizeF(max(6.5, font.pointSizeF() * 0.92))
    return smaller


def _whole(image: QImage, place: QRectF) -> QRectF:
    """Where to draw the image so that all of it is seen, its middle in the middle."""
    scale = min(place.width() / image.width(), place.height() / image.height())
    drawn = QRectF(0, 0, image.width() * scale, image.height() * scale)
    drawn.moveCenter(place.center())
    return drawn
