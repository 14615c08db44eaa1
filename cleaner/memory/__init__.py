"""What repeats on a site's pages: fingerprints of blocks are counted, and blocks seen often enough are boilerplate.

page -> ``prints`` -> counts (``Counts`` in memory, ``SiteMemory`` in SQLite) -> ``repeated`` -> marks
"""

from .counts import Counts
from .prints import Prints, fingerprints
from .repetition import Repetition
from .store import SiteMemory

__all__ = ["Counts", "Prints", "Repetition", "SiteMemory", "fingerprints"]
