"""The counts of sites in a SQLite file: they grow as pages stream by, from several processes at once, and outlive all of them.

A page is counted in one transaction, so a process that is killed has counted it or has not, and counting it again changes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import pack, unpack

from .counts import EVERY_PAGE, Count, Counts, estimate, merged, occurrences
from .prints import VERSION, Prints

_APPLICATION = 0x636C6E72
""""clnr": what SQLite's header says the file is for."""
_PATIENCE = 60.0
"""Seconds to wait for other processes to finish writing."""
_TABLES = """
CREATE TABLE sites (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE prints (site INTEGER NOT NULL, key INTEGER NOT NULL, pages BLOB NOT NULL, first INTEGER NOT NULL, kind TEXT NOT NULL,
                     PRIMARY KEY (site, key)) WITHOUT ROWID;
"""


class Unusable(Exception):
    """A file that holds no counts, or those of another version; ``str()`` says which."""


class SiteMemory:
    """Counts in the file ``path``, which is made where there is none. Raises Unusable.

    One object belongs to one thread; others, here and in other processes, may have the same file open.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            self._base = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
            self._open()
        except sqlite3.Error as error:
            raise Unusable(f"{path}: cannot be used as a site memory: {error}") from None
        self._sites: dict[str, int] = {}

    def _open(self) -> None:
        with self._writing():
            (application,), (version,) = (self._base.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version"))
            if not self._base.execute("SELECT 1 FROM sqlite_master").fetchone():
                for statement in _TABLES.split(";"):
                    self._base.execute(statement)
                self._base.execute(f"PRAGMA application_id = {_APPLICATION}")
                self._base.execute(f"PRAGMA user_version = {VERSION}")
            elif application != _APPLICATION:
                raise Unusable(f"{self.path}: is a database, but not a site memory")
            elif version != VERSION:
                raise Unusable(f"{self.path}: its fingerprints are of version {version}, these of version {VERSION}; begin a new one")
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = NORMAL")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def add(self, prints: Prints) -> None:
        """Count a page; one that was counted already changes nothing. Pages of no site are not counted."""
        if prints.site:
            self.merge_site(prints.site, {key: Count([prints.page], first, kind) for key, (first, kind) in occurrences(prints).items()})

    def merge(self, counts: Counts) -> None:
        """Take in the counts of other pages, or of the same."""
        for site, own in counts.sites.items():
            self.merge_site(site, own)

    def merge_site(self, site: str, counts: dict[int, Count]) -> None:
        """The same for one site."""
        with self._writing():
            number = self._number(site, new=True)
            old = self._rows(number, counts)
            changed = []
            for key, count in counts.items():
                new = merged(old[key], count) if key in old else count
                if new != old.get(key):
                    changed.append((number, key, pack(f"<{len(new.pages)}q", *new.pages), new.first, new.kind))
            self._base.executemany("INSERT OR REPLACE INTO prints VALUES (?, ?, ?, ?, ?)", changed)

    def pages(self, site: str, keys: Iterable[int]) -> dict[int, list[int]]:
        """For those of some fingerprints of a site that were seen, the hashes of the pages that have them."""
        number = self._number(site)
        return {} if number is None else {key: count.pages for key, count in self._rows(number, [*keys, EVERY_PAGE]).items()}

    def counts(self, site: str) -> Counts:
        """All counts of one site."""
        number = self._number(site)
        rows = self._base.execute("SELECT key, pages, first, kind FROM prints WHERE site = ?", (number,))
        return Counts({site: {key: _count(*row) for key, *row in rows}} if number is not None else {})

    def sites(self) -> dict[str, int]:
        """How many pages of each site were counted, in order of name."""
        query = "SELECT name, pages FROM sites JOIN prints ON site = id WHERE key = ? ORDER BY name"
        return {name: estimate(_hashes(pages)) for name, pages in self._base.execute(query, (EVERY_PAGE,))}

    def close(self) -> None:
        """Give the file back."""
        self._base.close()

    def _number(self, site: str, *, new: bool = False) -> int | None:
        known = self._sites.get(site)
        if known is None:
            if new:
                self._base.execute("INSERT OR IGNORE INTO sites (name) VALUES (?)", (site,))
            row = self._base.execute("SELECT id FROM sites WHERE name = ?", (site,)).fetchone()
            known = int(row[0]) if row else None
            if known is not None and not new:
                # A new one is sure only when its transaction is through.
                self._sites[site] = known
        return known

    def _rows(self, number: int | None, keys: Iterable[int]) -> dict[int, Count]:
        query = "SELECT key, pages, first, kind FROM prints WHERE site = ? AND key IN (SELECT value FROM json_each(?))"
        return {key: _count(*row) for key, *row in self._base.execute(query, (number, json.dumps(list(keys))))}


def _count(pages: bytes, first: int, kind: str) -> Count:
    return Count(_hashes(pages), first, kind)


def _hashes(pages: bytes) -> list[int]:
    return list(unpack(f"<{len(pages) // 8}q", pages))
