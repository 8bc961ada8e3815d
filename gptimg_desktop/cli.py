"""The command line. Exit codes: 0 fine, 1 failed, 2 wrong arguments."""

from __future__ import annotations

import argparse
import contextlib
import errno
import gc
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from gptimg_desktop import __version__
from gptimg_desktop.core.connection import clean_base_url
from gptimg_desktop.core.errors import BadInputError
from gptimg_desktop.options import BadOptionError, Options, from_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gptimg_desktop.services.practice.http_server import PracticeServer

PRACTICE_SERVER: Final = "practice-server"
PRACTICE_PORT: Final = 8765

_SPEED: Final = "GPTIMG_PRACTICE_SPEED"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == [PRACTICE_SERVER]:
        return _practice_server(given[1:])
    parsed = _parser().parse_args(given)
    try:
        options = _options(parsed)
    except BadOptionError as error:
        return _complain(error, 2)
    if parsed.self_test:
        from gptimg_desktop.self_test import run_self_test  # noqa: PLC0415 - brings Qt's test library

        return run_self_test()
    gc.disable()  # a start makes hardly any garbage; `run` lets it be looked for once all is there
    try:
        from gptimg_desktop.start import run  # noqa: PLC0415 - brings Qt, which --version does without

        return run(options)
    finally:
        gc.enable()


def _complain(problem: object, exit_code: int) -> int:
    print(f"gptimg-desktop: {problem}", file=sys.stderr)  # noqa: T201 - the terminal is the place for it
    return exit_code


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
        epilog="The API key comes from GPTIMG_API_KEY or is typed into the window. "
        f"'gptimg-desktop {PRACTICE_SERVER}' serves the practice service to other clients; see its --help.",
    )
    parser.add_argument("--practice", action="store_true", help="use the built-in practice service")
    parser.add_argument("--data-dir", metavar="DIR", help="keep library and pictures in DIR")
    parser.add_argument("--base-url", metavar="URL", help="address of the API")
    parser.add_argument("--self-test", action="store_true", help="check this installation and exit")
    parser.add_argument("--version", action="version", version=f"gptimg-desktop {__version__}")
    parser.add_argument("files", nargs="*", metavar="FILE", help="pictures to start with as references")
    return parser


# The practice server


def _practice_server(arguments: Sequence[str]) -> int:
    """Serve until Ctrl-C or SIGTERM. The only line on the standard output is the address."""
    parsed = _practice_server_parser().parse_args(arguments)
    try:
        speed = _speed(parsed.speed)
    except BadOptionError as error:
        return _complain(error, 2)
    ended: SimpleQueue[int] = SimpleQueue()  # unlike an Event it may be filled from a signal's handler
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: ended.put(number))
    from gptimg_desktop.services.practice.http_server import PracticeServer  # noqa: PLC0415 - brings Pillow

    try:
        server = PracticeServer(port=parsed.port, speed=speed)
    except OSError as error:
        return _complain(_port_problem(parsed.port, error), 1)
    with server:
        _announce(server, speed)
        _wait(ended)
    return 0


def _wait(ended: SimpleQueue[int]) -> None:
    """Wait for the end, in short turns: not every system hears of Ctrl-C inside a long one."""
    while True:
        with contextlib.suppress(Empty):
            ended.get(timeout=0.5)
            return


def _announce(server: PracticeServer, speed: float) -> None:
    pace = f"{speed:g} times the real pace" if speed else "no waiting"
    hint = f"Practice server, {pace}, tasks in memory only. Any bearer key will do. Ctrl-C ends it."
    print(hint, file=sys.stderr)  # noqa: T201
    print(server.url, flush=True)  # noqa: T201


def _speed(argument: str | None) -> float:
    """The pace: the argument, else the variable, both checked in the same way."""
    if argument is None:
        return from_environment({_SPEED: os.environ.get(_SPEED, "")}).practice_speed
    try:
        return from_environment({_SPEED: argument.strip() or "none"}).practice_speed
    except BadOptionError:
        raise BadOptionError(f"--speed is not a number from 0 on: {argument!r}") from None


def _port_problem(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken; choose another with --port, or 0 for any that is free"
    return f"port {port} cannot be used: {error.strerror or error}"


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else -1
    if not 0 <= port < 65_536:
        raise argparse.ArgumentTypeError(f"not a number from 0 to 65535: {text[:20]!r}")
    return port


def _practice_server_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"gptimg-desktop {PRACTICE_SERVER}",
        description="Serve the practice service on 127.0.0.1, for trying clients of the gpt-image-2 API.",
        epilog="Prints its address. Tasks, uploads and the balance of $10 are forgotten when it ends.",
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=PRACTICE_PORT,
        metavar="N",
        help=f"port to listen on ({PRACTICE_PORT}); 0 for any that is free",
    )
    parser.add_argument(
        "--speed",
        metavar="F",
        help=f"1 is as fast as the real service, 0 does not wait; else {_SPEED}, else 8",
    )
    return parser
