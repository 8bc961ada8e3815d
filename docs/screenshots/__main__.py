"""Takes the pictures: the arguments, the screen, and one session after the other."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docs.screenshots.posed_service import Clock, PosedServer

if TYPE_CHECKING:
    from docs.screenshots.shots import Session
    from docs.screenshots.studio import Studio

IMAGES: Final = Path(__file__).parents[1] / "images"
BEGIN: Final = 1_794_820_320.0  # 16 November 2026, 9:12 UTC
SCALE: Final = 2
WINDOW: Final = (1440, 920)
FONT, CHINESE_FONT = "Noto Sans", "Noto Sans CJK SC"


def main() -> int:
    """0 where all pictures were taken, 1 where a font is missing."""
    clock = Clock(BEGIN)
    clock.rule()  # before any module takes hold of the time
    with tempfile.TemporaryDirectory() as folder:
        _set_the_screen(Path(folder))
        from docs.screenshots.shots import NAMES  # noqa: PLC0415 - after the clock and the screen

        parsed = _parser(NAMES).parse_args()
        if parsed.list:
            print(*NAMES, sep="\n")  # noqa: T201
            return 0
        parsed.into.mkdir(parents=True, exist_ok=True)
        return _run(clock, Path(folder), parsed.into, frozenset(parsed.names or NAMES))


def _parser(names: tuple[str, ...]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="docs.screenshots", description="Take the pictures of README and guide."
    )
    parser.add_argument("--list", action="store_true", help="print the names of all pictures and exit")
    parser.add_argument("--into", type=Path, default=IMAGES, metavar="FOLDER", help="not docs/images")
    parser.add_argument("names", nargs="*", choices=(*names, []), metavar="NAME", help="only these")
    return parser


def _set_the_screen(folder: Path) -> None:
    """One screen as large as the window, so that all menus open inside of it; and no settings, keys or
    language of whoever runs this."""
    width, height = WINDOW
    screen = {"name": "studio", "x": 0, "y": 0, "width": width * SCALE, "height": height * SCALE}
    plan = folder / "screen.json"
    plan.write_text(json.dumps({"screens": [screen | {"logicalDpi": 96, "dpr": 1}]}), encoding="utf-8")
    for name in [
        name for name in os.environ if name.startswith("GPTIMG_") or name.lower().endswith("_proxy")
    ]:
        del os.environ[name]
    os.environ |= {
        "QT_QPA_PLATFORM": f"offscreen:configfile={plan}",
        "QT_SCALE_FACTOR": str(SCALE),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "LC_ALL": "en_GB.UTF-8",
        "TZ": "UTC",
    }


def _run(clock: Clock, folder: Path, into: Path, wanted: frozenset[str]) -> int:
    import qasync  # noqa: PLC0415 - Qt reads the environment once
    from PySide6.QtGui import QFont, QFontDatabase  # noqa: PLC0415

    from gptimg_desktop.ui.desktop.application import Application  # noqa: PLC0415

    application = Application([sys.argv[0]])
    if missing := {FONT, CHINESE_FONT} - set(QFontDatabase.families()):
        names = ", ".join(sorted(missing))
        print(f"fonts are missing: {names} (Debian: fonts-noto-core, fonts-noto-cjk)", file=sys.stderr)  # noqa: T201
        return 1
    font = QFont([FONT, CHINESE_FONT])
    font.setPointSize(10)
    application.setFont(font)
    application.setCursorFlashTime(0)
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(_take_all(clock, folder, into, wanted))
    return 0


async def _take_all(clock: Clock, folder: Path, into: Path, wanted: frozenset[str]) -> None:
    from docs.screenshots.orders import VARIANTS  # noqa: PLC0415
    from docs.screenshots.shots import SESSIONS  # noqa: PLC0415
    from docs.screenshots.studio import Studio  # noqa: PLC0415

    for session in SESSIONS:
        with PosedServer(clock=clock.now, variants=VARIANTS) as server:
            studio = Studio(folder=folder / "studio", into=into, clock=clock, server=server, size=WINDOW)
            with contextlib.suppress(FileExistsError):
                (folder / "studio").mkdir()
            if wanted & {shot.name for shot in session.shots}:
                await _sit(studio, session, wanted)


async def _sit(studio: Studio, session: Session, wanted: frozenset[str]) -> None:
    """Every scene is played, since one leads to another; only what is wanted is written."""
    async with studio.desk(session.name, practises=session.practises) as sitter:
        await session.fill(sitter, studio)
        await sitter.tidy()
        for shot in session.shots:
            studio.dress(shot.theme)
            await shot.scene(sitter, studio)
            await sitter.settle()
            if shot.name in wanted:
                file = studio.take(sitter, shot.name, is_smooth=shot.is_smooth, practises=session.practises)
                print(f"{file.stat().st_size // 1024:5} KB  {file}", flush=True)  # noqa: T201
            if not shot.stays:
                await sitter.tidy()


if __name__ == "__main__":
    sys.exit(main())
