"""``cleaner`` itself: finds the command that is meant, and turns whatever happens into an exit code."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import click

from .batch import batch
from .cleaning import clean
from .explain import explain
from .inspect import inspect
from .learn import learn
from .output import Failure, discard_rest, message
from .rules import rules

INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""
FAULT = 70
"""EX_SOFTWARE of sysexits.h: this program is at fault, not the page, so it must not look like "nothing worth keeping" (1)."""


class Program(click.Group):
    """A group whose command may be left out: arguments that do not begin with a command's name go to ``default``."""

    def __init__(self, default: click.Command, commands: Sequence[click.Command]) -> None:
        super().__init__("cleaner", {command.name or "": command for command in commands})
        self.default = default

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any) -> click.Context:
        if args and args[0] in self.commands:
            return super().make_context(info_name, args, parent, **extra)
        return self.default.make_context(info_name, args, parent, obj=self.commands, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> Any:  # type: ignore[override]
        """As ``click.Command.main`` in standalone mode, except that commands return their exit codes. Always raises SystemExit."""
        try:
            code = super().main(args, prog_name or "cleaner", **{**extra, "standalone_mode": False})
        except (click.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except Exception as error:
            code = _failed(error)
        sys.exit(code)


def _failed(error: Exception) -> int:
    """What no command foresaw: output that cannot be written (an OSError of an open stream names no file), or a fault."""
    if isinstance(error, OSError) and error.filename is None:
        discard_rest()
        message(f"error: {error.strerror or error}")
        return Failure.exit_code
    traceback.print_exc()
    message("this is a fault of the program; please report it together with the lines above")
    return FAULT


program = Program(clean, [batch, explain, inspect, learn, rules])


def run() -> None:
    """The whole process. A reader that closes its pipe ends it at once and quietly, as it does every filter."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    program.main()
