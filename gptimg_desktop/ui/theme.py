"""The look: colours of the light and the dark theme, the grid, the palette and the one style sheet.

Widgets that paint themselves ask `tokens_for(self.palette())`; all others are dressed by the style sheet, by
their class and their `role` property:

    QPushButton, QToolButton   role="primary" the one action · "quiet" flat · "chip" a checkable choice ·
                               "choice" paints itself · "badge" round, on a picture ·
                               "small" flat, in a line of text · "link" the same, in the accent ·
                               "pill" floats over what it tells about
    QToolButton                compact="true" as high as a line of text needs
    QPushButton, QLineEdit     slim="true" in a slim row; aimed="true" while a drag is over it
    QLabel                     role="heading" · "muted" · "danger" · "warning" · "success" ·
                               "floating" a word over what moves below it
    QFrame                     role="panel" a side of the window · "card" a raised block · "line" a hairline
    QLineEdit, QSpinBox, …     invalid="true" where what stands there cannot be used

Spin boxes show no arrows. Leave their `buttonSymbols` alone: with NoButtons Qt lays a styled field out one
pixel wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette

from gptimg_desktop.core.settings import Theme
from gptimg_desktop.resources import resource

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

UNIT: Final = 8
"""The grid, in device-independent pixels; half of it is for the insides of controls."""

RADIUS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Colours by purpose, as "#rrggbb".

    `canvas` is the neutral ground round images; the `…_soft` ones are grounds for text in the colour they
    are named after.
    """

    window: str
    panel: str
    raised: str
    hover: str
    border: str
    border_strong: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    canvas: str


LIGHT: Final = Tokens(
    window="#ececed",
    panel="#f7f7f8",
    raised="#ffffff",
    hover="#efeff1",
    border="#d9d9dd",
    border_strong="#8b8c92",
    text="#1c1c1f",
    muted="#606168",
    accent="#2a5bd7",
    accent_hover="#2049b4",
    on_accent="#ffffff",
    accent_soft="#e5ecfc",
    danger="#b3261e",
    danger_soft="#fbeae8",
    warning="#855300",
    warning_soft="#fbf1dc",
    success="#17733f",
    canvas="#dedede",
)

DARK: Final = Tokens(
    window="#17171a",
    panel="#1f1f22",
    raised="#29292d",
    hover="#323237",
    border="#3a3a40",
    border_strong="#7c7d85",
    text="#ededf0",
    muted="#a3a4ac",
    accent="#85a9ff",
    accent_hover="#a3beff",
    on_accent="#0d1733",
    accent_soft="#283352",
    danger="#ff9a90",
    danger_soft="#43272a",
    warning="#efbf6a",
    warning_soft="#3d3220",
    success="#74d39b",
    canvas="#383838",
)


def tokens_for(palette: QPalette) -> Tokens:
    """The colours that go with a widget's palette: dark ones where its window is dark.

    A style sheet turns a styled widget's Window into that widget's own ground. A see-through or a coloured
    ground says nothing about the theme; the palette's Mid, which no style sheet touches, decides then.
    """
    ground = palette.color(QPalette.ColorRole.Window)
    if ground.alpha() < 255 or ground.hslSaturation() > 64:
        ground = palette.color(QPalette.ColorRole.Mid)
    return DARK if ground.lightness() < 128 else LIGHT


def apply(application: QApplication, theme: Theme) -> None:
    """Dress the whole program; may be called again at any time, and when the system's scheme changes."""
    application.setStyleSheet(style_sheet(colour(application, theme)))


def colour(application: QApplication, theme: Theme) -> Tokens:
    """The first part of `apply`: colours and style without the style sheet, which Qt works out anew at every
    step of a window that is being built. A first window is built in between, in little more than half the
    time, and never shown without."""
    hints = application.styleHints()
    hints.setColorScheme(_SCHEMES[theme])  # window frames and the system's own dialogs follow
    is_dark = theme is Theme.DARK or (theme is Theme.SYSTEM and hints.colorScheme() == Qt.ColorScheme.Dark)
    tokens = DARK if is_dark else LIGHT
    application.setStyle("Fusion")
    application.setPalette(palette_of(tokens))
    return tokens


