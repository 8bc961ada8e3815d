"""Faults of the pictures that a user gives as references."""

from __future__ import annotations

from typing import Final

from tests.faults.catalogue import Money, Row


def _row(number: int, fault: str, user_gets: str) -> Row:
    return Row(number=number, fault=fault, user_gets=user_gets, money=Money.NOTHING)


ROWS: Final[tuple[Row, ...]] = (
    _row(112, "a file of 2 GB, or of 100 GB that take no room", "refused by its size, and not read"),
    _row(
        113,
        "a pipe, an endless device, a socket, a folder, links in a circle",
        "told that it is no file; nothing waits for it",
    ),
    _row(
        114,
        "a drawing, page, document, text or raw file that calls itself a PNG",
        "no picture that can be read, and no reader is tried; other pictures are converted, with a note",
    ),
    _row(
        115,
        "a small file that unpacks to hundreds of millions of pixels, or to text without end",
        "refused by what its head says; of text without end nothing is unpacked, and the picture is sent",
    ),
    _row(
        116,
        "a picture that is cut, empty or has a changed bit in it, or is of a kind that is not read",
        "told that it is damaged; a sound one is told to be saved as another kind",
    ),
    _row(
        117,
        "a camera held in any of eight ways, with place, maker, thumbnail and comments in the file",
        "shown and sent upright, and nothing is sent but the picture",
    ),
    _row(
        118,
        "inks, wide gamuts, 16 bits, palettes that shine through, profiles that are broken",
        "sent as sRGB of 8 bits, with a note where anything changed; what shines through stays",
    ),
    _row(119, "an animation", "its first frame is sent, with a note"),
    _row(
        120,
        "a seventeenth picture, or more than a request may weigh",
        "asked which one it replaces; the weight stands there before anything is sent",
    ),
    _row(
        121,
        "an address, a path on another machine, or a page, dropped or pasted",
        "nothing is fetched unasked; an address is offered with its host named",
    ),
    _row(
        122,
        "a file that is changed, locked or removed before or after the press",
        "sent as it is at the press; where it is gone the user is asked before anything is queued",
    ),
    _row(
        123,
        "a name that reads backwards, has lines, 255 bytes, or bytes that are no text",
        "shown without its tricks; its picture is used",
    ),
)
