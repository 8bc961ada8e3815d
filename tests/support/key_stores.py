"""A backend of keyring that keeps its keys in memory, and can be locked and made to fail."""

from __future__ import annotations

import threading

from keyring.backend import KeyringBackend

PLACE = "Test keyring"
PATIENCE_S = 20.0


class MemoryBackend(KeyringBackend):
    """`opened` is set while nobody has to type a password; `asked` counts the questions that came."""

    priority = 0.1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], list[str]] = {}
        self.fails_with: Exception | None = None
        self.refuses_removal: Exception | None = None
        self.forgets = False
        self.clings = False
        self.asked = 0
        self.opened = threading.Event()
        self.opened.set()

    def get_password(self, service: str, username: str) -> str | None:
        self._come_in()
        return next(iter(self.kept.get((service, username), ())), None)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._come_in()
        if not self.forgets:
            self.kept[service, username] = [password]

    def delete_password(self, service: str, username: str) -> None:
        self._come_in()
        if self.refuses_removal is not None:
            raise self.refuses_removal
        if not self.clings:
            self.kept[service, username].pop(0)

    def _come_in(self) -> None:
        self.asked += 1
        assert self.opened.wait(PATIENCE_S), "nobody opened the store"
        if self.fails_with is not None:
            raise self.fails_with