_SCHEMES: Final = {
    Theme.SYSTEM: Qt.ColorScheme.Unknown,
    Theme.LIGHT: Qt.ColorScheme.Light,
    Theme.DARK: Qt.ColorScheme.Dark,
}


def palette_of(tokens: Tokens) -> QPalette:
    """The palette that Fusion and self-painted widgets draw with."""
    palette = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.panel,
        role.WindowText: tokens.text,
        role.Base: tokens.raised,
        role.AlternateBase: tokens.panel,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.danger,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: tokens.raised,
        role.Midlight: tokens.hover,
        role.Mid: tokens.border,
        role.Dark: tokens.border_strong,
        role.Shadow: tokens.border_strong,
    }
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    faint = QColor(tokens.muted)
    faint.setAlphaF(0.6)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, faint)
    return palette


def style_sheet(tokens: Tokens) -> str:
    """The one style sheet. Sizes are in pixels of the 8 px grid; fonts keep the system's size."""
    which = "dark" if tokens == DARK else "light"
    return "\n".join(
        (
            _GROUNDS.format(t=tokens),
            _LABELS.format(t=tokens),
            _BUTTONS.format(t=tokens),
            _FIELDS.format(
                t=tokens,
                chevron=_url("indicator-chevron.svg"),
                check=_url(f"indicator-check-{which}.svg"),
            ),
            _LISTS.format(t=tokens, check=_url(f"indicator-check-{which}.svg")),
            _SCROLL_BARS.format(t=tokens),
        )
    )


def _url(name: str) -> str:
    return f'"{resource("icons", name).as_posix()}"'


_GROUNDS: Final = """
QMainWindow {{ background: {t.window}; }}
QFrame[role="panel"] {{ background: {t.panel}; border: none; }}
QFrame#queuePanel, QFrame[role="card"][floats="true"] {{ border-color: {t.border_strong}; }}
QFrame[role="card"] {{ background: {t.raised}; border: 1px solid {t.border}; border-radius: 8px; }}
QFrame[role="line"] {{ background: {t.border}; border: none; max-height: 1px; min-height: 1px; }}
QToolTip {{
    background: {t.raised}; color: {t.text}; border: 1px solid {t.border_strong}; padding: 4px 8px;
}}
QSplitter::handle {{ background: {t.border}; }}
"""

_LABELS: Final = """
QLabel[role="heading"] {{ color: {t.text}; font-weight: 600; }}
QLabel[role="muted"] {{ color: {t.muted}; }}
QLabel[role="danger"] {{ color: {t.danger}; }}
QLabel[role="warning"] {{ color: {t.warning}; }}
QLabel[role="success"] {{ color: {t.success}; }}
QLabel[role="floating"] {{
    background: {t.raised}; color: {t.text}; border: 1px solid {t.border_strong}; border-radius: 6px;
    padding: 4px 10px; font-weight: 600;
}}
"""

