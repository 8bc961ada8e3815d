"""The command line. Exit codes: 0 fine, 1 failed, 2 wrong arguments."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gptimg_desktop import __version__
from gptimg_desktop.core.connection import clean_base_url
from gptimg_desktop.core.errors import BadInputError
from gptimg_desktop.options import BadOptionError, Options, from_environment

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        options = _options(parsed)
    except BadOptionError as error:
        print(f"gptimg-desktop: {error}", file=sys.stderr)  # noqa: T201 - the terminal is the place for it
        return 2
    if parsed.self_test:
        from gptimg_desktop.self_test import run_self_test  # noqa: PLC0415 - brings Qt's test library

        return run_self_test()
    from gptimg_desktop.start import run  # noqa: PLC0415 - brings Qt, which --version does without

    return run(options)


def _options(parsed: argparse.Namespace) -> Options:
    options = from_environment(os.environ)
    data_dir = parsed.data_dir or os.environ.get("GPTIMG_DATA_DIR", "").strip()
    if parsed.base_url is not None:
        try:
            options = replace(options, base_url=clean_base_url(parsed.base_url))
        except BadInputError:
            raise BadOptionError(
                f"--base-url takes an https address, or http to 127.0.0.1, not {parsed.base_url!r}"
            ) from None
    return replace(
        options,
        data_dir=Path(data_dir) if data_dir else None,
        practice=parsed.practice,
        files=tuple(Path(file).absolute() for file in parsed.files),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gptimg-desktop",
        description="Make images with the gpt-image-2 API, or practise offline for free.",
        epilog="The API key comes from GPTIMG_API_KEY or is typed into the window.",
    )
    parser.add_argument("--practice", action="store_true", help="use the built-in practice service")
    parser.add_argument("--data-dir", metavar="DIR", help="keep library and pictures in DIR")
    parser.add_argument("--base-url", metavar="URL", help="address of the API")
    parser.add_argument("--self-test", action="store_true", help="check this installation and exit")
    parser.add_argument("--version", action="version", version=f"gptimg-desktop {__version__}")
    parser.add_argument("files", nargs="*", metavar="FILE", help="pictures to start with as references")
    return parser
