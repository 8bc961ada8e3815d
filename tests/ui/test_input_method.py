"""Where the desktop's input method has no plugin in this Qt, another one that reaches it is tried."""

from __future__ import annotations

import os

import pytest

from gptimg_desktop import start
from gptimg_desktop.options import Options
from gptimg_desktop.ui.desktop.input_method import let_ibus_stand_in


@pytest.mark.parametrize(
    ("environment", "tried"),
    [
        ({"QT_IM_MODULE": "fcitx"}, "fcitx;ibus"),
        ({"QT_IM_MODULE": "fcitx5"}, "fcitx5;ibus"),
        ({"QT_IM_MODULE": "Fcitx"}, "Fcitx;ibus"),
        ({"QT_IM_MODULES": "wayland;fcitx", "QT_IM_MODULE": "ibus"}, "wayland;fcitx;ibus"),
        ({"QT_IM_MODULES": ";", "QT_IM_MODULE": "fcitx"}, "fcitx;ibus"),
    ],
)
def test_ibus_is_tried_where_fcitx_is_asked_for(environment: dict[str, str], tried: str) -> None:
    let_ibus_stand_in(environment)
    assert environment["QT_IM_MODULES"] == tried


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"QT_IM_MODULE": ""},
        {"QT_IM_MODULE": "ibus"},
        {"QT_IM_MODULE": "xim"},
        {"QT_IM_MODULE": "none"},
        {"QT_IM_MODULES": "wayland;fcitx;ibus", "QT_IM_MODULE": "fcitx"},
        {"QT_IM_MODULES": "ibus;fcitx"},
        {"QT_IM_MODULES": "compose", "QT_IM_MODULE": "fcitx"},
    ],
)
def test_every_other_choice_stays_as_it_is(environment: dict[str, str]) -> None:
    before = dict(environment)
    let_ibus_stand_in(environment)
    assert environment == before


class ApplicationError(Exception):
    """The start has come to where the application is made."""


def no_application(_: object) -> None:
    raise ApplicationError


def test_it_is_settled_before_the_application_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_IM_MODULE", "fcitx")
    monkeypatch.setenv("QT_IM_MODULES", "")
    monkeypatch.setattr(start, "Application", no_application)
    with pytest.raises(ApplicationError):
        start.run(Options())
    assert os.environ["QT_IM_MODULES"] == "fcitx;ibus"
