"""Where the frozen program starts (see gptimg-desktop.spec).

What the bootloader put into the environment for this process alone is taken out again, so that the browsers
and file managers that the program opens do not load libraries or plugins out of its folder.
"""

from __future__ import annotations

import os
import sys

OF_THE_LOADER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
OF_QT = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH")


def give_back_environment() -> None:
    """Leave the environment as the user had it; Qt finds its plugins beside its libraries anyway."""
    for name in OF_THE_LOADER:
        before = os.environ.pop(f"{name}_ORIG", None)
        os.environ.pop(name, None)
        if before is not None:
            os.environ[name] = before
    for name in OF_QT:
        os.environ.pop(name, None)


if __name__ == "__main__":
    give_back_environment()
    from gptimg_desktop.cli import main

    sys.exit(main())