_BUTTONS: Final = """
QPushButton, QToolButton {{
    background: {t.raised}; color: {t.text}; border: 1px solid {t.border}; border-radius: 6px;
    padding: 4px 12px; min-height: 22px;
}}
QToolButton {{ padding: 4px; }}
QPushButton:hover, QToolButton:hover {{ background: {t.hover}; border-color: {t.border_strong}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {t.border}; }}
QPushButton:focus, QToolButton:focus {{ border: 1px solid {t.accent}; }}
QPushButton:disabled, QToolButton:disabled {{
    color: {t.muted}; background: {t.panel}; border-color: {t.border};
}}
QToolButton[compact="true"] {{ min-height: 16px; }}
QToolButton::menu-indicator {{ image: none; }}
QLineEdit QToolButton, QLineEdit QToolButton:hover, QLineEdit QToolButton:pressed {{
    background: transparent; border: none; padding: 0; min-height: 0;
}}

QPushButton[role="primary"], QToolButton[role="primary"] {{
    background: {t.accent}; color: {t.on_accent}; border: 2px solid {t.accent}; font-weight: 600;
    padding: 6px 16px; min-height: 24px;
}}
QPushButton[role="primary"]:hover, QToolButton[role="primary"]:hover {{
    background: {t.accent_hover}; border-color: {t.accent_hover};
}}
QPushButton[role="primary"]:pressed, QToolButton[role="primary"]:pressed {{
    background: {t.accent}; border-color: {t.accent};
}}
QPushButton[role="primary"]:focus, QToolButton[role="primary"]:focus {{ border-color: {t.text}; }}
QPushButton[role="primary"][asking="true"] {{
    background: {t.warning_soft}; color: {t.warning}; border-color: {t.warning};
}}
QPushButton[role="primary"][refused="true"] {{
    background: {t.hover}; color: {t.muted}; border-color: {t.border};
}}
QPushButton[role="primary"][refused="true"]:focus {{ border-color: {t.text}; }}
QPushButton[role="small"] {{ padding: 1px 8px; min-height: 18px; }}
QPushButton[role="primary"]:disabled, QToolButton[role="primary"]:disabled {{
    background: {t.border}; color: {t.muted}; border-color: {t.border};
}}

QPushButton[role="quiet"], QToolButton[role="quiet"] {{
    background: transparent; border: 1px solid transparent;
}}
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover {{ background: {t.hover}; }}
QPushButton[role="quiet"]:pressed, QToolButton[role="quiet"]:pressed {{ background: {t.border}; }}
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus {{ border-color: {t.accent}; }}

QToolButton[role="quiet"]:checked, QToolButton[role="quiet"][differs="true"] {{
    background: {t.accent_soft}; border-color: {t.accent_soft};
}}
QToolButton[role="quiet"]:checked:focus, QToolButton[role="quiet"][differs="true"]:focus {{
    border-color: {t.accent};
}}

QPushButton[role="link"], QToolButton[role="link"] {{
    background: transparent; border: 1px solid transparent; border-radius: 4px; color: {t.accent};
    padding: 0 4px; min-height: 18px;
}}
QPushButton[role="link"]:hover, QToolButton[role="link"]:hover {{ background: {t.hover}; }}
QPushButton[role="link"]:pressed, QToolButton[role="link"]:pressed {{ background: {t.border}; }}
QPushButton[role="link"]:focus, QToolButton[role="link"]:focus {{ border-color: {t.accent}; }}

QToolButton[role="badge"] {{
    background: {t.raised}; border: 1px solid {t.border}; border-radius: 9px; padding: 0; min-height: 0;
}}
QToolButton[role="badge"]:hover {{ background: {t.hover}; border-color: {t.border_strong}; }}
QToolButton[role="badge"]:focus {{ border-color: {t.accent}; }}

QToolButton[role="small"] {{
    background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 2px; min-height: 0;
}}
QToolButton[role="small"]:hover {{ background: {t.hover}; }}
QToolButton[role="small"]:pressed {{ background: {t.border}; }}
QToolButton[role="small"]:focus {{ border-color: {t.accent}; }}

QPushButton[role="pill"] {{
    background: {t.raised}; color: {t.text}; border: 1px solid {t.border_strong}; border-radius: 15px;
    padding: 3px 14px 3px 10px; min-height: 22px; font-weight: 600;
}}
QPushButton[role="pill"]:hover {{ background: {t.accent_soft}; border-color: {t.accent}; }}
QPushButton[role="pill"]:focus {{ border-color: {t.accent}; }}

QPushButton[role="choice"] {{ padding: 0; border: none; min-height: 0; }}

QPushButton[role="chip"], QToolButton[role="chip"] {{
    background: {t.raised}; border: 1px solid {t.border}; border-radius: 6px; padding: 3px 10px;
}}
QPushButton[role="chip"]:hover, QToolButton[role="chip"]:hover {{ background: {t.hover}; }}
QPushButton[role="chip"]:checked, QToolButton[role="chip"]:checked {{
    background: {t.accent_soft}; color: {t.accent}; border-color: {t.accent};
}}
QPushButton[role="chip"]:focus, QToolButton[role="chip"]:focus {{ border-color: {t.accent}; }}
QPushButton[slim="true"] {{ padding: 1px 8px; min-height: 20px; }}
QPushButton[slim="true"][aimed="true"] {{
    background: {t.accent_soft}; border: 2px solid {t.accent}; padding: 0 7px;
}}
"""

