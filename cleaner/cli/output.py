"""Bytes in from files and pipes, bytes out to them, and messages to people."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from pathlib import Path

import click

STDIO = "-"
_ADDRESS = re.compile("https?://", re.I)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters of C0 and C1 but tab and newline, and those that turn the direction of writing round."""
_SURROGATES = re.compile("[\ud800-\udfff]")


class Failure(click.ClickException):
    """Ends the program with one line on stderr: input that cannot be read, output that cannot be written, rules that cannot be used."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        message(f"error: {self.message}")


def message(text: str) -> None:
    """One line to people, on stderr."""
    click.echo(f"cleaner: {printable(text)}", err=True)


def printable(text: str) -> str:
    """Text of a page in; out without characters by which it could steer a terminal."""
    return _UNPRINTABLE.sub("", text)


def read_page(name: str) -> bytes:
    """A file name, or ``-`` for standard input, in; all its bytes out. Raises Failure."""
    if name == STDIO:
        return _read_stdin()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        if _ADDRESS.match(name):
            raise Failure(f"{name}: cleaner does not fetch pages; try: curl -sL '{name}' | cleaner --url '{name}'") from None
        raise Failure(f"{page_name(name)}: {_reason(error)}") from None


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise Failure("standard input is closed")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise Failure(f"standard input: {_reason(error)}") from None


def page_name(name: str) -> str:
    """What a page is called in messages."""
    return "standard input" if name == STDIO else name


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a page"
    return (getattr(error, "strerror", None) or str(error)).lower()


def write(text: str, target: str = STDIO, *, styled: bool = False) -> None:
    """Write text as UTF-8, whatever the locale, to standard output or (all of it or nothing) to a file. Raises Failure.

    A terminal gets no control characters, unless the text is ``styled``: printable, with colours of our own.
    """
    if target != STDIO:
        try:
            _replace(Path(os.path.realpath(target)), encoded(text))
        except (OSError, ValueError) as error:
            raise Failure(f"cannot write {target}: {error.strerror if isinstance(error, OSError) else error}") from None
        return
    if sys.stdout is None:
        raise Failure("standard output is closed")
    try:
        sys.stdout.buffer.write(encoded(text if styled or not sys.stdout.isatty() else printable(text)))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_rest()
        raise Failure(f"cannot write to standard output: {_reason(error)}") from None


def encoded(text: str) -> bytes:
    """Text in, valid UTF-8 out: lone surrogates (from a file name, say) become replacement characters."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text).encode()


def discard_rest() -> None:
    """What a full disk did not take must not fail again when the interpreter ends."""
    with contextlib.suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace(path: Path, data: bytes) -> None:
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".cleaner-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """Permissions of the file that is replaced, or those any program gives a new one."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def coloured(target: str = STDIO) -> bool:
    """Whether output may carry colours: on a terminal, unless NO_COLOR (https://no-color.org) is set."""
    if target != STDIO or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout is not None and sys.stdout.isatty()
