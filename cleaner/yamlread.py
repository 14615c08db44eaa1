"""YAML in, plain data and the place of every key out. Everything that YAML gets wrong in silence is an error here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .errors import RuleError

Path = tuple[str | int, ...]
Place = tuple[int, int]
_UNQUOTED = re.compile(r"(?:([\w-]+):|[,\[])\s+#[\w-]")
MAX_BYTES = 1_000_000
_MAX_DEPTH = 20
_PLAIN = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool"}


def read_yaml(data: bytes, file: str) -> tuple[Any, dict[Path, Place]]:
    """Bytes of a rule file in; its data and ``{path of keys: (line, column)}`` (1-based) out. Raises RuleError."""
    import yaml

    if len(data) > MAX_BYTES:
        raise too_large(len(data), file)
    loader_class = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = data.decode("utf-8-sig")
        _check_depth(yaml.parse(text, Loader=loader_class), file)
        loader = loader_class(text)
        try:
            node = loader.get_single_node()
            places: dict[Path, Place] = {}
            value = None if node is None else _Reader(loader, file, places).value(node, (), 0)
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        raise RuleError("not UTF-8", file=file, line=data.count(b"\n", 0, error.start) + 1, hint="save the file as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        line, key, hint = _mend(text, line)
        raise RuleError(f"not YAML: {error.problem or error.context}", file=file, line=line, column=column, key=key, hint=hint) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise RuleError(
            f"not YAML: {str(error).splitlines()[0]}", file=file, line=1, hint="see docs/rules.md for the form of a rule file"
        ) from None
    if value is None:
        raise RuleError("the file is empty", file=file, line=1, hint="write at least `detect:` and `drop:`, or delete it")
    if not isinstance(value, dict):
        raise RuleError("a rule file is a mapping of keys", file=file, line=1, hint="see docs/rules.md for the keys")
    return value, places


def too_large(size: int, file: str) -> RuleError:
    """What is said of a rule file of too many bytes."""
    message = f"the file has {size:,} bytes; a rule file holds {MAX_BYTES:,} at most"
    return RuleError(message, file=file, line=1, hint="split it: one file a site, theme or source")


def _check_depth(events: Iterable[Any], file: str) -> None:
    """Composing nested nodes is recursion in C, and deep nesting there kills the process; reading events is not."""
    depth = 0
    for event in events:
        name = type(event).__name__
        depth += name.endswith(("MappingStartEvent", "SequenceStartEvent")) - name.endswith(("MappingEndEvent", "SequenceEndEvent"))
        if depth > _MAX_DEPTH:
            mark = event.start_mark
            raise RuleError(
                "nested too deeply", file=file, line=mark.line + 1, column=mark.column + 1, hint="a rule file needs no more than six levels"
            )


def _mend(text: str, line: int) -> tuple[int, str, str]:
    """The line at fault (an unquoted # makes the parser stumble later), its key where one can be named, and the mend."""
    for number, source in enumerate(text.splitlines()[:line], 1):
        if found := _UNQUOTED.search(source):
            return number, found[1] or "", "quote the selector: an unquoted # starts a comment"
    source = "".join(text.splitlines()[line - 1 : line])
    return line, "", "quote selectors and texts: css: '...'" if any(sign in source for sign in "#*[]&!@%`:") else "check the indentation"


class _Reader:
    """Turns YAML nodes into data, keeping places and refusing what rule files have no use for."""

    def __init__(self, loader: Any, file: str, places: dict[Path, Place]) -> None:
        self.loader, self.file, self.places = loader, file, places
        self.seen: set[int] = set()

    def value(self, node: Any, path: Path, depth: int, key: Any = None) -> Any:
        """``key``: the node of the key that holds the value; an alias itself has no place, only its anchor has."""
        mark = node.start_mark
        self.places[path] = (mark.line + 1, mark.column + 1)
        if id(node) in self.seen:
            hint = "quote it if it is a selector; write the value out otherwise"
            raise self._error("an alias (*name) repeats an anchor", key or node, path, hint)
        self.seen.add(id(node))
        if node.id == "mapping":
            return self._mapping(node, path, depth)
        if node.id == "sequence":
            return [self.value(item, (*path, at), depth + 1, key) for at, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: Any, path: Path, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if key_node.id == "scalar" else None
            if not isinstance(key, str):
                raise self._error("a key must be a word", key_node, path, "quote it")
            if key in result:
                first = self.places[(*path, key)][0]
                raise self._error(f"the key `{key}` stands twice (first in line {first})", key_node, (*path, key), "join the two")
            result[key] = self.value(value_node, (*path, key), depth + 1, key_node)
            self.places[(*path, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        return result

    def _scalar(self, node: Any, path: Path) -> Any:
        if node.tag == "tag:yaml.org,2002:null":
            raise self._error("no value", node, path, "quote it: an unquoted # starts a comment")
        if node.tag == "tag:yaml.org,2002:timestamp":
            return node.value
        if node.tag not in _PLAIN:
            raise self._error(f"the YAML tag {node.tag.rpartition(':')[2]!r} is not allowed", node, path, "quote it")
        try:
            return self.loader.construct_object(node)
        except ValueError:
            raise self._error("a number too large to read", node, path, "quote it if it is text") from None

    def _error(self, message: str, node: Any, path: Path, hint: str) -> RuleError:
        mark = node.start_mark
        return RuleError(message, file=self.file, line=mark.line + 1, column=mark.column + 1, key=dotted(path), hint=hint)


def dotted(path: Path) -> str:
    """("drop", 2, "css") -> "drop[2].css"."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text
