"""The key that must be seen by the API alone, and the search for it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.torture.service import Service

KEY: Final = "canary.4f1d90c27be8a35566aa.key"
"""Unlike a key that the log would know and blot out, so that luck hides nothing."""
FORMS: Final = (
    KEY.encode(),
    base64.b64encode(KEY.encode())[:-4],
    KEY.encode("utf-16-le"),
    KEY[::-1].encode(),
)


def traces(folder: Path) -> Iterator[str]:
    """Each file below a folder that holds the key in any form."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and _bears_key(path.read_bytes()):
            yield f"the key is in {path.relative_to(folder)}"


def leaks(service: Service) -> Iterator[str]:
    """Each host but the API that was sent the key."""
    hosts = {"the host of the pictures": service.files, "the host of a redirect": service.elsewhere}
    for name, host in hosts.items():
        if _bears_key(bytes(host.heard)):
            yield f"the key was sent to {name}"
    for request in service.api.requests:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            yield f"a request to the API came without the key: {request.path}"


def _bears_key(content: bytes) -> bool:
    return any(form in content for form in FORMS)
