"""Which input method writes Chinese, Japanese, Korean.

Desktops with Fcitx set QT_IM_MODULE=fcitx, for which Qt loads a plugin that Fcitx brings along for the Qt of
the distribution. The Qt that comes with PySide6 from PyPI does not have it; then only what the keyboard says
arrives, and nobody is told. Fcitx 5 also answers in the protocol of IBus, and that plugin is part of Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

_CHOICES: Final = "QT_IM_MODULES"
"""Several with ";" between them, of which Qt takes the first that works. It wins over `_CHOICE`."""
_CHOICE: Final = "QT_IM_MODULE"
_FCITX: Final = frozenset({"fcitx", "fcitx5"})
_IBUS: Final = "ibus"


def let_ibus_stand_in(environment: MutableMapping[str, str]) -> None:
    """Where Fcitx is asked for, let Qt take IBus' plugin if it has no working one of Fcitx. Before the
    application is made. Any other choice stays as it is: many names switch input methods off on purpose."""
    chosen = _chosen(environment)
    names = {each.partition(":")[0].casefold() for each in chosen}
    if names & _FCITX and _IBUS not in names:
        environment[_CHOICES] = ";".join((*chosen, _IBUS))


def _chosen(environment: Mapping[str, str]) -> tuple[str, ...]:
    """What Qt would try, in its order."""
    choices = tuple(filter(None, environment.get(_CHOICES, "").split(";")))
    single = environment.get(_CHOICE, "")
    return choices or ((single,) if single else ())
