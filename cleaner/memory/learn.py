"""``cleaner learn`` as code: pages of many sites in, a profile of each site out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from ..model import Page
from .counts import EVERY_PAGE, Counts, estimate
from .prints import fingerprints
from .profile import MIN_PAGES, Profile, profile

if TYPE_CHECKING:
    from ..pipeline import Cleaner

MOST_PAGES = 50
"""Pages of a site that are looked at once more when its profile is made; all are counted."""

Given = tuple[str | bytes, str | None, Literal["text"] | None, str | None]
"""A page, its address, "text" where it is none of HTML, and what the server said of its bytes."""


@dataclass
class Lesson:
    """What became of the pages."""

    profiles: list[Profile] = field(default_factory=list)
    """Of the sites that had enough pages, in order of name."""
    too_few: dict[str, int] = field(default_factory=dict)
    """Sites with too few, and how many."""
    homeless: int = 0
    """Pages that belong to no site."""


def learn(cleaner: Cleaner, pages: Iterable[Given], *, site: str | None = None, min_pages: int = MIN_PAGES) -> Lesson:
    """Pages in any order in; what repeats on each of their sites out.

    ``site``: whose pages they all are, where they have no addresses; ``min_pages``: fewer than that, and nothing is said of a site.
    """
    counts, lesson = Counts(), Lesson()
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        shelf = _Shelf(Path(folder))
        for given in pages:
            prints = fingerprints(_read(cleaner, given), site)
            if not prints.site:
                lesson.homeless += 1
                continue
            counts.add(prints)
            shelf.put(prints.site, given)
        for name in sorted(counts.sites):
            known = estimate(counts.sites[name][EVERY_PAGE].pages)
            found = profile(name, [_read(cleaner, given) for given in shelf.get(name)], counts) if known >= min_pages else None
            if found is None:
                lesson.too_few[name] = known
            else:
                lesson.profiles.append(found)
    return lesson


def _read(cleaner: Cleaner, given: Given) -> Page:
    data, url, kind, content_type = given
    return cleaner.read(data, url, content_type=content_type, input=kind)


class _Shelf:
    """The first pages of each site, on disk: their number is not known beforehand, nor that of the sites."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, int] = {}
        self._places: dict[str, int] = {}

    def put(self, site: str, given: Given) -> None:
        number = self._held.get(site, 0)
        if number < MOST_PAGES:
            self._held[site] = number + 1
            with self._path(site).open("ab") as stream:
                data = msgspec.msgpack.encode(given)
                stream.write(len(data).to_bytes(8, "little") + data)

    def get(self, site: str) -> Iterator[Given]:
        with self._path(site).open("rb") as stream:
            while size := int.from_bytes(stream.read(8), "little"):
                data, url, kind, content_type = msgspec.msgpack.decode(stream.read(size))
                yield data, url, kind, content_type

    def _path(self, site: str) -> Path:
        # A site's name may be no file name; its place among the sites is one.
        return self._folder / str(self._places.setdefault(site, len(self._places)))
