"""The reference for new thumbnails: Pillow on two threads, and nothing else.

Usage: python -m tests.bench.bare_thumbnails DATA_DIR  (the library names the files)
"""

from __future__ import annotations

import io
import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from tests.bench.child import tell

THREADS = 2
BOX = 384


def made(path: str) -> int:
    """The bytes of a thumbnail of a file."""
    with Image.open(path) as image:
        image.draft("RGB", (BOX, BOX))
        image.thumbnail((BOX, BOX), Image.Resampling.LANCZOS, reducing_gap=2.0)
        file = io.BytesIO()
        image.convert("RGB").save(file, "JPEG", quality=85)
    return len(file.getvalue())


def main(data_dir: Path) -> None:
    with sqlite3.connect(data_dir / "library.sqlite3") as library:
        paths = [path for (path,) in library.execute("SELECT path FROM image WHERE saved")]
    with ThreadPoolExecutor(THREADS) as threads:
        began = time.perf_counter()
        sizes = list(threads.map(made, paths))
        took = time.perf_counter() - began
    tell({"wall_s": took, "count": sum(size > 0 for size in sizes)})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
