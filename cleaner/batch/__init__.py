"""Many pages: records in, the same records with their articles out; in parallel, resumable, nothing lost.

    from cleaner.batch import Columns, record
    record(cleaner.Cleaner(), {"id": 7, "url": "https://...", "html": "<p>..."})     # -> {"id": 7, "url": ..., "text": ..., ...}

``record`` is what ``cleaner batch`` does with each page, so other pipelines that call it get the same bytes. ``run.py`` is the
whole command as code.
"""

from __future__ import annotations

from .columns import Columns
from .records import record

__all__ = ["Columns", "record"]