_FIELDS: Final = """
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {{
    background: {t.raised}; color: {t.text}; border: 1px solid {t.border}; border-radius: 6px;
    padding: 4px 8px; selection-background-color: {t.accent}; selection-color: {t.on_accent};
}}
QLineEdit, QAbstractSpinBox, QComboBox {{ min-height: 22px; }}
QLineEdit[slim="true"] {{ padding: 1px 8px; min-height: 20px; }}
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover {{
    border-color: {t.border_strong};
}}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{
    border-color: {t.accent};
}}
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"], QAbstractSpinBox[invalid="true"],
QComboBox[invalid="true"] {{
    border-color: {t.danger};
}}
QLineEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{
    color: {t.muted}; background: {t.panel};
}}
QAbstractSpinBox QLineEdit {{ border: none; padding: 0 8px; min-height: 0; background: transparent; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none; }}
QComboBox QLineEdit {{ border: none; padding: 0; min-height: 0; background: transparent; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url({chevron}); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{
    background: {t.raised}; border: 1px solid {t.border}; padding: 4px; outline: none;
    selection-background-color: {t.accent_soft}; selection-color: {t.text};
}}
QCheckBox, QRadioButton {{ spacing: 8px; color: {t.text}; }}
QCheckBox::indicator {{
    width: 16px; height: 16px; border: 1px solid {t.border_strong}; border-radius: 4px;
    background: {t.raised};
}}
QCheckBox::indicator:hover, QCheckBox:focus::indicator {{ border-color: {t.accent}; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; image: url({check}); }}
QCheckBox::indicator:disabled {{ background: {t.border}; border-color: {t.border}; }}
QRadioButton::indicator {{
    width: 12px; height: 12px; border: 2px solid {t.border_strong}; border-radius: 8px;
    background: {t.raised};
}}
QRadioButton::indicator:checked {{
    background: {t.raised}; border: 5px solid {t.accent}; width: 6px; height: 6px;
}}
QSlider {{ min-height: 20px; }}
QSlider::groove:horizontal {{ background: {t.border}; height: 4px; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {t.border_strong}; height: 4px; border-radius: 2px; }}
QSlider::handle:horizontal {{
    background: {t.raised}; border: 1px solid {t.border_strong}; border-radius: 7px; width: 12px;
    margin: -5px 0;
}}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{
    border: 2px solid {t.accent}; width: 10px;
}}
QProgressBar {{ background: {t.border}; border: none; border-radius: 2px; max-height: 4px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 2px; }}
"""

_LISTS: Final = """
QMenu {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.border_strong}; padding: 4px; }}
QMenu[rounded="true"] {{ border-radius: 8px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.muted}; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: 4px 8px; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu[checks="true"]::item {{ padding-left: 32px; }}
QMenu::indicator {{ width: 14px; height: 14px; left: 10px; }}
QMenu::indicator:checked {{ background: {t.accent}; border-radius: 7px; image: url({check}); }}
QListWidget {{
    background: {t.raised}; border: 1px solid {t.border}; border-radius: 6px; padding: 4px; outline: none;
}}
QListWidget:focus {{ border-color: {t.accent}; }}
QListWidget::item {{ border-radius: 4px; padding: 0 8px; }}
QListWidget::item:hover:enabled {{ background: {t.hover}; }}
QListWidget::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QListWidget::item:disabled {{ color: {t.muted}; }}
QScrollArea, QScrollArea > QWidget > QWidget[role="content"] {{ background: transparent; border: none; }}
QTabWidget::pane {{ border: 1px solid {t.border}; border-radius: 6px; }}
QHeaderView::section {{
    background: {t.panel}; border: none; border-bottom: 1px solid {t.border}; padding: 4px 8px;
}}
"""

_SCROLL_BARS: Final = """
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; border: none; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; border: none; }}
QScrollBar::handle {{ background: {t.border}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
#noticeArea QScrollBar:vertical {{ width: 8px; }}
#noticeArea QScrollBar::handle {{ margin: 1px 1px 1px 2px; border-radius: 2px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:disabled {{ background: transparent; }}
QScrollBar::handle:hover {{ background: {t.border_strong}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; background: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
"""
