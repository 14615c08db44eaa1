"""What can be wrong with input that is not a page: rules and options."""

from __future__ import annotations


class RuleError(ValueError):
    """A rule file that cannot be used. ``str()`` gives ``file:line:column: key: message (hint)``."""

    def __init__(self, message: str, *, file: str = "", line: int = 0, column: int = 0, key: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message, self.file, self.line, self.column, self.key, self.hint = message, file, line, column, key, hint

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        parts = [part for part in (place, self.key, self.message) if part]
        return ": ".join(parts) + (f" ({self.hint})" if self.hint else "")

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.message, self.file, self.line, self.column, self.key, self.hint)


def _rebuild(message: str, file: str, line: int, column: int, key: str, hint: str) -> RuleError:
    return RuleError(message, file=file, line=line, column=column, key=key, hint=hint)
