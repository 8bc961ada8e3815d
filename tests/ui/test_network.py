"""The system's word about the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtNetwork import QNetworkInformation

from gptimg_desktop.ui.desktop.network import Network

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

Reachability = QNetworkInformation.Reachability


def test_only_being_online_is_told(qtbot: QtBot) -> None:
    network = Network()
    told: list[None] = []
    network.came_back.connect(lambda: told.append(None))
    for reachability in (Reachability.Disconnected, Reachability.Local, Reachability.Unknown):
        network.take_reachability(reachability)
    assert told == []
    network.take_reachability(Reachability.Online)
    assert len(told) == 1


def test_a_system_that_tells_nothing_is_borne(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QNetworkInformation, "loadBackendByFeatures", lambda *_: False)
    network = Network()
    network.watch()


def test_what_the_system_tells_arrives(qtbot: QtBot) -> None:
    network = Network()
    network.watch()
    if not QNetworkInformation.loadDefaultBackend():
        return  # this system tells nothing
    told = QNetworkInformation.instance()
    with qtbot.waitSignal(network.came_back, timeout=1000):
        told.reachabilityChanged.emit(Reachability.Online)
