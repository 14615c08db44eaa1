"""The command line; it imports the program, never the other way round."""

from __future__ import annotations


def main() -> None:
    """What the console script ``cleaner`` runs: reads ``sys.argv`` and ends the process."""
    try:
        from .program import run
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    run()
