"""Word from the system that the network is back, so that nobody has to wait for the next try."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation

logger = logging.getLogger(__name__)

_ONLINE = QNetworkInformation.Reachability.Online


class Network(QObject):
    """Emits `came_back` when the machine reaches the internet again, or reaches it another way.

    Where the system tells nothing about its network, nothing is ever emitted.
    """

    came_back = Signal()

    def watch(self) -> None:
        """Begin to listen, on the thread of the window."""
        if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            logger.info("the system does not tell when the network comes back")
            return
        told = QNetworkInformation.instance()
        told.reachabilityChanged.connect(self.take_reachability)
        told.transportMediumChanged.connect(self._take_medium)

    def take_reachability(self, reachability: QNetworkInformation.Reachability) -> None:
        """The system says how far the machine reaches now."""
        if reachability is _ONLINE:
            self.came_back.emit()

    def _take_medium(self) -> None:
        told = QNetworkInformation.instance()
        if told is not None:
            self.take_reachability(told.reachability())
