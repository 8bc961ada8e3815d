"""The one gate for foreign image bytes: Pillow, in two worker threads, a few formats (see `readers`), bounded
pixels, and somebody beside whoever decodes."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import io
import os
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from gptimg_desktop.core.bitmap import Bitmap
from gptimg_desktop.core.sizes import PixelSize
from gptimg_desktop.services.library.imaging.colours import in_8_bits
from gptimg_desktop.services.library.imaging.decode_watch import (
    LIMIT_S,
    DecodeWatch,
    SetAsideError,
    TooSlowError,
)
from gptimg_desktop.services.library.imaging.formats import HEAD_BYTES, recognise, sniff
from gptimg_desktop.services.library.imaging.readers import (
    STUMBLES,
    NoPictureError,
    UndecodedError,
    UnreadableImageError,
    headed,
    load,
    opened,
    reading,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TypeVar

    from PIL.ImageFile import ImageFile

    T = TypeVar("T")

CLOSE_S: Final = 2.0
"""How long the end waits for pictures that are in hand."""
NICENESS: Final = 10
"""How far decoding steps back: two threads of it side by side would otherwise hold up the window."""
_ORIENTATION: Final = 0x0112
TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What an image file's head says: `format` is "png", "jpeg" or "webp"."""

    format: str
    pixels: PixelSize


def inspect(source: Path | bytes) -> Inspection:
    """Format and pixel size, read from the head alone; UnreadableImageError where there is none."""
    found = _format(source)
    with headed(source, found) as image:
        return Inspection(format=found, pixels=PixelSize(*image.size))


def decode(source: Path | bytes, box: int, *, is_users: bool = False) -> Bitmap:
    """The picture, upright, shrunk to fit a square of `box` pixels; UnreadableImageError where it is none,
    UndecodedError where that cannot be told.

    Reads every byte that the format needs, so a damaged file is found out. What is the user's own may be of
    any format that can be read here.
    """
    return watched(source, partial(_decode, source, box, is_users=is_users))


def watched(source: Path | bytes, work: Callable[[], T]) -> T:
    """The result of decoding a picture, with somebody beside it; UndecodedError where it was given up."""
    watch = _WATCH.get()
    with giving_up():
        return work() if watch is None else watch.run(source, work)


@contextlib.contextmanager
def giving_up() -> Iterator[None]:
    """Around whatever handles pixels: what there is no time or memory for is an UndecodedError."""
    try:
        yield
    except SetAsideError:
        raise UndecodedError("it ended the program before", is_set_aside=True) from None
    except (TooSlowError, MemoryError, RecursionError) as error:
        raise UndecodedError(type(error).__name__) from error


def _decode(source: Path | bytes, box: int, *, is_users: bool) -> Bitmap:
    with opened(source, _format(source, is_users=is_users)) as image, reading():
        image.draft("RGB", (box, box))
        load(image)  # before anything may pass over damage, such as looking for the orientation
        return bitmap(in_8_bits(image), box, orientation(image))


def bitmap(image: Image.Image, box: int, turn: int = 1) -> Bitmap:
    """The pixels, turned upright, shrunk to fit a square of `box` pixels; `image` may be used up by it."""
    image.thumbnail((box, box), Image.Resampling.LANCZOS, reducing_gap=2.0)
    shown = turned(image, turn).convert("RGBA")
    return Bitmap(width=shown.width, height=shown.height, rgba=shown.tobytes())


def encode(bitmap: Bitmap) -> bytes:
    """A bitmap as a small file for a cache: JPEG, or PNG where anything shines through."""
    image = Image.frombytes("RGBA", (bitmap.width, bitmap.height), bitmap.rgba)
    file = io.BytesIO()
    shown = _without_idle_alpha(image)
    if shown.mode == "RGB":
        shown.save(file, "JPEG", quality=85)
    else:
        shown.save(file, "PNG")
    return file.getvalue()


def encode_png(bitmap: Bitmap) -> bytes:
    """A bitmap as PNG, pixel for pixel; without an alpha channel where nothing shines through."""
    image = Image.frombytes("RGBA", (bitmap.width, bitmap.height), bitmap.rgba)
    file = io.BytesIO()
    _without_idle_alpha(image).save(file, "PNG")
    return file.getvalue()


_WATCH: Final[contextvars.ContextVar[DecodeWatch | None]] = contextvars.ContextVar("watch", default=None)
"""Who stands beside the decoder in this thread."""


class Imaging:
    """Runs what decodes pictures off the calling thread, two at a time, behind whoever draws the window.

    `marks` is the folder that remembers what the program died over, None for none; `limit_s` is how long one
    picture may be in the decoder's hands.
    """

    def __init__(self, marks: Path | None = None, *, limit_s: float = LIMIT_S) -> None:
        self._watch = DecodeWatch(marks, limit_s=limit_s)
        self._in_hand: set[Future[Any]] = set()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="imaging", initializer=self._settle_in)

    async def run(self, work: Callable[[], T]) -> T:
        under_way = self._threads.submit(work)
        self._in_hand.add(under_way)
        under_way.add_done_callback(self._in_hand.discard)
        return await asyncio.wrap_future(under_way)

    def close(self) -> None:
        """Begin nothing more; what is in hand has a moment to end, and nobody waits for it after that."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        wait([work for work in tuple(self._in_hand) if work.running()], timeout=CLOSE_S)

    def _settle_in(self) -> None:
        """What each thread does first; those that it starts step back with it."""
        _step_back()
        _WATCH.set(self._watch)


def _step_back() -> None:
    """Let this thread have what processor time others leave, where a thread has a priority of its own."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _without_idle_alpha(image: Image.Image) -> Image.Image:
    """An RGBA picture as RGB where every pixel is opaque."""
    return image.convert("RGB") if image.getchannel("A").getextrema()[0] == 255 else image


def orientation(image: ImageFile) -> int:
    """How the camera was held; 1 (upright) where the picture does not say so in a way that can be read."""
    try:
        with reading(*STUMBLES):
            return int(image.getexif().get(_ORIENTATION, 1))
    except UnreadableImageError:
        return 1


def turned(image: Image.Image, orientation: int) -> Image.Image:
    turn = TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def _format(source: Path | bytes, *, is_users: bool = False) -> str:
    head = source[:HEAD_BYTES] if isinstance(source, bytes) else _head(source)
    found = recognise(head) if is_users else sniff(head)
    if found is None:
        raise NoPictureError("no known format")
    return found


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)
