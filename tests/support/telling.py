"""Picture files that tell more than their pictures: camera, place, thumbnail, comments, a second picture
behind the end. Everything that tells something says CANARY, in plain bytes or compressed ones."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any, Final

from PIL import Image

CANARY: Final = b"CANARY"
RED, GREEN, BLUE, WHITE = (250, 10, 10), (10, 250, 10), (10, 10, 250), (250, 250, 250)
UPRIGHT: Final = "RGBW"
HELD: Final = dict(enumerate(["RGBW", "GRWB", "BWRG", "WBGR", "RWBG", "WRGB", "BGRW", "GBWR"], 1))
"""The corners of a picture whose pixels are RGBW, once it is turned as each orientation says."""
_XMP: Final = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    b'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="CANARY"/></rdf:RDF></x:xmpmeta>'
)


def four_corners(width: int = 96, height: int = 64) -> Image.Image:
    """Red and green above, white and blue below: R G B W, clockwise."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (width // 2, height // 2, width, height))
    picture.paste(WHITE, (0, height // 2, width // 2, height))
    return picture


def corners(picture: Image.Image) -> str:
    """The colours of the four corners, clockwise from the top left, to who knows no orientations."""
    shown = picture.convert("RGB")
    right, bottom = shown.width - 5, shown.height - 5
    points = [(4, 4), (right, 4), (right, bottom), (4, bottom)]
    return "".join(_name(shown.getpixel(point)) for point in points)


def _name(found: Any) -> str:
    names = {RED: "R", GREEN: "G", BLUE: "B", WHITE: "W"}
    apart = {
        max(abs(a - b) for a, b in zip(colour, found, strict=True)): name for colour, name in names.items()
    }
    return apart[min(apart)] if min(apart) < 40 else "?"


def saved(picture: Image.Image, image_format: str, **more: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, image_format, **more)
    return file.getvalue()


def camera_data(orientation: int = 1) -> bytes:
    """What a camera writes into TIFF fields: maker, time, orientation, place, and a picture of its own."""
    thumbnail = saved(four_corners(16, 16), "JPEG", comment=CANARY)
    place = _fields(
        [(1, 2, b"N\0"), (2, 5, struct.pack("<6I", 48, 1, 51, 1, 24, 1)), (29, 2, b"2026:11:22\0")], at=400
    )
    first = _fields(
        [
            (0x010F, 2, b"CANARY WORKS\0"),
            (0x0110, 2, b"CANARY 1\0"),
            (0x0112, 3, struct.pack("<H", orientation)),
            (0x0132, 2, b"2026:11:22 10:11:12\0"),
            (0x8825, 4, struct.pack("<I", 400)),
        ],
        at=8,
        then=600,
    )
    second = _fields(
        [
            (0x0103, 3, struct.pack("<H", 6)),
            (0x0201, 4, struct.pack("<I", 700)),
            (0x0202, 4, struct.pack("<I", len(thumbnail))),
        ],
        at=600,
    )
    whole = b"II*\0\x08\0\0\0" + first
    whole = whole.ljust(400, b"\0") + place
    whole = whole.ljust(600, b"\0") + second
    return whole.ljust(700, b"\0") + thumbnail


def _fields(fields: list[tuple[int, int, bytes]], *, at: int, then: int = 0) -> bytes:
    """One directory of TIFF fields that stands at a place, with its values behind it."""
    sizes = {2: 1, 3: 2, 4: 4, 5: 8}
    behind = at + 2 + 12 * len(fields) + 4
    entries, values = b"", b""
    for tag, kind, value in fields:
        inline = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", behind + len(values))
        entries += struct.pack("<HHI", tag, kind, len(value) // sizes[kind]) + inline
        values += value if len(value) > 4 else b""
    return struct.pack("<H", len(fields)) + entries + struct.pack("<I", then) + values


def telling(
    image_format: str, orientation: int = 1, picture: Image.Image | None = None, **more: Any
) -> bytes:
    """A "png", "jpeg" or "webp" file with everything beside its picture that there is."""
    made = saved(picture or four_corners(), image_format.upper(), quality=95, **more)
    return {"png": telling_png, "jpeg": telling_jpeg, "webp": telling_webp}[image_format](made, orientation)


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def telling_jpeg(plain: bytes, orientation: int = 1) -> bytes:
    """A JPEG; behind its end stands the second picture that its head promises."""
    beside = (
        segment(0xE0, b"JFXX\0\x10" + saved(four_corners(8, 8), "JPEG", comment=CANARY))
        + segment(0xE1, b"Exif\0\0" + camera_data(orientation))
        + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _XMP)
        + segment(0xE2, b"MPF\0II*\0\x08\0\0\0\0\0" + CANARY)
        + segment(0xEB, b"JP\0\1CANARY")
        + segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0b\x1c\x02\x05\0\x06CANARY")
        + segment(0xFE, CANARY)
    )
    first = 20 if plain[6:10] == b"JFIF" else 2
    return plain[:first] + beside + plain[first:] + saved(four_corners(16, 16), "JPEG", comment=CANARY)


def chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def telling_png(plain: bytes, orientation: int = 1) -> bytes:
    """A PNG with texts of all kinds, some of them behind its pixels."""
    before = (
        chunk(b"pHYs", struct.pack(">IIB", 3000, 3000, 1))
        + chunk(b"tIME", struct.pack(">HBBBBB", 2026, 11, 22, 10, 11, 12))
        + chunk(b"tEXt", b"Author\0CANARY")
        + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"CANARY" * 50))
        + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _XMP)
        + chunk(b"caBX", b"CANARY")
    )
    after = chunk(b"eXIf", camera_data(orientation)) + chunk(b"tEXt", b"Software\0CANARY")
    end = plain.rindex(b"IEND") - 4
    return plain[:33] + before + plain[33:end] + after + plain[end:] + CANARY


def riff(name: bytes, data: bytes) -> bytes:
    return struct.pack("<4sI", name, len(data)) + data + b"\0" * (len(data) % 2)


def telling_webp(plain: bytes, orientation: int = 1) -> bytes:
    """A WebP with an extended head, EXIF, XMP and a chunk that nobody knows."""
    if plain[12:16] == b"VP8X":
        extended, rest = plain[20:30], plain[30:]
    else:
        width, height = Image.open(io.BytesIO(plain)).size
        extended = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        rest = plain[12:]
    flags = bytes((extended[0] | 0x0C,)) + extended[1:]
    body = (
        riff(b"VP8X", flags)
        + rest
        + riff(b"EXIF", camera_data(orientation))
        + riff(b"XMP ", _XMP)
        + riff(b"what", CANARY + b"!")
    )
    return struct.pack("<4sI4s", b"RIFF", 4 + len(body), b"WEBP") + body + CANARY
